"""Token buckets: their law, exact amounts and debts, and tables of them that stay small."""

from __future__ import annotations

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from evchat.core.rules.token_bucket import TokenBucket, TokenBuckets

# All numbers are multiples of powers of two, so that floats are exact, and so are the laws.
bursts = st.integers(1, 30)
rates = st.sampled_from([0.125, 0.5, 1.0, 4.0, 64.0])
moments = st.integers(0, 1 << 20).map(lambda ticks: ticks / 64)
gaps = st.integers(0, 200).map(lambda ticks: ticks / 64)


@given(bursts, rates, moments, st.lists(gaps, max_size=150))
def test_never_more_than_a_burst_and_the_rate_are_taken(
    burst: int, rate: float, start: float, has_work: list[float]
) -> None:
    bucket = TokenBucket(burst, rate, start)
    now, taken = start, []
    for wait in has_work:
        now += wait
        if bucket.take(now):
            taken.append(now)
        assert len(taken) <= burst + rate * (now - start)
    # The bucket is looked at once a second while there is something in it, so a window may begin a second early.
    for first, begun in enumerate(taken):
        for last in range(first, len(taken)):
            assert last - first + 1 <= burst + rate * (taken[last] - begun + 1.0)


@given(bursts, rates, moments)
def test_a_whole_burst_is_taken_at_once_and_not_one_more(burst: int, rate: float, start: float) -> None:
    bucket = TokenBucket(burst, rate, start)
    assert [bucket.take(start) for _ in range(burst + 1)] == [True] * burst + [False]


@given(bursts, rates, moments, st.lists(gaps, max_size=40))
def test_wait_is_exact(burst: int, rate: float, start: float, has_work: list[float]) -> None:
    bucket = TokenBucket(burst, rate, start)
    now = start
    for wait in has_work:
        now += wait
        while bucket.take(now):
            pass
        due = bucket.wait(now)
        assert 0 < due <= 1 / rate
        assert not bucket.take(now + due - 1 / 4096)
        assert bucket.wait(now + due - 1 / 4096) == 1 / 4096
        assert bucket.take(now + due)
        now += due


@given(bursts, rates, moments)
def test_who_waits_as_told_gets_the_full_rate(burst: int, rate: float, start: float) -> None:
    bucket = TokenBucket(burst, rate, start)
    now = start
    for _ in range(burst + 50):
        while not bucket.take(now):
            now += bucket.wait(now)
    assert now - start == 50 / rate


@given(bursts, rates, moments)
def test_no_wait_is_needed_while_something_is_left(burst: int, rate: float, start: float) -> None:
    assert TokenBucket(burst, rate, start).wait(start) == 0.0


@given(bursts, rates, moments, st.integers(0, 1 << 30))
def test_however_long_the_rest_no_more_than_a_burst_is_saved(
    burst: int, rate: float, start: float, rest: int
) -> None:
    bucket = TokenBucket(burst, rate, start)
    while bucket.take(start):
        pass
    later = start + burst / rate + rest + 2.0
    assert [bucket.take(later) for _ in range(burst + 1)] == [True] * burst + [False]


@given(bursts, rates, moments, st.lists(st.tuples(gaps, st.integers(1, 60)), max_size=60))
def test_what_is_taken_as_a_whole_is_never_more_than_a_burst_and_the_rate(
    burst: int, rate: float, start: float, wishes: list[tuple[float, int]]
) -> None:
    bucket = TokenBucket(burst, rate, start)
    now, taken = start, 0
    for gap, cost in wishes:
        now += gap
        level, wait = bucket.level(now), bucket.wait(now, cost)
        assert bucket.take_all(now, cost) is (level >= cost) is (wait == 0)
        assert (wait == inf) is (cost > burst)
        taken += cost if level >= cost else 0
        assert taken <= burst + rate * (now - start)


def test_a_clock_that_stands_still_or_goes_back_gives_nothing_and_takes_nothing() -> None:
    bucket = TokenBucket(2, 1, 10.0)
    assert bucket.take_all(10.0, 2) and not bucket.take_all(5.0, 1)
    assert bucket.level(10.0) == 0 and bucket.level(11.0) == 1


@given(bursts, rates, moments, st.integers(1, 100))
def test_what_is_reserved_comes_at_the_rate(burst: int, rate: float, start: float, many: int) -> None:
    bucket = TokenBucket(burst, rate, start)
    waits = [bucket.reserve(start) for _ in range(many)]
    assert waits == [max(0.0, (number - burst) / rate) for number in range(1, many + 1)]


def test_what_is_given_back_can_be_taken_again_and_is_never_more_than_a_burst() -> None:
    bucket = TokenBucket(2, 1, 0.0)
    assert bucket.take(0.0) and bucket.take(0.0) and not bucket.take(0.0)
    bucket.give_back()
    assert bucket.take(0.0) and not bucket.take(0.0)
    bucket.give_back(9)
    assert bucket.level(0.0) == 2


def test_a_key_keeps_its_bucket_and_others_have_their_own() -> None:
    buckets = TokenBuckets(1, 1, 10)
    assert buckets.of("a", 0.0).take(0.0)
    assert not buckets.of("a", 0.0).take(0.0)
    assert buckets.of("b", 0.0).take(0.0)


@given(st.integers(4, 40), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 3)), max_size=300))
def test_a_table_forgets_full_buckets_first_and_stays_small(most: int, story: list[tuple[int, int]]) -> None:
    buckets = TokenBuckets(1, 1, most)
    now = 0.0
    for key, gap in story:
        now += gap
        buckets.of(key, now).take(now)
        assert len(buckets) <= most
    assert buckets.of("new", now).take(now)


def test_new_rules_make_all_buckets_full_and_the_same_rules_change_nothing() -> None:
    buckets = TokenBuckets(1, 1, 10)
    assert buckets.of("a", 0.0).take(0.0)
    assert not buckets.tune(1, 1, 10).of("a", 0.0).take(0.0)
    assert buckets.tune(2, 1, 10).of("a", 0.0).take_all(0.0, 2)
