"""The store that keeps nothing beyond the process, and of each conversation only the last messages."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from heapq import nlargest, nsmallest
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

from evchat.core import changes, server_queries
from evchat.core import records as rec
from evchat.core.query import Query, R
from evchat.protocol.messages import Message
from evchat.protocol.names import is_pair, user_key
from evchat.settings.model import DEFAULTS, milliseconds
from evchat.storage.bounded import Bounded
from evchat.storage.message_row import Row, message_row
from evchat.storage.pages import first, is_visible
from evchat.storage.steps import Pace, last_step
from evchat.storage.words import wanted

_DAY = 24 * 3_600_000
_PURGED_AT_ONCE = 500
_BESIDE_TEXT = 500
"""Bytes that a message takes beside its text."""

_LOOK = 10
"""Work that it is to look at a message, beside its characters."""

K = TypeVar("K")
V = TypeVar("V")

_seq = attrgetter("seq")
_at = attrgetter("at")
_rev = attrgetter("rev")


class MemoryStore:
    """Plain dicts. A commit can't fail, so nothing is ever undone.

    What strangers can make grow is bounded, and the oldest goes first: `per_conversation` messages of a conversation,
    `conversations` of them and about `size` bytes of messages in all (direct ones go before channels), and `others`
    receipts, names, marks and inboxes each. A receipt goes after `receipt_age` seconds.
    """

    def __init__(
        self,
        per_conversation: int = DEFAULTS.memory_history,
        *,
        conversations: int = DEFAULTS.memory_conversations,
        size: int = DEFAULTS.memory_bytes,
        others: int = DEFAULTS.memory_others,
        receipt_age: float = DEFAULTS.receipt_age,
    ) -> None:
        self._receipt_age = milliseconds(receipt_age)
        self._per_conversation = per_conversation
        self._most_conversations = conversations
        self._most_size = size
        self._size = 0
        """Bytes of messages. What leaves a full deque is not subtracted until all are counted again."""
        self._messages: dict[str, deque[Message]] = {}
        self._heads: Bounded[str, tuple[int, int]] = Bounded(others)
        """The last numbers and times of conversations that were dropped, so that they go on from there."""
        self._revs: Bounded[str, int] = Bounded(others)
        """The numbers of the last changes of conversations."""
        self._receipts: Bounded[tuple[str, str], rec.Receipt] = Bounded(others)
        self._inboxes: Bounded[str, Bounded[tuple[str, int], None]] = Bounded(others)
        self._last_seen: Bounded[str, rec.LastSeen] = Bounded(others)
        self._accounts: dict[str, rec.Account] = {}
        self._blockings: dict[str, dict[str, rec.Blocking]] = {}
        self._blockers: dict[str, dict[str, None]] = {}
        self._topics: dict[str, rec.TopicRecord] = {}
        self._settings: dict[str, rec.Setting] = {}
        self._metadata: dict[str, rec.MetadataRecord] = {}
        self._account_channels: dict[str, Bounded[str, rec.AccountChannel]] = {}
        self._certificates: dict[tuple[str, str], rec.UserCertificate] = {}
        self._proven: Bounded[str, Bounded[str, rec.ProvenPlace]] = Bounded(others)
        self._read_marks: Bounded[tuple[str, str], rec.ReadMark] = Bounded(others)
        self._channels: dict[str, rec.ChannelRecord] = {}
        self._server_bans: dict[str, rec.ServerBanRecord] = {}
        self._retentions: dict[str, changes.Retention] = {}
        self._codes: dict[str, rec.InvitationCode] = {}
        self._audit: deque[rec.AuditRecord] = deque(maxlen=others)
        self._keepers: dict[type, Callable[[Any], None]] = {
            rec.Receipt: lambda r: self._receipts.keep((r.user, r.id), r),
            rec.InboxEntry: self._keep_inbox_entry,
            rec.InboxRead: self._keep_inbox_read,
            rec.LastSeen: lambda r: self._last_seen.keep(r.user, r),
            rec.Account: lambda r: self._accounts.__setitem__(r.user, r),
            rec.Blocking: self._keep_blocking,
            rec.TopicRecord: self._keep_topic,
            rec.Setting: lambda r: self._settings.__setitem__(r.name, r),
            rec.MetadataRecord: lambda r: self._metadata.__setitem__(r.owner, r),
            rec.AccountChannel: self._keep_account_channel,
            rec.ProvenPlace: self._keep_proven,
            rec.UserCertificate: self._keep_certificate,
            rec.ReadMark: lambda r: self._read_marks.keep((r.user, r.conversation), r),
            changes.RedactedMessage: self._redact,
            changes.EditedMessage: self._edit,
            rec.ChannelRecord: lambda r: self._channels.__setitem__(r.channel, r),
            rec.ServerBanRecord: self._keep_server_ban,
            rec.AuditRecord: self._audit.append,
            rec.InvitationCode: self._keep_code,
            changes.Retention: self._keep_retention,
            changes.Erasure: self._erase,
        }
        self._answers: dict[type, Callable[[Any], list[Any]]] = {
            rec.HeadOf: self._head,
            server_queries.UnindexedCount: lambda _: [0],
            server_queries.MessageCount: lambda _: [sum(map(len, self._messages.values()))],
            rec.LastTimeOf: self._last_time,
            rec.HistoryOf: self._history,
            changes.RevOf: lambda q: _one(self._revs.get(q.conversation)),
            changes.ChangesOf: self._changes,
            rec.SeqAt: self._seq_at,
            rec.MessagesMatching: lambda q: last_step(self._matching(q)),
            rec.ReceiptOf: self._receipt,
            rec.InboxOf: lambda q: first(self._inbox(q.user, q.after), q.limit, q.max_bytes),
            rec.InboxCount: lambda q: [sum(1 for _ in self._inbox(q.user, q.after))],
            rec.DirectsOf: lambda q: last_step(self._directs(q)),
            rec.PersonalDataOf: lambda q: last_step(self._personal(q)),
            rec.LastSeenOf: lambda q: _one(self._last_seen.get(q.user)),
            rec.SeenSince: self._seen_since,
            rec.AccountOf: lambda q: _one(self._accounts.get(q.user)),
            server_queries.AccountsAfter: self._accounts_after,
            server_queries.InvitationCodeOf: lambda q: _one(self._codes.get(q.digest)),
            server_queries.AllInvitationCodes: lambda _: sorted(
                self._codes.values(), key=lambda x: (x.at, x.digest)
            ),
            changes.AllRetentions: lambda _: [self._retentions[key] for key in sorted(self._retentions)],
            changes.GoneOf: self._gone,
            rec.BlockingsOf: lambda q: list(self._blockings.get(q.user, {}).values()),
            rec.BlockersOf: lambda q: list(self._blockers.get(q.user, ())),
            rec.AllTopics: lambda _: list(self._topics.values()),
            rec.ProvenPlaceOf: lambda q: _one(self._proven.get(q.key, {}).get(q.place)),
            rec.ReadMarkOf: lambda q: _one(self._read_marks.get((q.user, q.conversation))),
            rec.AllChannels: lambda _: sorted(self._channels.values(), key=lambda x: (x.created, x.channel)),
            server_queries.AllServerBans: lambda _: sorted(
                self._server_bans.values(), key=lambda x: (x.at, x.key)
            ),
            server_queries.RecentAuditRecords: lambda q: list(islice(reversed(self._audit), max(q.limit, 0))),
            server_queries.SettingOf: lambda q: _one(self._settings.get(q.name)),
            rec.MetadataOf: lambda q: _one(self._metadata.get(q.owner)),
            rec.CertificatesOf: self._certificates_of,
            server_queries.AllCertificates: lambda _: list(self._certificates.values()),
            server_queries.CertificateCount: lambda _: [len(self._certificates)],
            rec.ChannelsOf: lambda q: list(self._account_channels.get(q.user, {}).values()),
        }

    def save(self, record: rec.Record) -> None:
        """Takes a record in."""
        if type(record) is Message:
            messages = self._messages.get(record.conversation)
            if messages is None:
                messages = self._messages[record.conversation] = deque(maxlen=self._per_conversation)
            messages.append(record)
            self._size += _BESIDE_TEXT + len(record.text)
            if self._size > self._most_size or len(self._messages) > self._most_conversations:
                self._shrink()
        else:
            self._keepers[type(record)](record)

    def fetch(self, query: Query[R]) -> list[R]:
        """Answers a question."""
        return self._answers[type(query)](query)

    def fetch_committed(self, query: Query[R]) -> list[R]:
        """Answers a question: what was saved is there."""
        return self.fetch(query)

    threaded = False

    def long_reader(self) -> MemoryStore:
        """The store itself, whose steps are short."""
        return self

    def steps(self, query: Query[R]) -> Iterator[list[R] | None]:
        """Answers a long question, as `LongReader` says."""
        long: dict[type, Callable[[Any], Iterator[list[Any] | None]]] = {
            rec.MessagesMatching: self._matching,
            rec.DirectsOf: self._directs,
            rec.PersonalDataOf: self._personal,
        }
        return long[type(query)](query)

    def interrupt(self) -> None:
        """Does nothing: no other thread makes steps."""

    def commit(self) -> None:
        """Does nothing: what was saved is there."""

    def group_commit(self) -> None:
        """There is none: a commit takes no time."""

    def tidy(self, now: int) -> bool:
        """Drops what is too old: messages, and a bounded number of receipts; True if there are more."""
        self._expire(now)
        for _ in range(_PURGED_AT_ONCE):
            key, oldest = next(iter(self._receipts.items()), (None, None))
            if key is None or oldest is None or oldest.at >= now - self._receipt_age:
                return False
            del self._receipts[key]
        return True

    def measure(self) -> tuple[int, int, int]:
        """It has bounds of its own, so there is always room."""
        return 0, 2**62, 2**62

    def close(self) -> None:
        """Does nothing: there is nothing to give back."""

    def _shrink(self) -> None:
        """Counts what there is, and drops the conversations that were quiet longest until there is room again.

        Room for a tenth of the conversations and a quarter of the bytes at least, so that this is rare.
        """
        sizes = {
            key: sum(_BESIDE_TEXT + len(said.text) for said in messages)
            for key, messages in self._messages.items()
        }
        self._size = sum(sizes.values())
        if self._size <= self._most_size * 3 // 4 and len(sizes) <= self._most_conversations:
            return
        by_age = sorted(sizes, key=lambda key: (not is_pair(key), self._messages[key][-1].at))
        last = by_age.pop()
        for key in by_age:
            if (
                self._size <= self._most_size // 2
                and len(self._messages) <= self._most_conversations * 9 // 10
            ):
                break
            self._size -= sizes[key]
            last_said = self._messages.pop(key)[-1]
            self._heads.keep(key, (last_said.seq, last_said.at))
        messages = self._messages[last]
        while self._size > self._most_size // 2 and len(messages) > 1:
            self._size -= _BESIDE_TEXT + len(messages.popleft().text)

    def _keep_inbox_entry(self, record: rec.InboxEntry) -> None:
        inbox = self._inboxes.get(record.user)
        if inbox is None:
            inbox = Bounded(self._per_conversation)
        inbox.keep((record.conversation, record.seq), None)
        self._inboxes.keep(record.user, inbox)

    def _keep_inbox_read(self, record: rec.InboxRead) -> None:
        inbox = self._inboxes.get(record.user)
        if inbox is not None:
            for conversation, seq in list(inbox):
                if conversation == record.conversation and seq <= record.seq:
                    del inbox[conversation, seq]
            if not inbox:
                del self._inboxes[record.user]

    def _redact(self, record: changes.RedactedMessage) -> None:
        self._change(record, text="", redacted=True, reply=0, edited=0)

    def _edit(self, record: changes.EditedMessage) -> None:
        self._change(record, text=record.text, edited=record.at)

    def _change(self, record: changes.RedactedMessage | changes.EditedMessage, **facts: Any) -> None:
        """Gives a message other values for some of its fields; what stood beside its old text goes."""
        messages = self._messages.get(record.conversation, deque())
        place = bisect_left(messages, record.seq, key=_seq)
        if place < len(messages) and messages[place].seq == record.seq:
            before = messages[place]
            self._size += len(facts["text"]) - len(before.text)
            messages[place] = replace(before, tags=(), joins=(), rev=max(before.rev, record.rev), **facts)
        if record.rev:
            last = max(record.rev, self._revs.get(record.conversation, 0))
            self._revs.keep(record.conversation, last)

    def _keep_proven(self, record: rec.ProvenPlace) -> None:
        places = self._proven.get(record.key) or Bounded(rec.PLACES_KEPT)
        places.keep(record.place, record)
        self._proven.keep(record.key, places)

    def _keep_retention(self, record: changes.Retention) -> None:
        self._retentions[record.conversation] = record

    def _gone(self, query: changes.GoneOf) -> list[int]:
        messages = self._messages.get(query.conversation)
        if messages:
            return [messages[0].seq - 1]
        return [seq for seq, _ in self._dropped(query.conversation)] or [0]

    def _expire(self, now: int) -> None:
        """Drops messages whose time is over."""
        general = self._retentions.get("")
        for key in list(self._messages) if self._retentions else ():
            found = [
                each.days for each in (general, self._retentions.get(key)) if each is not None and each.days
            ]
            messages = self._messages[key]
            while found and messages and messages[0].at < now - min(found) * _DAY:
                last = messages.popleft()
                self._size -= _BESIDE_TEXT + len(last.text)
                self._heads.keep(key, (last.seq, last.at))
            if not messages:
                del self._messages[key]

    def _erase(self, record: changes.Erasure) -> None:
        """Erases what is kept of somebody, at once."""
        user = record.user
        if user in self._accounts:
            self._accounts[user] = replace(self._accounts[user], secret="")
        kept: tuple[dict[str, Any], ...]
        kept = (self._last_seen, self._metadata, self._account_channels, self._proven, self._inboxes)
        for table in kept:
            table.pop(user, None)
        for blocking in list(self._blockings.get(user, {}).values()):
            self._keep_blocking(replace(blocking, on=False))
        pairs: tuple[dict[tuple[str, str], Any], ...] = (self._receipts, self._read_marks, self._certificates)
        for by_pair in pairs:
            for key in [key for key in by_pair if key[0] == user]:
                del by_pair[key]
        for messages in self._messages.values():
            for place, said in enumerate(messages):
                if user_key(said.who.account or said.sender) == user:
                    messages[place] = replace(said, text="", tags=(), joins=(), id=None, redacted=True)

    def _keep_code(self, record: rec.InvitationCode) -> None:
        if record.uses:
            self._codes[record.digest] = record
        else:
            self._codes.pop(record.digest, None)

    def _accounts_after(self, query: server_queries.AccountsAfter) -> list[rec.Account]:
        keys = sorted(key for key in self._accounts if key > query.user)
        return [self._accounts[key] for key in keys[: max(query.limit, 0)]]

    def _keep_certificate(self, record: rec.UserCertificate) -> None:
        if record.on:
            self._certificates[record.user, record.fingerprint] = record
        else:
            self._certificates.pop((record.user, record.fingerprint), None)

    def _certificates_of(self, query: rec.CertificatesOf) -> list[rec.UserCertificate]:
        found = [each for each in self._certificates.values() if each.user == query.user]
        return sorted(found, key=lambda each: (each.at, each.fingerprint))

    def _keep_account_channel(self, record: rec.AccountChannel) -> None:
        kept = self._account_channels.setdefault(record.user, Bounded(rec.CHANNELS_KEPT))
        if record.on:
            kept.keep(record.channel, record)
        else:
            kept.pop(record.channel, None)

    def _keep_blocking(self, record: rec.Blocking) -> None:
        blockings = self._blockings.setdefault(record.user, {})
        blockers = self._blockers.setdefault(record.blocked, {})
        if record.on:
            blockings[record.blocked] = record
            blockers[record.user] = None
        else:
            blockings.pop(record.blocked, None)
            blockers.pop(record.user, None)

    def _keep_topic(self, record: rec.TopicRecord) -> None:
        self._topics.pop(record.channel, None)
        if record.text:
            self._topics[record.channel] = record

    def _keep_server_ban(self, record: rec.ServerBanRecord) -> None:
        self._server_bans.pop(record.key, None)
        if record.on:
            self._server_bans[record.key] = record

    def _head(self, query: rec.HeadOf) -> list[int]:
        messages = self._messages.get(query.conversation)
        return [messages[-1].seq] if messages else [seq for seq, _ in self._dropped(query.conversation)]

    def _last_time(self, query: rec.LastTimeOf) -> list[int]:
        messages = self._messages.get(query.conversation)
        return [messages[-1].at] if messages else [at for _, at in self._dropped(query.conversation)]

    def _dropped(self, conversation: str) -> list[tuple[int, int]]:
        return _one(self._heads.get(conversation))

    def _history(self, query: rec.HistoryOf) -> list[Message]:
        messages = self._messages.get(query.conversation, ())
        forward = query.oldest or (query.after is not None and query.before is None)
        found = first(
            (
                said
                for said in (messages if forward else reversed(messages))
                if (query.before is None or said.seq < query.before)
                and (query.after is None or said.seq > query.after)
                and is_visible(said, query.viewer)
            ),
            query.limit,
            query.max_bytes,
        )
        return found if forward else found[::-1]

    def _changes(self, query: changes.ChangesOf) -> list[Message]:
        changed = (
            said
            for said in self._messages.get(query.conversation, ())
            if said.rev > query.after and said.seq >= query.begins and is_visible(said, query.viewer)
        )
        return first(nsmallest(max(query.limit, 0), changed, key=_rev), query.limit, query.max_bytes)

    def _seq_at(self, query: rec.SeqAt) -> list[int]:
        messages = self._messages.get(query.conversation, ())
        place = bisect_left(messages, query.at, key=_at)
        return [messages[place].seq] if place < len(messages) else []

    def _matching(self, query: rec.MessagesMatching) -> Iterator[list[Message] | None]:
        sought = wanted(query.words)
        if sought is None:
            yield []
            return
        named, begins = set(query.conversations), dict(query.begins)
        found: list[Message] = []
        pace = Pace()
        for key in list(self._messages):
            if pace.is_over(_LOOK):
                yield None
            if not (key in named or (query.directs and is_pair(key) and query.viewer in key.split(" "))):
                continue
            for message in list(self._messages.get(key, ())):
                if pace.is_over(_LOOK + len(message.text)):
                    yield None
                is_there = message.seq >= begins.get(key, 1) and is_visible(message, query.viewer)
                if is_there and sought.found_in(message.text):
                    found.append(message)
            found = nlargest(query.limit, found, key=lambda said: (said.at, said.seq))
        yield first(found, query.limit, query.max_bytes)[::-1]

    def _personal(self, query: rec.PersonalDataOf) -> Iterator[list[str] | None]:
        """All in one page: there is not more than memory holds."""
        rows: list[Row] = []
        if query.after == 0:
            account = self._accounts.get(query.user)
            rows += [{"kind": "account", "name": account.name, "at": account.at}] if account else []
            rows += [
                {"kind": "blocked", "name": x.name} for x in self._blockings.get(query.user, {}).values()
            ]
        pace = Pace()
        for key in list(self._messages):
            for message in list(self._messages.get(key, ())):
                if pace.is_over(_LOOK):
                    yield None
                own = user_key(message.who.account or message.sender) == query.user
                hers = is_pair(key) and query.user in key.split(" ") and is_visible(message, query.user)
                if query.after == 0 and (own or hers):
                    rows.append(message_row(message))
        rows += [{"kind": "page", "after": len(rows), "more": False}] if rows else []
        yield [json.dumps(row, ensure_ascii=False) for row in rows]

    def _receipt(self, query: rec.ReceiptOf) -> list[rec.Receipt]:
        found = self._receipts.get((query.user, query.id))
        return [found] if found is not None and found.at >= query.since else []

    def _inbox(self, user: str, after: tuple[str, int] | None = None) -> Iterator[Message]:
        """The unread messages of a user that are still there, behind `after` if that is one."""
        inbox = list(self._inboxes.get(user, ()))
        if after in inbox:
            del inbox[: inbox.index(after) + 1]
        for conversation, seq in inbox:
            messages = self._messages.get(conversation, ())
            place = bisect_left(messages, seq, key=_seq)
            if place < len(messages) and messages[place].seq == seq:
                yield messages[place]

    def _directs(self, query: rec.DirectsOf) -> Iterator[list[rec.Direct] | None]:
        waiting = Counter(said.conversation for said in self._inbox(query.user))
        found = []
        pace = Pace()
        for key in list(self._messages):
            if pace.is_over(_LOOK):
                yield None
            if not (is_pair(key) and query.user in key.split(" ")):
                continue
            messages = list(self._messages.get(key, ()))
            if pace.is_over(len(messages) * _LOOK):
                yield None
            last = next((said for said in reversed(messages) if is_visible(said, query.user)), None)
            if last is None:
                continue
            mark = self._read_marks.get((query.user, key))
            read = mark.seq if mark else 0
            above = (said for said in messages if said.seq > read and not said.hidden)
            unread = sum(user_key(said.sender) != query.user for said in islice(above, query.max_unread))
            found.append(rec.Direct(last, read, unread, waiting[key], self._revs.get(key, 0)))
        yield nsmallest(query.limit, found, key=lambda direct: (-direct.last.at, direct.last.conversation))

    def _seen_since(self, query: rec.SeenSince) -> list[rec.LastSeen]:
        seen = (known for known in self._last_seen.values() if known.seen >= query.since)
        return nsmallest(query.limit, seen, key=lambda known: (-known.seen, known.user))


def _one(thing: V | None) -> list[V]:
    return [] if thing is None else [thing]
