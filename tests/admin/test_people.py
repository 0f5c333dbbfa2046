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
from tests.waiting import until_files

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


def test_not_a_word_of_somebody_who_is_erased_is_left_in_any_file_or_the_log(
    start: Callable[..., Server],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    types: Callable[[str], None],
) -> None:
    data = tmp_path / "data"
    server = start("--data", str(data), "--insecure-no-limits")
    mallory, bob = Full(server.connect(), "mallory"), Full(server.connect(), "bob")
    for number in range(120):
        mallory.put({"request": "msg", "content": f"xylophone{number} and more", "to": "#main"})
        bob.put({"request": "msg", "content": f"hello {number}", "to": "#main"})
    mallory.request("msg", "xylophone", to="bob")
    bob.sync()

    def left() -> list[str]:
        return [path.name for path in data.glob("evchat.db*") if b"xylophone" in path.read_bytes()]

    assert left()
    types("")
    assert "Add --yes" in refusal(capsys, "--data", data, "user", "erase", "mallory", code=2)
    assert "is being deleted" in Run(capsys, "--data", data, "user", "erase", "mallory", "--yes").out
    assert mallory.event("error")["code"] == "erased"
    until_files(lambda: not left(), data, "the words are gone")
    history = bob.request("history", to="#main", limit=1000)["content"]
    assert {said["content"] for said in history if said["sender"] == "mallory"} == {""}
    assert len([said for said in history if said["sender"] == "bob"]) == 120
    assert not any("xylophone" in line for line in server.log)
    assert "Nobody is known" in refusal(capsys, "--data", data, "user", "erase", "nobody", "--yes")
