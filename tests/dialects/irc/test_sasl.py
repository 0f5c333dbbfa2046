"""AUTHENTICATE, a line at a time."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc.line import Line
from evchat.dialects.irc.local_requests import Local
from evchat.dialects.irc.sasl import CHUNK, Sasl
from evchat.protocol.authentication import Authenticate
from evchat.protocol.basics import ReplyLocally


def told(sasl: Sasl, *words: str) -> list[object]:
    """What the lines come to: requests, or what the dialect says by itself."""
    found: list[object] = []
    for word in words:
        for request in sasl.take(Line("AUTHENTICATE", (word,))):
            local = request.payload if isinstance(request, ReplyLocally) else None
            found.append(local.params[0] if isinstance(local, Local) and local.what == "sasl" else request)
    return found


def plain(*parts: str) -> str:
    return b64encode("\0".join(parts).encode()).decode()


@pytest.mark.parametrize("first", ["", "alice"])
def test_an_account_and_its_password_are_one_request(first: str) -> None:
    asked = told(Sasl(), "PLAIN", plain(first, "alice", "sec:ret"))
    assert asked == ["go-on", Authenticate("alice", "sec:ret")]


def test_a_long_message_comes_in_lines() -> None:
    text = plain("", "alice", "x" * 400)
    assert len(text) % CHUNK != 0
    assert told(Sasl(), "plain", text[:CHUNK], text[CHUNK:])[-1] == Authenticate("alice", "x" * 400)
    full = plain("", "alice", "x" * (CHUNK // 4 * 3 - 7))
    assert len(full) == CHUNK
    assert told(Sasl(), "PLAIN", full, "+")[-1] == Authenticate("alice", "x" * (CHUNK // 4 * 3 - 7))


@pytest.mark.parametrize(
    "text",
    ["!!!", "YQ", plain("alice", "secret"), plain("", "", "secret"), plain("", "alice", ""), plain("bob", "alice", "x"),
     b64encode(b"\0alice\0\xff").decode(), "+"],
)  # fmt: skip
def test_what_is_no_message_fails(text: str) -> None:
    assert told(Sasl(), "PLAIN", text) == ["go-on", "failed"]


def test_who_gives_up_can_begin_again() -> None:
    sasl = Sasl()
    assert told(sasl, "PLAIN", "*") == ["go-on", "aborted"]
    assert told(sasl, "PLAIN", plain("", "alice", "x")) == ["go-on", Authenticate("alice", "x")]
    assert sasl.give_up() == []
    told(sasl, "PLAIN")
    assert len(sasl.give_up()) == 1 and sasl.give_up() == []


def test_another_mechanism_is_told_which_there_are() -> None:
    assert told(Sasl(), "EXTERNAL") == ["mechanisms"]


def test_too_much_is_refused() -> None:
    assert told(Sasl(), "PLAIN", "x" * (CHUNK + 1)) == ["go-on", "too-long"]


def test_too_much_in_all_fails_once_and_its_other_pieces_mean_nothing() -> None:
    steps = told(Sasl(), "PLAIN", *["x" * CHUNK] * 10)
    assert steps.count("failed") == 1
    assert "too-long" not in steps
    assert steps[-1] == told(Sasl(), "PLAIN", "x" * CHUNK)[-1]
    assert told(Sasl(), "PLAIN", *["x" * CHUNK] * 10, "PLAIN")[-1] == "go-on"


@given(st.lists(st.one_of(st.text(max_size=500), st.sampled_from(["PLAIN", "+", "*", "x" * CHUNK]))))
def test_whatever_comes_there_is_an_answer(words: list[str]) -> None:
    sasl = Sasl()
    for word in words:
        assert sasl.take(Line("AUTHENTICATE", (word,)))
        assert len(sasl._text) <= 4 * CHUNK
