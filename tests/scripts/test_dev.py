"""scripts/dev.py: what it says, when it installs, and that it stops cleanly."""

from __future__ import annotations

import ast
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import dev

SCRIPT = Path(dev.__file__)


def test_an_older_python_can_read_it_far_enough_to_say_that_it_is_too_old() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 6))
    kinds = [type(node).__name__ for node in tree.body]
    assert kinds[:3] == ["Expr", "Import", "If"], "the version is checked before anything else is imported"


def test_the_set_up_is_done_once_for_a_pyproject(tmp_path: Path) -> None:
    python = tmp_path / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    python.parent.mkdir()
    python.touch()
    (tmp_path / "installed").write_text(
        hashlib.sha256((dev.ROOT / "pyproject.toml").read_bytes()).hexdigest()
    )
    assert dev.set_up(tmp_path) == str(python), "it ran nothing, for this Python could not have run"


def test_a_set_up_that_fails_shows_what_was_said(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(dev.SetUpError, match=r"no network\n.*ended with 3"):
        dev.quietly(sys.executable, "-c", "print('no network'); raise SystemExit(3)")
    assert capfd.readouterr() == ("", "")


def test_a_set_up_that_succeeds_is_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    dev.quietly(sys.executable, "-c", "print('all is well')")
    assert capfd.readouterr() == ("", "")


def test_unknown_commands_are_answered_with_the_known_ones() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "dance"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "loadtest" in done.stderr and "Traceback" not in done.stderr


def test_without_a_command_it_says_what_there_is() -> None:
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "dev.py run" in done.stdout and done.stderr == ""


def test_arguments_reach_the_load_test() -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, "loadtest", "--size", "1"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "--size" in done.stderr


def test_a_file_that_is_named_is_looked_for_where_the_caller_is(tmp_path: Path) -> None:
    (tmp_path / "chat.toml").write_text('name = ""\n')
    (tmp_path / "argparse.py").write_text("raise SystemExit('imported what lies around')\n")
    done = subprocess.run(
        [sys.executable, SCRIPT, "run", "--config", "chat.toml"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "The server's name must be" in done.stderr


def test_whoever_leaves_a_server_that_others_use_is_told_how_to_stop_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as server:
        dev.leave(server, 0.1)
        assert str(server.pid) in capfd.readouterr().err
        server.returncode = None  # the test waits for it
        server.communicate("\n", 30)
    dev.leave(server)
    assert capfd.readouterr().err == ""


@pytest.mark.e2e
@pytest.mark.skipif(os.name == "nt", reason="needs the signals of POSIX")
@pytest.mark.parametrize("how", ["ctrl-c", "sigterm"])
def test_run_says_how_to_connect_and_ends_cleanly(how: str) -> None:
    command = [sys.executable, str(SCRIPT), "run", "--listen", "tcp://127.0.0.1:0", "--memory"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        assert running.stdout is not None
        port = running.stdout.readline().strip().rpartition(":")[2]
        how_to_join = iter(running.stdout.readline, "")
        assert any(f"nc 127.0.0.1 {port}" in line for line in how_to_join)
        if how == "ctrl-c":
            os.killpg(running.pid, signal.SIGINT)  # as a terminal does
        else:
            running.terminate()
        _, errors = running.communicate(timeout=30)
    assert running.returncode == 0 and "Traceback" not in errors
