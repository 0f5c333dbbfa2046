"""Attacks by what browsers can be made to send, and by what no browser would: HTTP heads and frames of WebSocket."""

from __future__ import annotations

import random
import struct
import zlib
from typing import Any

from tests.attacks.siege import Siege
from tests.attacks.table import attack
from tests.e2e.harness import Client, Server

GET = b"GET %b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n%bUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
CHAT = b'mallory\r\nI am a web page\r\n/join #ops\r\n{"request": "login", "content": "mallory"}\r\n'
TEXT, BINARY, CONT, CLOSE, PING, PONG, FIN = 1, 2, 0, 8, 9, 10, 0x80


def frame(opcode: int, data: bytes = b"", *, size: int | None = None, masked: bool = True) -> bytes:
    """A frame, masked with zeros; `opcode` holds the final and the reserved bits too, and `size` may lie."""
    size, bit = len(data) if size is None else size, 0x80 if masked else 0
    if size < 126:
        head = struct.pack("!BB", opcode, bit | size)
    elif size < 65_536:
        head = struct.pack("!BBH", opcode, bit | 126, size)
    else:
        head = struct.pack("!BBQ", opcode, bit | 127, size)
    return head + (b"\0\0\0\0" if masked else b"") + data


def nothing_said(siege: Siege) -> None:
    """Nobody has logged in by HTTP, and nothing was said."""
    told = [event for event in siege.witness.sync() if event["sender"] == "mallory"]
    assert not told, told


def upgraded(siege: Siege, count: int, *, read: bool = True) -> list[Client]:
    """Connections that speak WebSocket."""
    clients = [siege.connect(UPGRADE % b"", read=read) for _ in range(count)]
    for client in clients:
        client.read_until(lambda heard: b"\r\n\r\n" in heard)
        assert client.buffer.startswith(b"HTTP/1.1 101 ")
        client.buffer = b""
    return clients


def logged_in(siege: Siege, count: int) -> list[Client]:
    """Users over WebSocket."""
    clients = upgraded(siege, count)
    for number, client in enumerate(clients):
        client.send(frame(FIN | TEXT, b"web%d" % number))
        client.read_until(lambda heard: b"Hello" in heard)
        client.buffer = b""
    return clients


@attack(
    "heads of HTTP",
    "Heads without an end, byte by byte, of hundreds of headers, with one of a megabyte, or of line breaks.",
)
def heads(siege: Siege) -> None:
    begun = b"GET / HTTP/1.1\r\nHost: x\r\n"
    pieces = (
        begun + b"X: " + b"y" * 2**20,
        begun + b"a: b\r\n" * 300 + b"\r\n",
        begun + b"".join(b"h%d:\r\n" % number for number in range(90)) + b"\r\n",
        b"GET /" + b"x" * 2**18,
        begun + b"\r\n" * 2**16,
        begun + b"X: y\r\n " * 2**14,
        b"GET / HTTP/1.1\n" * 2**14,
    )
    slow = [siege.connect(begun + b"X: ") for _ in range(30)]
    for byte in random.Random(1).randbytes(40):
        for client in slow:
            client.send(bytes([byte % 26 + 97]))
    clients = [siege.connect() for _ in range(28 * siege.size)]
    siege.flood(clients, lambda place: pieces[place % len(pieces)] * siege.size)


@attack(
    "smuggled requests",
    "Two lengths, lengths of 2^62, chunks, split headers and a second request in a body, with lines of chat in it.",
)
def smuggling(siege: Siege) -> None:
    heads = (
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4611686018427387904\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2, 200\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX : a\r\n\r\n",
        b"GET /\r\nHost: x HTTP/1.1\r\n\r\n",
        UPGRADE % b"Content-Length: 200\r\n",
        UPGRADE % b"Transfer-Encoding: chunked\r\n",
    )
    for _ in range(3 * siege.size):
        siege.flood([siege.connect() for _ in heads], lambda place: heads[place] + CHAT * 10)
    nothing_said(siege)


@attack(
    "pages from elsewhere",
    "Forms posted as text/plain, upgrades by pages of other servers and under a name that leads here (DNS rebinding), "
    "HTTP/2.",
)
def elsewhere(siege: Siege) -> None:
    requests = (
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\nContent-Type: text/plain\r\n"
        b"Content-Length: %d\r\n\r\n" % len(CHAT),
        UPGRADE % b"Origin: http://evil.example\r\n",
        UPGRADE % b"Origin: null\r\n",
        (UPGRADE % b"Origin: http://evil.example\r\n").replace(b"127.0.0.1", b"evil.example"),
        (UPGRADE % b"").replace(b"127.0.0.1", b"evil.example"),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\x12\4\0\0\0\0\0" * 1000,
        b"OPTIONS / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccess-Control-Request-Method: POST\r\n\r\n",
    )
    said = CHAT + frame(FIN | TEXT, b"mallory") + frame(FIN | TEXT, b"hello")
    for _ in range(4 * siege.size):
        clients = [siege.connect() for _ in requests]
        heard = siege.flood(clients, lambda place: requests[place] + said)
        assert b"HTTP/1.1 101" not in heard and b"HTTP/1.1 200" not in heard
    nothing_said(siege)


