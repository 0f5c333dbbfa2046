"""Guessing at passwords is slowed down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core.errors import Refused
from evchat.core.rules.guess_limits import GuessLimits
from evchat.protocol.authentication import Authenticate
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


STRANGE = "198.51.100.1"
"""An address from which nobody has ever logged in."""

HOUR = 3_600_000


def test_each_block_is_twice_as_long_as_the_one_before_up_to_an_hour() -> None:
    play = Playbook()
    play.register("alice")
    play.connect("thief", STRANGE)
    for _ in range(3):
        play.refusal("thief", Login("alice", "guess"))
    for seconds in (60, 120, 240, 480, 960, 1920, 3600, 3600):
        play.now += seconds * 1000 - 1
        assert play.refusal("thief", Login("alice", "guess")) == "too-many-tries"
        play.now += 1
        assert play.refusal("thief", Login("alice", "guess")) == "wrong-password"
    play.now += 2 * HOUR
    assert [play.refusal("thief", Login("alice", "guess")) for _ in range(4)] == [
        *["wrong-password"] * 3, "too-many-tries",
    ], "an hour after the block all is forgotten"  # fmt: skip


@given(st.lists(st.integers(0, 2 * HOUR), max_size=200))
def test_an_address_never_has_more_than_a_dozen_tries_at_a_name_in_an_hour(gaps: list[int]) -> None:
    guesses, limits, now = GuessLimits(), Limits(), 0
    tried: list[int] = []
    for gap in gaps:
        now += gap if gap % 3 else gap // 1000
        try:
            guesses.begin(STRANGE, "alice", limits, now)
        except Refused:
            continue
        tried.append(now)
    for number, at in enumerate(tried):
        assert sum(at <= other < at + HOUR for other in tried[number:]) <= 12


def test_an_address_has_a_hundred_tries_an_hour_at_all_names_together() -> None:
    guesses, limits = GuessLimits(), Limits()
    for number in range(100):
        guesses.begin(STRANGE, f"name{number}", limits, 0)
    with pytest.raises(Refused, match="any name"):
        guesses.begin(STRANGE, "another", limits, 0)
    guesses.begin("198.51.100.2", "another", limits, 0)
    guesses.begin(STRANGE, "another", limits, 36_001)
    with pytest.raises(Refused):
        guesses.begin(STRANGE, "a third", limits, 36_002)


def test_a_shared_address_has_its_tries_for_each_name() -> None:
    guesses, limits = GuessLimits(), Limits()
    for number in range(1000):
        guesses.begin(STRANGE, f"name{number}", limits, 0, shared=True)
    for _ in range(2):
        guesses.begin(STRANGE, "name1", limits, 0, shared=True)
    with pytest.raises(Refused):
        guesses.begin(STRANGE, "name1", limits, 0, shared=True)


def test_a_new_connection_does_not_lift_the_block() -> None:
    play = Playbook()
    play.register("alice")
    for n in range(3):
        play.connect(f"thief{n}", STRANGE)
        assert play.refusal(f"thief{n}", Login("alice", "guess")) == "wrong-password"
    play.connect("thief", STRANGE)
    assert play.refusal("thief", Login("alice", "secret")) == "too-many-tries"


def test_where_it_was_right_before_there_are_a_thousand_tries_a_day_and_no_more() -> None:
    guesses, limits = GuessLimits(), Limits()
    guesses.right(STRANGE, "alice", b"right", limits)
    assert sum(guesses.recognises(STRANGE, "alice", b"wrong", limits, 0) for _ in range(999)) == 0
    assert guesses.recognises(STRANGE, "alice", b"right", limits, 0)
    assert not guesses.recognises(STRANGE, "alice", b"right", limits, 0)
    assert guesses.recognises(STRANGE, "alice", b"right", limits, 24 * HOUR // 1000 + 1)


def test_the_right_password_starts_the_count_anew() -> None:
    play = Playbook()
    play.register("alice")
    for _ in range(3):
        play.connect("x", STRANGE)
        assert play.refusal("x", Login("alice", "guess")) == "wrong-password"
        assert play.refusal("x", Login("alice", "guess")) == "wrong-password"
        play.tell("x", Login("alice", "secret"), LoggedIn)


def test_many_tries_at_the_same_time_count_like_tries_one_after_the_other_and_only_those_are_hashed() -> None:
    play = Playbook()
    play.register("alice")
    play.deferred = True
    thieves = [f"thief{n}" for n in range(10)]
    for n, thief in enumerate(thieves):
        play.connect(thief, STRANGE)
        play.ask(thief, Login("alice", "secret" if n == 9 else "guess"))
    assert len(play.hashes) == 3
    play.hash_all()
    codes = [x.code for thief in thieves for x in play.hears(thief) if isinstance(x, Failed)]
    assert sorted(codes) == ["too-many-tries"] * 7 + ["wrong-password"] * 3


def test_a_try_that_the_worker_could_not_take_on_does_not_count() -> None:
    play = Playbook()
    play.register("alice")
    play.deferred = True
    for n in range(9):
        play.connect(f"x{n}", STRANGE)
        play.ask(f"x{n}", Login("alice", "guess"))
        play.refuse_hashes()
    codes = [x.code for n in range(9) for x in play.hears(f"x{n}") if isinstance(x, Failed)]
    assert codes == ["busy"] * 9


def test_wrong_passwords_are_remembered_of_a_bounded_number_of_guessers() -> None:
    guesses, limits = GuessLimits(), Limits()
    for n in range(30_000):
        guesses.begin(f"2001:db8::{n:x}", "alice", limits, n)
        guesses.right(f"2001:db8:1::{n:x}", "alice", b"", limits)
    assert len(guesses._tries) == len(guesses._right) == 10_000 >= len(guesses._of_address)
    for _ in range(3):
        guesses.begin("2001:db8::7531", "alice", limits, 30_000)
    with pytest.raises(Refused):
        guesses.begin("2001:db8::7531", "alice", limits, 30_002)


def test_other_rules_hold_at_once() -> None:
    play = Playbook(password_tries=3)
    play.register("alice")
    play.connect("x", STRANGE)
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
    assert len(play.chat.state.guess_limits._tries) == 1
