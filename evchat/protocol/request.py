"""The base of all requests."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.value import value


@value
class Request:
    """What a client asks for.

    `id` is the client's own name for it: the answer repeats it, and a request sent again with the same `id` is not done
    twice. `context` is for the dialect that made the request: it comes back in `Answering`, and nobody else reads it.
    """

    id: str | None = field(default=None, kw_only=True)
    context: object = field(default=None, kw_only=True, repr=False)
