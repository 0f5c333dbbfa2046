"""The masks that mean one person, whatever the name: of bans and mutes that are not evaded by another name."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core.context import Context
from evchat.core.rules import masks, membership
from evchat.core.state import Channel, User
from evchat.protocol import names, patterns
from evchat.protocol.modes import ListEntry


def is_alone(context: Context, user: User) -> bool:
    """Whether nobody else online is at an address of a user's, and none is one that many share: what is done to the
    address then is done to nobody else.
    """
    mine = {place.address for place in user.places}
    return not any(place.shared for place in user.places) and not any(
        place.address in mine
        for other in context.state.users.values()
        if other is not user
        for place in other.places
    )


def absent(whom: str, what: str) -> str:
    """What whoever has banned or muted (`what` it was) a name should know if nobody has it now; empty for a mask."""
    if names.check_user_name(whom, unicode_names=True) is not None:
        return ""
    return f"Nobody called {whom} is online; the {what} applies to anyone with that name."


def masks_of(context: Context, user: User) -> Iterator[str]:
    """The masks for a user's name, account and, if the user is alone there, address."""
    yield f"{user.name}!*@*"
    if membership.account(user):
        yield masks.ACCOUNT + membership.account(user)
    if is_alone(context, user):
        yield f"*!*@{user.who.host}"


def entries_about(
    context: Context, channel: Channel, letter: str, name: str, *, mutes: bool
) -> Iterator[ListEntry]:
    """The entries of a list that mean a person, by a name of now or before: only mutes, or only others."""
    user = context.state.users.get(names.user_key(name))
    keys = {names.user_key(name)} if user is None else {user.key, *user.former}
    for entry in channel.lists.get(letter, {}).values():
        mask = entry.mask[len(masks.MUTE) :] if entry.mask.startswith(masks.MUTE) else entry.mask
        about = {patterns.key(mask).removesuffix("!*@*"), names.user_key(entry.whom)}
        if entry.mask.startswith(masks.MUTE) is mutes and not about.isdisjoint(keys):
            yield entry
