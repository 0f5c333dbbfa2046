"""History, the inbox, read marks, search."""

from __future__ import annotations

from typing import Any

import pytest

from evchat.core import records as rec
from evchat.protocol.basics import Done, Failed
from evchat.protocol.channels import Entered, Join, Part
from evchat.protocol.history import (
    ConversationsListed,
    DirectInfo,
    DirectsListed,
    GetHistory,
    GetInbox,
    HistoryListed,
    InboxListed,
    ListConversations,
    ListDirects,
    Search,
    SearchResults,
)
from evchat.protocol.login import LoggedIn, Login
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.people import PeopleListed, WhoLast
from evchat.protocol.read_markers import GetReadMarker, ReadMarkerMoved, ReadMarkerTold, SetReadMarker
from tests.core.playbook import START, Playbook, kinds, said, snapshot


def talk(play: Playbook, who: str, count: int, to: str | None = None) -> None:
    """Says 1, 2, 3 …; nobody has heard anything then."""
    for number in range(1, count + 1):
        play.ask(who, SendMessage(str(number), to))
    play.forget()


def listed(play: Playbook, who: str, request: GetHistory) -> tuple[str, bool]:
    """The texts of a history in one string, and whether there is more."""
    found = play.tell(who, request, HistoryListed)
    return " ".join(said(found.messages)), found.more


# ---- history --------------------------------------------------------------------------------------------------


def test_history_is_the_newest_messages_oldest_first() -> None:
    play = Playbook(history_default=3)
    play.enter("alice")
    talk(play, "alice", 5)
    found = play.tell("alice", GetHistory(id="1"), HistoryListed)
    assert (found.to, found.seq, found.recent, found.reply_to) == ("#main", 5, False, "1")
    assert listed(play, "alice", GetHistory()) == ("3 4 5", True)
    assert listed(play, "alice", GetHistory(limit=9)) == ("1 2 3 4 5", False)


def test_history_goes_back_and_forth_by_number() -> None:
    play = Playbook()
    play.enter("alice")
    talk(play, "alice", 9)
    for request, texts, more in (
        (GetHistory(before=5, limit=2), "3 4", True),
        (GetHistory(before=3, limit=2), "1 2", False),
        (GetHistory(before=1), "", False),
        (GetHistory(before=0), "", False),
        (GetHistory(before=99, limit=1), "9", True),
        (GetHistory(after=4, limit=2), "5 6", True),
        (GetHistory(after=7, limit=2), "8 9", False),
        (GetHistory(after=9), "", False),
        (GetHistory(after=99), "", False),
        (GetHistory(after=0, limit=2), "1 2", True),
        (GetHistory(after=2, before=6), "3 4 5", False),
        (GetHistory(after=2, before=8, limit=2), "6 7", True),
        (GetHistory(limit=0), "", False),
    ):
        assert listed(play, "alice", request) == (texts, more), request


def test_numbers_out_of_any_range_are_borne() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    talk(play, "alice", 3)
    play.ask("bob", SendMessage("x", to="alice"))
    play.forget()
    for number in (-1, -(10**30), 10**30):
        play.tell("alice", GetHistory(limit=number), HistoryListed)
        play.tell("alice", GetHistory(before=number), HistoryListed)
        play.tell("alice", GetHistory(after=number), HistoryListed)
        play.tell("alice", GetHistory(after=number, before=number), HistoryListed)
        play.tell("alice", Search("x", limit=number), SearchResults)
        play.tell("alice", SetReadMarker("#main", number), Done)
        play.tell("alice", WhoLast(number), PeopleListed)
        play.tell("alice", Join(("#main",), after=number), Entered)
        for query in play.disk.asked:
            numbers = [
                x for x in (getattr(query, name, 0) for name in ("limit", "before", "after")) if x is not None
            ]
            assert all(0 <= x <= 10**6 for x in numbers), (
                "nothing that a database can't hold, or takes for 'all'"
            )


def test_one_history_has_so_many_messages_and_no_more() -> None:
    play = Playbook(history_max=2)
    play.enter("alice")
    talk(play, "alice", 3)
    assert listed(play, "alice", GetHistory(limit=1000)) == ("2 3", True)


