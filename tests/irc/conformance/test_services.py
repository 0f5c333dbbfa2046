"""Services: there are none, and what clients send to them by themselves is refused and kept nowhere."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, one

SECRET = "IDENTIFY hunter2"


@pytest.mark.parametrize("nick", ["NickServ", "chanserv", "root", "Admin"])
def test_nobody_is_called_so(irc, nick):
    foo = irc("foo")
    one(foo.ask(f"NICK {nick}"), "432", "foo", nick, ANY)


@pytest.mark.parametrize("to", ["NickServ", "nickserv@services.example", "ChanServ"])
def test_a_message_to_a_service_is_answered_with_what_to_do(irc, to):
    foo = irc("foo")
    one(foo.ask(f"PRIVMSG {to} :{SECRET}"), "401", "foo", to, Re(r"There is no \w+ here.*SASL.*"))
    assert foo.ask(f"NOTICE {to} :{SECRET}") == []


@pytest.mark.parametrize("command", ["NS", "NICKSERV", "nickserv", "CS", "CHANSERV", "MEMOSERV", "IDENTIFY"])
def test_a_command_for_a_service_is_unknown_with_a_sentence_that_helps(irc, command):
    foo = irc("foo")
    (answer,) = foo.ask(f"{command} {SECRET}")
    assert answer.command == "421" and answer.params[1] == command.upper()
    assert "SASL" in answer.params[-1] and "hunter2" not in str(answer)
