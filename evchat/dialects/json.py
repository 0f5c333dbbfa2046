"""The JSON dialect: objects on a stream of bytes, for plain (KTN) and full clients."""

from __future__ import annotations

import json

from evchat.dialects import json_full, json_plain
from evchat.dialects.objects import read_object, read_value
from evchat.dialects.scanner import MAX_OBJECT, Garbage, Scanner
from evchat.protocol import events as e
from evchat.protocol import requests as r

_TOO_LONG = f"That is too long: an object has at most {MAX_OBJECT // 1024} KiB. Goodbye."
_DECODE = json.JSONDecoder().raw_decode


class JsonDialect:
    """A program that speaks JSON. It is a plain client until its `hello` is answered with a `Welcomed`."""

    name = "json"

    __slots__ = ("_full", "_scanner")

    def __init__(self) -> None:
        self._scanner = Scanner()
        self._full = False

    @property
    def variant(self) -> str:
        """Plain and full clients hear different bytes."""
        return "json-full" if self._full else "json-plain"

    @property
    def paced(self) -> bool:
        """A plain client reads one object a segment."""
        return not self._full

    @property
    def pings(self) -> bool:
        """A plain client knows no ping."""
        return self._full

    def greet(self) -> list[r.Request]:
        """Nothing: the client speaks first."""
        return []

    def receive(self, data: bytes) -> list[r.Request]:
        """A request for each object that is complete, and one error for each run of garbage."""
        requests: list[r.Request] = []
        if self._scanner.idle:
            data = self._read_whole(data, requests)
            if not data:
                return requests
        for found in self._scanner.feed(data):
            if isinstance(found, bytes):
                requests.append(read_object(found, plain=not self._full))
            elif isinstance(found, Garbage):
                requests.append(r.Malformed("That is no JSON object: it must start with {."))
            else:
                requests.append(r.Malformed(_TOO_LONG, "too-long", fatal=True))
        return requests

    def _read_whole(self, data: bytes, requests: list[r.Request]) -> bytes:
        """Reads whole lines that are an object each, as nearly all are; returns what is left for the scanner."""
        if data[-1] != 0x0A or len(data) > MAX_OBJECT:
            return data
        for start, end in _lines(data):
            raw = data[start:end]
            if raw[:1] != b"{" or raw[-1:] != b"}":
                return data[start:]
            try:
                text = raw.decode("utf-8")
                value, length = _DECODE(text)
            except (ValueError, RecursionError):
                return data[start:]
            if length != len(text):
                return data[start:]
            braces = raw.count(b"{") + raw.count(b"[")
            requests.append(read_value(value, plain=not self._full, escaped=b"\\u" in raw, braces=braces))
        return b""

    def end(self) -> list[r.Request]:
        """Half an object means nothing."""
        return []

    def encode(self, event: e.Event) -> bytes:
        """The event's objects, one a line."""
        if type(event) is e.Welcomed:
            self._full = True
        return json_full.encode(event) if self._full else json_plain.encode(event)


def _lines(data: bytes) -> list[tuple[int, int]]:
    """Where the lines of `data`, which ends in one, begin and end."""
    found = []
    start = 0
    while (end := data.find(b"\n", start)) >= 0:
        found.append((start, end))
        start = end + 1
    return found
