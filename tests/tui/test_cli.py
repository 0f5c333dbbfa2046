"""The command line: what it takes, what it says, how it ends."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat import __version__
from evchat.settings.address import Address
from tests.e2e.harness import ROOT
from tui import cli
from tui.cli import main, parse
from tui.connection import local_server
from tui.settings import Settings


@pytest.fixture(autouse=True)
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for each test."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in list(os.environ):
        if name.startswith("EVCHAT"):
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def nobody() -> Address:
    """An address of this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return Address("127.0.0.1", sock.getsockname()[1])


def test_everything_can_be_said() -> None:
    arguments = [
        "--user",
        "bot",
        "host:1",
        "--channel",
        "#a",
        "--channel=b",
        "--plain",
        "--tail",
        "#c",
        "--config=f",
    ]
    assert parse(arguments) == {
        "user": "bot", "server": ["host:1"], "channels": ["#a", "#b"], "plain": True, "tail": "#c", "config": "f",
    }  # fmt: skip
    assert parse([]) == {}


@given(
    st.lists(
        st.sampled_from(
            [
                "--user",
                "--channel",
                "--config",
                "--tail",
                "--plain",
                "--use",
                "--user=x",
                "--",
                "-",
                "-x",
                "host",
            ]
            + ["#a", "a b", "", "-1", "- x", "--help"]
        )
    )
)
def test_what_is_read_without_argparse_is_what_argparse_reads(arguments: list[str]) -> None:
    simple = cli._simple(arguments)
    assert simple is None or simple == vars(cli._parser().parse_intermixed_args(arguments))


def test_what_people_type_every_day_is_read_without_argparse() -> None:
    assert cli._simple(["--user", "ann", "--channel", "a", "--plain", "host:1", "host:2"]) is not None


@pytest.mark.parametrize(
    "arguments",
    [["--dance"], ["-x"], ["--user"], ["--user="], ["--user", ""], ["one", ""], ["--plain=yes"]],
)
def test_what_is_wrong_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "\nevchat-tui: error: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["http://x"], ["--user", "a b"], ["--channel", "#a b"], ["--config", "/none.toml"]],
)
def test_wrong_settings_are_told_before_anything_is_done(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("evchat-tui: ")


def test_the_version_and_the_help_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"evchat-tui {__version__}\n"
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    printed = capsys.readouterr().out
    for option in ("ADDRESS", "--user", "--channel", "--config", "--plain", "--tail", "EVCHAT_TUI_PASSWORD"):
        assert option in printed


# ---- the server on this machine -------------------------------------------------------------------------------


@pytest.fixture
def started() -> Iterator[list[int]]:
    """Process ids of servers, which are ended."""
    pids: list[int] = []
    yield pids
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="ends the server by a signal")
@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")  # that is what it is for
def test_a_server_is_started_and_stays(nobody: Address, started: list[int], tmp_path: Path) -> None:
    assert not local_server.runs(nobody)
    pid, problem = local_server.start(nobody, str(tmp_path / "log" / "server.log"), os.environ)
    assert problem == ""
    started.append(pid)
    assert local_server.runs(nobody)
    assert (tmp_path / "log" / "server.log").exists()


def test_a_server_that_does_not_start_is_told_with_its_log(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = Address("127.0.0.1", taken.getsockname()[1])
        pid, problem = local_server.start(address, str(tmp_path / "server.log"), os.environ)
    assert pid == 0
    assert str(tmp_path / "server.log") in problem
    assert (tmp_path / "server.log").read_text()


def test_a_server_whose_log_can_not_be_written_is_not_started(nobody: Address, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    pid, problem = local_server.start(nobody, str(tmp_path / "file" / "server.log"), os.environ)
    assert pid == 0
    assert "could not be started" in problem


def unnamed(address: Address) -> Settings:
    """The settings of somebody who has named no server."""
    return Settings({"server": str(address), "user": "alice"}, os.environ, chosen=False)


def test_without_a_terminal_nothing_is_offered(nobody: Address, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._find_server(unnamed(nobody)) == -1
    assert f"No server is running at {nobody}" in capsys.readouterr().err


def test_a_server_that_runs_is_found(nobody: Address) -> None:
    with socket.create_server((nobody.host, nobody.port)):
        assert cli._find_server(unnamed(nobody)) == 0


@pytest.mark.parametrize("answer", ["n\n", "no\n", "", "what?\n"])
def test_who_does_not_want_a_server_gets_none(
    nobody: Address, answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "isatty", lambda fd: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    assert cli._find_server(unnamed(nobody)) == -1
    assert "Start one here? [Y/n]" in capsys.readouterr().err
    assert not local_server.runs(nobody)


@pytest.mark.skipif(sys.platform == "win32", reason="ends the server by a signal")
@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_who_wants_a_server_gets_one_and_is_told_how_to_end_it(
    nobody: Address, started: list[int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "isatty", lambda fd: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    pid = cli._find_server(unnamed(nobody))
    told = capsys.readouterr().err
    started.append(int(told.partition("`kill ")[2].partition("`")[0]))
    assert started == [pid]
    assert local_server.runs(nobody)


def test_a_start_imports_nothing_that_takes_long_and_is_not_needed() -> None:
    slow = {
        "argparse",
        "shutil",
        "typing",
        "dataclasses",
        "inspect",
        "asyncio",
        "ssl",
        "evchat.protocol.base",
        "evchat.protocol.commands",
    }
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tui.cli, tui.settings, tui.app; "
    code += f"tui.cli.parse(['--user', 'ann', 'host']); print({slow} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], stdout=subprocess.PIPE, check=True, text=True
    )
    assert done.stdout.strip() == "set()"
