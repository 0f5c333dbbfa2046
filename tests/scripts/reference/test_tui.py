"""What the documents say of the terminal client is complete."""

from __future__ import annotations

import re

from reference import tui as reference
from tui.layout.signs import LEGEND
from tui.model import keymap
from tui.model.local_commands import LOCAL_COMMANDS
from tui.settings import OPTIONS


def test_every_action_is_listed_with_its_name() -> None:
    listed = set(re.findall(r"`([a-z0-9-]+)`", reference.keys_tables()))
    numbered = {name for name in keymap.BY_NAME if re.search(r"-\d$", name)}
    assert set(keymap.BY_NAME) - numbered <= listed
    assert {name for name in numbered if name.endswith(("1", "9"))} <= listed


def test_every_command_sign_and_setting_is_listed() -> None:
    assert all(f"`/{command.word}" in reference.commands_table() for command in LOCAL_COMMANDS)
    assert all(
        f"| `{sign}` |" in re.sub(" +", " ", reference.signs_table())
        for sign, _ in LEGEND
        if "  " not in sign
    )
    assert all(f"| `{option.name}` |" in reference.settings_table() for option in OPTIONS)


def test_no_cell_of_a_table_ends_it_early() -> None:
    for made in (
        reference.keys_tables(),
        reference.commands_table(),
        reference.signs_table(),
        reference.settings_table(),
    ):
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in made.splitlines() if row.startswith("|")} <= {
            3,
            4,
        }
