"""What messages, broadcasts and client tags have in common: texts, tags, roles, and who hears of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evchat.core.audience import Audience, pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect
from evchat.core.errors import Refused
from evchat.core.rules import history, membership
from evchat.core.state import Channel, Session, User
from evchat.protocol import modes, names
from evchat.protocol.messages import Message
from evchat.protocol.text import count_breaks


def audience_of(channel: Channel, user: User, role: str) -> Audience:
    """The sessions of those in a channel who hold a role, or a higher one, and the user's own there."""
    hearers = dict.fromkeys(user.sids if channel.key in user.channels else ())
    for member in membership.with_role(channel, role):
        hearers.update(dict.fromkeys(member.sids))
    return pick(hearers)


def hearing_role(channel: Channel, user: User, role: str) -> str:
    """The role of those who hear what is sent to a `role` in an op-moderated channel; empty for everyone."""
    return role if membership.has_voice(channel, user) else modes.OPERATOR


def check_role(role: str, to: str | None) -> None:
    """Raises Refused (bad-request) for a role that there is not, or of which there can be no holders."""
    if role not in ("", modes.OPERATOR, modes.VOICE):
        raise Refused("bad-request", "A role is o (channel operators) or v (voice).")
    if role and to and not names.is_channel(to):
        raise Refused("bad-request", "Roles exist only in channels.")


def check_no_service(context: Context, to: str) -> None:
    """Raises Refused (no-services) for what is meant for a program like NickServ, with its `@host` or without.

    Clients send it passwords by themselves, so that nothing of it may be kept, nor answered to anybody else.
    """
    key = names.user_key(to.partition("@")[0])
    if key in names.SERVICES and key in context.reserved:
        raise Refused(
            "no-services",
            f"There is no {to.partition('@')[0]} here, and nothing was sent or kept. Log in with SASL, or with "
            "/login NAME PASSWORD; /register gives your name a password.",
            to,
        )


def check_tags(context: Context, tags: tuple[tuple[str, str], ...]) -> None:
    """Raises Refused (too-long) for more tags than may be relayed."""
    if (
        sum(len(name) + len(text.encode("utf-8", "replace")) + 2 for name, text in tags)
        > context.limits.max_tag_bytes
    ):
        raise Refused("too-long", f"The tags are too long (limit {context.limits.max_tag_bytes} bytes).")


def check_reply(context: Context, conversation: str, seq: int) -> None:
    """Raises Refused (no-such-message) for an answer to a message that there can't be, and StoreError."""
    if not history.begins(context, conversation) <= seq <= context.head(conversation):
        raise Refused("no-such-message", "There is no message of that number to reply to.")


def check_text(context: Context, text: str) -> None:
    """Raises Refused (empty, too-long) for a text that is none, or has too many lines."""
    if not text or text.isspace():
        raise Refused("empty", "The message is empty.")
    # People and plain clients get a line, or an object, for each line of a message.
    most = context.limits.max_lines
    if len(text) >= most and count_breaks(text) >= most:
        raise Refused("too-long", f"The message is too long (limit {most} lines).")


def own_copies(session: Session, user: User, target: User | None, said: Message) -> Iterator[Effect]:
    """A direct message to the sender's own sessions, except where the answer says it all."""
    hears = session.copies or (target is user and session.expects.directs_to_itself)
    if hears or len(user.sessions) > 1:
        own = said if target is user else replace(said, own=True)
        yield Broadcast(own, user.audience, None if hears else session.sid)
