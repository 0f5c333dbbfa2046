"""Greeting, hello, help, ping, plain lines, and bytes that were no request."""

from __future__ import annotations

from typing import Any

import pytest

from evchat import __version__
from evchat.core.handlers.basics import FEATURES
from evchat.protocol.authentication import Pass
from evchat.protocol.basics import (
    Failed,
    Hello,
    Help,
    Helped,
    LocalReply,
    Malformed,
    Ping,
    Pong,
    Ponged,
    ReplyLocally,
    Welcomed,
)
from evchat.protocol.command import Command
from evchat.protocol.commands import COMMANDS
from evchat.protocol.help_groups import ALL, GROUPS
from evchat.protocol.login import LoggedIn, Login
from evchat.settings.model import DEFAULTS
from tests.core.playbook import (
    Playbook,
)


def test_hello_is_answered_with_all_that_a_program_needs() -> None:
    play = Playbook(name="here", motd="Be kind.", max_lines=7)
    play.connect("x")
    welcome = play.tell("x", Hello(1, "test/1", id="1"), Welcomed)
    told = dict(welcome.limits)
    assert told["object_bytes"] == DEFAULTS.max_object_bytes and told["max_lines"] == 7
    assert set(told) == {
        "object_bytes", "max_clients", "history_max", "max_channels_per_user", "max_recipients", "max_lines",
        "command_burst", "max_topic_bytes",
    }  # fmt: skip
    assert welcome == Welcomed(play.now, "1", "here", __version__, 1, welcome.limits, FEATURES, "Be kind.")


@pytest.mark.parametrize("closed", [{"password": "apple"}, {"guests": False}])
def test_strangers_of_a_closed_server_are_not_told_what_it_tells_its_users(closed: dict[str, Any]) -> None:
    play = Playbook(motd="The code of the door is 1234.")
    play.register("nora")
    play.leave("nora")
    play.configure(motd="The code of the door is 1234.", **closed)
    play.connect("x")
    assert play.tell("x", Hello(), Welcomed).motd == ""
    if "password" in closed:
        play.ask("x", Pass("apple"))
    assert play.tell("x", Login("nora", "secret"), LoggedIn).motd == "The code of the door is 1234."


def test_a_client_of_a_later_version_is_told_which_one_is_spoken() -> None:
    play = Playbook()
    play.connect("x")
    assert play.tell("x", Hello(7), Welcomed).protocol == 1


def test_hello_comes_first_and_once() -> None:
    play = Playbook()
    for who, first in (("x", Hello()), ("y", Help()), ("z", Login("z"))):
        play.connect(who)
        play.ask(who, first)
        assert play.refusal(who, Hello()) == "bad-request"
    assert [play.chat.state.sessions[play.sid(who)].full for who in "xyz"] == [True, False, False]


def test_hello_in_no_version_is_refused() -> None:
    play = Playbook()
    play.connect("x")
    assert play.refusal("x", Hello(0)) == "bad-request"


def test_help_is_the_table_of_commands() -> None:
    play = Playbook()
    play.connect("x")
    assert play.tell("x", Help(id="1"), Helped) == Helped(play.now, "1", COMMANDS)
    assert play.tell("x", Help(""), Helped).commands == COMMANDS


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_explained_by_any_of_its_names(command: Command) -> None:
    play = Playbook()
    play.connect("x")
    for name in (command.name, *command.aliases, *command.words):
        for written in (name, "/" + name, "-" + name, name.upper()):
            helped = play.tell("x", Help(written), Helped)
            assert helped.one
            assert len(helped.commands) == 1
            assert name in (helped.commands[0].name, *helped.commands[0].aliases, *helped.commands[0].words)


def test_there_is_no_help_for_what_is_no_command() -> None:
    play = Playbook()
    play.connect("x")
    assert play.refusal("x", Help("dance")) == "unknown-command"
    (refused,) = play.ask("x", Help("/jion"))
    assert isinstance(refused, Failed) and refused.text == "There is no command /jion. Did you mean /join?"


def test_help_knows_the_groups_and_everything() -> None:
    play = Playbook()
    play.connect("x")
    for group in GROUPS:
        helped = play.tell("x", Help(group.name.upper()), Helped)
        assert helped == Helped(play.now, None, group.commands, topic=group.name)
    assert play.tell("x", Help("all"), Helped) == Helped(play.now, None, COMMANDS, topic=ALL)


@pytest.mark.parametrize("token", ["", "x", 5, None, {"a": [1]}])
def test_a_ping_brings_the_same_back(token: object) -> None:
    play = Playbook()
    play.connect("x")
    assert play.ask("x", Ping(token, id="1")) == [Ponged(play.now, "1", token)]
    assert play.ask("x", Pong(token)) == []


def test_what_was_no_request_is_refused_and_nothing_sensible_can_follow_a_fatal_one() -> None:
    play = Playbook()
    play.connect("x")
    assert play.ask("x", Malformed("No.", "bad", id="1")) == [Failed(play.now, "1", "bad", "No.")]
    assert play.hung_up == {}
    assert play.ask("x", Malformed("Never.", fatal=True)) == [Failed(play.now, None, "bad-request", "Never.")]
    assert play.hung_up == {play.sid("x"): "Never."}


def test_a_word_of_a_dialects_own_comes_back_to_it_alone() -> None:
    play = Playbook()
    play.enter("alice")
    play.connect("x")
    word = object()
    (told,) = play.ask("x", ReplyLocally(word))
    assert isinstance(told, LocalReply) and told.payload is word
    assert play.hears("alice") == []
