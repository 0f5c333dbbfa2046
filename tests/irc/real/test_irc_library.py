"""A bot made with `irc`, jaraco's library, as many small bots are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.harness import Full, Person
from tests.irc.real.harness import PASSWORD, House, Script, need_module

BOT = str(Path(__file__).with_name("irc_bot.py"))


@pytest.fixture
def start(script: Callable[..., Script]) -> Callable[..., Script]:
    """Starts the bot, which joins #room."""
    need_module("irc.bot")

    def run(house: House, *sasl: str) -> Script:
        return script(sys.executable, BOT, house.host, str(house.port), "irka", "#room", *sasl)

    return run


def test_it_logs_in_with_sasl_and_answers_everybody(strict: House, start: Callable[..., Script]) -> None:
    strict.account("irka")
    nora, jason = strict.person("nora", "#room"), strict.full("jason", "#room")
    bot = start(strict, "irka", PASSWORD)
    bot.see('"saslsuccess"|"903"')
    bot.see('"welcome"')
    bot.see('"endofnames"')
    nora.line("irka joined #room")
    nora.type("!ping")
    assert nora.line("pong") == "HH:MM #room <irka> nora: pong"
    jason.request("msg", "!ping", to="#room")
    assert jason.event("message", content="jason: pong")["sender"] == "irka"
    nora.type("/whois irka")
    nora.line("irka (a registered name)")
    bot.do("names", r'\["names", \["irka", "jason", "nora"\]\]')


def test_asking_private_messages_a_new_nick_and_leaving(
    house: House, start: Callable[..., Script], nora: Person, jason: Full
) -> None:
    bot = start(house)
    bot.see('"endofnames"')
    nora.type("/me waves")
    bot.see(r'"action", "nora![^"]*", "#room", \["waves"\]')
    bot.line("PRIVMSG #room :\x01ACTION waves back\x01")
    nora.line("* irka waves back")
    bot.do("WHOIS nora", r'"whoisuser"(?s:.)*"endofwhois"')
    bot.do("WHO #room", r'"whoreply"(?s:.)*"endofwho"')
    bot.do("MODE #room", r'"channelmodeis", "evchat.local", "irka", \["#room", "\+n"\]')
    bot.do("MODE #room b", '"endofbanlist"')
    bot.do("LIST", r'"list", "evchat.local", "irka", \["#room", "3"')
    nora.type("/topic What we talk about")
    bot.see(r'"topic", "nora![^"]*", "#room", \["What we talk about"\]')
    nora.type("/away at lunch")
    bot.do("PRIVMSG nora :psst", r'"away", "evchat.local", "irka", \["nora", "at lunch"\]')
    nora.line("(private) <irka> psst")
    nora.type("/msg irka psst to you")
    bot.see(r'"privmsg", "nora![^"]*", "irka", \["psst to you"\]')
    bot.do("AWAY :in a meeting", '"nowaway"')
    nora.type("/op irka")
    bot.see(r'"mode", "nora![^"]*", "#room", \["\+o", "irka"\]')
    bot.line("KICK #room jason :too loud")
    assert jason.event("kicked", name="jason")["content"] == "too loud"
    bot.line("NICK irina")
    nora.line("irka is now called irina")
    bot.line("QUIT :good night")
    nora.line("irina left the server (Quit: good night)")


def test_it_comes_back_when_the_server_does(house: House, start: Callable[..., Script]) -> None:
    house.account("irka")
    bot = start(house, "irka", PASSWORD)
    bot.see('"endofnames"')
    nora = house.person("nora", "#room")
    nora.type("before the fall")
    bot.see("before the fall")
    house.kill()
    bot.see('"disconnect"')
    house.start()
    bot.see('"welcome"')
    bot.see(r'"#room", \["\[\d\d:\d\d\] before the fall"\]')  # it knows no server-time
    nora = house.person("nora", "#room")
    nora.type("!ping")
    nora.line("<irka> nora: pong")
