"""The writer: how each kind of record goes into the tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from evchat.core import changes
from evchat.core import records as rec
from evchat.protocol.messages import Message
from evchat.protocol.names import is_pair, user_key
from evchat.storage.sqlite.conversations import Conversations
from evchat.storage.sqlite.expiry import erase_own
from evchat.storage.sqlite.rows import ACTION, ANNOUNCED, NOTICE, REDACTED, extra
from evchat.storage.sqlite.search import SearchIndex


class Writer:
    """Writes records in the transaction that is open. Raises sqlite3.Error, UnicodeEncodeError, OverflowError."""

    def __init__(self, db: sqlite3.Connection, conversations: Conversations, search: SearchIndex) -> None:
        self._db = db
        self._conversations = conversations
        self._search = search
        self._writers: dict[type, Callable[[Sequence[Any]], None]] = {
            Message: self._messages,
            rec.Receipt: self._receipts,
            rec.InboxEntry: self._inbox_entries,
            rec.InboxRead: self._inbox_read,
            rec.LastSeen: self._last_seen,
            rec.Account: self._accounts,
            rec.Blocking: self._blockings,
            rec.TopicRecord: self._topics,
            rec.ReadMark: self._read_marks,
            rec.ProvenPlace: self._proven_places,
            rec.ChannelRecord: self._channels,
            rec.ServerBanRecord: self._server_bans,
            rec.AuditRecord: self._audit,
            rec.Setting: self._settings,
            rec.MetadataRecord: self._metadata,
            rec.AccountChannel: self._account_channels,
            rec.UserCertificate: self._certificates,
            changes.EditedMessage: self._edited,
            changes.RedactedMessage: self._redacted,
            rec.InvitationCode: self._invitation_codes,
            changes.Retention: self._retentions,
            changes.Erasure: self._erasures,
        }
        self.kinds = tuple(self._writers)
        """All kinds of records, in an order in which they can be written: a message before what speaks of it."""

    def write(self, kind: type, records: Sequence[Any]) -> None:
        """Writes records of one kind, in their order."""
        self._writers[kind](records)

    def _messages(self, records: Sequence[Message]) -> None:
        # The hot path: no call for a message in a channel, and nothing that sqlite3 binds slowly (None, bool) except
        # the id; '*' stands for NULL.
        known, make = self._conversations.known, self._conversations.make
        self._db.executemany(
            "INSERT INTO messages (conversation, seq, at, sender, receiver, text, flags, client_id, only,"
            " account, extra, reply) VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, '*'), ?, ?, ?)",
            [
                (
                    known.get(said.conversation) or make(said.conversation),
                    said.seq,
                    said.at,
                    said.sender,
                    said.to,
                    said.text,
                    (ACTION if said.action else 0)
                    | (ANNOUNCED if said.announced else 0)
                    | (NOTICE if said.notice else 0),
                    said.id,
                    user_key(said.sender) if said.hidden else "" if is_pair(said.conversation) else "*",
                    said.who.account,
                    extra(said) if said.tags or said.joins else "",
                    said.reply,
                )
                for said in records
            ],
        )

    def _receipts(self, records: Sequence[rec.Receipt]) -> None:
        make = self._conversations.make
        self._db.executemany(
            "INSERT OR REPLACE INTO receipts (user, id, conversation, seq, at, facts) VALUES (?, ?, ?, ?, ?, ?)",
            [(r.user, r.id, make(r.conversation), r.seq, r.at, r.facts) for r in records],
        )

    def _inbox_entries(self, records: Sequence[rec.InboxEntry]) -> None:
        make = self._conversations.make
        self._db.executemany(
            "INSERT OR REPLACE INTO inbox (user, message)"
            " VALUES (?, (SELECT id FROM messages WHERE conversation = ? AND seq = ?))",
            [(r.user, make(r.conversation), r.seq) for r in records],
        )

    def _inbox_read(self, records: Sequence[rec.InboxRead]) -> None:
        make = self._conversations.make
        self._db.executemany(
            # Ids rise with the numbers of a conversation, so whoever reads on from the oldest never has all looked at.
            "DELETE FROM inbox WHERE user = :user AND message IN (SELECT i.message FROM inbox i"
            " CROSS JOIN messages m ON m.id = i.message WHERE i.user = :user AND i.message <= ("
            "SELECT id FROM messages WHERE conversation = :number AND seq <= :seq ORDER BY seq DESC LIMIT 1"
            ") AND m.conversation = :number AND m.seq <= :seq)",
            [{"user": r.user, "number": make(r.conversation), "seq": r.seq} for r in records],
        )

    def _last_seen(self, records: Sequence[rec.LastSeen]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO known (user, name, seen) VALUES (?, ?, ?)",
            [(r.user, r.name, r.seen) for r in records],
        )

    def _accounts(self, records: Sequence[rec.Account]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO accounts (user, name, secret, at) VALUES (?, ?, ?, ?)",
            [(r.user, r.name, r.secret, r.at) for r in records],
        )

    def _blockings(self, records: Sequence[rec.Blocking]) -> None:
        for r in records:
            if r.on:
                self._db.execute(
                    "INSERT OR REPLACE INTO blockings (user, blocked, name) VALUES (?, ?, ?)",
                    (r.user, r.blocked, r.name),
                )
            else:
                self._db.execute("DELETE FROM blockings WHERE user = ? AND blocked = ?", (r.user, r.blocked))

    def _topics(self, records: Sequence[rec.TopicRecord]) -> None:
        for r in records:
            if r.text:
                self._db.execute(
                    "INSERT OR REPLACE INTO topics (channel, name, text, set_by, set_at) VALUES (?, ?, ?, ?, ?)",
                    (r.channel, r.name, r.text, r.by, r.at),
                )
            else:
                self._db.execute("DELETE FROM topics WHERE channel = ?", (r.channel,))

    def _settings(self, records: Sequence[rec.Setting]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)",
            [(r.name, r.value) for r in records],
        )

    def _metadata(self, records: Sequence[rec.MetadataRecord]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO metadata (owner, entries) VALUES (?, ?)",
            [(r.owner, r.entries) for r in records],
        )

    def _account_channels(self, records: Sequence[rec.AccountChannel]) -> None:
        for r in records:
            if r.on:
                self._db.execute(
                    "INSERT OR REPLACE INTO account_channels (user, channel, name, away) VALUES (?, ?, ?, ?)",
                    (r.user, r.channel, r.name, r.away),
                )
            else:
                self._db.execute(
                    "DELETE FROM account_channels WHERE user = ? AND channel = ?", (r.user, r.channel)
                )
        self._db.executemany(
            "DELETE FROM account_channels WHERE user = :user AND id NOT IN"
            " (SELECT id FROM account_channels WHERE user = :user ORDER BY id DESC LIMIT :most)",
            [{"user": user, "most": rec.CHANNELS_KEPT} for user in dict.fromkeys(r.user for r in records)],
        )

    def _invitation_codes(self, records: Sequence[rec.InvitationCode]) -> None:
        for r in records:
            if r.uses:
                self._db.execute(
                    "INSERT OR REPLACE INTO invitation_codes (digest, made_by, at, until, uses) VALUES (?, ?, ?, ?, ?)",
                    (r.digest, r.by, r.at, r.until, r.uses),
                )
            else:
                self._db.execute("DELETE FROM invitation_codes WHERE digest = ?", (r.digest,))

    def _retentions(self, records: Sequence[changes.Retention]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO retention (conversation, days) VALUES (?, ?)",
            [(r.conversation, r.days) for r in records],
        )

    def _erasures(self, records: Sequence[changes.Erasure]) -> None:
        for r in records:
            erase_own(self._db, r.user)
        self._db.executemany(
            "INSERT OR REPLACE INTO erasures (user, name, at, done) VALUES (?, ?, ?, 0)",
            [(r.user, r.name, r.at) for r in records],
        )

    def _proven_places(self, records: Sequence[rec.ProvenPlace]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO proven_places (key, place, at) VALUES (?, ?, ?)",
            [(r.key, r.place, r.at) for r in records],
        )
        self._db.executemany(
            "DELETE FROM proven_places WHERE key = :key AND place NOT IN"
            " (SELECT place FROM proven_places WHERE key = :key ORDER BY at DESC, place LIMIT :most)",
            [{"key": key, "most": rec.PLACES_KEPT} for key in dict.fromkeys(r.key for r in records)],
        )

    def _certificates(self, records: Sequence[rec.UserCertificate]) -> None:
        for r in records:
            if r.on:
                self._db.execute(
                    "INSERT OR REPLACE INTO certificates (user, fingerprint, der, at) VALUES (?, ?, ?, ?)",
                    (r.user, r.fingerprint, r.der, r.at),
                )
            else:
                self._db.execute(
                    "DELETE FROM certificates WHERE user = ? AND fingerprint = ?", (r.user, r.fingerprint)
                )

    def _read_marks(self, records: Sequence[rec.ReadMark]) -> None:
        make = self._conversations.make
        self._db.executemany(
            "INSERT OR REPLACE INTO read_marks (user, conversation, seq, at) VALUES (?, ?, ?, ?)",
            [(r.user, make(r.conversation), r.seq, r.at) for r in records],
        )

    def _channels(self, records: Sequence[rec.ChannelRecord]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO channels (channel, name, founder, created, modes) VALUES (?, ?, ?, ?, ?)",
            [(r.channel, r.name, r.founder, r.created, r.modes) for r in records],
        )

    def _server_bans(self, records: Sequence[rec.ServerBanRecord]) -> None:
        for r in records:
            if r.on:
                self._db.execute(
                    "INSERT OR REPLACE INTO banishments (key, whom, set_by, set_at, until, reason)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (r.key, r.whom, r.by, r.at, r.until, r.reason),
                )
            else:
                self._db.execute("DELETE FROM banishments WHERE key = ?", (r.key,))

    def _audit(self, records: Sequence[rec.AuditRecord]) -> None:
        self._db.executemany(
            "INSERT INTO audit (at, operator, act, target, detail) VALUES (?, ?, ?, ?, ?)",
            [(r.at, r.by, r.act, r.target, r.detail) for r in records],
        )

    def _edited(self, records: Sequence[changes.EditedMessage]) -> None:
        for r in records:
            number = self._conversations.find(r.conversation)
            found = self._db.execute(
                "SELECT id FROM messages WHERE conversation = ? AND seq = ?", (number, r.seq)
            ).fetchone()
            if found is not None:
                self._search.forget(found[0])
                self._db.execute(
                    "UPDATE messages SET text = ?, extra = '', edited = ?, rev = max(rev, ?) WHERE id = ?",
                    (r.text, r.at, r.rev, found[0]),
                )
                self._search.learn(found[0])

    def _redacted(self, records: Sequence[changes.RedactedMessage]) -> None:
        for r in records:
            number = self._conversations.find(r.conversation)
            found = self._db.execute(
                "SELECT id FROM messages WHERE conversation = ? AND seq = ?", (number, r.seq)
            ).fetchone()
            if found is not None:
                self._search.forget(found[0])
                self._db.execute(
                    "UPDATE messages SET text = '', extra = '', reply = 0, edited = 0, flags = flags | ?,"
                    " rev = max(rev, ?) WHERE id = ?",
                    (REDACTED, r.rev, found[0]),
                )
                self._db.execute(
                    "INSERT OR IGNORE INTO redactions (message, name, at, reason) VALUES (?, ?, ?, ?)",
                    (found[0], r.by, r.at, r.reason),
                )
