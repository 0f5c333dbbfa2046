"""The linear mode: one line per message, no screen to paint. For pipes, logs, screen readers and simple terminals.

- Lines on standard input are sent, and the program ends when all of them are acknowledged, or at `/quit`. The answer
  to a command is awaited before the next line is taken, as it may decide where that one goes.
- With `tail`, a room is read, and nothing sent.
- On a terminal one talks: what comes is printed above the line that is being written.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from evchat.dialects import phrases
from evchat.dialects.json.requests import write_request
from evchat.net.loop import Loop
from evchat.protocol.lines import unsaid_secrets
from evchat.protocol.names import channel_key, is_channel
from evchat.protocol.text import lines
from evchat.settings.client import MAX_PIPED_LINE_BYTES, MAX_UNSENT_LINES
from tui.connection.link import ServerLink
from tui.disk.drafts import Drafts
from tui.model import command_line
from tui.model.question import for_command
from tui.model.server_events import Answer, Kicked, Left, Message, Names, Welcome, messages
from tui.model.session_events import (
    OFFLINE,
    ONLINE,
    REFUSED,
    Back,
    Directs,
    LineSent,
    LoggedIn,
    State,
)
from tui.plain import tail
from tui.plain.line_format import LineFormat
from tui.plain.line_input import LineInput
from tui.plain.output import Output
from tui.plain.own_commands import OwnCommands
from tui.plain.own_lines import OwnLines, quoted
from tui.plain.place import Place
from tui.plain.questions import Questions
from tui.plain.read_marks import ReadMarks
from tui.text import connection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO

    from evchat.protocol.base import Request as ProtocolRequest
    from tui.model.server_events import ServerEvent
    from tui.settings import Settings

    Request = dict[str, Any]

_RECENT = 20
"""Messages shown of a conversation with a user that is read."""

_LAST_WORDS = 1.0
"""Seconds that the goodbye may take."""


class Plain:
    """The linear mode with its input and output. `run` returns the exit code."""

    def __init__(self, settings: Settings, source: int, target: TextIO, errors: TextIO) -> None:
        self._settings = settings
        self._target = target
        self._out = Output(target, errors)
        self._session = settings.new_session(self._channels())
        self._loop = Loop()
        self._link = ServerLink(self._loop, settings.address, self._session, trust=settings.trust)
        self._format = LineFormat(settings.user, full=not target.isatty())
        self._place = Place(self._out, settings.tail or settings.channels[0])
        self._talking = settings.tail is None and os.isatty(source)
        self._sending = settings.tail is None and not self._talking
        self._input = LineInput(self._loop, source, self._out)
        self._lines = self._input.lines
        self._marks = ReadMarks()
        self._questions = Questions(
            self._out, self._complain, self._log_in, self._give_server_password, self._request, self._trust
        )
        self._own_lines = OwnLines(self._session, self._show_own, self._note, self._complain, self._fail)
        self._own = OwnCommands(
            settings,
            self._place.enter,
            lambda text, error: self._note(text, error=error),
            lambda: self._own_lines.discard(self._place.room),
        )
        self._drafts = Drafts(settings.state)
        if self._talking:
            self._session.recall(self._drafts.recall_session())
        self._described: set[str] = set()
        """The channels whose people were told."""
        self._been_in = False
        self._logging_in = False
        self._motd = self._complaint = ""
        self._asked: dict[str, Request] = {}
        self._code: int | None = None
        self._failed = False

    def _channels(self) -> tuple[str, ...]:
        room = self._settings.tail
        if room is None:
            return self._settings.channels
        return (room,) if is_channel(room) else ()

    # ---- the loop ---------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Runs until everything is sent, or the user or a signal ends it; the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        try:
            if self._talking:
                aliases = self._settings.values["aliases"]
                self._input.begin_to_talk(self._target, self._place.sign, self._settings.keymap, aliases)
            self._link.open()
            while self._code is None:
                self._turn()
            self._say_goodbye()
        except _Interrupted:
            self._code = self._interrupted()
            self._say_goodbye()
        finally:
            self._input.leave()
            self._link.close()
            self._loop.close()
            self._settings.outbox.close()
        return self._code if self._code is not None else 1

    def _turn(self) -> None:
        self._loop.run_once(self._timeout())
        going_on = True
        while going_on:  # an answer lets the next line go on, which may be answered at once
            for event in self._link.poll():
                self._hear(event)
            going_on = self._go_on()
        self._read_on()
        if self._talking:
            self._drafts.keep_session(self._session.kept)
        if self._marks.due is not None and self._marks.due <= 0:
            self._tell_read()
        self._out.flush()
        if self._out.gone and not self._sending:
            self._code = 0  # what is read is read for nobody
        self._end_when_done()

    def _timeout(self) -> float | None:
        due = [seconds for seconds in (self._out.due, self._marks.due) if seconds is not None]
        return max(min(due), 0.0) if due else None

    def _end_when_done(self) -> None:
        if self._code is not None:
            return
        session = self._session
        if session.state == REFUSED and not self._talking:
            self._code = 1
        elif session.state == OFFLINE and not self._been_in and not self._talking:
            self._code = 1  # a script should learn at once that there is no server
        elif self._input.ended and self._talking:
            self._code = 0
        elif self._input.ended and session.state == ONLINE and not self._is_busy():
            self._code = 1 if self._failed else 0

    def _is_busy(self) -> bool:
        """Whether something is under way whose outcome the exit code has to tell."""
        return bool(
            self._asked or self._lines or self._own_lines.waiting or self._session.waits_for("join", "ping")
        )

    def _interrupted(self) -> int:
        left_over = self._own_lines.left_over()
        if left_over:
            self._complain(left_over)
        return 1 if left_over and self._sending else 0

    def _say_goodbye(self) -> None:
        self._tell_read()
        self._session.say_goodbye()
        until = time.monotonic() + _LAST_WORDS
        self._link.poll()
        while (self._link.owes or self._session.waits_for("quit")) and time.monotonic() < until:
            self._loop.run_once(0.1)
            self._link.poll()

    # ---- input ------------------------------------------------------------------------------------------------

    def _read_on(self) -> None:
        """Reads input when somebody is there to take it, and not too much of it waits."""
        wanted = self._talking or self._been_in or self._session.state == ONLINE
        if wanted and self._settings.tail is None and not self._input.ended:
            self._input.read_on(patient=not self._talking)

    def _go_on(self) -> bool:
        """Does what the lines say that were read, as far as that does not depend on what is under way.

        Returns whether there was anything to be done.
        """
        before = len(self._lines)
        budget = sys.maxsize if self._talking else MAX_UNSENT_LINES - self._own_lines.waiting
        while self._lines and budget > 0 and not self._logging_in and not any(self._asked.values()):
            line = self._lines[0]
            if self._talking and line is not None and not self._questions.is_open:
                line = self._own.meant(line)
            if self._talking and line is not None and self._asks(line):
                self._lines.popleft()
                continue
            meant = None if line is None else command_line.read(line, piped=self._sending)
            if self._sending and isinstance(meant, _DECIDING):
                # What was said before is said as who and where one was then.
                if self._session.state != ONLINE or self._own_lines.waiting:
                    break
            elif isinstance(meant, command_line.Saying):
                budget -= 1
            self._lines.popleft()
            if line is None:
                self._fail(f"A line of more than {MAX_PIPED_LINE_BYTES >> 20} MiB is not sent.")
            elif meant is not None:
                self._do(meant)
        return len(self._lines) < before

    def _asks(self, line: str) -> bool:
        """Whether a line is the answer to a question, leads to one, or is a command of the client's own."""
        if self._questions.is_open:
            self._questions.take(line)
            return True
        if self._own.take(line):
            return True
        unsaid = unsaid_secrets(line)
        if unsaid is not None:
            self._questions.ask(for_command(unsaid))
        elif line.strip() == "/login" and self._session.state == REFUSED:
            self._log_in(self._session.user, None)
            return True
        return unsaid is not None

    def _request(self, request: ProtocolRequest) -> None:
        self._do(command_line.Asking(write_request(request)))

    def _do(self, meant: command_line.Meaning) -> None:
        """Does what a line says."""
        now = self._link.now()
        match meant:
            case command_line.Saying(room=None, text=text) if self._place.nowhere:
                self._fail(f"Not sent: {quoted(text)}: {self._place.nowhere}")
            case command_line.Saying(room=room, text=text, action=action):
                room = room or self._place.room
                self._own_lines.say(room, text, now, action=action)
            case command_line.Asking(request={"request": "nick", "content": name}) if (
                self._session.state == REFUSED
            ):
                self._log_in(name, None)
            case command_line.Asking(request={"request": "pass", "password": password}):
                self._give_server_password(password)
            case command_line.Asking(where=where) if where and self._place.nowhere:
                self._fail(self._place.nowhere)
            case command_line.Asking(request=request, where=where):
                if where:
                    request[where] = self._place.room
                if request["request"] == "inbox":
                    request["keep"] = True  # what is printed for somebody is marked then
                self._asked[self._session.ask(request, now)] = request
            case command_line.Login(name=name, password=password):
                self._log_in(name, password)
            case command_line.Leave():
                self._lines.clear()
                self._input.end()
            case command_line.Mistake(text=text):
                self._fail(text)

    def _log_in(self, name: str, password: str | None) -> None:
        self._logging_in = True
        self._session.login(name, password, self._link.now())
        self._link.reconnect_now()

    def _give_server_password(self, password: str) -> None:
        self._logging_in = True
        self._session.give_server_password(password, self._link.now())
        self._link.reconnect_now()

    def _trust(self, fingerprint: str) -> None:
        problem = self._link.accept(fingerprint)
        if problem:
            self._complain(problem)

    # ---- output -----------------------------------------------------------------------------------------------

    def _hear(self, event: ServerEvent) -> None:
        session = self._session
        if session.user != self._format.user and session.state == ONLINE:
            self._format.user = session.user
            if self._settings.renamed(session.user, session.account) is not None:
                self._drafts.move(self._settings.state)
                session.send_found(self._link.now())
        match event:
            case State():
                self._state(event)
            case Back():
                self._note(connection.back(event.lasted, event.sent, event.missed))
            case LineSent():
                self._own_lines.sent(event)
            case LoggedIn():
                self._complaint = ""
                self._greet()
                self._tell_motd(event.motd)
            case Welcome():
                self._tell_motd(event.motd)
            case Answer() if event.reply_to:
                self._answered(event)
            case Directs():
                self._acquaint(event)
            case Kicked() | Left() if self._settings.tail is not None:
                self._put_out(event)
            case Message() if self._talking:
                if self._own.saw(event, self._format.user):
                    self._out.print(self._format.event(event))
                    self._saw(event.room, event.seq)
                    if self._settings.bell and self._own.is_for(event, self._format.user):
                        self._out.ring()
            case Message() if tail.is_of(self._settings.tail, event):
                self._out.print(self._format.event(event))
            case Names() if self._talking and not self._is_new_to(event.to):
                pass  # one knows who is there, and hears who comes and goes
            case _ if self._talking:
                self._out.print(self._format.event(event))

    def _is_new_to(self, channel: str) -> bool:
        """Whether the people of a channel are told for the first time."""
        known = channel_key(channel) in self._described
        self._described.add(channel_key(channel))
        return not known

    def _put_out(self, event: Kicked | Left) -> None:
        """Somebody has left the channel that is only read; without the user nothing more comes."""
        if tail.puts_out(self._place.room, event, self._session.user):
            self._fail(" ".join(line for line in self._format.event(event)) or f"You have left {event.to}.")
            self._code = 1

    def _tell_motd(self, motd: str) -> None:
        """Shows the message of the day, unless it is the one shown last: every connection brings it again."""
        if motd and motd != self._motd:
            self._motd = motd
            self._note(motd)

    def _greet(self) -> None:
        """Logged in for the first time: says so, and asks for a conversation that is only read."""
        if self._been_in:
            return
        self._been_in = True
        room = self._settings.tail
        if self._talking:
            self._note(f"You are {self._format.user} at {self._settings.address}. /help lists the commands.")
        elif room is not None and not is_channel(room):
            request: Request = {"request": "history", "to": room, "limit": _RECENT}
            self._asked[self._session.ask(request, self._link.now())] = request

    def _acquaint(self, event: Directs) -> None:
        """Says who has written while the user was away; messages not fetched can be requested."""
        news = [f"{row.name} ({row.unread})" for row in event.rows if row.unread > 0]
        if news:
            self._note(f"New for you: {', '.join(news)}.")

    def _saw(self, room: str, seq: int | None) -> None:
        """A message is printed, and with that it is read, if somebody sits there."""
        if self._talking:
            self._marks.saw(room, seq)

    def _tell_read(self) -> None:
        """Tells the server what was read, for the user's other devices."""
        seen = self._marks.take()
        if self._session.state == ONLINE:
            for room, seq in seen.items():
                id = self._session.ask({"request": "read", "to": room, "seq": seq}, self._link.now())
                self._asked[id] = {}

    def _state(self, event: State) -> None:
        state, reason = event.state, event.reason
        if state in (REFUSED, ONLINE):
            self._logging_in = False
        if state == REFUSED:
            self._questions.refused(event, talking=self._talking, told=self._complaint)
        elif state == OFFLINE:
            if self._talking and self._been_in:
                reason = connection.lost(reason, event.code)
            if reason != self._complaint:  # each attempt to connect fails alike
                self._complaint = reason
                self._complain(reason)
        elif reason and (event.code or reason) != self._complaint:  # each attempt to log in waits alike
            self._complaint = event.code or reason
            self._note(reason)

    def _show_own(self, room: str, text: str, at: int | None, action: bool) -> None:
        if self._talking:
            at = self._link.now() if at is None else at
            self._out.print(self._format.sent(room, text, at, action=action))

    def _answered(self, answer: Answer) -> None:
        request = self._asked.pop(answer.reply_to, None)
        if request is None:
            self._answered_session(answer)
            return
        command = request.get("request")
        if answer.failed:
            if request:  # else it is what was read, which is told again when something else is
                self._refused(request, answer)
        elif command == "history" and answer.facts.is_list("content"):
            found = messages(answer.facts)
            for message in found:
                self._out.print(self._format.event(message))
            if not found:
                self._note(phrases.no_messages(request.get("to", self._place.room)))
        elif command == "inbox" and answer.facts.is_list("content"):
            self._inbox(answer)
        elif command == "join":
            self._place.enter(request["content"][-1])
        elif command == "part":
            self._note(answer.content)
            self._place.left(answer.facts.texts("channels"), self._session.channels)
        elif command:
            self._out.print(self._format.answer(answer, command))

    def _answered_session(self, answer: Answer) -> None:
        """An answer to the session itself: one that can't follow a room is told, as nothing will come from there."""
        if answer.failed:
            self._fail(answer.content)
            if self._settings.tail is not None:
                self._code = 1

    def _refused(self, request: Request, answer: Answer) -> None:
        """What the user asked for was refused."""
        self._fail(answer.content)
        if self._settings.tail is not None:
            self._code = 1
        elif request["request"] == "join" and self._sending:
            # What is meant for one channel is not said in another.
            self._place.nowhere = f"You are not in {request['content'][-1]}."

    def _inbox(self, answer: Answer) -> None:
        """A page of the inbox; requests the next one."""
        self._out.print(self._format.answer(answer, "inbox" if self._talking else ""))
        for message in (found := messages(answer.facts)):
            self._saw(message.sender, message.seq)
        if found and answer.facts.flag("more"):
            last = {"to": found[-1].sender, "after": found[-1].seq}
            request = {"request": "inbox", "keep": True, **last}
            self._asked[self._session.ask(request, self._link.now())] = request

    def _note(self, text: str, *, error: bool = False) -> None:
        if self._talking:
            self._out.print(self._format.note(text, self._link.now(), error=error))

    def _fail(self, text: str) -> None:
        """Something was not done: says why, and lets the exit code tell."""
        self._failed = True
        self._complain(text)

    def _complain(self, text: str) -> None:
        self._note(text, error=True)
        if not self._talking:
            self._out.complain(lines(text))


_DECIDING = (command_line.Asking, command_line.Login, command_line.Leave)
"""The requests that decide where later lines go, and under whose name."""


class _Interrupted(Exception):
    """SIGINT or SIGTERM was received."""


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
