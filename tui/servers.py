"""The servers of the client: each with its model, the session and the link to it, and its files."""

from __future__ import annotations

from tui.connection.link import ServerLink
from tui.disk.drafts import SESSION, Drafts
from tui.disk.logs import Logs
from tui.model.inputs import Heard, Hinted, Queued, Started
from tui.model.model import Model, room_key
from tui.model.session_events import FAILED, ONLINE, QUEUED, LoggedIn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evchat.net.loop import Loop
    from tui.connection.outbox import OutboxEntry
    from tui.model import effects as fx
    from tui.model.inputs import Input
    from tui.settings import Settings
    from tui.text.theme import Theme


class Server:
    """One server, with what there is of it: `model` is for the screen, `session` and `link` are the connection.

    `settings` are those for this server. Its model stands `beside` that of another one, if there is one.
    """

    def __init__(self, settings: Settings, loop: Loop, beside: Model | None = None) -> None:
        self.settings = settings
        prefix = settings.outbox.prefix + "-"
        self.model = Model(settings.user, settings.address.short, settings.keymap, prefix, beside=beside)
        self.model.encrypted = settings.address.scheme == "tls"
        self.session = settings.new_session(settings.channels)
        self.link = ServerLink(loop, settings.address, self.session, trust=settings.trust)
        self.drafts = Drafts(settings.state)
        self.logs = Logs(settings.state, settings.address.short)
        self.is_new = not settings.state.exists
        """Whether nothing is known of this user on this server, who may have mistyped its name."""
        self._name_of_state = settings.user

    @property
    def name(self) -> str:
        """What the model calls the server."""
        return self.model.server

    # ---- beginning and end ----------------------------------------------------------------------------------------

    def started(self, theme: Theme, colours: int) -> Started:
        """The model as the settings want it."""
        settings = self.settings
        return Started(
            settings.channels[0],
            theme,
            colours,
            words=settings.words,
            levels={room_key(name): level for name, level in settings.rooms.items()},
            bell=settings.bell,
            clipboard=settings.clipboard,
            mouse=settings.mouse,
            typing=settings.typing,
            settings=settings.values,
        )

    def recall(self) -> list[Input]:
        """What the last run has left: drafts, what was typed, lines that wait."""
        self.session.recall(self.drafts.recall_session())
        return [self.drafts.recall(), *map(_queued, self.session.pending())]

    def follow_name(self) -> list[Input]:
        """Finds and keeps things under the name that the user has now; what has been left there before."""
        name = self.session.user
        if name == self._name_of_state or self.session.state != ONLINE:
            return []
        self._name_of_state = name
        found = self.settings.renamed(name, self.session.account)
        if found is None:
            return []
        self.drafts.keep_all(self.model)
        self.drafts.keep_session(self.session.kept)
        self.write_logs(at_once=True)
        self.logs.move(self.settings.state)
        self.session.send_found(self.link.now())
        return [self.drafts.move(self.settings.state), *map(_queued, found)]

    def keep(self) -> None:
        """Writes what the next run shall find, and returns when it is written."""
        self.drafts.keep_all(self.model)
        self.drafts.keep_session(self.session.kept)
        self.write_logs(at_once=True)

    def write_logs(self, *, at_once: bool = False) -> str:
        """Writes what was said to the log files, if the user wants them; returns why that failed, or an empty text."""
        if not self.model.logging:
            return ""
        directory = self.model.settings.get("log_directory") or self.settings.log_directory
        return self.logs.write(self.model, directory, at_once=at_once)

    def keep_drafts(self) -> None:
        """Writes what has changed of it, off the way of the keys."""
        self.drafts.keep_drafts(self.model)
        self.drafts.keep_session(self.session.kept)

    @property
    def is_busy(self) -> bool:
        """Whether something is under way to the server that may still arrive."""
        if self.session.state != ONLINE:
            return False
        return self.link.owes or any(line.state == QUEUED for line in self.session.pending())

    def leave(self) -> None:
        """Says goodbye, and lets go of the connection."""
        self.session.say_goodbye()
        self.link.poll()
        self.link.close()

    # ---- what the server says -------------------------------------------------------------------------------------

    def news(self) -> Heard | None:
        """What the screen should know since the last time; None if that is nothing."""
        events = self.link.poll()
        if any(isinstance(event, LoggedIn) for event in events):
            self.drafts.keep_session(self.session.kept)
        return Heard(events, self.session.latency_ms) if events else None

    # ---- effects --------------------------------------------------------------------------------------------------

    def say(self, effect: fx.Say) -> None:
        """Sends a line, now or when possible."""
        self.session.say(effect.room, effect.text, self.link.now(), effect.action, effect.id)

    def again(self, effect: fx.Again) -> None:
        """Sends a line once more that was refused."""
        self.session.again(effect.refused, self.link.now(), effect.id)

    def drop(self, effect: fx.Drop) -> None:
        """Forgets a line that was refused."""
        self.session.drop(effect.id)

    def ask(self, effect: fx.Ask) -> None:
        """Sends a request."""
        self.session.ask(effect.request, self.link.now(), effect.id)

    def log_in(self, effect: fx.LogIn) -> None:
        """Logs in under another name, or with another password; somebody who was here before finds it as it was."""
        others = self.settings.state_of(effect.user)
        self.session.login(effect.user, effect.password, self.link.now())
        if others is not None:
            self.session.recall(others.load(SESSION))
        self.link.reconnect_now()

    def give_password(self, effect: fx.GiveServerPassword) -> None:
        """Gives the server's password, and logs in if it is right."""
        self.session.give_server_password(effect.password, self.link.now())
        self.link.reconnect_now()

    def trust(self, effect: fx.Trust) -> tuple[Input, ...]:
        """Takes a certificate for the server's, and connects."""
        problem = self.link.accept(effect.fingerprint)
        return (Hinted(problem),) if problem else ()

    def remember(self, effect: fx.Remember) -> tuple[Input, ...]:
        """Keeps what was typed."""
        problem = self.settings.remember(effect.room, effect.text)
        return (Hinted(problem),) if problem else ()

    def reconnect(self, effect: fx.Reconnect) -> None:
        """Connects anew."""
        self.link.reconnect()


