"""Who is told what becomes of a user."""

from __future__ import annotations

from evchat.protocol.channels import Join, Part
from evchat.protocol.login import Login
from evchat.protocol.monitor import Monitor, MonitorOffline, MonitorOnline
from evchat.protocol.people import PresenceChanged, SetAway
from evchat.protocol.user_settings import RealnameChanged, SetRealname
from tests.core.playbook import Playbook, kinds


def apart(play: Playbook, *people: str) -> None:
    """People who share no channel come; nobody has heard anything then."""
    play.enter(*people)
    for who in people:
        play.ask(who, Part())
    play.forget()


def test_coming_and_going_is_told_by_the_first_and_last_session() -> None:
    play = Playbook()
    play.register("bob")
    play.leave("bob")
    apart(play, "alice")
    play.ask("alice", Monitor(("bob",)))
    play.forget()
    play.connect("bob")
    play.ask("bob", Login("bob", "secret"))
    (appeared,) = play.hears("alice")
    assert appeared == MonitorOnline(play.now, "bob")
    play.again("phone", "bob")
    play.leave("bob")
    assert play.hears("alice") == []
    play.leave("phone")
    assert play.hears("alice") == [MonitorOffline(play.now, "bob")]


def test_what_becomes_of_those_one_watches_is_told() -> None:
    play = Playbook()
    apart(play, "alice", "bob")
    play.ask("alice", Monitor(("bob",)))
    play.forget()
    play.ask("bob", SetAway("Lunch"))
    play.ask("bob", SetRealname("Bob B."))
    heard = play.hears("alice")
    assert kinds(heard) == [PresenceChanged, RealnameChanged]
    assert [event.afar for event in heard if isinstance(event, PresenceChanged | RealnameChanged)] == [
        True,
        True,
    ]
    play.ask("bob", Join(("#tea",)))
    assert play.hears("alice") == []
    play.ask("alice", Join(("#tea",)))
    play.forget()
    play.ask("bob", SetAway())
    (near,) = play.hears("alice")
    assert isinstance(near, PresenceChanged) and not near.afar
