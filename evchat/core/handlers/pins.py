"""Pinning messages of a channel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import history, operators, own_actions, permissions, persistent_channels
from evchat.core.state import Channel, Session, logged_in
from evchat.protocol.basics import Done
from evchat.protocol.pins import ListPins, Pin, PinEntry, Pinned, PinnedMessage, PinsListed, Unpin, Unpinned

handlers = Handlers()


@handlers.on(Pin)
def pin(context: Context, session: Session, request: Pin, now: int) -> Iterator[Effect]:
    """Pins a message: channel operators, and operators of the server. Refused: no-such-message, list-full."""
    user = logged_in(session)
    channel, via_oper = permissions.find_moderated(context, session, request.to)
    seq = context.head(channel.key) if request.seq is None else request.seq
    message = history.message(context, user.key, channel.key, seq)
    if message is None or message.redacted:
        raise Refused("no-such-message", "There is no such message.")
    if seq in channel.pins:
        yield Reply(session.sid, Done(now, request.id, "It is already pinned."))
        return
    most = context.limits.max_pins
    if len(channel.pins) >= most:
        raise Refused(
            "list-full", f"{channel.name} has {most} pins already. Remove one first (/unpin).", channel.name
        )
    before = dict(channel.pins)
    channel.pins[seq] = PinEntry(seq, user.name, now)
    yield from _keep(channel, before)
    if via_oper:
        yield from operators.audit(user, "pin", channel.name, str(seq), now)
    yield Reply(session.sid, Done(now, request.id))
    told = Pinned(now, channel.name, seq, user.name, message.sender, message.text, who=user.who)
    yield from own_actions.tell(session, told, channel.audience)


@handlers.on(Unpin)
def unpin(context: Context, session: Session, request: Unpin, now: int) -> Iterator[Effect]:
    """Removes a pin: channel operators, and operators of the server. Refused: no-such-message."""
    user = logged_in(session)
    channel, via_oper = permissions.find_moderated(context, session, request.to)
    if request.seq not in channel.pins:
        raise Refused("no-such-message", "That message is not pinned. /pins lists those that are.")
    before = dict(channel.pins)
    del channel.pins[request.seq]
    yield from _keep(channel, before)
    if via_oper:
        yield from operators.audit(user, "unpin", channel.name, str(request.seq), now)
    yield Reply(session.sid, Done(now, request.id))
    unpinned = Unpinned(now, channel.name, request.seq, user.name, who=user.who)
    yield from own_actions.tell(session, unpinned, channel.audience)


@handlers.on(ListPins)
def list_pins(context: Context, session: Session, request: ListPins, now: int) -> Iterator[Effect]:
    """Lists the pinned messages to members of the channel, and to operators of the server."""
    user = logged_in(session)
    channel = permissions.find_own(context, session, request.to)
    found = [
        (history.message(context, user.key, channel.key, entry.seq), entry) for entry in channel.pins.values()
    ]
    pins = tuple(
        PinnedMessage(message, entry.by, entry.at)
        for message, entry in found
        if message is not None and not message.redacted
    )
    yield Reply(session.sid, PinsListed(now, request.id, channel.name, pins))


def _keep(channel: Channel, before: dict[int, PinEntry]) -> Iterator[Effect]:
    """Keeps the pins of a channel that stays; those of another end with it, as its modes do."""
    if channel.stays:
        yield Save(persistent_channels.record(channel), partial(setattr, channel, "pins", before))
