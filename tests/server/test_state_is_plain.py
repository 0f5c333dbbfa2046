"""The law that a running server can be handed over: its state holds only plain values of declared classes.

No closure, socket, thread or clock is reachable from the chat's state, from a client or from its dialect, whatever
clients are in the middle of; so all of it could be written down, and read by another process.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count
from typing import Any

import pytest

from evchat.dialects.detect import Detector
from evchat.dialects.registry import dialects
from evchat.server.client import Client
from evchat.settings.model import Config
from tests.server.halves import HELLO, Halves

LEAVES = (type(None), bool, int, float, str, bytes, bytearray)
CONTAINERS = (tuple, list, set, frozenset, deque, dict, Counter, OrderedDict)
ROOMS = ("evchat.core.", "evchat.dialects.", "evchat.protocol.", "evchat.server.client", "evchat.settings.")
"""Where the classes of plain values are declared."""

LEFT_OUT = {
    (
        "Client",
        "connection",
    ): "what is to be handed over of it are a descriptor, the bytes queued and a few marks",
    ("Detector", "_dialects"): "what makes dialects is made from the settings anew",
    ("HttpDialect", "_web"): "as that: files, names and limits that all connections share",
}
"""Attributes that are no state, and why."""


def attributes(thing: object) -> Iterator[tuple[str, object]]:
    """The attributes of an instance, in slots or not."""
    names = [name for kind in type(thing).__mro__ for name in kind.__dict__.get("__slots__", ())]
    for name in [*names, *getattr(thing, "__dict__", ())]:
        if hasattr(thing, name):
            yield name, getattr(thing, name)


def parts(thing: object, path: str) -> Iterable[tuple[str, object]]:
    """What a thing holds, with the way to it. Raises AssertionError for what is not plain."""
    kind = type(thing)
    if kind in LEAVES:
        return
    if isinstance(thing, dict):
        assert kind in CONTAINERS or kind.__module__.startswith(ROOMS), path
        for key, value in thing.items():
            yield f"{path} (a key)", key
            yield f"{path}[{key!r:.40}]", value
    elif isinstance(thing, tuple | list | set | frozenset | deque):
        assert kind in CONTAINERS or kind.__module__.startswith(ROOMS), path
        for number, each in enumerate(thing):
            yield f"{path}[{number}]", each
    elif kind is type:
        assert thing.__module__.startswith(ROOMS), f"{path}: the class {thing!r}"  # type: ignore[attr-defined]
    else:
        assert kind.__module__.startswith(ROOMS), f"{path}: {thing!r} of {kind!r}"
    for name, value in attributes(thing):
        if (kind.__name__, name) not in LEFT_OUT:
            yield f"{path}.{name}", value


def check_plain(root: object, name: str) -> int:
    """Walks over everything that is reachable; how many things there are."""
    seen: dict[int, object] = {id(root): root}
    todo: list[tuple[str, object]] = [(name, root)]
    for visited in count(1):
        if not todo:
            return visited
        path, thing = todo.pop()
        for where, part in parts(thing, path):
            if type(part) not in LEAVES and id(part) not in seen:
                seen[id(part)] = part
                todo.append((where, part))
    raise AssertionError


IRC_CAPS = b"CAP LS 302\r\nCAP REQ :batch labeled-response draft/multiline sasl echo-message message-tags\r\n"

UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: [::1]\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)

STORIES: dict[str, tuple[str, list[bytes]]] = {
    "nothing said": ("tcp", []),
    "may still be IRC": ("tcp", [b"NICK al"]),
    "text, logging in": ("text", [b"alice\n", b"hal"]),
    "text, speaking": ("text", [b"alice\n", b"/join #ops\n", b"/topic #ops news\n", b"hello\n", b"/msg bob hi\n"]),
    "text, in a telnet option": ("text", [b"alice\nhi\xff\xfa\x18"]),
    "text, a password at the worker": ("text", [b"alice\n", b"/register secret\n", b"/help\n"]),
    "JSON, half an object": ("json", [b'{"request": "login", "content": "alice"}', b'{"request": "msg", "con']),
    "JSON, full": (
        "json",
        [HELLO, b'{"request": "login", "content": "alice"}\n{"request": "watch", "content": ["bob"]}\n',
         b'{"request": "msg", "to": "#main", "content": "hi", "id": "m1"}\n{"request": "typing", "to": "#main"}\n'],
    ),
    "IRC, half a registration": ("irc", [IRC_CAPS, b"NICK alice\r\nUSER al"]),
    "IRC, half a SASL exchange": ("irc", [IRC_CAPS, b"NICK alice\r\nAUTHENTICATE SCRAM-SHA-256\r\n"]),
    "IRC, half a batch": (
        "irc",
        [IRC_CAPS, b"NICK alice\r\nUSER a 0 * :a\r\nCAP END\r\nJOIN #ops\r\nMODE #ops +bk-v a!*@* key alice\r\n"
         b"MONITOR + bob,carol\r\n@label=1 PRIVMSG #ops :hi\r\n",
         b"BATCH +m draft/multiline #ops\r\n@batch=m PRIVMSG #ops :one\r\n@batch=m PRIV"],
    ),
    "IRC, away and gone from a channel": (
        "irc",
        [b"NICK alice\r\nUSER a 0 * :a\r\nJOIN #a,#b\r\nAWAY :gone\r\nPART #a :bye\r\nMODE alice +i\r\nWHOWAS x\r\n"],
    ),
    "more than may be done in a pass": ("text", [b"alice\n", b"/names\n" * 60]),
    "over": ("text", [b"alice\n/quit\nmore\n"]),
    "HTTP, half a head": ("tcp", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT"]),
    "HTTP, a head that is refused": ("tcp", [b"GET / HTTP/1.1\r\n\r\n"]),
    "WebSocket, nothing said": ("tcp", [UPGRADE]),
    "WebSocket, half a frame": ("tcp", [UPGRADE + b"\x81\x86\0\0\0\0alice\n\x81\x93\0\0\0\0{\"request"]),
    "WebSocket, half a message": ("tcp", [UPGRADE + b"\x01\x82\0\0\0\0{}\x80", b"\x82\0\0"]),
    "WebSocket, closed": ("tcp", [UPGRADE + b"\x88\x80\0\0\0\0"]),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES.values(), ids=list(STORIES))
def test_the_state_of_clients_is_plain_whatever_they_are_in_the_middle_of(
    both: Halves, story: tuple[str, list[bytes]]
) -> None:
    scheme, pieces = story
    both.login("bob")
    client, sock = both.connect(
        Detector(dialects(Config(), "1", 0, {})) if scheme == "tcp" else scheme,
    )
    for piece in pieces:
        sock.sendall(piece)
        both.loop.run_once(0)
        check_plain(client, "client")
        check_plain(both.back._chat.state, "state")
    both.run()
    assert check_plain(client, "client") > 3
    assert check_plain(both.back._chat.state, "state") > 40


def test_nothing_is_left_between_two_passes_but_the_state(both: Halves) -> None:
    both.login("alice")
    commits = both.back._commits
    for group in (commits.open, commits._alone):
        assert not group.effects and not group.decisions and not group.saved
    assert commits._sealed is None and not commits._ready


@pytest.mark.parametrize("thing", [lambda: 0, partial(int), iter(()), Halves, Halves.close, object()])
def test_the_walk_finds_what_is_not_plain(both: Halves, thing: Any) -> None:
    client, _ = both.connect()
    assert isinstance(client, Client)
    client.backlog = [thing]
    with pytest.raises(AssertionError, match="client.backlog"):
        check_plain(client, "client")
    client.backlog = ()
