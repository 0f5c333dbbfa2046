"""The login, and when to retry it."""

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
"""Milliseconds until a server has noticed that our previous connection is dead, so that our name is free."""


class Login:
    """The login of `user` over successive connections. `due` (ms) is the time of the next try."""

    def __init__(self, user: str, password: str | None) -> None:
        self.user = user
        self.password = password
        self.due: int | None = None
        self._was_in = False
        self._held_since: int | None = None
        self._wait = RETRY_FIRST

    def change(self, user: str, password: str | None) -> None:
        """Changes the user to log in as."""
        self.user, self.password = user, password
        self._was_in = False
        self._held_since = self.due = None

    def request(self) -> dict[str, Any]:
        """The login request."""
        self.due = None
        request = {"request": "login", "content": self.user}
        return request if self.password is None else {**request, "password": self.password}

    def succeeded(self) -> None:
        """The login has succeeded."""
        self._was_in, self._held_since, self._wait = True, None, RETRY_FIRST

    def refused(self, answer: Answer, now: int) -> State:
        """The server refused the login: for good, or until the next try."""
        if answer.code == "name-taken" and self._was_in:
            self._held_since = now if self._held_since is None else self._held_since
            if now - self._held_since < NAME_HELD_FOR:
                self.due = now + LOGIN_RETRY
                return State(CONNECTING, "Your previous connection still has your name.")
        if answer.code not in PASSING:
            return State(REFUSED, answer.content)
        self.due = now + self._wait
        self._wait = min(self._wait * 2, RETRY_MAX)
        return State(CONNECTING, answer.content)
