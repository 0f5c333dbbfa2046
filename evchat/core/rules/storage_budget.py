"""How much is kept for whom: bytes of an address and of an account, of a conversation, and of all.

Every record that a request saves is counted, whatever kind of request it is. What is over a budget is refused as a
whole, and its changes are undone, just as when a commit fails. A broadcast to users counts once for each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any, Final

from evchat.core import changes
from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Post, Save
from evchat.core.errors import Refused
from evchat.core.rules import membership, undo
from evchat.core.rules.token_bucket import TokenBucket
from evchat.core.state import Session, User
from evchat.protocol.messages import Message

_DAY: Final = 24 * 3_600_000
_ROW: Final = 250
"""Bytes that a record takes beside its texts: its row and its places in indexes."""


_SLICE: Final = 8192
"""Bytes that a session takes from the budgets at a time: a message then costs an addition and a comparison."""

_SMALL_SHARE: Final = 20
"""Of a small disk no more than a twentieth stays free, and no more than that is left for accounts."""


def _size(said: Message) -> int:
    """The bytes that a message takes, if it is kept."""
    text = said.text
    if not said.seq:
        return 0
    # Once as a text, and about once more as words that can be searched for.
    size = _ROW + 2 * (len(text) if text.isascii() else len(text.encode("utf-8", "replace")))
    return size + sum(4 * len(value) for _, value in said.tags) if said.tags else size


_SIZES: Final[dict[type, Callable[[Any], int]]] = {
    Message: _size,
    rec.Receipt: lambda r: _ROW + len(r.facts),
    rec.InboxEntry: lambda _: 50,
    rec.LastSeen: lambda _: 100,
    rec.Account: lambda r: _ROW + len(r.secret),
    rec.Blocking: lambda r: _ROW if r.on else 0,
    rec.TopicRecord: lambda r: _ROW + 4 * len(r.text) if r.text else 0,
    rec.ReadMark: lambda _: 100,
    rec.ChannelRecord: lambda r: _ROW + len(r.modes),
    rec.MetadataRecord: lambda r: _ROW + 4 * len(r.entries),
    changes.RedactedMessage: lambda r: _ROW + 4 * len(r.reason),
    changes.EditedMessage: lambda r: _ROW + 2 * len(r.text.encode("utf-8", "replace")),
    rec.UserCertificate: lambda r: _ROW + len(r.der) if r.on else 0,
    rec.AccountChannel: lambda _: 0,
    rec.ProvenPlace: lambda _: 0,
    rec.InboxRead: lambda _: 0,
    rec.Setting: lambda _: 0,
    rec.ServerBanRecord: lambda _: 0,
    rec.AuditRecord: lambda _: 0,
    rec.InvitationCode: lambda _: 0,
    changes.Retention: lambda _: 0,
    changes.Erasure: lambda _: 0,
}
"""The bytes that a record takes, by its class. What operators of the server do, what
frees room, and what is bounded by the number of accounts, is not counted."""


def measured(context: Context, stored: int, free: int, disk: int) -> None:
    """The store holds so many bytes, and so many are free on its disk, which has so many."""
    limits, state = context.limits, context.state
    state.stored, state.free = stored, free
    share = disk // _SMALL_SHARE
    room = free - min(limits.least_free_bytes, share)
    if limits.max_store_bytes:
        room = min(room, limits.max_store_bytes - stored)
    state.room, state.reserve = room, min(limits.guest_reserve, share)


def open_session(context: Context, session: Session) -> None:
    """The session keeps at the expense of its address from now on."""
    limits = context.limits
    burst, rate = limits.stored_by_site_burst, limits.stored_by_site_rate / 1000
    if burst and not session.shared:
        budgets = context.state.stored_by_site.tune(burst, rate, limits.max_known_sites)
        session.budget = budgets.of(session.address, context.monotonic())


def close_session(session: Session) -> None:
    """Gives back to the address what the session has taken and not used."""
    if session.budget is not None:
        session.budget.give_back(session.credit)
    session.credit = 0


def within(context: Context, session: Session, effects: list[Effect]) -> list[Effect]:
    """The effects of a session's request, once what they save was counted.

    Over a budget nothing of it is saved. Raises Refused (over-budget) then, unless the request does not hang on it.
    """
    size = 0
    for effect in effects:
        if type(effect) is Post:
            said = effect.said
            if said.seq and not said.tags and said.text.isascii():
                size += _ROW + 2 * len(said.text)  # as `_size`, of what nearly all say
            else:
                size += _size(said)
        elif type(effect) is Save:
            size += _SIZES[type(effect.record)](effect.record)
    credit = session.credit - size
    if credit >= 0:
        session.credit = credit
        return effects
    return _settle(context, session, effects, size)


def _settle(context: Context, session: Session, effects: list[Effect], size: int) -> list[Effect]:
    """The same, where the session has to take more from the budgets."""
    said = next(filter(None, map(_said, effects)), None)
    now = context.monotonic()
    missing = size - session.credit
    if _spend(context, session, missing + _SLICE, said, now) is None:
        session.credit += missing + _SLICE - size
        return effects
    problem = _spend(context, session, missing, said, now)
    if problem is None:
        session.credit = 0
        return effects
    saves = [effect for effect in effects if type(effect) is Save]
    if said is None and all(type(save.record) is rec.LastSeen and save.vital for save in saves):
        return effects  # an answer that was given before is given again
    undo.take_back(context, effects)
    if said is not None or any(save.vital for save in saves):
        raise problem
    return [effect for effect in effects if type(effect) is not Save]


def _said(effect: Effect) -> Message | None:
    """The message that an effect keeps, if it does that."""
    if type(effect) is Post:
        return effect.said if effect.said.seq else None
    return effect.record if type(effect) is Save and type(effect.record) is Message else None


def _spend(context: Context, session: Session, size: int, said: Message | None, now: int) -> Refused | None:
    """Counts so many bytes in all budgets, also the conversation's if something is said; or tells which has no room."""
    state, limits, user = context.state, context.limits, session.user
    site, account = session.budget, None
    if user is not None and user.who.account:
        account = user.budget or _account_budget(context, user, now)
    if state.room < (size if account is not None else size + state.reserve):
        return _over("The server's storage is full. Its owner has to free some space.")
    if now - state.stored_since >= _DAY:
        state.stored_since, state.stored_today = now, 0
        state.stored_in.clear()
    if state.stored_today + size > limits.stored_daily > 0:
        return _over("The server has reached its storage limit for today. Try again tomorrow.")
    of_conversation = 0
    if said is not None:
        of_conversation = state.stored_in.get(said.conversation, 0) + size
        if of_conversation > limits.stored_in_conversation_daily > 0:
            return _over(f"{said.to} has reached its storage limit for today. Try again tomorrow.")
    if site is not None and not site.take_all(now, size):
        return _wait("Your address", site, size, now)
    if account is not None and not account.take_all(now, size):
        if site is not None:
            site.give_back(size)
        return _wait("Your account", account, size, now)
    state.room -= size
    state.stored_today += size
    if said is not None:
        if len(state.stored_in) >= limits.max_heads:
            state.stored_in.clear()
        state.stored_in[said.conversation] = of_conversation
    return None


def _account_budget(context: Context, user: User, now: int) -> TokenBucket | None:
    limits = context.limits
    burst, rate = limits.stored_by_account_burst, limits.stored_by_account_rate / 1000
    if not burst:
        return None
    budgets = context.state.stored_by_account.tune(burst, rate, limits.max_known_sites)
    user.budget = budgets.of(membership.account(user), now)
    return user.budget


def _wait(whose: str, budget: TokenBucket, size: int, now: int) -> Refused:
    wait = budget.wait(now, size)
    if wait == inf:
        return Refused("too-long", "That is too much to store at once. Send it in parts, or to fewer users.")
    return _over(f"{whose} has sent too much to be stored. Try again in {int(wait) // 1000 + 1} s.")


def _over(text: str) -> Refused:
    return Refused("over-budget", text)
