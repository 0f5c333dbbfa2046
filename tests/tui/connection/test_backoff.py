"""Attempts to connect come ever more rarely."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.connection.backoff import Backoff


@given(st.lists(st.floats(0, 1), max_size=20))
def test_the_waits_double_from_a_second_to_a_minute(chances: list[float]) -> None:
    left = iter(chances)
    backoff = Backoff(lambda: next(left))
    waits = [backoff.next() for _ in chances]
    assert all(1 <= wait <= 60 for wait in waits)
    for number, wait in enumerate(waits):
        usual = min(2**number, 60)
        assert max(usual * 0.75, 1) <= wait <= min(usual * 1.25, 60)


def test_after_a_success_the_waits_begin_anew() -> None:
    backoff = Backoff(lambda: 0.5)
    assert [backoff.next() for _ in range(4)] == [1, 2, 4, 8]
    backoff.reset()
    assert backoff.next() == 1
