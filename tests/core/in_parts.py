"""Logins in parts, as the tests do them."""

from __future__ import annotations

from evchat.protocol.base import Event
from evchat.protocol.basics import Failed
from evchat.protocol.login import ChangeNick, Introduce, LoggedIn
from tests.core.playbook import (
    BEGIN,
    Playbook,
)

USER = Introduce("~al", "Alice A.")


PART = BEGIN


def met(**rules: object) -> Playbook:
    """A play in which a client that logs in in parts is connected as x."""
    play = Playbook(**rules)
    play.connect("x")
    assert play.ask("x", PART) == []
    return play


def logged_in(events: list[Event]) -> list[str]:
    return [event.name for event in events if isinstance(event, LoggedIn)]


def codes(events: list[Event]) -> list[str]:
    return [event.code for event in events if isinstance(event, Failed)]


def enter_in_parts(play: Playbook, who: str) -> None:
    play.connect(who)
    play.ask(who, BEGIN)
    play.ask(who, Introduce(who, who))
    play.tell(who, ChangeNick(who), LoggedIn)
