"""SIGHUP: those who are there and those who come get the settings that hold now."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.e2e.harness import DEADLINE, Full, Server

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")


def ask(sock: socket.socket, *lines: str, until: str) -> str:
    """What an IRC client hears until a line holds `until`."""
    sock.settimeout(DEADLINE)
    sock.sendall("".join(f"{line}\r\n" for line in lines).encode())
    heard = b""
    while until.encode() not in heard or not heard.endswith(b"\n"):
        data = sock.recv(65_536)
        assert data, heard
        heard += data
    return heard.decode()


def test_new_settings_reach_who_is_there_who_says_nothing_yet_and_who_comes(tmp_path: Path) -> None:
    config = tmp_path / "evchat.toml"
    config.write_text('motd = "old words"\n', "utf-8")
    server = Server("--memory", "--config", str(config), "--insecure-no-limits")
    there, silent = server.connect(), server.connect()
    assert "old words" in ask(there, "NICK ann", "USER ann 0 * :Ann", until=" 376 ")
    config.write_text('motd = "new words"\n[limits]\nmax_topic_bytes = 20\n', "utf-8")
    os.kill(server.process.pid, signal.SIGHUP)
    assert " 005 ann TOPICLEN=20 :" in ask(there, until=" 005 ")
    assert "new words" in ask(there, "MOTD", until=" 376 ")
    assert "TOPICLEN=20" in ask(there, "VERSION", "PING x", until="PONG")
    for sock, nick in ((silent, "bob"), (server.connect(), "cid")):
        heard = ask(sock, f"NICK {nick}", f"USER {nick} 0 * :x", until=" 376 ")
        assert "new words" in heard and "TOPICLEN=20" in heard
    assert Full(server.connect(), "dora").welcome["content"]["motd"] == "new words"
    server.stop()
