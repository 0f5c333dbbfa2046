"""Logs of irssi and WeeChat."""

from __future__ import annotations

import io
import time

from evchat.admin.formats import irc_logs

IRSSI = """--- Log opened Sat Nov 28 11:49:54 2026
11:49 -!- bob [~b@x] has joined #chan
11:50 <@bob> hello <all> of you
11:50 < alice> hi
11:51  * alice waves
11:51 * alice waves
--- Day changed Sun Nov 29 2026
00:01 <+eve> late
no line of a log
--- Log closed Sun Nov 29 00:02:00 2026
"""

WEECHAT = """2026-11-28 11:49:54\t-->\tbob (~b@x) has joined #chan
2026-11-28 11:50:01\t@bob\thello\tthere
2026-11-28 11:50:02\t *\talice waves
2026-11-28 11:50:03\t--\tMode #chan [+o bob]
2026-11-28 11:50:04\talice\thi
"""


def clock(at: int) -> str:
    return time.strftime("%d %H:%M:%S", time.localtime(at / 1000))


def test_irssis_lines_get_the_day_that_was_said_last() -> None:
    found = list(irc_logs.read_irssi(io.StringIO(IRSSI), "#chan"))
    assert [(clock(x.at), x.sender, x.text, x.action) for x in found] == [
        ("28 11:50:00", "bob", "hello <all> of you", False),
        ("28 11:50:00", "alice", "hi", False),
        ("28 11:51:00", "alice", "waves", True),
        ("29 00:01:00", "eve", "late", False),
    ]
    assert irc_logs.looks_like_irssi(IRSSI) and not irc_logs.looks_like_weechat(IRSSI)


def test_weechats_lines_are_split_at_tabs() -> None:
    found = list(irc_logs.read_weechat(io.StringIO(WEECHAT), "#chan"))
    assert [(clock(x.at), x.sender, x.text, x.action) for x in found] == [
        ("28 11:50:01", "bob", "hello\tthere", False),
        ("28 11:50:02", "alice", "waves", True),
        ("28 11:50:04", "alice", "hi", False),
    ]
    assert irc_logs.looks_like_weechat(WEECHAT) and not irc_logs.looks_like_irssi(WEECHAT)
