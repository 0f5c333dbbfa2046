"""Operators of the server, as the tests make them."""

from __future__ import annotations

from typing import Any

from evchat.core import records as rec
from evchat.protocol.basics import Failed
from evchat.protocol.login import Login
from evchat.protocol.operators import Oper, OperGranted
from tests.cheap_passwords import cheap_secret
from tests.core.playbook import (
    Playbook,
)

SECRET = cheap_secret("secret")


def play_with_root(*people: str, **rules: Any) -> Playbook:
    """Root is an operator of the server, and the people are there. Nobody has heard anything."""
    play = Playbook(operators=(("Root", SECRET),), **rules)
    play.enter("root", *people)
    play.tell("root", Oper("Root", "secret"), OperGranted)
    play.forget()
    play.logged.clear()
    return play


def acts(play: Playbook) -> list[tuple[str, str, str, str]]:
    """What was written down since it began, but who became an operator."""
    kept = [record for record in play.disk.kept if isinstance(record, rec.AuditRecord)]
    found = [(x.by, x.act, x.target, x.detail) for x in kept if x.act != "oper"]
    told = [facts for event, facts in play.logged if event == "operator"]
    assert [(x["by"], x["act"], x["target"], x["detail"]) for x in told] == found, "the log says the same"
    return found


def login(play: Playbook, name: str, address: str = "198.51.100.7", password: str | None = None) -> str:
    """The code with which a login is refused; "" if it is not."""
    who = f"{name} {len(play.heard)}"
    play.connect(who, address)
    play.ask(who, Login(name, password))
    codes = [event.code for event in play.heard[play.sid(who)] if isinstance(event, Failed)]
    return codes[0] if codes else ""
