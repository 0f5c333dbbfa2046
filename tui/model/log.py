"""The log of a room, in columns: a hundred thousand messages in little more than the size of their texts."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right

from evchat.protocol.signs import DELETED
from evchat.protocol.text import caseless
from evchat.settings.client import MAX_LOG_CHARS, MAX_LOG_ENTRIES

_TRIMMED = MAX_LOG_ENTRIES // 10
"""Entries let go at once, so that the cost of moving the rest is spread over many."""

_NOTES_PASSED = 500
"""Entries without a number that a message is put before at most, so that each costs little."""

_ENTRY_BYTES = 200
"""What an entry takes besides its text: four columns, and the sender's name."""

(
    SAID, ACTION, NOTIFIED, GONE, NOTICE, ERROR, COMING, BROADCAST, TO_OPERATORS, TO_VOICED, PRIVATE, TABLE,
) = range(12)  # fmt: skip
"""What an entry is: said, done (/me), a notice (not to be answered by programs), deleted by its sender; a change
in the room, an error, people joining and leaving; said to everyone, to a channel's operators, to these and the voiced;
told to the user alone; a table, told to the user alone."""

NUMBERED = GONE
"""The last of those kinds that the server numbers."""

KIND = 0x0F
OWN = 0x10
MENTION = 0x20
SENT = 0x40
EDITED = 0x80
"""An entry's `kind` is one of the above and these flags: the user's own, a mention of the user, sent from here just
now, given another text since.
"""


class Entry:
    """A row of the log. `at` is in milliseconds since the epoch; `text` is harmless, with `\\n` between its lines.

    `seq` is the server's number of the message; what has none bears that of the message before it.
    """

    __slots__ = ("at", "index", "kind", "sender", "seq", "text")

    def __init__(self, index: int, seq: int, at: int, sender: str, text: str, kind: int) -> None:
        self.index = index
        self.seq = seq
        self.at = at
        self.sender = sender
        self.text = text
        self.kind = kind

    @property
    def is_message(self) -> bool:
        """Whether the server numbered it: somebody said or did it here."""
        return self.kind & KIND <= NUMBERED

    @property
    def is_gone(self) -> bool:
        """Whether it was deleted."""
        return self.kind & KIND == GONE


