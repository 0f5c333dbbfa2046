"""The client's own commands in the linear mode: whom one talks with, links, whom one does not want to read, aliases."""

from __future__ import annotations

from collections import deque

from evchat.protocol.names import check_user_name, is_channel, user_key
from tui.disk.drafts import IGNORED
from tui.model.aliases import expand
from tui.model.mentions import Mentions
from tui.text import links

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.model.server_events import Message
    from tui.settings import Settings

_LINKS = 20
"""Links remembered: those of a few screens."""


class OwnCommands:
    """Does what `/query`, `/urls`, `/ignore`, `/unignore` and `/discard` say, and `/help` about nothing or these.

    `enter` is called with a user to talk with, `tell` with sentences for the user, and whether these are about an
    error; `discard` gives up what waits.
    """

    def __init__(
        self,
        settings: Settings,
        enter: Callable[[str], None],
        tell: Callable[[str, bool], None],
        discard: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._enter = enter
        self._tell = tell
        self._links: deque[str] = deque(maxlen=_LINKS)
        users = settings.state.load(IGNORED).get("users")
        self._ignored = {str(key) for key in users} if isinstance(users, list) else set()
        self._commands: dict[str, Callable[[str], None]] = {
            "query": self._query,
            "urls": self._urls,
            "ignore": self._ignore,
            "unignore": self._unignore,
            "discard": lambda rest: discard(),
        }

    def meant(self, line: str) -> str:
        """The line, or what it stands for if it begins with an alias; `/query #channel` is a join."""
        line = expand(line, self._settings.values["aliases"]) or line
        word, _, name = line.partition(" ")
        return f"/join {name}" if word.lower() == "/query" and is_channel(name.strip()) else line

    def take(self, line: str) -> bool:
        """Does what a line says; False if it is none of these commands."""
        word, _, rest = line.partition(" ")
        name = rest.strip().partition(" ")[0]
        if word.lower() == "/help":
            return self._help(name.removeprefix("/").lower())
        command = self._commands.get(word[1:].lower()) if word.startswith("/") else None
        if command is None:
            return False
        command(name)
        return True

    def saw(self, message: Message, user: str) -> bool:
        """Whether a message is to be read at all; its links are remembered."""
        if user_key(message.sender) in self._ignored and user_key(message.sender) != user_key(user):
            return False
        if "://" in message.content or "www." in message.content.lower():
            for link in links.find(message.content.replace("\n", " ")):
                if link.uri in self._links:
                    self._links.remove(link.uri)
                self._links.append(link.uri)
        return True

    def is_for(self, message: Message, user: str) -> bool:
        """Whether a message is one for `user` alone, or mentions them."""
        if message.history or user_key(message.sender) == user_key(user):
            return False
        if user_key(message.to) == user_key(user):
            return True
        return Mentions((user, *self._settings.words))(message.content)

    def _help(self, word: str) -> bool:
        """A short page instead of all commands, or one of our own; what else there is, the server knows."""
        if word and word not in self._commands:
            return False
        # Imported here, because most people never ask.
        from evchat.dialects.text.help_page import BEGIN
        from evchat.protocol.help_groups import GROUPS
        from tui.model.local_commands import LOCAL_COMMANDS

        own = {command.word: f"{command.usage}: {command.summary}" for command in LOCAL_COMMANDS}
        if word:
            self._tell(own[word], False)
            return True
        for typed, does in BEGIN:
            self._tell(f"{typed}: {does}.", False)
        for word in self._commands:
            self._tell(own[word], False)
        self._tell(f"/help SUBJECT: {', '.join(group.name for group in GROUPS)}.", False)
        return True

    def _query(self, name: str) -> None:
        problem = check_user_name(name, unicode_names=True) if name else "Usage: /query name"
        if problem:
            self._tell(problem, True)
        else:
            self._enter(name)
            self._tell(f"What you write goes to {name}. /join #main goes back to #main.", False)

    def _urls(self, rest: str) -> None:
        for uri in self._links:
            warning = links.warning(uri)
            self._tell(f"{links.ascii_uri(uri)} {f'({warning})' if warning else ''}".rstrip(), False)
        if not self._links:
            self._tell("There are no links here.", False)

    def _ignore(self, name: str) -> None:
        if name:
            self._ignored.add(user_key(name))
            self._keep()
        names = ", ".join(sorted(self._ignored)) or "nobody"
        self._tell(f"You ignore {names}. Only you can see that; /unignore name stops it.", False)

    def _unignore(self, name: str) -> None:
        self._ignored.discard(user_key(name))
        self._keep()
        self._tell(f"You ignore {', '.join(sorted(self._ignored)) or 'nobody'}.", False)

    def _keep(self) -> None:
        try:
            self._settings.state.save(IGNORED, {"users": sorted(self._ignored)} if self._ignored else {})
        except OSError as error:
            self._tell(f"That can't be kept for the next time: {error.strerror}.", True)