@attack(
    "files never read",
    "Connections that ask for the page a hundred times at once and read nothing, or start anew.",
)
def files(siege: Siege) -> None:
    deaf = [siege.connect(read=False) for _ in range(40)]
    siege.flood(deaf, GET % b"/page.mjs" * 100, read=False)
    for _ in range(siege.size):
        siege.flood([siege.connect() for _ in range(60)], GET % b"/" * 100)


@attack(
    "frames that lie",
    "Frames without mask, of 2^62 bytes, with reserved bits; control frames in fragments; compressed ones that nobody "
    "has agreed to, 65 KB of which would be 67 MB.",
)
def lies(siege: Siege) -> None:
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = (bomb.compress(bytes(67_000_000)) + bomb.flush(zlib.Z_SYNC_FLUSH))[:65_000]
    pieces = (
        frame(FIN | TEXT, b"mallory", masked=False),
        frame(FIN | TEXT, size=2**62),
        frame(FIN | TEXT, size=2**63 + 5),
        frame(TEXT, b"x" * 60_000) + frame(CONT, b"y" * 60_000),
        frame(PING, b"x"),
        frame(FIN | PING, b"x" * 126),
        frame(FIN | CLOSE, b"\x03"),
        frame(FIN | 0x40 | TEXT, data),
        frame(FIN | 3),
        frame(FIN | CONT, b"x"),
        frame(TEXT, b"\xff") + frame(FIN | CONT, b"\xfe"),
    )
    for _ in range(2 * siege.size):
        siege.flood(
            upgraded(siege, len(pieces)), lambda place: pieces[place] + frame(FIN | TEXT, b"mallory") * 50
        )
    offer = b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    client = siege.connect(UPGRADE % offer)
    assert b"deflate" not in client.read_until(lambda heard: b"\r\n\r\n" in heard)
    nothing_said(siege)


@attack(
    "frames of nothing",
    "A hundred thousand empty fragments, empty messages, pings and pongs, before and after a login.",
)
def nothing(siege: Siege) -> None:
    pieces = (
        frame(TEXT) + frame(CONT) * 100_000,
        (frame(TEXT) + frame(CONT) * 200 + frame(FIN | CONT)) * 500,
        frame(FIN | TEXT) * 100_000,
        frame(FIN | PING) * 100_000,
        frame(FIN | PONG, b"x") * 100_000,
        frame(FIN | PING, b"x" * 125) * 10_000,
    )
    siege.flood(upgraded(siege, 6 * siege.size), lambda place: pieces[place % len(pieces)])
    siege.flood(upgraded(siege, 6, read=False), lambda place: pieces[3 + place % 3], read=False)
    # A user's are paid for at forty a second, and only then it is noticed that the user has gone.
    siege.flood(logged_in(siege, 6), lambda place: pieces[place % len(pieces)][:1500])


@attack(
    "upgrade and go",
    "Connections that upgrade and leave at once, half of them with a reset, in the middle of a frame, or never log in.",
)
def upgrades(siege: Siege) -> None:
    for number in range(100 * siege.size):
        client = siege.connect(UPGRADE % b"" + frame(FIN | TEXT, size=1000)[: number % 8], site=0)
        if number % 2:
            siege.reset([client])
        elif number % 4:
            client.close()
    siege.flood([siege.connect() for _ in range(20)], (GET % b"/" * 98 + UPGRADE % b"") * 3)


class BehindProxy(Server):
    """A server that trusts the attackers' addresses to say whom they stand for."""

    def __init__(self, *arguments: str, **keys: Any) -> None:
        super().__init__(*arguments, EVCHAT_TRUSTED_PROXIES="127.0.66.0/24", **keys)


@attack(
    "a class through a proxy",
    "Thirty browsers of one address, behind a proxy, fetch the page over six connections each and log in; another "
    "address of the proxy's takes all it can get.",
    server=BehindProxy,
)
def class_of_thirty(siege: Siege) -> None:
    pupils, greedy = b"X-Forwarded-For: 203.0.113.1\r\n", b"X-Forwarded-For: 6.6.6.6, 203.0.113.2\r\n"
    page = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n%b\r\n"
    taking = [siege.connect(UPGRADE % greedy) for _ in range(150 * siege.size)]
    pages = [siege.connect(page % pupils) for _ in range(180)]
    for client in pages:
        client.read_until(lambda heard: b"</html>" in heard)
    for number in range(30):
        client = siege.connect(UPGRADE % pupils + frame(FIN | TEXT, b"pupil%d" % number))
        client.read_until(lambda heard: b"Hello" in heard)
    heard = siege.flood(taking, frame(FIN | TEXT))
    assert b"connections already" in heard
