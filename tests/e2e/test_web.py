"""Browsers, as they are on real sockets: files, WebSocket with every way it ends, limits, and a proxy in front."""

from __future__ import annotations

import http.client
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.cheap_passwords import cheap_secret
from tests.e2e.harness import DEADLINE, Client, Full, Person, Server
from tests.e2e.transports import OverWebSocket
from tests.irc.harness import IrcClient

GET = b"GET %b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture
def browser(server: Server) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(*server.where, timeout=DEADLINE)
    yield connection
    connection.close()


def get(
    connection: http.client.HTTPConnection, path: str, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return response, response.read()


# ---- files


def test_the_page_comes_whole_and_is_asked_for_once(browser: http.client.HTTPConnection) -> None:
    response, page = get(browser, "/")
    assert response.status == 200 and page.startswith(b"<!doctype html>")
    assert "default-src 'none'" in (response.getheader("Content-Security-Policy") or "")
    for path in ("/page.mjs", "/style.css"):
        response, body = get(browser, path)
        tag = response.getheader("ETag") or ""
        assert response.status == 200 and len(body) == int(response.getheader("Content-Length") or 0) and tag
        again, nothing = get(browser, path, **{"If-None-Match": tag})
        assert (again.status, nothing, again.getheader("ETag")) == (304, b"", tag)
    browser.request("HEAD", "/")
    response = browser.getresponse()
    assert int(response.getheader("Content-Length") or 0) == len(page) and response.read() == b""
    assert get(browser, "/healthz")[1] == b"ok\n"


def test_what_a_page_from_elsewhere_posts_is_not_read(server: Server, full: Callable[..., Full]) -> None:
    witness = full("witness")
    client = Client(server.connect())
    client.send(
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 30\r\n\r\nmallory\r\nhello\r\n"
    )
    assert client.read_to_end().startswith(b"HTTP/1.1 405 ")
    client.close()
    assert [event["response"] for event in witness.sync() if event["sender"] == "mallory"] == []


def test_a_silent_connection_for_files_is_closed_and_no_line_of_the_log_is_about_it(
    start: Callable[..., Server],
) -> None:
    server = start("--memory", EVCHAT_HTTP_IDLE="1")
    full = Full(server.connect(), "witness")
    client = Client(server.connect())
    client.send(GET % b"/healthz")
    assert client.read_to_end().endswith(b"\r\n\r\nok\n")
    client.close()
    assert full.request("ping", 1)["content"] == 1
    told = [line for line in server.log if "sid=2 " in line and " debug " not in line]
    assert not told, told


def test_a_head_that_never_ends_is_answered_at_the_deadline(start: Callable[..., Server]) -> None:
    server = start("--memory", EVCHAT_LOGIN_DEADLINE="0.3", EVCHAT_HTTP_IDLE="30")
    client = Client(server.connect())
    client.send(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    told = client.read_to_end()
    assert (
        told.startswith(b"HTTP/1.1 503 ")
        and told.endswith(b"No login within 0 seconds.\n")
        or b"within" in told
    )
    client.close()


def test_whoever_asks_for_much_and_reads_nothing_costs_little(
    server: Server, full: Callable[..., Full]
) -> None:
    witness = full("witness")
    sock = server.new_socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(server.where)
    sock.settimeout(DEADLINE)
    sock.sendall(GET % b"/page.mjs" * 100)  # all that one connection may ask for, 0.4 MB
    assert witness.request("ping", "still served")["content"] == "still served"
    heard = b""
    while data := sock.recv(65536):
        heard += data
    assert heard.count(b"HTTP/1.1 200 OK") == 100 and heard.count(b"Connection: close") == 1


# ---- WebSocket


def test_each_subprotocol_speaks_its_dialect(server: Server) -> None:
    with closing(OverWebSocket(server, "evchat.json")) as sock:
        assert Full(sock, "json").state["name"] == "json"  # type: ignore[arg-type]
    for name in ("text.ircv3.net", "binary.ircv3.net"):
        with closing(OverWebSocket(server, name)) as sock:
            irc = IrcClient(sock)  # type: ignore[arg-type]
            irc.register("irc")
            assert irc.join("#tea")
    with closing(OverWebSocket(server)) as sock:
        sock.ws.send("netcat")
        assert Person(sock).line("Hello netcat")  # type: ignore[arg-type]


def test_irc_over_websocket_keeps_to_its_specification(server: Server) -> None:
    """Messages are single lines without CR LF; in text ones everything is UTF-8; the client's first choice is taken."""
    url = "ws://{}:{}/irc".format(*server.where)
    offered: Any = ["x", "text.ircv3.net", "binary.ircv3.net"]
    with connect(url, subprotocols=offered) as ws, connect(url, subprotocols=[*reversed(offered)]) as other:
        assert (ws.subprotocol, other.subprotocol) == ("text.ircv3.net", "binary.ircv3.net")
        for line in ("NICK alice", "USER a 0 * :a", "JOIN #tea\r\n"):
            ws.send(line)
            other.send(line.replace("alice", "bob").encode())
        for each, kind in ((ws, str), (other, bytes)):
            while True:
                message = each.recv(DEADLINE)
                assert isinstance(message, kind)
                text = message if isinstance(message, str) else message.decode()
                assert text and "\r" not in text and "\n" not in text
                if " 366 " in text:
                    break
        other.send(b"PRIVMSG #tea :caf\xe9")
        other.send("PRIVMSG #tea :café".encode())
        while "PRIVMSG" not in (message := str(ws.recv(DEADLINE))):
            pass
        assert message.endswith(" PRIVMSG #tea :café"), (
            "what is not UTF-8 is not said, so text is always text"
        )


def test_no_compression_is_agreed_and_unknown_subprotocols_are_refused(server: Server) -> None:
    url = "ws://{}:{}/".format(*server.where)
    with connect(url) as ws:
        assert ws.response is not None and "Sec-WebSocket-Extensions" not in ws.response.headers
    with pytest.raises(InvalidStatus) as refused:
        connect(url, subprotocols=["mqtt"])  # type: ignore[list-item]
    assert refused.value.response.status_code == 400 and b"evchat.json" in (
        refused.value.response.body or b""
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://evil.example", "Host": "evil.example"}, 421),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://chat.example", "Host": "chat.example"}, 101),
        ({"Origin": "https://portal.example", "Host": "chat.example"}, 101),
    ],
)
def test_pages_from_elsewhere_may_not_speak_unless_they_are_let_in(
    start: Callable[..., Server], headers: dict[str, str], status: int
) -> None:
    server = start("--memory", EVCHAT_WEB_HOSTS="chat.example", EVCHAT_WEB_ORIGINS="https://portal.example")
    connection = http.client.HTTPConnection(*server.where, timeout=DEADLINE)
    connection.request("GET", "/", headers={"Host": "127.0.0.1", **UPGRADE, **headers})
    assert connection.getresponse().status == status
    connection.close()


UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


# ---- how it ends


def words_and_code(sock: OverWebSocket) -> tuple[str, int]:
    """All that comes, and the close code."""
    told = b""
    while data := sock.recv(65536):
        told += data
    return told.decode(), sock.ws.close_code or 0


@pytest.mark.parametrize(
    ("subprotocol", "lines"),
    [
        ("evchat.json", ['{"request": "hello", "content": {"version": 1}}', '{"request": "quit"}']),
        ("text.ircv3.net", ["NICK alice", "USER a 0 * :a", "QUIT :bye"]),
        ("", ["alice", "/quit"]),
    ],
)
def test_who_quits_is_closed_with_1000(server: Server, subprotocol: str, lines: list[str]) -> None:
    with closing(OverWebSocket(server, subprotocol)) as sock:
        for line in lines:
            sock.ws.send(line)
        assert words_and_code(sock)[1] == 1000


def test_a_client_may_close_too_and_come_back(server: Server, full: Callable[..., Full]) -> None:
    witness = full("witness")
    sock = OverWebSocket(server, "evchat.json")
    token = Full(sock, "alice").state["resume"]  # type: ignore[arg-type]
    sock.ws.close(1001, "the tab is reloaded")
    assert sock.ws.close_code == 1001
    with closing(OverWebSocket(server, "evchat.json")) as again:
        alice = Full(again, "alice", resume=token)  # type: ignore[arg-type]
        assert alice.state["resumed"]
        alice.request("quit")
    assert witness.event("quit", sender="alice")
    assert [event["sender"] for event in witness.events if event["response"] == "joined"].count("alice") == 1


def test_a_server_that_stops_says_so_and_closes_with_1001(server: Server) -> None:
    with closing(OverWebSocket(server, "evchat.json")) as sock:
        Full(sock, "alice")  # type: ignore[arg-type]
        server.stop(close=False)
        told, code = words_and_code(sock)
    assert code == 1001 and "going down" in told


@pytest.mark.parametrize("subprotocol", ["evchat.json", "text.ircv3.net", ""])
def test_who_does_not_log_in_is_told_and_closed_with_1008(
    start: Callable[..., Server], subprotocol: str
) -> None:
    server = start("--memory", EVCHAT_LOGIN_DEADLINE="0.3")
    with closing(OverWebSocket(server, subprotocol)) as sock:
        told, code = words_and_code(sock)
    assert code == 1008 and "No login within" in told


def test_who_asks_too_much_before_a_login_is_told_and_closed_with_1008(start: Callable[..., Server]) -> None:
    server = start("--memory", EVCHAT_COMMAND_BURST="1000")
    with closing(OverWebSocket(server, "evchat.json")) as sock:
        for _ in range(40):
            sock.ws.send('{"request": "help"}')
        told, code = words_and_code(sock)
    assert code == 1008 and "no more than 32 requests" in told


def operators(folder: Path) -> tuple[str, str]:
    """The arguments of a server of which root is an operator."""
    settings = folder / "evchat.toml"
    settings.write_text(f'[operators]\nroot = "{cheap_secret("sesame")}"\n')
    return "--config", str(settings)


def test_who_is_killed_or_banned_is_told_and_closed_with_1008(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    server = start("--memory", "--insecure-no-limits", *operators(tmp_path))
    operator = Full(server.connect(), "keeper")
    assert operator.request("oper", "root", password="sesame")["response"] == "ok"
    for request, content in (("kill", "victim"), ("banish", "victim")):
        sock = OverWebSocket(server, "evchat.json")
        Full(sock, "victim")  # type: ignore[arg-type]
        assert operator.request(request, content, reason="enough")["response"] == "ok"
        told, code = words_and_code(sock)
        assert code == 1008 and "enough" in told, request
        sock.close()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("x" * 70_000, 1009),
        (b"\0", 1003),
        (["{" * 40_000, " " * 40_000], 1009),
        ("{}" * 30_000, 1008),
    ],
)
def test_a_message_that_can_not_be_taken_closes_with_its_code(server: Server, sent: Any, code: int) -> None:
    with closing(OverWebSocket(server, "evchat.json")) as sock:
        try:
            sock.ws.send(sent)
        except ConnectionClosed:
            pass
        assert words_and_code(sock)[1] == code


