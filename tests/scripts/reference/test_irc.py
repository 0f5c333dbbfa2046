"""What the documents and HELP say of IRC is complete."""

from __future__ import annotations

import pytest

from evchat.dialects.irc import caps, commands, isupport
from evchat.dialects.irc.help_text import USAGE
from evchat.dialects.irc.local_requests import Local
from evchat.protocol.basics import LocalReply
from evchat.settings.model import Config
from reference import irc as reference
from tests.dialects.irc.wire import dialect, lines


def test_every_command_is_explained() -> None:
    assert set(USAGE) == {*commands.COMMANDS, "AUTHENTICATE", "BATCH"}


def test_every_capability_is_explained() -> None:
    assert set(reference.CAPABILITIES) == set(caps.NAMES)


def test_every_token_is_explained() -> None:
    assert set(reference.TOKENS) == {token.partition("=")[0] for token in isupport.tokens(Config())}


def test_help_explains_a_command_that_is_called_as_a_subject_is_there() -> None:
    told = lines(dialect().answer(LocalReply(0, Local("help", ("users",)))))
    assert USAGE["USERS"] in [line["last"] for line in told]


@pytest.mark.parametrize("name", sorted(USAGE.keys() - {"USERS"}))
def test_help_explains_every_command(name: str) -> None:
    told = lines(dialect().answer(LocalReply(0, Local("help", (name.lower(),)))))
    assert [line["command"] for line in told] == ["704", "706"]
    assert told[0]["last"] == USAGE[name]
