"""Read markers: set and asked for."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import history, read_markers
from evchat.core.state import Session, logged_in
from evchat.protocol import names
from evchat.protocol.basics import Done
from evchat.protocol.read_markers import GetReadMarker, ReadMarkerTold, SetReadMarker

handlers = Handlers()


@handlers.on(SetReadMarker)
def read(context: Context, session: Session, request: SetReadMarker, now: int) -> Iterator[Effect]:
    """Marks a conversation read, up to a message or a time, for all sessions of the user. A mark never goes back."""
    user = logged_in(session)
    key, name = history.conversation(context, session, request.to)
    head = context.head(key)
    at = 0
    if request.seq is not None:
        seq = history.within(request.seq, head)
    elif request.until is not None:
        at = history.within(request.until, max(now, context.last_time(key)))
        seq = history.seq_at(context, key, head, at + 1) - 1
    else:
        raise Refused("bad-request", "Name the last message read (seq) or a time (until).")
    if not names.is_channel(key) and context.fetch(rec.InboxCount(user.key))[0]:
        yield Save(rec.InboxRead(user.key, key, seq))
    move = read_markers.look_up(context, user.key, key, now, seq=seq, at=at)
    yield from read_markers.move(session, user, name, move, now)
    if request.seq is not None:
        yield Reply(session.sid, Done(now, request.id, "", (("to", name), ("seq", seq))))
    else:
        yield Reply(
            session.sid,
            ReadMarkerTold(now, request.id, name, move.after.seq, move.read_at),
        )


@handlers.on(GetReadMarker)
def mark(context: Context, session: Session, request: GetReadMarker, now: int) -> Iterator[Effect]:
    """Tells how far the user has read a conversation, even one that no longer exists or that the user has left."""
    user = logged_in(session)
    name = request.to
    if name == names.EVERYONE:
        key = name
    elif names.is_channel(name):
        key = names.channel_key(name)
        if names.check_channel_name(name):
            raise Refused("no-such-channel", f"There is no channel {quoted(name)}.", name)
    else:
        key = names.pair_key(user.key, names.user_key(name))
        if names.check_user_name(name, unicode_names=True):
            raise Refused("no-such-user", f"No such user: {quoted(name)}.", name)
    if key in user.channels:
        name = user.channels[key].name
    kept = read_markers.look_up(context, user.key, key, now)
    yield Reply(
        session.sid,
        ReadMarkerTold(now, request.id, name, kept.after.seq, kept.read_at),
    )
