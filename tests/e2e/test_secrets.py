"""No password that anybody gives, in any dialect, reaches the log, the database or anybody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.commands import COMMANDS
from tests.e2e.harness import Client, Full, Person, Server

MARK = "s3kret"

IRC = (
    "OPER root {0}", "REGISTER * * {0}", "PASSWORD {0} {0}b", "UNREGISTER {0}", "RESETPASSWORD bob {0}", "PASS {0}",
    "JOIN #keyed {0}", "ADDUSER kid {0}",
)  # fmt: skip


def _example(param: Param, secret: str) -> str:
    if param.secret:
        return secret
    return {Kind.CHANNEL: "#keyed", Kind.CHANNELS: "#keyed"}.get(param.kind, "bob")


def typed(command: Command, secret: str) -> str:
    words = [_example(param, secret) for param in command.params if param.line]
    return f"/{command.words[0]} {' '.join(words)}"


def asked(command: Command, secret: str) -> dict[str, object]:
    facts: dict[str, object] = {"request": command.name}
    for param in command.params:
        value = _example(param, secret)
        facts[param.key] = [value] if param.kind in (Kind.CHANNELS, Kind.WORDS) else value
    return facts


class Observer(Client):
    """Somebody in #main who hears everything there. All that came stays in the buffer."""

    def __init__(self, server: Server, hello: str, ping: str) -> None:
        super().__init__(server.connect())
        self.ping = ping
        self.send(hello)
        self.sync("begun")

    def sync(self, token: str) -> bytes:
        self.send(self.ping.format(token))
        return self.read_until(lambda data: token.encode() in data)


@pytest.fixture
def observers(server: Server) -> Iterator[list[Observer]]:
    hello = json.dumps({"request": "hello", "content": {"version": 1}}) + "\n"
    login = json.dumps({"request": "login", "content": "obs-json"}) + "\n"
    found = [
        Observer(server, "obs-text\n", "/ping {}\n"),
        Observer(server, hello + login, '{{"request":"ping","content":"{}"}}\n'),
        Observer(server, "NICK obs-irc\r\nUSER x 0 * :x\r\nJOIN #main\r\n", "PING {}\r\n"),
    ]
    yield found
    for one in found:
        one.close()


def check_nowhere(server: Server, observers: list[Observer], folder: Path) -> None:
    """Stops the server; the secret has reached no observer, no line of the log and no file."""
    heard = [one.sync(f"ended-{number}") for number, one in enumerate(observers)]
    assert server.stop(close=False) == 0
    assert not [data for data in heard if MARK.encode() in data]
    assert not [line for line in server.log if MARK in line]
    for path in filter(Path.is_file, folder.rglob("*")):
        assert MARK.encode() not in path.read_bytes(), path


def test_no_password_gets_anywhere_but_to_the_server(
    server: Server,
    observers: list[Observer],
    tmp_path: Path,
    person: Callable[..., Person],
    full: Callable[..., Full],
) -> None:
    secret = [command for command in COMMANDS if any(param.secret for param in command.params)]
    secret.sort(
        key=lambda command: (command.name != "register", command.name)
    )  # the others are about an account
    someone, client, third = person("texter"), full("jsoner"), Client(server.connect())
    for command in secret:
        if command.words:
            someone.type(typed(command, MARK))
            someone.type(f"/{command.words[0]} {MARK} {MARK} {MARK}")
        client.request(**asked(command, MARK))  # type: ignore[arg-type]
    third.send("NICK ircer\r\nUSER x 0 * :x\r\nJOIN #main\r\n")
    third.send("".join(f"{line.format(MARK)}\r\n" for line in IRC) + "QUIT :bye\r\n")
    someone.type("/quit")
    someone.read_to_end()
    client.request("quit")
    third.read_to_end()
    third.close()
    check_nowhere(server, observers, tmp_path)


def test_what_is_typed_out_of_habit_gets_nowhere_either(
    server: Server, observers: list[Observer], tmp_path: Path, full: Callable[..., Full]
) -> None:
    """Name, Enter, password, Enter: in one piece, in two, with a wrong one, and too often."""
    owner = full("nora")
    owner.request("register", password=MARK)
    owner.request("quit")
    for text in (f"nora\n{MARK}\n", f"nora {MARK}\n", "nora\n" + f"{MARK}x\n" * 6, f"/login nora\n{MARK}\n"):
        client = Person(server.connect())
        client.send(text)
        client.send("/quit\n")
        client.read_to_end()
        client.close()
    check_nowhere(server, observers, tmp_path)
