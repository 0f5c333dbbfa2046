"""A store and a chat of the size that the law about dear requests speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evchat.core.records import InboxEntry, LastSeen, Record
from evchat.protocol.channels import Join
from evchat.protocol.login import Login
from evchat.protocol.messages import Message
from evchat.protocol.names import pair_key
from evchat.server.back import Back
from evchat.storage.sqlite.store import SqliteStore

_START = 1_700_000_000_000
_COMMITTED_AT_ONCE = 20_000
_CHANNELS_OF_A_USER = 10


@dataclass(frozen=True)
class Size:
    """How large the world is. Of the messages a quarter lies in #main, a quarter with the guests, the rest all over."""

    channels: int = 1_000
    users: int = 5_000
    messages: int = 1_000_000
    guests: int = 16
    pairs: int = 5_000
    """Direct conversations of each guest."""
    inbox: int = 5_000
    """Unread messages of the first guest's inbox, for each guest."""


def _text(number: int) -> str:
    if number % 1000 == 0:  # many words of one beginning: dear for a search by prefix
        return "common " + " ".join(f"word{number + offset:07d}" for offset in range(0, 1000, 4))
    return f"common text of message number{number} " + "and so on " * (number % 12)


def _records(size: Size) -> Iterator[Record]:
    at = _START
    for name in (
        "mallory",
        *(f"other{n}" for n in range(size.pairs)),
        *(f"user{n}" for n in range(size.users)),
    ):
        yield LastSeen(name, name, at)
    for number in range(size.guests * size.pairs):
        guest, other = f"guest{number % size.guests}", f"other{number // size.guests}"
        key = pair_key(guest, other)
        at += 1
        yield Message(at, key, 1, other, guest, _text(number))
        at += 1
        yield Message(at, key, 2, guest, other, _text(number))
    pair = pair_key("guest0", "mallory")
    for seq in range(1, size.inbox * size.guests + 1):
        at += 1
        yield Message(at, pair, seq, "mallory", "guest0", _text(seq))
        yield InboxEntry("guest0", pair, seq)
    for seq in range(1, size.messages // 4 + 1):
        at += 1
        yield Message(at, "#main", seq, f"user{seq % size.users}", "#main", _text(seq))
    left = size.messages * 3 // 4 - size.guests * (2 * size.pairs + size.inbox)
    for number in range(max(0, left)):
        channel = f"#c{number % size.channels}"
        at += 1
        yield Message(at, channel, number // size.channels + 1, "user1", channel, _text(number))


def fill(directory: Path, size: Size) -> None:
    """Makes a store of that size, its search index included."""
    store = SqliteStore(directory, "normal")
    for number, record in enumerate(_records(size), 1):
        store.save(record)
        if number % _COMMITTED_AT_ONCE == 0:
            store.commit()
    store.commit()
    while store.tidy(0):
        pass
    store.close()


def people(back: Back, size: Size) -> None:
    """Logs so many users in who hear nothing, each in #main and in some other channels."""
    for number in range(size.users):
        sid = -1 - number
        back.connect(sid, "127.0.0.1")
        back.request(sid, Login(f"user{number}"), False)
        channels = {f"#c{number * 7 % size.channels + step}" for step in range(_CHANNELS_OF_A_USER)}
        back.request(sid, Join(tuple(sorted(channels))), False)
        list(back.settle())