@pytest.mark.parametrize("request_", [GetHistory(), GetHistory(after=1)])
def test_history_tells_nothing_that_was_said_after_it_was_asked_for(request_: GetHistory) -> None:
    play = Playbook()
    play.enter("alice", "bob")
    talk(play, "alice", 2)
    play.decide("alice", request_)
    play.decide("bob", SendMessage("later"))
    play.commit()
    found, live = play.hears("alice")
    assert isinstance(found, HistoryListed)
    assert (said(found.messages)[-1], found.seq, found.more) == ("2", 2, False)
    assert said([live]) == ["later"]


def test_one_reads_only_what_one_may() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("bob", Join(("#bobs",)))
    play.ask("bob", SendMessage("psst", to="carol"))
    assert play.refusal("alice", GetHistory("#bobs", id="1")) == "not-in-channel"
    assert play.refusal("alice", GetHistory("nobody")) == "no-such-user"
    assert listed(play, "alice", GetHistory("bob")) == ("", False)
    assert listed(play, "carol", GetHistory("BOB")) == ("psst", False)
    assert listed(play, "bob", GetHistory("carol")) == ("psst", False)


def test_broadcasts_have_a_history_of_their_own() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", Announce("Cake!"))
    found = play.tell("bob", GetHistory("*"), HistoryListed)
    assert (found.to, said(found.messages), found.seq) == ("*", ["Cake!"], 1)


# ---- inbox ----------------------------------------------------------------------------------------------------


def test_the_inbox_shows_what_came_while_one_was_away_once() -> None:
    play = Playbook()
    play.register("bob")
    play.leave("bob")
    play.enter("alice", "carol")
    play.ask("alice", SendMessage("1", to="bob"))
    play.ask("carol", SendMessage("2", to="bob"))
    play.connect("bob")
    assert play.tell("bob", Login("bob", "secret"), LoggedIn).unread == 2
    play.ask("alice", SendMessage("live", to="bob"))
    play.forget()
    inbox = play.tell("bob", GetInbox(id="1"), InboxListed)
    assert (said(inbox.messages), inbox.more, inbox.reply_to) == (["1", "2"], False, "1")
    assert play.tell("bob", GetInbox(), InboxListed).messages == ()
    assert listed(play, "bob", GetHistory("alice")) == ("1 live", False)


def test_a_full_inbox_comes_in_pieces() -> None:
    play = Playbook(history_default=2)
    play.enter("bob")
    play.leave("bob")
    play.enter("alice")
    talk(play, "alice", 5, "bob")
    play.enter("bob")
    pieces = [play.tell("bob", GetInbox(), InboxListed) for _ in range(3)]
    assert [(said(x.messages), x.more) for x in pieces] == [
        (["1", "2"], True),
        (["3", "4"], True),
        (["5"], False),
    ]


def test_an_inbox_that_is_kept_can_be_shown_again_and_is_cleared_by_reading() -> None:
    play = Playbook(history_default=2)
    play.enter("bob")
    play.leave("bob")
    play.enter("alice")
    talk(play, "alice", 3, "bob")
    play.enter("bob")
    shown = play.tell("bob", GetInbox(keep=True, id="1"), InboxListed)
    assert (said(shown.messages), shown.more, shown.kept, shown.reply_to) == (["1", "2"], True, True, "1")
    assert play.tell("bob", GetInbox(keep=True), InboxListed).messages == shown.messages
    rest = play.tell("bob", GetInbox(keep=True, to="ALICE", after=2), InboxListed)
    assert (said(rest.messages), rest.more) == (["3"], False)
    assert play.disk.fetch(rec.ReadMarkOf("bob", "alice bob")) == []
    play.ask("bob", SetReadMarker("alice", 2))
    assert said(play.tell("bob", GetInbox(keep=True), InboxListed).messages) == ["3"]
    play.ask("bob", SetReadMarker("alice", 3))
    assert play.tell("bob", GetInbox(keep=True), InboxListed).messages == ()


