"""Requests become frames while there is a connection."""

from __future__ import annotations

from itertools import count

from tui.connection.requests import Requests
from tui.connection.sequence import Sequence


def made() -> Requests:
    ids = count(1)
    requests = Requests(lambda: f"id-{next(ids)}")
    requests.connected = True
    return requests


def test_a_request_becomes_a_line_if_there_is_a_connection() -> None:
    requests = made()
    assert requests.send({"request": "pong"})
    assert requests.out == [b'{"request":"pong"}\n']
    requests.connected = False
    assert requests.send({"request": "pong"})
    assert len(requests.out) == 1


def test_one_that_is_too_large_is_not_sent() -> None:
    requests = made()
    requests.max_bytes = 20
    assert not requests.send({"request": "pong" * 10})
    assert requests.out == []


def test_what_the_session_asks_for_is_known_by_its_id_until_the_connection_is_lost() -> None:
    requests, stream = made(), Sequence("#main")
    requests.ask("history", {"request": "history"}, stream)
    assert requests.own == {"id-1": ("history", stream)}
    assert requests.out == [b'{"request":"history","id":"id-1"}\n']
    requests.lost()
    assert (requests.own, requests.out, requests.connected) == ({}, [], False)
