"""How the server is, and who has an account, for its operators."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.context import Context
from evchat.core.effects import Effect, Fetch
from evchat.core.registry import Handlers
from evchat.core.rules import operators
from evchat.core.state import Session
from evchat.protocol import names
from evchat.protocol.administration import GetStatus, ListAccounts
from evchat.protocol.base import Event
from evchat.protocol.basics import Done

handlers = Handlers()


@handlers.on(GetStatus)
def status(context: Context, session: Session, request: GetStatus, now: int) -> Iterator[Effect]:
    """Tells how the server is."""
    operators.required(context, session)
    state, counts = context.state, context.state.counts()
    facts: dict[str, object] = {
        "users": counts.users,
        "strangers": counts.strangers,
        "channels": len(state.channels),
        "stored": state.stored,
        "free": state.free,
        "storing": not state.storage_fails,
        "up": context.monotonic() - state.begun,
    }

    def answer(found: list[int]) -> Event:
        everything = {**facts, "messages": found[0]}
        return Done(now, request.id, _sentence(everything), tuple(everything.items()))

    yield Fetch(session.sid, server_queries.MessageCount(), answer, request.id)


def _sentence(facts: dict[str, object]) -> str:
    text = (
        "Online: {users:,}. Not logged in: {strangers:,}. Channels: {channels:,}. Messages: {messages:,}. "
        "Stored: {mib:,} MiB; free: {room:,} MiB. Running for {hours:,} h {minutes} min."
    )
    minutes = int(str(facts["up"])) // 60_000
    sizes = {"mib": int(str(facts["stored"])) >> 20, "room": int(str(facts["free"])) >> 20}
    failing = "" if facts["storing"] else " Nothing can be kept at the moment: see the server's log."
    return text.format(**facts, **sizes, hours=minutes // 60, minutes=minutes % 60) + failing


@handlers.on(ListAccounts)
def list_accounts(context: Context, session: Session, request: ListAccounts, now: int) -> Iterator[Effect]:
    """Lists the accounts that can be logged in to, a page at a time."""
    operators.required(context, session)
    limit = context.limits.list_max

    def answer(found: list[rec.Account]) -> Event:
        shown = [account for account in found[:limit] if account.secret]
        more = len(found) > limit
        rows = [{"name": account.name, "at": account.at} for account in shown]
        text = ", ".join(account.name for account in shown) or "Nobody has an account there."
        if more:
            text += f" and more: /accounts {found[limit - 1].name}"
        return Done(now, request.id, text, (("accounts", rows), ("more", more)))

    after = names.user_key(request.after)
    yield Fetch(session.sid, server_queries.AccountsAfter(after, limit + 1), answer, request.id)
