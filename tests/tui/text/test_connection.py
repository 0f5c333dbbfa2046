"""The sentences about the connection promise what is kept, and tell what an outage has cost."""

from __future__ import annotations

import pytest

from tui.text.connection import back, lost


@pytest.mark.parametrize(
    ("outage", "told"),
    [
        ((200, 0, 0), "Connected again after 1 s."),
        ((42_000, 1, 0), "Connected again after 42 s. Sent 1 line of yours."),
        ((300_000, 0, 14), "Connected again after 5 min. Fetched 14 messages that you missed."),
        (
            (3 * 3_600_000, 2, 1),
            "Connected again after 3 h. Sent 2 lines of yours. Fetched 1 message that you missed.",
        ),
    ],
)
def test_the_end_of_an_outage_is_told_with_what_it_held_up(outage: tuple[int, int, int], told: str) -> None:
    assert back(*outage) == told


def test_whoever_is_lost_is_told_that_lines_are_kept_but_not_whoever_is_banned() -> None:
    kept = "What you write is kept and sent later."
    assert lost("", "") == f"The connection is lost. {kept}"
    assert lost("The server is stopping.", "") == f"The server is stopping. {kept}"
    assert lost("You are banned.", "banished") == "You are banned."
