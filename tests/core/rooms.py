"""Rooms to test in: #tea with alice, who is its operator, and questions about it."""

from __future__ import annotations

from typing import Any

from evchat.protocol.base import Request
from evchat.protocol.basics import Failed
from evchat.protocol.channels import (
    Join,
    ListNames,
    NamesListed,
)
from evchat.protocol.messages import SendMessage
from evchat.protocol.modes import (
    ChannelMode,
    ModesTold,
    write,
)
from tests.core.playbook import Playbook, snapshot


def room(*others: str, **rules: Any) -> Playbook:
    """#tea, where alice keeps order and the others are; carol is outside. Nobody has heard anything."""
    play = Playbook(**rules)
    play.enter("alice", "bob", "carol")
    for who in ("alice", *others):
        play.ask(who, Join(("#tea",)))
    play.forget()
    return play


def mode(text: str | None, to: str | None = "#tea", **more: Any) -> ChannelMode:
    return ChannelMode(text, to, **more)


def told(play: Playbook, who: str = "alice") -> str:
    """The modes of #tea as a line."""
    return write(play.tell(who, mode(None), ModesTold).changes)


def roles(play: Playbook, who: str = "alice") -> dict[str, str]:
    listed = play.tell(who, ListNames("#tea"), NamesListed)
    assert listed.names == tuple(member.name for member in listed.members)
    return {member.name: member.roles for member in listed.members}


def refused(play: Playbook, who: str, request: Request) -> tuple[str, str]:
    """The code and what it is about; nobody else hears anything, and nothing has changed."""
    before = snapshot(play.chat)
    about = []
    code = play.refusal(who, request)
    about = [event.about for event in play.heard[play.sid(who)] if isinstance(event, Failed)]
    assert snapshot(play.chat) == before
    return code, about[-1]


def owned(**rules: Any) -> Playbook:
    """#tea, which alice has made under a registered name; bob is in it too."""
    play = Playbook(**rules)
    play.register("alice")
    play.enter("bob", "carol")
    play.ask("alice", Join(("#Tea",)))
    play.ask("bob", Join(("#tea",)))
    play.forget()
    return play


def say(text: str = "hi") -> SendMessage:
    return SendMessage(text, "#tea")


def join(*keys: str) -> Join:
    return Join(("#tea",), keys=keys)
