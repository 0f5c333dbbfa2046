"""Moments and durations as text, in the server's local time or in UTC; the latest ones are cached.

Moments are milliseconds since the epoch. Nothing here asks what time it is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LAST: Final = 253_402_128_000
"""Seconds up to which every time zone still has a year of four digits."""


@lru_cache(maxsize=4096)
def _iso(second: int) -> str:
    return datetime.fromtimestamp(min(max(second, 0), _LAST)).isoformat()


def iso(at: int) -> str:
    """`2026-11-21T10:15:02` (ISO 8601, without a zone)."""
    return _iso(at // 1000)


def hour(at: int) -> str:
    """`10:15`."""
    return _iso(at // 60_000 * 60)[11:16]


def clock(at: int) -> str:
    """`10:15:02`."""
    return _iso(at // 1000)[11:]


def hour_seen_from(at: int, now: int) -> str:
    """`10:15` if that was on the day of `now`, else with the day: `20 Nov 10:15`, or `2025-11-20 10:15`."""
    then = _iso(at // 60_000 * 60)
    return brief(at, now) if then[:4] == _iso(now // 60_000 * 60)[:4] else f"{then[:10]} {then[11:16]}"


def brief(at: int, now: int) -> str:
    """For tables: `10:15` on the day of `now`, `20 Nov 10:15` in its year, else the day: `2025-11-20`."""
    then, current = _iso(at // 60_000 * 60), _iso(now // 60_000 * 60)
    if then[:10] == current[:10]:
        return then[11:16]
    if then[:4] != current[:4]:
        return then[:10]
    return f"{int(then[8:10])} {_MONTHS[int(then[5:7]) - 1]} {then[11:16]}"


def duration(milliseconds: int) -> str:
    """`30 s`, `5 min`, `3 h` or `2 d`: how long, for a person."""
    seconds = max(milliseconds, 0) // 1000
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 120 * 60:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 48 * 3600 else f"{seconds // 86400} d"


@lru_cache(maxsize=4096)
def _utc(second: int) -> str:
    return datetime.fromtimestamp(min(max(second, 0), _LAST), UTC).strftime("%Y-%m-%dT%H:%M:%S")


def utc(at: int) -> str:
    """`2026-11-21T10:15:02.123Z` (ISO 8601, UTC)."""
    return f"{_utc(at // 1000)}.{at % 1000:03d}Z"


def moment(text: str) -> int | None:
    """The milliseconds since the epoch that a text like `utc`'s means, or None."""
    try:
        then = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if then.tzinfo is None:
            then = then.replace(tzinfo=UTC)
        return round(then.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def sentence(at: int) -> str:
    """`Saturday November 21 2026 -- 10:15:02 +00:00`, as IRC servers tell the time."""
    then = datetime.fromtimestamp(min(max(at // 1000, 0), _LAST), UTC)
    return then.strftime("%A %B %d %Y -- %H:%M:%S +00:00")
