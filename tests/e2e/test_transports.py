"""One conversation, however one has come: what anybody says, everybody hears, once, and all in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any, Protocol

import pytest

from tests import certificates
from tests.e2e.harness import Full, Person, Server
from tests.e2e.transports import TRANSPORTS
from tests.irc.harness import IrcClient

pytestmark = certificates.needs_openssl

DIALECTS = ("text", "json", "irc")
ROOM = "#tea"


class Talker(Protocol):
    """Somebody in the channel."""

    client: Any

    def say(self, text: str) -> None: ...

    def heard(self) -> list[str]:
        """All messages of the channel so far, in order, each as "who: what"."""

    def do_quit(self) -> None: ...


class Text:
    def __init__(self, sock: Any, name: str) -> None:
        self.client = Person(sock)
        self.client.login(name)
        self.client.type(f"/join {ROOM}")
        self.client.sync()

    def say(self, text: str) -> None:
        self.client.type(text)

    def heard(self) -> list[str]:
        told = []
        for line in self.client.sync():
            head = f"HH:MM {ROOM} <"
            if line.startswith(head):
                who, _, text = line.removeprefix(head).partition("> ")
                told.append(f"{who}: {text}")
        return told

    def do_quit(self) -> None:
        self.client.type("/quit")


class Json:
    def __init__(self, sock: Any, name: str) -> None:
        self.client = Full(sock, name)
        self.client.request("join", ROOM, current=True)
        self.client.sync()

    def say(self, text: str) -> None:
        assert self.client.request("msg", text, to=ROOM)["response"] == "ok"

    def heard(self) -> list[str]:
        return [
            f"{event['sender']}: {event['content']}"
            for event in self.client.sync()
            if event["response"] == "message" and event["to"] == ROOM
        ]

    def do_quit(self) -> None:
        self.client.put({"request": "quit"})


class Irc:
    def __init__(self, sock: Any, name: str) -> None:
        self.client = IrcClient(sock)
        self.client.register(name)
        self.client.join(ROOM)
        self.client.collect()

    def say(self, text: str) -> None:
        self.client.send(f"PRIVMSG {ROOM} :{text}")

    def heard(self) -> list[str]:
        return [
            f"{message.nick}: {message.params[1]}"
            for message in self.client.collect()
            if message.command == "PRIVMSG" and message.params[0] == ROOM
        ]

    def do_quit(self) -> None:
        self.client.send("QUIT")


MAKERS: dict[str, Any] = {"text": Text, "json": Json, "irc": Irc}


@pytest.fixture
def server(start: Callable[..., Server]) -> Server:
    """A server with a certificate."""
    return start("--insecure-no-limits", **certificates.settings())


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def come(stack: ExitStack, server: Server, transport: str, dialect: str, name: str) -> Any:
    sock = stack.enter_context(closing(TRANSPORTS[transport](server, dialect)))
    return MAKERS[dialect](sock, name)


def check(talkers: dict[str, Talker], rounds: int = 3) -> None:
    """Everybody speaks in turn; the server has each line before the next is said, so there is one order."""
    said = []
    heard: dict[str, list[str]] = {name: [] for name in talkers}
    for number in range(rounds):
        for name, talker in talkers.items():
            talker.say(f"line {number}, blåbær 👍 from {name}")
            said.append(f"{name}: line {number}, blåbær 👍 from {name}")
            heard[name] += talker.heard()  # so the server has taken it in before anybody else asks
            for who, each in talkers.items():
                heard[who] += each.heard()
    for name in talkers:  # some dialects show people what they have said, and some do not
        own = f"{name}: "
        others = [line for line in heard[name] if not line.startswith(own)]
        assert others == [line for line in said if not line.startswith(own)], name


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_one_talk_of_all_dialects_over_one_transport_and_netcat(
    server: Server, stack: ExitStack, transport: str
) -> None:
    talkers = {dialect: come(stack, server, transport, dialect, dialect) for dialect in DIALECTS}
    check({"netcat": come(stack, server, "tcp", "text", "netcat"), **talkers})


@pytest.mark.parametrize("dialect", DIALECTS)
def test_one_talk_of_one_dialect_over_all_transports(server: Server, stack: ExitStack, dialect: str) -> None:
    talkers = {
        f"{dialect}{number}": come(stack, server, transport, dialect, f"{dialect}{number}")
        for number, transport in enumerate(TRANSPORTS)
    }
    check(talkers, 2)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_who_quits_has_heard_everything_and_the_others_are_told(
    server: Server, stack: ExitStack, transport: str, dialect: str
) -> None:
    witness = come(stack, server, "tcp", "json", "witness")
    talker = come(stack, server, transport, dialect, "leaver")
    witness.say("last words")
    talker.do_quit()
    told = talker.client.read_to_end() if dialect != "irc" else _to_end(talker.client)
    assert b"last words" in told
    assert witness.client.event("quit", sender="leaver")


def _to_end(client: IrcClient) -> bytes:
    told = b""
    while data := client.sock.recv(65536):
        told += data
    return told
