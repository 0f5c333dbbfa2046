"""The reader: how each question is answered from the tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from evchat.core import changes, server_queries
from evchat.core import records as rec
from evchat.core.query import Query, R
from evchat.protocol.messages import Message
from evchat.protocol.names import is_pair
from evchat.storage.pages import first
from evchat.storage.sqlite import personal
from evchat.storage.sqlite.conversations import Conversations
from evchat.storage.sqlite.directs import Directs
from evchat.storage.sqlite.rows import COLUMNS, said
from evchat.storage.sqlite.search import SearchIndex
from evchat.storage.steps import last_step

_CHANGES = (changes.EditedMessage, changes.RedactedMessage)
"""The records that change messages."""

_LEAST, _MOST = -(2**63), 2**63 - 1


class Reader:
    """Answers queries from written data, committed or not. Raises sqlite3.Error, OverflowError."""

    def __init__(self, db: sqlite3.Connection, conversations: Conversations, search: SearchIndex) -> None:
        self._db = db
        self._conversations = conversations
        self._directs = Directs(db)
        self._answers: dict[type, tuple[tuple[type, ...], Callable[[Any], list[Any]]]] = {
            rec.HeadOf: ((Message,), self._head),
            server_queries.MessageCount: ((Message,), self._message_count),
            server_queries.UnindexedCount: ((Message,), lambda _: [search.behind()]),
            rec.LastTimeOf: ((Message,), self._last_time),
            rec.HistoryOf: ((Message, *_CHANGES), self._history),
            changes.RevOf: ((Message, *_CHANGES), self._rev),
            changes.ChangesOf: ((Message, *_CHANGES), self._changes),
            changes.GoneOf: ((changes.Retention,), self._gone),
            changes.AllRetentions: ((changes.Retention,), self._retentions),
            rec.SeqAt: ((Message,), self._seq_at),
            rec.MessagesMatching: ((Message, *_CHANGES), lambda q: last_step(search.steps(q))),
            rec.ReceiptOf: ((rec.Receipt,), self._receipt),
            rec.InboxOf: ((Message, rec.InboxEntry, rec.InboxRead, *_CHANGES), self._inbox),
            rec.InboxCount: ((Message, rec.InboxEntry, rec.InboxRead), self._inbox_count),
            rec.DirectsOf: (
                (Message, rec.InboxEntry, rec.InboxRead, rec.ReadMark, *_CHANGES),
                lambda q: last_step(self._directs.steps(q)),
            ),
            rec.PersonalDataOf: (
                (
                    Message,
                    rec.Account,
                    rec.LastSeen,
                    rec.MetadataRecord,
                    rec.Blocking,
                    rec.ReadMark,
                    rec.InboxEntry,
                ),
                lambda q: last_step(personal.pages(db, q)),
            ),
            rec.LastSeenOf: ((rec.LastSeen,), self._last_seen),
            rec.SeenSince: ((rec.LastSeen,), self._seen_since),
            rec.AccountOf: ((rec.Account,), self._account),
            server_queries.AccountsAfter: ((rec.Account,), self._accounts),
            server_queries.InvitationCodeOf: ((rec.InvitationCode,), self._invitation_code),
            server_queries.AllInvitationCodes: ((rec.InvitationCode,), self._invitation_codes),
            rec.BlockingsOf: ((rec.Blocking,), self._blockings),
            rec.BlockersOf: ((rec.Blocking,), self._blockers),
            rec.AllTopics: ((rec.TopicRecord,), self._topics),
            rec.ProvenPlaceOf: ((rec.ProvenPlace,), self._proven_place),
            rec.ReadMarkOf: ((rec.ReadMark,), self._read_mark),
            rec.AllChannels: ((rec.ChannelRecord,), self._channels),
            server_queries.AllServerBans: ((rec.ServerBanRecord,), self._server_bans),
            server_queries.RecentAuditRecords: ((rec.AuditRecord,), self._audit),
            server_queries.SettingOf: ((rec.Setting,), self._setting),
            rec.MetadataOf: ((rec.MetadataRecord,), self._metadata),
            rec.ChannelsOf: ((rec.AccountChannel,), self._account_channels),
            rec.CertificatesOf: ((rec.UserCertificate,), self._certificates),
            server_queries.AllCertificates: ((rec.UserCertificate,), self._all_certificates),
            server_queries.CertificateCount: ((rec.UserCertificate,), self._certificate_count),
        }

        self._steps: dict[type, Callable[[Any], Iterator[list[Any] | None]]] = {
            rec.MessagesMatching: search.steps,
            rec.DirectsOf: self._directs.steps,
            rec.PersonalDataOf: lambda q: personal.pages(db, q),
        }

    def steps(self, query: Query[R]) -> Iterator[list[R] | None]:
        """Answers a long question in steps, as `LongReader` does."""
        return self._steps[type(query)](query)

    def reads(self, kind: type) -> tuple[type, ...]:
        """The kinds of records that a kind of question looks at."""
        return self._answers[kind][0]

    def answer(self, query: Query[R]) -> list[R]:
        """Answers a question."""
        return self._answers[type(query)][1](query)

    def _message_count(self, query: server_queries.MessageCount) -> list[int]:
        # Ids count all that there ever were, and conversations those that are gone; to count the rest takes longer.
        (last,) = self._db.execute("SELECT ifnull(max(id), 0) FROM messages").fetchone()
        (gone,) = self._db.execute("SELECT ifnull(sum(gone), 0) FROM conversations WHERE gone > 0").fetchone()
        return [last - gone]

    def _gone(self, query: changes.GoneOf) -> list[int]:
        number = self._conversations.find(query.conversation)
        rows = self._db.execute("SELECT gone FROM conversations WHERE id = ?", (number,)).fetchall()
        return [gone for (gone,) in rows] or [0]

    def _retentions(self, query: changes.AllRetentions) -> list[changes.Retention]:
        rows = self._db.execute("SELECT conversation, days FROM retention ORDER BY conversation")
        return [changes.Retention(*row) for row in rows]

    def _last_gone(self, number: int | None, column: str) -> list[int]:
        """What is known of the last message of a conversation of which none is kept any more."""
        rows = self._db.execute(
            f"SELECT {column} FROM conversations WHERE id = ? AND {column} > 0", (number,)
        )
        return [value for (value,) in rows]

    def _head(self, query: rec.HeadOf) -> list[int]:
        number = self._conversations.find(query.conversation)
        rows = self._db.execute(
            "SELECT seq FROM messages WHERE conversation = ? ORDER BY seq DESC LIMIT 1", (number,)
        ).fetchall()
        return [seq for (seq,) in rows] or self._last_gone(number, "gone")

    def _last_time(self, query: rec.LastTimeOf) -> list[int]:
        number = self._conversations.find(query.conversation)
        rows = self._db.execute(
            "SELECT at FROM messages WHERE conversation = ? ORDER BY seq DESC LIMIT 1", (number,)
        ).fetchall()
        return [at for (at,) in rows] or self._last_gone(number, "gone_at")

    def _history(self, query: rec.HistoryOf) -> list[Message]:
        number = self._conversations.find(query.conversation)
        forward = query.oldest or (query.after is not None and query.before is None)
        found = first(self._between(number, query, forward), query.limit, query.max_bytes)
        return found if forward else found[::-1]

    def _rev(self, query: changes.RevOf) -> list[int]:
        number = self._conversations.find(query.conversation)
        rows = self._db.execute(
            "SELECT rev FROM messages WHERE conversation = ? AND rev > 0 ORDER BY rev DESC LIMIT 1", (number,)
        ).fetchall()
        revs = [rev for (rev,) in rows] + self._last_gone(number, "gone_rev")
        return [max(revs)] if revs else []

    def _changes(self, query: changes.ChangesOf) -> list[Message]:
        number = self._conversations.find(query.conversation)
        part = "SELECT * FROM messages WHERE conversation = ? AND rev > 0 AND rev > ? AND seq >= ?"
        span: tuple[object, ...] = (number, query.after, query.begins)
        source = _visible(part, query.conversation)
        if is_pair(query.conversation):
            span *= 2
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM ({source} ORDER BY rev LIMIT ?) m ORDER BY rev",
            (*span, query.viewer, max(query.limit, 0)),
        )
        with closing(rows):
            return first((said(query.conversation, row) for row in rows), query.limit, query.max_bytes)

    def _seq_at(self, query: rec.SeqAt) -> list[int]:
        """Halves the numbers, and not an index of times: that would be written with every message."""
        number = self._conversations.find(query.conversation)
        nearest = "SELECT seq, at FROM messages WHERE conversation = ? AND seq >= ? ORDER BY seq LIMIT 1"
        low, high = (
            1 + self._gone(changes.GoneOf(query.conversation))[0],
            1 + max(self._head(rec.HeadOf(query.conversation)), default=0),
        )
        while low < high:  # the answer is at `low` or above; from `high` on all is late enough
            middle = (low + high) // 2
            seq, at = self._db.execute(nearest, (number, middle)).fetchone()
            if at >= query.at:
                high = middle
            else:
                low = seq + 1
        return [seq for seq, _ in self._db.execute(nearest, (number, low))]

    def _between(self, number: int | None, query: rec.HistoryOf, forward: bool) -> Iterator[Message]:
        """The messages of a history, nearest first."""
        after = _LEAST if query.after is None else query.after
        before = _MOST if query.before is None else query.before
        part = "SELECT * FROM messages WHERE conversation = ? AND seq > ? AND seq < ?"
        span: tuple[object, ...] = (number, after, before)
        source = _visible(part, query.conversation)
        if is_pair(query.conversation):
            span *= 2
        order = "ASC" if forward else "DESC"
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM ({source} ORDER BY seq {order} LIMIT ?) m ORDER BY seq {order}",
            (*span, query.viewer, max(query.limit, 0)),
        )
        with closing(rows):
            for row in rows:
                yield said(query.conversation, row)

    def _setting(self, query: server_queries.SettingOf) -> list[rec.Setting]:
        rows = self._db.execute("SELECT name, value FROM settings WHERE name = ?", (query.name,))
        return [rec.Setting(*row) for row in rows]

    def _metadata(self, query: rec.MetadataOf) -> list[rec.MetadataRecord]:
        rows = self._db.execute("SELECT owner, entries FROM metadata WHERE owner = ?", (query.owner,))
        return [rec.MetadataRecord(*row) for row in rows]

    def _receipt(self, query: rec.ReceiptOf) -> list[rec.Receipt]:
        rows = self._db.execute(
            "SELECT c.key, r.seq, r.at, r.facts FROM receipts r JOIN conversations c ON c.id = r.conversation"
            " WHERE r.user = ? AND r.id = ? AND r.at >= ?",
            (query.user, query.id, query.since),
        )
        return [rec.Receipt(query.user, query.id, *row) for row in rows]

    def _inbox(self, query: rec.InboxOf) -> list[Message]:
        rows = self._db.execute(
            f"SELECT {COLUMNS}, c.key FROM inbox i CROSS JOIN messages m ON m.id = i.message"
            " CROSS JOIN conversations c ON c.id = m.conversation WHERE i.user = ? AND i.message > ?"
            " ORDER BY i.message LIMIT ?",
            (query.user, self._message(query.after), max(query.limit, 0)),
        )
        with closing(rows):
            return first((said(row[-1], row) for row in rows), query.limit, query.max_bytes)

    def _inbox_count(self, query: rec.InboxCount) -> list[int]:
        counting = "SELECT count(*) FROM inbox WHERE user = ? AND message > ?"
        rows = self._db.execute(counting, (query.user, self._message(query.after)))
        return [count for (count,) in rows]

    def _message(self, place: tuple[str, int] | None) -> int:
        """The id of a message by its conversation and number; 0, before all others, if there is none."""
        if place is None:
            return 0
        number = self._conversations.find(place[0])
        finding = "SELECT id FROM messages WHERE conversation = ? AND seq = ?"
        rows = self._db.execute(finding, (number, place[1])).fetchall()
        return int(rows[0][0]) if rows else 0

    def _last_seen(self, query: rec.LastSeenOf) -> list[rec.LastSeen]:
        rows = self._db.execute("SELECT user, name, seen FROM known WHERE user = ?", (query.user,))
        return [rec.LastSeen(*row) for row in rows]

    def _seen_since(self, query: rec.SeenSince) -> list[rec.LastSeen]:
        rows = self._db.execute(
            "SELECT user, name, seen FROM known WHERE seen >= ? ORDER BY seen DESC, user LIMIT ?",
            (query.since, max(query.limit, 0)),
        )
        return [rec.LastSeen(*row) for row in rows]

    def _account(self, query: rec.AccountOf) -> list[rec.Account]:
        rows = self._db.execute("SELECT user, name, secret, at FROM accounts WHERE user = ?", (query.user,))
        return [rec.Account(*row) for row in rows]

    def _accounts(self, query: server_queries.AccountsAfter) -> list[rec.Account]:
        rows = self._db.execute(
            "SELECT user, name, secret, at FROM accounts WHERE user > ? ORDER BY user LIMIT ?",
            (query.user, max(query.limit, 0)),
        )
        return [rec.Account(*row) for row in rows]

    def _invitation_code(self, query: server_queries.InvitationCodeOf) -> list[rec.InvitationCode]:
        rows = self._db.execute(
            "SELECT digest, made_by, at, until, uses FROM invitation_codes WHERE digest = ?", (query.digest,)
        )
        return [rec.InvitationCode(*row) for row in rows]

    def _invitation_codes(self, query: server_queries.AllInvitationCodes) -> list[rec.InvitationCode]:
        rows = self._db.execute(
            "SELECT digest, made_by, at, until, uses FROM invitation_codes ORDER BY at, digest"
        )
        return [rec.InvitationCode(*row) for row in rows]

    def _blockings(self, query: rec.BlockingsOf) -> list[rec.Blocking]:
        rows = self._db.execute(
            "SELECT user, blocked, name, 1 FROM blockings WHERE user = ? ORDER BY blocked", (query.user,)
        )
        return [rec.Blocking(*row) for row in rows]

    def _blockers(self, query: rec.BlockersOf) -> list[str]:
        rows = self._db.execute("SELECT user FROM blockings WHERE blocked = ? ORDER BY user", (query.user,))
        return [user for (user,) in rows]

    def _account_channels(self, query: rec.ChannelsOf) -> list[rec.AccountChannel]:
        rows = self._db.execute(
            "SELECT user, channel, name, away FROM account_channels WHERE user = ? ORDER BY id", (query.user,)
        )
        return [rec.AccountChannel(user, channel, name, bool(away)) for user, channel, name, away in rows]

    def _topics(self, query: rec.AllTopics) -> list[rec.TopicRecord]:
        rows = self._db.execute("SELECT channel, name, text, set_by, set_at FROM topics ORDER BY channel")
        return [rec.TopicRecord(*row) for row in rows]

    def _proven_place(self, query: rec.ProvenPlaceOf) -> list[rec.ProvenPlace]:
        rows = self._db.execute(
            "SELECT at FROM proven_places WHERE key = ? AND place = ?", (query.key, query.place)
        ).fetchall()
        return [rec.ProvenPlace(query.key, query.place, at) for (at,) in rows]

    def _certificates(self, query: rec.CertificatesOf) -> list[rec.UserCertificate]:
        rows = self._db.execute(
            "SELECT user, fingerprint, der, at FROM certificates WHERE user = ? ORDER BY at, fingerprint",
            (query.user,),
        )
        return [rec.UserCertificate(*row) for row in rows]

    def _all_certificates(self, query: server_queries.AllCertificates) -> list[rec.UserCertificate]:
        rows = self._db.execute("SELECT user, fingerprint, der, at FROM certificates")
        return [rec.UserCertificate(*row) for row in rows]

    def _certificate_count(self, query: server_queries.CertificateCount) -> list[int]:
        return [self._db.execute("SELECT count(*) FROM certificates").fetchone()[0]]

    def _read_mark(self, query: rec.ReadMarkOf) -> list[rec.ReadMark]:
        number = self._conversations.find(query.conversation)
        rows = self._db.execute(
            "SELECT seq, at FROM read_marks WHERE user = ? AND conversation = ?", (query.user, number)
        )
        return [rec.ReadMark(query.user, query.conversation, seq, at) for seq, at in rows]

    def _channels(self, query: rec.AllChannels) -> list[rec.ChannelRecord]:
        rows = self._db.execute(
            "SELECT channel, name, founder, created, modes FROM channels ORDER BY created, channel"
        )
        return [rec.ChannelRecord(*row) for row in rows]

    def _server_bans(self, query: server_queries.AllServerBans) -> list[rec.ServerBanRecord]:
        rows = self._db.execute(
            "SELECT key, whom, set_by, set_at, until, reason FROM banishments ORDER BY set_at, key"
        )
        return [rec.ServerBanRecord(*row) for row in rows]

    def _audit(self, query: server_queries.RecentAuditRecords) -> list[rec.AuditRecord]:
        rows = self._db.execute(
            "SELECT at, operator, act, target, detail FROM audit ORDER BY id DESC LIMIT ?",
            (max(query.limit, 0),),
        )
        return [rec.AuditRecord(*row) for row in rows]


def _visible(part: str, conversation: str) -> str:
    """A query for messages of a conversation, held to what the viewer, its last parameter, may see.

    For a pair it is `part` twice: two parts of one index, merged as they are read, so that what may not be seen is not
    even looked at.
    """
    if is_pair(conversation):
        return f"{part} AND only = '' UNION ALL {part} AND only = ?"
    return f"{part} AND (only IS NULL OR only = ?)"
