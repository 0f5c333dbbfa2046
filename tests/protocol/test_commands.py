"""The one table of commands: complete, without doubles, and as the contract says."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from evchat.protocol.command import Command, Kind
from evchat.protocol.commands import BY_NAME, BY_WORD, COMMANDS
from evchat.protocol.lines import parse_line
from evchat.protocol.messages import SendMessage
from evchat.protocol.people import Who

EXAMPLES = {
    Kind.TEXT: "some words",
    Kind.WORD: "word",
    Kind.USER: "bob",
    Kind.CHANNEL: "#tea",
    Kind.PLACE: "bob",
    Kind.USERS: "bob,carol",
    Kind.WORDS: "open,sesame",
    Kind.CHANNELS: "#tea,#milk",
    Kind.NUMBER: "5",
    Kind.ANY: "anything",
}

commands = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)


def _words(text: str) -> list[str]:
    return text.split()


def test_no_promised_name_on_the_wire_is_taken_away() -> None:
    assert set(BY_NAME) >= set(
        _words(
            "hello pass login authenticate register logout quit nick msg message me broadcast join part channels names"
            " who whoelse"
        )
        + _words(
            "wholast whois history inbox directs read block unblock blocked topic away search ping pong help"
        )
        + _words(
            "notice whowas find look count watch unwatch watched usermode realname mark conversations redact typing"
        )
        + _words("mode op deop voice devoice ban unban bans kick invite")
        + _words("oper kill wallops banish pardon banished audit")
    )


def test_no_word_that_people_have_learnt_is_taken_away() -> None:
    assert set(BY_WORD) >= set(
        _words(
            "pass login authenticate register logout quit exit disconnect nick msg pm send me broadcast join ch part"
            " leave channels"
        )
        + _words(
            "names list who whoelse wholast whois history inbox directs block unblock blocked topic away search ping"
            " help"
        )
        + _words("notice whowas people count watch unwatch watched umode realname")
        + _words("mode op deop voice devoice ban unban bans kick invite")
        + _words("oper kill wallops banish pardon banished audit")
    )


def test_no_name_and_no_word_means_two_commands() -> None:
    names = [name for command in COMMANDS for name in (command.name, *command.aliases)]
    words = [word for command in COMMANDS for word in (*command.words, *command.slash_words)]
    assert len(names) == len(set(names)) == len(BY_NAME)
    assert len(words) == len(set(words)) == len(BY_WORD)


@commands
def test_names_and_words_are_small_letters(command: Command) -> None:
    for word in (command.name, *command.aliases, *command.words):
        assert word.isascii()
        assert word.isalpha()
        assert word.islower()


@commands
def test_every_command_says_what_it_does_in_a_sentence(command: Command) -> None:
    assert command.summary.endswith(".")
    assert len(command.summary) <= 120


@commands
def test_parameters_and_fixed_fields_are_fields_of_the_request(command: Command) -> None:
    known = {field.name for field in fields(command.request)}
    named = [param.field for param in command.params] + [name for name, _ in command.fixed]
    assert set(named) <= known - {"id"}
    assert len(named) == len(set(named))
    keys = [param.key for param in command.params]
    assert len(keys) == len(set(keys))


@commands
def test_the_required_parameters_are_enough_to_make_the_request(command: Command) -> None:
    make: Any = command.request
    for needed in ("required", "must_be_typed"):
        given = {param.field: "x" for param in command.params if getattr(param, needed)}
        if needed == "required" or command.words:
            make(**given, **dict(command.fixed))


@commands
def test_every_command_explains_itself_by_what_can_be_typed(command: Command) -> None:
    if not command.words:
        assert command.usage == ""
        return
    make: Any = command.request
    for optional in (True, False):
        line = f"/{command.words[0]}"
        wanted = dict(command.fixed)
        for param in command.params:
            if param.line and (optional or param.must_be_typed):
                example = EXAMPLES[param.kind]
                line += f" {param.marker} {example}" if param.marker else f" {example}"
                if param.kind in (Kind.USERS, Kind.CHANNELS, Kind.WORDS):
                    wanted[param.field] = tuple(example.split(","))
                else:
                    wanted[param.field] = 5 if param.kind is Kind.NUMBER else example
        assert parse_line(line) == make(**wanted), line


@commands
def test_the_usage_is_itself_a_line_that_the_command_takes(command: Command) -> None:
    if command.words:
        line = command.usage.replace("[", "").replace("]", "")
        for param in command.params:
            example = EXAMPLES.get(param.kind, "")
            line = line.replace(f" {param.hint}", f" {example}")
        assert type(parse_line(line)) is command.request


@commands
def test_any_word_of_a_command_does_the_same(command: Command) -> None:
    for word in command.words:
        for sign in ("/", "-"):
            for written in (word, word.upper()):
                request = parse_line(f"{sign}{written}")
                same = parse_line(f"/{command.words[0]}")
                if word == "list":  # alone, users of an older system mean everyone
                    same = Who()
                assert type(request) is type(same)


def test_what_plain_clients_send_with_any_content_needs_no_content() -> None:
    for command in COMMANDS:
        if command.lenient:
            assert not any(param.required for param in command.params), command.name
    lenient = {command.name for command in COMMANDS if command.lenient}
    assert {"logout", "names", "help", "history"} <= lenient, "what plain clients know without a content"


def test_before_the_login_only_what_needs_nobody_is_allowed() -> None:
    assert {command.name for command in COMMANDS if command.anyone} == {
        "hello",
        "pass",
        "login",
        "quit",
        "ping",
        "pong",
        "help",
        "register",  # with an invitation code
    }


def test_a_message_is_the_same_request_under_each_of_its_names() -> None:
    assert BY_NAME["msg"] is BY_NAME["message"]
    assert BY_NAME["me"].request is BY_NAME["msg"].request is SendMessage
