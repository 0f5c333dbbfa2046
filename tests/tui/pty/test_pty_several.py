"""Several servers in one client, on a real terminal."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients

GATE = "appl3pie"


def _named(server: Server) -> str:
    return "{}:{}".format(*server.where)


def test_a_server_is_connected_to_used_killed_and_left_beside_another(
    server: Server, clients: Clients, tmp_path: Path
) -> None:
    second = Server("--data", str(tmp_path / "data"), "--insecure-no-limits", EVCHAT_PASSWORD=GATE)
    here, there = _named(server), _named(second)
    alice = clients.online(server)
    bob = Full(server.connect(), "bob")
    alice.line(f"/connect {there}")
    alice.see(rf"Password of {there}:")
    alice.line(GATE)
    alice.see(rf"2:#main.*● {there}: connected")
    alice.line("hello there")
    alice.see("hello there ✓")
    bob.request("msg", "alice: hello here", to="#main")
    alice.see(r"1 #main +!")
    alice.press("alt-a")
    alice.see("alice: hello here")
    port = second.where[1]
    second.kill()
    alice.see(rf"{there}: offline")
    alice.press("alt-2")
    alice.line("said in the dark")
    alice.see("said in the dark …")
    again = Server(
        "--data", str(tmp_path / "data"), "--insecure-no-limits",
        listen=(f"tcp://127.0.0.1:{port}",), EVCHAT_PASSWORD=GATE,
    )  # fmt: skip
    try:
        alice.see("said in the dark ✓")
        alice.line("/disconnect")
        alice.see(r"\[alice\] 1:#main .*● connected")
        alice.miss("2 #main")
        alice.line(f"/connect {here}")
        alice.line("/quit")
        assert alice.ended() == 0
    finally:
        again.stop()
    for path in filter(Path.is_file, tmp_path.rglob("*")):
        assert GATE.encode() not in path.read_bytes(), path


def test_several_addresses_are_connected_to_at_the_start_and_saved(
    server: Server, clients: Clients, tmp_path: Path
) -> None:
    second = Server("--memory", "--insecure-no-limits")
    here, there = _named(server), _named(second)
    try:
        alice = clients.run(clients.argv(here, "alice", there), "alice")
        alice.see(rf"1:#main.*● {here}: connected")
        alice.see("2 #main")
        bob = Full(second.connect(), "bob")
        bob.request("msg", "alice: over here", to="#main")
        alice.see(r"2 #main +!")
        alice.line("/save")
        alice.see("Settings saved")
        alice.line("/quit")
        assert alice.ended() == 0
        saved = (tmp_path / "alice" / ".config" / "evchat" / "tui.toml").read_text()
        assert f'server = "{here}"' in saved
        assert f'servers = ["{there}"]' in saved
    finally:
        second.stop()
