"""Times of day and days, as they are shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import MINUTE, START
from tui.text import times

DAY = 24 * 60 * MINUTE


def test_a_moment_is_shown_by_hour_and_day() -> None:
    assert times.hour(START) == "10:14"
    assert times.day(START, START) == "Saturday, 21 November"
    assert times.day(START - 400 * DAY, START) == "Friday, 17 October 2025"


@given(st.integers())
def test_no_moment_that_a_server_may_claim_is_too_much(at: int) -> None:
    assert len(times.hour(at)) == 5
    assert times.day(at, at)


@given(st.integers(0, 4_000_000_000_000), st.integers(0, 10 * DAY))
def test_later_days_have_higher_numbers(at: int, later: int) -> None:
    same = times.day_number(at + later) == times.day_number(at)
    assert times.day_number(at + later) >= times.day_number(at)
    assert same or later > 0
    assert not same or later < DAY


def test_durations_are_rounded_to_what_a_person_wants_to_know() -> None:
    spans = (0, MINUTE, 119 * MINUTE, 120 * MINUTE, 47 * 60 * MINUTE, 3 * DAY)
    assert [times.duration(span) for span in spans] == ["just now", "1 min", "119 min", "2 h", "47 h", "3 d"]
