"""A typed line becomes the request that the server would read in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.json.dialect import JsonDialect
from evchat.protocol.base import Request
from evchat.protocol.basics import Hello
from evchat.protocol.command import Kind
from evchat.protocol.commands import BY_WORD, COMMANDS
from evchat.protocol.lines import parse_line
from evchat.protocol.login import Login, Quit
from evchat.protocol.messages import Announce, SendMessage
from tui.model import command_line

_SAMPLES = {
    Kind.TEXT: "some words", Kind.WORD: "word", Kind.USER: "bob", Kind.CHANNEL: "#ops", Kind.PLACE: "#ops",
    Kind.USERS: "bob,carol", Kind.WORDS: "open,sesame", Kind.CHANNELS: "#ops,#dev", Kind.NUMBER: "0", Kind.ANY: "thing",
}  # fmt: skip


def lines() -> list[str]:
    """Every command under every word, with all that it takes and with as little as it takes."""
    found = []
    for command in COMMANDS:
        for word in command.words:
            params = [param for param in command.params if param.line]
            everything = [f"{param.marker} {_SAMPLES[param.kind]}".strip() for param in params]
            least = [_SAMPLES[param.kind] for param in params if param.must_be_typed]
            found += [" ".join([f"/{word}", *everything]), " ".join([f"/{word}", *least])]
    return sorted(set(found))


def server_reads(request: dict[str, Any]) -> Request:
    dialect = JsonDialect()
    hello, read = dialect.receive(
        b'{"request":"hello","content":{"version":1}}\n' + json.dumps(request).encode() + b"\n"
    )
    assert isinstance(hello, Hello)
    return read


@pytest.mark.parametrize("line", lines())
def test_every_command_means_what_it_means_at_the_server(line: str) -> None:
    wanted = parse_line(line)
    match command_line.read(line):
        case command_line.Asking(request=request):
            assert server_reads(request) == wanted
        case command_line.Saying(room="*", text=text):
            assert wanted == Announce(text)
        case command_line.Saying(room=room, text=text, action=action):
            assert wanted == SendMessage(text, room, action)
        case command_line.Login(name=name, password=password):
            assert wanted == Login(name, password)
        case command_line.Leave():
            assert isinstance(wanted, Quit)
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("hi", "hi"),
        ("//usr", "/usr"),
        ("--who", "-who"),
        ("--x", "--x"),
        (" x ", " x "),
        ("- item", "- item"),
    ],
)
def test_any_other_line_is_said_in_the_room_one_is_in(line: str, text: str) -> None:
    found = command_line.read(line)
    assert isinstance(found, command_line.Saying)
    assert (found.room, found.text, found.action) == (None, text, False)


@given(st.sampled_from(["", "-", "--", "---"]), st.sampled_from([*BY_WORD, "quit---", "x", "1", " a/file"]))
def test_in_a_pipe_only_a_slash_begins_a_command(dashes: str, rest: str) -> None:
    line = f"-{dashes}{rest}"
    found = command_line.read(line, piped=True)
    assert isinstance(found, command_line.Saying)
    assert (found.room, found.text) == (None, line)
    assert isinstance(command_line.read("/who", piped=True), command_line.Asking)


@pytest.mark.parametrize("line", ["", " ", "\t"])
def test_a_blank_line_means_nothing(line: str) -> None:
    assert command_line.read(line) is None


@pytest.mark.parametrize("line", ["/dance", "/msg", "/wholast many", "/who else"])
def test_a_mistake_says_what_to_type(line: str) -> None:
    found = command_line.read(line)
    assert isinstance(found, command_line.Mistake)
    assert "/" in found.text


@pytest.mark.parametrize(
    ("line", "where"),
    [("/names", "content"), ("/names #ops", ""), ("/part", "content"), ("/topic", "to"), ("/who", "")],
)
def test_a_command_that_means_a_room_says_where_to_name_the_one_one_is_in(line: str, where: str) -> None:
    found = command_line.read(line)
    assert isinstance(found, command_line.Asking)
    assert found.where == where
