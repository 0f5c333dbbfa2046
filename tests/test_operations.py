"""docs/operations.md: every command in it runs, and every setting in it is one.

What belongs to the machine is played by stand-ins that check how they are called; what belongs to evchat is real.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evchat import cli
from evchat.core.rules import passwords
from tests.e2e.harness import DEADLINE, Full, Server

DOCS = Path(__file__).resolve().parent.parent / "docs"
TEXT = (DOCS / "operations.md").read_text("utf-8")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the document is for POSIX systems")

MACHINE = {
    # Each is a script of sh. Anything that the document does not do on purpose fails.
    "sudo": 'while [ "${1#*=}" != "$1" ]; do export "$1"; shift; done; exec "$@"',
    "systemctl": 'case "$*" in daemon-reload|"enable --now evchat"|"enable --now evchat.socket"|"reload evchat"|'
    '"restart evchat"|"stop evchat"|"start evchat") ;; *) exit 9;; esac',
    "pipx": 'case "$*" in "install evchat[web]"|"install evchat[web,metrics]"|"upgrade evchat") ;; *) exit 9;; esac',
    "docker": 'case "$1" in build|run|compose) ;; *) exit 9;; esac',
    "certbot": '[ "$1" = certonly ]',
    "setfacl": '[ "$1" = -R ]',
    "useradd": '[ "$*" = "--system evchat" ]',
    "journalctl": '[ "$1 $2" = "-u evchat" ]',
    "sysctl": "true",
}


def commands() -> list[str]:
    """The lines of the indented blocks, without those that continue a Prometheus rule."""
    blocks = re.findall(r"(?:^    .+\n)+", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL), re.MULTILINE)
    return [line[4:] for block in blocks if "alert:" not in block for line in block.splitlines()]


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine whose /etc and /var are below a temporary folder."""
    programs = tmp_path / "bin"
    programs.mkdir()
    scripts = {
        **MACHINE,
        "evchat-server": f'exec {sys.executable} -m evchat "$@"',
        "evchat-admin": f'exec {sys.executable} -m evchat.admin "$@"',
    }
    for name, script in scripts.items():
        file = programs / name
        file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
    for folder in ("etc/systemd/system", "etc/logrotate.d", "var/backups"):
        (tmp_path / folder).mkdir(parents=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("EVCHAT_")}
    return environ | {"PATH": f"{programs}:/usr/bin:/bin", "EVCHAT_DATA": str(tmp_path / "data")}


def test_every_command_runs(tmp_path: Path, machine: dict[str, str]) -> None:
    running: Server | None = Server("--data", machine["EVCHAT_DATA"])
    Full(running.connect(), "bob").request("msg", "hello", to="#main")
    said = []
    assert len(commands()) > 25
    for line in commands():
        if "systemctl stop evchat" in line and running is not None:
            running.stop()
            running = None
        here = re.sub(r"(?<![\w.])/(etc|var)/", rf"{tmp_path}/\1/", line)
        run = subprocess.run(
            ["/bin/sh", "-c", here], env=machine, cwd=tmp_path, input="secret\n", capture_output=True, text=True,
            check=False, timeout=DEADLINE * 3,
        )  # fmt: skip
        assert run.returncode == 0, f"{line}\n{run.stdout}{run.stderr}"
        said.append(run.stdout)
        if "systemctl start evchat" in line and running is None:
            running = Server("--data", machine["EVCHAT_DATA"])
    if running is not None:
        running.stop()
    assert (tmp_path / "etc/systemd/system/evchat.service").stat().st_size > 500
    assert any("OK" in each for each in said)


def blocks() -> list[Any]:
    """The settings in the documents for those who run a server."""
    found = []
    for name in ("operations", "behind-a-proxy", "quickstart-lan", "settings", "faq"):
        text = (DOCS / f"{name}.md").read_text("utf-8")
        for number, block in enumerate(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)):
            found.append(pytest.param(block, id=f"{name}-{number}"))
    return found


@pytest.mark.parametrize("block", blocks())
def test_every_setting_is_one(tmp_path: Path, block: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "evchat.toml"
    # What stands for something of the reader's own: files, and the hash of a password.
    own = re.sub(r"^(tls_\w+|listen) = .*\n", "", block, flags=re.MULTILINE)
    hashed = passwords.make_secret("secret", bytes(passwords.SALT_BYTES))
    file.write_text(own.replace("PASTE THE HASH HERE", hashed), "utf-8")
    assert cli.main(["--check-config", str(file)]) == 0, capsys.readouterr().err


def test_the_metrics_are_those_that_there_are() -> None:
    pytest.importorskip("prometheus_client")
    source = Path(sys.modules[cli.__name__].__file__ or "").with_name("server") / "metrics.py"
    code = source.read_text("utf-8")
    listed = {re.sub(r"_total$", "", name) for name in re.findall(r"`(evchat_\w+)", TEXT)}
    assert listed == set(re.findall(r'"(evchat_\w+)"', code))
