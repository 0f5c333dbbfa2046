"""The full-text search: an FTS5 index that follows the messages, and a plain scan of those it has not reached yet.

The index holds folded words (see words.py) and no text (`content=''`), so the tokenizer has nothing left to decide but
where a word ends: `ascii` takes every character beyond ASCII for part of a word. Beside its words each message has
some that say *where* it can be found: its conversation and, if it is direct, both users. So a common word in a rare
conversation costs the walk along the shorter list. They start with U+0080, which is in no word of a text.

Merging the index is done here in small steps, not by FTS5 itself, whose automatic merges hold everybody up for 0.1 s.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from evchat.core.records import MessagesMatching
from evchat.protocol.messages import Message
from evchat.protocol.names import is_pair
from evchat.storage.pages import first, is_visible
from evchat.storage.sqlite.conversations import Conversations
from evchat.storage.sqlite.rows import COLUMNS, said
from evchat.storage.words import Wanted, wanted, words

_CHUNK = 500
"""Messages indexed in one step: about 3 ms."""

_CHUNK_BYTES = 64 * 1024
"""Text after which a step ends early: long messages take longer."""

_WORTH_IT = 200
"""Messages that wait for the next step, if they are short: few large steps cost a fraction of many small ones, and to
look at so many in a search takes less than a millisecond."""

_MERGED_PAGES = 32
"""Pages of the index that one step writes to merge it: about 3 ms."""

_SCAN, _SCAN_CHARACTERS = 50_000, 4_000_000
"""Messages, the newest, that a search looks at without the index, and their text: at most about 0.2 s. Only a build of
SQLite without FTS5, or the first minute with FTS5 after one, ever has so many."""

_ASKED_WORDS = 32
"""Words asked of the index, the longest of the question; the others are compared with what it finds."""

_LOOKED_AT = 20_000
"""Messages found by the index that a search looks at. It finds too many only for a question of more words."""

_PAGE, _PAGE_CHARACTERS = 1_000, 500_000
"""Messages that one step of a search looks at, and their text: about 10 ms of Python. The walk through the index that
finds them may take longer, but is SQLite's own, during which other threads run."""

_MARK = "\x80"

_MESSAGE = f"SELECT {COLUMNS}, c.key, m.id FROM"
_NEWEST = 2**63 - 1
_CONVERSATION = "CROSS JOIN conversations c ON c.id = m.conversation"


