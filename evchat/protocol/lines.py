"""The parser that turns a typed line into a request, by the table of commands.

The text dialect and the terminal client share it, so they read lines alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from evchat.protocol import names
from evchat.protocol.base import Request
from evchat.protocol.basics import Malformed
from evchat.protocol.channels import Join
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.commands import BY_WORD, DASH_WORDS
from evchat.protocol.login import Quit
from evchat.protocol.messages import Announce
from evchat.protocol.people import Who
from evchat.protocol.suggestions import Suggestions
from evchat.protocol.typed_lines import TypedLine
from evchat.protocol.value import value

MAX_NUMBER = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 8259, section 6)."""

_MOST_DIGITS = 15
"""The most digits a number in a line may have: fewer than MAX_NUMBER has."""

SUGGESTIONS = Suggestions(BY_WORD)
"""The words of commands, for those that do not exist."""

_QUIT = "---quit---"
_USERS_MESSAGE = re.compile(r"users?\s(.*?)\smessage\s+(\S.*)", re.DOTALL | re.IGNORECASE)
_SIGNED = re.compile(r"(/|-+)(\S*)\s*(.*)\Z", re.DOTALL)


def parse_line(line: str, *, join_moves: bool = False) -> Request:
    """The request in `line` (without its line break): a command's, `TypedLine`, or `Malformed`.

    With `join_moves`, what is typed after /join goes to the channel joined, as it always does after -ch.

    A command starts with `/`, or with `-` before a word that is one: other dashes are those of patches, keys, lists and
    options. A doubled sign is the sign itself: `//` always, dashes where one alone would begin a command.
    """
    if line.rstrip() == _QUIT:
        return Quit()
    if line.startswith("//"):
        return TypedLine(line[1:])
    match = _SIGNED.match(line)
    if not match:
        return TypedLine(line)
    sign, word, rest = match[1], match[2].lower(), match[3].rstrip()
    if sign != "/":
        if word not in DASH_WORDS:
            return TypedLine(line)
        if sign != "-":
            return TypedLine(line[1:])
    if word == "ch" and rest:
        return Join(tuple(map(_as_channel, _split(rest))), current=True)
    if word == "list":  # its users know channels without their sign, and alone it lists everyone
        if not rest:
            return Who()
        rest = _as_channel(rest)
    if word == "broadcast" and (announced := broadcast_to_users(rest)):
        return announced
    if word == "send" and rest[:5].lower() == "user ":
        rest = rest[5:].lstrip()
    command = BY_WORD.get(word)
    if command is None:
        meant = SUGGESTIONS.sentence(word) or " /help all lists them."
        return Malformed(f"There is no command /{match[2]}.{meant}", "unknown-command")
    request = _read_command(command, rest)
    if join_moves and type(request) is Join:
        return Join(request.channels, current=True, keys=request.keys)
    return request


def broadcast_to_users(rest: str) -> Announce | None:
    """The meaning of `user NAME NAME message TEXT`, as an older system has it; None if a line is not like that."""
    match = _USERS_MESSAGE.match(rest)
    to = _split(match[1]) if match else ()
    if match is None or any(names.check_user_name(name, unicode_names=True) for name in to):
        return None
    return Announce(match[2], to)


def _as_channel(name: str) -> str:
    return name if names.is_channel(name) else f"#{name}"


def secret_start(line: str) -> int | None:
    """Where in a typed line a password or key begins, by the table of commands; None if it holds none.

    Everything from there on must be hidden, even if the line has more than the command takes.
    """
    match = _SIGNED.match(line.strip())
    command = BY_WORD.get(match[2].lower()) if match and match[1] in ("/", "-") else None
    if match is None or command is None:
        return None
    rest = match[3]
    params = [param for param in command.params if param.line]
    for index, param in enumerate(params):
        if param.secret and rest:
            return len(line.rstrip()) - len(rest)
        found = re.search(param.secret_after, rest) if param.secret_after else None
        if found and found.end() < len(rest):
            return len(line.rstrip()) - len(rest) + found.end()
        taken, rest = _take(param, rest, params[index + 1 :])
        if param.kind in (Kind.USER, Kind.PLACE) and isinstance(taken, str) and rest and _is_service(taken):
            return len(line.rstrip()) - len(rest)
    return None


