"""All commands that can be typed, of the server and of the client, as completion and the usage line need them."""

from __future__ import annotations

from tui.model.completion import CommandWord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evchat.protocol.command import Param


def commands() -> tuple[CommandWord, ...]:
    """All commands that can be typed, by name."""
    if not _made:
        from evchat.protocol.commands import COMMANDS
        from tui.model.local_commands import LOCAL_COMMANDS

        found = {
            word: CommandWord(
                word,
                command.usage,
                command.summary,
                tuple(
                    "command" if command.name == "help" else _taken(param)
                    for param in command.params
                    if param.line
                ),
            )
            for command in COMMANDS
            for word in command.words[:1]
        }
        for local in LOCAL_COMMANDS:
            found[local.word] = CommandWord(local.word, local.usage, local.summary, local.takes)
        _made.extend(found[word] for word in sorted(found))
    return tuple(_made)


def _taken(param: Param) -> str:
    """What a parameter takes, as `completion` has it: a mask is most often a name."""
    return "user" if param.field in ("mask", "whom") else param.kind.name.lower()


_made: list[CommandWord] = []
