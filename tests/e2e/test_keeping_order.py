"""Order is kept in every dialect: persons are muted and banned whatever they call themselves, and all read why."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from evchat.core.rules import passwords
from tests.e2e.harness import Full, Person, Server
from tests.irc.harness import IrcClient


def from_address(server: Server, address: str) -> socket.socket:
    """A connection from an address of this machine of its own; all of 127.0.0.0/8 are."""
    host, _, port = server.urls[0].removeprefix("tcp://").rpartition(":")
    sock = server.new_socket()
    sock.bind((address, 0))
    sock.connect((host, int(port)))
    return sock


@pytest.fixture
def tea(server: Server) -> tuple[Full, Person, IrcClient, Person]:
    """#tea, where the teacher (JSON) keeps order; bob has netcat, ira IRC, and kid1 is at an address of its own."""
    teacher = Full(server.connect(), "teacher")
    teacher.request("join", "#tea")
    bob = Person(server.connect())
    bob.login("bob")
    bob.type("/join #tea")
    ira = IrcClient(server.connect())
    ira.register("ira")
    ira.join("#tea")
    kid = Person(from_address(server, "127.0.0.77"))
    kid.login("kid1")
    kid.type("/ch #tea")
    for person in (bob, kid):
        person.sync()
    ira.collect()
    teacher.sync()
    return teacher, bob, ira, kid


pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="needs loopback addresses other than 127.0.0.1"
)


def test_a_mute_is_told_in_each_dialect_and_not_evaded(
    server: Server, tea: tuple[Full, Person, IrcClient, Person]
) -> None:
    teacher, bob, ira, kid = tea
    assert teacher.request("mute", "kid1", to="#tea", minutes=10)["response"] == "ok"
    moded = teacher.event("moded")
    assert {change["whom"] for change in moded["changes"]} == {"kid1"}
    assert all(599_000 < change["until"] - moded["at"] <= 600_000 for change in moded["changes"])
    assert "HH:MM * teacher muted kid1 in #tea for 10 minutes." in bob.sync()
    modes = [message.params for message in ira.collect() if message.command == "MODE"]
    assert modes[0][:3] == ["#tea", "+bb", "m:kid1!*@*"]
    kid.type("hello")
    kid.line("You may not speak in #tea")
    kid.type("/nick kid2")
    kid.line("You can't change your name")
    kid.type("/quit")
    again = Person(from_address(server, "127.0.0.77"))
    again.login("trent")
    again.type("/ch #tea")
    again.type("hello")
    again.line("You may not speak in #tea")
    teacher.request("unmute", "kid1", to="#tea")
    bob.line("teacher unmuted kid1 in #tea.")
    again.type("at last")
    bob.line("<trent> at last")


def test_operators_mute_from_netcat_and_irc_too(
    server: Server, tea: tuple[Full, Person, IrcClient, Person]
) -> None:
    teacher, bob, ira, kid = tea
    for name in ("bob", "ira"):
        teacher.request("op", name, to="#tea")
    bob.type("/mute #tea kid1 1")
    bob.line("bob muted kid1 in #tea for 1 minute.")
    ira.send("UNMUTE #tea kid1")
    bob.line("ira unmuted kid1 in #tea.")
    ira.send("MUTE #tea kid1 5")
    bob.line("ira muted kid1 in #tea for 5 minutes.")
    kid.type("hello")
    kid.line("You may not speak in #tea")


def test_a_ban_means_the_person(server: Server, tea: tuple[Full, Person, IrcClient, Person]) -> None:
    teacher, bob, _, kid = tea
    teacher.request("ban", "kid1", to="#tea")
    teacher.request("kick", "kid1", to="#tea")
    bob.line("teacher banned kid1 from #tea.")
    kid.type("/nick kid2")
    kid.type("/join #tea")
    kid.line("You are banned from #tea.")
    again = Full(from_address(server, "127.0.0.77"), "trent")
    assert again.request("join", "#tea")["code"] == "banned"
    assert Full(from_address(server, "127.0.0.78"), "carol").request("join", "#tea")["response"] == "ok"


def test_server_operators_see_addresses_in_every_dialect(tmp_path: Path) -> None:
    config = tmp_path / "evchat.toml"
    secret = passwords.make_secret("secret", bytes(passwords.SALT_BYTES))
    config.write_text(f'[operators]\nroot = "{secret}"\n', "utf-8")
    server = Server("--memory", "--config", str(config))
    try:
        kid = Full(from_address(server, "127.0.0.77"), "kid1")
        root = Full(server.connect(), "jason")
        assert "address" not in root.request("whois", "kid1")["content"]
        assert root.request("oper", "root", password="secret")["response"] == "ok"
        assert root.request("whois", "kid1")["content"]["address"] == "127.0.0.77"
        nora = Person(server.connect())
        nora.login("nora")
        nora.type("/whois kid1")
        assert not [line for line in nora.sync() if "127.0.0.77" in line]
        nora.type("/oper root secret")
        nora.line("You are now a server operator.")
        nora.type("/whois kid1")
        nora.line("127.0.0.77")
        nora.type("/banish kid1")
        nora.line("kid1 is banned from the server.")
        assert kid.event("error")["code"] == "banished"
        other = Full(from_address(server, "127.0.0.77"))
        assert other.request("login", "trent")["code"] == "banished"
    finally:
        server.stop()


def test_channels_of_the_settings_are_there_and_follow_them(tmp_path: Path) -> None:
    config = tmp_path / "evchat.toml"
    config.write_text(
        '[channels."#news"]\ntopic = "What is new"\nauto_join = true\nannounce = true\n', "utf-8"
    )
    server = Server("--memory", "--config", str(config))
    try:
        ira = IrcClient(server.connect())
        ira.register("ira")
        ira.send("PART #news")
        assert "PART" in [message.command for message in ira.collect()], "it had joined at the login"
        full = Full(server.connect(), "jason")
        assert {event["to"] for event in full.sync() if event["response"] == "joined"} == {"#main", "#news"}
        assert full.request("msg", "hi", to="#news")["code"] == "moderated"
        config.write_text('guests = false\n[channels."#news"]\nmodes = "-m"\n', "utf-8")
        os.kill(server.process.pid, signal.SIGHUP)
        full.event("moded", to="#news")
        assert full.request("msg", "hi", to="#news")["response"] == "ok"
        assert Full(server.connect()).request("login", "guest")["code"] == "accounts-only"
    finally:
        server.stop()