def test_text_that_is_not_utf_8_closes_with_1007_and_nothing_is_said(
    server: Server, full: Callable[..., Full]
) -> None:
    witness = full("witness")
    with closing(OverWebSocket(server)) as sock:
        sock.ws.send("alice")
        sock.ws.send(b"caf\xe9", text=True)
        assert words_and_code(sock)[1] == 1007
    assert witness.event("quit", sender="alice")
    assert not [event for event in witness.sync() if event["response"] == "message"]


def test_a_dead_page_is_pinged_and_given_up(start: Callable[..., Server]) -> None:
    server = start("--memory", EVCHAT_PING_AFTER="1", EVCHAT_DEAD_AFTER="2", EVCHAT_MAX_PER_IP="0")
    witness = Person(server.connect())
    witness.login("witness")
    answering = OverWebSocket(server, "text.ircv3.net")
    IrcClient(answering).register("alive")  # type: ignore[arg-type]
    dead = raw_websocket(server)
    dead.sendall(frame(b"dead"))
    assert "dead" in witness.line("dead left the server")
    witness.type("hello alive")
    witness.sync()
    assert "alive" not in [line for line in witness.sync() if "left" in line]
    answering.close()
    dead.close()


def raw_websocket(server: Server) -> socket.socket:
    """An upgraded connection whose client does nothing by itself, and so does not answer pings."""
    sock = server.connect()
    head = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in UPGRADE.items()
    )
    sock.sendall(head.encode() + b"\r\n")
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += sock.recv(4096)
    assert heard.startswith(b"HTTP/1.1 101 ")
    return sock


