"""The parser from a JSON object to a request and the writer back, by the table of commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from typing import Any, Final

from evchat.protocol import names
from evchat.protocol.base import Request
from evchat.protocol.basics import Malformed
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.commands import BY_NAME, BY_WORD, COMMANDS
from evchat.protocol.lines import MAX_NUMBER
from evchat.protocol.messages import SendMessage
from evchat.protocol.value import value
from evchat.settings.model import DEFAULTS

_SHOWN = 40
"""How many characters of a wrong value an error repeats."""

Reader = Callable[[Any], object]
"""Turns a JSON value into a parameter's value; `None` if nothing was given. Raises ValueError."""


# ---- readers of values ----------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    if type(value) is not str:
        raise ValueError
    return value


def _word(value: Any) -> str | None:
    return _text(value).strip() or None


def _list(value: Any) -> tuple[str, ...] | None:
    parts = value if isinstance(value, list) else _text(value).split(",")
    return tuple(word for part in parts if (word := _word(part))) or None


def _number(value: Any) -> int:
    if isinstance(value, str):
        whole = value.isascii() and value.isdecimal() and len(value) <= len(str(MAX_NUMBER))
    else:
        whole = isinstance(value, float) and value.is_integer()
    if whole:
        value = int(value)
    if type(value) is not int or not 0 <= value <= MAX_NUMBER:
        raise ValueError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


_TYPING: Final = "+typing"
"""The tag for typing notifications (IRCv3, "typing client tag")."""


def _typing(value: Any) -> tuple[tuple[str, str], ...]:
    if value not in ("active", "paused", "done"):
        raise ValueError
    return ((_TYPING, value),)


def typing(tags: tuple[tuple[str, str], ...]) -> str:
    """The state of somebody's typing in tags; nothing if it is not a valid one."""
    said = dict(tags).get(_TYPING, "")
    return said if said in ("active", "paused", "done") else ""


def _anything(value: Any) -> object:
    return value


_READERS: dict[Kind, Reader] = {
    Kind.TEXT: _text,
    Kind.WORD: _word,
    Kind.USER: _word,
    Kind.CHANNEL: _word,
    Kind.PLACE: _word,
    Kind.USERS: _list,
    Kind.WORDS: _list,
    Kind.CHANNELS: _list,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.TYPING: _typing,
    Kind.ANY: _anything,
}

EXPECTED: dict[Kind, str] = {
    Kind.TEXT: "a text",
    Kind.WORD: "a word",
    Kind.USER: "a user's name",
    Kind.CHANNEL: "a channel's name",
    Kind.PLACE: "a channel's or a user's name",
    Kind.USERS: "a list of users' names",
    Kind.WORDS: "a word or a list of words",
    Kind.CHANNELS: "a channel's name or a list of them",
    Kind.NUMBER: "a whole number",
    Kind.FLAG: "true or false",
    Kind.TYPING: "active, paused or done",
    Kind.ANY: "anything",
}
"""What a parameter must be, for people."""


def _plain_text(value: Any) -> str | None:
    return _text(value) or None


def _plain_channel(value: Any) -> str | None:
    word = _word(value)
    return word if word and names.is_channel(word) else None


def _plain_command(value: Any) -> str | None:
    word = _word(value)
    known = word and (word.lower() in BY_NAME or word.lstrip("/-").lower() in BY_WORD)
    return word if known else None


# Plain clients send "", "None", "x" or anything else as content if none is needed.
_PLAIN_READERS: dict[Kind, Reader] = {Kind.TEXT: _plain_text}
_LENIENT_READERS: dict[Kind, Reader] = {
    Kind.TEXT: _plain_text,
    Kind.CHANNEL: _plain_channel,
    Kind.WORD: _plain_command,
}


# ---- commands, prepared for parsing -------------------------------------------------------------------------


@value
class _Field:
    """A parameter: the key of the object, the key inside that if it has one, and how it is read."""

    param: Param
    field: str
    key: str
    inner: str
    required: bool
    read: Reader


@value
class _Form:
    """A command as one kind of client sends it. `lenient` means that meaningless values are ignored."""

    command: Command
    make: type[Request]
    fields: tuple[_Field, ...]
    fixed: tuple[tuple[str, object], ...]
    lenient: bool


def _form(command: Command, *, full: bool) -> _Form:
    lenient = command.lenient and not full
    special = {} if full else _LENIENT_READERS if lenient else _PLAIN_READERS
    made = []
    for param in command.params:
        key, _, inner = param.key.partition(".")
        required = param.required and not lenient
        read = _READERS[param.kind] if required else special.get(param.kind, _READERS[param.kind])
        made.append(_Field(param, param.field, key, inner, required, read))
    return _Form(command, command.request, tuple(made), command.fixed, lenient)


_FULL = {name: _form(command, full=True) for name, command in BY_NAME.items()}
_PLAIN = {name: _form(command, full=False) for name, command in BY_NAME.items()}
_KNOWN = ", ".join(command.name for command in COMMANDS)
_NO_REQUEST = Malformed(f'An object needs "request": one of {_KNOWN}.')
_ENVELOPE = frozenset({"request", "id", "content"})


