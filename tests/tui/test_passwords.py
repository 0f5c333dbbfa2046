"""Passwords that need not be typed come from where the user keeps them."""

from __future__ import annotations

import shlex
import sys

import pytest

from evchat.settings.errors import SettingsError
from tui import passwords


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tcp://:apple@host:1234", ("tcp://host:1234", "apple")),
        ("tcp://:a%40b@c@host", ("tcp://host", "a@b@c")),
        ("tcp://host", ("tcp://host", None)),
        ("host:1234", ("host:1234", None)),
        ("tcp://nora:apple@host", ("tcp://nora:apple@host", None)),
    ],
)
def test_an_address_may_hold_the_servers_password(text: str, found: tuple[str, str | None]) -> None:
    assert passwords.from_address(text) == found


def _python(code: str) -> str:
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}"


def test_the_first_line_of_a_command_is_the_password() -> None:
    command = _python("print('s3 cret'); print('user: nora')")
    assert passwords.from_command({"password_command": command}, "password_command") == "s3 cret"


def test_without_a_command_there_is_none() -> None:
    assert passwords.from_command({}, "password_command") is None


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "pass"])
def test_a_command_that_gives_none_is_a_mistake(code: str) -> None:
    with pytest.raises(SettingsError, match="password_command: the command gave no password"):
        passwords.from_command({"password_command": _python(code)}, "password_command")
