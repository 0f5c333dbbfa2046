"""Who is told what becomes of a user: those around, and those who watch from afar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from evchat.core.effects import Broadcast, Effect
from evchat.core.state import User
from evchat.protocol.authentication import AccountChanged
from evchat.protocol.people import PresenceChanged
from evchat.protocol.user_settings import RealnameChanged

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat


def changed(
    chat: Chat,
    user: User,
    event: PresenceChanged | AccountChanged | RealnameChanged,
    but: int | None = None,
) -> Iterator[Effect]:
    """Tells everyone who shares a channel with `user`, the user's own sessions but one, and who watches the name."""
    near = chat.peers_of(user)
    yield Broadcast(event, near, but)
    watchers = chat.watchlist.of(user.key)
    if watchers:
        around = set(near)
        far = tuple(sid for sid in watchers if sid not in around)
        yield Broadcast(replace(event, afar=True), far)
