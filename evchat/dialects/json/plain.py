"""The encoder for plain JSON clients (KTN): short objects of exactly four keys, with text that is harmless to print.

Each object leaves as a line of its own. Most of these clients do one `recv` and one `json.loads`, many of them a
`recv(1024)`, and half an object ends them: a long text leaves as several objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, Final

from evchat.dialects import phrases, sentences, times
from evchat.dialects.json.requests import EXPECTED
from evchat.dialects.pieces import pieces, utf8_size
from evchat.protocol.base import Event
from evchat.protocol.basics import Failed, Helped, HungUp, Pinged, Welcomed
from evchat.protocol.channels import Entered, NamesListed
from evchat.protocol.history import (
    HistoryListed,
    InboxListed,
    SearchResults,
)
from evchat.protocol.login import LoggedIn
from evchat.protocol.messages import Message, MessageAccepted
from evchat.protocol.names import MAIN, channel_key
from evchat.protocol.read_markers import ReadMarkerMoved
from evchat.protocol.signs import DELETED
from evchat.protocol.text import harmless, lines
from evchat.protocol.typed_lines import NamePrompt

SHORT: Final = 1024
"""Objects are shorter than this many bytes, because some clients read that many at a time."""

_FRAME = '{"timestamp": "2026-11-21T10:15:02", "sender": "server", "response": "history", "content": ""}\n'
_ROOM: Final = SHORT - 1 - len(_FRAME)
"""The bytes left for the content of a server object."""


def _quote(text: str) -> str:
    """A JSON string of ASCII characters without braces, which some clients count to find the end of an object."""
    quoted = encode_basestring_ascii(text)
    return (
        quoted.replace("{", "\\u007b").replace("}", "\\u007d") if "{" in quoted or "}" in quoted else quoted
    )


def _quote_utf8(text: str) -> str:
    return encode_basestring(text).replace("{", "\\u007b").replace("}", "\\u007d")


def _size_utf8(text: str) -> int:
    """Bytes of a text inside a string of UTF-8."""
    return utf8_size(_quote_utf8(text)) - 2


def _objects(
    at: int, sender: str, response: str, content: str, before: str = "", most: int = SHORT - 1
) -> list[str]:
    """Objects of at most `most` bytes, newline included, with the harmless text `content`, each behind `before`.

    One of ASCII characters if the text fits, else as many in UTF-8 as it takes.
    """
    time = f'{{"timestamp": "{times.iso(at)}", "sender": '
    kind = f', "response": "{response}", "content": '
    line = f"{time}{_quote(sender)}{kind}{_quote(before + content)}}}\n"
    if len(line) <= most:
        return [line]
    head = f"{time}{_quote_utf8(sender)}{kind}"
    room = most - utf8_size(head) - len('""}\n') - _size_utf8(before)
    return [f"{head}{_quote_utf8(before + piece)}}}\n" for piece in pieces(content, room, _size_utf8)]


# ---- messages -------------------------------------------------------------------------------------------------


def _place(said: Message) -> str:
    if said.announced:
        return "(broadcast) "
    if not said.to.startswith("#"):
        return "(private) "
    if said.role:
        return f"({harmless(said.to)}, {phrases.HOLDERS.get(said.role, 'some')}) "
    return "" if channel_key(said.to) == MAIN else f"({harmless(said.to)}) "


def _messages(said: Message, most: int = SHORT - 1) -> list[str]:
    """A message, an object or more for each of its lines."""
    sender = harmless(said.sender)
    before = _place(said) + (f"* {sender} " if said.action else "")
    text = DELETED if said.redacted else said.text
    return [each for line in lines(text) for each in _objects(said.at, sender, "message", line, before, most)]


def _said(said: Message) -> list[str]:
    if not said.own:
        return _messages(said)
    return _told(said.at, said.to, said.text, f"* {harmless(said.sender)} " if said.action else "")


def _told(at: int, to: str, text: str, action: str) -> list[str]:
    """The receiver's own direct message."""
    before = f"-> {harmless(to)}: {action}"
    return [each for line in lines(text) for each in _objects(at, "server", "info", line, before)]


def _many(messages: Iterable[Message], most: int = SHORT - 1) -> list[str]:
    return [line for said in messages for line in _messages(said, most)]


