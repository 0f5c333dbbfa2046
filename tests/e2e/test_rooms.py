"""The owner of an account comes back to the same channels, with whatever client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.e2e.harness import Full, Person, Plain, Server


def test_every_client_leads_back_to_the_rooms_of_an_account(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    data = ("--data", str(tmp_path / "kept"), "--insecure-no-limits")
    server = start(*data)
    nora, bob = Full(server.connect(), "nora"), Full(server.connect(), "bob")
    bob.request("join", ["#ops", "#dev"])
    nora.request("register", password="secret word")
    nora.request("join", ["#ops", "#dev"])
    nora.request("part", "#dev")
    nora.leave()
    bob.event("quit", sender="nora")

    person = Person(server.connect())
    person.send("nora\nsecret word\n")
    person.line("Hello nora")
    person.line("You are back in #ops.")
    person.type("/join #tea")
    person.line("#tea")
    person.type("/quit")
    person.read_to_end()
    server.kill()

    server = start(*data)
    plain = Plain(server.connect())
    plain.send('{"request": "login", "content": "nora", "password": "secret word"}')
    plain.until(lambda event: "You are back in #ops, #tea." in event["content"])
    plain.close()

    irc = server.connect()
    irc.sendall(b"PASS :nora:secret word\r\nNICK nora2\r\nUSER n 0 * :n\r\nREJOIN\r\nQUIT\r\n")
    heard = b""
    while data_ := irc.recv(65536):
        heard += data_
    assert [line.split()[2] for line in heard.decode().split("\r\n") if " JOIN " in line] == ["#ops", "#tea"]
    irc.close()

    nora = Full(server.connect(), "nora", password="secret word")
    assert "rooms" in nora.welcome["content"]["features"]
    assert [nora.event("joined", to=room)["login"] for room in ("#main", "#ops", "#tea")] == [True] * 3
