"""Five clients say what clients of IRC say, whole and mutilated, to a server that must stay sound whatever it is.

The same numbers give the same bytes. After every few pieces each client still gets its PONG (or was told why not),
every line is one, and what the core holds is consistent with itself and with what is kept, also where commits fail.
"""

from __future__ import annotations

import random
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from evchat.core.query import Query, R
from evchat.core.rules import passwords, scram
from evchat.core.store import StoreError
from evchat.server.server import Server
from evchat.settings.model import Config, without_limits
from tests.cheap_passwords import cheap_secret
from tests.core.playbook import Disk, check_against_store, check_invariants
from tests.e2e.harness import DEADLINE

CLIENTS = 5
STEPS = 250
PIECES = r"""
CAP LS 302|CAP REQ :message-tags labeled-response batch echo-message server-time draft/chathistory draft/multiline
CAP REQ :sasl account-notify extended-join away-notify multi-prefix userhost-in-names draft/read-marker
CAP REQ :draft/message-redaction draft/event-playback|CAP END|CAP LIST|NICK a|NICK B|NICK c|NICK d1
USER u 0 * :real|USER root root 127.0.0.1 :root|PASS pw|PASS a:secret|AUTHENTICATE PLAIN|AUTHENTICATE AGEAc2VjcmV0
AUTHENTICATE SCRAM-SHA-256|AUTHENTICATE biwsbj1hLHI9eA==|AUTHENTICATE *|AUTHENTICATE +|REGISTER * * secret
JOIN #x|JOIN #x,#y,#z key|JOIN 0|PART #x :bye|PART #y|TOPIC #x :hello|TOPIC #x|MODE #x|MODE #x +b
MODE #x +bb a!*@* *b?c*|MODE #x -b a|MODE #x +ov a B|MODE #x +ikl key 3|MODE #x -ikl key|MODE #x +smntC
MODE #x -smntC|MODE a +i|MODE a -i+wB|MODE a|PRIVMSG #x :hi|PRIVMSG #x,a,B :hi|PRIVMSG @#x :ops
PRIVMSG a :␁VERSION␁|PRIVMSG #x :␁ACTION waves␁|NOTICE #x :n|@+typing=active TAGMSG #x
@+draft/react=x;+draft/persist TAGMSG a|@label=l1 PRIVMSG #x :l|@label=l2 WHOIS a|@label=l3 PING q|@label=l4 JOIN #q
@label=l5 CHATHISTORY LATEST #x * 10|@label=l6 QUIT|KICK #x B :out|KICK #x a,B|INVITE a #x|WHO #x
WHO #x %tcuihsnfdlaor,152|WHO *|WHO a?|WHOIS a,B|WHOWAS a|USERHOST a B|ISON a B c|MONITOR + a,B,c|MONITOR S|MONITOR C
MONITOR - a|AWAY :gone|AWAY|SETNAME :new name|LIST|LIST >0,*x*|NAMES #x|LUSERS|MOTD|VERSION|INFO|ADMIN|HELP|HELP modes
LINKS|STATS k|TIME|CHATHISTORY LATEST #x * 100|CHATHISTORY BEFORE #x timestamp=9999-12-31T23:59:59.999Z 5
CHATHISTORY AFTER a timestamp=0001-01-01T00:00:00.000Z 5|CHATHISTORY AROUND #x msgid=1-1-00000000 7
CHATHISTORY BETWEEN #x timestamp=2020-01-01T00:00:00Z msgid=ffffffffffff-999999999999999-00000000 9
CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00Z timestamp=2999-01-01T00:00:00Z 9|MARKREAD #x
MARKREAD #x timestamp=2026-01-01T00:00:00.000Z|REDACT #x 1-1-00000000 :r|BATCH +m draft/multiline #x
@batch=m PRIVMSG #x :one|@batch=m;draft/multiline-concat PRIVMSG #x :two|BATCH -m|OPER root secret|OPER root guess
KILL B :x|KLINE 1 B :y|KLINE c!*@*|UNKLINE B|UNKLINE c!*@*|KLINES|WALLOPS :w|INBOX|QUIT :bye|PONG x|
"""
LINES = [line.replace("␁", "\x01").encode() for line in re.split(r"[|\n]", PIECES.strip("\n"))]
SPRINKLED = (*(bytes([byte]) for byte in b": ,@#\x01\0\r%*\xff+-=;\\"), "é".encode(), "٣".encode())