class SearchIndex:
    """Finds messages. Without `has_fts`, whether there is an index, only the newest 50,000. Raises sqlite3.Error."""

    def __init__(self, db: sqlite3.Connection, conversations: Conversations, *, has_fts: bool) -> None:
        self._db = db
        self._conversations = conversations
        self.has_fts = has_fts
        self._merge_next = False

    def due(self) -> bool:
        """Whether a step is worth it."""
        return self.has_fts and (self._merge_next or self._many_wait())

    def step(self) -> None:
        """Indexes the next messages, or merges a piece of the index; in turns. To be called in a transaction."""
        if not self._merge_next:
            self._add_some()
            self._merge_next = True
            return
        before = self._db.total_changes
        self._db.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (_MERGED_PAGES,))
        # Less than two changes: there was nothing to merge (https://www.sqlite.org/fts5.html#the_merge_command).
        self._merge_next = self._db.total_changes - before >= 2 and not self._many_wait()

    def steps(self, query: MessagesMatching) -> Iterator[list[Message] | None]:
        """The newest messages that match, oldest first; before them a None for each page looked at so far."""
        sought = wanted(query.words)
        if sought is None:
            yield []
            return
        found: list[Message] = []
        begins = dict(query.begins)
        for page in self._pages(sought, query):
            found += [
                message
                for message in page
                if message.seq >= begins.get(message.conversation, 1)
                and sought.found_in(message.text)
                and _may_see(query, message)
            ]
            if len(first(found, query.limit, query.max_bytes)) < len(found) or len(found) >= query.limit:
                break
            yield None
        yield first(found, query.limit, query.max_bytes)[::-1]

    def forget(self, message: int) -> None:
        """Takes the words of a message out of the index. To be called in a transaction, while its text is there."""
        # An index without texts must be told what it once was given (https://www.sqlite.org/fts5.html#the_delete_command).
        for entry in self._entries(message):
            self._db.execute("INSERT INTO words (words, rowid, body) VALUES ('delete', ?, ?)", entry)

    def learn(self, message: int) -> None:
        """Puts the words that a message has now into the index, after `forget`."""
        for entry in self._entries(message):
            self._db.execute("INSERT INTO words (rowid, body) VALUES (?, ?)", entry)

    def _entries(self, message: int) -> list[tuple[int, str]]:
        """What the index holds of a message, if it holds it already."""
        if not self.has_fts or message > self._indexed():
            return []
        rows = self._db.execute(
            f"SELECT m.id, m.text, m.conversation, c.key, m.only FROM messages m {_CONVERSATION} WHERE m.id = ?",
            (message,),
        ).fetchall()
        return [_entry(*row) for row in rows]

    def behind(self) -> int:
        """How many messages are not in the index yet; 0 if there is none."""
        if not self.has_fts:
            return 0
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()
        return int(last) - self._indexed()

    def merge_all(self) -> bool:
        """Merges a piece of the whole index, so that nothing of deleted messages stays in it; True if more is left.

        To be called in a transaction.
        """
        before = self._db.total_changes
        self._db.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (-_MERGED_PAGES,))
        return self._db.total_changes - before >= 2

    def _indexed(self) -> int:
        """The id of the last message in the index."""
        if not self.has_fts:
            return 0
        (indexed,) = self._db.execute("SELECT indexed FROM search").fetchone()
        return int(indexed)

    def _many_wait(self) -> bool:
        """Whether there are enough messages, or there is enough text, to be indexed."""
        waiting, size = self._db.execute(
            "SELECT count(*), total(length(CAST(text AS BLOB)))"
            " FROM (SELECT text FROM messages WHERE id > ? ORDER BY id LIMIT ?)",
            (self._indexed(), _WORTH_IT),
        ).fetchone()
        return bool(waiting >= _WORTH_IT or size >= _CHUNK_BYTES)

    def _add_some(self) -> None:
        """Puts the next messages into the index."""
        entries: list[tuple[int, str]] = []
        size = 0
        rows = self._db.execute(
            f"SELECT m.id, m.text, m.conversation, c.key, m.only FROM messages m {_CONVERSATION}"
            " WHERE m.id > ? ORDER BY m.id LIMIT ?",
            (self._indexed(), _CHUNK),
        )
        with closing(rows):
            for row in rows:
                entry = _entry(*row)
                entries.append(entry)
                size += len(row[1]) + len(
                    entry[1]
                )  # of some texts hardly anything is left, but it took its time
                if size >= _CHUNK_BYTES:
                    break
        if not entries:
            return
        self._db.executemany("INSERT INTO words (rowid, body) VALUES (?, ?)", entries)
        self._db.execute("UPDATE search SET indexed = ?", (entries[-1][0],))

    def _pages(self, sought: Wanted, query: MessagesMatching) -> Iterator[list[Message]]:
        """The candidates, newest first: messages not indexed yet, then those that the index finds.

        Each page is asked for by itself, so that none holds on to what the database was like at the first.
        """
        indexed, before = self._indexed(), _NEWEST
        left, room = _SCAN, _SCAN_CHARACTERS
        sql = f"{_MESSAGE} messages m {_CONVERSATION} WHERE m.id > ? AND m.id < ? ORDER BY m.id DESC LIMIT ?"
        more = True
        while more and left > 0 and room >= 0:
            page, before, more = self._page(sql, (indexed, before, min(left, _PAGE)), room)
            yield page
            left -= len(page)
            room -= sum(len(message.text) for message in page)
        expression = self._expression(sought, query) if indexed else ""
        left, before, more = _LOOKED_AT, indexed + 1, bool(expression)
        sql = (
            f"{_MESSAGE} words CROSS JOIN messages m ON m.id = words.rowid {_CONVERSATION}"
            " WHERE words MATCH ? AND words.rowid < ? ORDER BY words.rowid DESC LIMIT ?"
        )
        while more and left > 0:
            page, before, more = self._page(sql, (expression, before, min(left, _PAGE)))
            yield page
            left -= len(page)

    def _page(
        self, sql: str, parameters: tuple[object, ...], room: int = _PAGE_CHARACTERS
    ) -> tuple[list[Message], int, bool]:
        """The messages that a query gives, no more than a page; the id of the last, and whether there may be more.

        It ends with the message whose text goes beyond `room` characters.
        """
        room = min(room, _PAGE_CHARACTERS)
        page: list[Message] = []
        last, size = 0, 0
        with closing(self._db.execute(sql, parameters)) as rows:
            for row in rows:
                page.append(said(row[-2], row))
                last = row[-1]
                size += len(page[-1].text)
                if size > room:
                    break
        return page, last, len(page) == parameters[-1] or size > room

    def _expression(self, sought: Wanted, query: MessagesMatching) -> str:
        """The question in the language of FTS5. Every word is letters and digits, and stands in quotes besides."""
        places = []
        for key in query.conversations:
            number = self._conversations.find(key)
            if number is not None:
                places.append(_place(number))
                if is_pair(key):
                    places.append(_place(number, query.viewer))
        if query.directs:
            places.append(_user(query.viewer))
        if not places:
            return ""
        asked = [f'"{word}"' for word in sorted(sought.whole, key=len)[1 - _ASKED_WORDS :]]
        asked.append(f'"{sought.beginning}" *')
        where = " OR ".join(f'"{place}"' for place in places)
        return f"{' AND '.join(asked)} AND ({where})"


