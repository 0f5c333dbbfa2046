"""What happened beside messages, read again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evchat.core.rules.event_log import FIRST, LAST, EventLog, limited, position
from evchat.protocol.authentication import Authenticate, Register
from evchat.protocol.base import Event
from evchat.protocol.basics import Done
from evchat.protocol.channels import Join, Left, Part, Topic
from evchat.protocol.client_tags import SendTagMessage, TagMessage
from evchat.protocol.history import ConversationsListed, GetHistory, HistoryListed, ListConversations
from evchat.protocol.login import ChangeNick, Introduce, LoggedIn
from evchat.protocol.membership import Kick
from evchat.protocol.messages import Message, SendMessage
from evchat.protocol.modes import ChannelMode
from evchat.protocol.people import Block
from evchat.settings.model import DEFAULTS
from tests.core.in_parts import enter_in_parts
from tests.core.playbook import BEGIN, Playbook

FEW = replace(DEFAULTS, max_events=2, max_event_conversations=2)


def left(number: int, at: int = 0) -> Left:
    return Left(at, str(number), "#c")


def words(events: tuple[Event, ...]) -> str:
    return " ".join(str(getattr(event, "text", "") or getattr(event, "name", "")) for event in events)


def test_events_lie_behind_the_last_message_in_their_order() -> None:
    kept = EventLog()
    placed = [kept.keep("#c", head, left(head), DEFAULTS, 0) for head in (0, 0, 3, 4, 4)]
    assert [position(event) for event in placed] == [(0, 1), (0, 2), (3, 1), (4, 1), (4, 2)]
    assert kept.between("#c", (0, 1), (4, 2), 0, 99) == tuple(placed[1:4])
    assert kept.between("#c", FIRST, LAST, 1, 99) == () == kept.between("#d", FIRST, LAST, 0, 99)


def test_where_the_last_message_is_not_known_nothing_is_kept() -> None:
    play = Playbook()
    play.enter("alice")
    context = play.chat.context
    context.state.heads.clear()
    event = left(1)
    assert context.remember(context.state.channels["#main"], event) is event


def test_only_the_last_events_of_the_last_conversations_are_kept() -> None:
    kept = EventLog()
    for number in range(3):
        kept.keep("#a", 1, left(number), FEW, 0)
    kept.keep("#b", 1, left(1), FEW, 0)
    assert words(kept.between("#a", FIRST, LAST, 0, 99)) == "1 2"
    kept.keep("#a", 1, left(4), FEW, 0)
    kept.keep("#c", 1, left(5), FEW, 0)
    assert words(kept.between("#a", FIRST, LAST, 0, 99)) == "2 4"
    assert kept.between("#b", FIRST, LAST, 0, 99) == ()


def test_what_has_not_happened_after_all_is_dropped() -> None:
    kept = EventLog()
    event = kept.keep("#c", 1, left(1), DEFAULTS, 0)
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
    events = [
        kept.keep("#c", head, Left(0, name, "#c"), DEFAULTS, 0)
        for head, name in ((0, "a"), (1, "b"), (2, "c"))
    ]
    messages = [Message(0, "#c", seq, "x", "#c", f"m{seq}") for seq in (1, 2)]
    found = limited(messages, events, limit, cut=cut, forward=forward, middle=middle)
    assert words(found) == expected


def everything(play: Playbook, who: str, request: GetHistory) -> list[str]:
    return [type(event).__name__ for event in play.tell(who, request, HistoryListed).everything]


def test_comings_goings_and_topics_are_told_beside_the_messages() -> None:
    play = Playbook()
    for who in ("alice", "bob"):
        enter_in_parts(play, who)
        play.ask(who, Join(("#c",)))
    play.ask("alice", SendMessage("x", "#c"))
    play.ask("alice", Topic("t", "#c"))
    play.ask("alice", ChannelMode("+m", "#c"))
    play.ask("bob", Part(("#c",)))
    play.ask("bob", Join(("#c",)))
    play.ask("alice", Kick("bob", "", "#c"))
    play.ask("bob", Join(("#c",)))
    play.leave("bob")
    assert everything(play, "alice", GetHistory("#c")) == [
        "Joined", "Joined", "Message", "TopicChanged", "Left", "Joined", "Kicked", "Joined", "Disconnected",
    ]  # fmt: skip
    assert everything(play, "alice", GetHistory("#c", before=2, before_part=2)) == [
        "Joined", "Joined", "Message", "TopicChanged",
    ]  # fmt: skip
    assert everything(play, "alice", GetHistory("#c", after=1, after_part=4)) == ["Joined", "Disconnected"]
    assert everything(play, "alice", GetHistory("#c", limit=3, around=1, around_part=1)) == [
        "Message", "TopicChanged", "Left",
    ]  # fmt: skip
    assert len(play.tell("alice", GetHistory("#c"), HistoryListed).messages) == 1


def test_a_topic_that_could_not_be_kept_was_never_set() -> None:
    play = Playbook()
    enter_in_parts(play, "alice")
    play.ask("alice", Join(("#main",)))
    play.decide("alice", Topic("t", "#main"))
    play.commit(fails=True)
    assert everything(play, "alice", GetHistory("#main")) == ["Joined"]


def test_a_signal_stays_only_if_it_is_to_and_not_with_who_has_blocked_its_sender() -> None:
    play = Playbook()
    for who in ("alice", "bob"):
        enter_in_parts(play, who)
    tags = (("+x", "y"),)
    play.ask("alice", SendTagMessage("bob", tags))
    play.ask("alice", SendTagMessage("bob", tags, stay=True))
    assert everything(play, "bob", GetHistory("alice")) == ["TagMessage"]
    play.ask("bob", Block("alice"))
    play.ask("alice", SendTagMessage("bob", tags, stay=True))
    assert everything(play, "bob", GetHistory("alice")) == ["TagMessage"]


def test_of_a_direct_conversation_one_reads_what_was_said_since_the_name_is_ones_own() -> None:
    play = Playbook()
    play.register("alice")
    enter_in_parts(play, "bob")
    play.ask("alice", SendMessage("1", "bob"))
    play.leave("bob")
    play.now += 10
    enter_in_parts(play, "bob")
    play.ask("alice", SendMessage("2", "bob"))
    request = GetHistory("alice", mine=True)

    def read(who: str, to: str) -> list[str]:
        return [said.text for said in play.tell(who, GetHistory(to, mine=True), HistoryListed).messages]

    assert read("bob", "alice") == ["2"]
    assert play.tell("bob", GetHistory("alice"), HistoryListed).messages[0].text == "1"
    play.now += 10
    play.tell("bob", Register("secret"), Done)
    assert read("bob", "alice") == ["2"]
    play.leave("bob")
    play.connect("bob")
    play.ask("bob", BEGIN)
    play.ask("bob", Introduce("bob", "bob"))
    play.ask("bob", Authenticate("bob", "secret"))
    play.tell("bob", ChangeNick("bob"), LoggedIn)
    assert play.tell("bob", request, HistoryListed).messages == ()
    assert read("alice", "bob") == ["1", "2"]
    listed = play.tell("bob", ListConversations(0, 2**50, 9, mine=True), ConversationsListed)
    assert listed.conversations == ()


def test_all_conversations_together_are_bounded() -> None:
    kept = EventLog()
    for number in range(4):
        kept.keep("#a", 1, left(number), replace(DEFAULTS, max_events_total=5), 0)
    kept.drop(kept.keep("#a", 1, left(4), replace(DEFAULTS, max_events_total=5), 0))
    kept.keep("#b", 1, left(5), replace(DEFAULTS, max_events_total=5), 0)
    assert words(kept.between("#a", FIRST, LAST, 0, 99)) == "0 1 2 3"
    kept.keep("#b", 1, left(6), replace(DEFAULTS, max_events_total=5), 0)
    assert kept.between("#a", FIRST, LAST, 0, 99) == ()
    assert words(kept.between("#b", FIRST, LAST, 0, 99)) == "5 6"


def test_a_signal_that_is_no_small_one_is_passed_on_and_forgotten() -> None:
    kept = EventLog()
    signal = TagMessage(0, "alice", "#c", (("+x", "y" * 4000),), "", "", False, 1)
    assert kept.keep("#c", 1, signal, DEFAULTS, 0).place is None
