"""How the command that is being typed is used: what stands above the input line meanwhile."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.completion import CommandWord
    from tui.model.model import Model

_SHOWN = 12
"""Commands that begin with what is typed, of which so many are named."""


def usage_of(model: Model) -> tuple[str, str] | None:
    """How the command in the input line is typed, and what it does; None if there is none.

    Of several that begin with what is typed, all words; of none, what was probably meant. Nothing that is typed behind
    the command's word is shown: it may be a password.
    """
    text = model.editor.text
    if text[:1] != "/" or text[:2] == "//" or len(text) < 2:
        return None
    if model.question is not None or model.search is not None:
        return None
    word, space, _ = text[1:].partition(" ")
    word = word.lower()
    if word in model.aliases:
        return f"/{word}", f"your alias for {model.aliases[word]}"
    command = _by_word().get(word)
    if command is not None:
        return command.usage or f"/{command.word}", command.summary
    alike = [] if space else sorted(known for known in _by_word() if known.startswith(word))
    if len(alike) == 1:
        command = _by_word()[alike[0]]
        return command.usage, command.summary
    if alike:
        return "  ".join(f"/{known}" for known in alike[:_SHOWN]), ""
    from evchat.protocol.lines import SUGGESTIONS

    return "No such command.", SUGGESTIONS.sentence(word).strip() or "/help commands lists them."


def _by_word() -> dict[str, CommandWord]:
    """The commands by all their words."""
    if not _made:
        # Imported here: the table of commands takes 10 ms to load.
        from evchat.protocol.commands import BY_WORD
        from tui.model.command_words import commands
        from tui.model.local_commands import LOCAL_COMMANDS

        known = {command.word: command for command in commands()}
        aliases = {alias: local.word for local in LOCAL_COMMANDS for alias in local.aliases}
        words = {word: command.words[0] for word, command in BY_WORD.items() if command.words} | aliases
        _made.update({word: known[name] for word, name in words.items() if name in known} | known)
    return _made


_made: dict[str, CommandWord] = {}