class Moody(Disk):
    """A store of which a share of the commits fails."""

    def __init__(self, dice: random.Random, share: float) -> None:
        super().__init__()
        self._dice, self._share = dice, share

    def commit(self) -> None:
        if self._dice.random() < self._share:
            self.fail_to_commit()
            raise StoreError("The disk is full.")
        super().commit()

    def fetch_committed(self, query: Query[R]) -> list[R]:
        """The same as at any time, as nothing is committed beside the loop."""
        return self.fetch(query)

    def group_commit(self) -> None:
        """There is none: each commit fails or succeeds in its pass."""

    def tidy(self, now: int) -> bool:
        return False

    def measure(self) -> tuple[int, int, int]:
        return 0, 2**40, 2**40

    def close(self) -> None:
        pass


class Client:
    """A connection of which only whole, sound lines are taken."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), DEADLINE)
        self.buffer = b""

    def send(self, data: bytes) -> None:
        try:
            self.sock.sendall(data)
        except ConnectionError:
            pass  # it is closed: the next sync finds out

    def sync(self, token: bytes) -> bool:
        """Whether the answer to a PING came, and not the end of the connection."""
        self.send(b"\r\nPING " + token + b"\r\n")
        while True:
            *lines, self.buffer = self.buffer.split(b"\n")
            for line in lines:
                check_line(line)
            if any(b" PONG " in line and line.endswith(token + b"\r") for line in lines):
                return True
            try:
                data = self.sock.recv(65536)
            except ConnectionError:
                data = b""
            if not data:
                return False
            self.buffer += data


def check_line(line: bytes) -> None:
    assert line.endswith(b"\r") and not set(line[:-1]) & {0, 10, 13}, line
    body = line[:-1].partition(b" ")[2] if line.startswith(b"@") else line[:-1]
    assert 0 < len(body) <= 510 and len(line) < 9000, line
    line.decode("utf-8")


def spoil(dice: random.Random, line: bytes) -> bytes:
    """A line as it is, or with a few things in it that should not be there, or gone."""
    if dice.random() < 0.6:
        return line
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(line) + 1)
        match dice.randrange(7):
            case 0:
                line = line[:at] + bytes([dice.randrange(256)]) + line[at:]
            case 1:
                line = line[:at] + line[at + 1 :]
            case 2:
                line = line[:at] + dice.choice(SPRINKLED) * dice.choice((1, 1, 1, 30, 600)) + line[at:]
            case 3:
                line = line[:at]
            case 4:
                line += b" " + dice.choice(LINES)
            case 5:
                line = b"@label=" + bytes([dice.randrange(33, 126)]) * dice.choice((1, 64, 65)) + b" " + line
            case _:
                line = dice.choice(LINES).partition(b" ")[0] + line[at:]
    return line


@contextmanager
def running(store: Any) -> Iterator[tuple[Server, int]]:
    """A server in this process that must see no bug, and its port."""
    bugs: list[BaseException] = []
    config = Config(listen=("irc://127.0.0.1:0",), operators=(("root", cheap_secret("secret")),))
    server = Server(without_limits(config), store, on_bug=bugs.append)
    (url,) = server.open()
    thread = threading.Thread(target=server.loop.run)
    thread.start()
    try:
        yield server, int(url.rpartition(":")[2])
    finally:
        server.loop.call_threadsafe(server.loop.stop)
        thread.join(DEADLINE)
        server._close()
    assert not bugs


def in_the_loop(server: Server, check: Callable[[], None]) -> None:
    """Runs a check between two pieces of the server's work."""
    done = threading.Event()
    wrong: list[BaseException] = []

    def work() -> None:
        try:
            check()
        except AssertionError as error:
            wrong.append(error)
        done.set()

    server.loop.call_threadsafe(work)
    assert done.wait(DEADLINE)
    if wrong:
        raise wrong[0]


@pytest.mark.parametrize(("seed", "failing"), [(1, 0.0), (2, 0.0), (3, 0.25), (4, 0.25)])
def test_whatever_is_said_the_server_stays_sound(
    seed: int, failing: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_LOG2N", 4)
    monkeypatch.setattr(scram, "_ITERATIONS", 2)
    dice = random.Random(seed)
    with running(Moody(random.Random(seed), failing)) as (server, port):

        def check() -> None:
            check_invariants(server.back._chat)
            check_against_store(server.back._chat)

        clients = [Client(port) for _ in range(CLIENTS)]
        try:
            for step in range(STEPS):
                said = b"\r\n".join(spoil(dice, dice.choice(LINES)) for _ in range(dice.randint(1, 6)))
                clients[dice.randrange(CLIENTS)].send(said + dice.choice((b"\r\n", b"\n", b"")))
                if step % 5 == 4:
                    for number, client in enumerate(clients):
                        if not client.sync(b"sync-%d" % step):
                            client.sock.close()
                            clients[number] = Client(port)
                    in_the_loop(server, check)
        finally:
            for client in clients:
                client.sock.close()
