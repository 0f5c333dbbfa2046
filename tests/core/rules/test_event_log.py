"""What happened beside messages, read again."""

from __future__ import annotations

import pytest

from evchat.core.rules.event_log import FIRST, LAST, EventLog, limited, position
from evchat.protocol import events as e
from evchat.protocol import requests as r
from tests.core.playbook import Playbook


def left(number: int, at: int = 0) -> e.Left:
    return e.Left(at, str(number), "#c")


def words(events: tuple[e.Event, ...]) -> str:
    return " ".join(str(getattr(event, "text", "") or getattr(event, "name", "")) for event in events)


def test_events_lie_behind_the_last_message_in_their_order() -> None:
    kept = EventLog()
    placed = [kept.keep("#c", head, left(head)) for head in (0, 0, 3, 4, 4)]
    assert [position(event) for event in placed] == [(0, 1), (0, 2), (3, 1), (4, 1), (4, 2)]
    assert kept.between("#c", (0, 1), (4, 2), 0, 99) == tuple(placed[1:4])
    assert kept.between("#c", FIRST, LAST, 1, 99) == () == kept.between("#d", FIRST, LAST, 0, 99)


def test_where_the_last_message_is_not_known_nothing_is_kept() -> None:
    kept = EventLog()
    assert kept.keep("#c", None, left(1)).place is None
    assert kept.between("#c", FIRST, LAST, 0, 99) == ()


def test_only_the_last_events_of_the_last_conversations_are_kept() -> None:
    kept = EventLog(most=2, conversations=2)
    for number in range(3):
        kept.keep("#a", 1, left(number))
    kept.keep("#b", 1, left(1))
    assert words(kept.between("#a", FIRST, LAST, 0, 99)) == "1 2"
    kept.keep("#a", 1, left(4))
    kept.keep("#c", 1, left(5))
    assert words(kept.between("#a", FIRST, LAST, 0, 99)) == "2 4"
    assert kept.between("#b", FIRST, LAST, 0, 99) == ()


def test_what_has_not_happened_after_all_is_dropped() -> None:
    kept = EventLog()
    event = kept.keep("#c", 1, left(1))
    kept.drop(event)
    kept.drop(event)
    kept.drop(left(2))
    assert kept.between("#c", FIRST, LAST, 0, 99) == ()


@pytest.mark.parametrize(
    ("limit", "cut", "forward", "middle", "expected"),
    [
        (9, False, False, None, "a m1 b m2 c"),
        (2, False, False, None, "m2 c"),
        (2, False, True, None, "a m1"),
        (0, False, False, None, ""),
        (9, True, False, None, "m1 b m2 c"),
        (9, True, True, None, "a m1 b m2 c"),
        (1, False, False, (2, 0), "m2"),
        (3, False, False, (2, 0), "b m2 c"),
        (3, False, False, (0, 1), "a m1"),
        (3, False, False, (9, 0), "c"),
    ],
)
def test_messages_and_events_share_a_limit(
    limit: int, cut: bool, forward: bool, middle: tuple[int, int] | None, expected: str
) -> None:
    kept = EventLog()
    events = [kept.keep("#c", head, e.Left(0, name, "#c")) for head, name in ((0, "a"), (1, "b"), (2, "c"))]
    messages = [e.Said(0, "#c", seq, "x", "#c", f"m{seq}") for seq in (1, 2)]
    found = limited(messages, events, limit, cut=cut, forward=forward, middle=middle)
    assert words(found) == expected


def enter_in_parts(play: Playbook, who: str) -> None:
    play.connect(who)
    play.ask(who, r.Introduce(who, who))
    play.tell(who, r.Nick(who), e.LoggedIn)


def everything(play: Playbook, who: str, request: r.History) -> list[str]:
    return [type(event).__name__ for event in play.tell(who, request, e.HistoryListed).everything]


def test_comings_goings_and_topics_are_told_beside_the_messages() -> None:
    play = Playbook()
    for who in ("alice", "bob"):
        enter_in_parts(play, who)
        play.ask(who, r.Join(("#c",)))
    play.ask("alice", r.Say("x", "#c"))
    play.ask("alice", r.Topic("t", "#c"))
    play.ask("alice", r.Mode("+m", "#c"))
    play.ask("bob", r.Part(("#c",)))
    play.ask("bob", r.Join(("#c",)))
    play.ask("alice", r.Kick("bob", "", "#c"))
    play.ask("bob", r.Join(("#c",)))
    play.leave("bob")
    assert everything(play, "alice", r.History("#c")) == [
        "Joined", "Joined", "Said", "TopicChanged", "Left", "Joined", "Kicked", "Joined", "Disconnected",
    ]  # fmt: skip
    assert everything(play, "alice", r.History("#c", before=2, before_part=2)) == [
        "Joined", "Joined", "Said", "TopicChanged",
    ]  # fmt: skip
    assert everything(play, "alice", r.History("#c", after=1, after_part=4)) == ["Joined", "Disconnected"]
    assert everything(play, "alice", r.History("#c", limit=3, around=1, around_part=1)) == [
        "Said", "TopicChanged", "Left",
    ]  # fmt: skip
    assert len(play.tell("alice", r.History("#c"), e.HistoryListed).messages) == 1


def test_a_topic_that_could_not_be_kept_was_never_set() -> None:
    play = Playbook()
    enter_in_parts(play, "alice")
    play.ask("alice", r.Join(("#c",)))
    play.decide("alice", r.Topic("t", "#c"))
    play.commit(fails=True)
    assert everything(play, "alice", r.History("#c")) == ["Joined"]


