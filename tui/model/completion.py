"""Completion of the word before the cursor: names, channels, commands with their parameters, and :emoji:."""

from __future__ import annotations

from evchat.protocol.text import caseless
from evchat.settings.client import MAX_CANDIDATES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_MIN_EMOJI = 2
"""Characters from the colon on before emoji are offered, so that `:)` and `a:` stay what they are."""


class CommandWord:
    """A command as it is typed: its `word` without the sign, `usage` and `summary` for the list, what it takes.

    `takes` are the kinds of its parameters in a line, by the names of `evchat.protocol.commands.Kind` in small
    letters; "command" for the name of a command, "alias", "server" and "setting" for those of these, "value" for a
    setting's, and "a|b" for one of these words.
    """

    __slots__ = ("summary", "takes", "usage", "word")

    def __init__(self, word: str, usage: str = "", summary: str = "", takes: tuple[str, ...] = ()) -> None:
        self.word = word
        self.usage = usage
        self.summary = summary
        self.takes = takes


class Words:
    """What there is to complete: `nicks` with recent speakers first, `channels`, `commands`, `emoji` by name.

    `settings` are by name what each takes, as `CommandWord.takes` has it; `aliases` the user's own commands, `servers`
    those that one is connected to.
    """

    __slots__ = ("aliases", "channels", "commands", "emoji", "nicks", "servers", "settings")

    def __init__(
        self,
        nicks: Sequence[str] = (),
        channels: Sequence[str] = (),
        commands: Sequence[CommandWord] = (),
        emoji: dict[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        aliases: Sequence[CommandWord] = (),
        servers: Sequence[str] = (),
    ) -> None:
        self.servers = servers
        self.settings = settings or {}
        self.aliases = aliases
        self.nicks = nicks
        self.channels = channels
        self.commands = commands
        self.emoji = emoji or {}


class Candidate:
    """What may stand in the word's place, with what follows it; and how the list above the line shows it."""

    __slots__ = ("label", "note", "text")

    def __init__(self, text: str, label: str, note: str = "") -> None:
        self.text = text
        self.label = label
        self.note = note


class Completion:
    """One of several candidates put in place of the word. A value: `next` and `previous` give the neighbours."""

    __slots__ = ("_after", "_before", "candidates", "index")

    def __init__(self, before: str, after: str, candidates: tuple[Candidate, ...], index: int = 0) -> None:
        self._before = before
        self._after = after
        self.candidates = candidates
        self.index = index

    @property
    def text(self) -> str:
        """The whole text with the candidate in it."""
        return self._before + self._inserted() + self._after

    @property
    def cursor(self) -> int:
        """Behind what was put in."""
        return len(self._before) + len(self.candidates[self.index].text)

    def _inserted(self) -> str:
        text = self.candidates[self.index].text
        return text[:-1] if text.endswith(" ") and self._after.startswith(" ") else text

    def next(self) -> Completion:
        """The next candidate; after the last one the first."""
        return self._at(self.index + 1)

    def previous(self) -> Completion:
        """The candidate before; before the first one the last."""
        return self._at(self.index - 1)

    def _at(self, index: int) -> Completion:
        return Completion(self._before, self._after, self.candidates, index % len(self.candidates))


def complete(text: str, cursor: int, words: Words) -> Completion | None:
    """The completion of the word that ends at `cursor`, with the first candidate; None if there is none."""
    start = cursor
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    fragment = text[start:cursor]
    skip, found = _candidates(text[:start], fragment, words)
    candidates = tuple(found)[:MAX_CANDIDATES]
    if not candidates:
        return None
    return Completion(text[: start + skip], text[cursor:], candidates)


def _candidates(before: str, fragment: str, words: Words) -> tuple[int, Iterable[Candidate]]:
    """The candidates, and how much of the fragment stays in front of them."""
    if not before and _is_command(fragment):
        return 1, _commands(fragment[1:], (*words.aliases, *words.commands))
    kind = _kind(before, fragment, words) if _is_command(before) else "text"
    if kind in ("users", "channels"):
        skip = fragment.rfind(",") + 1
        part = fragment[skip:]
        return skip, _nicks(part, words, "") if kind == "users" else _channels(part, words)
    if kind == "command":
        return 0, _commands(fragment, words.commands)
    if kind == "alias":
        return 0, _commands(fragment, words.aliases)
    if kind == "server":
        return 0, [Candidate(name, name) for name in words.servers if name.startswith(fragment.lower())]
    if kind == "setting":
        return 0, [
            Candidate(name + " ", name) for name in words.settings if name.startswith(fragment.lower())
        ]
    if kind == "channel" or fragment.startswith("#"):
        return 0, _channels(fragment, words)
    if kind == "user":
        return 0, _nicks(fragment, words, " ")
    if kind == "place":
        return 0, (*_nicks(fragment, words, " "), *_channels(fragment, words))
    if "|" in kind:
        folded = fragment.lower()
        return 0, [Candidate(word, word) for word in kind.split("|") if word.startswith(folded)]
    if kind != "text" or not fragment:
        return 0, ()
    if fragment.startswith(":"):
        return 0, _emoji(fragment, words)
    if fragment.startswith("@"):
        return 1, _nicks(fragment[1:], words, " ")
    return 0, _nicks(fragment, words, " " if before else ": ")


def _is_command(text: str) -> bool:
    """Whether `text` is a command or begins one, as `evchat.protocol.lines` reads lines."""
    return text[:1] == "/" and text[:2] != "//" or text[:1] == "-" and text[1:2].isalpha()


def _kind(before: str, fragment: str, words: Words) -> str:
    """What the command in `before` takes next, which begins with `fragment`."""
    typed = before.split()
    word = typed[0][1:].lower()
    for command in (*words.aliases, *words.commands):
        if command.word == word:
            takes = command.takes
            if takes[:2] in (("channel", "user"), ("channel", "text")):
                # The channel may be left out, and whom it is about said first.
                first = typed[1] if len(typed) > 1 else fragment
                if not first.startswith("#") and (len(typed) > 1 or takes[1] == "user"):
                    takes = takes[1:]
            index = len(typed) - 1
            if index < len(takes):
                return (
                    words.settings.get(typed[1].lower(), "text") if takes[index] == "value" else takes[index]
                )
            return "text" if takes[-1:] == ("text",) else ""
    return "text"


def _commands(fragment: str, commands: Sequence[CommandWord]) -> list[Candidate]:
    folded = fragment.lower()
    return [
        Candidate(command.word + " ", command.usage or command.word, command.summary)
        for command in commands
        if command.word.startswith(folded)
    ]


def _channels(fragment: str, words: Words) -> list[Candidate]:
    folded = caseless(fragment)
    bare = folded.lstrip("#")
    return [
        Candidate(channel + " ", channel)
        for channel in words.channels
        if caseless(channel).startswith(folded)
        or (bare == folded and caseless(channel.lstrip("#")).startswith(bare))
    ]


def _nicks(fragment: str, words: Words, suffix: str) -> list[Candidate]:
    """Those that begin so; behind them those that do but for signs in front, as [bob] and _bob for bob."""
    folded = caseless(fragment)
    exact = []
    loose = []
    for nick in words.nicks:
        key = caseless(nick)
        if key.startswith(folded):
            exact.append(Candidate(nick + suffix, nick))
        elif key.lstrip("[]{}\\^|`_").startswith(folded):
            loose.append(Candidate(nick + suffix, nick))
    return exact + loose


def _emoji(fragment: str, words: Words) -> list[Candidate]:
    """Those whose name begins so, the shortest first; behind them those whose name holds it."""
    if len(fragment) < _MIN_EMOJI:
        return []
    part = fragment.strip(":").lower()
    begin = sorted((name for name in words.emoji if name.startswith(part)), key=len)
    hold = [name for name in words.emoji if part in name and not name.startswith(part)]
    return [Candidate(words.emoji[name], f"{words.emoji[name]} :{name}:") for name in begin + hold if part]
