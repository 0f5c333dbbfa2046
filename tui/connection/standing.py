"""The user's away status, modes and real name. A server forgets them with the connection."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui.model.record import Record

    Request = dict[str, Any]

_NOT_OURS = frozenset("o")
"""Modes that can't be asked for: a server's operator has to say a password."""


class Standing:
    """`away` is the away message, empty if the user is here; `modes` are the letters that are on."""

    def __init__(self) -> None:
        self.away = ""
        self.modes: set[str] = set()
        self.realname = ""

    def clear(self) -> None:
        """Forgets it: it was another user's."""
        self.away = self.realname = ""
        self.modes.clear()

    def asked(self, request: Request, facts: Record) -> None:
        """The server has done what a request about oneself asked it for."""
        name, content = request.get("request"), request.get("content")
        text = content if isinstance(content, str) else ""
        if name == "away":
            self.away = text
        elif name == "realname":
            self.realname = "" if text.strip() == "-" else text
        elif name == "usermode" and text:
            for sign, letters in re.findall("([+-])([A-Za-z]+)", facts.text("content")):
                for letter in letters:
                    (self.modes.add if sign == "+" else self.modes.discard)(letter)
            self.modes -= _NOT_OURS

    def requests(self) -> list[Request]:
        """What says it to the server again."""
        said: list[Request] = []
        if self.realname:
            said.append({"request": "realname", "content": self.realname})
        if self.modes:
            said.append({"request": "usermode", "content": "+" + "".join(sorted(self.modes))})
        if self.away:
            said.append({"request": "away", "content": self.away})
        return said

    def facts(self) -> dict[str, Any]:
        """It as it is kept on disk."""
        kept = {"away": self.away, "modes": "".join(sorted(self.modes)), "realname": self.realname}
        return {name: text for name, text in kept.items() if text}

    def recall(self, facts: Record) -> None:
        """It as it was kept."""
        self.away, self.realname = facts.text("away"), facts.text("realname")
        self.modes = set(re.findall("[A-Za-z]", facts.text("modes"))) - _NOT_OURS
