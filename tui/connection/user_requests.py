"""The user's own requests: those under way, and what the session remembers of those that were granted."""

from __future__ import annotations

from tui.connection.standing import Standing
from tui.connection.watched import Watched
from tui.model.bounded_dict import BoundedDict
from tui.model.record import Record
from tui.model.server_events import Answer, Message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tui.connection.channels import Channels
    from tui.connection.login import Login
    from tui.connection.requests import Requests
    from tui.model.server_events import ServerEvent

    Request = dict[str, Any]


class UserRequests:
    """Sends the user's requests by `requests`, and puts their answers into `news`.

    What was granted is remembered in `login` and `channels`, and in `standing` and `watched`, which a server forgets
    with the connection. `rename` is told the user's new name, `said` a message of one's own that only its answer
    tells of, and `changed` the room and number of such a change.
    """

    def __init__(
        self,
        requests: Requests,
        news: list[ServerEvent],
        login: Login,
        channels: Channels,
        rename: Callable[[str], None],
        said: Callable[[Message], None],
        changed: Callable[[str, int | None], None],
    ) -> None:
        self.standing = Standing()
        self.watched = Watched()
        self._requests = requests
        self._news = news
        self._login = login
        self._channels = channels
        self._rename = rename
        self._said = said
        self._changed = changed
        self._under_way: dict[str, Request] = BoundedDict()

    def ask(self, request: Request, id: str, *, online: bool) -> None:
        """Sends a request under an id; if that can't be done, the answer is an error."""
        if not online:
            self._fail(id, "offline", "You are not connected. Try again later.")
        elif self._requests.send({**request, "id": id}):
            self._under_way[id] = request
        else:
            self._fail(id, "too-long", "That is too long for the server.")

    def say_again(self) -> None:
        """Tells the server after a login what it has forgotten with the connection before."""
        for request in self.standing.requests():
            self._requests.ask("standing", request)
        if self.watched.users:
            self._requests.ask("watch", self.watched.request())

    def is_under_way(self, id: str) -> bool:
        """Whether the request of that id is not answered yet."""
        return id in self._under_way

    def answered(self, answer: Answer) -> None:
        """The server has answered a request that is under way."""
        request = self._under_way.pop(answer.reply_to)
        if not answer.failed:
            self._granted(request, answer.facts)
        self._news.append(answer)

    def lost(self) -> None:
        """The connection is gone: nothing that is under way is answered any more."""
        for id in self._under_way:
            self._fail(id, "offline", "The connection was lost before the answer arrived.")
        self._under_way.clear()

    def _granted(self, request: Request, facts: Record) -> None:
        name = request.get("request")
        if name == "part":
            for channel in facts.texts("channels"):
                self._channels.leave(channel)
        elif name in ("register", "password") and isinstance(request.get("password"), str):
            self._login.registered(request["password"])
        elif name == "unregister":
            self._login.unregistered()
        elif name in ("watch", "unwatch", "watched"):
            self.watched.asked(request)
        elif name in ("away", "usermode", "realname"):
            self.standing.asked(request, facts)
        elif name == "notice" and facts.number("seq") is not None:
            said = {
                "sender": self._login.user,
                "to": facts.text("to"),
                "content": request["content"],
                "notice": True,
            }
            self._said(Message({**said, "seq": facts.number("seq"), "at": facts.number("at")}))
        elif name in ("redact", "edit") and facts.text("to"):
            self._changed(facts.text("to"), facts.number("rev"))
        elif name == "nick" and facts.text("name"):
            self._rename(facts.text("name"))

    def _fail(self, id: str, code: str, text: str) -> None:
        facts = {"response": "error", "reply_to": id, "code": code, "content": text}
        self._news.append(Answer(Record(facts)))
