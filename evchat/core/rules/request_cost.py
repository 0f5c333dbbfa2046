"""How much work a request makes: most make little, but some look at many users, channels or messages, or tell many.

A weight is measured in requests of the usual kind, and in milliseconds of the loop: 1 is the work that a client may
make with one token. What it stands for was measured with scripts/dearest.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.rules import membership
from evchat.core.rules.history import within
from evchat.core.state import Channel, Session, User
from evchat.core.store import StoreError
from evchat.protocol import modes, names
from evchat.protocol.administration import ListAccounts
from evchat.protocol.bans import Ban, Mute
from evchat.protocol.base import Request
from evchat.protocol.basics import Help
from evchat.protocol.channels import Join, ListChannels, ListNames, Part, Rejoin
from evchat.protocol.history import GetHistory, GetInbox, ListConversations, ListDirects, Search
from evchat.protocol.invitation_codes import ListInvitationCodes
from evchat.protocol.login import ChangeNick, Login, Logout
from evchat.protocol.messages import Announce
from evchat.protocol.metadata import ClearMetadata, GetMetadata, SetMetadata, SubscribeMetadata
from evchat.protocol.modes import ChannelMode
from evchat.protocol.monitor import ListMonitored, Monitor
from evchat.protocol.operators import ListAudit
from evchat.protocol.people import Block, FindUsers, ListBlocked, LookUpUsers, SetAway, Who, WhoLast, WhoWas
from evchat.protocol.pins import ListPins
from evchat.protocol.retention import Export
from evchat.protocol.server_bans import ListServerBans
from evchat.protocol.user_settings import SetRealname

_FIND = 5.0
"""A search, or the list of a user's direct conversations, which a thread answers."""
_LOOK = 1 / 500
"""A user, member or channel that is looked at, and perhaps told of."""
_GAPS = 5
"""As much longer takes a mask with `?`."""
_HEAR = 1 / 1000
"""A user who hears of it."""
_NAME = 1 / 100
"""A name that a client gives, and what follows for that user: a look, a message, a mode."""
_MESSAGE = 1 / 250
"""A message that is read and told."""
_BLOCKS = 1.0
"""The list of those whom a user has blocked, looked at or written again under another name."""
_PIN = 1 / 20
"""A message that is looked up by itself."""
_CHANNEL = 1 / 12
"""A channel that one joins: its state, without its last messages."""
_HOLD = 1 / 500
"""A ban or the like that a user is held against, in one of the user's channels."""
_PAGE = 1 / 4
"""A text of some pages, or a page of a list."""


def weight(context: Context, sid: int, request: Request) -> float:
    """The work of a session's request, before it is carried out; 0 for most requests."""
    if not request.traits.heavy:
        return 0.0
    session = context.state.sessions.get(sid)
    return _WEIGHTS[type(request)](context, session, request) if session is not None else 0.0


def _list_names(context: Context, session: Session, request: ListNames) -> float:
    return _members(context, request.channel or session.current or names.MAIN) * _LOOK


def _find_users(context: Context, session: Session, request: FindUsers) -> float:
    if names.is_channel(request.mask):
        return _members(context, request.mask) * _LOOK
    return _everybody(context, session, request) * _mask(request.mask)


def _list_channels(context: Context, session: Session, request: ListChannels) -> float:
    masks = sum(map(_mask, (*request.masks, *request.but)))
    return len(context.state.channels) * _LOOK * (1 + masks) + len(request.names) * _LOOK


def _mask(mask: str) -> int:
    return _GAPS if "?" in mask else 1


def _everybody(context: Context, session: Session, request: Request) -> float:
    return len(context.state.users) * _LOOK


def _members(context: Context, name: str) -> int:
    channel = context.state.channels.get(names.channel_key(name))
    return len(channel.members) if channel is not None else 0


def _hearers(context: Context, channel: Channel | None) -> int:
    """How many users are told of joins and parts in a channel."""
    return 0 if channel is None or context.is_quiet(channel) else len(channel.members)


def _join(context: Context, session: Session, request: Join) -> float:
    return sum(_one_join(context, names.channel_key(name)) for name in request.channels)


def _one_join(context: Context, key: str) -> float:
    """A join's work: most is to read what was said last, if anything was."""
    channel, head = context.state.channels.get(key), context.state.heads.get(key)
    recent = channel is not None and (head is None or head >= channel.begins)
    return (
        _CHANNEL
        + _hearers(context, channel) * _HEAR
        + (context.limits.recent_messages * _MESSAGE if recent else 0.0)
    )


def _rejoin(context: Context, session: Session, request: Rejoin) -> float:
    account = "" if session.user is None else membership.account(session.user)
    try:
        kept = context.fetch(rec.ChannelsOf(account)) if account else []
    except StoreError:
        return 0.0  # and the request is refused
    channels = (context.state.channels.get(record.channel) for record in kept)
    return sum(_CHANNEL + _hearers(context, channel) * _HEAR for channel in channels)