def frame(data: bytes, opcode: int = 1) -> bytes:
    """A client's frame, masked with zeros."""
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack("!H", len(data))
    return bytes([0x80 | opcode]) + size + b"\0\0\0\0" + data


# ---- limits, and a proxy


def test_a_full_server_can_tell_a_browser_nothing_but_lets_it_in_again(start: Callable[..., Server]) -> None:
    server = start("--memory", "--max-clients", "1")
    inside = Full(server.connect(), "inside")
    connection = http.client.HTTPConnection(*server.where, timeout=DEADLINE)
    with pytest.raises((http.client.HTTPException, OSError)):
        get(connection, "/")
    connection.close()
    inside.request("quit")
    inside.read_to_end()
    inside.close()
    end = time.monotonic() + DEADLINE
    while True:
        try:
            assert get(connection, "/")[0].status == 200
            break
        except (http.client.HTTPException, OSError):
            assert time.monotonic() < end
        finally:
            connection.close()


def test_an_http_listener_serves_browsers_alone(start: Callable[..., Server]) -> None:
    server = start("--memory", listen=("http://127.0.0.1:0", "tcp://127.0.0.1:0"))
    connection = http.client.HTTPConnection(*server.where, timeout=DEADLINE)
    assert get(connection, "/")[0].status == 200
    connection.close()
    person = Client(server.connect())
    person.send(b"alice\nhello\n\n\n")
    assert person.read_to_end().startswith(b"HTTP/1.1 400 ")
    with closing(OverWebSocket(server, "evchat.json")) as sock:
        assert Full(sock, "alice").state["name"] == "alice"  # type: ignore[arg-type]


