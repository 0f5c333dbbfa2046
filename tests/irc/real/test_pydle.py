"""A bot made with pydle, an asynchronous library that asks for every capability it knows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import Full, Person
from tests.irc.real.harness import PASSWORD, House, Script, need_module

BOT = str(Path(__file__).with_name("pydle_bot.py"))


@pytest.fixture
def start(script: Callable[..., Script]) -> Callable[..., Script]:
    """Starts the bot, which joins #room."""
    need_module("pydle")

    def run(house: House, *sasl: str) -> Script:
        return script(sys.executable, BOT, house.host, str(house.port), "pia", "#room", *sasl)

    return run


def call(bot: Script, name: str, *arguments: Any) -> None:
    """Calls a method of the bot."""
    bot.line(json.dumps([name, *arguments]))


def test_it_logs_in_with_sasl_and_answers_everybody(strict: House, start: Callable[..., Script]) -> None:
    strict.account("pia")
    nora, jason = strict.person("nora", "#room"), strict.full("jason", "#room")
    bot = start(strict, "pia", PASSWORD)
    bot.see(r'\["join", "#room", "pia"\]')
    nora.line("pia joined #room")
    nora.type("!ping")
    assert nora.line("pong") == "HH:MM #room <pia> nora: pong"
    jason.request("msg", "!ping", to="#room")
    assert jason.event("message", content="jason: pong")["sender"] == "pia"
    nora.type("/whois pia")
    nora.line("pia (a registered name)")


def test_asking_private_messages_a_new_nick_and_leaving(
    house: House, start: Callable[..., Script], nora: Person, jason: Full
) -> None:
    nora.type("/topic What we talk about")
    bot = start(house)
    bot.see(r'\["join", "#room", "pia"\]')
    nora.type("/me waves")
    bot.see(r'\["action", "#room", "nora", "waves"\]')
    call(bot, "ctcp", "#room", "ACTION", "waves back")
    nora.line("* pia waves back")
    call(bot, "whois", "nora")
    bot.see(r'\["did", "whois", \{[^\n]*"nickname": "nora"|\["did", "whois", \{[^\n]*"realname": "nora"')
    call(bot, "channel")
    bot.see(r'\["channel", \["jason", "nora", "pia"\], "What we talk about", \["n"')
    nora.type("/topic Something else")
    bot.see(r'\["topic", "#room", "Something else", "nora"\]')
    call(bot, "message", "nora", "psst")
    nora.line("(private) <pia> psst")
    nora.type("/msg pia psst to you")
    bot.see(r'\["private", "nora", "psst to you"\]')
    call(bot, "message", "#room", "one line\nand another")
    nora.line("<pia> one line")
    nora.line("<pia> and another")
    call(bot, "away", "in a meeting")
    nora.type("/whois pia")
    nora.line("in a meeting")
    nora.type("/op pia")
    bot.see(r'\["mode", "#room", \["\+o", "pia"\], "nora"\]')
    call(bot, "kick", "#room", "jason", "too loud")
    assert jason.event("kicked", name="jason")["content"] == "too loud"
    bot.see(r'\["kick", "#room", "jason", "pia", "too loud"\]')
    call(bot, "set_nickname", "pina")
    bot.see(r'\["nick", "pia", "pina"\]')
    nora.line("pia is now called pina")
    call(bot, "part", "#room", "enough of that")
    nora.line("pina left #room (enough of that)")
    bot.see(r'\["part", "#room", "pina", "enough of that"\]')
    call(bot, "join", "#room")
    nora.line("pina joined #room")
    call(bot, "quit", "good night")
    nora.line("pina left the server (Quit: good night)")


def test_it_comes_back_when_the_server_does(house: House, start: Callable[..., Script]) -> None:
    house.account("pia")
    bot = start(house, "pia", PASSWORD)
    bot.see(r'\["join", "#room", "pia"\]')
    nora = house.person("nora", "#room")
    nora.type("before the fall")
    bot.see("before the fall")
    house.kill()
    bot.see(r'\["disconnected", false\]')
    house.start()
    bot.see(r'\["message", "#room", "nora", "(\[\d\d:\d\d\] )?before the fall"\]')
    nora = house.person("nora", "#room")
    nora.type("!ping")
    nora.line("<pia> nora: pong")
