"""The conversation with the server, without any I/O: logging in, staying in, sending every line, missing no message.

Bytes go in by `receive`, frames come out in `out`, and what the screen should know comes back as events: the server's
own (`server_events`), each message once and with its `room`, and those of the session (`session_events`).
"""

from __future__ import annotations

from evchat.dialects.json.client import NOT_AN_OBJECT, ServerError, ServerLines
from evchat.protocol import names
from evchat.settings.client import MAX_REFRESHED, MAX_REQUEST_BYTES
from tui.connection.channels import Channels, join_requests
from tui.connection.gaps import Gaps
from tui.connection.heartbeat import Heartbeat
from tui.connection.login import Login
from tui.connection.outage import Outage
from tui.connection.requests import Requests
from tui.connection.router import Router
from tui.connection.sender import Sender
from tui.connection.user_requests import UserRequests
from tui.model.record import Record
from tui.model.server_events import (
    Answer,
    History,
    Joined,
    Kicked,
    Left,
    Message,
    Ping,
    Presence,
    Redacted,
    Renamed,
    Welcome,
    decode,
)
from tui.model.session_events import (
    CONNECTING,
    OFFLINE,
    ONLINE,
    QUEUED,
    REFUSED,
    WRONG_SERVER,
    Direct,
    Directs,
    LoggedIn,
    State,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui.connection.outbox import Outbox, OutboxEntry
    from tui.connection.sequence import Sequence
    from tui.model.server_events import ServerEvent

    Request = dict[str, Any]

VERSION, CLIENT = 1, "evchat-tui"
"""The version of the protocol, and what we are."""
_WRONG_SERVER = "That is not an evchat server."


class Session:
    """One user's conversation with one server, over all its connections. Times are milliseconds since the epoch.

    `user` and `password` are what it logs in with, after the `server_password` if there is one; `channels` is where it
    goes then. The caller sends the frames in `out` and removes them. `broken` says why the present connection is of no
    use any more and should be closed.
    """

    def __init__(
        self,
        user: str,
        password: str | None,
        channels: tuple[str, ...],
        outbox: Outbox,
        server_password: str | None = None,
    ) -> None:
        self.broken = ""
        self.state = OFFLINE
        self._login = Login(user, password, server_password)
        self._outbox = outbox
        self._requests = Requests(outbox.new_id)
        self._news: list[ServerEvent] = []
        self._sender = Sender(outbox, self._requests.send, self._news.append)
        self._router = Router(user, self._news, self._sender.seen)
        self._gaps = Gaps(self._requests, self._router)
        self._channels = Channels(channels)
        self._user_requests = UserRequests(
            self._requests,
            self._news,
            self._login,
            self._channels,
            self._call,
            self._take,
            self._router.changed_by_user,
        )
        self._joining: dict[str, list[str]] = {}
        """The requests under way that go to several channels at once, or to none of them."""
        self._lines = ServerLines()
        self._welcomed = False
        self._keeps_rooms = False
        self._last_words: Answer | None = None
        self._outage = Outage()
        self._heart = Heartbeat()

    @property
    def user(self) -> str:
        """The user's name."""
        return self._login.user

    @property
    def account(self) -> str:
        """The name of the user's account, if the password is known; else empty."""
        return self._login.account

    @property
    def password(self) -> str | None:
        """What one logs in with."""
        return self._login.password

    @property
    def channels(self) -> list[str]:
        """The user's channels, in the order in which they were first wanted."""
        return self._channels.present

    def waits_for(self, *kinds: str) -> bool:
        """Whether the server has yet to answer a request of ours of one of these kinds: `join`, `ping`, `quit` …"""
        return self._requests.wait_for(kinds)

    @property
    def kept(self) -> dict[str, Any]:
        """The state for the next run of the program: the user's channels, away status, modes and real name."""
        return {**self._user_requests.standing.facts(), **self._channels.facts()}

    def recall(self, kept: dict[str, Any]) -> None:
        """What the run before has kept; to be called before the first connection."""
        facts = Record(kept)
        self._user_requests.standing.recall(facts)
        self._channels.recall(facts)

    @property
    def out(self) -> list[bytes]:
        """Frames to be sent."""
        return self._requests.out

    # ---- the connection ---------------------------------------------------------------------------------------

    def connecting(self, now: int) -> None:
        """A connection is being made."""
        self._tell_state(CONNECTING)

    def connected(self, now: int) -> None:
        """A new connection stands."""
        self._requests.connected = True
        self._heart.begin(now)
        self._login.connected()
        self._tell_state(CONNECTING)
        self._requests.ask("hello", {"request": "hello", "content": {"version": VERSION, "client": CLIENT}})
        self._log_in()

    def lost(self, now: int, reason: str = "", retry_at: int | None = None) -> None:
        """The connection is gone, or could not be made; it is tried again at `retry_at`."""
        words, self._last_words = self._last_words, None
        reason = (words and words.content) or self.broken or reason
        self._welcomed = False
        self.broken = ""
        self._lines.reset()
        self._requests.lost()
        self._channels.entered.clear()
        self._joining.clear()
        self._sender.stop()
        self._router.lost()
        self._gaps.lost()
        self._heart.stop()
        self._login.due = None
        self._user_requests.lost()
        if self.state == ONLINE:
            self._outage.begin(now)
        if self.state != REFUSED:
            self._enter_state(State(OFFLINE, reason, retry_at, code=words.code if words else ""))

    def refuse(self, refusal: State) -> None:
        """The server may not be the right one: nothing is said to it."""
        self._enter_state(refusal)

    # ---- what the user wants ----------------------------------------------------------------------------------

    def say(self, room: str, text: str, now: int, action: bool = False, id: str = "") -> str:
        """Sends a line to a channel, a user, or `*`, now or when possible; returns its id. It is on disk first."""
        return self._sender.say(room, text, now, action=action, id=id)

    def again(self, id: str, now: int, new_id: str = "") -> str:
        """Sends a line once more that has failed; returns the id that it has now."""
        return self._sender.again(id, now, new_id)

    def send_found(self, now: int) -> None:
        """Sends the lines that the outbox has found besides those that were said."""
        self._sender.pump(now)

    def drop(self, id: str) -> None:
        """Forgets a line that is not to be sent any more."""
        self._sender.drop(id)

    def pending(self) -> list[OutboxEntry]:
        """The lines that are queued or have failed, oldest first."""
        return list(self._outbox.lines.values())

    def ask(self, request: Request, now: int, id: str = "") -> str:
        """Sends a request, with the keys of PROTOCOL.md; returns the id that its answer bears as `reply_to`."""
        id = id or self._outbox.new_id()
        self._user_requests.ask(request, id, online=self.state == ONLINE)
        return id

    def say_goodbye(self) -> None:
        """Ends the session, so that it is not held for our return; also while a login has no answer yet."""
        if self._requests.connected:
            self._requests.ask("quit", {"request": "quit"})

    def login(self, user: str, password: str | None, now: int) -> None:
        """Logs in under another name, or with another password."""
        if self.state == ONLINE:
            self._requests.ask("logout", {"request": "logout"})
            self._channels.entered.clear()
            self._sender.stop()
        if not self._is_me(user):
            self._user_requests.standing.clear()
        self._login.change(user, password)
        self._router.rename(user)
        self._tell_state(CONNECTING if self._requests.connected else OFFLINE)
        if self._requests.connected:
            self._log_in()

    def give_server_password(self, password: str, now: int) -> None:
        """Gives the server's password, and logs in if it is right."""
        self._login.change_server_password(password)
        self._tell_state(CONNECTING if self._requests.connected else OFFLINE)
        if self._requests.connected:
            self._log_in()

    # ---- time -------------------------------------------------------------------------------------------------

    @property
    def deadline(self) -> int | None:
        """When `poll` should be called at the latest, if nothing else happens."""
        due = (self._heart.timeout, self._heart.due, self._login.due, self._gaps.due, self._sender.due)
        return min((at for at in due if at is not None), default=None)

    @property
    def latency_ms(self) -> int | None:
        """How long the server took for its last sign of life."""
        return self._heart.latency_ms

    def poll(self, now: int) -> list[ServerEvent]:
        """Does what is due, and returns what the screen should know since the last time."""
        if self._login.due is not None and now >= self._login.due:
            self._log_in()
        if self._gaps.due is not None and now >= self._gaps.due:
            self._gaps.retry()
        if self._sender.due is not None and now >= self._sender.due:
            self._sender.pump(now)
        if self._heart.due is not None and now >= self._heart.due:
            self._ping(now)
        self.broken = self._heart.died(now) or self.broken
        news = self._news[:]
        self._news.clear()
        self._outage.saw(news, self.user)
        if not self._requests.wait_for(("join", "history")):
            back = self._outage.over(held_up=self._sender.due is not None)
            if back is not None:
                news.append(back)
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
                self._take(event)
            elif event is not None:
                self._hear(event, now)
        return self.poll(now)

    def _garbage(self) -> None:
        """Something is not the protocol. From a server that has answered before, it is passed over."""
        if not self._welcomed:
            self.broken = _WRONG_SERVER
            self._enter_state(State(REFUSED, _WRONG_SERVER, code=WRONG_SERVER))

    def _hear(self, event: ServerEvent, now: int) -> None:
        match event:
            case Answer():
                self._answer(event, now)
            case Ping():
                self._requests.send({"request": "pong"})
            case Redacted():
                self._router.redacted(event)
            case History():
                self._gaps.fill(self._router.recent(event))
            case _:
                if self._note(event):
                    self._news.append(event)

    def _note(self, event: ServerEvent) -> bool:
        """Tracks the user's channels and name. Returns whether the screen should get the event."""
        match event:
            case Renamed() if event.content and self._is_me(event.sender):
                self._call(event.content)
            case Left() if event.to and self._is_me(event.sender):
                self._channels.leave(event.to)
            case Kicked() if event.to and self._is_me(event.name):
                self._channels.leave(event.to)
            case Presence() if self._is_me(event.sender):
                self._user_requests.standing.away = event.away or ""
            case Joined() if event.to and self._is_me(event.sender):
                return self._came_into(event)
        return True

    def _is_me(self, name: str) -> bool:
        return names.user_key(name) == names.user_key(self.user)

    def _came_into(self, event: Joined) -> bool:
        if self._channels.is_unwanted(event):
            self._requests.ask("part", {"request": "part", "content": event.to})
            return False
        if not self._channels.enter(event.to):
            return False
        self._gaps.check(self._router.entered(event))
        return True

    def _call(self, name: str) -> None:
        self._login.user = name
        self._router.rename(name)

    # ---- answers ----------------------------------------------------------------------------------------------

    def _answer(self, answer: Answer, now: int) -> None:
        id = answer.reply_to
        if self._sender.is_flying(id):
            room = self._sender.answered(answer, now)
            seq, at = answer.facts.number("seq"), answer.facts.number("at")
            if room is not None and seq is not None and at is not None:
                self._said(room, seq, at, answer.facts.flag("duplicate"))
        elif id in self._requests.own:
            what, sequence = self._requests.own.pop(id)
            self._own_answer(what, sequence, answer, now)
        elif self._user_requests.is_under_way(id):
            self._user_requests.answered(answer)
        elif not id and answer.closing:
            self._last_words = answer
        elif not id:
            self._news.append(answer)

    def _said(self, room: str, seq: int, at: int, duplicate: bool) -> None:
        """A line of ours has its place in its room."""
        sequence = self._router.sequence(room)
        if duplicate and room == names.EVERYONE:
            at = 0  # this answer does not tell when it was first said
        if sequence.take(seq, at, None, self._news, live=not duplicate):
            self._gaps.fill(sequence)

    def _take(self, message: Message) -> None:
        """A message has its place in its room; what is missing before it is asked for."""
        self._gaps.fill(self._router.message(message))

    def _own_answer(self, what: str, sequence: Sequence | None, answer: Answer, now: int) -> None:
        if what == "hello":
            self._greeted(answer, now)
        elif what == "pass":
            refused = self._login.passed(answer, now)
            if refused is None:
                self._log_in()
            else:
                self._enter_state(refused)
        elif what == "login" and answer.failed:
            self._enter_state(self._login.refused(answer, now))
        elif what == "login":
            self._logged_in(answer.facts, now)
        elif what == "ping":
            self._heart.answered(now)
            self._outage.answered()
            # All that a login leads into has come by now. Who was in elsewhere is led where that one is.
            if self.state == ONLINE:
                for name in self._channels.left_elsewhere():
                    self._news.append(Left(Record({"response": "left", "sender": self.user, "to": name})))
                self._join(self._channels.missing_main)
        elif what == "directs":
            self._refresh(answer)
        elif what == "nick" and answer.failed:
            self._news.append(answer)
        elif what == "join":
            several = self._joining.pop(answer.reply_to, [])
            if answer.failed and len(several) > 1:
                for channel in several:  # one that is closed now does not close the others
                    self._requests.ask("join", {"request": "join", "content": [channel]})
            elif answer.failed:
                self._news.append(answer)
        elif sequence is not None:
            self._gaps.answered(what, sequence, answer, now)

    def _greeted(self, answer: Answer, now: int) -> None:
        self._heart.answered(now)
        if answer.failed:
            self._enter_state(State(REFUSED, answer.content, code=answer.code))
            return
        self._welcomed = True
        if isinstance(answer, Welcome):
            self._requests.max_bytes = answer.object_bytes or MAX_REQUEST_BYTES
            self._keeps_rooms = answer.keeps_rooms
        self._news.append(answer)

    # ---- logging in -------------------------------------------------------------------------------------------

    def _log_in(self) -> None:
        request = self._login.request()
        self._requests.ask(request["request"], request)

    def _logged_in(self, facts: Record, now: int) -> None:
        called = self.user
        if facts.text("name"):
            self._call(facts.text("name"))
        self._login.succeeded(facts)
        self._channels.begin(
            resumed=facts.flag("resumed"), led=self._keeps_rooms and facts.flag("registered")
        )
        self._news.append(LoggedIn(self.user, facts.text("motd")))
        self._tell_state(ONLINE)
        self._outage.end((line.id for line in self.pending() if line.state == QUEUED), now)
        # Goes where one was, sends what waits, and asks for what was missed.
        self._join(self._channels.at_login(line.room for line in self.pending() if line.state == QUEUED))
        self._sender.start(now)
        self._ping(now)
        self._requests.ask("directs", {"request": "directs"})
        self._user_requests.say_again()
        if not self._is_me(called):  # one has logged in to the account, under its name
            self._requests.ask("nick", {"request": "nick", "content": called})

    def _join(self, channels: list[str]) -> None:
        for request in join_requests(channels, self._router.sequence):
            id = self._requests.ask("join", request)
            if isinstance(request["content"], list):
                self._joining[id] = request["content"]

    def _ping(self, now: int) -> None:
        self._heart.asked(now)
        self._requests.ask("ping", {"request": "ping"})

    def _refresh(self, answer: Answer) -> None:
        """Handles the list of direct conversations: requests missed and unread messages in them."""
        rows = [Direct(row) for row in answer.facts.records("content")]
        stale = [] if answer.failed else self._router.changed(rows, MAX_REFRESHED)
        # A server that can't list them is asked for those that are known.
        behind = (
            self._router.directs(MAX_REFRESHED) if answer.failed else self._router.behind(rows, MAX_REFRESHED)
        )
        for sequence in behind:
            self._gaps.fill(sequence)
        for sequence in stale:
            self._gaps.check(sequence)
        self._news.append(Directs(rows))

    # ---- telling ----------------------------------------------------------------------------------------------

    def _tell_state(self, state: str, reason: str = "", retry_at: int | None = None) -> None:
        self._enter_state(State(state, reason, retry_at))

    def _enter_state(self, state: State) -> None:
        self.state = state.state
        self._gaps.online = state.state == ONLINE
        self._news.append(state)
