"""The user's own lines: what is said of each, and which are given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.connection.outbox import Outbox
from tui.connection.session import Session
from tui.model.session_events import FAILED, QUEUED, SENT, LineSent
from tui.plain.own_lines import OwnLines

NOW = 1_000_000


class Talker:
    """Lines without a server, and what was said about them."""

    def __init__(self) -> None:
        self.session = Session("alice", None, ("#main",), Outbox())
        self.shown: list[tuple[str, str, int | None, bool]] = []
        self.noted: list[str] = []
        self.complained: list[str] = []
        self.failed: list[str] = []
        self.lines = OwnLines(
            self.session,
            lambda *told: self.shown.append(told),
            self.noted.append,
            self.complained.append,
            self.failed.append,
        )

    def said(self, room: str, text: str) -> str:
        self.lines.say(room, text, NOW)
        return self.session.pending()[-1].id


@pytest.fixture
def talker() -> Talker:
    return Talker()


def test_a_line_that_is_sent_is_shown(talker: Talker) -> None:
    talker.lines.sent(LineSent(talker.said("#main", "hi"), "#main", SENT, at=NOW))
    talker.lines.sent(LineSent(talker.said("bob", "psst"), "bob", SENT, kept=True))
    assert talker.shown == [("#main", "hi", NOW, False), ("bob", "psst", None, False)]
    assert talker.noted == ["bob is not online and will find it in the inbox."]


def test_a_line_that_is_refused_is_repeated_and_forgotten(talker: Talker) -> None:
    talker.lines.sent(LineSent(talker.said("#main", "hi"), "#main", FAILED, "You are muted."))
    assert talker.failed == ["Not sent: hi: You are muted."]
    assert not talker.lines.waiting and not talker.session.pending()


def test_a_line_that_is_held_up_says_why(talker: Talker) -> None:
    talker.lines.sent(LineSent(talker.said("#main", "hi"), "#main", QUEUED, "Too fast."))
    assert talker.complained == ["Too fast."] and talker.lines.waiting == 1


def test_what_waits_for_a_room_is_discarded_and_nothing_else(talker: Talker) -> None:
    for room, text in (("#main", "one"), ("#MAIN", "two"), ("bob", "three")):
        talker.said(room, text)
    talker.lines.discard("#main")
    assert talker.noted.pop() == "2 lines to #main discarded."
    talker.lines.discard("#main")
    assert talker.noted.pop() == "Nothing waits to be sent to #main. Lines wait for bob."
    assert talker.lines.left_over().startswith("1 line is not sent yet.")
    talker.lines.discard("Bob")
    talker.lines.discard("Bob")
    assert talker.noted[-1] == "Nothing waits to be sent."
    assert talker.lines.left_over() == ""


def test_what_is_discarded_is_not_there_at_the_next_start(tmp_path: Path) -> None:
    talker = Talker()
    talker.session = Session("alice", None, ("#main",), Outbox(str(tmp_path)))
    talker.lines = OwnLines(
        talker.session, lambda *told: None, talker.noted.append, talker.noted.append, talker.noted.append
    )
    talker.said("#main", "never mind")
    talker.lines.discard("#main")
    assert not Outbox(str(tmp_path)).lines
