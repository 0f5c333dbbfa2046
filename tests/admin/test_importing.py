"""Taking over what others have written down."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from evchat.core import records as rec
from evchat.storage.sqlite.store import SqliteStore
from tests.admin.formats.test_irc_logs import IRSSI, WEECHAT
from tests.admin.formats.test_slack import export
from tests.admin.run import Run, refusal
from tests.e2e.harness import Full, Server
from tests.storage.samples import message


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with closing(SqliteStore(tmp_path / "data", "normal")) as store:
        store.save(rec.Account("alice", "Alice", "scrypt$x", 1))
        store.commit()
    return tmp_path / "data"


def said(data: Path, key: str) -> list[tuple[int, str, str]]:
    with closing(SqliteStore(data, "normal")) as store:
        return [(x.seq, x.sender, x.text) for x in store.fetch(rec.HistoryOf(key, "alice", 999))]


def test_an_export_of_slack_is_taken_over_once(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], start: Callable[..., Server]
) -> None:
    rows = [{"user": "U1", "text": f"word {n}", "ts": f"{1795256109 + n // 2}.0"} for n in range(6)]
    path = export(tmp_path / "x.zip", *rows, rows[0])
    assert "--owner" in refusal(capsys, "--data", data, "import", path, code=2)
    assert "registered the name" in refusal(capsys, "--data", data, "import", "--owner", "bob", path, code=2)
    for there in (0, 7):
        done = Run(capsys, "--data", data, "import", "--owner", "ALICE", path)
        assert done.out == f"#general: 7 messages, {there} of them were there already.\n", done.err
    assert [seq for seq, _, _ in said(data, "#general")] == list(range(1, 8))
    server = start("--data", str(data))
    assert f"process {server.process.pid}" in refusal(
        capsys, "--data", data, "import", "--owner", "Alice", path
    )
    bob = Full(server.connect(), "bob")
    bob.request("join", "#general")
    history = bob.request("history", to="#general")["content"]
    assert [x["seq"] for x in history] == list(range(1, 8)) and history[0]["at"] == 1795256109000
    assert len(bob.request("search", "word", to="#general")["content"]) == 7
    assert bob.request("msg", "hi", to="#general")["seq"] == 8


def test_our_own_export_goes_back_without_doubling_and_into_another_server(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(SqliteStore(data, "normal")) as store:
        for seq in (1, 2, 3):
            store.save(message("#main", seq, "the same", at=5 * seq))
        store.save(message("alice bob", 1, "psst", "alice", at=9))
        store.commit()
    file = tmp_path / "out.jsonl"
    assert Run(capsys, "--data", data, "export", file).code == 0
    done = Run(capsys, "--data", data, "import", file)
    assert "#main: 3 messages, 3 of them" in done.out and "Bob: 1 messages, 1 of them" in done.out
    other = tmp_path / "other"
    SqliteStore(other).close()
    for _ in range(2):
        assert Run(capsys, "--data", other, "import", file).code == 0
    assert said(other, "#main") == said(data, "#main") and said(other, "alice bob") == said(data, "alice bob")


@pytest.mark.parametrize(("log", "count"), [(IRSSI, 4), (WEECHAT, 3)], ids=["irssi", "weechat"])
def test_a_log_of_an_irc_client_is_taken_over_once(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], log: str, count: int
) -> None:
    file = tmp_path / "chan.log"
    file.write_text(log)
    assert "--channel" in refusal(capsys, "--data", data, "import", file, code=2)
    for there in (0, count):
        done = Run(capsys, "--data", data, "import", "--channel", "main", file)
        assert done.out == f"#main: {count} messages, {there} of them were there already.\n"
    assert len(said(data, "#main")) == count


def test_what_is_nothing_of_that_is_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "letter"
    file.write_text("Dear Alice")
    assert "neither" in refusal(capsys, "--data", data, "import", file, code=2)
    file.write_text("")
    assert "neither" in refusal(capsys, "--data", data, "import", file, code=2)
    file.write_text('{"kind":"account"}')
    assert "no messages" in refusal(capsys, "--data", data, "import", file)
    assert "no file" in refusal(capsys, "--data", data, "import", tmp_path / "nothing")
    refusal(capsys, "--data", data, "import", "--channel", "#a b", file, code=2)
