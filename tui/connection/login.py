"""Logging in, and when to try it again."""

from __future__ import annotations

from evchat.settings.client import RETRY_FIRST, RETRY_MAX
from tui.connection.sender import PASSING
from tui.model.session_events import CONNECTING, REFUSED, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui.model.server_events import Answer

LOGIN_RETRY = 5_000
NAME_HELD_FOR = 180_000
"""Milliseconds after which a server has noticed that our connection of before is dead, so that our name is free."""


class Login:
    """What `user` logs in with, over one connection after the other. `due` (ms) is when to try it once more."""

    def __init__(self, user: str, password: str | None) -> None:
        self.user = user
        self.password = password
        self.due: int | None = None
        self._was_in = False
        self._held_since: int | None = None
        self._wait = RETRY_FIRST

    def change(self, user: str, password: str | None) -> None:
        """Somebody else logs in now."""
        self.user, self.password = user, password
        self._was_in = False
        self._held_since = self.due = None

    def request(self) -> dict[str, Any]:
        """What logs in."""
        self.due = None
        request = {"request": "login", "content": self.user}
        return request if self.password is None else {**request, "password": self.password}

    def succeeded(self) -> None:
        """One is logged in."""
        self._was_in, self._held_since, self._wait = True, None, RETRY_FIRST

    def refused(self, answer: Answer, now: int) -> State:
        """The server refused it: for good, or until it is tried once more."""
        if answer.code == "name-taken" and self._was_in:
            self._held_since = now if self._held_since is None else self._held_since
            if now - self._held_since < NAME_HELD_FOR:
                self.due = now + LOGIN_RETRY
                return State(CONNECTING, "Your connection of before still holds your name.")
        if answer.code not in PASSING:
            return State(REFUSED, answer.content)
        self.due = now + self._wait
        self._wait = min(self._wait * 2, RETRY_MAX)
        return State(CONNECTING, answer.content)
