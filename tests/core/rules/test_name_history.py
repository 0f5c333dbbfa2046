"""Who had which name before."""

from __future__ import annotations

from evchat.protocol.base import Identity
from evchat.protocol.login import ChangeNick, Quit
from evchat.protocol.people import FormerName, WhoWas, WhoWasTold
from tests.core.playbook import START, Playbook


def past(play: Playbook, name: str, limit: int = 0) -> list[tuple[str, int]]:
    told = play.tell("alice", WhoWas(name, limit), WhoWasTold)
    return [(past.name, past.until - START) for past in told.people]


def test_who_is_gone_or_has_another_name_is_remembered_the_latest_first() -> None:
    play = Playbook()
    play.enter("alice", "Bob")
    play.now += 1
    play.leave("Bob")
    play.enter("carol")
    play.ask("carol", ChangeNick("bob"))
    play.now += 1
    play.ask("carol", ChangeNick("carol"))
    assert past(play, "BOB") == [("bob", 2), ("Bob", 1)]
    assert past(play, "bob", 1) == [("bob", 2)]
    assert past(play, "carol") == [("carol", 1)]
    assert past(play, "alice") == []


def test_it_is_remembered_who_that_was() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.chat.state.users["bob"].who = who = Identity("b", "home", "Bob B.", "bob")
    play.ask("bob", Quit())
    told = play.tell("alice", WhoWas("bob", id="1"), WhoWasTold)
    assert told == WhoWasTold(play.now, "1", "bob", (FormerName("bob", play.now),))
    assert told.people[0].who == who


def test_another_case_gives_no_name_up_and_a_session_that_is_not_the_last_neither() -> None:
    play = Playbook()
    play.register("bob")
    play.enter("alice")
    play.again("phone", "bob")
    play.ask("bob", ChangeNick("BOB"))
    play.leave("phone")
    assert past(play, "bob") == []


def test_only_the_last_names_are_remembered() -> None:
    play = Playbook(names_remembered=3)
    play.enter("alice", "x")
    for name in ("a1", "a2", "a1", "a3"):
        play.ask("x", ChangeNick(name))
    assert [len(past(play, name)) for name in ("x", "a1", "a2")] == [0, 2, 1]
    play.configure(names_remembered=0)
    play.leave("x")
    assert [len(past(play, name)) for name in ("a1", "a2", "a3")] == [0, 0, 0]
    assert len(play.chat.state.name_history) == 0
