"""Tag messages: what clients tell each other without a message, such as that somebody types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evchat.core.audience import pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Reply
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import messages, people, permissions, screening
from evchat.core.state import Session, logged_in
from evchat.protocol import modes, names
from evchat.protocol.basics import Done
from evchat.protocol.client_tags import SendTagMessage, TagMessage

handlers = Handlers()


@handlers.on(SendTagMessage)
def signal(context: Context, session: Session, request: SendTagMessage, now: int) -> Iterator[Effect]:
    """Passes a tag message on to a channel, or to a user who is online. One with `stay` is remembered for a while."""
    user = logged_in(session)
    if not request.tags and not request.text:
        raise Refused("empty", "The tag message is empty.")
    messages.check_tags(context, request.tags)
    most = context.limits.max_tag_bytes
    if len(request.text.encode("utf-8", "replace")) > most:
        raise Refused("too-long", f"A tag message can have at most {most} bytes of text.")
    messages.check_role(request.role, request.to)
    told = TagMessage(
        now,
        user.name,
        "",
        request.tags,
        request.role,
        request.text,
        request.notice,
        context.state.signals + 1,
        who=user.who,
    )
    if names.is_channel(request.to):
        channel = permissions.where_to_speak(context, session, user, request.to, request.text)
        told = replace(told, to=channel.name)
        where, heard, hearing = channel.key, True, request.role
        if modes.OP_MODERATED in channel.flags:
            hearing = messages.hearing_role(channel, user, hearing)
        if hearing != request.role:
            told = replace(told, role=hearing, moderated=not request.role)
        hearers = messages.audience_of(channel, user, hearing) if hearing else channel.audience
    else:
        messages.check_no_service(context, request.to)
        key, name = people.known(context, request.to)
        told = replace(told, to=name)
        where, heard = names.pair_key(user.key, key), key not in user.blocked_by
        hearing = request.role
        target = context.state.users.get(key)
        if target is not None and target.screens:
            screening.check(target, user, request.text)
        others = target.audience if heard and target is not None and target is not user else ()
        hearers = pick((*user.audience, *others))
    if request.stay and heard and not hearing:
        head = context.head(where)
        at = context.next_time(where, now)
        told = context.state.event_log.keep(where, head, told, context.limits, at)
    context.state.signals += 1
    yield Reply(session.sid, Done(now, request.id, told=told))
    to_oneself = session.expects.directs_to_itself and names.user_key(told.to) == user.key
    yield Broadcast(told, hearers, None if to_oneself else session.sid)
