"""Registrations: at once, in the long run, and in a day, by address."""

from __future__ import annotations

from evchat.protocol.authentication import Register
from evchat.protocol.basics import Done
from evchat.protocol.login import LoggedIn, Login
from tests.core.playbook import Playbook


def test_eight_accounts_are_registered_at_once_and_the_next_ones_wait_for_their_turn() -> None:
    play = Playbook(deferred=True)
    people = [f"p{n}" for n in range(30)]
    play.enter(*people)
    for who in people:
        play.ask(who, Register("secret"))
    assert [effect.delay for effect in play.hashes] == [0] * 8 + [int(n / 0.0003) for n in range(1, 23)]
    play.hash_all()
    assert all(any(isinstance(x, Done) for x in play.hears(who)) for who in people)


def test_who_would_wait_for_too_long_or_registers_too_many_in_a_day_is_told() -> None:
    play = Playbook(registration_burst=1, registration_wait=8.0, registration_daily=5)
    people = [f"p{n}" for n in range(8)]
    play.enter(*people)
    for who in people[:3]:
        play.tell(who, Register("secret"), Done)
    assert play.refusal("p3", Register("secret")) == "too-many-registrations"
    play.now += 60_000
    play.tell("p3", Register("secret"), Done)
    play.tell("p4", Register("secret"), Done)
    play.now += 60_000
    assert play.refusal("p5", Register("secret")) == "too-many-registrations"
    play.connect("elsewhere", "198.51.100.1")
    play.tell("elsewhere", Login("elsewhere"), LoggedIn)
    play.tell("elsewhere", Register("secret"), Done)
    play.now += 24 * 3_600_000
    play.tell("p5", Register("secret"), Done)
