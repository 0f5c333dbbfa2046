"""How moments are written: in the server's local time, with the last few kept at hand."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache


@lru_cache(maxsize=1024)
def _iso(second: int) -> str:
    return datetime.fromtimestamp(second).isoformat()


@lru_cache(maxsize=1024)
def _day_and_time(minute: int) -> tuple[str, str]:
    moment = datetime.fromtimestamp(minute * 60)
    return moment.strftime("%Y-%m-%d"), moment.strftime("%H:%M")


def iso(at: int) -> str:
    """`2026-11-21T10:15:02` for milliseconds since the epoch."""
    return _iso(at // 1000)


def hour(at: int) -> str:
    """`10:15`."""
    return _day_and_time(at // 60_000)[1]


def day(at: int) -> str:
    """`2026-11-21`."""
    return _day_and_time(at // 60_000)[0]


def hour_seen_from(at: int, now: int) -> str:
    """`10:15` if that was on the day of `now`, else `2026-11-20 10:15`."""
    date, time = _day_and_time(at // 60_000)
    return time if date == day(now) else f"{date} {time}"


def duration(milliseconds: int) -> str:
    """`now`, `5 min`, `3 h` or `2 d`: how long, for a person."""
    minutes = milliseconds // 60_000
    if minutes < 1:
        return "now"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"