class Servers:
    """All servers of the client by their names, at least one. Iterating allows for changes meanwhile."""

    def __init__(self, settings: Settings, loop: Loop) -> None:
        self._settings = settings
        self._loop = loop
        first = Server(settings, loop)
        self._named = {first.name: first}
        for other in settings.others:
            self._add(other)

    def __iter__(self) -> Iterator[Server]:
        return iter(tuple(self._named.values()))

    def __getitem__(self, name: str) -> Server:
        return self._named[name]

    def __len__(self) -> int:
        return len(self._named)

    @property
    def shown(self) -> Server:
        """The one on the screen."""
        return self._named[next(iter(self._named.values())).model.desk.shown]

    @property
    def addresses(self) -> list[str]:
        """Where they are, as the settings name them."""
        return [server.settings.values["server"] for server in self]

    def named(self, address: str) -> tuple[Server, bool]:
        """The server at an address, and whether it was not there before. Raises SettingsError."""
        settings = self._settings.for_server(address)
        known = self._named.get(settings.address.short)
        return (known, False) if known is not None else (self._add(settings), True)

    def _add(self, settings: Settings) -> Server:
        server = Server(settings, self._loop, beside=next(iter(self._named.values())).model)
        self._named[server.name] = server
        return server

    def remove(self, server: Server) -> None:
        """Leaves a server. What is not sent waits for the next time."""
        server.keep()
        server.leave()
        server.settings.outbox.close()
        del self._named[server.name]

    def keep(self) -> None:
        """Writes what the next run shall find, and returns when it is written."""
        for server in self:
            server.keep()

    def leave(self, seconds: float) -> None:
        """Says goodbye to all, and gives what is under way so many seconds to arrive."""
        until = self._loop.time() + seconds
        self._wait(lambda server: server.is_busy, until)
        for server in self:
            server.session.say_goodbye()
        self._wait(lambda server: server.session.waits_for("quit"), until)
        for server in self:
            server.link.close()

    def _wait(self, unfinished: Callable[[Server], bool], until: float) -> None:
        for server in self:
            server.link.poll()
        while any(unfinished(server) for server in self) and self._loop.time() < until:
            self._loop.run_once(0.05)
            for server in self:
                server.link.poll()


def _queued(line: OutboxEntry) -> Queued:
    """What is shown of a line that is not sent yet."""
    refusal = (line.reason or "The server refused it.") if line.state == FAILED else ""
    return Queued(line.room, line.id, line.text, line.at, line.action, refusal)
