"""Messages that were sent: whose they are, and who has heard them."""

from __future__ import annotations

from evchat.core.audience import Audience, pick
from evchat.core.context import Context
from evchat.core.rules import people
from evchat.core.state import User
from evchat.protocol import names
from evchat.protocol.messages import Message


def is_senders(context: Context, user: User, said: Message, now: int) -> bool:
    """Whether a user has sent a message: under a name that is the user's own, or has been since."""
    key = names.user_key(said.sender)
    return key in user.proved or (key == user.key and people.named_since(context, user, now) <= said.at)


def hearers(context: Context, user: User, said: Message) -> Audience:
    """Those who have heard a message that the user may see, and are there."""
    if said.conversation == names.EVERYONE:
        return context.state.online
    if not names.is_pair(said.conversation):
        return context.state.channels[said.conversation].audience
    keys = {user.key} if said.hidden else {user.key, *said.conversation.split(" ")}
    return pick(
        sid for key in sorted(keys) if key in context.state.users for sid in context.state.users[key].audience
    )
