"""What is missing is asked for once, and again if the server could not read it."""

from __future__ import annotations

from evchat.settings.client import RETRY_FIRST
from tui.connection.gaps import Gaps
from tui.connection.requests import Requests
from tui.connection.sequence import Sequence


def made() -> tuple[Requests, Gaps]:
    requests = Requests(lambda: "id")
    requests.connected = True
    gaps = Gaps(requests)
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
    gaps.put_off(stream, 1000)
    assert gaps.due == 1000 + RETRY_FIRST
    gaps.retry()
    assert len(requests.out) == 2 and gaps.due is None


def test_with_the_connection_goes_what_was_put_off() -> None:
    requests, gaps = made()
    gaps.put_off(Sequence("#main"), 1000)
    gaps.lost()
    gaps.retry()
    assert requests.out == [] and gaps.due is None
