"""What was seen or acknowledged is there after kill -9; a full disk is told and survived."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from evchat.protocol.messages import Message
from evchat.storage.sqlite.store import SqliteStore
from tests.e2e.harness import ROOT, Full, Person, Server


def test_a_handful_of_kills_under_load_loses_and_doubles_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/crashtest.py", "--rounds", "6", "--seconds", "0.2"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_that_is_kept_is_there_after_a_kill(start: Callable[..., Server], tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "kept"))
    server = start(*data)
    alice, bob = Full(server.connect(), "alice"), Full(server.connect(), "bob")
    alice.request("register", None, password="secret word")
    alice.request("topic", "the topic")
    alice.request("msg", "hello", id="once")
    alice.request("block", "bob")
    bob.request("msg", "one", to="#main")
    bob.request("msg", "a slip", to="#main")
    assert bob.request("redact", to="#main", seq=3)["rev"] == 1
    bob.leave()
    alice.event("quit", sender="bob")
    kept = alice.request("msg", "for your inbox", to="bob")
    assert kept["kept"] is True
    server.kill()

    server = start(*data)
    guest = Full(server.connect())
    assert guest.request("login", "alice")["code"] == "password-needed"
    assert guest.request("login", "alice", password="wrong")["code"] == "wrong-password"
    assert guest.request("login", "alice", password="secret word")["response"] == "ok"
    assert guest.request("topic")["content"] == "the topic"
    assert guest.request("blocked")["content"] == ["bob"]
    again = guest.request("msg", "hello", id="once")
    assert again["duplicate"] is True and again["seq"] == 1
    history = guest.request("history", to="#main")["content"]
    assert [(message["seq"], message["content"]) for message in history] == [
        (1, "hello"),
        (2, "one"),
        (3, ""),
    ]
    changed = guest.request("history", to="#main", changed_after=0)
    assert [(message["seq"], message["redacted"], message["rev"]) for message in changed["content"]] == [
        (3, True, 1)
    ]
    assert changed["rev"] == guest.event("joined", to="#main")["rev"] == 1
    bob = Full(server.connect(), "bob")
    assert [message["content"] for message in bob.request("inbox")["content"]] == ["for your inbox"]
    assert bob.request("inbox")["content"] == []
    assert [person["name"] for person in bob.request("wholast", 5)["content"]] == ["alice", "bob"]


def test_damage_that_only_readers_meet_is_logged_once(start: Callable[..., Server], tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path)) as store:
        for seq in range(1, 101):
            store.save(Message(seq, "#main", seq, "bob", "#main", "x" * 3000))
        store.commit()
    path = tmp_path / "evchat.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: -40 * 4096] + b"\xff" * 40 * 4096)
    server = start("--data", str(tmp_path))
    alice = Full(server.connect(), "alice")
    for _ in range(3):
        assert alice.request("history", to="#main", limit=90)["code"] == "storage"
    assert "damaged" in server.logged("can't answer")
    server.stop()
    assert sum("can't answer" in line for line in server.log) == 1


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_guests_channel_begins_anew_with_the_server_and_one_with_an_owner_goes_on(
    start: Callable[..., Server], tmp_path: Path, how: str
) -> None:
    data = ("--data", str(tmp_path / "kept"))
    server = start(*data)
    alice, bob = Full(server.connect(), "alice"), Full(server.connect(), "bob")
    alice.request("register", None, password="secret word")
    for who, name in ((alice, "#alices"), (bob, "#bobs")):
        who.request("join", name)
        who.request("topic", f"about {name}", to=name)
        assert who.request("msg", f"said in {name}", to=name)["seq"] == 1
    bob.request("mode", "+is", to="#bobs")
    getattr(server, how)()

    server = start(*data)
    guest = Full(server.connect(), "guest")
    assert [row["name"] for row in guest.request("channels")["content"]] == ["#main", "#alices"]
    guest.request("join", "#alices")
    guest.request("join", "#bobs")
    assert [x["content"] for x in guest.request("history", to="#alices")["content"]] == ["said in #alices"]
    assert guest.request("topic", to="#alices")["content"] == "about #alices"
    assert guest.request("history", to="#bobs", after=0)["content"] == []
    assert guest.request("topic", to="#bobs")["content"] == ""
    assert [x["content"] for x in guest.request("search", "said")["content"]] == ["said in #alices"]
    assert guest.request("msg", "new", to="#bobs")["seq"] == 2, "numbers go on"


@pytest.mark.skipif(sys.platform != "linux", reason="sets another process's limit on file sizes")
def test_a_full_disk_is_told_to_senders_while_everything_else_goes_on(start: Callable[..., Server]) -> None:
    import resource

    server = start("--insecure-no-limits")
    alice, bob = Full(server.connect(), "alice"), Full(server.connect(), "bob")
    assert alice.request("msg", "before")["seq"] == 1
    pid = server.process.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    refused = alice.request("msg", "while the disk is full")
    assert refused["response"] == "error" and refused["code"] == "storage"
    assert alice.request("topic", "no room")["code"] == "storage"
    assert alice.request("topic")["content"] == ""
    assert [message["content"] for message in bob.request("history", to="#main")["content"]] == ["before"]
    carol = Full(server.connect(), "carol")
    assert carol.state["response"] == "ok"
    assert bob.event("joined", sender="carol")
    carol.leave()
    assert bob.event("quit", sender="carol")
    assert "while the disk is full" not in [event.get("content") for event in bob.sync()]
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert alice.request("msg", "after")["seq"] == 2
    assert bob.event("message", content="after")["seq"] == 2
    server.stop()  # after which the log has been read to its end
    assert sum("can't keep" in line for line in server.log) == 1
    assert sum("keeps again" in line for line in server.log) == 1


def test_a_stopping_server_tells_everyone_and_ends_with_0(start: Callable[..., Server]) -> None:
    server = start("--memory")
    full, person = Full(server.connect(), "alice"), Person(server.connect())
    person.login("bob")
    assert server.stop(close=False) == 0
    assert full.event("stopping")["content"]
    assert "going down" in person.line("* ")
    assert full.read_to_end() is not None


def test_the_second_server_on_a_directory_is_refused(start: Callable[..., Server], tmp_path: Path) -> None:
    start("--data", str(tmp_path))
    second = subprocess.run(
        [sys.executable, "-m", "evchat", "--listen", "tcp://127.0.0.1:0", "--data", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 1 and "Traceback" not in second.stderr and str(tmp_path) in second.stderr
