"""The client's own commands are told in the form in which they are typed."""

from __future__ import annotations

from evchat.protocol.command import Kind
from tui.model.local_commands import LOCAL_COMMANDS


def test_no_word_means_two_of_them() -> None:
    words = [word for command in LOCAL_COMMANDS for word in (command.word, *command.aliases)]
    assert len(set(words)) == len(words)


def test_each_says_how_it_is_typed_and_what_it_does() -> None:
    for command in LOCAL_COMMANDS:
        assert command.usage.startswith(f"/{command.word}")
        assert command.summary.endswith(".")
        assert len(command.takes) == len(command.usage.split()) - 1


def test_what_they_take_completion_knows() -> None:
    kinds = {kind.name.lower() for kind in Kind} | {"command", "alias", "server", "setting", "value"}
    for command in LOCAL_COMMANDS:
        assert all(taken in kinds or "|" in taken for taken in command.takes)
