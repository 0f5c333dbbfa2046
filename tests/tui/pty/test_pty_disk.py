"""A disk that is full, read-only, or full of nonsense: the client says so, goes on, and sends what is typed."""

from __future__ import annotations

import json
import shlex
import signal
from pathlib import Path

from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients


def test_a_full_disk_is_told_and_lines_are_sent_nevertheless(
    server: Server, clients: Clients, friend: Full
) -> None:
    command = "trap '' XFSZ; ulimit -f 0; exec " + shlex.join(clients.argv(server, "alice"))
    alice = clients.run(["bash", "-c", command], "alice")
    alice.see("● connected")
    alice.line("hello")
    alice.see("hello ✓")
    assert friend.event("message")["content"] == "hello"
    server.process.send_signal(signal.SIGSTOP)  # stopped, so that the line waits
    alice.line("kept in memory only")
    alice.see("can't be written to disk")
    server.process.send_signal(signal.SIGCONT)
    alice.see("kept in memory only ✓")
    alice.press("ctrl-q")
    assert alice.ended() == 0
    assert alice.left_on() == set()


def test_a_place_that_can_not_be_written_to_is_borne(server: Server, clients: Clients, friend: Full) -> None:
    (clients.home / "file").write_text("no directory")
    alice = clients.start(server, "alice", XDG_STATE_HOME=str(clients.home / "file"))
    alice.see("● connected")
    alice.line("hello")
    assert friend.event("message")["content"] == "hello"
    alice.see("hello ✓")
    alice.type("a draft that can't be kept")
    alice.see("a draft")
    alice.press("ctrl-q")
    assert alice.ended() == 0


def test_what_is_left_of_a_broken_disk_is_read_as_far_as_it_makes_sense(
    server: Server, clients: Clients, friend: Full
) -> None:
    first = clients.online(server)
    first.line("hi")
    first.see("hi ✓")
    first.type("a draft")
    first.see("a draft")
    first.press("ctrl-q")
    first.ended()
    (drafts,) = (clients.home / "alice").rglob("drafts.json")
    state = drafts.parent
    drafts.write_text('{"#main": ' + "[" * 100_000)
    (state / "typed").write_bytes(b"\xff\x00\x1b[2J\tx\n" * 100)
    (state / "ignored.json").write_text('{"users": {"a": 1}}')
    (state / "outbox").mkdir(exist_ok=True)
    good = {"id": "left-1", "room": "#main", "text": "left \x1b[2Jover", "at": 1}
    lines = [
        "[" * 100_000,
        '{"id": [], "text": 1}',
        '{"id": "x"',
        "null",
        "1" * 5000,
        json.dumps(good),
        "\0\0\0",
    ]
    (state / "outbox" / "a.outbox").write_text("\n".join(lines))
    (state / "outbox" / "b.outbox").write_bytes(b"\xff" * 5000)
    (state / "outbox" / "c.outbox").mkdir()
    friend.sync()
    again = clients.online(server)
    again.see(r"left .*over ✓")
    assert friend.event("message")["content"] == "left \x1b[2Jover"
    again.press("up")
    again.press("ctrl-q")
    assert again.ended() == 0


def test_two_clients_in_one_home_send_each_line_once(
    server: Server, clients: Clients, friend: Full, tmp_path: Path
) -> None:
    alice = Full(server.connect(), "alice")
    alice.request("register", password="secret")
    both = [
        clients.run(clients.argv(server, "alice"), "alice", EVCHAT_TUI_PASSWORD="secret") for _ in range(2)
    ]
    for number, one in enumerate(both):
        one.see("● connected")
        one.line(f"from {number}")
        one.see(f"from {number} ✓")
    both[0].kill(9)
    both[0].ended()
    both[1].line("still here")
    both[1].see("still here ✓")
    said = [friend.event("message")["content"] for _ in range(3)]
    assert said == ["from 0", "from 1", "still here"]
    both[1].press("ctrl-q")
    assert both[1].ended() == 0


def test_the_next_run_is_where_and_what_one_was(server: Server, clients: Clients, friend: Full) -> None:
    friend.request("join", "#ops")
    alice = clients.online(server)
    for line in ("/realname Alice A.", "/away lunch", "/join #ops"):
        alice.line(line)
    friend.event("joined", sender="alice", to="#ops")
    friend.event("presence", sender="alice", away="lunch")
    alice.see("2:#ops")  # the client has heard of it, too
    alice.line("/quit")
    assert alice.ended() == 0
    friend.event("quit", sender="alice")
    again = clients.online(server)
    again.see("#ops")
    friend.event("joined", sender="alice", to="#ops")
    friend.event("presence", sender="alice", away="lunch")  # the last of what is said again
    assert friend.request("whois", "alice")["content"]["realname"] == "Alice A."
