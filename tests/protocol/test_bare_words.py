"""Most lines are told cheaply to be no commands."""

from __future__ import annotations

import pytest

from evchat.protocol.bare_words import may_be_bare


@pytest.mark.parametrize("line", ["inbox", " Whoelse ", "send it", "wholast x", "broadcast y", "QUIT"])
def test_what_begins_like_a_command_may_be_one(line: str) -> None:
    assert may_be_bare(line)


@pytest.mark.parametrize("line", ["", " ", "hello", "send", "help me", "sending it", "/inbox", "inbox?"])
def test_all_else_is_none(line: str) -> None:
    assert not may_be_bare(line)
