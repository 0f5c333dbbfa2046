"""Guessing at passwords is slowed down."""

from __future__ import annotations

import pytest

from evchat.core.errors import Refused
from evchat.core.rules.guess_limits import GuessLimits
from evchat.protocol.authentication import (
    Authenticate,
)
from evchat.protocol.basics import Failed
from evchat.protocol.login import (
    LoggedIn,
    Login,
)
from evchat.settings.model import Limits
from tests.core.in_parts import PART
from tests.core.playbook import (
    Playbook,
)


def test_three_wrong_passwords_block_this_address_and_name_for_a_minute() -> None:
    play = Playbook()
    play.register("alice", "bob")
    play.connect("thief", "198.51.100.1")
    for _ in range(3):
        assert play.refusal("thief", Login("alice", "guess")) == "wrong-password"
    play.now += 59_999
    assert play.refusal("thief", Login("alice", "secret")) == "too-many-tries"
    assert play.tell("thief", Login("bob", "secret"), LoggedIn).name == "bob", "another name is not blocked"
    play.connect("owner", "198.51.100.2")
    assert play.tell("owner", Login("alice", "secret"), LoggedIn).name == "alice", "nor another address"
    play.now += 1
    play.connect("again", "198.51.100.1")
    assert play.tell("again", Login("alice", "secret"), LoggedIn).name == "alice"


def test_a_new_connection_does_not_lift_the_block() -> None:
    play = Playbook()
    play.register("alice")
    for n in range(3):
        play.connect(f"thief{n}")
        assert play.refusal(f"thief{n}", Login("alice", "guess")) == "wrong-password"
    play.connect("thief")
    assert play.refusal("thief", Login("alice", "secret")) == "too-many-tries"


def test_the_right_password_starts_the_count_anew() -> None:
    play = Playbook()
    play.register("alice")
    for _ in range(3):
        play.connect("x")
        assert play.refusal("x", Login("alice", "guess")) == "wrong-password"
        assert play.refusal("x", Login("alice", "guess")) == "wrong-password"
        play.tell("x", Login("alice", "secret"), LoggedIn)


def test_many_tries_at_the_same_time_count_like_tries_one_after_the_other() -> None:
    play = Playbook()
    play.register("alice")
    play.deferred = True
    thieves = [f"thief{n}" for n in range(10)]
    for n, thief in enumerate(thieves):
        play.connect(thief)
        play.ask(thief, Login("alice", "secret" if n == 9 else "guess"))
    play.hash_all()
    codes = [x.code for thief in thieves for x in play.hears(thief) if isinstance(x, Failed)]
    assert codes == ["wrong-password"] * 3 + ["too-many-tries"] * 7


def test_wrong_passwords_are_remembered_of_a_bounded_number_of_guessers() -> None:
    wrong, limits = GuessLimits(), Limits()
    for n in range(30_000):
        wrong.add(f"2001:db8::{n:x}", "alice", limits, n)
    assert len(wrong._wrong) == 10_000
    for _ in range(2):
        wrong.add("2001:db8::7530", "alice", limits, 30_000)
    wrong.check("2001:db8::7530", "alice", limits, 30_001)
    wrong.add("2001:db8::7530", "alice", limits, 30_001)
    with pytest.raises(Refused):
        wrong.check("2001:db8::7530", "alice", limits, 30_002)


def test_other_rules_hold_at_once() -> None:
    play = Playbook(password_tries=3)
    play.register("alice")
    play.connect("x")
    assert play.refusal("x", Login("alice", "guess")) == "wrong-password"
    play.configure(password_tries=1)
    assert play.refusal("x", Login("alice", "secret")) == "too-many-tries"
    play.configure(password_block=0.001)
    play.now += 1
    play.tell("x", Login("alice", "secret"), LoggedIn)


def test_guesses_at_names_without_an_account_do_not_crowd_out_the_others() -> None:
    play = Playbook(password_tries=3)
    play.connect("x")
    play.ask("x", PART)
    for number in range(9):
        play.ask("x", Authenticate(f"n{number}", "guess"))
    assert len(play.chat.state.guess_limits._wrong) == 1
