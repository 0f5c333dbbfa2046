"""What every request is made of."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.value import value


@value
class Request:
    """The base of all requests."""

    id: str | None = field(default=None, kw_only=True)
