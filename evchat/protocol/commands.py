"""The table of all commands: names, parameters, summaries.

Each subject's module holds its part. The dialects parse by the table, the core's dispatch is checked against it, and
help, completion and the documentation are generated from it.
"""

from __future__ import annotations

from evchat.protocol.catalog import SUBJECTS
from evchat.protocol.command import Command

COMMANDS: tuple[Command, ...] = tuple(command for subject in SUBJECTS for command in subject.COMMANDS)

BY_NAME: dict[str, Command] = {name: c for c in COMMANDS for name in (c.name, *c.aliases)}
"""The commands by their names on the wire."""

BY_WORD: dict[str, Command] = {word: c for c in COMMANDS for word in (*c.words, *c.slash_words)}
"""The commands by the words a person types."""

DASH_WORDS: frozenset[str] = frozenset(word for c in COMMANDS for word in c.words)
"""Those before which a dash may stand in place of `/`."""
