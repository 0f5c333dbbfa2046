"""The container: what its files name is there, and means what they say, as far as that shows without one."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

from evchat import cli
from evchat.admin import cli as admin

ROOT = Path(__file__).resolve().parent.parent
RECIPE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE = (ROOT / "compose.yaml").read_text("utf-8")


def instructions(name: str) -> list[str]:
    """What follows an instruction, each time."""
    return re.findall(rf"^{name} (.*)$", RECIPE, re.MULTILINE)


def test_what_is_copied_is_there_and_is_all_that_an_installation_needs() -> None:
    copied = {Path(source).parts[0] for each in instructions("COPY") for source in each.split()[:-1]}
    assert all((ROOT / source).exists() for source in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    data = project["tool"]["setuptools"]["data-files"]
    needed |= {Path(pattern).parts[0] for patterns in data.values() for pattern in patterns}
    needed |= {
        pattern.rstrip("*") for pattern in project["tool"]["setuptools"]["packages"]["find"]["include"]
    }
    assert copied == needed
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[0] == "!"
    }
    assert let_through == needed


def test_the_extras_exist_and_the_user_is_not_root() -> None:
    (install,) = [each for each in instructions("RUN") if "pip install" in each]
    (extras,) = re.findall(r"/src\[([a-z0-9,]+)\]", install)
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert set(extras.split(",")) <= set(known)
    assert instructions("USER") == ["evchat"] and "useradd --system" in install


def test_the_commands_are_those_of_evchat() -> None:
    assert json.loads(*instructions("ENTRYPOINT")) == ["evchat-server"]
    compose = json.loads(*re.findall(r"^ +command: (\[.*\])$", COMPOSE, re.MULTILINE))
    for arguments in (json.loads(*instructions("CMD")), compose):
        cli._parser().parse_args(arguments)
    program, *arguments = json.loads(instructions("HEALTHCHECK")[0].partition(" CMD ")[2])
    assert program == "evchat-admin"
    admin.parser().parse_args(arguments)


def test_the_variables_are_settings() -> None:
    from evchat.settings.server import strays

    named = re.findall(r"^ +(EVCHAT_\w+):", COMPOSE, re.MULTILINE)
    named += [word.partition("=")[0] for each in instructions("ENV") for word in shlex.split(each)]
    assert "EVCHAT_DATA" in named and "EVCHAT_TLS_CERT" in named
    assert strays(dict.fromkeys(named, "x")) == []
