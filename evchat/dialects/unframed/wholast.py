"""The dialect of the clients of `wholast://`: bare commands with one reply each, and chat on a second connection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import Final

from evchat.dialects import phrases, times
from evchat.dialects.base import Action, Pair
from evchat.dialects.pieces import pieces
from evchat.dialects.unframed.dialect import LONGEST, UnframedDialect
from evchat.protocol.bare_commands import bare_command
from evchat.protocol.base import Answer, Event, Request
from evchat.protocol.basics import Failed, HungUp, LocalReply, Malformed, ReplyLocally
from evchat.protocol.history import HistoryListed, InboxListed, SearchResults
from evchat.protocol.lines import parse_line
from evchat.protocol.login import LoggedIn, LoggedOut, Login, Quit
from evchat.protocol.messages import MessageAccepted
from evchat.protocol.text import harmless
from evchat.protocol.typed_lines import NamePrompt
from evchat.settings.model import DEFAULTS, Limits

ASIDE: Final = "\x01"
"""What a frame for the second connection begins with; no harmless text holds it."""

_SUCCESSFUL: Final = "successful"
_INVALID_PASSWORD: Final = "invalid password"
_CUT: Final = " …"
_IDLE_SECONDS: Final = 1800.0
"""After how long without a word the client ends by itself, where the server sets no time."""
_UNPROTECTED: Final = "Your name is not registered, so anybody can take it. To keep it: register PASSWORD"


class _Stage(Enum):
    NAME = auto()
    PASSWORD = auto()
    IN = auto()


class WholastDialect(UnframedDialect):
    """After the name and the password, a command a segment. The reply gathers until all that answers it is known.

    A name that is not registered is had at once, and any password is taken for it: the client asks for one always.
    """

    name = "wholast"
    echoes = False
    compared = frozenset({_SUCCESSFUL, _INVALID_PASSWORD})

    __slots__ = ("_answers", "_name", "_refused", "_registered", "_seconds", "_stage")

    def __init__(self, limits: Limits = DEFAULTS) -> None:
        super().__init__(limits)
        self._seconds = limits.idle_timeout or _IDLE_SECONDS
        self._stage = _Stage.NAME
        self._name = ""
        self._answers: list[str] = []
        """What is known so far of the answer to the last line."""
        self._refused: Failed | None = None
        self._registered = False

    # ---- what the client says ---------------------------------------------------------------------------------

    def line(self, line: str) -> Sequence[Action]:
        """The name, the password, or a command."""
        self._answers.clear()
        self._refused = None
        if self._stage is _Stage.NAME:
            self._name = line
            return [Login(line), ReplyLocally(_Stage.NAME)]
        if self._stage is _Stage.PASSWORD:
            login = [] if self.logged_in else [Login(self._name, line)]
            return [*login, Pair(), ReplyLocally(_Stage.PASSWORD)]
        return [_command(line), ReplyLocally(_Stage.IN)]

    # ---- what the client hears --------------------------------------------------------------------------------

    def prompt(self, event: NamePrompt) -> bytes:
        """The time after which the client is to end if its user is silent."""
        return self._frame(f"{self._seconds:.1f}")

    def frames(self, texts: Iterable[str], before: str = "") -> bytes:
        """Frames for the second connection: all but the replies."""
        return super().frames(texts, ASIDE + before)

    def answer(self, event: Event) -> bytes:
        """Answers gather until the reply is due; what else the client is told goes to the second connection."""
        if type(event) is LocalReply:
            return self._reply(event.payload)
        if type(event) is LoggedOut:
            return self._frame("Goodbye.")
        if type(event) is HungUp and self._stage is not _Stage.IN:
            return self._frame(event.reason)
        if type(event) is LoggedIn:
            self.logged_in = True
        if type(event) is LoggedIn or not isinstance(event, Answer):
            return self.encode(event)
        if type(event) is Failed:
            self._refused = event
            self._answers.append(event.text)
            return b""
        if isinstance(event, HistoryListed | InboxListed | SearchResults):
            return self._messages(event)
        if type(event) is MessageAccepted:
            self._answers.append(f"Sent to {event.to}.")
        self._answers += self.words(event)
        return b""

    def _messages(self, event: HistoryListed | InboxListed | SearchResults) -> bytes:
        """Messages go to the second connection, and their number is the reply."""
        if event.messages:
            self._answers.append(f"{phrases.counted(len(event.messages), 'message')}.")
        self._answers += self.words(event)
        told = (self.message(said, times.hour_seen_from(said.at, event.at)) for said in event.messages)
        return b"".join(told)

    def _reply(self, stage: object) -> bytes:
        """The one reply to a line."""
        if stage is _Stage.NAME:
            self._registered = self._refused is not None and self._refused.code == "password-needed"
            if self.logged_in or self._registered:
                self._stage = _Stage.PASSWORD
                return self._frame(_SUCCESSFUL, ours=True)
            return self._frame(self._refused.text if self._refused else "Send a name.")
        if stage is _Stage.PASSWORD:
            if not self.logged_in:
                return self._frame(_INVALID_PASSWORD, ours=True)
            self._stage = _Stage.IN
            advice = b"" if self._registered else self.frames([_UNPROTECTED])
            return self._frame(_SUCCESSFUL, ours=True) + advice
        return self._frame(" ".join(self._answers) or "Done.")

    def _frame(self, text: str, *, ours: bool = False) -> bytes:
        """One frame for the first connection, which ends where it would be too long."""
        text = harmless(text)
        if text in self.compared and not ours:
            text = f"'{text}'"
        cut = pieces(text, LONGEST - len(_CUT.encode()))
        return f"{cut[0]}{_CUT if len(cut) > 1 else ''}\n".encode("utf-8", "replace")


def _command(line: str) -> Request:
    """The request of a command, which needs no sign."""
    word, _, rest = line.lstrip("/-").partition(" ")
    word = word.lower()
    if word == "logout":  # the client ends
        return Quit()
    bare = bare_command(f"{word} {rest}")
    request = bare.request if bare else parse_line(f"/{word} {rest}", join_moves=True)
    if type(request) is Malformed and request.code == "unknown-command":
        advice = "help lists the commands; to talk in #main, use: msg #main TEXT"
        return Malformed(f"There is no command {word}: {advice}", request.code)
    return request
