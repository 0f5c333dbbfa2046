"""Hostile bytes: a clear error, bounded memory, one line in the log, and nobody else notices."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.harness import Client, Full, Person, Server

LOGIN = b'{"request": "hello", "content": {"version": 1}}\n{"request": "login", "content": "mallory"}\n'


def resident_kib(server: Server) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert match
    return int(match[1])


def pour(sock: socket.socket, data: bytes, total: int) -> None:
    """Sends `data` again and again, as long as the server takes it."""
    try:
        for _ in range(total // len(data)):
            sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.mark.parametrize(
    ("name", "beginning", "data"),
    [
        ("a text line without an end", b"mallory\n", b"x" * 65536),
        ("a JSON string without an end", LOGIN + b'{"request": "msg", "content": "', b"x" * 65536),
        ("nothing but braces", LOGIN, b"{" * 65536),
        ("garbage between objects", LOGIN, b"garbage " * 8192),
        ("white space without an end", LOGIN + b"{}", b" " * 65536),
        ("telnet options without an end", b"mallory\n", b"\xff\xfa" + b"\x01" * 65534),
    ],
)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_64_mib_without_a_newline_stay_bounded(
    name: str, beginning: bytes, data: bytes, server: Server, full: Callable[..., Full]
) -> None:
    canary = full("canary")
    before = resident_kib(server)
    attacker = Client(server.connect())
    attacker.send(beginning)
    thread = threading.Thread(target=pour, args=(attacker.sock, data, 64 * 1024 * 1024))
    thread.start()
    try:
        attacker.read_to_end()
    except ConnectionResetError:
        pass
    thread.join()
    attacker.close()
    if "white space" not in name and "telnet" not in name:
        assert b"64 KiB" in attacker.buffer or b"4 KiB" in attacker.buffer, attacker.buffer[-500:]
    assert resident_kib(server) - before < 8 * 1024
    assert canary.request("ping", "alive")["content"] == "alive"
    assert sum("malformed" in line for line in server.log) <= 1


CASES: list[bytes] = [
    b'{"request": "msg", "content": ' + b"[" * 30000 + b"]" * 30000 + b"}",
    b'{"request": "history", "limit": ' + b"9" * 5000 + b"}",
    b'{"request": "msg", "content": "\\ud800"}',
    b'{"request": "msg", "content": "\\udfff\\ud800 x"}',
    b'{"request": "msg", "content": "\xff\xfe"}',
    b"\x00\x00\x00",
    b'{"request": "msg", "content": "a' + b"\x00" + b'b"}',
    b'{"request": null}',
    b'{"request": []}',
    b'{"request": "dance"}',
    b'{"request": "msg", "content": {"a": 1}}',
    b'{"request": "msg", "content": "x", "to": 5}',
    b'{"request": "msg", "content": "x", "id": 5}',
    b'{"request": "msg", "content": "x", "id": "' + b"i" * 65 + b'"}',
    b'{"request": "history", "to": {}, "limit": "many"}',
    b'{"request": "history", "limit": -1}',
    b'{"request": "history", "limit": 1.5}',
    b'{"request": "history", "before": true}',
    b'{"request": "join", "content": [1, 2]}',
    b'{"request": "join", "content": "#a b"}',
    b'{"request": "wholast", "content": "NaN"}',
    b'{"request": "broadcast", "content": "x", "to": [{}]}',
    b'{"request": "hello", "content": {"version": 1}}',
    b'{"a": }',
    b"[]",
    b'"text"',
    b"{'request': 'msg'}",
]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_a_wrong_request_gets_one_clear_error_and_the_connection_lives_on(
    case: bytes, server: Server, clients: list[Client]
) -> None:
    client = Full(server.connect(), "mallory")
    clients.append(client)
    client.sync()
    client.send(case + b"\n")
    heard = client.sync()
    errors = [event for event in heard if event["response"] == "error"]
    assert len(errors) >= 1 and all(len(event["content"]) > 10 and event["code"] for event in errors), heard
    assert not [line for line in server.log if "Traceback" in line or " error " in line]


@pytest.mark.parametrize("listen", ["tcp", "json", "text", "irc"])
@pytest.mark.parametrize(
    "body",
    [
        b"mallory\r\nposted\r\n",
        b'{"request":"login","content":"mallory"}{"request":"msg","content":"posted"}\n',
        b"NICK mallory\r\nUSER m 0 * :m\r\nJOIN #main\r\nPRIVMSG #main :posted\r\n",
    ],
    ids=["text", "json", "irc"],
)
@pytest.mark.parametrize("cut", [False, True], ids=["whole", "byte by byte"])
def test_a_web_page_makes_nobody_speak(
    listen: str, body: bytes, cut: bool, start: Callable[..., Server]
) -> None:
    server = start(listen=("tcp://127.0.0.1:0", f"{listen}://127.0.0.1:0"))
    witness = Full(server.connect(), "witness")
    browser = Client(server.connect(1))
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    try:
        for piece in [bytes([byte]) for byte in request] if cut else [request]:
            browser.send(piece)
    except (BrokenPipeError, ConnectionResetError):
        pass  # a close is what we want
    shown = browser.read_to_end()
    if listen == "tcp":  # browsers are served there, but what they post is not read
        assert shown.startswith(b"HTTP/1.1 405 ") and shown.count(b"HTTP/1.1") == 1
    else:
        assert b"HTTP/1.1 400 " in shown and b"evchat-tui" in shown
    browser.close()
    assert not [event for event in witness.sync() if "mallory" in json.dumps(event)]
    assert witness.request("history")["content"] == []


def test_a_tls_client_is_told_at_once_that_none_is_spoken(server: Server) -> None:
    context = ssl.create_default_context()
    sock = server.connect()
    with pytest.raises(ssl.SSLError, match="(?i)handshake.failure"):
        context.wrap_socket(sock, server_hostname="localhost")


ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202ereversed\u2066\u200b\u200dzero\ufeff\x00\r\nforged \x7f\x08\U000e0041"


def test_foreign_text_never_reaches_a_terminal_raw_nor_forges_a_line(
    person: Callable[..., Person], full: Callable[..., Full]
) -> None:
    alice, mallory = person("alice"), full("mallory")
    alice.sync()
    for request, keys in (
        ("msg", {}),
        ("me", {}),
        ("broadcast", {}),
        ("topic", {}),
        ("away", {}),
        ("part", {}),
    ):
        content = "#main" if request == "part" else ESCAPES
        mallory.request(request, content, **keys, **({"reason": ESCAPES} if request == "part" else {}))
    mallory.request("join", "#main")
    mallory.request("msg", ESCAPES, to="alice")
    alice.type("/history")
    alice.type("/who")
    alice.type("/whois mallory")
    alice.type("/topic")
    alice.type("/search forged")
    lines = alice.sync()
    assert any("forged" in line for line in lines)
    for line in lines:
        assert not re.search(
            "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]", line
        )
        assert line.startswith("HH:MM ") and not line.startswith("HH:MM forged")


def test_the_log_escapes_foreign_text(server: Server, clients: list[Client]) -> None:
    client = Client(server.connect())
    clients.append(client)
    client.send(b'{"request": "\x1b[31m\\u001b]0;x\\u0007"}\n')
    client.read_until(lambda data: b"\n" in data)
    client.send(json.dumps({"request": "login", "content": "\x1b[2J"}))
    client.read_until(lambda data: data.count(b"\n") == 2)
    client.close()
    server.stop()
    assert all(line.isprintable() for line in server.log)


def test_a_name_can_be_no_escape_sequence_and_no_space(person: Callable[..., Person]) -> None:
    client = person()
    for name in ("\x1b[2J", "a b", "al\u202eice", "-x", "ålice", "server", "#main", "*", "a,b"):
        client.type(name)
        assert client.line("! ")
    client.login("alice")


@pytest.mark.parametrize("last", ["zoe", "zoe\n/history 5", "zoe\n/search old"])
def test_a_connection_whose_half_last_line_asks_for_history_ends_as_well(
    last: str, server: Server, full: Callable[..., Full]
) -> None:
    full("talker").request("msg", "old")
    client = Client(server.connect())
    client.send(last)
    client.sock.shutdown(socket.SHUT_WR)
    assert b"old" in client.read_to_end()


def test_half_a_line_at_the_end_still_counts(server: Server, full: Callable[..., Full]) -> None:
    bob = full("bob")
    client = Client(server.connect())
    client.send("alice\nhi all\n/me waves")
    client.sock.shutdown(socket.SHUT_WR)
    text = client.read_to_end().decode()
    assert "* alice waves" in text
    assert [bob.event("message", sender="alice")["content"] for _ in range(2)] == ["hi all", "waves"]
    client.close()
