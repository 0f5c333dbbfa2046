"""The work that a request makes: most make little, a few look at everybody or at every channel."""

from __future__ import annotations

from evchat.core.state import State
from evchat.protocol import names
from evchat.protocol.base import Request
from evchat.protocol.channels import ListChannels, ListNames
from evchat.protocol.history import Search
from evchat.protocol.people import FindUsers, Who, WhoLast

_SEARCH = 5.0
_EACH = 1 / 500
"""For each user, member or channel that is looked at: so many of them take the time of a usual request or two."""

_WITH_GAPS = 5
"""As much longer takes a mask with `?`."""


def weight(state: State, sid: int, request: Request) -> float:
    """The work of a search or of a list, measured in requests of the usual kind; 0 for all others."""
    if not request.traits.heavy:
        return 0.0
    if isinstance(request, Search):
        return _SEARCH
    if isinstance(request, ListNames):
        session = state.sessions.get(sid)
        return _members(state, request.channel or (session and session.current) or names.MAIN) * _EACH
    if isinstance(request, FindUsers):
        seen = _members(state, request.mask) if names.is_channel(request.mask) else len(state.users)
        return seen * _EACH * (_WITH_GAPS if "?" in request.mask else 1)
    if isinstance(request, Who | WhoLast):
        return len(state.users) * _EACH
    return len(state.channels) * _EACH if isinstance(request, ListChannels) else 0.0


def _members(state: State, name: str) -> int:
    channel = state.channels.get(names.channel_key(name))
    return len(channel.members) if channel is not None else 0
