"""Clients: the token bucket's law, and what there is to be done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.text.dialect import TextDialect
from evchat.protocol.login import Logout
from evchat.server.client import Client, Throttle

# All numbers are multiples of powers of two, so that floats are exact, and so are the laws.
bursts = st.integers(1, 30)
rates = st.sampled_from([0.125, 0.5, 1.0, 4.0, 64.0])
moments = st.integers(0, 1 << 20).map(lambda ticks: ticks / 64)
gaps = st.integers(0, 200).map(lambda ticks: ticks / 64)


@given(bursts, rates, moments, st.lists(gaps, max_size=150))
def test_never_more_than_a_burst_and_the_rate_are_taken(
    burst: int, rate: float, start: float, has_work: list[float]
) -> None:
    throttle = Throttle(burst, rate, start)
    now, taken = start, []
    for wait in has_work:
        now += wait
        if throttle.take(now):
            taken.append(now)
        assert len(taken) <= burst + rate * (now - start)
    # The bucket is looked at once a second while there is something in it, so a window may begin a second early.
    for first, begun in enumerate(taken):
        for last in range(first, len(taken)):
            assert last - first + 1 <= burst + rate * (taken[last] - begun + 1.0)


@given(bursts, rates, moments)
def test_a_whole_burst_is_taken_at_once_and_not_one_more(burst: int, rate: float, start: float) -> None:
    throttle = Throttle(burst, rate, start)
    assert [throttle.take(start) for _ in range(burst + 1)] == [True] * burst + [False]


@given(bursts, rates, moments, st.lists(gaps, max_size=40))
def test_wait_is_exact(burst: int, rate: float, start: float, has_work: list[float]) -> None:
    throttle = Throttle(burst, rate, start)
    now = start
    for wait in has_work:
        now += wait
        while throttle.take(now):
            pass
        due = throttle.wait(now)
        assert 0 < due <= 1 / rate
        assert not throttle.take(now + due - 1 / 4096)
        assert throttle.wait(now + due - 1 / 4096) == 1 / 4096
        assert throttle.take(now + due)
        now += due


@given(bursts, rates, moments)
def test_who_waits_as_told_gets_the_full_rate(burst: int, rate: float, start: float) -> None:
    throttle = Throttle(burst, rate, start)
    now = start
    for _ in range(burst + 50):
        while not throttle.take(now):
            now += throttle.wait(now)
    assert now - start == 50 / rate


@given(bursts, rates, moments)
def test_no_wait_is_needed_while_something_is_left(burst: int, rate: float, start: float) -> None:
    assert Throttle(burst, rate, start).wait(start) == 0.0


@given(bursts, rates, moments, st.integers(0, 1 << 30))
def test_however_long_the_rest_no_more_than_a_burst_is_saved(
    burst: int, rate: float, start: float, rest: int
) -> None:
    throttle = Throttle(burst, rate, start)
    while throttle.take(start):
        pass
    later = start + burst / rate + rest + 2.0
    assert [throttle.take(later) for _ in range(burst + 1)] == [True] * burst + [False]


# ---- clients


@pytest.fixture
def client() -> Client:
    return Client(1, "127.0.0.1", TextDialect(), Throttle(1, 1, 0.0), 12.5)


def test_a_new_client_waits_for_nothing_and_has_nothing_to_be_done(client: Client) -> None:
    assert not client.waits_for and not client.has_work and not client.authenticated and client.heard == 12.5


def test_requests_bytes_and_an_end_that_was_not_looked_at_wait(client: Client) -> None:
    client.backlog.append(Logout())
    assert client.has_work
    client.backlog.clear()
    client.unread = b"half a li"
    assert client.has_work
    client.unread = b""
    client.ended = True
    assert client.has_work
    client.parsed = True
    assert not client.has_work
