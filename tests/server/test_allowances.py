"""Allowances: what a client may ask for itself, and what it shares with those of its address and its account."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core.rules.token_bucket import TokenBucket
from evchat.server.allowances import Allowances
from evchat.server.client import Throttle
from evchat.settings.model import Limits
from tests.server.halves import halves

HERE, THERE = "192.0.2.1", "192.0.2.2"


def taken(throttle: Throttle, now: float, tries: int = 1000) -> int:
    """How many requests may be made at once."""
    return sum(throttle.take(now, 1.0) for _ in range(tries))


def test_a_new_connection_does_not_renew_what_its_address_has_used() -> None:
    allowances = Allowances(Limits(command_burst=20, site_burst=50, site_rate=1.0))
    assert [taken(allowances.throttle(HERE, 0.0), 0.0) for _ in range(4)] == [20, 20, 10, 0]
    assert taken(allowances.throttle(THERE, 0.0), 0.0) == 20
    assert taken(allowances.throttle(HERE, 5.0), 5.0) == 5


def test_a_class_of_thirty_that_comes_back_at_once_meets_no_limit() -> None:
    limits = Limits()
    allowances = Allowances(limits)
    for _ in range(2 * 30):
        assert allowances.connect(HERE, 0.0) == 0.0
    pupils = [allowances.throttle(HERE, 0.0) for _ in range(30)]
    for pupil in pupils:  # hello, login, its channels and their history
        assert taken(pupil, 0.0, 16) == 16
    for second in range(1, 600):  # and then everybody writes every second
        for pupil in pupils:
            assert pupil.take(float(second), 1.0)
    assert limits.max_per_ip >= 30 * 2


def test_all_sessions_of_an_account_share_what_it_may_ask_wherever_they_are() -> None:
    allowances = Allowances(Limits(command_burst=20, account_burst=50, account_rate=1.0))
    places = [allowances.throttle(f"192.0.2.{number}", 0.0) for number in range(4)]
    for throttle in places:
        allowances.log_in(throttle, "alice", 0.0)
    assert [taken(throttle, 0.0) for throttle in places] == [20, 20, 10, 0]
    allowances.log_in(places[3], "", 0.0)
    assert taken(places[3], 0.0) == 20, "nothing was taken for what was not carried out"


def test_what_is_nothing_to_carry_out_is_not_shared() -> None:
    allowances = Allowances(Limits(command_burst=20, site_burst=1, site_rate=0.125))
    throttle = allowances.throttle(HERE, 0.0)
    assert throttle.take(0.0, 1.0) and not throttle.take(0.0, 1.0)
    assert throttle.take(0.0, 1.0, shared=False)


rules = st.tuples(st.integers(1, 9), st.sampled_from([0.125, 1.0, 4.0]))
buckets = rules.map(lambda rule: TokenBucket(*rule, 0.0))


@given(rules, st.none() | buckets, st.none() | buckets)
def test_who_waits_as_told_gets_a_token(
    rule: tuple[int, float], site: TokenBucket | None, account: TokenBucket | None
) -> None:
    throttle = Throttle(*rule, 0.0, site)
    throttle.account = account
    now = 0.0
    for _ in range(30):
        if not throttle.take(now, 1.0):
            wait = throttle.wait(now)
            assert wait > 0
            now += wait
            assert throttle.take(now, 1.0)


@pytest.mark.parametrize(
    ("ranges", "address"),
    [(("10.0.0.0/8",), "10.1.2.3"), (("unix",), "unix"), (("2001:db8::/32",), "2001:db8:1:2::/64")],
)
def test_addresses_that_many_share_have_no_limits_of_their_own(ranges: tuple[str, ...], address: str) -> None:
    allowances = Allowances(Limits(shared_addresses=ranges, site_burst=1, connect_burst=1, connect_wait=1.0))
    assert [allowances.connect(address, 0.0) for _ in range(9)] == [0.0] * 9
    assert sum(taken(allowances.throttle(address, 0.0), 0.0) for _ in range(9)) == 180
    assert allowances.connect(HERE, 0.0) == 0.0 and allowances.connect(HERE, 0.0) == 0.25
    assert allowances.connect(HERE, 9.0) == 0.0
    assert allowances.throttle(HERE, 0.0).site is not None


def test_connections_wait_for_their_turn_and_are_refused_where_too_many_do() -> None:
    allowances = Allowances(Limits(connect_burst=3, connect_rate=2.0, connect_wait=2.0))
    assert [allowances.connect(HERE, 0.0) for _ in range(8)] == [0, 0, 0, 0.5, 1.0, 1.5, 2.0, None]
    assert allowances.connect(THERE, 0.0) == 0
    assert allowances.connect(HERE, 0.5) == 2.0


def test_new_limits_hold_for_connections_to_come() -> None:
    allowances = Allowances(Limits(site_burst=1))
    assert taken(allowances.throttle(HERE, 0.0), 0.0) == 1
    allowances.limits = Limits(site_burst=5)
    assert taken(allowances.throttle(HERE, 0.0), 0.0) == 5


def test_a_client_that_has_to_wait_is_served_when_it_is_its_turn() -> None:
    with halves(site_burst=3, site_rate=1.0) as both:
        first, sock = both.connect("text", HERE)
        sock.sendall(b"alice\nx\ny\n/ping a\n")
        both.run()
        second, other = both.connect("text", HERE)
        other.sendall(b"bob\n")
        both.run()
        assert first.authenticated and not second.authenticated
        both.run(seconds=5.0)
        assert second.authenticated


def test_who_logs_in_to_an_account_shares_it_from_then_on() -> None:
    with halves(password_tries=3) as both:
        client, sock = both.login("alice", "text")
        assert client.throttle.account is None
        sock.sendall(b"/register secret\n")
        both.run()
        while client.waits_for:
            both.wait_for_worker()
        assert client.throttle.account is not None
        other, _ = both.connect("text", HERE)
        both.front._allowances.log_in(other.throttle, "alice", both.clock())
        assert other.throttle.account is client.throttle.account
