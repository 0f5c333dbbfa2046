"""The conversation with the server, without any I/O: logging in, staying in, sending every line, missing no message.

Bytes go in by `receive`, frames come out in `out`, and what the screen should know comes back as events: the server's
own (`server_events`), each message once and with its `room`, and those of the session (`session_events`).
"""

from __future__ import annotations

from evchat.dialects.json.client import NOT_AN_OBJECT, ServerError, ServerLines, encode_object
from evchat.protocol import names
from evchat.settings.client import (
    HISTORY_PAGE,
    MAX_CHANNELS,
    MAX_JOINS_AT_ONCE,
    MAX_REFRESHED,
    MAX_REQUEST_BYTES,
    RETRY_FIRST,
    RETRY_MAX,
)
from tui.connection.heartbeat import Heartbeat
from tui.connection.router import Arrivals
from tui.connection.sender import PASSING, Sender
from tui.connection.watched import Watched
from tui.model.bounded_dict import Recent
from tui.model.record import Record
from tui.model.server_events import (
    Answer,
    History,
    Joined,
    Kicked,
    Left,
    Message,
    Ping,
    Redacted,
    Renamed,
    Welcome,
    decode,
)
from tui.model.session_events import CONNECTING, OFFLINE, ONLINE, REFUSED, Direct, Directs, LoggedIn, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui.connection.outbox import Line, Outbox
    from tui.connection.sequence import Stream
    from tui.model.server_events import ServerEvent

    Request = dict[str, Any]

VERSION = 1
"""Of the protocol."""

LOGIN_RETRY = 5_000
NAME_HELD_FOR = 180_000
"""Milliseconds after which a server has noticed that our connection of before is dead, so that our name is free."""

_LOOKED_BACK = 20
"""Messages before the last one that are asked for once more on coming back: some may have been taken back meanwhile."""
_WRONG_SERVER = "What answers there is no evchat server."


