"""Limnoria, a bot with a life of its own: it keeps what it sees, and answers who talks to it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.harness import Full, Person
from tests.irc.real.harness import PASSWORD, House, Script, need_module

CONFIG = """
supybot.nick: lim
supybot.ident: lim
supybot.user: Lim the bot
supybot.networks: ev
supybot.networks.ev.servers: {host}:{port}
supybot.networks.ev.ssl: False
supybot.networks.ev.channels: #room
supybot.networks.ev.sasl.username: {account}
supybot.networks.ev.sasl.password: {password}
supybot.networks.ev.sasl.required: {required}
supybot.drivers.maxReconnectWait: 5.0
supybot.drivers.poll: 0.05
supybot.protocols.irc.throttleTime: 0.0
supybot.reply.whenAddressedBy.nick: True
supybot.reply.whenAddressedBy.chars: @
supybot.log.stdout: True
supybot.log.level: INFO
supybot.upkeepInterval: 3600
supybot.plugins: Admin Channel Config Misc Owner User Utilities
supybot.plugins.Admin: True
supybot.plugins.Misc: True
supybot.plugins.Utilities: True
supybot.plugins.Channel: True
supybot.plugins.Owner: True
supybot.plugins.Config: True
supybot.plugins.User: True
supybot.directories.data: {home}/data
supybot.directories.conf: {home}/conf
supybot.directories.log: {home}/logs
supybot.directories.backup: {home}/backup
supybot.directories.plugins: {home}/plugins
"""

OWNER = """
user 1
  name nora
  ignore False
  secure False
  hashed False
  password -
  capability owner
  hostmask nora!*@*
"""
"""Who may tell the bot what to do."""


@pytest.fixture
def start(home: Path, script: Callable[..., Script]) -> Callable[..., Script]:
    """Starts the bot, which joins #room."""
    need_module("supybot")

    def run(house: House, account: str = "") -> Script:
        path = home / "lim.conf"
        text = CONFIG.format(
            host=house.host,
            port=house.port,
            home=home,
            account=account,
            password=PASSWORD if account else "",
            required=bool(account),
        )
        path.write_text(text.lstrip())
        (home / "conf").mkdir(exist_ok=True)
        (home / "conf" / "users.conf").write_text(OWNER.lstrip())
        program = Path(sys.executable).with_name("limnoria")
        return script(str(program), "--allow-root", str(path))

    return run


def test_it_logs_in_with_sasl_and_answers_everybody(strict: House, start: Callable[..., Script]) -> None:
    strict.account("lim")
    nora, jason = strict.person("nora", "#room"), strict.full("jason", "#room")
    bot = start(strict, "lim")
    nora.line("lim joined #room")
    bot.see("Join to #room on ev synced")
    nora.type("lim: echo hello $nick")
    assert nora.line("hello nora") == "HH:MM #room <lim> hello nora"
    jason.request("msg", "@echo hello $nick", to="#room")
    assert jason.event("message", content="hello jason")["sender"] == "lim"
    nora.type("/whois lim")
    nora.line("lim (a registered name)")


def test_it_keeps_the_channel_and_leaves(
    house: House, start: Callable[..., Script], nora: Person, jason: Full
) -> None:
    bot = start(house)
    nora.line("lim joined #room")
    bot.see("Join to #room on ev synced")
    nora.type("/op lim")
    nora.type("/msg lim ping")
    assert "lim" in nora.line("pong")  # a NOTICE
    nora.type("@channel nicks")
    nora.line("jason, lim, and nora")
    nora.type("@nick limbo")
    nora.line("lim is now called limbo")
    nora.type("@ircquote TOPIC #room :What we talk about")
    nora.line("limbo set the topic of #room: What we talk about")
    nora.type("@ircquote KICK #room jason :too loud")
    assert jason.event("kicked", name="jason")["content"] == "too loud"
    nora.type("@ircquote MODE #room +b *!*@bad.example")
    nora.line("limbo banned the address bad.example from #room.")
    nora.type("@quit good night")
    nora.line("limbo left the server (Quit: good night)")
    bot.ended()


def test_it_comes_back_when_the_server_does(house: House, start: Callable[..., Script]) -> None:
    house.account("lim")
    bot = start(house, "lim")
    bot.see("Join to #room on ev synced")
    house.kill()
    bot.see("Disconnect from|Reconnecting to ev")
    house.start()
    nora = house.person("nora", "#room")
    bot.see("Join to #room on ev synced")
    nora.type("lim: echo hello again")
    nora.line("<lim> hello again")