def test_a_kept_inbox_tells_nothing_that_is_not_committed() -> None:
    play = Playbook()
    play.enter("bob")
    play.leave("bob")
    play.enter("alice")
    play.connect("bob")
    play.decide("alice", SendMessage("lost", to="bob"))
    play.decide("bob", Login("bob"))
    play.decide("bob", GetInbox(keep=True))
    play.decide("bob", ListDirects())
    play.commit(fails=True)
    listed = [event for event in play.hears("bob") if isinstance(event, InboxListed | DirectsListed)]
    assert listed == [
        InboxListed(play.now, None, (), more=True, kept=True),
        DirectsListed(play.now, None, ()),
    ]


def test_reading_clears_an_inbox_of_any_length() -> None:
    play = Playbook(history_max=2, history_default=2)
    play.enter("bob")
    play.leave("bob")
    play.enter("alice", "carol")
    talk(play, "alice", 3, "bob")
    talk(play, "carol", 3, "bob")
    play.enter("bob")
    play.ask("bob", SetReadMarker("carol", 3))
    play.ask("bob", SetReadMarker("alice", 3))
    assert play.tell("bob", GetInbox(keep=True), InboxListed).messages == ()


def test_direct_conversations_are_listed_with_what_is_unread() -> None:
    play = Playbook(list_max=2)
    play.enter("Bob")
    play.leave("Bob")
    play.enter("Alice", "Carol", "Dora")
    for sender in ("Dora", "Carol", "Alice"):
        talk(play, sender, 2, "bob")
        play.now += 1000
    play.enter("Bob")
    play.ask("Bob", SendMessage("hi", to="carol"))
    play.ask("Bob", SetReadMarker("carol", 1))
    play.now += 1
    talk(play, "Carol", 1, "bob")
    listed = play.tell("Bob", ListDirects(id="1"), DirectsListed)
    at = play.now
    assert listed == DirectsListed(
        at,
        "1",
        (DirectInfo("Carol", 4, 1, 2, 1, at), DirectInfo("Alice", 2, 0, 2, 2, at - 1000)),
        omitted=True,
    )
    assert [row.unread for row in play.tell("Alice", ListDirects(), DirectsListed).directs] == [0]


def test_the_inbox_moves_the_read_marks_and_tells_ones_other_sessions() -> None:
    play = Playbook()
    play.register("bob")
    play.leave("bob")
    play.enter("alice")
    talk(play, "alice", 3, "bob")
    play.again("bob", "bob")
    play.again("phone", "bob")
    play.ask("bob", GetInbox())
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "alice", 3, START + 2)], "three in one moment"
    assert play.disk.fetch(rec.ReadMarkOf("bob", "alice bob")) == [rec.ReadMark("bob", "alice bob", 3)]


def test_an_inbox_that_could_not_be_marked_is_unread_still() -> None:
    play = Playbook()
    play.enter("bob")
    play.leave("bob")
    play.enter("alice")
    talk(play, "alice", 1, "bob")
    play.enter("bob")
    play.decide("bob", GetInbox())
    play.commit(fails=True)
    assert kinds(play.hears("bob")) == [Failed]
    assert said(play.tell("bob", GetInbox(), InboxListed).messages) == ["1"]


# ---- read marks -----------------------------------------------------------------------------------------------


def test_a_read_mark_is_kept_and_told_to_ones_other_sessions() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob")
    play.now += 10
    talk(play, "bob", 5)
    done = play.tell("alice", SetReadMarker("#MAIN", 3, id="1"), Done)
    assert done == Done(play.now, "1", "", (("to", "#main"), ("seq", 3)))
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "#main", 3, play.now + 2)]
    assert play.hears("bob") == []
    play.leave("phone")
    play.connect("phone")
    assert play.tell("phone", Login("alice", "secret"), Entered).read == 3


