"""Moments as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects import times
from tests.dialects.samples import AT

DAY = 86_400_000


def test_a_moment_is_written_in_iso_8601_with_a_t() -> None:
    assert times.iso(AT) == times.iso(AT + 999) == "2026-11-21T10:15:09"
    assert times.hour(AT) == "10:15"


def test_a_moment_of_another_day_has_its_date() -> None:
    assert times.hour_seen_from(AT, AT + 3_600_000) == "10:15"
    assert times.hour_seen_from(AT - DAY, AT) == "20 Nov 10:15"
    assert times.hour_seen_from(AT + DAY, AT) == "22 Nov 10:15"
    assert times.hour_seen_from(AT - 365 * DAY, AT) == "2025-11-21 10:15"


def test_a_table_has_the_day_alone_of_another_year() -> None:
    assert times.brief(AT, AT + 3_600_000) == "10:15"
    assert times.brief(AT - 12 * DAY, AT) == "9 Nov 10:15"
    assert times.brief(AT - 365 * DAY, AT) == "2025-11-21"


@given(st.integers())
def test_any_number_is_some_moment(at: int) -> None:
    assert len(times.iso(at)) == 19 and len(times.hour(at)) == 5


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (-5, "0 s"),
        (59_999, "59 s"),
        (60_000, "1 min"),
        (119 * 60_000, "119 min"),
        (120 * 60_000, "2 h"),
        (2 * DAY, "2 d"),
    ],
)
def test_a_duration_is_told_in_its_largest_fitting_unit(milliseconds: int, words: str) -> None:
    assert times.duration(milliseconds) == words
