"""The program: one loop over the keyboard and the server, between the model and the world."""

from __future__ import annotations

import os
import sys
import time
from collections import deque

from evchat.net.loop import Loop
from evchat.settings.errors import SettingsError
from tui.model import effects as fx
from tui.model.inputs import (
    EditedOutside,
    Focus,
    Heard,
    Hinted,
    Key,
    Resized,
    Seen,
    Shown,
    TerminalReply,
    ThemeFound,
    Tick,
    Told,
)
from tui.model.session_events import CONNECTING
from tui.saving import save
from tui.servers import Server, Servers
from tui.terminal.console import END, RESIZED, STOP
from tui.terminal.keys import KeyDecoder
from tui.terminal.open_console import open_console
from tui.terminal.terminal import Terminal, problem
from tui.text.theme import background, choose
from tui.update import typing_status
from tui.update.update import update
from tui.view.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any

    from evchat.net.loop import Timer
    from tui.model.inputs import Input
    from tui.model.model import Model
    from tui.settings import Settings
    from tui.terminal import external

FRAME = 1 / 30
"""Seconds between two frames for server events; typing is shown at once."""

ESCAPE = 0.03
"""Seconds of silence after which an ESC is the Escape key, and not the beginning of a sequence."""

_RECONNECT_EVERY = 1.0
"""Seconds between two attempts to connect because somebody types."""

_SILENCE = 1.0
"""Seconds without a key after which drafts are written to disk."""

_ALERTS = 2.0
"""Seconds at least between two bells or notifications."""

_LOGGING = 1.0
"""Seconds after which what was said is written to the log files."""

_READING = 1.0
"""Seconds after which the server is told what was shown to the user, for their other devices."""

_REPORTED = 200
"""Events that the report of a crash tells."""

_TYPED_SIGNALS = (128 + 2, 128 + 3)
"""Exit codes of SIGINT and SIGQUIT, which keys send to every program on a terminal."""

_LAST_WORDS = 0.5
"""Seconds that a client that ends gives its last requests."""


