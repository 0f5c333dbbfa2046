"""Logs of the IRC clients irssi and WeeChat, in their usual form. Times are in the time zone of this machine."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import IO, Final

from evchat.admin.formats.line import Line, legal_name

_IRSSI_DATE: Final = re.compile(
    r"--- (?:Log opened|Day changed) \w{3} (\w{3}) (\d\d) (?:\d\d:\d\d:\d\d )?(\d{4})\s*$"
)
_IRSSI_LINE: Final = re.compile(r"(\d\d):(\d\d)(?::(\d\d))? (?:<[ @+%&~]?([^>]+)>|\* (\S+)) (.*)$")
_WEECHAT_LINE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\t([^\t]*)\t(.*)$")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NO_SENDER: Final = ("-->", "<--", "--", "", "=!=")
"""What WeeChat writes in the place of a sender for what nobody said."""


def read_irssi(file: IO[str], channel: str) -> Iterator[Line]:
    """What was said in a log of irssi (`log_timestamp` %H:%M or %H:%M:%S)."""
    date: tuple[int, int, int] | None = None
    for text in file:
        opened = _IRSSI_DATE.match(text)
        if opened and opened[1] in _MONTHS:
            date = int(opened[3]), _MONTHS.index(opened[1]) + 1, int(opened[2])
            continue
        found = _IRSSI_LINE.match(text.rstrip("\r\n"))
        if found and date is not None:
            clock = int(found[1]), int(found[2]), int(found[3] or 0)
            sender = legal_name(found[4] or found[5])
            yield Line(_moment(date, clock), sender, channel, found[6], found[5] is not None)


def read_weechat(file: IO[str], channel: str) -> Iterator[Line]:
    """What was said in a log of WeeChat."""
    for text in file:
        found = _WEECHAT_LINE.match(text.rstrip("\r\n"))
        if found is None:
            continue
        numbers = [int(found[place]) for place in range(1, 7)]
        at = _moment((numbers[0], numbers[1], numbers[2]), (numbers[3], numbers[4], numbers[5]))
        sender, said = found[7].strip(), found[8]
        if sender == "*":
            sender, _, said = said.partition(" ")
            yield Line(at, legal_name(sender), channel, said, True)
        elif sender not in _NO_SENDER:
            yield Line(at, legal_name(sender.lstrip("@+%&~")), channel, said)


def looks_like_irssi(first: str) -> bool:
    """Whether a log that begins with these lines is irssi's."""
    return first.startswith("--- Log opened")


def looks_like_weechat(first: str) -> bool:
    """Whether a log that begins with these lines is WeeChat's."""
    return any(_WEECHAT_LINE.match(line) for line in first.splitlines())


def _moment(date: tuple[int, int, int], clock: tuple[int, int, int]) -> int:
    return int(time.mktime((*date, *clock, 0, 0, -1))) * 1000
