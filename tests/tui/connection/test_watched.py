"""Whom one watches is remembered as the server has it."""

from __future__ import annotations

from evchat.settings.client import MAX_WATCHED
from tui.connection.watched import Watched


def test_it_follows_what_was_asked_for() -> None:
    watched = Watched()
    watched.asked({"request": "watch", "content": ["Bob", "carol"]})
    watched.asked({"request": "watch", "content": ["bob"]})
    watched.asked({"request": "unwatch", "content": ["CAROL", "nobody"]})
    assert watched.request() == {"request": "watch", "content": ["bob"]}
    watched.asked({"request": "watched"})
    assert watched.users
    watched.asked({"request": "watched", "clear": True})
    assert not watched.users


def test_it_is_bounded_whatever_is_asked() -> None:
    watched = Watched()
    watched.asked({"request": "watch", "content": [f"user{number}" for number in range(MAX_WATCHED + 50)]})
    assert len(watched.users) == MAX_WATCHED
    watched.asked({"request": "watch", "content": "bob"})
    watched.asked({"request": "watch", "content": [None, 7]})
