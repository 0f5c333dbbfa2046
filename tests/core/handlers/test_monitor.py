"""Watching others come and go."""

from __future__ import annotations

from dataclasses import replace

from evchat.protocol import events as e
from evchat.protocol import requests as r
from tests.core.playbook import Playbook, check_invariants, kinds


def apart(play: Playbook, *people: str) -> None:
    """People who share no channel come; nobody has heard anything then."""
    play.enter(*people)
    for who in people:
        play.ask(who, r.Part())
    play.forget()


def test_who_begins_to_watch_is_told_who_is_there() -> None:
    play = Playbook()
    apart(play, "alice", "Bob")
    told = play.tell("alice", r.Watch(("BOB", "Carol", "no name"), id="1"), e.WatchTold)
    assert told.reply_to == "1"
    assert [person.name for person in told.online] == ["Bob"]
    assert told.offline == ("Carol", "no name")
    listed = play.tell("alice", r.Watched(), e.WatchTold)
    assert ([person.name for person in listed.online], listed.offline) == (["Bob"], ("Carol",))


def test_coming_and_going_is_told_by_the_first_and_last_session() -> None:
    play = Playbook()
    play.register("bob")
    play.leave("bob")
    apart(play, "alice")
    play.ask("alice", r.Watch(("bob",)))
    play.forget()
    play.connect("bob")
    play.ask("bob", r.Login("bob", "secret"))
    (appeared,) = play.hears("alice")
    assert appeared == e.Appeared(play.now, "bob")
    play.again("phone", "bob")
    play.leave("bob")
    assert play.hears("alice") == []
    play.leave("phone")
    assert play.hears("alice") == [e.Vanished(play.now, "bob")]


def test_another_name_is_a_going_and_a_coming_but_another_case_is_neither() -> None:
    play = Playbook()
    apart(play, "alice", "bob")
    play.ask("alice", r.Watch(("bob", "rob")))
    play.forget()
    play.ask("bob", r.Nick("Bob"))
    assert play.hears("alice") == []
    play.ask("bob", r.Nick("Rob"))
    assert play.hears("alice") == [e.Vanished(play.now, "Bob"), e.Appeared(play.now, "Rob")]


def test_what_becomes_of_those_one_watches_is_told() -> None:
    play = Playbook()
    apart(play, "alice", "bob")
    play.ask("alice", r.Watch(("bob",)))
    play.forget()
    play.ask("bob", r.Away("Lunch"))
    play.ask("bob", r.Realname("Bob B."))
    heard = play.hears("alice")
    assert kinds(heard) == [e.PresenceChanged, e.RealnameChanged]
    assert [event.afar for event in heard if isinstance(event, e.PresenceChanged | e.RealnameChanged)] == [
        True,
        True,
    ]
    play.ask("bob", r.Join(("#tea",)))
    assert play.hears("alice") == []
    play.ask("alice", r.Join(("#tea",)))
    play.forget()
    play.ask("bob", r.Away())
    (near,) = play.hears("alice")
    assert isinstance(near, e.PresenceChanged) and not near.afar


def test_one_can_watch_no_longer() -> None:
    play = Playbook()
    apart(play, "alice", "bob", "carol")
    play.ask("alice", r.Watch(("bob", "carol", "dora")))
    assert kinds(play.ask("alice", r.Watch(("BOB", "nobody"), on=False))) == [e.Done]
    play.leave("bob")
    assert play.hears("alice")[2:] == []
    assert kinds(play.ask("alice", r.Watched(clear=True))) == [e.Done]
    play.forget()
    play.leave("carol")
    assert play.hears("alice") == []
    told = play.tell("alice", r.Watched(), e.WatchTold)
    assert (told.online, told.offline) == ((), ())


def test_who_is_gone_watches_nobody() -> None:
    play = Playbook()
    apart(play, "alice", "bob", "carol")
    for who in ("alice", "bob"):
        play.ask(who, r.Watch(("carol", who)))
    play.ask("alice", r.Logout())
    play.leave("bob")
    play.forget()
    play.leave("carol")
    assert play.hears("alice") == []
    assert len(play.chat.watchlist) == 0
    check_invariants(play.chat)


def test_one_can_watch_so_many() -> None:
    play = Playbook(max_watched=2)
    apart(play, "alice")
    play.ask("alice", r.Watch(("a", "b")))
    assert play.refusal("alice", r.Watch(("c",))) == "too-many-watched"
    assert kinds(play.ask("alice", r.Watch(("A", "b")))) == [e.WatchTold]
    play.chat.rules = replace(play.chat.rules, max_watched=3)
    assert play.tell("alice", r.Watch(("c",)), e.WatchTold).offline == ("c",)