class App:
    """The client at work: `run` returns when it is to end, and with which exit code."""

    def __init__(self, settings: Settings, terminal: Terminal) -> None:
        self.settings = settings
        self.terminal = terminal
        self.loop = Loop()
        self.servers = Servers(settings, self.loop)
        self.decoder = KeyDecoder()
        self.events: deque[str] = deque(maxlen=_REPORTED)
        self.view = View()
        self._console = terminal.console
        self._timers: dict[Callable[[], None], Timer] = {}
        self._editor: external.Editor | None = None
        """The user's editor, while it has the terminal."""
        self._painted_at = 0.0
        self._alerted_at = -_ALERTS
        self._reconnected_at = 0.0
        self._dirty = True
        self._code: int | None = None
        self.farewell = ""
        """What is to be said when the terminal is given back."""
        self._for_server: dict[type[fx.Effect], Callable[[Server, Any], tuple[Input, ...] | None]] = {
            fx.Say: Server.say,
            fx.Ask: Server.ask,
            fx.Again: Server.again,
            fx.Drop: Server.drop,
            fx.LogIn: Server.log_in,
            fx.GiveServerPassword: Server.give_password,
            fx.Trust: Server.trust,
            fx.Remember: Server.remember,
            fx.Reconnect: Server.reconnect,
            fx.Disconnect: self._disconnect,
        }
        self._effects: dict[type[fx.Effect], Callable[[Any], tuple[Input, ...] | None]] = {
            fx.Alert: self._alert,
            fx.Copy: lambda effect: terminal.copy(effect.text),
            fx.Open: self._open_link,
            fx.EditOutside: self._edit_outside,
            fx.UseMouse: lambda effect: terminal.use_mouse(effect.on),
            fx.Save: self._save,
            fx.Redraw: lambda effect: self._redraw(),
            fx.Suspend: lambda effect: self._suspend(),
            fx.Connect: self._connect,
            fx.Quit: lambda effect: self._end(0),
        }

    @property
    def model(self) -> Model:
        """The model of the server on the screen."""
        return self.servers.shown.model

    # ---- the loop -------------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Runs until the user quits or the terminal is gone; the exit code."""
        self._start()
        noticed = self._console.listen()
        if not self.terminal.enter(ask_background=self.settings.theme == "auto"):
            return 1
        self.loop.register(noticed, self._system_events, None)
        self.loop.register(self._console.fileno(), self._keys, None)
        self._update(*self._resize())
        self._paint()
        for server in self.servers:
            self._open(server)
        self.loop.before_sleep.append(self._before_sleep)
        try:
            while self._code is None:
                self.loop.run_once()
        except BaseException:
            for server in self.servers:
                server.leave()  # else the server would wait for our return, and keep the name
            raise
        finally:
            if self._editor is not None:
                self._stop_editor(self._editor)
            self.servers.keep()
        self.loop.before_sleep.clear()
        self.loop.unregister(noticed)
        self.loop.unregister(self._console.fileno())
        self._leave_servers()
        self.loop.close()
        return self._code

    def _before_sleep(self) -> None:
        """Ends a pass of the loop: what the server said in it is shown at once, or when the next frame is due."""
        self._hear_news()
        if not self._dirty or self._editor is not None:
            return
        wait = self._painted_at + FRAME - time.monotonic()
        if wait <= 0:
            self._paint()
        elif not self._is_due(_end_sleep):
            self._later(_end_sleep, wait)

    def _later(self, what: Callable[[], None], seconds: float | None) -> None:
        """Calls back in so many seconds, and not when it was due before; not at all, if None."""
        timer = self._timers.pop(what, None)
        if timer is not None:
            timer.cancel()
        if seconds is not None:
            self._timers[what] = self.loop.call_later(seconds, what)

    def _is_due(self, what: Callable[[], None]) -> bool:
        """Whether a call is still to come."""
        timer = self._timers.get(what)
        return timer is not None and timer.callback is not None

    def _escape(self) -> None:
        self._typed(self.decoder.flush())

    def _end_paste(self) -> None:
        self._typed(self.decoder.end_paste())

    def _keep_drafts(self) -> None:
        for server in self.servers:
            server.keep_drafts()

    def _seen(self) -> None:
        self._update(Seen())

    def _tick(self) -> None:
        self._update(Tick())

    def _update(self, *events: Input, server: Server | None = None) -> None:
        """Takes events in, and carries out what is to be done about them; then the same for what comes of that.

        They are those of a `server`, or about what is on the screen.
        """
        self._dirty = True
        waiting = deque(events)
        while waiting:
            event = waiting.popleft()
            self.events.append(_label(event))
            at = server or self.servers.shown
            for effect in update(at.model, event, int(time.time() * 1000)):
                if isinstance(effect, fx.ForServer):
                    to = at if effect.server is None else self.servers[effect.server]
                    waiting.extend(self._for_server[type(effect)](to, effect) or ())
                else:
                    waiting.extend(self._effects[type(effect)](effect) or ())
        due = typing_status.due(self.model)
        silent = self.model.silent_from
        if self.model.state == CONNECTING and silent > self.model.now:
            due = silent if due is None else min(due, silent)
        if self.model.logging and not self._is_due(self._write_logs):
            self._later(self._write_logs, _LOGGING)
        self._later(self._tick, None if due is None else max(due - self.model.now, 0) / 1000)

    def _write_logs(self) -> None:
        for server in self.servers:
            problem = server.write_logs()
            if problem:
                self._update(Told(problem, error=True), server=server)

    def _hear_news(self) -> None:
        heard = False
        for server in self.servers:
            news = server.news()
            if news is not None:
                heard = True
                self._update(news, *server.follow_name(), server=server)
                if server.is_new and server.link.unknown_host and len(self.servers) == 1:
                    self.farewell = f"{server.link.unknown_host} Is the name right?"
                    self._end(1)
        if not heard:
            return
        room = self.model.room
        if room.log.last_seq > room.read_told and self.model.is_read(room) and not self._is_due(self._seen):
            self._later(self._seen, _READING)

    def _paint(self) -> None:
        self._dirty = False
        self.terminal.paint(self.view.frame(self.model))
        self.terminal.title(self._title())
        self._painted_at = time.monotonic()

    def _echo(self) -> None:
        """Shows what was typed at once; what others said meanwhile waits for its time."""
        if time.monotonic() - self._painted_at >= FRAME:
            self._paint()
        else:
            self.terminal.paint(self.view.frame(self.model, fresh=False))
            self._dirty = self.view.stale

    def _title(self) -> str:
        mentions = sum(room.mentions for room in self.model.all_rooms())
        return f"({mentions}) {self.model.place}" if mentions else self.model.place

    def explain(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """The last words of a client that has come upon a mistake of its own (`sys.excepthook`)."""
        from tui.disk import crash

        sys.__excepthook__(kind, error, trace)
        print(crash.told(error, self.events, self.settings.state.directory), file=sys.stderr)

    # ---- the keyboard ---------------------------------------------------------------------------------------------

    def _keys(self) -> None:
        self._hear_news()  # so that the model knows what has become of the lines that a key may be about
        data = self._console.read()
        if data is None:
            self._end(0)  # The terminal is gone, and nobody there to be told.
            return
        self._typed(self.decoder.feed(data))
        self._later(self._escape, ESCAPE if self.decoder.waiting else None)
        self._later(self._end_paste, self.decoder.patience)
        self._later(self._keep_drafts, _SILENCE)

    def _typed(self, events: list[Input]) -> None:
        for event in events:
            if isinstance(event, TerminalReply):
                self._reply(event)
            else:
                self._update(event)
        if self.model.state == "offline" and time.monotonic() - self._reconnected_at >= _RECONNECT_EVERY:
            # Somebody is here again, and perhaps the network, too.
            self._reconnected_at = time.monotonic()
            self.servers.shown.link.reconnect_now()
        if events:
            self._echo()

    def _reply(self, reply: TerminalReply) -> None:
        """The terminal answers what it was asked when it was taken."""
        if reply.text.startswith("[?") and reply.text.endswith("u"):
            self.terminal.use_kitty_keys()
            return
        behind = background(reply.text)
        if behind is not None and self.settings.theme == "auto":
            theme = choose("auto", os.environ, self.terminal.colours, behind)
            if theme is not self.model.theme:
                self._update(ThemeFound(theme))

    # ---- what the system tells ------------------------------------------------------------------------------------

    def _system_events(self) -> None:
        for kind, code in self._console.notices():
            if self._editor is not None:
                self._notice_while_editing(kind, code)
            elif kind == END:
                self._end(code)
            elif kind == RESIZED:
                self._update(*self._resize())
            elif kind == STOP:
                self._update(*self._suspend())
            else:
                self._update(*self._redraw())

    def _notice_while_editing(self, kind: str, code: int) -> None:
        """The terminal is the editor's: what its keys send to both of us is meant for it."""
        if kind == END and code not in _TYPED_SIGNALS:
            self._end(code)
        elif kind == STOP:
            self._console.suspend()

    def _resize(self) -> tuple[Input, ...]:
        """Redraws everything at the terminal's current size."""
        columns, rows = self._console.size()
        # Also if the size is the same: dtach and others ask for a repaint like this.
        self.terminal.forget()
        return (Resized(columns, rows),)

    def _suspend(self) -> tuple[Input, ...]:
        """Stops as any program does on Ctrl-Z, and goes on when the shell says so."""
        # Also because a thread that still writes could take the signal later than it is meant.
        self.servers.keep()
        self.terminal.leave()
        if self._console.suspend():
            return self._take_back()
        return (Hinted("This system can't suspend programs."), *self._take_back())

    def _take_back(self) -> tuple[Input, ...]:
        """Has the terminal again, after somebody else had it."""
        if not self.terminal.enter():
            self._end(0)
            return ()
        self._painted_at = 0.0  # so that it is painted at once
        return self._resize()

    # ---- effects --------------------------------------------------------------------------------------------------

    def _connect(self, effect: fx.Connect) -> tuple[Input, ...]:
        """Connects to another server as well, and shows it; or shows it, if it is there already."""
        try:
            server, is_new = self.servers.named(effect.address)
        except SettingsError as problem:
            return (Hinted(str(problem)),)
        if is_new:
            self._start_server(server)
            self._open(server)
        self._update(Shown(), server=server)
        return ()

    def _disconnect(self, server: Server, effect: fx.Disconnect) -> None:
        self.servers.remove(server)

    def _open_link(self, effect: fx.Open) -> tuple[Input, ...]:
        from tui.terminal import external

        return (Hinted(external.open_uri(effect.uri) or f"Opened {effect.uri}"),)

    def _alert(self, effect: fx.Alert) -> None:
        """One of several that come in a moment rings for all, and that is enough for whoever is not there."""
        now = time.monotonic()
        if self._editor is None and now - self._alerted_at >= _ALERTS:
            self._alerted_at = now
            self.terminal.alert(effect.text, bell=self.model.bell)

    def _edit_outside(self, effect: fx.EditOutside) -> tuple[Input, ...]:
        """Leaves the terminal to the editor. The conversation with the server goes on meanwhile."""
        from tui.terminal import external

        self.terminal.leave()
        editor = external.Editor(effect.text, lambda: self.loop.call_threadsafe(self._edited))
        if editor.problem:
            return (EditedOutside(effect.text, editor.problem), *self._take_back())
        self._editor = editor
        self.loop.watch(self._console.fileno(), False, False)
        return (Focus(False),)

    def _edited(self) -> None:
        """The editor has ended."""
        if self._editor is None:
            return  # it was stopped
        text, failure = self._editor.result()
        self._editor = None
        self.loop.watch(self._console.fileno(), True, False)
        self._update(Focus(True), EditedOutside(text, failure), *self._take_back())

    def _stop_editor(self, editor: external.Editor) -> None:
        """Ends the editor together with the client, and keeps what was saved in it as a draft."""
        editor.stop()
        text, failure = editor.result()
        self._editor = None
        self._update(EditedOutside(text, failure))
        self.terminal.enter()  # so that leaving it sets back what the editor has changed, too

    def _save(self, effect: fx.Save) -> tuple[Input, ...]:
        return (Told(save(self.settings, self.model, self.servers.addresses)),)

    def _redraw(self) -> tuple[Input, ...]:
        if self.terminal.retake():
            return self._resize()
        self._end(0)
        return ()

    def _end(self, code: int) -> None:
        self._code = code

    # ---- beginning and end ----------------------------------------------------------------------------------------

    def _start(self) -> None:
        """The models and the terminal as the settings want them."""
        for server in self.servers:
            self._start_server(server)
        self.terminal.use_mouse(self.settings.mouse)
        self.terminal.link_with(self.model.links.uri)

    def _start_server(self, server: Server) -> None:
        colours = self.terminal.colours
        theme = choose(self.settings.theme, os.environ, colours)
        self._update(server.started(theme, colours), server=server)

    def _open(self, server: Server) -> None:
        """Finds what the last run has left of a server, and connects to it."""
        self._update(*server.recall(), server=server)
        server.link.open()

    def _leave_servers(self) -> None:
        """Says goodbye, and gives what is under way a moment to arrive."""
        self._update(Seen())
        for timer in self._timers.values():
            timer.cancel()
        self.servers.leave(_LAST_WORDS)


def _end_sleep() -> None:
    """Only wakes the loop, so that what is due before the next sleep is done."""


def _label(event: Input) -> str:
    """An event in a word or two, without anything that anybody wrote."""
    if isinstance(event, Key) and not event.text:
        return f"Key {event.name}"
    if isinstance(event, Heard):
        return "Heard " + " ".join([type(one).__name__ for one in event.events[:4]])
    return type(event).__name__


def run(settings: Settings) -> int:
    """Runs the client on this process's terminal; the exit code. The terminal is given back in any case.

    On a terminal that can't show a screen it speaks in lines.
    """
    console = open_console(os.environ)
    if problem(console.environ) or not console.able():
        from tui.plain import plain

        return plain.run(settings)
    terminal = Terminal(console)
    app = App(settings, terminal)
    sys.excepthook = app.explain
    try:
        return app.run()
    finally:
        terminal.leave(drop_input=True)
        console.close()
        if app.farewell:
            print(f"evchat-tui: {app.farewell}", file=sys.stderr)