def test_a_read_mark_never_goes_back_nor_beyond_the_last_message() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.now += 10
    talk(play, "alice", 5)
    play.ask("alice", SetReadMarker("#main", 4))
    play.forget()
    play.ask("alice", SetReadMarker("#main", 2))
    play.ask("alice", SetReadMarker("#main", 4))
    assert play.hears("phone") == []
    assert dict(play.tell("alice", SetReadMarker("#main", 99), Done).facts)["seq"] == 5
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "#main", 5, play.now + 4)]
    assert play.tell("alice", Join(("#main",)), Entered).read == 5


def test_what_was_read_elsewhere_is_not_in_the_inbox_any_more() -> None:
    play = Playbook()
    play.enter("bob")
    play.leave("bob")
    play.enter("alice")
    talk(play, "alice", 3, "bob")
    play.enter("bob")
    play.ask("bob", SetReadMarker("alice", 2))
    assert said(play.tell("bob", GetInbox(), InboxListed).messages) == ["3"]


def test_a_mark_is_only_set_in_ones_own_conversations() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#bobs",)))
    assert play.refusal("alice", SetReadMarker("#bobs", 1)) == "not-in-channel"
    assert play.refusal("alice", SetReadMarker("nobody", 1)) == "no-such-user"
    before = snapshot(play.chat)
    play.tell("alice", SetReadMarker("*", 1), Done)
    play.tell("alice", SetReadMarker("#main", 1), Done)
    assert not [x for x in play.disk.kept if isinstance(x, rec.ReadMark)], "there is nothing to read"
    after = snapshot(play.chat)
    assert {key: seq for key, seq in after.pop("heads").items() if seq} == {}
    del before["heads"]
    assert after == before


# ---- search ---------------------------------------------------------------------------------------------------


def test_a_search_finds_words_where_one_may_read() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.now += 10
    play.ask("bob", Join(("#bobs",)))
    for who, to in (("alice", "#main"), ("bob", "alice"), ("bob", "carol"), ("bob", "#bobs")):
        play.now += 1
        play.ask(who, SendMessage(f"cake for {to}", to=to))
    play.now += 1
    play.ask("carol", Announce("cake for all"))
    found = play.tell("alice", Search("cake", id="1"), SearchResults)
    assert said(found.messages) == ["cake for #main", "cake for alice", "cake for all"]
    assert (found.words, found.more, found.reply_to) == ("cake", False, "1")
    assert said(play.tell("alice", Search("cake", to="bob"), SearchResults).messages) == ["cake for alice"]
    assert said(play.tell("alice", Search("cake", to="#main"), SearchResults).messages) == ["cake for #main"]
    assert said(play.tell("alice", Search("cake", to="*"), SearchResults).messages) == ["cake for all"]
    assert play.refusal("alice", Search("cake", to="#bobs")) == "not-in-channel"
    assert play.refusal("alice", Search("cake", to="nobody")) == "no-such-user"


def test_a_search_shows_the_newest_and_says_that_there_is_more() -> None:
    play = Playbook(recent_messages=2, history_max=3)
    play.enter("alice")
    for number in range(1, 5):
        play.now += 1
        play.ask("alice", SendMessage(f"tea {number}"))
    for limit, texts in ((None, ["tea 3", "tea 4"]), (1, ["tea 4"]), (99, ["tea 2", "tea 3", "tea 4"])):
        found = play.tell("alice", Search("tea", limit=limit), SearchResults)
        assert (said(found.messages), found.more) == (texts, True)


def test_a_search_for_nothing_finds_nothing() -> None:
    play = Playbook()
    play.enter("alice")
    talk(play, "alice", 2)
    assert play.tell("alice", Search(" "), SearchResults).messages == ()