def _is_service(name: str) -> bool:
    """Whether it is a program such as NickServ elsewhere: what is written to it is usually a password."""
    return names.user_key(name.partition("@")[0]) in names.SERVICES


@value
class Unsaid:
    """A command that was typed without its secrets: all other fields of its request, and the parameters to ask for."""

    command: Command
    fields: Mapping[str, Any]
    params: tuple[Param, ...]

    def request(self, secrets: Sequence[str]) -> Request:
        """The request with the secrets, in the order of `params`."""
        told = dict(zip((param.field for param in self.params), secrets, strict=True))
        return self.command.request(**self.fields, **told)


def unsaid_secrets(line: str) -> Unsaid | None:
    """The command in a typed line that lacks nothing but secrets; None if it lacks none, or something else, too."""
    match = _SIGNED.match(line.strip())
    command = BY_WORD.get(match[2].lower()) if match and match[1] == "/" else None
    if match is None or command is None:
        return None
    rest = match[3]
    fields: dict[str, Any] = dict(command.fixed)
    missing: list[Param] = []
    params = [param for param in command.params if param.line]
    for index, param in enumerate(params):
        taken, rest = _take(param, rest, params[index + 1 :])
        if taken is not None:
            fields[param.field] = taken
        elif param.must_be_typed and param.secret:
            missing.append(param)
        elif param.must_be_typed:
            return None
    return Unsaid(command, fields, tuple(missing)) if missing and not rest else None


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[,\s]+", text) if part)


def _read_command(command: Command, rest: str) -> Request:
    fields: dict[str, Any] = dict(command.fixed)
    params = [param for param in command.params if param.line]
    for index, param in enumerate(params):
        taken, rest = _take(param, rest, params[index + 1 :])
        if taken is not None:
            fields[param.field] = taken
        elif param.must_be_typed or (rest and param.kind is Kind.NUMBER and _word(rest)[0].isdecimal()):
            return Malformed(f"Usage: {command.usage}", "usage")
    if rest:
        return Malformed(f"Too many words for /{command.words[0]}. Usage: {command.usage}", "usage")
    return command.request(**fields)


def _word(text: str) -> tuple[str, str]:
    """The first word of a text that is not blank, and the rest."""
    parts = text.split(None, 1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def _list(text: str) -> tuple[str, str]:
    """The list at the start of a text, even if typed with spaces after its commas, and the rest."""
    words, rest = _word(text)
    while words.endswith(",") and rest:
        word, rest = _word(rest)
        words += word
    return words, rest


def _take(param: Param, rest: str, later: list[Param]) -> tuple[object, str]:
    """The value at the start of `rest` for `param` (None if there is none), and what is left of it."""
    if not rest:
        return None, ""
    if param.kind in (Kind.TEXT, Kind.ANY):
        return rest, ""
    start = rest
    if param.marker:
        marker, start = _word(rest)
        if marker.lower() not in (param.marker, param.marker + "s") or not start:
            return None, rest
    if param.kind in (Kind.USERS, Kind.CHANNELS, Kind.WORDS):
        words, left = _list(start)
        if param.kind is Kind.CHANNELS and not names.is_channel(words) and not param.must_be_typed:
            return None, rest
        return _split(words) or None, left
    word, left = _word(start)
    if param.kind is Kind.NUMBER:
        if not word.isdecimal():
            return None, rest
        return (int(word), left) if len(word) <= _MOST_DIGITS else (None, rest)
    if param.kind is Kind.CHANNEL and not names.is_channel(word):
        return None, rest
    if (
        param.kind is Kind.PLACE
        and not left
        and word.isdecimal()
        and any(p.kind is Kind.NUMBER for p in later)
    ):
        return None, rest
    return word, left
