"""load.tally: percentiles of the histogram, and counts that add up."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from load.tally import Histogram, Tally

MICROS = st.lists(st.integers(0, 10**9), min_size=1)


def _histogram(micros: list[int]) -> Histogram:
    histogram = Histogram()
    for each in micros:
        histogram.add([each])
    histogram.fold()
    return histogram


@given(MICROS, st.sampled_from([50.0, 90.0, 99.0, 99.9, 100.0]))
def test_a_percentile_is_within_a_128th_of_the_true_one_and_not_below_it(
    micros: list[int], percent: float
) -> None:
    rank = max(1, -int(-len(micros) * percent // 100))
    true = sorted(micros)[rank - 1] / 1000
    assert true <= _histogram(micros).percentile(percent) <= true * (1 + 1 / 128) + 1e-9


@given(MICROS, MICROS)
def test_merged_histograms_are_the_histogram_of_all(one: list[int], other: list[int]) -> None:
    merged = _histogram(one)
    merged.merge(_histogram(other))
    every = _histogram(one + other)
    assert merged.buckets == every.buckets and merged.greatest == every.greatest


def test_a_percentile_knows_what_was_only_just_added() -> None:
    histogram = Histogram()
    histogram.add([1000])
    histogram.add([3000])
    assert histogram.percentile(50) == pytest.approx(1, rel=0.01) and histogram.percentile(100) == 3


def test_a_histogram_of_nothing_has_percentiles_of_0_and_a_negative_duration_counts_as_0() -> None:
    assert Histogram().percentile(50) == 0
    assert _histogram([-3]).percentile(100) == 0


def test_counts_add_up_and_different_errors_are_kept_once() -> None:
    one, other = Tally(joined=1, lost=2, errors=["a"]), Tally(joined=10, refused=3, errors=["a", "b"])
    one.merge(other)
    assert (one.joined, one.lost, one.refused, one.errors) == (11, 2, 3, ["a", "b"])


FINE = {"joined", "sent", "accepted", "messages", "deliveries", "heard", "errors"}


@pytest.mark.parametrize("name", [each.name for each in fields(Tally) if each.name not in FINE])
def test_whatever_is_not_a_good_sign_is_wrong(name: str) -> None:
    assert not any(Tally(joined=1, sent=1, accepted=1, messages=1, deliveries=1, heard=1).wrong.values())
    tally = Tally()
    setattr(tally, name, 1)
    assert any(tally.wrong.values())
