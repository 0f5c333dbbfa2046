"""Every command that can be typed is offered once, the client's own in place of the server's."""

from __future__ import annotations

from evchat.protocol.commands import COMMANDS
from tui.model.command_words import commands
from tui.model.local_commands import LOCAL_COMMANDS


def test_every_command_is_offered_once() -> None:
    offered = [command.word for command in commands()]
    expected = {c.words[0] for c in COMMANDS if c.words} | {local.word for local in LOCAL_COMMANDS}
    assert offered == sorted(expected)


def test_the_clients_own_commands_come_before_the_servers() -> None:
    by_word = {command.word: command for command in commands()}
    assert all(by_word[local.word].summary == local.summary for local in LOCAL_COMMANDS)
