"""WeeChat, on a terminal, with a person on netcat and a JSON client in the same channel."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import certificates
from tests.e2e.harness import Full, Person
from tests.irc.real.harness import PASSWORD, Files, House, Screen, hour, need_program, second_after

Start = Callable[..., Screen]

SETTINGS = (
    "/set irc.look.server_buffer independent",
    "/set irc.msgbuffer.whois current",
    "/set irc.msgbuffer.whowas current",
    "/set logger.file.flush_delay 0",
    "/set logger.look.backlog 0",
    "/set weechat.startup.display_logo off",
    "/set weechat.bar.buflist.hidden on",
    "/set weechat.look.mouse off",
)
SERVER = (
    "/server add ev {host}/{port} -notls -nicks=wendy -username=wen -realname=Wendy -autojoin=#room",
    "/set irc.server.ev.autoreconnect_delay 1",
    "/set irc.server.ev.anti_flood_prio_high 0",
    "/set irc.server.ev.anti_flood_prio_low 0",
)
SASL = (
    "/set irc.server.ev.sasl_mechanism plain",
    "/set irc.server.ev.sasl_username wendy",
    f'/set irc.server.ev.sasl_password "{PASSWORD}"',
)


@pytest.fixture
def start(screen: Start, home: Path) -> Callable[..., Screen]:
    """Starts WeeChat, which connects and joins #room by itself, and shows #room."""
    weechat = need_program("weechat")

    def run(house: House, *more: str) -> Screen:
        commands = [
            word
            for line in (*SETTINGS, *SERVER, *more, "/connect ev")
            for word in ("-r", line.format(host=house.host, port=house.port))
        ]
        program = screen(weechat, "-d", str(home / "weechat"), *commands)
        program.see(r"Channel #room: \d+ nick")
        return program

    return run


@pytest.fixture
def logs(home: Path) -> Files:
    """WeeChat's logs."""
    return Files(home / "weechat" / "logs")


def test_it_logs_in_with_sasl_and_both_sides_hear_each_other(
    strict: House, start: Start, logs: Files
) -> None:
    strict.account("wendy")
    nora, jason = strict.person("nora", "#room"), strict.full("jason", "#room")
    weechat = start(strict, *SASL)
    logs.see("irc.server.ev.weechatlog", "SASL authentication successful")
    nora.line("wendy joined #room")
    assert jason.event("joined", sender="wendy")["to"] == "#room"

    weechat.line("hello from weechat")
    assert nora.line("hello from weechat") == "HH:MM #room <wendy> hello from weechat"
    assert jason.event("message", content="hello from weechat")["sender"] == "wendy"
    nora.type("hello from netcat")
    weechat.see(r"@?nora \S hello from netcat")
    jason.request("msg", "hello from JSON", to="#room")
    weechat.see(r"jason \S hello from JSON")
    assert weechat.text().count("hello from weechat") == 1

    weechat.line("/me waves")
    nora.line("* wendy waves")
    nora.type("/me waves back")
    weechat.see(r"\* \S nora waves back")


def test_all_capabilities_on_a_message_is_still_shown_once(house: House, start: Start, nora: Person) -> None:
    weechat = start(house, '/set irc.server.ev.capabilities "*,echo-message,batch,labeled-response"')
    weechat.line("hello from weechat")
    nora.line("<wendy> hello from weechat")
    nora.type("hello from netcat")
    weechat.see("hello from netcat")


def test_it_shows_what_the_server_tells_of_people(house: House, start: Start, nora: Person) -> None:
    house.account("wendy")
    nora.type("/away at lunch")
    weechat = start(house, *SASL)
    weechat.see(r"\u2502@?nora\s*\n(?s:.)*\u2502 ?wendy")  # the list of nicks at the right
    weechat.see("Channel created on")

    weechat.do(
        "/whois nora",
        r"\[nora\] \(user@\S+\): nora(?s:.)*\[nora\] #main @#room(?s:.)*\[nora\] is away: at lunch",
    )
    weechat.see(r"\[nora\] idle: (?s:.)*\[nora\] End of /WHOIS list")
    weechat.do("/whois wendy", r"\[wendy\] is logged in as wendy(?s:.)*\[wendy\] End of /WHOIS list")
    weechat.do("/names", r"Nicks #room: \[@?nora wendy\]")
    weechat.do("/whowas nobody", r"\[nobody\] End of WHOWAS")
    weechat.line("/msg nora are you there?")
    nora.line("are you there?")
    weechat.line("/away -all in a meeting")
    nora.type("/whois wendy")
    nora.line("in a meeting")
    weechat.line("/buffer ev")
    weechat.see("You have been marked as being away")
    weechat.do(
        "/who #room", r"\[#room\] nora \S* ?\(user@\S+\) G@?[^\n]*nora(?s:.)*\[#room\] End of /WHO list"
    )
    weechat.do("/list", r"#room\(2\)(?s:.)*End of /LIST")
    weechat.do("/away -all", "You are no longer marked as being away")