class Log:
    """Entries in the order of their `seq`. Their indexes stay the same however many come before or after them."""

    __slots__ = ("_ats", "_kinds", "_senders", "_seqs", "_size", "_texts", "first", "version")

    def __init__(self) -> None:
        self._seqs = array("q")
        self._ats = array("q")
        self._senders: list[str] = []
        self._texts: list[str] = []
        self._kinds = bytearray()
        self._size = 0
        self.first = 0
        self.version = 0

    def __len__(self) -> int:
        return len(self._seqs)

    @property
    def end(self) -> int:
        """One more than the index of the last entry."""
        return self.first + len(self._seqs)

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return self._size + _ENTRY_BYTES * len(self)

    def ends_after(self, at: int) -> bool:
        """Whether the last entry has no number and is newer than that."""
        return bool(self._kinds) and self._kinds[-1] & KIND > NUMBERED and self._ats[-1] > at

    @property
    def last_seq(self) -> int:
        """The number of the last message; 0 if there is none."""
        return self._seqs[-1] if self._seqs else 0

    def first_message_seq(self) -> int:
        """The number of the oldest message; 0 if there is none."""
        return next((entry.seq for entry in self.between(self.first, self.end) if entry.is_message), 0)

    def __getitem__(self, index: int) -> Entry:
        at = index - self.first
        if at < 0:
            raise IndexError(index)
        return Entry(
            index, self._seqs[at], self._ats[at], self._senders[at], self._texts[at], self._kinds[at]
        )

    def between(self, start: int, end: int) -> list[Entry]:
        """The entries with indexes from `start` up to but without `end`, as far as there are."""
        return [self[index] for index in range(max(start, self.first), min(end, self.end))]

    def append(self, seq: int, at: int, sender: str, text: str, kind: int) -> None:
        """Adds an entry at the end. `seq` is not below that of the last one."""
        self._seqs.append(seq)
        self._ats.append(at)
        self._senders.append(sender)
        self._texts.append(text)
        self._kinds.append(kind)
        self._size += len(text)
        self.version += 1
        if len(self._seqs) > MAX_LOG_ENTRIES:
            self._trim(_TRIMMED)
        while self._size > MAX_LOG_CHARS:
            self._trim(len(self) // 10 + 1)

    def note(self, at: int, sender: str, text: str, kind: int) -> None:
        """Adds what the server gave no number."""
        self.append(self.last_seq, at, sender, text, kind)

    def insert(self, seq: int, at: int, sender: str, text: str, kind: int) -> int:
        """Puts a message where its number belongs. The indexes of what is after it stay; returns its index.

        Entries before it get an index that is one less. A message that is there already is not put in again. What has
        no number, and is newer than the message, comes after it.
        """
        where = bisect_left(self._seqs, seq)
        for same in range(where, bisect_right(self._seqs, seq)):
            if self._kinds[same] & KIND <= NUMBERED:
                return self.first + same
        least = max(where - _NOTES_PASSED, 0)
        while where > least and self._kinds[where - 1] & KIND > NUMBERED and self._ats[where - 1] > at:
            where -= 1
            self._seqs[where] = seq
        self._seqs.insert(where, seq)
        self._ats.insert(where, at)
        self._senders.insert(where, sender)
        self._texts.insert(where, text)
        self._kinds.insert(where, kind)
        self._size += len(text)
        self.first -= 1
        self.version += 1
        return self.first + where

    def has(self, seq: int) -> bool:
        """Whether the message of that number is there."""
        return self.index(seq) is not None

    def index(self, seq: int) -> int | None:
        """The index of the message of that number; None if it is not there."""
        where = bisect_left(self._seqs, seq)
        for same in range(where, bisect_right(self._seqs, seq)):
            if self._kinds[same] & KIND <= NUMBERED:
                return self.first + same
        return None

    def broadcast(self, at: int) -> int | None:
        """The index of what was said to everyone at that time; None if it is not there."""
        for place, kind in enumerate(self._kinds):
            if kind & KIND == BROADCAST and self._ats[place] == at:
                return self.first + place
        return None

    def take_back(self, index: int) -> None:
        """Forgets the text of a message, which keeps its place."""
        at = index - self.first
        self._size -= len(self._texts[at])
        self._texts[at] = ""
        # One to everyone has no number of this room's, and must not be taken for one that has.
        numbered = self._kinds[at] & KIND <= NUMBERED
        self._kinds[at] = (self._kinds[at] & OWN) | (GONE if numbered else COMING)
        if not numbered:
            self._texts[at], self._senders[at] = f"{self._senders[at]} to everyone: {DELETED}", ""
            self._size += len(self._texts[at])
        self.version += 1

    def edit(self, index: int, text: str, *, mention: bool) -> None:
        """Gives a message another text."""
        at = index - self.first
        self._size += len(text) - len(self._texts[at])
        self._texts[at] = text
        self._kinds[at] = (self._kinds[at] & ~MENTION) | EDITED | (MENTION if mention else 0)
        self.version += 1

    def replace_last(self, at: int, text: str) -> None:
        """Gives the last entry another text and time."""
        self._ats[-1] = at
        self._size += len(text) - len(self._texts[-1])
        self._texts[-1] = text
        self.version += 1

    def after(self, seq: int) -> int:
        """The index of the first message whose number is above `seq`; `end` if there is none."""
        index = self.first + bisect_right(self._seqs, seq)
        while index < self.end and self._kinds[index - self.first] & KIND > NUMBERED:
            index += 1
        return index

    def forget_numbers(self) -> None:
        """What is here is older than every message to come, whatever its number."""
        self._seqs = array("q", [0]) * len(self._seqs)
        self.version += 1

    def halve(self) -> None:
        """Forgets its older half."""
        self._trim(len(self) // 2 + 1)

    def clear(self) -> None:
        """Forgets everything."""
        self._trim(len(self))

    def find(self, words: str, limit: int) -> list[Entry]:
        """The newest `limit` entries that hold `words`, newest first; small letters match capitals too."""
        wanted = caseless(words)
        found = []
        for at in range(len(self._texts) - 1, -1, -1):
            if self._kinds[at] & KIND == GONE:
                continue
            if wanted in caseless(self._texts[at]) or wanted in caseless(self._senders[at]):
                found.append(self[self.first + at])
                if len(found) == limit:
                    break
        return found

    def _trim(self, count: int) -> None:
        self._size -= sum(map(len, self._texts[:count]))
        del (
            self._seqs[:count],
            self._ats[:count],
            self._senders[:count],
            self._texts[:count],
            self._kinds[:count],
        )
        self.first += count
        self.version += 1
