"""Aliases: names of the user's own for commands and texts, with places for what follows them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Aliases = Mapping[str, str]

_PLACE = re.compile(r"\$(?:(\$)|(\*)|([1-9])(-?))")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def _secret_start(text: str) -> int | None:
    # Imported here: the table of commands takes 10 ms to load, and most starts never come to it.
    from evchat.protocol.lines import secret_start

    return secret_start(text)


def problem(name: str, text: str) -> str:
    """Why that can't be an alias, in a sentence; empty if it can."""
    if not _NAME.fullmatch(name):
        return "The name of an alias is of small letters, digits, - and _."
    if not text.strip() or "\n" in text:
        return f"An alias needs a text in one line: /alias {name} /join #dev"
    if _secret_start(_PLACE.sub("", text)) is not None:
        return "An alias can't hold a password or key. Leave it out, and it is asked for or given after the alias."
    return ""


def expand(line: str, aliases: Aliases) -> str | None:
    """What a line stands for that begins with an alias; None if it does not. The text is not expanded again."""
    if line[:1] != "/":
        return None
    name, _, rest = line[1:].partition(" ")
    text = aliases.get(name.lower())
    return None if text is None else _filled(text, rest.split())


def _filled(text: str, words: list[str]) -> str:
    """The text with `$1` to `$9`, `$2-` (from the second on), `$*` (all) and `$$` (the sign) replaced."""

    def put(match: re.Match[str]) -> str:
        sign, everything, number, onwards = match.groups()
        if sign:
            return "$"
        if everything:
            return " ".join(words)
        at = int(number) - 1
        return " ".join(words[at:] if onwards else words[at : at + 1])

    return _PLACE.sub(put, text).rstrip()


def secret_in(line: str, aliases: Aliases) -> int | None:
    """Where a password or key begins in what follows an alias; None if there is none, or it is no alias."""
    if expand(line, aliases) is None:
        return None
    name, _, rest = line.partition(" ")
    at = len(name)
    # A word more is the place of a secret if the line with it has one, and without it has none.
    for word in re.finditer(r"\S+", rest):
        end = len(name) + 1 + word.end()
        if _secret_start(expand(line[:end], aliases) or "") is not None:
            return at + 1
        at = end
    return None