def test_a_signal_stays_only_if_it_is_to_and_not_with_who_has_blocked_its_sender() -> None:
    play = Playbook()
    for who in ("alice", "bob"):
        enter_in_parts(play, who)
    tags = (("+x", "y"),)
    play.ask("alice", r.Signal("bob", tags))
    play.ask("alice", r.Signal("bob", tags, stay=True))
    assert everything(play, "bob", r.History("alice")) == ["Signalled"]
    play.ask("bob", r.Block("alice"))
    play.ask("alice", r.Signal("bob", tags, stay=True))
    assert everything(play, "bob", r.History("alice")) == ["Signalled"]


def test_of_a_direct_conversation_one_reads_what_was_said_since_the_name_is_ones_own() -> None:
    play = Playbook()
    play.register("alice")
    enter_in_parts(play, "bob")
    play.ask("alice", r.Say("1", "bob"))
    play.leave("bob")
    play.now += 10
    enter_in_parts(play, "bob")
    play.ask("alice", r.Say("2", "bob"))
    request = r.History("alice", mine=True)

    def read(who: str, to: str) -> list[str]:
        return [said.text for said in play.tell(who, r.History(to, mine=True), e.HistoryListed).messages]

    assert read("bob", "alice") == ["2"]
    assert play.tell("bob", r.History("alice"), e.HistoryListed).messages[0].text == "1"
    play.now += 10
    play.tell("bob", r.Register("secret"), e.Done)
    assert read("bob", "alice") == ["2"]
    play.leave("bob")
    play.connect("bob")
    play.ask("bob", r.Introduce("bob", "bob"))
    play.ask("bob", r.Authenticate("bob", "secret"))
    play.tell("bob", r.Nick("bob"), e.LoggedIn)
    assert play.tell("bob", request, e.HistoryListed).messages == ()
    assert read("alice", "bob") == ["1", "2"]
    listed = play.tell("bob", r.Conversations(0, 2**50, 9, mine=True), e.ConversationsListed)
    assert listed.conversations == ()


def test_before_the_login_is_complete_the_name_can_be_registered_once() -> None:
    play = Playbook()
    play.enter("bob")
    play.connect("alice")
    play.ask("alice", r.Introduce(hold=True))
    assert play.refusal("alice", r.Register("secret")) == "bad-name"
    play.ask("alice", r.Nick("bob"))
    assert play.refusal("alice", r.Register("secret")) == "already-registered"
    play.ask("alice", r.Nick("alice"))
    assert play.refusal("alice", r.Register("secret", "carol")) == "not-allowed"
    assert play.tell("alice", r.Register("secret"), e.Done).who.account == "alice"
    assert play.refusal("alice", r.Register("secret")) == "already-logged-in"
    play.ask("alice", r.Introduce("alice", "Alice"))
    assert play.tell("alice", r.Introduce(hold=False), e.LoggedIn).who.account == "alice"


def test_a_registration_that_could_not_be_kept_proves_nothing() -> None:
    play = Playbook(deferred=True)
    play.connect("alice")
    play.ask("alice", r.Introduce(hold=True))
    play.ask("alice", r.Nick("alice"))
    play.ask("alice", r.Register("secret"))
    play.decide_hashes()
    play.commit(fails=True)
    play.ask("alice", r.Introduce("alice", "Alice"))
    assert play.tell("alice", r.Introduce(hold=False), e.LoggedIn).who.account == ""


def test_another_connection_of_the_same_account_joins_the_user_of_another_name() -> None:
    play = Playbook()
    play.register("alice")
    play.leave("alice")
    for session in ("one", "two"):
        play.connect(session)
        play.ask(session, r.Introduce("a", "A"))
        play.ask(session, r.Authenticate("alice", "secret"))
        play.tell(session, r.Nick("nick"), e.LoggedIn)
    assert len(play.chat.users["nick"].sessions) == 2
    play.connect("stranger")
    play.ask("stranger", r.Introduce("a", "A"))
    assert play.refusal("stranger", r.Nick("nick")) == "name-taken"


def test_a_message_is_taken_back_only_if_it_is_the_one_of_that_time() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", r.Say("x"))
    assert play.refusal("alice", r.Redact("#main", 1, sent_at=play.now + 1)) == "no-such-message"
    play.tell("alice", r.Redact("#main", 1, sent_at=play.now), e.Done)


def test_all_conversations_together_are_bounded() -> None:
    kept = EventLog(in_all=5)
    for number in range(4):
        kept.keep("#a", 1, left(number))
    kept.drop(kept.keep("#a", 1, left(4)))
    kept.keep("#b", 1, left(5))
    assert words(kept.between("#a", FIRST, LAST, 0, 99)) == "0 1 2 3"
    kept.keep("#b", 1, left(6))
    assert kept.between("#a", FIRST, LAST, 0, 99) == ()
    assert words(kept.between("#b", FIRST, LAST, 0, 99)) == "5 6"


def test_a_signal_that_is_no_small_one_is_passed_on_and_forgotten() -> None:
    kept = EventLog()
    signal = e.Signalled(0, "alice", "#c", (("+x", "y" * 4000),), "", "", False, 1)
    assert kept.keep("#c", 1, signal).place is None


def test_parting_words_are_cut() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", r.Part(reason="é" * 60_000))
    (left_,) = play.hears("bob")
    assert isinstance(left_, e.Left) and left_.reason == "é" * 195
    play.ask("alice", r.Join(("#main",)))
    play.forget()
    play.ask("alice", r.Quit("x" * 60_000))
    (gone,) = play.hears("bob")
    assert isinstance(gone, e.Disconnected) and gone.reason == "x" * 390
