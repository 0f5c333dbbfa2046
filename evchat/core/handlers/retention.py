"""How long messages are kept, and erasing what is stored about a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from evchat.core import changes
from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Fetch, Log, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import (
    authentication,
    membership,
    operators,
    permissions,
    persistent_channels,
)
from evchat.core.state import Session, logged_in
from evchat.core.store import StoreError
from evchat.core.unfinished import Pending
from evchat.protocol import names
from evchat.protocol.base import Event
from evchat.protocol.basics import Done
from evchat.protocol.lines import MAX_NUMBER
from evchat.protocol.retention import Erase, EraseUser, Export, SetRetention

handlers = Handlers()


@handlers.on(SetRetention)
def set_retention(context: Context, session: Session, request: SetRetention, now: int) -> Iterator[Effect]:
    """Sets for how long a channel's messages are kept. Refused: not-allowed."""
    user = logged_in(session)
    channel = permissions.find_own(context, session, request.to)
    as_operator = membership.account(user) != channel.founder or not channel.founder
    if as_operator and not operators.operates(context, user):
        raise Refused("not-allowed", "Only the owner of a channel can say how long its messages are kept.")
    if not channel.stays:
        raise Refused(
            "not-allowed", f"{channel.name} ends with its last member. Only a channel that stays keeps less."
        )
    days = max(0, min(request.days, context.limits.max_keep_days))
    before, channel.keep = channel.keep, days
    yield Save(persistent_channels.record(channel), partial(setattr, channel, "keep", before))
    yield Save(changes.Retention(channel.key, days))
    kept = f"{days:,} day{'' if days == 1 else 's'}" if days else "as long as the server keeps messages"
    yield Reply(session.sid, Done(now, request.id, f"The messages of {channel.name} are kept {kept}."))
    if as_operator:
        yield from operators.audit(user, "keep", channel.name, str(days), now)


@handlers.on_start
def keep_for_all(context: Context, now: int) -> Iterable[Effect]:
    """Tells the store for how long the settings have it keep messages, if that has changed. Raises StoreError."""
    kept = {each.conversation: each.days for each in context.fetch(changes.AllRetentions())}
    if kept.get("", 0) != context.config.keep_days:
        return [Save(changes.Retention("", context.config.keep_days), vital=False)]
    return []


@handlers.on_limits_changed
def keep_for_all_again(context: Context, now: int) -> Iterable[Effect]:
    """The same when the settings have changed, as far as the store can be read."""
    try:
        return keep_for_all(context, now)
    except StoreError as problem:
        return [Log("retention not changed", (("reason", str(problem)),))]


@handlers.on(Export)
def export(context: Context, session: Session, request: Export, now: int) -> Iterator[Effect]:
    """Fetches what is stored about the account that the user is logged in to."""
    account = authentication.own_account(context, logged_in(session))

    def answer(found: list[str]) -> Event:
        *rows, end = map(json.loads, found or ['{"more":false,"after":0}'])
        text = f"{len(rows):,} things that are stored about you; a program gets them by the request export, in JSON."
        facts = (("rows", rows), ("more", end["more"]), ("after", end["after"]))
        return Done(now, request.id, text, facts)

    after = max(0, min(request.after, MAX_NUMBER))
    query = rec.PersonalDataOf(account.user, after, context.limits.history_default)
    yield Fetch(session.sid, query, answer, request.id)


@handlers.on(Erase)
def erase(context: Context, session: Session, request: Erase, now: int) -> Iterator[Effect]:
    """Erases what is stored about the user, once the password was checked."""
    yield authentication.check_own(context, session, request)


@handlers.on_hash(Erase)
def _erased(
    context: Context, session: Session, pending: Pending[Erase], right: bool, now: int
) -> Iterator[Effect]:
    account = authentication.proven_account(context, session, pending, "right" if right else "", now)
    text = "Your account is given up, and all that is stored about you is being deleted."
    yield Reply(session.sid, Done(now, pending.request.id, text))
    yield from _erase(context, account.user, account.name, account, now)


@handlers.on(EraseUser)
def erase_user(context: Context, session: Session, request: EraseUser, now: int) -> Iterator[Effect]:
    """Erases what is stored about somebody. Refused: no-such-user."""
    user = operators.required(context, session)
    key = authentication.legal_key(context, request.name)
    accounts = context.fetch(rec.AccountOf(key))
    if not accounts and not context.fetch(rec.LastSeenOf(key)) and key not in context.state.users:
        raise Refused("no-such-user", f"Nobody is known as {quoted(request.name)}.", request.name)
    name = accounts[0].name if accounts else request.name
    text = f"All that is stored about {name} is being deleted. Backups and the log are not changed by that."
    yield Reply(session.sid, Done(now, request.id, text))
    yield from operators.audit(user, "eraseuser", name, "", now)
    yield from _erase(context, key, name, accounts[0] if accounts else None, now)


def _erase(context: Context, key: str, name: str, account: rec.Account | None, now: int) -> Iterator[Effect]:
    for user in list(context.state.users.values()):
        if names.user_key(user.who.account or user.name) != key:
            continue
        if account is not None and key in user.proved:
            authentication.give_up(user, key)
            yield Save(replace(account, secret=""), partial(authentication.take_back, user, account))
        yield from operators.put_out(
            context, user.places, "erased", "What was stored about you was deleted.", now
        )
    if account is not None:
        yield from authentication.without_certificates(context, key)
    yield Save(changes.Erasure(key, name, now))
