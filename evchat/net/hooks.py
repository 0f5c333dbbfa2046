"""What connections have in common: whom they call, and how much their peers may leave unread."""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` is slow to import, and the client must start fast
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from evchat.net.turns import Turns


class Hooks:
    """Whom connections call, each with its owner first: one object for all connections of a server.

    `on_data` gets the bytes read, never empty. `on_eof` hears that the peer sends nothing more, though it may
    still read: the owner decides when to `finish`. `on_writable` asks for a `flush` in this pass: the kernel
    takes bytes again, or the pace lets the next frame go. `on_closing` hears, once, that the connection must
    be closed; its `reason` says why. `on_left_out`, if given, makes the frame that tells a slow peer how many paced
    frames were left out. `on_opened`, if given, hears that a layer has done its work, before the first bytes that
    follow are passed on. `turns`, if given, share out what the layers of all connections have to do.
    """

    __slots__ = ("on_closing", "on_data", "on_eof", "on_left_out", "on_opened", "on_writable", "turns")

    def __init__(
        self,
        on_data: Callable[[Any, bytes], object],
        on_eof: Callable[[Any], object],
        on_writable: Callable[[Any], object],
        on_closing: Callable[[Any], object],
        on_left_out: Callable[[Any, int], bytes] | None = None,
        on_opened: Callable[[Any, Any], object] | None = None,
        turns: Turns | None = None,
    ) -> None:
        self.on_data = on_data
        self.on_eof = on_eof
        self.on_writable = on_writable
        self.on_closing = on_closing
        self.on_left_out = on_left_out
        self.on_opened = on_opened
        self.turns = turns


class OutputLimits:
    """How much output may wait for a peer. Sizes are bytes, times seconds; `Connection` says what each is for."""

    __slots__ = ("hard", "pace_backlog", "pause_above", "soft", "soft_seconds")

    def __init__(
        self,
        *,
        pause_above: int = 64 * 1024,
        soft: int = 256 * 1024,
        soft_seconds: float = 30.0,
        hard: int = 1024 * 1024,
        pace_backlog: int = 100,
    ) -> None:
        self.pause_above = pause_above
        self.soft = soft
        self.soft_seconds = soft_seconds
        self.hard = hard
        self.pace_backlog = pace_backlog


USUAL = OutputLimits()
