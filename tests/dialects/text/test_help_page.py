"""The pages of help fit a terminal of 24 rows and 80 columns, and name commands that exist."""

from __future__ import annotations

import re

from evchat.dialects.text.dialect import TextDialect
from evchat.dialects.text.help_page import BEGIN, page
from evchat.protocol.basics import Helped
from evchat.protocol.commands import BY_WORD, COMMANDS
from evchat.protocol.help_groups import ALL, GROUPS
from tests.dialects.samples import AT


def shown(topic: str) -> list[str]:
    commands = next((group.commands for group in GROUPS if group.name == topic), COMMANDS)
    return TextDialect().encode(Helped(AT, None, commands, topic=topic)).decode().splitlines()


def test_each_page_but_that_of_everything_fits_the_screen() -> None:
    for topic in ("", *(group.name for group in GROUPS)):
        lines = shown(topic)
        assert len(lines) <= 23, topic  # the row below is the one that is typed in
        assert max(map(len, lines)) <= 80, topic


def test_the_first_page_names_commands_that_exist_and_the_groups() -> None:
    typed = " ".join(typed for typed, _ in BEGIN)
    assert all(word in BY_WORD for word in re.findall(r"/([a-z]+)", typed))
    assert all(group.name in shown("")[-1] for group in GROUPS)


def test_everything_is_every_command_that_can_be_typed() -> None:
    lines = page(Helped(AT, None, COMMANDS, topic=ALL))
    usages = {line.split()[0] for line in lines if line.startswith("  /")}
    assert usages == {f"/{command.words[0]}" for command in COMMANDS if command.words}
