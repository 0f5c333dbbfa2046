"""Formatting of times: local time of day, and days by name."""

from __future__ import annotations

import time
from functools import lru_cache

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_LATEST = 253_402_214_400_000
"""The end of the year 9999, in milliseconds: what a server may claim, and every platform can show."""


@lru_cache(maxsize=4096)
def _minute(minute: int) -> tuple[str, int]:
    moment = time.localtime(minute * 60)
    return f"{moment.tm_hour:02}:{moment.tm_min:02}", moment.tm_year * 366 + moment.tm_yday


@lru_cache(maxsize=256)
def _named(minute: int) -> str:
    moment = time.localtime(minute * 60)
    return f"{_DAYS[moment.tm_wday]}, {moment.tm_mday} {_MONTHS[moment.tm_mon - 1]}"


def _minutes(at: int) -> int:
    return min(max(at, 0), _LATEST) // 60_000


def hour(at: int) -> str:
    """`10:15` for milliseconds since the epoch."""
    return _minute(_minutes(at))[0]


def second(at: int) -> str:
    """`10:15:09` for milliseconds since the epoch."""
    return f"{hour(at)}:{min(max(at, 0), _LATEST) // 1000 % 60:02}"


def day_number(at: int) -> int:
    """A number that is the same for moments of the same day, and greater for later days."""
    return _minute(_minutes(at))[1]


def day(at: int, now: int) -> str:
    """`Saturday, 21 November`, with the year if it is not that of `now`."""
    named = _named(_minutes(at))
    year = day_number(at) // 366
    return named if year == day_number(now) // 366 else f"{named} {year}"


def moment(at: int, now: int) -> str:
    """`10:15` on the day of `now`; before it with the day: `21 Nov 10:15`, or `2025-11-21 10:15`."""
    if day_number(at) == day_number(now):
        return hour(at)
    when = time.localtime(_minutes(at) * 60)
    if day_number(at) // 366 == day_number(now) // 366:
        return f"{when.tm_mday} {_MONTHS[when.tm_mon - 1][:3]} {hour(at)}"
    return f"{when.tm_year}-{when.tm_mon:02}-{when.tm_mday:02} {hour(at)}"


def brief(at: int, now: int) -> str:
    """For tables: `10:15` on the day of `now`, `21 Nov 10:15` in its year, else the day: `2025-11-21`."""
    return moment(at, now).removesuffix(
        "" if day_number(at) // 366 == day_number(now) // 366 else f" {hour(at)}"
    )


def duration(milliseconds: int) -> str:
    """`just now`, `5 min`, `3 h` or `2 d`."""
    minutes = milliseconds // 60_000
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def forget() -> None:
    """The time zone has changed: cached times of the old one are wrong."""
    _minute.cache_clear()
    _named.cache_clear()
