"""The man pages and completions are complete, and the programs that read them find no fault."""

from __future__ import annotations

import argparse
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from evchat.settings.model import Limits
from reference import completions, manual
from tui.model import keymap
from tui.model.local_commands import LOCAL_COMMANDS

ROOT = Path(__file__).resolve().parents[3]
PARSERS = [make() for make in manual.PARSERS]


def options(parser: argparse.ArgumentParser) -> list[str]:
    return [action.option_strings[-1] for action in manual.options(parser)]


def says(command: list[str], **environ: str) -> str:
    """What a program prints, errors included; the test is skipped if there is no such program."""
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"there is no {command[0]}")
    whole = {"PATH": "/usr/bin:/bin", **environ}
    done = subprocess.run([program, *command[1:]], capture_output=True, env=whole, timeout=30, check=False)
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    ("parser", "page"),
    list(zip(PARSERS, (manual.server(), manual.client(), manual.admin()), strict=True)),
    ids=["server", "tui", "admin"],
)
def test_a_man_page_has_every_option(parser: argparse.ArgumentParser, page: str) -> None:
    assert all(f"{manual.text(option)}" in page for option in options(parser))


def test_the_man_pages_have_every_limit_key_and_command() -> None:
    server, client = manual.server(), manual.client()
    assert all(f".B {each.name} = " in server for each in fields(Limits))
    assert all(manual.text(f"[{name}]") in client for name in keymap.BY_NAME)
    assert all(f".B {manual.text(command.usage)}\n" in client for command in LOCAL_COMMANDS)


@pytest.mark.parametrize("page", ["evchat-server.1", "evchat-tui.1", "evchat-admin.1"])
def test_groff_finds_no_fault_in_a_man_page(page: str) -> None:
    warnings = says(
        ["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z", str(ROOT / "docs/man" / page)], LC_ALL="C.UTF-8"
    )
    assert warnings == ""


def test_the_man_page_of_the_administrator_has_every_command_and_its_options() -> None:
    page = manual.admin()
    found = manual.commands(PARSERS[2])
    assert found
    for name, sub in found.items():
        assert f".B {manual.text(name)}" in page
        assert all(manual.text(option) in page for option in options(sub))


def test_text_stays_text_in_a_man_page() -> None:
    assert manual.text(".SH") == "\\&.SH"
    assert manual.text("a\\b - 'c' \"d\"") == "a\\eb \\- \\(aqc\\(aq \\(dqd\\(dq"


@pytest.mark.parametrize("make", manual.PARSERS, ids=["server", "tui", "admin"])
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_reads_its_completions(shell: str, make: manual.ParserOf, tmp_path: Path) -> None:
    file = tmp_path / "completions"
    file.write_text(getattr(completions, shell)(make), "utf-8")
    assert says([shell, "-n", str(file)], HOME=str(tmp_path)) == ""


@pytest.mark.parametrize("make", manual.PARSERS, ids=["server", "tui", "admin"])
def test_completions_have_every_option(make: manual.ParserOf) -> None:
    for option in options(make()):
        assert f" {option} " in completions.bash(make).replace("'", " ")
        assert f"'*{option}[" in completions.zsh(make)
        assert f" -l {option[2:]} " in completions.fish(make)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("--stop", "--stop-when-empty"),
        ("--durability f", "full"),
        ("--listen t", ""),
        ("--log-format ", "text json"),
    ],
)
def test_bash_offers_what_fits(typed: str, offered: str) -> None:
    words = "evchat-server " + typed
    script = (
        f'source "{ROOT}/docs/completions/evchat-server.bash"; COMP_WORDS=({words}); '
        f'[[ "{words}" == *" " ]] && COMP_WORDS+=(""); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); '
        '_evchat_server; echo "${COMPREPLY[@]}"'
    )
    assert says(["bash", "-c", script]).strip() == offered
