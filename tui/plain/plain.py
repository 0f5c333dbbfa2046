"""The linear mode: one line per message, no screen to paint. For pipes, logs, screen readers and simple terminals.

- Lines on standard input are sent, and the program ends when all of them are acknowledged.
- With `tail`, a room is read, and nothing sent.
- On a terminal one talks: what comes is printed above the line that is being written.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time

from evchat.net.loop import Loop
from evchat.protocol.names import EVERYONE, channel_key, is_channel, user_key
from evchat.settings.client import MAX_UNSENT_LINES
from tui.connection.link import ServerLink
from tui.connection.session import Session
from tui.model import command_line
from tui.model.server_events import Answer, Message, Welcome, messages
from tui.model.session_events import (
    FAILED,
    OFFLINE,
    ONLINE,
    QUEUED,
    REFUSED,
    Directs,
    LineSent,
    LoggedIn,
    State,
)
from tui.plain import prompt
from tui.plain.line_format import LineFormat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO

    from tui.model.server_events import ServerEvent
    from tui.settings import Settings

    Request = dict[str, Any]

_TYPING = 10.0
"""Seconds since the last key for which what comes is held back while a line is half written."""

_READING = 1.0
"""Seconds after which the server is told what was printed for somebody to read."""

_RECENT = 20
"""Messages shown of a conversation with a user that is read."""

_LAST_WORDS = 1.0
"""Seconds that the goodbye may take."""


class Source:
    """Standard input, read in a thread of its own because not every platform can wait for it together with sockets.

    `reader` is a socket on which its bytes come. The thread reads on only when what it read was taken.
    """

    def __init__(self, fd: int) -> None:
        self.reader, self._writer = socket.socketpair()
        self._writer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
        threading.Thread(target=self._run, args=(fd,), daemon=True).start()

    def _run(self, fd: int) -> None:
        with self._writer:
            while True:
                try:
                    data = os.read(fd, 65_536)
                    if not data:
                        return
                    self._writer.sendall(data)
                except OSError:
                    return  # the terminal is gone, or nobody reads any more


class Plain:
    """The linear mode with its input and output. `run` returns the exit code."""

    def __init__(self, settings: Settings, source: int, target: TextIO, errors: TextIO) -> None:
        self._settings = settings
        self._target = target
        self._errors = errors
        self._session = Session(settings.user, settings.password, self._channels(), settings.outbox)
        self._loop = Loop()
        self._link = ServerLink(self._loop, settings.address, self._session)
        self._format = LineFormat(settings.user, full=not target.isatty())
        self._room = settings.tail or settings.channels[0]
        self._source = source
        self._talking = settings.tail is None and os.isatty(source)
        self._sending = settings.tail is None and not self._talking
        self._input: Source | None = None
        self._raw = prompt.Raw(source)
        self._prompt: prompt.Prompt | None = None
        self._unfinished = b""
        self._held: list[str] = []
        self._typed_at = 0.0
        self._seen: dict[str, int] = {}
        self._read_at: float | None = None
        self._ended = False
        self._been_in = False
        self._complaint = ""
        self._asked: dict[str, Request] = {}
        self._mine: dict[str, tuple[str, str, bool]] = {}
        self._code: int | None = None
        self._failed = False

    def _channels(self) -> tuple[str, ...]:
        tail = self._settings.tail
        if tail is None:
            return self._settings.channels
        return (tail,) if is_channel(tail) else ()

    # ---- the loop ---------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Runs until everything is sent, or the user or a signal ends it; the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        try:
            if self._talking:
                self._begin_to_talk()
            self._link.open()
            while self._code is None:
                self._turn()
            self._say_goodbye()
        except _Interrupted:
            self._code = self._interrupted()
        except BrokenPipeError:
            self._code = 0  # nobody reads any more, as when `head` has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._target.fileno())
        finally:
            self._raw.leave()
            self._link.close()
            self._loop.close()
            self._settings.outbox.close()
        return self._code if self._code is not None else 1

    def _turn(self) -> None:
        self._loop.run_once(self._timeout())
        for event in self._link.poll():
            self._hear(event)
        self._read_on()
        if self._read_at is not None and time.monotonic() >= self._read_at:
            self._tell_read()
        if self._held and (self._prompt is None or not self._is_typing()):
            self._print_held()
        self._target.flush()
        self._end_when_done()

    def _timeout(self) -> float | None:
        due = []
        if self._held and self._is_typing():
            due.append(self._typed_at + _TYPING - time.monotonic())
        if self._read_at is not None:
            due.append(self._read_at - time.monotonic())
        return max(min(due), 0.0) if due else None

    def _end_when_done(self) -> None:
        if self._code is not None:
            return
        session = self._session
        if session.state == REFUSED and not self._talking:
            self._code = 1
        elif session.state == OFFLINE and not self._been_in and not self._talking:
            self._code = 1  # a script should learn at once that there is no server
        elif self._ended and self._talking:
            self._code = 0
        elif self._ended and session.state == ONLINE and not self._asked and not self._waiting():
            self._code = 1 if self._failed else 0

    def _waiting(self) -> int:
        return sum(line.state == QUEUED for line in self._session.pending())

    def _interrupted(self) -> int:
        waiting = self._waiting()
        if waiting:
            lines = "1 line is" if waiting == 1 else f"{waiting} lines are"
            self._complain(
                f"{lines} not sent yet, and will be when you are here again as {self._session.user}."
            )
        return 1 if waiting and self._sending else 0

    def _say_goodbye(self) -> None:
        self._tell_read()
        if self._session.state == ONLINE:
            self._session.ask({"request": "quit"}, self._link.now())
        until = time.monotonic() + _LAST_WORDS
        self._link.poll()
        while self._link.owes and self._session.state == ONLINE and time.monotonic() < until:
            self._loop.run_once(0.1)
            self._link.poll()

    # ---- input ------------------------------------------------------------------------------------------------

    def _begin_to_talk(self) -> None:
        if self._raw.enter():
            target = self._target.fileno()
            self._prompt = prompt.Prompt(
                self._target.write, lambda: prompt.columns(target), self._settings.keymap
            )
            self._prompt.sign = f"{self._room}> "
            if hasattr(signal, "SIGCONT"):
                signal.signal(signal.SIGCONT, self._continued)

    def _continued(self, number: int, frame: object) -> None:
        """After Ctrl-Z and `fg`, or a shell that has changed the terminal."""
        self._raw.enter()
        if self._prompt is not None:
            self._prompt.draw()
            self._target.flush()

    def _read_on(self) -> None:
        """Reads input when somebody is there to take it, and not too much of it waits."""
        if self._settings.tail is not None or self._ended:
            return
        if self._input is None:
            if not (self._talking or self._session.state == ONLINE):
                return
            self._input = Source(self._source)
            self._loop.register(self._input.reader, self._typed, None)
        self._loop.watch(self._input.reader, self._talking or self._waiting() < MAX_UNSENT_LINES, False)

    def _typed(self) -> None:
        assert self._input is not None
        data = self._input.reader.recv(65_536)
        if not data:
            self._ended = True
            self._loop.unregister(self._input.reader)
            if self._unfinished:
                self._line(self._unfinished.decode("utf-8-sig", "replace"))
        elif self._prompt is not None:
            self._typed_at = time.monotonic()
            for line in self._prompt.feed(data):
                self._line(line)
            self._ended = self._ended or self._prompt.ended
            if self._prompt.is_empty and not self._held:
                self._prompt.draw()
        else:
            *lines, self._unfinished = (self._unfinished + data).split(b"\n")
            for raw in lines:
                self._line(raw.removesuffix(b"\r").decode("utf-8-sig", "replace"))

    def _line(self, line: str) -> None:
        """Does what a line says."""
        now = self._link.now()
        match command_line.read(line):
            case command_line.Saying(room=room, text=text, action=action):
                room = room or self._room
                self._mine[self._session.say(room, text, now, action)] = (room, text, action)
            case command_line.Asking(request={"request": "nick", "content": name}) if (
                self._session.state == REFUSED
            ):
                self._session.login(name, None, now)
                self._link.reconnect_now()
            case command_line.Asking(request=request, where=where):
                if where:
                    request[where] = self._room
                if request["request"] == "inbox":
                    request["keep"] = True  # what is printed for somebody is marked then
                self._asked[self._session.ask(request, now)] = request
            case command_line.Login(name=name, password=password):
                self._session.login(name, password, now)
                self._link.reconnect_now()
            case command_line.Leave():
                self._ended = True
            case command_line.Mistake(text=text):
                self._failed = True
                self._complain(text)

    def _enter(self, room: str) -> None:
        """What is typed goes to `room` from now on."""
        self._room = room
        if self._prompt is not None:
            self._prompt.sign = f"{room}> "

    def _is_typing(self) -> bool:
        return (
            self._prompt is not None
            and not self._prompt.is_empty
            and time.monotonic() - self._typed_at < _TYPING
        )

    # ---- output -----------------------------------------------------------------------------------------------

    def _hear(self, event: ServerEvent) -> None:
        match event:
            case State():
                self._state(event)
            case LineSent():
                self._sent(event)
            case LoggedIn():
                self._format.user = event.name
                self._complaint = ""
                self._greet()
            case Answer() if event.reply_to and not isinstance(event, Welcome):
                self._answered(event)
            case Directs():
                self._acquaint(event)
            case Message() if self._talking or self._is_read(event):
                self._print(self._format.event(event))
                self._saw(event.room, event.seq)
            case _ if self._talking:
                self._print(self._format.event(event))

    def _is_read(self, message: Message) -> bool:
        """Whether a message is of the room that is only read."""
        tail, room = self._settings.tail, message.room
        if tail is None:
            return False
        return (
            channel_key(room) == channel_key(tail) if is_channel(tail) else user_key(room) == user_key(tail)
        )

    def _greet(self) -> None:
        """Logged in for the first time: says so, and asks for what a conversation that is only read was about."""
        if self._been_in:
            return
        self._been_in = True
        tail = self._settings.tail
        if self._talking:
            self._note(
                f"You are {self._format.user} at {self._settings.address}. /help lists what you can do."
            )
        elif tail is not None and not is_channel(tail):
            request: Request = {"request": "history", "to": tail, "limit": _RECENT}
            self._asked[self._session.ask(request, self._link.now())] = request

    def _acquaint(self, event: Directs) -> None:
        """Says who has written while one was away; what is not fetched can be asked for."""
        news = [f"{row.name} ({row.unread})" for row in event.rows if row.unread > 0]
        if news:
            self._note(f"New for you: {', '.join(news)}.")

    def _saw(self, room: str, seq: int | None) -> None:
        """A message is printed, and with that it is read, if somebody sits there."""
        if self._talking and room and seq is not None and room != EVERYONE:
            self._seen[room] = max(seq, self._seen.get(room, 0))
            if self._read_at is None:
                self._read_at = time.monotonic() + _READING

    def _tell_read(self) -> None:
        """Tells the server what was read, for one's other devices."""
        self._read_at = None
        seen, self._seen = self._seen, {}
        if self._session.state == ONLINE:
            for room, seq in seen.items():
                id = self._session.ask({"request": "read", "to": room, "seq": seq}, self._link.now())
                self._asked[id] = {}

    def _state(self, event: State) -> None:
        state, reason = event.state, event.reason
        if state == REFUSED:
            hint = " /login NAME, or /login NAME PASSWORD, tries another." if self._talking else ""
            self._complain((reason or "The server refused the login.") + hint)
        elif state == OFFLINE:
            if self._talking and self._been_in:
                reason += " What you write is kept, and sent later."
            if reason != self._complaint:  # each attempt to connect fails alike
                self._complaint = reason
                self._complain(reason)
        elif reason:
            self._note(reason)

    def _sent(self, event: LineSent) -> None:
        """What has become of a line; one that was refused is shown, because nobody else will."""
        room, text, action = self._mine.get(event.id, (event.room, "", False))
        if event.state == FAILED:
            self._failed = True
            self._complain(f"Not sent: {text}: {event.reason}" if text else f"Not sent: {event.reason}")
            self._session.drop(event.id)
            self._mine.pop(event.id, None)
        elif event.state == QUEUED:
            self._complain(event.reason)
        else:
            self._mine.pop(event.id, None)
            at = self._link.now() if event.at is None else event.at
            if self._talking and text:
                self._print(self._format.sent(room, text, at, action=action))
            if event.away is not None:
                self._note(f"{room} is away: {event.away}")
            elif event.kept:
                self._note(f"{room} is not online, and finds it in the inbox.")

    def _answered(self, answer: Answer) -> None:
        request = self._asked.pop(answer.reply_to, {})
        command = request.get("request")
        if answer.failed and not request:
            pass  # what was read is told again when something else is
        elif answer.failed:
            self._failed = True
            self._complain(answer.content)
        elif command == "history" and answer.facts.is_list("content"):
            for message in messages(answer.facts):
                self._print(self._format.event(message))
        elif command == "inbox" and answer.facts.is_list("content"):
            self._inbox(answer)
        elif command == "join":
            self._enter(request["content"][-1])
        elif command:
            self._print(self._format.answer(answer))

    def _inbox(self, answer: Answer) -> None:
        """A piece of the inbox; the next one is asked for."""
        found = messages(answer.facts)
        self._print(self._format.answer(answer))
        for message in found:
            self._saw(message.sender, message.seq)
        if found and answer.facts.flag("more"):
            last = {"to": found[-1].sender, "after": found[-1].seq}
            request = {"request": "inbox", "keep": True, **last}
            self._asked[self._session.ask(request, self._link.now())] = request

    def _note(self, text: str) -> None:
        if self._talking:
            self._print(self._format.note(text, self._link.now()))

    def _complain(self, text: str) -> None:
        lines = self._format.note(text, self._link.now(), error=True)
        if self._talking:
            self._print(lines)
        else:
            self._errors.writelines(f"evchat-tui: {line.partition('! ')[2]}\n" for line in lines)
            self._errors.flush()

    def _print(self, lines: list[str]) -> None:
        """Prints lines, at once or when the user has stopped writing."""
        self._held += lines
        if self._prompt is None:
            self._print_held()

    def _print_held(self) -> None:
        held, self._held = self._held, []
        if self._prompt is not None:
            self._prompt.hide()
        self._target.writelines(f"{line}\n" for line in held)
        if self._prompt is not None:
            self._prompt.draw()


class _Interrupted(Exception):
    """SIGINT or SIGTERM came."""


def _interrupt(number: int, frame: object) -> None:
    signal.signal(number, signal.SIG_IGN)  # one is enough, and the end is not to be disturbed
    raise _Interrupted


def run(settings: Settings) -> int:
    """Runs the linear mode on this process's standard input and output; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    return Plain(settings, sys.stdin.fileno(), sys.stdout, sys.stderr).run()
