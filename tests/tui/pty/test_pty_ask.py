"""What a server needs before it lets one in is asked for, answered once, and found in no file."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients

GATE, SECRET = "appl3pie", "s3kret"


def _guarded(tmp_path: Path, url: str = "tcp://127.0.0.1:0") -> Server:
    data = str(tmp_path / "data")
    return Server("--data", data, "--insecure-no-limits", listen=(url,), EVCHAT_PASSWORD=GATE)


def test_passwords_are_asked_for_and_given_again_after_a_crash_of_the_server(
    clients: Clients, tmp_path: Path
) -> None:
    server = _guarded(tmp_path)
    owner = Full(server.connect())
    owner.request("pass", password=GATE)
    owner.request("login", "nora")
    owner.request("register", password=SECRET)
    owner.request("quit")
    nora = clients.start(server, "nora")
    nora.see("waiting for the server's password")
    nora.line("wr0ng")
    nora.see("Wrong server password")
    nora.type(GATE)
    nora.see(rf"Password of the server: \*{{{len(GATE)}}}")
    nora.press("enter")
    nora.see("Password for nora:")
    nora.line("wr0ng")
    nora.see(r"Wrong password\.")
    nora.line(SECRET)
    nora.see("● connected")
    port = server.where[1]
    server.kill()
    nora.see("● offline")
    nora.line("said in the dark")
    again = _guarded(tmp_path, f"tcp://127.0.0.1:{port}")
    try:
        nora.see("● connected")
        nora.line("/quit")
        assert nora.ended() == 0
        for path in filter(Path.is_file, tmp_path.rglob("*")):
            data = path.read_bytes()
            assert not [secret for secret in (GATE, SECRET, "wr0ng") if secret.encode() in data], path
    finally:
        again.stop()
