"""From objects to requests: every command of the table, every wrong value, every leniency."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.json.requests import read_request, write_request
from evchat.protocol.authentication import Scram
from evchat.protocol.base import Request
from evchat.protocol.basics import Hello, Help, Malformed, Ping, ReplyLocally
from evchat.protocol.certificates import AuthenticateByCertificate
from evchat.protocol.channels import Join, ListNames, Topic
from evchat.protocol.command import Command, Kind
from evchat.protocol.commands import BY_NAME, COMMANDS
from evchat.protocol.history import GetHistory
from evchat.protocol.lines import MAX_NUMBER
from evchat.protocol.login import Introduce, Quit
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.people import Block, SetAway, Who
from evchat.protocol.typed_lines import Greet, TypedLine
from tests.dialects.anything import REQUESTS, legal_texts, values

KEYS = sorted({key for command in COMMANDS for param in command.params for key in param.key.split(".")})
NOT_ASKED = {TypedLine, Greet, Malformed, Introduce, Scram, AuthenticateByCertificate, ReplyLocally}

words = st.text(st.characters(exclude_categories=["Cs", "Z", "C"]), min_size=1).filter(
    lambda word: word == word.strip()
)
numbers = st.integers(0, MAX_NUMBER)
LEGAL: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: legal_texts.filter(lambda text: text.strip() != ""),
    Kind.WORD: words,
    Kind.USER: words,
    Kind.CHANNEL: words,
    Kind.PLACE: words,
    Kind.USERS: st.lists(words, min_size=1).map(tuple),
    Kind.WORDS: st.lists(words, min_size=1).map(tuple),
    Kind.CHANNELS: st.lists(words, min_size=1).map(tuple),
    Kind.NUMBER: numbers,
    Kind.FLAG: st.booleans(),
    Kind.TYPING: st.sampled_from(["active", "paused", "done"]).map(lambda word: (("+typing", word),)),
    Kind.ANY: values.filter(lambda value: value is not None),
}


@st.composite
def requests_of(draw: st.DrawFn, command: Command) -> Request:
    """A request that this command makes, with an id or without."""
    defaults = {f.name: f.default for f in fields(command.request)}
    given_fields: dict[str, Any] = dict(command.fixed)
    for param in command.params:
        default = defaults[param.field]
        legal = LEGAL[param.kind]
        given_fields[param.field] = draw(
            legal if default is MISSING or param.required else st.one_of(st.just(default), legal)
        )
    return command.request(**given_fields, id=draw(st.none() | words.filter(lambda word: len(word) <= 64)))


any_request = st.sampled_from(COMMANDS).flatmap(requests_of)


@given(any_request)
def test_what_is_written_is_read_again(request: Request) -> None:
    assert read_request(write_request(request)) == request


def test_every_request_has_a_command_but_what_only_lines_can_be() -> None:
    assert {command.request for command in COMMANDS} == set(REQUESTS) - NOT_ASKED


@pytest.mark.parametrize(
    "request_",
    [
        TypedLine("x"),
        Greet(),
        Malformed("x"),
        Introduce("x"),
        Scram(1, "x"),
        AuthenticateByCertificate("x"),
        ReplyLocally(None),
    ],
)
def test_what_only_lines_can_be_is_not_written(request_: Request) -> None:
    with pytest.raises(ValueError, match=type(request_).__name__):
        write_request(request_)


@given(
    st.sampled_from([*BY_NAME]),
    st.dictionaries(st.sampled_from([*KEYS, "id", "content", "unknown"]), values),
    st.booleans(),
)
def test_any_values_of_any_keys_make_a_request_or_a_sentence(
    name: str, keys: dict[str, Any], full: bool
) -> None:
    request = read_request({"request": name, **keys}, full=full)
    if isinstance(request, Malformed):
        assert request.reason.endswith(".") and not request.fatal and len(request.reason) < 250
        assert request.reason.isprintable()
    else:
        assert type(request) is BY_NAME[name].request
        for param in BY_NAME[name].params:
            value = getattr(request, param.field)
            if param.kind in (Kind.TEXT, Kind.USER, Kind.CHANNEL, Kind.PLACE, Kind.WORD):
                assert value is None or isinstance(value, str)
            elif param.kind is Kind.NUMBER:
                assert value is None or (type(value) is int and 0 <= value <= MAX_NUMBER)
            elif param.kind in (Kind.USERS, Kind.CHANNELS, Kind.WORDS):
                assert isinstance(value, tuple) and all(isinstance(name, str) for name in value)


@given(values, values)
def test_any_value_may_stand_where_the_name_should(name: Any, number: Any) -> None:
    request = read_request({"request": name, "id": number})
    if not isinstance(name, str) or name not in BY_NAME:
        assert isinstance(request, Malformed)


def test_an_unknown_request_is_told_what_there_is() -> None:
    request = read_request({"request": "dance\x1b[2J" + "x" * 1000, "id": "7"})
    assert isinstance(request, Malformed) and request.code == "unknown-request" and request.id == "7"
    assert all(command.name in request.reason for command in COMMANDS)
    assert "\x1b" not in request.reason and len(request.reason) < 900


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, '"request"'),
        ({"request": None}, '"request"'),
        ({"request": "msg"}, 'msg needs "content": a text.'),
        ({"request": "msg", "content": 5}, 'msg: "content" must be a text, not 5.'),
        ({"request": "msg", "content": " \n"}, 'msg: "content" is empty.'),
        ({"request": "msg", "content": "x", "to": 5}, "\"to\" must be a channel's or a user's name, not 5."),
        ({"request": "login", "content": ""}, 'login needs "content": a user\'s name.'),
        ({"request": "login", "content": ["bob"]}, 'must be a user\'s name, not ["bob"].'),
        ({"request": "register"}, 'register needs "password"'),
        ({"request": "join", "content": []}, 'join needs "content"'),
        ({"request": "join", "content": [1, 2]}, "not [1, 2]."),
        ({"request": "join", "content": "#a", "current": 1}, '"current" must be true or false, not 1.'),
        ({"request": "history", "limit": True}, '"limit" must be a whole number, not true.'),
        ({"request": "history", "limit": -1}, "not -1."),
        ({"request": "history", "limit": 1.5}, "not 1.5."),
        ({"request": "history", "limit": 2**53}, "not 9007199254740992."),
        ({"request": "history", "limit": "many"}, 'not "many".'),
        ({"request": "history", "limit": "٣"}, "not "),
        ({"request": "history", "to": {}}, "not {}."),
        ({"request": "wholast", "content": "NaN"}, 'not "NaN".'),
        ({"request": "redact", "to": "#main"}, 'redact needs "seq": a whole number.'),
        ({"request": "typing", "to": "#main", "content": "x"}, 'must be active, paused or done, not "x".'),
        ({"request": "broadcast", "content": "x", "to": [{}]}, "a list of users' names, not [{}]."),
        ({"request": "hello"}, 'hello needs "content.version"'),
        ({"request": "hello", "content": "1"}, 'hello needs "content.version"'),
        ({"request": "hello", "content": {"version": "one"}}, '"content.version" must be a whole number'),
        (
            {"request": "hello", "content": {"version": 1}, "echo": "yes"},
            '"echo" must be true or false, not "yes".',
        ),
        ({"request": "msg", "content": "x", "id": 5}, '"id" must be a text of 1 to 64 characters, not 5.'),
        ({"request": "msg", "content": "x", "id": ""}, '"id" must be'),
        ({"request": "msg", "content": "x", "id": "i" * 65}, '"id" must be'),
    ],
)
def test_a_mistake_names_the_key_and_what_it_must_be(value: dict[str, Any], words: str) -> None:
    request = read_request(value)
    assert isinstance(request, Malformed) and words in request.reason


def test_a_mistake_carries_the_id_if_that_is_no_mistake_itself() -> None:
    assert read_request({"request": "msg", "id": "7"}).id == "7"
    assert read_request({"request": [], "id": "7"}).id == "7"
    assert read_request({"request": "msg", "id": 7}).id is None


@pytest.mark.parametrize(
    ("value", "request_"),
    [
        ({"request": "msg", "content": "hi"}, SendMessage("hi")),
        ({"request": "message", "content": "hi"}, SendMessage("hi")),
        (
            {"request": "msg", "content": " hi ", "to": " #ops ", "id": "1"},
            SendMessage(" hi ", "#ops", id="1"),
        ),
        ({"request": "msg", "content": "hi", "to": ""}, SendMessage("hi")),
        ({"request": "me", "content": "waves"}, SendMessage("waves", action=True)),
        ({"request": "broadcast", "content": "hi", "to": "bob, carol,"}, Announce("hi", ("bob", "carol"))),
        ({"request": "broadcast", "content": "hi", "to": []}, Announce("hi")),
        ({"request": "join", "content": "#a,#b", "after": "12"}, Join(("#a", "#b"), after=12)),
        ({"request": "join", "content": ["#a", " #b "], "current": True}, Join(("#a", "#b"), current=True)),
        ({"request": "history", "to": "bob", "limit": 5.0, "before": 9}, GetHistory("bob", 5, 9)),
        (
            {"request": "hello", "content": {"version": 1, "client": "x/1"}, "echo": True},
            Hello(1, "x/1", True),
        ),
        ({"request": "hello", "content": {"version": 1, "echo": True}}, Hello(1, "", True)),
        ({"request": "topic", "content": ""}, Topic("")),
        ({"request": "topic", "content": None}, Topic()),
        ({"request": "unblock", "content": "bob"}, Block("bob", False)),
        ({"request": "whoelse"}, Who(True)),
        ({"request": "ping", "content": [1, {"a": None}]}, Ping([1, {"a": None}])),
        ({"request": "quit", "content": None, "unknown": {}}, Quit()),
    ],
)
def test_keys_become_fields(value: dict[str, Any], request_: Request) -> None:
    assert read_request(value) == request_


@pytest.mark.parametrize("content", [None, "", "None", "x", 0, 5, [], {"a": 1}, True])
@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command.lenient], ids=lambda c: c.name
)
def test_a_plain_client_may_send_any_content_where_none_is_needed(command: Command, content: object) -> None:
    value = {"request": command.name, "content": content}
    assert read_request(value, full=False) == command.request(**dict(command.fixed))  # type: ignore[arg-type]
    assert read_request({"request": command.name}, full=False) == read_request(value, full=False)


def test_a_plain_client_may_still_say_what_it_means() -> None:
    assert read_request({"request": "names", "content": "#ops"}, full=False) == ListNames("#ops")
    assert read_request({"request": "help", "content": "msg"}, full=False) == Help("msg")
    assert read_request({"request": "help", "content": "/pm"}, full=False) == Help("/pm")
    assert read_request({"request": "history", "limit": "many", "to": "#ops"}, full=False) == GetHistory(
        "#ops"
    )


def test_a_full_client_is_told_when_content_makes_no_sense() -> None:
    assert isinstance(read_request({"request": "names", "content": 5}), Malformed)
    assert read_request({"request": "names", "content": "x"}) == ListNames("x")
    assert read_request({"request": "help", "content": "x"}) == Help("x")


def test_ids_are_for_full_clients_and_unknown_to_plain_ones() -> None:
    numbers: list[object] = ["one", 5, [], ""]
    for number in numbers:
        assert read_request({"request": "msg", "content": "hi", "id": number}, full=False) == SendMessage(
            "hi"
        )


def test_empty_content_of_a_plain_client_is_none() -> None:
    assert read_request({"request": "topic", "content": ""}, full=False) == Topic()
    assert read_request({"request": "away", "content": ""}, full=False) == SetAway()
    assert isinstance(read_request({"request": "msg", "content": ""}, full=False), Malformed)


def test_an_error_never_repeats_a_password() -> None:
    for name in ("login", "register"):
        request = read_request({"request": name, "content": "alice", "password": 12345678})
        assert (
            isinstance(request, Malformed)
            and "password" in request.reason
            and "12345678" not in request.reason
        )
