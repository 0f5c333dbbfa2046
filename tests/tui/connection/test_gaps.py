"""What is missing is asked for once, and again if the server could not read it."""

from __future__ import annotations

from evchat.settings.client import RETRY_FIRST
from tui.connection.gaps import Gaps
from tui.connection.requests import Requests
from tui.connection.router import Router
from tui.connection.sequence import Sequence
from tui.model.record import Record
from tui.model.server_events import Answer

BUSY = Answer(Record({"response": "error", "code": "storage"}))


def made() -> tuple[Requests, Gaps]:
    requests = Requests(lambda: "id")
    requests.connected = True
    gaps = Gaps(requests, Router("alice", [], lambda id, seq, at: False))
    gaps.online = True
    return requests, gaps


def test_a_gap_is_asked_for_once_at_a_time() -> None:
    requests, gaps = made()
    stream = Sequence("#main")
    for _ in range(3):
        gaps.fill(stream)
    gaps.fill(None)
    assert len(requests.out) == 1 and stream.filling


def test_nothing_is_asked_for_before_one_is_logged_in() -> None:
    requests, gaps = made()
    gaps.online = False
    gaps.fill(Sequence("#main"))
    assert requests.out == []


def test_what_was_put_off_is_asked_for_later() -> None:
    requests, gaps = made()
    stream = Sequence("#main")
    gaps.fill(stream)
    gaps.answered("history", stream, BUSY, 1000)
    assert gaps.due == 1000 + RETRY_FIRST
    gaps.retry()
    assert len(requests.out) == 2 and gaps.due is None


def test_with_the_connection_goes_what_was_put_off() -> None:
    requests, gaps = made()
    gaps.answered("history", Sequence("#main"), BUSY, 1000)
    gaps.answered("changes", Sequence("#main"), BUSY, 1000)
    gaps.lost()
    gaps.retry()
    assert requests.out == [] and gaps.due is None


def test_changes_are_asked_for_once_at_a_time_and_page_by_page() -> None:
    requests, gaps = made()
    stream = Sequence("#main")
    stream.begin(1, 1)
    assert stream.stands_at(3)
    for _ in range(2):
        gaps.check(stream)
    gaps.check(None)
    assert b'"changed_after":0' in requests.out[0] and len(requests.out) == 1
    gaps.answered("changes", stream, BUSY, 1000)
    gaps.retry()
    page = {
        "response": "ok",
        "content": [{"response": "message", "seq": 1, "rev": 2}],
        "rev": 3,
        "more": True,
    }
    gaps.answered("changes", stream, Answer(Record(page)), 1000)
    assert b'"changed_after":2' in requests.out[-1] and len(requests.out) == 3
    gaps.answered("changes", stream, Answer(Record({**page, "content": [], "more": False})), 1000)
    assert len(requests.out) == 3 and (stream.rev, stream.is_current) == (3, True)
