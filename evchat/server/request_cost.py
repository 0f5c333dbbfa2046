"""The cost of requests: tokens of their client's throttle, and a share of the pass."""

from __future__ import annotations

from typing import Final

from evchat.dialects.base import Action

WORK_A_PASS: Final = 5.0
"""Weight of the requests carried out in a pass, after which the heavy ones wait for the next: some 5 ms. The one that
goes beyond it may be of any weight."""

VISIT_WEIGHT: Final = 0.04
"""Weight of an action of a client that fetches files; an answer is two, and takes 80 µs."""
UPGRADE_WEIGHT: Final = 0.15
"""Weight of going over to WebSocket, beside."""
SLICE_WEIGHT: Final = 0.004
"""Weight of each hundred bytes of what such a client asks, which are looked at as they come."""
LINE_WEIGHT: Final = 0.002
"""Weight of each line of it: a header's rules are checked."""

BYTES_A_TOKEN: Final = 4096
"""Of a long request's text, for each token that it takes beside the first."""


def tokens(request: Action, weight: float) -> float:
    """The tokens that a request takes: one, more if it is long or expensive, less if it only negotiates."""
    traits = request.traits
    if traits.long:
        cost: int = 1 + len(request.text) // BYTES_A_TOKEN  # type: ignore[union-attr]
        # With every message: `max` would take as long as all the rest.
        return cost if cost > weight else weight
    return max(traits.cost, weight)


def counts_before_login(request: Action) -> bool:
    """Whether a request counts among those that may be made before a login: small ones are limited by their bytes."""
    return request.traits.cost >= 1.0