class _WrongError(Exception):
    """A parameter is missing or not what it must be; the text is a sentence about it."""

    def __init__(self, text: str, code: str = "bad-request") -> None:
        super().__init__(text)
        self.code = code


def read_request(
    value: dict[str, object], full: bool = True, most_id_chars: int = DEFAULTS.max_id_chars
) -> Request:
    """The request in an object, or `Malformed` with a sentence that names the key and what it must be.

    A plain client (`full` is False) gives no ids, may leave content empty, and where a command is `lenient` whatever
    makes no sense counts as not given.
    """
    name = value.get("request")
    number: str | None = None
    if full:
        given = value.get("id")
        if given is not None:
            if type(given) is not str or not 0 < len(given) <= most_id_chars:
                return Malformed(
                    f'"id" must be a text of 1 to {most_id_chars} characters, not {_shown(given)}.'
                )
            number = given
    if name == "msg" and "role" not in value and "reply" not in value:  # by far the most common request
        text, to = value.get("content"), value.get("to")
        if type(text) is str and text and not text.isspace() and (to is None or type(to) is str):
            place = (to.strip() or None) if to else None
            return SendMessage(text, place) if number is None else SendMessage(text, place, id=number)
    form = (_FULL if full else _PLAIN).get(name) if type(name) is str else None
    if form is None:
        return _unknown(name, number)
    try:
        given_fields = _read_fields(form, value)
    except _WrongError as wrong:
        return Malformed(str(wrong), wrong.code, id=number)
    return form.make(**given_fields, id=number)


def _unknown(name: object, number: str | None) -> Malformed:
    if type(name) is not str:
        return _NO_REQUEST if number is None else replace(_NO_REQUEST, id=number)
    return Malformed(
        f"Unknown request: {_shown(name)}. Known requests: {_KNOWN}.", "unknown-request", id=number
    )


def _read_fields(form: _Form, value: dict[str, object]) -> dict[str, Any]:
    given: dict[str, Any] = dict(form.fixed)
    content = value.get("content")
    for field in form.fields:
        found = value.get(field.key)
        if field.inner:
            found = found.get(field.inner) if isinstance(found, dict) else None
        elif found is None and field.key not in _ENVELOPE and isinstance(content, dict):
            found = content.get(field.key)  # `echo` may also be inside the content of hello
        if found is not None:
            try:
                found = field.read(found)
            except ValueError:
                if form.lenient:
                    continue
                must = f'{form.command.name}: "{field.param.key}" must be {EXPECTED[field.param.kind]}'
                # The sentence may be logged, so it must never repeat a password or a key.
                but = (
                    ""
                    if "password" in _shown(found) + field.param.key or field.field == "keys"
                    else f", not {_shown(found)}"
                )
                raise _WrongError(f"{must}{but}.") from None
        if found is not None:
            if field.required and field.param.kind is Kind.TEXT and (not found or str(found).isspace()):
                raise _WrongError(f'{form.command.name}: "{field.param.key}" is empty.', "empty")
            given[field.field] = found
        elif field.required:
            raise _WrongError(f'{form.command.name} needs "{field.param.key}": {EXPECTED[field.param.kind]}.')
    return given


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


# ---- from requests to objects
# ---------------------------------------------------------------------------------------------


def _writers() -> dict[type[Request], list[Command]]:
    by_type: dict[type[Request], list[Command]] = {}
    for command in sorted(COMMANDS, key=lambda command: -len(command.fixed)):
        by_type.setdefault(command.request, []).append(command)
    return by_type


_COMMANDS_OF = _writers()
_DEFAULTS: dict[type[Request], dict[str, object]] = {
    kind: {field.name: field.default for field in fields(kind) if field.default is not MISSING}
    for kind in _COMMANDS_OF
}


def write_request(request: Request) -> dict[str, object]:
    """The object that `read_request` reads as `request`.

    Raises ValueError for what no JSON client can ask, such as `TypedLine`, `Malformed` or `ReplyLocally`.
    """
    kind = type(request)
    for command in _COMMANDS_OF.get(kind, ()):
        if all(getattr(request, field) == value for field, value in command.fixed):
            break
    else:
        raise ValueError(f"{kind.__name__} is not a request of a JSON client")
    written: dict[str, object] = {"request": command.name}
    for param in command.params:
        value = getattr(request, param.field)
        if not param.required and (value is None or value == _DEFAULTS[kind].get(param.field, MISSING)):
            continue
        if param.kind is Kind.TYPING:
            value = typing(value)
        elif isinstance(value, tuple):
            value = list(value)
        key, _, inner = param.key.partition(".")
        if inner:
            content = written.setdefault(key, {})
            assert isinstance(content, dict)
            content[inner] = value
        else:
            written[key] = value
    if request.id is not None:
        written["id"] = request.id
    return written