def _log_in(context: Context, session: Session, request: Login) -> float:
    """Whoever is online in many channels is told of all of them on another connection, too."""
    user = context.state.users.get(names.user_key(request.name))
    return len(user.channels) * _CHANNEL if user is not None else 0.0


def _told_all_around(context: Context, session: Session, request: Request) -> float:
    if session.user is None:
        return 0.0
    hearers = sum(_hearers(context, channel) for channel in session.user.channels.values())
    return _NAME + hearers * _HEAR + _held_against(session.user)


def _held_against(user: User) -> float:
    """Whether a user may speak in each of the user's channels is found out first."""
    channels = (*user.channels.values(), *user.left_silenced)
    entries = sum(len(entries) for channel in channels for entries in channel.lists.values())
    return entries * (1 + len(user.former)) * _HOLD


def _rename(context: Context, session: Session, request: ChangeNick) -> float:
    if session.user is None:
        return 0.0  # part of a login: nobody knows the name yet
    return _BLOCKS + _told_all_around(context, session, request)


def _who_was(context: Context, session: Session, request: WhoWas) -> float:
    found = context.state.name_history.count(names.user_key(request.name))
    return (min(found, request.limit) if request.limit > 0 else found) * _LOOK


def _announce(context: Context, session: Session, request: Announce) -> float:
    told = len(request.to) * _NAME if request.to else len(context.state.users) * _HEAR
    return told if session.user is None else told + _held_against(session.user)


def _some_names(context: Context, session: Session, request: Monitor | LookUpUsers) -> float:
    return len(request.names) * _NAME


def _metadata(context: Context, session: Session, request: GetMetadata) -> float:
    if request.subscribed:
        return _members(context, request.to or "") * _LOOK
    return (len(request.keys) + context.limits.max_metadata_keys) * _LOOK


def _change_metadata(context: Context, session: Session, request: SetMetadata | ClearMetadata) -> float:
    if request.to and names.is_channel(request.to):
        return _NAME + _members(context, request.to) * _HEAR
    return _told_all_around(context, session, request)


def _change_modes(context: Context, session: Session, request: ChannelMode) -> float:
    asked = request.text or ""
    if len(asked) > context.limits.max_object_bytes:
        return _FIND
    return (len(asked.split()) + sum(map(asked.count, _LISTS))) * _NAME


_LISTS = tuple(mode.letter for mode in modes.CHANNEL_MODES if mode.takes is modes.Takes.MASK)


def _history(context: Context, session: Session, request: GetHistory) -> float:
    limits = context.limits
    wanted = limits.history_default if request.limit is None else request.limit
    return _NAME + within(wanted, limits.history_max) * _MESSAGE


def _audit(context: Context, session: Session, request: ListAudit) -> float:
    return within(request.limit, context.limits.history_max) * _MESSAGE


def _list_pins(context: Context, session: Session, request: ListPins) -> float:
    channel = context.state.channels.get(names.channel_key(request.to or session.current or names.MAIN))
    return _PAGE + (len(channel.pins) * _PIN if channel is not None else 0)


def _of_a_person(context: Context, session: Session, request: Ban | Mute) -> float:
    """A list, and everybody who might be at the person's address."""
    return _PAGE + len(context.state.users) * _LOOK


def _always(weight: float) -> Callable[[Context, Session, Any], float]:
    return lambda context, session, request: weight


_WEIGHTS: dict[type[Request], Callable[[Context, Session, Any], float]] = {
    Announce: _announce,
    Ban: _of_a_person,
    ClearMetadata: _change_metadata,
    GetMetadata: _metadata,
    SetMetadata: _change_metadata,
    Block: _always(_BLOCKS),
    ChangeNick: _rename,
    ChannelMode: _change_modes,
    Export: _always(_FIND),
    FindUsers: _find_users,
    GetHistory: _history,
    GetInbox: _always(_PAGE),
    Help: _always(_PAGE),
    Join: _join,
    ListAccounts: _always(_PAGE),
    ListAudit: _audit,
    ListInvitationCodes: _always(_PAGE),
    ListBlocked: _always(_BLOCKS),
    ListChannels: _list_channels,
    ListConversations: _always(_FIND),
    ListDirects: _always(_FIND),
    ListMonitored: lambda context, session, request: len(session.watching) * _NAME,
    ListNames: _list_names,
    ListPins: _list_pins,
    ListServerBans: lambda context, session, request: len(context.state.server_bans) * _LOOK,
    Login: _log_in,
    Logout: _told_all_around,
    LookUpUsers: _some_names,
    Monitor: _some_names,
    Mute: _of_a_person,
    Part: _told_all_around,
    Rejoin: _rejoin,
    Search: _always(_FIND),
    SetAway: _told_all_around,
    SetRealname: _told_all_around,
    SubscribeMetadata: lambda context, session, request: len(request.keys) * _NAME,
    Who: _everybody,
    WhoLast: _everybody,
    WhoWas: _who_was,
}
"""Of every kind of request whose traits say that it is heavy."""