class Session:
    """One user's conversation with one server, over all its connections. Times are milliseconds since the epoch.

    `user` and `password` are what it logs in with, `channels` where it goes then. `out` are frames to be sent: who
    sends them takes them out. `broken` says why the present connection is of no use any more and should be closed.
    """

    def __init__(self, user: str, password: str | None, channels: tuple[str, ...], outbox: Outbox) -> None:
        self.user = user
        self.password = password
        self.out: list[bytes] = []
        self.broken = ""
        self.state = OFFLINE
        self._outbox = outbox
        self._news: list[ServerEvent] = []
        self._sender = Sender(outbox, self._request, self._news.append)
        self._arrivals = Arrivals(user, self._news, self._sender.seen)
        self._channels = {names.channel_key(name): name for name in channels}
        """Where one wants to be."""
        self._left: set[str] = set()
        self._entered: set[str] = set()
        """Where one is, on this connection."""
        self._watched = Watched()
        self._asked: dict[str, Request] = Recent()
        """The user's requests that are under way."""
        self._internal: dict[str, tuple[str, Stream | None]] = {}
        """Our own requests that are under way: what for, and of which room."""
        self._lines = ServerLines()
        self._standing = False
        self._welcomed = False
        self._was_in = False
        self._held_since: int | None = None
        self._last_words = ""
        self._most_bytes = MAX_REQUEST_BYTES
        self._heart = Heartbeat()
        self._unfilled: list[Stream] = []
        self._fill_due: int | None = None
        """When to ask once more for what the server could not read."""
        self._login_due: int | None = None
        self._login_wait = RETRY_FIRST

    # ---- the connection ---------------------------------------------------------------------------------------

    def connecting(self, now: int) -> None:
        """A connection is being made."""
        self._tell_state(CONNECTING)

    def connected(self, now: int) -> None:
        """A new connection stands."""
        self._standing = True
        self._heart.begin(now)
        self._tell_state(CONNECTING)
        client = {"version": VERSION, "client": "evchat-tui"}
        self._request({"request": "hello", "content": client, "id": self._own_id("hello")})
        self._log_in()

    def lost(self, now: int, reason: str = "", retry_at: int | None = None) -> None:
        """The connection is gone, or could not be made; it is tried again at `retry_at`."""
        reason = self._last_words or self.broken or reason
        self._standing = self._welcomed = False
        self.broken = self._last_words = ""
        self.out.clear()
        self._lines.reset()
        self._internal.clear()
        self._entered.clear()
        self._sender.stop()
        self._arrivals.lost()
        self._unfilled.clear()
        self._heart.stop()
        self._login_due = self._fill_due = None
        for id in self._asked:
            self._fail(id, "offline", "The connection was lost before the answer came.")
        self._asked.clear()
        if self.state != REFUSED:
            self._tell_state(OFFLINE, reason, retry_at)

    # ---- what the user wants ----------------------------------------------------------------------------------

    def say(self, room: str, text: str, now: int, action: bool = False, id: str = "") -> str:
        """Sends a line to a channel, a user, or `*`, now or when possible; returns its id. It is on disk first."""
        return self._sender.say(room, text, now, action=action, id=id)

    def again(self, id: str, now: int, new_id: str = "") -> str:
        """Sends a line once more that has failed; returns the id that it has now."""
        return self._sender.again(id, now, new_id)

    def drop(self, id: str) -> None:
        """Forgets a line that is not to be sent any more."""
        self._sender.drop(id)

    def pending(self) -> list[Line]:
        """The lines that are queued or have failed, oldest first."""
        return list(self._outbox.lines.values())

    def ask(self, request: Request, now: int, id: str = "") -> str:
        """Sends a request, with the keys of PROTOCOL.md; returns the id that its answer bears as `reply_to`."""
        id = id or self._outbox.new_id()
        if self.state != ONLINE:
            self._fail(id, "offline", "You are not connected. Try again when you are.")
        elif self._request({**request, "id": id}):
            self._asked[id] = request
        else:
            self._fail(id, "too-long", "That is too long for the server.")
        return id

    def login(self, user: str, password: str | None, now: int) -> None:
        """Logs in under another name, or with another password."""
        if self.state == ONLINE:
            self._request({"request": "logout", "id": self._own_id("logout")})
            self._entered.clear()
            self._sender.stop()
        self._call(user)
        self.password = password
        self._was_in = False
        self._held_since = self._login_due = None
        self._tell_state(CONNECTING if self._standing else OFFLINE)
        if self._standing:
            self._log_in()

    # ---- time -------------------------------------------------------------------------------------------------

    @property
    def deadline(self) -> int | None:
        """When `poll` should be called at the latest, if nothing else happens."""
        due = (self._heart.timeout, self._heart.due, self._login_due, self._fill_due, self._sender.due)
        return min((at for at in due if at is not None), default=None)

    @property
    def latency_ms(self) -> int | None:
        """How long the server took for its last sign of life."""
        return self._heart.latency_ms

    def poll(self, now: int) -> list[ServerEvent]:
        """Does what is due, and returns what the screen should know since the last time."""
        if self._login_due is not None and now >= self._login_due:
            self._login_due = None
            self._log_in()
        if self._fill_due is not None and now >= self._fill_due:
            self._fill_due = None
            unfilled, self._unfilled = self._unfilled, []
            for stream in unfilled:
                stream.filling = False
                self._fill(stream)
        if self._sender.due is not None and now >= self._sender.due:
            self._sender.pump(now)
        if self._heart.due is not None and now >= self._heart.due:
            self._ping(now)
        self.broken = self._heart.died(now) or self.broken
        news = self._news[:]
        self._news.clear()
        return news

    # ---- what the server says ---------------------------------------------------------------------------------

    def receive(self, data: bytes, now: int) -> list[ServerEvent]:
        """Takes what the server sent, in any pieces; returns what the screen should know."""
        self._heart.heard(now)
        try:
            objects = self._lines.receive(data)
        except ServerError:
            self._lines.reset()
            self.broken = _WRONG_SERVER
            objects = []
        for facts in objects:
            if facts is NOT_AN_OBJECT:
                self._garbage()
                continue
            event = decode(facts)
            if type(event) is Message:
                self._fill(self._arrivals.message(event))
            elif event is not None:
                self._hear(event, now)
        return self.poll(now)

    def _garbage(self) -> None:
        """Something is not the protocol. From a server that has answered before, it is passed over."""
        if not self._welcomed:
            self.broken = _WRONG_SERVER
            self._tell_state(REFUSED, _WRONG_SERVER)

    def _hear(self, event: ServerEvent, now: int) -> None:
        match event:
            case Answer():
                self._answer(event, now)
            case Ping():
                self._request({"request": "pong"})
            case Redacted():
                self._arrivals.redacted(event)
            case History():
                self._fill(self._arrivals.recent(event))
            case _:
                if self._note(event):
                    self._news.append(event)

    def _note(self, event: ServerEvent) -> bool:
        """Remembers where one is and what one is called. Returns whether the screen should know of the event."""
        match event:
            case Renamed() if event.content and self._is_me(event.sender):
                self._call(event.content)
            case Left() if event.to and self._is_me(event.sender):
                self._forget(event.to)
            case Kicked() if event.to and self._is_me(event.name):
                self._forget(event.to)
            case Joined() if event.to and self._is_me(event.sender):
                return self._came_into(event)
        return True

    def _is_me(self, name: str) -> bool:
        return names.user_key(name) == names.user_key(self.user)

    def _came_into(self, event: Joined) -> bool:
        key = names.channel_key(event.to)
        if key in self._left and event.login:
            # Every login leads into the main channel; who has left it stays away.
            self._request({"request": "part", "content": event.to, "id": self._own_id("part")})
            return False
        if key not in self._channels and len(self._channels) >= MAX_CHANNELS:
            return False
        self._left.discard(key)
        self._entered.add(key)
        self._channels.setdefault(key, event.to)
        if event.seq is not None:
            self._arrivals.stream(event.to).head(event.seq, self._news, event.read or 0)
        return True

    def _forget(self, channel: str) -> None:
        key = names.channel_key(channel)
        self._channels.pop(key, None)
        self._entered.discard(key)
        self._left.add(key)

    def _call(self, name: str) -> None:
        self.user = name
        self._arrivals.rename(name)

    # ---- answers ----------------------------------------------------------------------------------------------

    def _answer(self, answer: Answer, now: int) -> None:
        id = answer.reply_to
        if self._sender.is_flying(id):
            room = self._sender.answered(answer, now)
            seq, at = answer.facts.number("seq"), answer.facts.number("at")
            if room is not None and seq is not None and at is not None:
                self._said(room, seq, at, answer.facts.flag("duplicate"))
        elif id in self._internal:
            what, stream = self._internal.pop(id)
            self._own_answer(what, stream, answer, now)
        elif id in self._asked:
            request = self._asked.pop(id)
            if not answer.failed:
                self._asked_for(request, answer.facts)
            self._news.append(answer)
        elif not id and answer.closing:
            self._last_words = answer.content
        elif not id:
            self._news.append(answer)

    def _said(self, room: str, seq: int, at: int, duplicate: bool) -> None:
        """A line of ours has its place in its room."""
        stream = self._arrivals.stream(room)
        if duplicate and room == names.EVERYONE:
            at = 0  # this answer does not tell when it was first said
        if stream.take(seq, at, None, self._news, live=not duplicate):
            self._fill(stream)

    def _asked_for(self, request: Request, facts: Record) -> None:
        """The user has got what was asked for."""
        name = request.get("request")
        if name == "part":
            for channel in facts.texts("channels"):
                self._forget(channel)
        elif name == "register" and isinstance(request.get("password"), str):
            self.password = request["password"]
        elif name in ("watch", "unwatch", "watched"):
            self._watched.asked(request)
        elif name == "notice" and facts.number("seq") is not None:
            said = {
                "sender": self.user,
                "to": facts.text("to"),
                "content": request["content"],
                "notice": True,
            }
            place = {"seq": facts.number("seq"), "at": facts.number("at")}
            self._fill(self._arrivals.message(Message({**said, **place})))
        elif name == "nick" and facts.text("name"):
            self._call(facts.text("name"))

    def _own_answer(self, what: str, stream: Stream | None, answer: Answer, now: int) -> None:
        if what == "hello":
            self._greeted(answer, now)
        elif what == "login" and answer.failed:
            self._login_refused(answer, now)
        elif what == "login":
            self._logged_in(answer.facts, now)
        elif what == "ping":
            self._heart.answered(now)
            # All that a login leads into has come by now. Who was in elsewhere is led where that one is.
            main = self._channels.get(names.MAIN)
            if main is not None and names.MAIN not in self._entered and self.state == ONLINE:
                self._join([main])
        elif what == "directs":
            self._refresh(answer)
        elif what == "join" and answer.failed:
            self._news.append(answer)
        elif what == "history" and stream is not None:
            if answer.code in PASSING:
                self._unfilled.append(stream)
                self._fill_due = now + RETRY_FIRST
            else:
                self._fill(self._arrivals.filled(stream, answer))

    def _greeted(self, answer: Answer, now: int) -> None:
        self._heart.answered(now)
        if answer.failed:
            self._tell_state(REFUSED, answer.content)
            return
        self._welcomed = True
        if isinstance(answer, Welcome):
            self._most_bytes = answer.object_bytes or MAX_REQUEST_BYTES
        self._news.append(answer)

    # ---- logging in -------------------------------------------------------------------------------------------

    def _log_in(self) -> None:
        request = {"request": "login", "content": self.user, "id": self._own_id("login")}
        if self.password is not None:
            request["password"] = self.password
        self._request(request)

    def _login_refused(self, answer: Answer, now: int) -> None:
        code, reason = answer.code, answer.content
        if code == "name-taken" and self._was_in:
            self._held_since = now if self._held_since is None else self._held_since
            if now - self._held_since < NAME_HELD_FOR:
                self._login_due = now + LOGIN_RETRY
                self._tell_state(CONNECTING, "Your connection of before still holds your name.")
                return
        if code in PASSING:
            self._login_due = now + self._login_wait
            self._login_wait = min(self._login_wait * 2, RETRY_MAX)
            self._tell_state(CONNECTING, reason)
        else:
            self._tell_state(REFUSED, reason)

    def _logged_in(self, facts: Record, now: int) -> None:
        if facts.text("name"):
            self._call(facts.text("name"))
        self._was_in, self._held_since, self._login_wait = True, None, RETRY_FIRST
        self._news.append(LoggedIn(self.user))
        self._tell_state(ONLINE)
        # Goes where one was, sends what waits, and asks for what was missed.
        waiting = {
            names.channel_key(line.room): line.room for line in self.pending() if names.is_channel(line.room)
        }
        self._join([channel for key, channel in {**waiting, **self._channels}.items() if key != names.MAIN])
        self._sender.start(now)
        self._ping(now)
        self._request({"request": "directs", "id": self._own_id("directs")})
        if self._watched.users:
            self._request({**self._watched.request(), "id": self._own_id("watch")})

    def _join(self, channels: list[str]) -> None:
        """Comes into channels: with a request each if little was missed there, and with one if they are many."""
        streams = [self._arrivals.stream(name) for name in channels if names.check_channel_name(name) is None]
        known = [stream for stream in streams if stream.last]
        known = known if len(known) <= MAX_JOINS_AT_ONCE else []
        for stream in known:
            request = {
                "request": "join",
                "content": stream.room,
                "after": max(stream.after - _LOOKED_BACK, 0),
            }
            self._request({**request, "id": self._own_id("join")})
        fresh = [stream.room for stream in streams if stream not in known]
        if fresh:
            self._request({"request": "join", "content": fresh, "id": self._own_id("join")})

    # ---- what is missing --------------------------------------------------------------------------------------

    def _refresh(self, answer: Answer) -> None:
        """The direct conversations there are: asks for what came in them while one was away, or is not read yet."""
        rows = [Direct(row) for row in answer.facts.records("content")]
        # A server that can't list them is asked for those that are known.
        behind = (
            self._arrivals.directs(MAX_REFRESHED)
            if answer.failed
            else self._arrivals.behind(rows, MAX_REFRESHED)
        )
        for stream in behind:
            self._fill(stream)
        self._news.append(Directs(rows))

    def _fill(self, stream: Stream | None) -> None:
        """Asks for what is missing in a room, unless that is under way."""
        if stream is not None and not stream.filling and self.state == ONLINE:
            stream.filling = True
            id = self._own_id("history", stream)
            self._request(
                {
                    "request": "history",
                    "to": stream.room,
                    "after": stream.after,
                    "limit": HISTORY_PAGE,
                    "id": id,
                }
            )

    # ---- requests ---------------------------------------------------------------------------------------------

    def _own_id(self, what: str, stream: Stream | None = None) -> str:
        id = self._outbox.new_id()
        self._internal[id] = (what, stream)
        return id

    def _request(self, request: Request) -> bool:
        """Puts a request out; returns False, and does nothing, if it is too large."""
        frame = encode_object(request)
        if len(frame) > self._most_bytes:
            return False
        if self._standing:
            self.out.append(frame)
        return True

    def _ping(self, now: int) -> None:
        self._heart.asked(now)
        self._request({"request": "ping", "id": self._own_id("ping")})

    # ---- telling ----------------------------------------------------------------------------------------------

    def _tell_state(self, state: str, reason: str = "", retry_at: int | None = None) -> None:
        self.state = state
        self._news.append(State(state, reason, retry_at))

    def _fail(self, id: str, code: str, text: str) -> None:
        self._news.append(
            Answer(Record({"response": "error", "reply_to": id, "code": code, "content": text}))
        )
