"""What is told of a person, a channel, or everything."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from evchat.core import records as rec
from evchat.protocol.base import Identity
from evchat.protocol.messages import Message
from evchat.storage.sqlite import archive
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import message


def test_a_message_belongs_to_the_account_under_which_it_was_said_whatever_the_name(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path)) as store:
        store.save(Message(1, "#main", 1, "nick", "#main", "hers", who=Identity(account="Alice")))
        store.save(Message(2, "#main", 2, "alice", "#main", "another's", who=Identity(account="bob")))
        store.save(Message(3, "#main", 3, "ALICE", "#main", "before she registered"))
        store.commit()
    with closing(archive.open_archive(tmp_path / "evchat.db")) as db:
        assert [row["content"] for row in archive.of_person(db, "alice")] == ["hers", "before she registered"]


def test_what_only_the_other_may_see_is_not_told(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path)) as store:
        store.save(message("alice bob", 1, "blocked", "bob", hidden=True))
        store.save(message("alice bob", 2, "seen", "bob"))
        store.commit()
    with closing(archive.open_archive(tmp_path / "evchat.db")) as db:
        assert [row["content"] for row in archive.of_person(db, "alice")] == ["seen"]
        assert [row["content"] for row in archive.of_person(db, "bob")] == ["blocked", "seen"]


def test_long_conversations_are_read_page_by_page(tmp_path: Path) -> None:
    count = 2 * archive._PAGE
    with closing(SqliteStore(tmp_path, "normal")) as store:
        for seq in range(1, count + 1):
            store.save(message("#main", seq, "x"))
        store.save(rec.TopicRecord("#main", "#main", "a topic", "alice", 5))
        store.commit()
    with closing(archive.open_archive(tmp_path / "evchat.db")) as db:
        rows = list(archive.of_all(db))
        assert [row["seq"] for row in rows[1:]] == list(range(1, count + 1))
        assert rows[0] == {"kind": "topic", "name": "#main", "content": "a topic", "sender": "alice", "at": 5}
        assert archive.of_channel(db, "#nowhere") is None
