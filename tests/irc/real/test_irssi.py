"""irssi, on a terminal, with a person on netcat and a JSON client in the same channel."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import certificates
from tests.e2e.harness import Full, Person
from tests.irc.real.harness import PASSWORD, House, Screen, hour, need_program, second_after

Start = Callable[..., Screen]

CONFIG = """
servers = ( {{ address = "{host}"; chatnet = "ev"; port = "{port}"; autoconnect = "yes"; {tls} }} );
chatnets = {{ ev = {{ type = "IRC"; nick = "ira"; {sasl} }}; }};
channels = ( {{ name = "#room"; chatnet = "ev"; autojoin = "yes"; }} );
settings = {{
  core = {{ real_name = "Ira I."; user_name = "ira"; nick = "ira"; timestamp_format = "%H:%M:%S"; }};
  "fe-common/core" = {{ autocreate_windows = "no"; autocreate_query_level = "NONE"; use_msgs_window = "no";
    use_status_window = "no"; }};
  "fe-text" = {{ show_server_time = "yes"; }};
  "irc/core" = {{ cmd_queue_speed = "10msec"; cmds_max_at_once = "100"; }};
}};
"""
"""Everything is shown in one window, and irssi does not wait between commands for the sake of servers that mind."""

SASL = f'sasl_mechanism = "PLAIN"; sasl_username = "ira"; sasl_password = "{PASSWORD}";'


@pytest.fixture
def start(screen: Start, home: Path) -> Callable[..., Screen]:
    """Starts irssi, which connects and joins #room by itself."""
    irssi = need_program("irssi")

    def run(house: House, sasl: str = "", tls: str = "") -> Screen:
        text = CONFIG.format(host=house.host, port=house.port, sasl=sasl, tls=tls)
        (home / "irssi").mkdir(exist_ok=True)
        (home / "irssi" / "config").write_text(text)
        return screen(irssi, f"--home={home / 'irssi'}")

    return run


def test_it_logs_in_with_sasl_and_both_sides_hear_each_other(strict: House, start: Start) -> None:
    strict.account("ira")
    nora, jason = strict.person("nora", "#room"), strict.full("jason", "#room")
    irssi = start(strict, SASL)
    irssi.see("SASL authentication succeeded")
    irssi.see("Welcome to the evchat Network")
    nora.line("ira joined #room")
    assert jason.event("joined", sender="ira")["to"] == "#room"
    irssi.see("#room: Total of 3 nicks")

    irssi.line("hello from irssi")
    assert nora.line("hello from irssi") == "HH:MM #room <ira> hello from irssi"
    assert jason.event("message", content="hello from irssi")["sender"] == "ira"
    nora.type("hello from netcat")
    irssi.see("<.?nora> hello from netcat")
    jason.request("msg", "hello from JSON", to="#room")
    irssi.see("<.?jason> hello from JSON")

    irssi.line("/me waves")
    nora.line("* ira waves")
    nora.type("/me waves back")
    irssi.see(r"\* nora waves back")


def test_it_shows_what_the_server_tells_of_people(house: House, start: Start, nora: Person) -> None:
    house.account("ira")
    nora.type("/away at lunch")
    irssi = start(house, SASL)
    irssi.see("#room: Total of 2 nicks")
    irssi.see("Join to #room was synced")  # which it says once it has had the answers to MODE, WHO and bans

    irssi.do(
        "/whois nora nora", r"nora \[user@[^\n]*\](?s:.)*away +: at lunch(?s:.)*idle +:(?s:.)*End of WHOIS"
    )
    irssi.do("/whois ira", r"ircname +: Ira I\.(?s:.)*channels +: @?#room(?s:.)*account +: ira")
    irssi.do("/who #room", r"#room +nora +G@? +0 +user@\S+ \[nora\](?s:.)*End of /WHO list")
    irssi.do("/names", r"\[.nora\s*\]")
    irssi.do("/list -yes", r"#room 2(?s:.)*End of /LIST")
    irssi.do("/msg nora are you there?", "nora is away: at lunch")
    nora.line("are you there?")
    irssi.do("/away in a meeting", "You have been marked as being away")
    nora.type("/whois ira")
    nora.line("in a meeting")
    irssi.do("/away", "You are no longer marked as being away")
    irssi.do("/whowas nobody", "was no such nick")
    irssi.do("/mode nora", "change mode for other users")