def _lists(at: int, messages: Iterable[Message]) -> list[str]:
    """`history` objects with lists of messages, each as long as allowed; at least one."""
    listed: list[list[str]] = [[]]
    room = _ROOM
    for line in _many(messages, _ROOM):
        size = len(line.encode()) + 1
        if listed[-1] and size > room:
            listed.append([])
            room = _ROOM
        listed[-1].append(line.rstrip("\n"))
        room -= size
    before = f'{{"timestamp": "{times.iso(at)}", "sender": "server", "response": "history", "content": '
    return [f"{before}[{', '.join(some)}]}}\n" for some in listed]


# ---- what the server says ------------------------------------------------------------------------------------


def _packed(parts: Iterable[str], between: str) -> Iterator[str]:
    """The harmless parts joined into as few texts as possible, each of which fits in an object."""
    packed, size = "", 0
    for part in parts:
        length = len(_quote(part)) - 2
        if packed and size + len(between) + length <= _ROOM:
            packed += between + part
            size += len(between) + length
        else:
            if packed:
                yield packed
            packed, size = part, length
    if packed:
        yield packed


def _info(at: int, texts: Iterable[str], response: str = "info") -> list[str]:
    """An object or more for each text."""
    told = []
    for text in map(harmless, texts):
        told += _objects(at, "server", response, text)
    return told


def _sentences(event: Event) -> list[str]:
    return _info(event.at, sentences.sentences(event))


def _failed(event: Failed) -> list[str]:
    return _info(event.at, (event.text,), "error")


def _hung_up(event: HungUp) -> list[str]:
    return _info(event.at, (event.reason,), "error")


def _logged_in(event: LoggedIn) -> list[str]:
    return [*_info(event.at, (f"Login successful. Welcome, {event.name}.",)), *_sentences(event)]


def _sent(event: MessageAccepted) -> list[str]:
    if not event.direct or not event.text:
        return _sentences(event)
    return [*_told(event.at, event.to, event.text, "* " if event.action else ""), *_sentences(event)]


def _history(event: HistoryListed) -> list[str]:
    return _many(event.messages) if event.recent else _lists(event.at, event.messages)


def _inbox(event: InboxListed) -> list[str]:
    return [*_many(event.messages), *_sentences(event)]


def _found(event: SearchResults) -> list[str]:
    listed = _lists(event.at, event.messages) if event.messages else []
    return [*listed, *_sentences(event)]


def _names(event: NamesListed) -> list[str]:
    packed = _packed(map(harmless, event.names), ", ")
    return _info(event.at, packed) or _sentences(event)


def _listed(event: Event) -> list[str]:
    """The rows, as many per object as fit, because each object takes 50 ms."""
    return [*_info(event.at, _packed(sentences.spoken(event), "; ")), *_sentences(event)]


def _helped(event: Helped) -> list[str]:
    if not event.one:
        known = ", ".join(command.name for command in event.commands)
        return _info(
            event.at, (f"Requests: {known}. Send help with one of them as content to have it explained.",)
        )
    told = []
    for command in event.commands:
        keys = [
            f'"{param.key}" is {EXPECTED[param.kind]}' + ("" if param.required else " and may be left out")
            for param in command.params
        ]
        told.append(f"{command.name}: {command.summary}" + (f" Keys: {', '.join(keys)}." if keys else ""))
    return _info(event.at, told)


def _nothing(event: Event) -> list[str]:
    return []


_FORMS: dict[type[Event], Callable[[Any], list[str]]] = {
    **dict.fromkeys(sentences.TABLES, _listed),
    Message: _said,
    Failed: _failed,
    HungUp: _hung_up,
    LoggedIn: _logged_in,
    MessageAccepted: _sent,
    Entered: lambda x: [] if x.login else _sentences(x),
    HistoryListed: _history,
    InboxListed: _inbox,
    SearchResults: _found,
    NamesListed: _names,
    Helped: _helped,
    NamePrompt: _nothing,
    Pinged: _nothing,
    ReadMarkerMoved: _nothing,
    Welcomed: _nothing,
}


def encode(event: Event) -> bytes:
    """The event's objects, one per line; empty for events that plain clients can't understand."""
    return "".join(_FORMS.get(type(event), _sentences)(event)).encode("utf-8", "replace")
