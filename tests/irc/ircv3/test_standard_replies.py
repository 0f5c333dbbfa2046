"""Standard replies: FAIL, WARN and NOTE say what is wrong in words that programs understand."""

from __future__ import annotations

import re

import pytest

from tests.irc.harness import expect

REFUSED = {
    "CHATHISTORY LATEST #nowhere * 10": ("draft/chathistory", "CHATHISTORY", "INVALID_TARGET"),
    "MARKREAD": ("draft/read-marker", "MARKREAD", "NEED_MORE_PARAMS"),
    "REDACT #nowhere 123": ("draft/message-redaction", "REDACT", "INVALID_TARGET"),
}


@pytest.mark.parametrize("line", REFUSED)
@pytest.mark.parametrize("more", [[], ["standard-replies"]], ids=["without", "with"])
def test_the_server_says_the_command_a_code_and_a_sentence(irc, line, more):
    cap, command, code = REFUSED[line]
    client = irc("foo", [cap, *more])
    (answer,) = client.ask(line)
    assert answer.command == "FAIL"
    assert answer.source
    assert "!" not in answer.source
    assert answer.params[:2] == [command, code]
    assert re.fullmatch("[A-Z0-9_]+", code)
    assert " " in answer.params[-1], "the last parameter is for people"


@pytest.mark.parametrize("line", REFUSED)
def test_they_bear_the_label(irc, line):
    cap, command, code = REFUSED[line]
    client = irc("foo", [cap, "batch", "labeled-response"])
    (answer,) = client.ask(f"@label=abc {line}")
    expect(answer, "FAIL", tags={"label": "abc"})
    assert answer.params[:2] == [command, code]


def test_the_capability_can_be_had(irc):
    irc("foo", ["standard-replies"])
