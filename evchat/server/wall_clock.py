"""The time of day, as the chat counts it."""

from __future__ import annotations

import time


def now() -> int:
    """Milliseconds since the epoch. It may jump: durations are measured by the loop's clock, which is monotonic."""
    return int(time.time() * 1000)