def test_an_operator_rules_the_channel(house: House, start: Start, logs: Files) -> None:
    weechat = start(house)
    nora = house.person("nora", "#room")
    weechat.see("nora.* has joined #room")
    weechat.do("/topic What we talk about", 'wendy has (set|changed) (the )?topic[^\\n]*"What we talk about"')
    nora.line("wendy set the topic of #room: What we talk about")
    weechat.do("/mode +m", r"Mode #room \[\+m\] by wendy")
    nora.type("may I?")
    nora.line("Only operators and voiced users may speak in #room.")
    weechat.do("/voice nora", r"Mode #room \[\+v nora\] by wendy")
    nora.type("now I may")
    weechat.see(r"\+nora \S now I may")
    weechat.do("/ban *!*@bad.example", r"Mode #room \[\+b \*!\*@bad\.example\] by wendy")
    weechat.do("/ban", r"\[#room\] \[1\] \*!\*@bad\.example banned by wendy(?s:.)*End of channel ban list")
    weechat.do("/unban 1", r"Mode #room \[-b \*!\*@bad\.example\] by wendy")
    weechat.do("/kick nora too loud", r"wendy has kicked nora \(too loud\)")
    nora.line("wendy kicked nora from #room (too loud)")
    weechat.do("/mode +i", r"Mode #room \[\+i\] by wendy")
    weechat.line("/invite nora")
    logs.see("irc.server.ev.weechatlog", "wendy has invited nora to #room")
    nora.type("/join #room")
    weechat.see(r"too loud(?s:.)*nora.* has joined #room")


def test_private_messages_a_new_nick_and_leaving(
    house: House, start: Start, nora: Person, jason: Full, logs: Files
) -> None:
    weechat = start(house)
    nora.type("/msg wendy psst")
    logs.see("irc.ev.nora.weechatlog", "nora\tpsst")
    weechat.line("/msg jason psst to you")
    assert jason.event("message", content="psst to you")["sender"] == "wendy"
    weechat.line("/nick nora")
    logs.see("irc.server.ev.weechatlog", "Nickname is already in use")
    weechat.do("/nick wanda", "You are now known as wanda")
    nora.line("wendy is now called wanda")
    nora.type("/nick norma")
    weechat.see("nora is now known as norma")
    weechat.line("/part enough of that")
    nora.line("wanda left #room (enough of that)")
    weechat.line("/join #room")
    nora.line("wanda joined #room")
    weechat.line("/quit good night")
    nora.line("wanda left the server (Quit: good night)")
    assert weechat.ended() == 0


def test_a_message_of_several_lines_and_a_long_one_are_readable(
    house: House, start: Start, jason: Full
) -> None:
    weechat = start(house)
    jason.request("msg", "first\n  second\n\nthird", to="#room")
    weechat.see(r"jason \S first\b.*\n.*jason \S   second\b.*\n.*jason \S third\b")
    words = [f"word{number}" for number in range(260)]
    jason.request("msg", " ".join(words), to="#room")
    weechat.see("word259")
    assert re.findall(r"word\d+", weechat.text()) == words
    jason.request("msg", "\U0001f389 \u2705 \u65e5\u672c\u8a9e", to="#room")
    weechat.see("jason \\S \U0001f389[^\n]*\u65e5")


def test_what_was_said_before_is_shown_with_its_times(house: House, start: Start) -> None:
    at = house.told("the first", "the second", channel="#room")
    second_after(at)
    weechat = start(house)
    weechat.see(rf"{hour(at)}\s+@?past \S the second")
    weechat.see(r"past \S the first")


def test_it_comes_back_when_the_server_does(house: House, start: Start, logs: Files) -> None:
    house.account("wendy")
    weechat = start(house, *SASL)
    nora = house.person("nora", "#room")
    nora.type("before the fall")
    weechat.see("before the fall")
    weechat.do("/topic It stays", '"It stays"')
    house.kill()
    logs.see("irc.server.ev.weechatlog", "reconnecting to server in 1 second")
    weechat.line("/buffer clear")
    weechat.miss("before the fall")
    house.start()
    weechat.see('Topic for #room is "It stays"')
    weechat.see(r"nora \S before the fall")
    nora = house.person("nora", "#room")
    weechat.line("I am back")
    nora.line("<wendy> I am back")


@certificates.needs_openssl
def test_it_talks_over_tls_on_the_port_of_everything_else(secure: House, start: Start) -> None:
    nora = secure.person("nora", "#room")
    weechat = start(secure, "/set irc.server.ev.tls on", "/set irc.server.ev.tls_verify off")
    nora.line("wendy joined #room")
    weechat.line("hello over TLS")
    assert nora.line("hello over TLS") == "HH:MM #room <wendy> hello over TLS"
    nora.type("and back")
    weechat.see("and back")
