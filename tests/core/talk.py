"""People who talk, and what history tells of it."""

from __future__ import annotations

from evchat.protocol.history import (
    GetHistory,
    HistoryListed,
)
from evchat.protocol.messages import SendMessage
from tests.core.playbook import Playbook, said


def talk(play: Playbook, who: str, count: int, to: str | None = None) -> None:
    """Says 1, 2, 3 …; nobody has heard anything then."""
    for number in range(1, count + 1):
        play.ask(who, SendMessage(str(number), to))
    play.forget()


def listed(play: Playbook, who: str, request: GetHistory) -> tuple[str, bool]:
    """The texts of a history in one string, and whether there is more."""
    found = play.tell(who, request, HistoryListed)
    return " ".join(said(found.messages)), found.more
