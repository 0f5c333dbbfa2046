"""The texts of HELP: complete, and short enough for a line."""

from __future__ import annotations

import pytest

from evchat.dialects.irc import help_text
from evchat.dialects.irc.help_text import GROUPS, USAGE
from evchat.protocol.help_groups import GROUPS as GROUPS_IN_TEXT
from evchat.protocol.modes import CHANNEL_MODES, USER_MODES


def page(subject: str) -> tuple[str, ...]:
    told = help_text.page(subject)
    assert told is not None
    return told


@pytest.mark.parametrize("subject", ["", "all", "modes", *GROUPS, *USAGE])
def test_every_line_of_help_fits_a_line_of_irc_and_a_window(subject: str) -> None:
    assert all(0 < len(line.encode()) <= 120 for line in page(subject))


def test_every_command_is_in_a_group() -> None:
    assert {name for _, names in GROUPS.values() for name in names} == set(USAGE)


@pytest.mark.parametrize("subject", GROUPS)
def test_a_subject_shows_the_syntax_of_its_commands(subject: str) -> None:
    assert {USAGE[name] for name in GROUPS[subject][1]} <= set(page(subject))
    assert subject in page("")[-1] and any(line.startswith(f"{subject}: ") for line in page("all"))


@pytest.mark.parametrize("group", [group.name for group in GROUPS_IN_TEXT])
def test_the_subjects_of_other_clients_are_understood(group: str) -> None:
    assert len(page(group)) > 2


def test_subjects_are_found_in_any_case_and_others_are_not() -> None:
    assert page("TALKING") == page("talking") and page("join") == (USAGE["JOIN"],)
    assert page("index") == page("all") and page("history") == page("talking")
    assert help_text.page("dance") is None


@pytest.mark.parametrize("name", USAGE)
def test_the_syntax_of_a_command_begins_with_its_name(name: str) -> None:
    assert USAGE[name].startswith((f"{name} ", f"{name}:")) and USAGE[name].endswith(".")


@pytest.mark.parametrize("mode", CHANNEL_MODES + USER_MODES)
def test_help_names_every_mode_beside_its_letter(mode: object) -> None:
    assert f"{mode.letter} {mode.name}" in " ".join(page("modes"))  # type: ignore[attr-defined]