def test_up_to_a_time_all_is_read_and_the_time_is_kept_as_it_was_said() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    for _ in range(3):
        play.now += 10
        talk(play, "alice", 1)
    play.forget()
    assert play.tell("alice", GetReadMarker("#main"), ReadMarkerTold) == ReadMarkerTold(
        play.now, None, "#main", 0, 0
    )
    marked = play.tell("alice", SetReadMarker("#main", until=START + 25, id="2"), ReadMarkerTold)
    assert marked == ReadMarkerTold(play.now, "2", "#main", 2, START + 25)
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "#main", 2, START + 25)]
    assert play.tell("alice", SetReadMarker("#main", until=START + 24), ReadMarkerTold).read_at == START + 25
    play.ask("alice", SetReadMarker("#main", 1))
    assert play.hears("phone") == []
    told = play.tell("alice", GetReadMarker("#MAIN", id="1"), ReadMarkerTold)
    assert told == ReadMarkerTold(play.now, "1", "#main", 2, START + 25)
    play.ask("alice", SetReadMarker("#main", 3))
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "#main", 3, START + 30)]
    play.ask("alice", SetReadMarker("#main", until=START + 99))
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "#main", 3, START + 30)], "no further than now"
    assert play.refusal("alice", SetReadMarker("#main")) == "bad-request"
    play.ask("alice", Part())
    assert play.tell("alice", GetReadMarker("#main"), ReadMarkerTold).seq == 3
    assert play.tell("alice", GetReadMarker("nobody"), ReadMarkerTold) == ReadMarkerTold(
        play.now, None, "nobody", 0, 0
    )
    assert play.refusal("alice", GetReadMarker("no name")) == "no-such-user"
    assert play.refusal("alice", GetReadMarker("#no\x00name")) == "no-such-channel"


# ---- by time --------------------------------------------------------------------------------------------------


def test_a_history_can_be_asked_for_by_time() -> None:
    play = Playbook()
    play.enter("alice")
    for _ in range(9):
        play.now += 10
        talk(play, "alice", 1)

    def heard(**bounds: Any) -> tuple[list[int], bool]:
        told = play.tell("alice", GetHistory("#main", **bounds), HistoryListed)
        return [said.seq for said in told.messages], told.more

    at = {seq: START + 10 * seq for seq in range(1, 10)}
    assert heard(since=at[8]) == ([8, 9], False)
    assert heard(since=at[7] + 1, limit=1) == ([8], True)
    assert heard(until=at[3]) == ([1, 2], False)
    assert heard(until=at[3] + 1, limit=2) == ([2, 3], True)
    assert heard(since=at[2], until=at[6], limit=3) == ([3, 4, 5], True)
    assert heard(since=at[2], until=at[6], limit=3, oldest=True) == ([2, 3, 4], True)
    assert heard(since=at[2], until=at[6], limit=4, oldest=True) == ([2, 3, 4, 5], False)
    assert heard(after=1, until=at[6], limit=2, oldest=True) == ([2, 3], True)
    assert heard(oldest=True, limit=2) == ([1, 2], True)
    assert heard(since=at[9] + 1) == heard(until=0) == heard(since=2**60) == ([], False)
    assert heard(around=5, limit=3) == heard(around_at=at[5], limit=3) == ([4, 5, 6], True)
    assert heard(around=5, limit=1) == ([5], True)
    assert heard(around=1, limit=4) == ([1, 2], True)
    assert heard(around=9, limit=4) == ([7, 8, 9], True)
    assert heard(around_at=2**60, limit=4) == ([8, 9], True)
    assert heard(around=5, limit=100) == (list(range(1, 10)), False)
    assert heard(around=5, limit=0) == ([], False)


def test_conversations_of_a_time_are_listed_the_oldest_first() -> None:
    play = Playbook()
    play.enter("alice", "bob", "Carol")
    talk(play, "alice", 1)
    play.now += 10
    talk(play, "Carol", 1, "alice")
    play.now += 10
    talk(play, "alice", 1, "bob")
    play.ask("alice", Join(("#quiet",)))

    def told_of(since: int, until: int, limit: int = 9) -> list[tuple[str, int]]:
        told = play.tell("alice", ListConversations(START + since, START + until, limit), ConversationsListed)
        return [(name, at - START) for name, at in told.conversations]

    assert told_of(0, 99) == [("#main", 3), ("Carol", 10), ("bob", 20)]
    assert told_of(0, 99, 2) == [("Carol", 10), ("bob", 20)]
    assert told_of(4, 20) == [("Carol", 10)]
    assert told_of(0, 99, 0) == []
