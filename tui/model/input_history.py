"""The input history: remembered lines, their file format, and incremental search as with Ctrl-R."""

from __future__ import annotations

import re

from evchat.settings.client import MAX_TYPED_ENTRIES
from tui.text.cells import previous_cluster

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui.model.editor import Editor

    Aliases = Mapping[str, str]


def shown_part(text: str, aliases: Aliases | None = None) -> str:
    """`text` up to the first password or key in it. It may begin with one of the user's `aliases`."""
    start = _secret_start(text, aliases)
    return text if start is None else text[:start]


def remembered(text: str, aliases: Aliases | None = None) -> str:
    """What of a typed `text` may be remembered: never a password or key; empty if nothing."""
    if not text.strip():
        return ""
    kept = shown_part(text, aliases)
    if kept is text:
        return text
    kept = kept.strip()
    return kept if " " in kept else ""


def hidden(text: str, aliases: Aliases | None = None) -> str:
    """`text` as it may be seen while it is typed: with a star for each character of a password or key."""
    start = _secret_start(text, aliases)
    return text if start is None else text[:start] + "*" * (len(text) - start)


def _secret_start(text: str, aliases: Aliases | None) -> int | None:
    """Where a password or key begins in `text`, which holds none unless it is a command; None if nowhere."""
    if text.lstrip()[:1] not in ("/", "-"):
        return None
    address = _PASSWORD_IN_ADDRESS.search(text)
    if address:
        return address.end()
    # The table of commands takes as long to import as all that a start needs, and no command was typed before.
    from evchat.protocol.lines import secret_start

    definition = _DEFINITION.match(text)
    if definition:
        found = secret_start(text[definition.end() :])
        return None if found is None else definition.end() + found
    if aliases:
        from tui.model.aliases import secret_in

        found = secret_in(text, aliases)
        if found is not None:
            return found
    return secret_start(text)


_DEFINITION = re.compile(r"/(?:alias|set +aliases) +\S+ +", re.IGNORECASE)
"""Before the command that an alias is for."""

_PASSWORD_IN_ADDRESS = re.compile(r"[a-z]+://:", re.IGNORECASE)
"""Before the password in an address such as `tcp://:PASSWORD@HOST`, as `/connect` takes it."""


def add(entries: Sequence[str], text: str) -> tuple[str, ...]:
    """`entries`, oldest first, with `text` as the newest: without passwords, repetitions of the last, or too many."""
    kept = remembered(text)
    if not kept or (entries and entries[-1] == kept):
        return tuple(entries)
    return (*entries[-(MAX_TYPED_ENTRIES - 1) :], kept)


def dump(entries: Iterable[str]) -> str:
    r"""`entries` as lines of a file: one line each, with `\n` and `\\` for line breaks and backslashes."""
    return "".join(entry.replace("\\", "\\\\").replace("\n", "\\n") + "\n" for entry in entries)


def load(text: str) -> tuple[str, ...]:
    """The newest entries of a file that `dump` wrote; lines that are empty are passed over."""
    lines = [line for line in text.split("\n") if line]
    return tuple(re.sub(r"\\(.)", _unescaped, line) for line in lines[-MAX_TYPED_ENTRIES:])


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]


class HistorySearch:
    """An incremental search backwards through `entries` (oldest first), begun from the text in `editor`.

    Small letters match capitals too. What matched last stays shown when a longer query finds nothing (`failed`).
    A value: each method gives the search as it is afterwards.
    """

    __slots__ = ("editor", "entries", "failed", "index", "query")

    def __init__(
        self,
        editor: Editor,
        entries: Sequence[str],
        query: str = "",
        index: int | None = None,
        failed: bool = False,
    ) -> None:
        self.editor = editor
        self.entries = entries
        self.query = query
        self.index = len(entries) if index is None else index
        self.failed = failed

    @property
    def match(self) -> str | None:
        """The entry found, or None before there is any."""
        return self.entries[self.index] if self.index < len(self.entries) else None

    @property
    def span(self) -> tuple[int, int]:
        """Where in the match the query stands; empty if it does not."""
        start = -1 if self.match is None else _find(self.match, self.query)
        return (start, start + len(self.query)) if start >= 0 else (0, 0)

    def type(self, text: str) -> HistorySearch:
        """Makes the query longer and goes back to the nearest entry that holds it."""
        return self._seek(self.query + text, range(min(self.index, len(self.entries) - 1), -1, -1))

    def erase(self) -> HistorySearch:
        """Deletes the query's last character and starts again from the newest entry."""
        query = self.query[: previous_cluster(self.query, len(self.query))]
        if not query:
            return HistorySearch(self.editor, self.entries)
        return self._seek(query, range(len(self.entries) - 1, -1, -1))

    def older(self) -> HistorySearch:
        """Goes to the next older entry that holds the query and is another."""
        return self._seek(self.query, range(min(self.index, len(self.entries)) - 1, -1, -1), other=True)

    def newer(self) -> HistorySearch:
        """Goes to the next newer entry that holds the query and is another."""
        return self._seek(self.query, range(self.index + 1, len(self.entries)), other=True)

    def _seek(self, query: str, indexes: range, *, other: bool = False) -> HistorySearch:
        for index in indexes:
            if _find(self.entries[index], query) >= 0 and not (other and self.entries[index] == self.match):
                return HistorySearch(self.editor, self.entries, query, index)
        return HistorySearch(self.editor, self.entries, query, self.index, failed=True)

    def accept(self) -> Editor:
        """The editor with the entry found, to be edited or sent."""
        return self.editor if self.match is None else self.editor.replace(self.match)

    def cancel(self) -> Editor:
        """The editor as it was before the search."""
        return self.editor


def _find(entry: str, query: str) -> int:
    """Where `query` stands in `entry`, or -1. Smart case: only a query with capitals minds them."""
    if query != query.lower():
        return entry.find(query)
    # Not str.lower() of the whole: that may change the length, and with it the index.
    match = re.search(re.escape(query), entry, re.IGNORECASE)
    return match.start() if match else -1
