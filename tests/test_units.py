"""The units for systemd: systemd itself finds nothing wrong with them, and a service behaves as they say."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from evchat import cli, units
from tests.e2e.harness import DEADLINE, Server

KINDS = ("service", "socket", "logrotate")


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_printed_with_the_path_of_this_program(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--print-unit", kind]) == 0
    printed = capsys.readouterr().out
    assert printed == units.text(kind) and "@" not in printed.replace("@system-service", "")
    if kind == "service":
        (start,) = [line for line in printed.splitlines() if line.startswith("ExecStart=")]
        assert Path(start.removeprefix("ExecStart=").split()[0]).exists()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_nothing_wrong_and_a_small_exposure(tmp_path: Path) -> None:
    files = [tmp_path / f"evchat.{kind}" for kind in KINDS[:2]]
    for kind, file in zip(KINDS, files, strict=False):
        file.write_text(units.text(kind), "utf-8")
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, files)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    threshold = ["--offline=true", "--threshold=20"]  # of 100: "OK" at most
    subprocess.run(
        ["systemd-analyze", "security", *threshold, str(files[0])], check=True, capture_output=True
    )


@pytest.mark.skipif(sys.platform != "linux", reason="needs systemd's protocol")
def test_a_service_says_when_clients_can_connect_lives_and_says_when_it_stops(tmp_path: Path) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(DEADLINE)
        server = Server("--memory", NOTIFY_SOCKET=path, WATCHDOG_USEC="200000")
        ready = manager.recv(4096)
        assert ready.startswith(b"READY=1\nSTATUS=evchat")
        server.connect()
        for _ in range(3):
            assert manager.recv(4096) == b"WATCHDOG=1"
        server.stop()
        while (told := manager.recv(4096)) == b"WATCHDOG=1":
            pass
        assert told == b"STOPPING=1"


@pytest.mark.skipif(shutil.which("systemd-socket-activate") is None, reason="needs systemd-socket-activate")
def test_systemd_listens_and_the_server_serves_whoever_has_connected(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "evchat", "--memory", "--listen", "systemd:"]
    process = subprocess.Popen(
        ["systemd-socket-activate", "-l", f"127.0.0.1:{port}", "--fdname=irc", *command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    try:
        assert process.stderr.readline().startswith("Listening on")
        sock = socket.create_connection(("127.0.0.1", port), DEADLINE)
        sock.sendall(b"NICK ann\r\nUSER ann 0 * :Ann\r\n")
        heard = b""
        while b" 376 " not in heard and b" 422 " not in heard:
            data = sock.recv(65_536)
            assert data, heard
            heard += data
        sock.close()
        assert process.stdout.readline() == f"listening irc://127.0.0.1:{port}\n"
    finally:
        process.terminate()
        process.communicate(timeout=DEADLINE)
