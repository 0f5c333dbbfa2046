"""Watching others come and go."""

from __future__ import annotations

from evchat.protocol.basics import Done
from evchat.protocol.channels import Part
from evchat.protocol.login import ChangeNick, Logout
from evchat.protocol.monitor import ListMonitored, Monitor, MonitorOffline, MonitorOnline, MonitorTold
from tests.core.playbook import Playbook, check_invariants, kinds


def apart(play: Playbook, *people: str) -> None:
    """People who share no channel come; nobody has heard anything then."""
    play.enter(*people)
    for who in people:
        play.ask(who, Part())
    play.forget()


def test_who_begins_to_watch_is_told_who_is_there() -> None:
    play = Playbook()
    apart(play, "alice", "Bob")
    told = play.tell("alice", Monitor(("BOB", "Carol", "no name"), id="1"), MonitorTold)
    assert told.reply_to == "1"
    assert [person.name for person in told.online] == ["Bob"]
    assert told.offline == ("Carol", "no name")
    listed = play.tell("alice", ListMonitored(), MonitorTold)
    assert ([person.name for person in listed.online], listed.offline) == (["Bob"], ("Carol",))


def test_another_name_is_a_going_and_a_coming_but_another_case_is_neither() -> None:
    play = Playbook()
    apart(play, "alice", "bob")
    play.ask("alice", Monitor(("bob", "rob")))
    play.forget()
    play.ask("bob", ChangeNick("Bob"))
    assert play.hears("alice") == []
    play.ask("bob", ChangeNick("Rob"))
    assert play.hears("alice") == [MonitorOffline(play.now, "Bob"), MonitorOnline(play.now, "Rob")]


def test_one_can_watch_no_longer() -> None:
    play = Playbook()
    apart(play, "alice", "bob", "carol")
    play.ask("alice", Monitor(("bob", "carol", "dora")))
    assert kinds(play.ask("alice", Monitor(("BOB", "nobody"), on=False))) == [Done]
    play.leave("bob")
    assert play.hears("alice")[2:] == []
    assert kinds(play.ask("alice", ListMonitored(clear=True))) == [Done]
    play.forget()
    play.leave("carol")
    assert play.hears("alice") == []
    told = play.tell("alice", ListMonitored(), MonitorTold)
    assert (told.online, told.offline) == ((), ())


def test_who_is_gone_watches_nobody() -> None:
    play = Playbook()
    apart(play, "alice", "bob", "carol")
    for who in ("alice", "bob"):
        play.ask(who, Monitor(("carol", who)))
    play.ask("alice", Logout())
    play.leave("bob")
    play.forget()
    play.leave("carol")
    assert play.hears("alice") == []
    assert len(play.chat.state.watchlist) == 0
    check_invariants(play.chat)


def test_one_can_watch_so_many() -> None:
    play = Playbook(max_watched=2)
    apart(play, "alice")
    play.ask("alice", Monitor(("a", "b")))
    assert play.refusal("alice", Monitor(("c",))) == "too-many-watched"
    assert kinds(play.ask("alice", Monitor(("A", "b")))) == [MonitorTold]
    play.configure(max_watched=3)
    assert play.tell("alice", Monitor(("c",)), MonitorTold).offline == ("c",)
