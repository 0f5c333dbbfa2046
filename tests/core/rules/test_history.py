"""Which conversations a user may read, and where in them a number or a time is."""

from __future__ import annotations

from evchat.protocol.basics import Done
from evchat.protocol.channels import Entered, Join
from evchat.protocol.history import (
    GetHistory,
    HistoryListed,
    Search,
    SearchResults,
)
from evchat.protocol.messages import SendMessage
from evchat.protocol.people import PeopleListed, WhoLast
from evchat.protocol.read_markers import SetReadMarker
from tests.core.playbook import Playbook
from tests.core.talk import listed, talk


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
