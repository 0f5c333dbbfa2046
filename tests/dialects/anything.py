"""Any bytes in any pieces, any JSON value, any event with any text in it: what the dialects' laws are tested with."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from hypothesis import strategies as st

from evchat.dialects.base import Action, Dialect
from evchat.protocol import catalog
from evchat.protocol.base import Answer, Event, Request
from evchat.protocol.basics import Done, Helped
from evchat.protocol.command import Command
from evchat.protocol.commands import COMMANDS
from evchat.protocol.messages import Message
from tests.profiles import examples

NASTY = (
    "\0\t\n\r\x1b[2J\x07\x7f\x85\x9b\xa0\xad\u0301\u0323\u0344\u034f\u061c\u115f\u1161\u11a8\u180b\u200b\u200d\u200e\u202e"
    '\u2028\u2029\u2066\u2069\u3000\u3099\u3164\ud800\ue000\ufe0f\ufeff\uffff\U000e0041\U0010fffd\U0001f3fd{}[]"\\<>*!'
)
few = examples(25)
"""For laws that are tested for each kind of event by itself."""

texts = st.text(st.one_of(st.sampled_from(NASTY), st.characters(exclude_categories=())), max_size=60)
"""Any characters at all, with the dangerous ones made likely."""

legal_texts = st.text(
    st.one_of(st.sampled_from(NASTY.replace("\ud800", "")), st.characters(exclude_categories=["Cs"])),
    max_size=20,
)
"""What a JSON string or a line of UTF-8 can hold."""

values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        legal_texts,
        st.sampled_from(["", " ", "#main", "bob", "5", "x", "None", "a,b", 2**53 - 1, 2**53, 1.0]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(legal_texts, inner, max_size=4)),
    max_leaves=6,
)
"""Any JSON value."""


def cut(data: bytes, places: Iterable[int]) -> list[bytes]:
    """`data` in pieces, cut at these places."""
    ends = sorted({min(place, len(data)) for place in places} | {len(data)})
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def hear(dialect: Dialect, pieces: Iterable[bytes]) -> list[Action]:
    """Everything that a dialect makes of these pieces and the end behind them."""
    actions = [action for piece in pieces for action in dialect.receive(piece)]
    return [*actions, *dialect.end()]


# ---- events ---------------------------------------------------------------------------------------------------


EVENTS: list[type[Event]] = [kind for kind in catalog.EVENTS if kind is not Answer]
REQUESTS: list[type[Request]] = list(catalog.REQUESTS)

moments = st.one_of(st.integers(0, 2**52), st.integers(1_795_000_000_000, 1_796_000_000_000))
places = st.one_of(st.sampled_from(["#main", "#ops", "bob", "*"]), texts)


def _of(
    hint: Any, text: st.SearchStrategy[str], named: Mapping[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[Any]:
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: text,
        int: st.integers(0, 2**53),
        bool: st.booleans(),
        object: values,
        Command: st.sampled_from(COMMANDS),
    }
    if hint is Request:
        return st.sampled_from(REQUESTS).flatmap(lambda kind: objects(kind, text, named))
    if hint is Event:
        return objects(Message, text, named)
    if hint in simple:
        return simple[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(st.none() if kind is type(None) else _of(kind, text, named) for kind in arguments))
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(_of(arguments[0], text, named), max_size=12).map(tuple)
    if origin is tuple:
        return st.tuples(*(_of(kind, text, named) for kind in arguments))
    return objects(hint, text, named)


def objects(
    cls: type[Any],
    text: st.SearchStrategy[str] = texts,
    named: Mapping[str, st.SearchStrategy[Any]] | None = None,
) -> st.SearchStrategy[Any]:
    """Any value of a class of events, by the types of its fields, with these texts in it.

    `named` says what the texts in fields of certain names are instead, as `field` or `Class.field`.
    """
    hints = typing.get_type_hints(cls)
    named = named or {}
    given = {}
    for field in fields(cls):
        special = named.get(f"{cls.__name__}.{field.name}")
        if special is None and hints[field.name] in (str, str | None, tuple[str, ...], object):
            special = named.get(field.name)
        given[field.name] = _of(hints[field.name], text, named) if special is None else special
    given |= {"at": moments} if "at" in given else {}
    if "context" not in named:
        given.pop("context", None)  # which a dialect keeps for itself
    if "to" in given and "to" not in named:
        given["to"] = st.one_of(st.sampled_from(["#main", "bob", "*"]), text)
    if cls is Done:
        given["facts"] = st.sampled_from([(), (("name", "bob"),), (("channels", ["#ops"]),)])
    if cls is Helped:
        given["commands"] = st.lists(st.sampled_from(COMMANDS), min_size=1).map(tuple)
    return st.builds(cls, **given)


def is_json(value: object) -> bool:
    """Whether `value` can be written as JSON that is UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return True