def test_an_operator_rules_the_channel(house: House, start: Start) -> None:
    irssi = start(house)
    irssi.see("#room: Total of 1 nicks")
    nora = house.person("nora", "#room")
    irssi.do("/topic What we talk about", "ira changed the topic of #room to: What we talk about")
    nora.line("ira set the topic of #room: What we talk about")
    irssi.do("/mode #room +m", r"mode/#room \[\+m\] by ira")
    nora.type("may I?")
    nora.line("Only operators and voiced users may speak in #room.")
    irssi.do("/voice nora", r"mode/#room \[\+v nora\] by ira")
    nora.type("now I may")
    irssi.see(r"<\+nora> now I may")
    irssi.do("/mode #room", r"mode/#room \[\+mn\]")
    irssi.do("/ban *!*@bad.example", r"mode/#room \[\+b \*!\*@bad\.example\] by ira")
    irssi.do("/mode #room +e *!*@good.example", r"mode/#room \[\+e \*!\*@good\.example\] by ira")
    irssi.do("/quote MODE #room b", r"#room: ban \*!\*@bad\.example \[by ira, \d+ secs ago\]")
    irssi.do("/unban *!*@bad.example", r"mode/#room \[-b \*!\*@bad\.example\] by ira")
    irssi.do("/kick nora too loud", r"nora was kicked from #room by ira \[too loud\]")
    nora.line("ira kicked nora from #room (too loud)")
    irssi.do("/mode #room +i", r"mode/#room \[\+i\] by ira")
    irssi.do("/invite nora", "Inviting nora to #room")
    nora.type("/join #room")
    irssi.see(r"nora \[[^]]*\] has joined #room\n[^\n]*\n?(?!(?s:.)*has joined)")


def test_private_messages_a_new_nick_and_leaving(
    house: House, start: Start, nora: Person, jason: Full
) -> None:
    irssi = start(house)
    irssi.see("#room: Total of 3 nicks")
    nora.type("/msg ira psst")
    irssi.see(r"\[nora\([^)]*\)\] psst")
    irssi.line("/msg jason psst to you")
    assert jason.event("message", content="psst to you")["sender"] == "ira"
    irssi.do("/nick nora", "Nick nora is already in use")
    irssi.do("/nick irina", "You're now known as irina")
    nora.line("ira is now called irina")
    nora.type("/nick norma")
    irssi.see("nora is now known as norma")
    irssi.do("/part #room enough of that", "irina .* has left #room")  # it joins no channel that it is in
    nora.line("irina left #room (enough of that)")
    irssi.do("/join #room", r"irina \[[^]]*\] has joined #room(?s:.)*Total of 3 nicks")
    nora.line("irina joined #room")
    irssi.line("/quit good night")
    nora.line("irina left the server (Quit: good night)")
    assert irssi.ended() == 0


def test_a_message_of_several_lines_and_a_long_one_are_readable(
    house: House, start: Start, jason: Full
) -> None:
    irssi = start(house)
    irssi.see("#room: Total of 2 nicks")
    jason.request("msg", "first\n  second\n\nthird", to="#room")
    irssi.see(r"jason> first\n\S+ <.jason> +second\n\S+ <.jason> third\n")
    words = " ".join(f"word{number}" for number in range(260))
    jason.request("msg", words, to="#room")
    irssi.see("word259")
    shown = re.sub(r"\d\d:\d\d:\d\d <.jason>", "", irssi.text()).split()
    assert [word for word in shown if word.startswith("word")] == words.split()
    jason.request("msg", "\U0001f389 \u2705 \u65e5\u672c\u8a9e \x1b[31mred\x07", to="#room")
    assert irssi.see("jason> \U0001f389[^\n]*\u65e5[^\n]*red")
    irssi.see(r"\u241b\[31mred\u2407")  # nothing that a terminal would obey


def test_what_was_said_before_is_shown_with_its_times(house: House, start: Start) -> None:
    house.account("ira")
    at = house.told("the first", "the second", channel="#room")
    second_after(at)
    irssi = start(house, SASL)
    irssi.see(rf"{hour(at)} <.past> the second")
    irssi.see("<.past> the first")


def test_it_comes_back_when_the_server_does(house: House, start: Start) -> None:
    house.account("ira")
    irssi = start(house, SASL)
    irssi.see("#room: Total of 1 nicks")
    nora = house.person("nora", "#room")
    nora.type("before the fall")
    irssi.see("before the fall")
    irssi.do("/topic It stays", "ira changed the topic of #room to: It stays")
    house.kill()
    irssi.see("Connection lost to")
    irssi.line("/clear")
    irssi.miss("before the fall")
    house.start()
    irssi.do("/reconnect ALL", "SASL authentication succeeded")
    irssi.see("Topic for #room: It stays")
    irssi.see("<.nora> before the fall")
    nora = house.person("nora", "#room")
    irssi.line("I am back")
    nora.line("<ira> I am back")


@certificates.needs_openssl
def test_it_talks_over_tls_on_the_port_of_everything_else(secure: House, start: Start) -> None:
    nora = secure.person("nora", "#room")
    irssi = start(secure, tls='use_tls = "yes"; tls_verify = "no";')
    nora.line("ira joined #room")
    irssi.see("#room: Total of 2 nicks")
    irssi.line("hello over TLS")
    assert nora.line("hello over TLS") == "HH:MM #room <ira> hello over TLS"
    nora.type("and back")
    irssi.see("and back")
