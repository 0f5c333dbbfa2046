"""PING and PONG: how each side learns that the other lives."""

from __future__ import annotations

from tests.irc.harness import ANY, REST, commands, expect, named


def test_a_ping_is_answered_with_the_server_and_the_token(irc):
    alice = irc("alice")
    alice.send("PING abcdef")
    pong = expect(alice.recv(), "PONG", ANY, "abcdef")
    assert pong.params[0] == pong.source


def test_a_ping_without_a_token_is_refused(irc):
    alice = irc("alice")
    (answer,) = named(alice.ask("PING"), "409", "461", "PONG")
    if answer.command == "461":
        expect(answer, "461", "alice", "PING", ANY)
    else:
        expect(answer, "409", "alice", ANY)


def test_an_empty_token_is_no_token_or_comes_back(irc):
    alice = irc("alice")
    answers = alice.ask("PING :")
    assert commands(answers) in (["409"], ["461"], ["PONG"]), answers
    expect(answers[0], ANY, REST)
