"""What one can ask the server about itself: HELP, INFO, TIME, VERSION, MOTD, LINKS."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, REST, Fold, Re, commands, expect

HELP = pytest.mark.parametrize("command", ["HELP", "HELPOP"])


@pytest.fixture
def nick(irc):
    """Somebody."""
    return irc("nick")


def check_help(answers, subject) -> None:
    """704, 705 …, 706, all of the same subject."""
    assert commands(answers) == ["704", *["705"] * (len(answers) - 2), "706"]
    for message in answers:
        expect(message, ANY, "nick", subject, ANY)


@HELP
def test_help_without_a_subject(nick, command):
    check_help(nick.ask(command), ANY)


@HELP
def test_help_with_a_command(nick, command):
    check_help(nick.ask(f"{command} PRIVMSG"), Fold("PRIVMSG"))


@HELP
def test_help_with_what_is_nothing(nick, command):
    answers = nick.ask(f"{command} THISISNOTACOMMAND")
    if answers[0].command == "524":
        assert len(answers) == 1
        expect(answers[0], "524", "nick", Fold("THISISNOTACOMMAND"), ANY)
    else:
        check_help(answers, ANY)


def test_info(nick):
    *lines, end = nick.ask("INFO")
    expect(end, "374", "nick", ANY)
    for message in lines:
        expect(message, "371", "nick", ANY)


def test_info_of_this_server_and_of_no_server(nick):
    *_, end = nick.ask("INFO")
    *_, end = nick.ask(f"INFO {end.source}")
    expect(end, "374", "nick", ANY)
    for name in ("invalid.server.example", "invalidserver"):
        assert nick.ask(f"INFO {name}")[0].command in ("402", "371", "374")


def test_time(nick):
    (answer,) = nick.ask("TIME")
    expect(answer, "391", "nick", answer.source, ANY)


def test_version(nick):
    answers = nick.ask("VERSION")
    expect(answers[0], "351", "nick", ANY, answers[0].source, REST)
    assert set(commands(answers[1:])) <= {"005"}


def test_motd(serve):
    nick = serve('motd = "good day"\n').client("nick")
    start, *lines, end = nick.ask("MOTD")
    expect(start, "375", "nick", ANY)
    assert lines
    for message in lines:
        expect(message, "372", "nick", Re(".*good day"))
    expect(end, "376", "nick", ANY)


def test_no_motd(nick):
    (answer,) = nick.ask("MOTD")
    expect(answer, "422", "nick", ANY)


def test_links(nick):
    *links, end = nick.ask("LINKS")
    if end.command == "421":
        return
    expect(end, "365", "nick", "*", ANY)
    for message in links:
        expect(message, "364", "nick", end.source, end.source, Re("0 .+"))


def test_an_unknown_command(nick):
    (answer,) = nick.ask("NOSUCHCOMMAND with some :parameters")
    expect(answer, "421", "nick", "NOSUCHCOMMAND", ANY)
