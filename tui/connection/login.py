"""The login, by which a session that was lost goes on, and when to retry it."""

from __future__ import annotations

from evchat.settings.client import RETRY_FIRST, RETRY_MAX
from tui.connection.sender import PASSING
from tui.model.session_events import CONNECTING, NAME, PASSWORD, REFUSED, SERVER_PASSWORD, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui.model.record import Record
    from tui.model.server_events import Answer

LOGIN_RETRY = 5_000
NAME_HELD_FOR = 180_000
"""Milliseconds until a server has noticed that our previous connection is dead, so that our name is free."""

_NEEDS = {
    "server-password": SERVER_PASSWORD,
    "name-taken": NAME,
    "bad-name": NAME,
    "not-registered": NAME,
    "accounts-only": NAME,
    "password-needed": PASSWORD,
    "wrong-password": PASSWORD,
}
"""What the user has to give after a refusal, by error code."""

_HAS_NONE = "bad-request"
"""The refusal of a password by a server that has none."""


class Login:
    """The login of `user` over successive connections. `due` (ms) is the time of the next try."""

    def __init__(self, user: str, password: str | None, server_password: str | None = None) -> None:
        self.user = user
        self.password = password
        self.account = "" if password is None else user
        """The name that the password belongs to. Its owner may be called something else, and logs in as this one."""
        self.server_password = server_password
        self.due: int | None = None
        self._admitted = False
        self._was_in = False
        self._token = ""
        """What our session goes on with on another connection; never on disk, because it is as good as a password."""
        self._unanswered = self._answer_lost = False
        """Whether a login has no answer yet; and whether a connection was lost before it came: it may have worked."""
        self._can_resume = False
        self._held_since: int | None = None
        self._wait = RETRY_FIRST

    @property
    def name(self) -> str:
        """The name that the next login asks for."""
        return self.user if self._token or not self.account else self.account

    def registered(self, password: str) -> None:
        """The user's name, or the account, has this password from now on."""
        self.account, self.password = self.account or self.user, password

    def unregistered(self) -> None:
        """The account is given up."""
        self.account, self.password = "", None

    def connected(self) -> None:
        """A new connection stands, on which nothing was given yet."""
        self._admitted = False
        self._answer_lost |= self._unanswered

    def change(self, user: str, password: str | None) -> None:
        """Changes the user to log in as."""
        self.user, self.password = user, password
        self.account = "" if password is None else user
        self._was_in = self._unanswered = self._answer_lost = False
        self._token = ""
        self._held_since = self.due = None

    def change_server_password(self, password: str) -> None:
        """Changes what is given to the server before the login."""
        self.server_password, self._admitted, self.due = password, False, None

    def request(self) -> dict[str, Any]:
        """The next request: the server's password, if there is one to give, then the login."""
        self.due = None
        if self.server_password is not None and not self._admitted:
            return {"request": "pass", "password": self.server_password}
        request = {"request": "login", "content": self.name}
        self._unanswered = True
        if self._token:
            return {**request, "resume": self._token}
        return request if self.password is None else {**request, "password": self.password}

    def passed(self, answer: Answer, now: int) -> State | None:
        """The server has answered to its password. Returns None if the login follows."""
        if not answer.failed or answer.code == _HAS_NONE:
            self._admitted = True
            return None
        if answer.code == "wrong-password":
            return State(REFUSED, answer.content, code=answer.code, needs=SERVER_PASSWORD, name=self.user)
        return self.refused(answer, now)

    def succeeded(self, facts: Record) -> None:
        """The login has succeeded, with this answer."""
        self._was_in, self._held_since, self._wait = True, None, RETRY_FIRST
        self._token, self._can_resume = facts.text("resume"), facts.count("resume_for") > 0
        self._unanswered = self._answer_lost = False

    def refused(self, answer: Answer, now: int) -> State:
        """The server refused the login: for good, or until the next try."""
        self._unanswered = False
        if answer.code == "resume-unknown":
            self._token, self.due = "", now
            return State(CONNECTING)
        if answer.code == "name-taken":
            left = answer.facts.number("free_in") or self._still_held(now)
            if left:
                self.due = now + max(min(LOGIN_RETRY, left), RETRY_FIRST)
                return State(
                    CONNECTING,
                    f"The name {self.name} is still held for a lost connection, {-(-left // 1000)} s at most.",
                    code=answer.code,
                )
        if answer.code not in PASSING:
            return State(
                REFUSED,
                answer.content,
                code=answer.code,
                needs=_NEEDS.get(answer.code, ""),
                name=self.name,
                suggestion=answer.facts.text("suggestion"),
            )
        self.due = now + self._wait
        self._wait = min(self._wait * 2, RETRY_MAX)
        return State(CONNECTING, answer.content, code=answer.code)

    def _still_held(self, now: int) -> int:
        """For how many milliseconds our name may yet be taken by a session of our own that we can't resume, and of
        which the server does not say so.
        """
        if not self._answer_lost and (not self._was_in or self._can_resume):
            return 0
        if self._held_since is None:
            self._held_since = now
        return max(0, self._held_since + NAME_HELD_FOR - now)
