"""Every command that can be typed is in one group of help."""

from __future__ import annotations

from evchat.protocol.commands import COMMANDS
from evchat.protocol.help_groups import ALL, BY_GROUP, GROUPS


def test_every_command_that_can_be_typed_is_in_one_group() -> None:
    grouped = [name for group in GROUPS for name in group.names]
    assert sorted(grouped) == sorted(command.name for command in COMMANDS if command.words)


def test_a_group_has_a_word_of_its_own() -> None:
    assert len(BY_GROUP) == len(GROUPS) and ALL not in BY_GROUP
    assert all(group.commands for group in GROUPS)
