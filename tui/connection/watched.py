"""The watched users. A server forgets them with the connection, so they are sent again on the next one."""

from __future__ import annotations

from evchat.protocol.names import user_key
from evchat.settings.client import MAX_WATCHED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Request = dict[str, Any]


class Watched:
    """`users` are the names of those one watches, by their keys."""

    def __init__(self) -> None:
        self.users: dict[str, str] = {}

    def asked(self, request: Request) -> None:
        """The server has done what `watch`, `unwatch` or `watched` asked it for."""
        name, content = request.get("request"), request.get("content")
        if name == "watched":
            if request.get("clear") is True:
                self.users.clear()
            return
        for user in content if isinstance(content, list) else ():
            if isinstance(user, str):
                self.users.pop(user_key(user), None)
                if name == "watch" and len(self.users) < MAX_WATCHED:
                    self.users[user_key(user)] = user

    def request(self) -> Request:
        """What tells it to the server again."""
        return {"request": "watch", "content": list(self.users.values())}
