"""Deliveries: what the front carries out for the back once a pass is committed. Frozen values."""

from __future__ import annotations

from evchat.core.effects import Broadcast, Hangup, Post, Reply, Trust
from evchat.protocol.value import value


@value
class Write:
    """Send a session bytes that its dialect has made by itself."""

    sid: int
    frame: bytes


@value
class Resume:
    """A session's next request may run: its password was checked, or could not be, or its long question answered."""

    sid: int


@value
class Abort:
    """Close a session's connection at once, without last words: a bug met it."""

    sid: int
    reason: str


Delivery = Post | Reply | Broadcast | Trust | Hangup | Write | Resume | Abort
