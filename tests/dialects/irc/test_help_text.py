"""The texts of HELP: complete, and short enough for a line."""

from __future__ import annotations

import pytest

from evchat.dialects.irc.help_text import HELP, USAGE
from evchat.protocol.modes import CHANNEL_MODES, USER_MODES


@pytest.mark.parametrize("subject", HELP)
def test_every_line_of_help_fits_a_line_of_irc_and_a_window(subject: str) -> None:
    assert all(0 < len(line.encode()) <= 120 for line in HELP[subject])


@pytest.mark.parametrize("name", USAGE)
def test_the_syntax_of_a_command_begins_with_its_name(name: str) -> None:
    assert USAGE[name].startswith((f"{name} ", f"{name}:")) and USAGE[name].endswith(".")


@pytest.mark.parametrize("mode", CHANNEL_MODES + USER_MODES)
def test_help_names_every_mode_beside_its_letter(mode: object) -> None:
    assert f"{mode.letter} {mode.name}" in " ".join(HELP["modes"])  # type: ignore[attr-defined]
