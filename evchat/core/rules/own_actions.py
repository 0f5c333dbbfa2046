"""How what a session has done is told: to those who hear it, and to the session itself."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core.audience import Audience
from evchat.core.effects import Broadcast, Effect, Reply
from evchat.core.state import Session
from evchat.protocol.base import Event


def tell(session: Session, event: Event, hearers: Audience) -> Iterator[Effect]:
    """Tells `hearers` what a session has done.

    The session itself, if it is among them, is told in reply, because a dialect may have to mark what answers a
    request, and what many are told is encoded once for all of them.
    """
    if session.sid in hearers:
        yield Reply(session.sid, event)
        yield Broadcast(event, hearers, session.sid)
    else:
        yield Broadcast(event, hearers)
