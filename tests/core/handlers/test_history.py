"""History, search and the lists of conversations."""

from __future__ import annotations

from typing import Any

import pytest

from evchat.protocol.channels import Join
from evchat.protocol.history import (
    ConversationsListed,
    DirectInfo,
    DirectsListed,
    GetHistory,
    HistoryListed,
    ListConversations,
    ListDirects,
    Search,
    SearchResults,
)
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.read_markers import SetReadMarker
from tests.core.playbook import START, Playbook, said
from tests.core.talk import listed, talk

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


def test_broadcasts_have_a_history_of_their_own() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", Announce("Cake!"))
    found = play.tell("bob", GetHistory("*"), HistoryListed)
    assert (found.to, said(found.messages), found.seq) == ("*", ["Cake!"], 1)


# ---- inbox ----------------------------------------------------------------------------------------------------


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
