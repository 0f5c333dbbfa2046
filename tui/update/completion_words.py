"""The candidates for completion in a room."""

from __future__ import annotations

from evchat.protocol.text import caseless
from tui.model.command_words import commands
from tui.model.completion import CommandWord, Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model


def words(model: Model) -> Words:
    """Names with the latest speakers first, rooms, and only if the line asks for them, commands and emoji."""
    room = model.room
    text = model.editor.text
    spoke = [name for name in reversed(room.speakers) if name != model.user]
    known = {caseless(name) for name in spoke}
    nicks = spoke + [
        name
        for key, name in sorted(room.people.items())
        if caseless(name) not in known and key != model.user_key
    ]
    if not room.is_channel and room is not model.lobby and caseless(room.name) not in known:
        nicks.append(room.name)
    if text.startswith(("/", "-")):
        known.update(caseless(name) for name in nicks)
        for other in model.rooms.values():
            for name in [other.name] if not other.is_channel else other.people.values():
                if caseless(name) not in known:
                    known.add(caseless(name))
                    nicks.append(name)
    channels = [one.name for one in model.rooms.values() if one.is_channel]
    shown = commands() if text.startswith(("/", "-")) else ()
    emoji: dict[str, str] | None = None
    if ":" in text:
        from tui.text.emoji import EMOJI

        emoji = EMOJI
    settings: dict[str, str] = {}
    if text.startswith("/set"):
        from tui.model.options import OPTIONS, values_of

        settings = {option.name: values_of(option) for option in OPTIONS}
    return Words(
        nicks, channels, shown, emoji, settings, _aliases(model, shown), [one.server for one in model.models]
    )


def _aliases(model: Model, known: tuple[CommandWord, ...]) -> list[CommandWord]:
    """The user's aliases, which take what the command does that they only give another name."""
    takes = {f"/{command.word} $*": command.takes for command in known}
    return [
        CommandWord(name, f"/{name}", text, takes.get(text, ("text",)))
        for name, text in sorted(model.aliases.items())
    ]
