"""Listeners: UNIX sockets, IPv6, ports for one dialect, several at once, and settings that are read again."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.e2e.harness import DEADLINE, ROOT, Client, Full, Person, Plain, Server

needs_unix = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs UNIX sockets")
needs_sighup = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs SIGHUP")


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="needs IPv6")


@pytest.fixture
def path() -> Iterator[Path]:
    """Where a UNIX socket may be: their paths have 108 bytes at most, and tmp_path may be longer."""
    with TemporaryDirectory() as directory:
        yield Path(directory, "chat.sock")


# ---- UNIX sockets


@needs_unix
def test_all_dialects_speak_over_a_unix_socket(start: Callable[..., Server], path: Path) -> None:
    server = start("--memory", "--insecure-no-limits", listen=(f"unix://{path}",))
    assert server.urls == [f"unix://{path}"]
    full, person, plain = Full(server.connect(), "alice"), Person(server.connect()), Plain(server.connect())
    person.login("bob")
    plain.put("login", "carol")
    assert "Login successful" in plain.receive()["content"]
    full.request("msg", "over a file")
    assert person.line("file") == "HH:MM #main <alice> over a file"
    assert plain.until(lambda event: event["response"] == "message")["content"] == "over a file"


@needs_unix
def test_the_file_is_for_owner_and_group_and_goes_with_the_server(
    start: Callable[..., Server], path: Path
) -> None:
    server = start("--memory", listen=(f"unix://{path}",))
    assert stat.S_ISSOCK(path.stat().st_mode) and stat.S_IMODE(path.stat().st_mode) == 0o660
    assert server.stop() == 0
    assert not path.exists()


@needs_unix
def test_the_file_of_a_killed_server_is_replaced(start: Callable[..., Server], path: Path) -> None:
    start("--memory", listen=(f"unix://{path}",)).kill()
    assert path.exists()
    assert Full(start("--memory", listen=(f"unix://{path}",)).connect(), "alice").state["response"] == "ok"


@needs_unix
def test_the_file_of_a_living_server_is_not(start: Callable[..., Server], path: Path) -> None:
    server = start("--memory", listen=(f"unix://{path}",))
    second = subprocess.run(
        [sys.executable, "-m", "evchat", "--memory", "--listen", f"unix://{path}"],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert second.returncode == 1 and "Another server is listening" in second.stderr
    assert "Traceback" not in second.stderr
    assert Full(server.connect(), "alice").state["response"] == "ok"


# ---- IPv6


@needs_ipv6
def test_ipv6_works_like_ipv4(start: Callable[..., Server]) -> None:
    server = start("--memory", listen=("tcp://[::1]:0", "tcp://127.0.0.1:0"))
    assert server.urls[0].startswith("tcp://[::1]:") and not server.urls[0].endswith(":0")
    six, four = Full(server.connect(0), "six"), Full(server.connect(1), "four")
    six.request("msg", "from the future")
    assert four.event("message")["content"] == "from the future"
    server.logged("login", "address=::1")


@needs_ipv6
def test_loopback_is_free_over_ipv6_too(start: Callable[..., Server]) -> None:
    server = start("--memory", "--max-per-ip", "1", listen=("tcp://[::1]:0",))
    people = [Full(server.connect(), f"user{number}") for number in range(5)]
    assert all(person.state["response"] == "ok" for person in people)


# ---- one dialect


@pytest.fixture
def ports(start: Callable[..., Server]) -> Server:
    """A detecting port, one for JSON, one for text."""
    return start(
        "--memory",
        "--insecure-no-limits",
        listen=("tcp://127.0.0.1:0", "json://127.0.0.1:0", "text://127.0.0.1:0"),
    )


def test_each_listener_is_told_with_its_scheme_and_real_port(ports: Server) -> None:
    assert [url.split("://")[0] for url in ports.urls] == ["tcp", "json", "text"]
    numbers = [int(url.rsplit(":", 1)[1]) for url in ports.urls]
    assert len(set(numbers)) == 3 and 0 not in numbers


def test_people_of_all_listeners_meet(ports: Server) -> None:
    alice, bob, carol = Person(ports.connect(0)), Full(ports.connect(1), "bob"), Person(ports.connect(2))
    alice.login("alice")
    carol.login("carol")
    carol.type("hi all")
    assert alice.line("hi all") == "HH:MM #main <carol> hi all"
    assert bob.event("message")["content"] == "hi all"
    assert sorted(bob.request("names")["content"]) == ["alice", "bob", "carol"]


def test_a_text_port_greets_at_once_and_takes_json_for_text(ports: Server) -> None:
    client = Person(ports.connect(2))
    assert client.line("") == "Welcome to evchat. What is your name?"
    client.type('{"request": "login", "content": "alice"}')
    assert client.line("").startswith("HH:MM ! ")
    client.login("alice")
    client.type("{braces are fine}\n/history")
    assert client.line("braces") == "HH:MM #main <alice> {braces are fine}"


def test_a_json_port_says_nothing_first_and_takes_text_for_a_mistake(ports: Server) -> None:
    client = Client(ports.connect(1))
    client.send("alice\n")
    heard = json.loads(client.read_until(lambda data: data.endswith(b"\n")))
    assert heard["response"] == "error" and heard["sender"] == "server"
    client.buffer = b""
    client.send('{"request": "login", "content": "alice"}')
    heard = json.loads(client.read_until(lambda data: data.endswith(b"\n")))
    assert "Login successful" in heard["content"]


def test_a_silent_client_of_a_detecting_or_json_port_hears_nothing(ports: Server) -> None:
    silent = [ports.connect(0), ports.connect(1)]
    talker = Full(ports.connect(0), "alice")
    talker.request("msg", "anybody?")
    talker.sync()
    for sock in silent:
        sock.setblocking(False)
        with pytest.raises(BlockingIOError):
            sock.recv(1)


def test_what_the_server_says_last_reaches_the_people_of_all_listeners(ports: Server) -> None:
    alice, bob = Person(ports.connect(2)), Full(ports.connect(1), "bob")
    alice.login("alice")
    assert ports.stop(close=False) == 0
    assert alice.line("going down").startswith("HH:MM * ")
    assert bob.event("stopping")["sender"] == "server"


# ---- settings that are read again


def eventually(client: Full, wanted: Callable[[], bool]) -> None:
    """Looks again and again; in between the server answers a request each time, so that it has had its turn."""
    deadline = time.monotonic() + DEADLINE
    while not wanted():
        assert time.monotonic() < deadline, "waited in vain"
        client.request("ping")


def reload(server: Server, client: Full, told: str = "settings reloaded") -> None:
    """Sends SIGHUP, and waits until the log says what has come of it."""
    server.process.send_signal(signal.SIGHUP)
    eventually(client, lambda: any(told in line for line in server.log))


def motd(server: Server) -> str:
    client = Full(server.connect())
    client.close()
    return str(client.welcome["content"]["motd"])


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "evchat.toml"
    file.write_text('motd = "Be kind."\n[limits]\nmax_clients = 50\nhistory_max = 7\n')
    return file


@needs_sighup
def test_sighup_changes_motd_and_limits_for_all_who_come(
    start: Callable[..., Server], settings: Path
) -> None:
    server = start("--memory", "--insecure-no-limits", "--config", str(settings))
    early = Full(server.connect(), "early")
    assert early.welcome["content"]["motd"] == "Be kind."
    assert early.welcome["content"]["limits"]["history_max"] == 7
    for number in range(9):
        early.request("msg", f"number {number}")
    assert len(early.request("history", to="#main", limit=9)["content"]) == 7

    settings.write_text('motd = "Be very kind."\n[limits]\nmax_clients = 2\nhistory_max = 8\n')
    reload(server, early)

    late = Person(server.connect())
    late.login("late")
    assert late.line("kind") == "HH:MM * Be very kind."
    assert len(early.request("history", to="#main", limit=9)["content"]) == 8
    refused = json.loads(Client(server.connect()).read_to_end())
    assert refused["response"] == "error" and "2 connections" in refused["content"]
    assert early.request("ping", "not disturbed")["content"] == "not disturbed"


@needs_sighup
def test_sighup_reads_the_file_of_motd_again(start: Callable[..., Server], tmp_path: Path) -> None:
    file = tmp_path / "motd.txt"
    file.write_text("Be kind.\n")
    server = start("--memory", "--insecure-no-limits", "--motd", str(file))
    alice = Full(server.connect(), "alice")
    assert motd(server) == "Be kind."
    file.write_text("Two\nlines.\n")
    reload(server, alice)
    assert motd(server) == "Two\nlines."


@needs_sighup
def test_settings_that_are_wrong_change_nothing_and_the_log_says_why(
    start: Callable[..., Server], settings: Path
) -> None:
    server = start("--memory", "--insecure-no-limits", "--config", str(settings))
    alice = Full(server.connect(), "alice")
    settings.write_text('motd = "Be rude."\n[limits]\nmax_clients = "many"\n')
    reload(server, alice, "not reloaded")
    (line,) = [line for line in server.log if "not reloaded" in line]
    assert " error " in line and "max_clients" in line
    assert motd(server) == "Be kind." and alice.request("ping", 1)["content"] == 1


@needs_sighup
def test_what_needs_a_restart_is_named_in_the_log(start: Callable[..., Server], settings: Path) -> None:
    server = start("--memory", "--insecure-no-limits", "--config", str(settings))
    alice = Full(server.connect(), "alice")
    settings.write_text('motd = "Be kind."\ndurability = "normal"\n')
    reload(server, alice)
    server.logged("started again", "setting=durability")
    assert not any("setting=listen" in line for line in server.log)


@needs_sighup
def test_the_logs_format_can_change(start: Callable[..., Server], tmp_path: Path) -> None:
    file = tmp_path / "evchat.toml"
    file.write_text('log_format = "text"\n')
    server = start("--memory", "--insecure-no-limits", "--config", str(file))
    alice = Full(server.connect(), "alice")
    file.write_text('log_format = "json"\n')
    reload(server, alice)
    assert server.stop() == 0
    entries = [json.loads(line) for line in server.log if line.startswith("{")]
    assert [entry["event"] for entry in entries if "settings" in entry["event"]] == ["settings reloaded"]
    assert entries[-1]["event"] == "stopped"
