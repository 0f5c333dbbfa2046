"""Metadata: asked for, changed, subscribed to."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core.context import Context
from evchat.core.effects import Effect, Reply
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import metadata
from evchat.core.state import Session, logged_in
from evchat.protocol.basics import Failed
from evchat.protocol.metadata import (
    ClearMetadata,
    GetMetadata,
    MetadataEntry,
    MetadataSubscribed,
    MetadataTold,
    SetMetadata,
    SubscribeMetadata,
    is_key,
)

handlers = Handlers()


@handlers.on(GetMetadata)
def get(context: Context, session: Session, request: GetMetadata, now: int) -> Iterator[Effect]:
    """Tells values of a channel or a user."""
    target = metadata.find(context, session, request.to)
    if request.subscribed:
        found = metadata.subscribed(session, target)
        yield Reply(session.sid, MetadataTold(now, request.id, target.name, found, True))
        return
    keys = [key.lower() for key in request.keys] or list(target.metadata)
    if len(keys) > context.limits.list_max:
        raise Refused("too-many-names", f"You can ask for {context.limits.list_max} keys at once at most.")
    yield Reply(session.sid, MetadataTold(now, request.id, target.name, metadata.entries(target, keys)))


@handlers.on(SetMetadata)
def set_(context: Context, session: Session, request: SetMetadata, now: int) -> Iterator[Effect]:
    """Sets a value of the user or of a channel, or removes it."""
    key, text, limits = request.key.lower(), request.text or "", context.limits
    target, by_oper = metadata.find_own(context, session, request.to)
    _check_key(key)
    if len(text.encode("utf-8", "replace")) > limits.max_metadata_bytes:
        raise Refused("bad-value", f"A value has at most {limits.max_metadata_bytes} bytes.", key)
    if not text and key not in target.metadata:
        raise Refused("no-such-key", f"{target.name} has no {quoted(key)}.", key)
    if key not in target.metadata and len(target.metadata) >= limits.max_metadata_keys:
        raise Refused("list-full", f"{target.name} has {limits.max_metadata_keys} keys already.", target.name)
    values = {**target.metadata, key: text}
    if not text:
        del values[key]
    yield Reply(
        session.sid,
        MetadataTold(now, request.id, target.name, (MetadataEntry(target.name, key, text or None),)),
    )
    yield from metadata.change(context, session, target, values, by_oper, now)


def _check_key(key: str) -> None:
    if not is_key(key):
        raise Refused("bad-key", f"{quoted(key)} is not a key.", key)


@handlers.on(ClearMetadata)
def clear(context: Context, session: Session, request: ClearMetadata, now: int) -> Iterator[Effect]:
    """Removes all values of the user or of a channel."""
    target, by_oper = metadata.find_own(context, session, request.to)
    gone = tuple(MetadataEntry(target.name, key, None) for key in target.metadata)
    yield Reply(session.sid, MetadataTold(now, request.id, target.name, gone))
    yield from metadata.change(context, session, target, {}, by_oper, now)


@handlers.on(SubscribeMetadata)
def subscribe(context: Context, session: Session, request: SubscribeMetadata, now: int) -> Iterator[Effect]:
    """Subscribes the session to keys, in their order, until it has as many as it may; or no longer."""
    logged_in(session)
    if not request.keys:
        yield Reply(session.sid, MetadataSubscribed(now, request.id, tuple(session.metadata_keys)))
        return
    if len(request.keys) > context.limits.list_max:
        raise Refused("too-many-names", f"You can name at most {context.limits.list_max} keys at once.")
    done: dict[str, None] = {}
    for key in dict.fromkeys(key.lower() for key in request.keys):
        try:
            _check_key(key)
            if request.on:
                _check_room(context, session, key)
        except Refused as problem:
            told = Failed(now, request.id, problem.code, problem.text, problem.about, request=request)
            yield Reply(session.sid, told)
            if problem.code == "too-many-keys":
                break
            continue
        done[key] = None
        keys = session.metadata_keys
        session.metadata_keys = (
            {**keys, key: None} if request.on else {other: None for other in keys if other != key}
        )
    if done:
        yield Reply(session.sid, MetadataSubscribed(now, request.id, tuple(done), request.on))


def _check_room(context: Context, session: Session, key: str) -> None:
    most = context.limits.max_metadata_subscriptions
    if len(session.metadata_keys) >= most:
        raise Refused("too-many-keys", f"You can subscribe to {most} keys at most.", key)
