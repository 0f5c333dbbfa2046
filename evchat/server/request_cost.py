"""What a request costs: tokens of its client's throttle, and its share of a pass."""

from __future__ import annotations

from typing import Final

from evchat.core.rules.request_cost import LISTS
from evchat.dialects.base import Action, Close, Emit
from evchat.protocol.basics import ReplyLocally
from evchat.protocol.login import Introduce
from evchat.protocol.messages import Announce, SendMessage

HEAVY: Final = 1.0
"""Requests of this weight or more are carried out one a pass: each may take milliseconds, a search tens of them."""

LONG_ANSWERS: Final = LISTS
"""Requests that may be answered at such length that the client must take the answer before it asks more."""

_LONG: Final = frozenset({SendMessage, Announce})
_BYTES_A_TOKEN: Final = 4096

_SMALL: Final = frozenset({ReplyLocally, Introduce, Emit, Close})
"""What a dialect needs to agree with its client: a client of IRC begins with dozens of them."""
_SMALL_COST: Final = 0.1


def tokens(request: Action, weight: float) -> float:
    """Tokens that a request takes: one, more for what is long or makes work, less for what agrees on the dialect."""
    kind = type(request)
    if kind in _LONG:
        return 1 + len(request.text) // _BYTES_A_TOKEN  # type: ignore[union-attr]
    if kind in _SMALL:
        return _SMALL_COST
    return max(1.0, weight)


def counts_before_login(request: Action) -> bool:
    """Whether a request counts among those that may be made before a login: small ones are limited by their bytes."""
    return type(request) not in _SMALL
