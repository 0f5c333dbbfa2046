"""The JSON codec of one connection, for plain (KTN) and full clients."""

from __future__ import annotations

from evchat.dialects.json import full, plain
from evchat.dialects.json.requests import read_request
from evchat.dialects.json.scanner import Found, Scanner
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Hello, Welcomed
from evchat.settings.model import DEFAULTS, Config, Limits


class JsonDialect:
    """A program that speaks JSON.

    It asks like a full client if its first request is `hello`; it hears what full clients hear once a `Welcomed` was
    encoded. What it asks depends on its bytes alone, however they come.
    """

    name = "json"
    context = False
    acknowledges = True
    visits = False
    successor = None

    __slots__ = ("_asks_fully", "_hears_fully", "_most_id_chars", "_scanner")

    def __init__(self, limits: Limits = DEFAULTS) -> None:
        self._scanner = Scanner(limits.max_object_bytes)
        self._most_id_chars = limits.max_id_chars
        self._asks_fully: bool | None = None
        """None until the first request."""
        self._hears_fully = False

    @property
    def variant(self) -> str:
        """Plain and full clients get different bytes."""
        return "json-full" if self._hears_fully else "json-plain"

    @property
    def paced(self) -> bool:
        """A plain client reads one object per segment."""
        return not self._hears_fully

    @property
    def pings(self) -> bool:
        """Plain clients do not know pings."""
        return self._hears_fully

    def greet(self) -> list[Request]:
        """Nothing: the client speaks first."""
        return []

    def receive(self, data: bytes) -> list[Request]:
        """A request for each complete object, `Malformed` for each run of other bytes."""
        return self._requests(self._scanner.feed(data))

    def end(self) -> list[Request]:
        """`Malformed` if the last object is incomplete."""
        return self._requests(self._scanner.end())

    def farewell(self, *, stopping: bool = False) -> bytes:
        """Nothing."""
        return b""

    def reconfigure(self, config: Config) -> bytes:
        """Nothing: how long an object may be was told in the welcome."""
        return b""

    def _requests(self, found: list[Found]) -> list[Request]:
        fully, most = self._asks_fully, self._most_id_chars
        if fully is None and found:
            first = found[0]
            fully = isinstance(first, dict) and type(read_request(first, most_id_chars=most)) is Hello
            self._asks_fully = fully
        as_full = fully is True
        return [read_request(value, as_full, most) if isinstance(value, dict) else value for value in found]

    def encode(self, event: Event) -> bytes:
        """The event's objects, one per line; nothing if this client would not understand it."""
        if self._hears_fully:
            return full.encode(event)
        if type(event) is Welcomed:
            self._hears_fully = True
            return full.encode(event)
        return plain.encode(event)

    def answer(self, event: Event) -> bytes:
        """The same for everybody."""
        return full.encode(event) if self._hears_fully else self.encode(event)
