"""Commands about people, on a server that runs and on what is stored."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evchat.storage.sqlite.store import SqliteStore
from tests.admin.run import Run, refusal
from tests.e2e.harness import Full, Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a running server is reached on Linux alone")


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Pipes text into the commands that follow."""

    def pipe(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    return pipe


def test_status_says_how_the_server_is_by_its_exit_code_too(
    start: Callable[..., Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    SqliteStore(data).close()
    assert "No server runs" in refusal(capsys, "--data", data, "status", code=3)
    assert "No server runs" in refusal(capsys, "--data", data, "restart", code=3)
    server = start("--data", str(data))
    done = Run(capsys, "--data", data, "status")
    assert done.code == 0 and f"process {server.process.pid}." in done.out and "Online: 0." in done.out
    assert f"kill {server.process.pid}" in refusal(capsys, "--data", data, "restart")


def test_people_are_added_helped_and_listed(
    start: Callable[..., Server],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    types: Callable[[str], None],
) -> None:
    data = tmp_path / "data"
    server = start("--data", str(data))
    types("correct horse\n")
    assert Run(capsys, "--data", data, "user", "add", "bob").out == "The name bob is registered.\n"
    types("\n")
    assert "empty" in refusal(capsys, "--data", data, "user", "password", "bob", code=2)
    types("battery staple\n")
    assert Run(capsys, "--data", data, "user", "password", "bob").code == 0
    bob = Full(server.connect(), "bob", password="battery staple")
    bob.request("msg", "hello", to="#main")
    rows = Run(capsys, "--data", data, "user", "list").out.splitlines()
    assert rows[0].split() == ["NAME", "REGISTERED", "LAST", "SEEN", "MESSAGES"]
    assert rows[1].split()[0] == "bob" and rows[1].split()[-1] == "1"


def test_a_ban_holds_at_once_and_is_taken_back(
    start: Callable[..., Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    server = start("--data", str(data))
    mallory = Full(server.connect(), "mallory")
    assert Run(capsys, "--data", data, "user", "ban", "mallory", "--reason", "spam").code == 0
    assert mallory.event("error")["code"] == "banished"
    assert Full(server.connect()).request("login", "mallory")["code"] == "banished"
    assert Run(capsys, "--data", data, "user", "unban", "mallory").code == 0
    assert Full(server.connect()).request("login", "mallory")["response"] == "ok"
    assert "is not banned" in refusal(capsys, "--data", data, "user", "unban", "mallory")