def test_without_the_web_browsers_get_the_fixed_page(start: Callable[..., Server]) -> None:
    server = start("--memory", EVCHAT_WEB="false")
    connection = http.client.HTTPConnection(*server.where, timeout=DEADLINE)
    response, body = get(connection, "/")
    assert response.status == 400 and b"nc HOST PORT" in body
    connection.close()


def through_proxy(server: Server, address: str) -> OverWebSocket:
    return OverWebSocket(server, "evchat.json", additional_headers={"X-Forwarded-For": f"6.6.6.6, {address}"})


def test_who_comes_through_a_proxy_is_limited_cloaked_and_banned_by_their_own_address(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    server = start(
        "--memory",
        *operators(tmp_path),
        EVCHAT_TRUSTED_PROXIES="127.0.0.0/8",
        EVCHAT_MAX_PER_IP="2",
        EVCHAT_COMMAND_BURST="1000",
    )
    operator = Full(server.connect(), "keeper")
    operator.request("oper", "root", password="sesame")
    socks = [through_proxy(server, "203.0.113.7") for _ in range(2)]
    ann, bob = (Full(sock, name) for sock, name in zip(socks, ("ann", "bob"), strict=True))  # type: ignore[arg-type]
    socks.append(through_proxy(server, "203.0.113.7"))
    told, code = words_and_code(socks[2])
    assert code == 1008 and "has 2 connections already" in told
    socks.append(through_proxy(server, "203.0.113.8"))
    carl = Full(socks[3], "carl")  # type: ignore[arg-type]
    assert operator.request("whois", "ann")["content"]["address"] == "203.0.113.7"
    hosts = [carl.request("whois", name)["content"].get("host") for name in ("ann", "bob", "carl")]
    assert hosts[0] == hosts[1] != hosts[2]
    assert operator.request("banish", "203.0.113.7", reason="enough")["response"] == "ok"
    for sock in socks[:2]:
        assert words_and_code(sock)[1] == 1008
        sock.close()
    assert carl.request("ping", 1)["content"] == 1
    server.logged("login", "203.0.113.8")
    end = time.monotonic() + DEADLINE
    while (
        True
    ):  # until there is room for it: the server may not have seen yet that those two have closed as well
        socks.append(through_proxy(server, "203.0.113.7"))
        try:
            refused = Full(socks[-1]).request("login", "again")  # type: ignore[arg-type]
            break
        except (ConnectionClosed, AssertionError):
            assert time.monotonic() < end
    assert refused["code"] == "banished" and "enough" in refused["content"]
    for sock in socks:
        sock.close()