def _may_see(query: MessagesMatching, message: Message) -> bool:
    """Whether a message is one of those in which the question is asked."""
    key = message.conversation
    return (
        key in query.conversations or (query.directs and is_pair(key) and query.viewer in key.split(" "))
    ) and is_visible(message, query.viewer)


def _entry(number: int, text: str, conversation: int, key: str, only: str | None) -> tuple[int, str]:
    """The text of a message as it is indexed."""
    body = text if text.isascii() else " ".join(words(text))
    return number, f"{body} {_places(conversation, key, only)}"


def _places(conversation: int, key: str, only: str | None) -> str:
    """The words that say where a message can be found."""
    if not is_pair(key):
        return _place(conversation)
    if only:
        return f"{_place(conversation, only)} {_user(only)}"
    one, other = key.split(" ", 1)
    return f"{_place(conversation)} {_user(one)} {_user(other)}"


def _place(conversation: int, viewer: str | None = None) -> str:
    """A conversation, or that part of it which `viewer` alone may see."""
    return f"{_MARK}c{conversation}" if viewer is None else f"{_MARK}c{conversation}u{_hex(viewer)}"


def _user(key: str) -> str:
    """All direct messages that a user may see."""
    return f"{_MARK}u{_hex(key)}"


def _hex(key: str) -> str:
    return key.encode("utf-8", "surrogatepass").hex()


def make_index(db: sqlite3.Connection) -> bool:
    """Makes the index if it is not there; False if this build of SQLite has no FTS5."""
    try:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone() is None:
            db.execute("BEGIN IMMEDIATE")
            # detail: which messages, not where in them. prefix: the last word of a question may be a beginning.
            db.execute(
                "CREATE VIRTUAL TABLE words USING"
                " fts5 (body, content='', columnsize=0, detail=none, prefix='1 2 3', tokenize='ascii')"
            )
            for setting in (("automerge", 0), ("crisismerge", 1999), ("usermerge", 4)):
                db.execute("INSERT INTO words (words, rank) VALUES (?, ?)", setting)
            db.execute("COMMIT")
        db.execute("SELECT rowid FROM words LIMIT 0")
    except sqlite3.OperationalError as error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        if "no such module" in str(error):
            return False
        raise
    return True
