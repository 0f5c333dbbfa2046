"""How much work a request makes: most make little, but a few look at everybody, or at every channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evchat.protocol import names
from evchat.protocol import requests as r

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat

_SEARCH = 5.0
_EACH = 1 / 500
"""For each user, member or channel that is looked at: so many of them take the time of a usual request or two."""

_WITH_GAPS = 5
"""As much longer takes a mask with `?`."""

LISTS = frozenset({r.Find, r.Who, r.WhoLast, r.Names, r.Channels, r.Banished})
"""What is answered with a list that may be long."""


_WEIGHTY = LISTS | {r.Search}


def weight(chat: Chat, sid: int, request: r.Request) -> float:
    """The work of a search or of a list, measured in requests of the usual kind; 0 for all others."""
    if type(request) not in _WEIGHTY:
        return 0.0
    if isinstance(request, r.Search):
        return _SEARCH
    if isinstance(request, r.Names):
        session = chat.sessions.get(sid)
        return _members(chat, request.channel or (session and session.current) or names.MAIN) * _EACH
    if isinstance(request, r.Find):
        seen = _members(chat, request.mask) if names.is_channel(request.mask) else len(chat.users)
        return seen * _EACH * (_WITH_GAPS if "?" in request.mask else 1)
    if isinstance(request, r.Who | r.WhoLast):
        return len(chat.users) * _EACH
    return len(chat.channels) * _EACH if isinstance(request, r.Channels) else 0.0


def _members(chat: Chat, name: str) -> int:
    channel = chat.channels.get(names.channel_key(name))
    return len(channel.members) if channel is not None else 0
