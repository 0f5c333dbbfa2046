"""What plain JSON clients (KTN) hear: objects of exactly four keys, short ones, with text that is harmless to print."""

from __future__ import annotations

import json

from evchat.dialects import clock, prose
from evchat.protocol import events as e
from evchat.protocol.names import EVERYONE, MAIN
from evchat.protocol.text import harmless, lines

_LONGEST = 1000
"""Bytes of an object, where the text allows: some clients read 1,024 at a time."""

_BRACES = str.maketrans({"{": "\\u007b", "}": "\\u007d"})
"""Some clients count braces to find an object's end."""


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).translate(_BRACES)


def _object(at: int, sender: str, response: str, content: str) -> str:
    return (
        f'{{"timestamp": "{clock.iso(at)}", "sender": {_string(harmless(sender))}, '
        f'"response": "{response}", "content": {content}}}'
    )


def _messages(said: e.Said) -> list[str]:
    if said.own:
        before = f"-> {said.to}: "
    elif said.to.startswith("#"):
        before = "" if said.to == MAIN else f"({said.to}) "
    else:
        before = "(broadcast) " if said.announced or said.to == EVERYONE else "(private) "
    if said.action:
        before += f"* {said.sender} "
    before = harmless(before + ".")[:-1]  # the dot keeps the space at the end
    return [_object(said.at, said.sender, "message", _string(before + line)) for line in lines(said.text)]


def _info(at: int, text: str, response: str = "info") -> list[str]:
    """One object if it is short enough, else several, cut at spaces."""
    overhead = len(_object(at, "server", response, '""'))
    objects = []
    rest = harmless(text)
    while rest:
        piece = _cut(rest, _LONGEST - overhead)
        objects.append(_object(at, "server", response, _string(piece.rstrip(" "))))
        rest = rest[len(piece) :].lstrip(" ")
    return objects


def _cut(text: str, most: int) -> str:
    """The longest beginning of `text` whose JSON string has at most `most` bytes, up to a space if there is one."""
    if len(_string(text).encode()) - 2 <= most:
        return text
    size = end = 0
    for char in text:
        size += len(_string(char).encode()) - 2
        if size > most:
            break
        end += 1
    space = text.rfind(" ", 0, end + 1)
    return text[: space + 1] if space > 0 else text[:end]


def encode(event: e.Event) -> bytes:
    """The event's objects, one a line; nothing for what plain clients can't understand."""
    kind = type(event)
    if kind is e.Said:
        objects = _messages(event)  # type: ignore[arg-type]
    elif isinstance(event, e.Failed):
        objects = _info(event.at, event.text, "error")
    elif isinstance(event, e.HungUp):
        objects = _info(event.at, event.reason, "error")
    else:
        objects = _told(event)
    return "".join(line + "\n" for line in objects).encode("utf-8")


def _told(event: e.Event) -> list[str]:
    if isinstance(event, e.HistoryListed) and not event.recent:
        listed = ", ".join(line for said in event.messages for line in _messages(said))
        return [_object(event.at, "server", "history", f"[{listed}]")]
    if isinstance(event, e.Entered) and event.login:
        return []
    objects: list[str] = []
    if isinstance(event, e.LoggedIn):
        objects += _info(event.at, f"Login successful. Welcome, {event.name}.")
    elif isinstance(event, e.Sent) and event.direct:
        objects += [
            line
            for text in lines(event.text)
            for line in _info(event.at, f"-> {event.to}: {'* ' if event.action else ''}{text}")
        ]
    elif isinstance(event, e.HistoryListed | e.InboxListed | e.Found):
        objects += [line for said in event.messages for line in _messages(said)]
    elif isinstance(event, e.NamesListed):
        return _info(event.at, ", ".join(event.names))
    for sentence in _joined(prose.sentences(event)):
        objects += _info(event.at, sentence)
    return objects


def _joined(sentences: list[str]) -> list[str]:
    """Short lines together in one text, because every object takes its 20 ms."""
    joined: list[str] = []
    for words in map(str.split, sentences):
        sentence = " ".join(words)
        if joined and len(joined[-1]) + len(sentence) < 700:
            joined[-1] += " | " + sentence
        else:
            joined.append(sentence)
    return joined
