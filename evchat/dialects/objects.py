"""From a JSON object to a request, by the table of commands."""

from __future__ import annotations

import json
from typing import Any

from evchat.protocol import names
from evchat.protocol import requests as r
from evchat.protocol.commands import BY_NAME, Command, Kind, Param
from evchat.protocol.lines import MAX_NUMBER

MAX_DEPTH = 64
MAX_ID = 64

_ABSENT = object()
_SAY = BY_NAME["msg"]


class _Wrong(Exception):
    """A field is not what it should be; the text says what it is and what was expected."""


def read_object(raw: bytes, *, plain: bool) -> r.Request:
    """The request that an object means, or `Malformed`. `plain` clients may send any content where none is needed."""
    try:
        value = json.loads(str(raw, "utf-8"))
    except UnicodeDecodeError:
        return r.Malformed("That is no UTF-8.", "bad-encoding")
    except (ValueError, RecursionError) as error:
        return r.Malformed(_explain(error))
    return read_value(value, plain=plain, escaped=b"\\u" in raw, braces=raw.count(b"{") + raw.count(b"["))


def _explain(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"That is nested too deep: at most {MAX_DEPTH} levels."
    if isinstance(error, json.JSONDecodeError):
        return f"That is no JSON object: {error.msg} at character {error.pos + 1}."
    return "That holds a number of too many digits."


def read_value(value: Any, *, plain: bool, escaped: bool = True, braces: int = MAX_DEPTH) -> r.Request:
    """The request that a parsed object means. `escaped` and `braces` tell whether it can hold halves of characters,
    or be nested too deep, at all."""
    if not isinstance(value, dict):
        return r.Malformed("A request is a JSON object.")
    if braces >= MAX_DEPTH and _depth(value) > MAX_DEPTH:
        return r.Malformed(f"That is nested too deep: at most {MAX_DEPTH} levels.")
    if escaped and not _is_whole(value):
        return r.Malformed("That holds half a character (a lone surrogate).", "bad-encoding")
    number = value.get("id")
    if number is not None and (not isinstance(number, str) or not 0 < len(number) <= MAX_ID):
        return r.Malformed(f"id must be a text of 1 to {MAX_ID} characters.")
    name = value.get("request")
    command = BY_NAME.get(name) if isinstance(name, str) else None
    if command is None:
        return _unknown(name, number)
    if command is _SAY:
        text, to = value.get("content"), value.get("to")
        if type(text) is str and text and (to is None or (type(to) is str and to)):
            return r.Say(text, to, id=number)
    try:
        fields = {param.field: _field(command, param, value, plain) for param in command.params}
    except _Wrong as wrong:
        return r.Malformed(str(wrong), id=number)
    fields = {key: field for key, field in fields.items() if field is not _ABSENT}
    return command.request(**fields, **dict(command.fixed), id=number)


def _unknown(name: object, number: str | None) -> r.Malformed:
    if not isinstance(name, str):
        return r.Malformed("A request needs its name: the key request with a text.", id=number)
    known = ", ".join(BY_NAME)
    return r.Malformed(f"There is no request {name[:40]}. There are: {known}.", "unknown-request", id=number)


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
    return deepest


def _is_whole(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _look_up(key: str, value: dict[str, Any]) -> Any:
    outer, _, inner = key.partition(".")
    found = value.get(outer)
    if inner:
        return found.get(inner) if isinstance(found, dict) else None
    if found is None and isinstance(value.get("content"), dict):
        return value["content"].get(outer)  # `echo` of a hello may stand in its content as well
    return found


def _field(command: Command, param: Param, value: dict[str, Any], plain: bool) -> Any:
    found = _look_up(param.key, value)
    if found is None and not (param.kind is Kind.ANY and param.key in value):
        if param.required:
            raise _Wrong(f"{command.name} needs {param.key}: {param.kind.value}.")
        return _ABSENT
    try:
        return _as_kind(param, found)
    except _Wrong:
        # Plain clients send content where none is needed: "None", "x", 0.
        if plain and command.lenient and not param.required:
            return _ABSENT
        raise


def _as_kind(param: Param, found: Any) -> Any:
    kind = param.kind
    wrong = _Wrong(f"{param.key} must be {kind.value}, not {_shown(found)}.")
    if kind is Kind.ANY:
        return found
    if kind is Kind.FLAG:
        if not isinstance(found, bool):
            raise wrong
        return found
    if kind is Kind.NUMBER:
        return _number(found, wrong)
    if kind in (Kind.USERS, Kind.CHANNELS):
        return _list(param, found, wrong)
    if not isinstance(found, str):
        raise wrong
    if kind is Kind.TEXT:
        if param.required and not found.strip():
            raise _Wrong(f"{param.key} is empty.")
        return found
    found = found.strip()
    if not found:
        if param.required:
            raise _Wrong(f"{param.key} is empty.")
        return _ABSENT
    if kind is Kind.CHANNEL and not names.is_channel(found):
        raise wrong
    return found


def _number(found: Any, wrong: _Wrong) -> int:
    if isinstance(found, str) and found.strip().isdecimal() and len(found) < 20:
        found = int(found)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= MAX_NUMBER:
        raise wrong
    return found


def _list(param: Param, found: Any, wrong: _Wrong) -> tuple[str, ...]:
    if isinstance(found, str):
        found = found.split(",")
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise wrong
    listed = tuple(name.strip() for name in found if name.strip())
    if param.required and not listed:
        raise _Wrong(f"{param.key} is empty.")
    return listed


def _shown(found: Any) -> str:
    text = json.dumps(found)
    return text if len(text) <= 40 else text[:39] + "…"
