"""Names that are free, for those who ask for one that is taken."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.errors import Refused
from evchat.protocol import names

_TRIES = 8
"""Numbers tried behind a name: each costs a query, and in a class of thirty few have the same name."""


def taken(context: Context, name: str, about: str = "") -> Refused:
    """The refusal of a name that somebody is online under, with one that is free, if there is one near.

    If it is only held for somebody whose connection was lost, it says for how long at most.
    """
    free = suggestion(context, name)
    user = context.state.users.get(names.user_key(name))
    held = 0
    if user is not None and not user.sessions and user.absences:
        held = max(1, max(lost.ends for lost in user.absences) - context.monotonic())
    text = f"The name {name} is taken. Choose another one" + (f": {free} is free." if free else ".")
    return Refused("name-taken", text, about, suggestion=free, free_in=held)


def suggestion(context: Context, name: str) -> str:
    """A free name that is `name` with a number behind it, as in nora2; empty if none is near. Raises StoreError."""
    stem = name.rstrip("0123456789") or name
    for number in range(2, 2 + _TRIES):
        wanted = f"{_cut(stem, names.MAX_USER_BYTES - len(str(number)))}{number}"
        if names.check_user_name(wanted, unicode_names=context.config.unicode_names) is not None:
            continue
        key = names.user_key(wanted)
        if key in context.state.users or key in context.reserved or context.fetch(rec.AccountOf(key)):
            continue
        return wanted
    return ""


def _cut(text: str, most: int) -> str:
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
