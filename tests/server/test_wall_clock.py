"""The time of day."""

from __future__ import annotations

import time

from evchat.server import wall_clock


def test_it_counts_milliseconds_since_the_epoch() -> None:
    before = time.time()
    now = wall_clock.now()
    assert isinstance(now, int) and int(before * 1000) <= now <= time.time() * 1000
