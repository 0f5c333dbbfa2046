"""Receipts: by them a message that is sent again with its id is answered as the first time, and not said twice."""

from __future__ import annotations

import json

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.state import Session, User
from evchat.protocol.base import Answer
from evchat.protocol.messages import AnnouncementAccepted, MessageAccepted
from evchat.settings.model import milliseconds


def keep(context: Context, user: User, request_id: str, conversation: str, seq: int, **facts: object) -> Save:
    """Keeps what is needed to answer the user's request again: the message, and further facts of the answer."""
    text = json.dumps(facts) if facts else ""
    return Save(rec.Receipt(user.key, request_id, conversation, seq, context.steady_date(), text))


def first_answer(
    context: Context, user: User, request_id: str, now: int
) -> MessageAccepted | AnnouncementAccepted | None:
    """The answer to the user's earlier request with this id, if there was one."""
    oldest = context.steady_date() - milliseconds(context.limits.receipt_age)
    found = context.fetch(rec.ReceiptOf(user.key, request_id, oldest))
    if not found:
        return None
    receipt = found[0]
    facts = json.loads(receipt.facts) if receipt.facts else {}
    if "delivered" in facts:
        missed, seq = tuple(facts["missed"]), receipt.seq or None
        return AnnouncementAccepted(now, request_id, facts["delivered"], missed, seq, duplicate=True)
    direct = "to" in facts
    channel = context.state.channels.get(receipt.conversation)
    kept = context.fetch(rec.HistoryOf(receipt.conversation, user.key, 1, receipt.seq + 1, receipt.seq - 1))
    return MessageAccepted(
        now,
        request_id,
        facts["to"] if direct else channel.name if channel else receipt.conversation,
        receipt.seq,
        direct=direct,
        kept=direct and facts["kept"],
        duplicate=True,
        sent_at=kept[0].at if kept else receipt.at,
    )


def again(session: Session, user: User, first: Answer, now: int) -> list[Effect]:
    """The effects of a repeated request: its first answer."""
    # The receipt may be of this very pass: the record makes the answer depend on its commit.
    return [Save(rec.LastSeen(user.key, user.name, now)), Reply(session.sid, first)]
