"""sic, a client that is a prompt: lines in, lines out."""

from __future__ import annotations

from collections.abc import Callable

from tests.e2e.harness import Full, Person
from tests.irc.real.harness import House, Screen, need_program


def test_it_talks_asks_and_leaves(
    house: House, screen: Callable[..., Screen], nora: Person, jason: Full
) -> None:
    sic = screen(need_program("sic"), "-h", house.host, "-p", str(house.port), "-n", "sid")
    sic.see("Welcome to the evchat Network")
    sic.do(":j #room", "sid +: .* JOIN")
    nora.line("sid joined #room")
    sic.line("hello from sic")
    assert nora.line("hello from sic") == "HH:MM #room <sid> hello from sic"
    assert jason.event("message", content="hello from sic")["sender"] == "sid"
    nora.type("hello from netcat")
    sic.see("<nora> hello from netcat")
    jason.request("msg", "\x1b[2Jhello from JSON", to="#room")
    sic.see("<jason> \u241b\\[2Jhello from JSON")  # it shows all that it gets, and its terminal would obey
    sic.do(":WHOIS nora", "End of /WHOIS list")
    sic.do(":m nora psst", "psst")
    nora.line("(private) <sid> psst")
    nora.type("/msg sid psst to you")
    sic.see("psst to you")
    sic.line(":AWAY :in a meeting")
    sic.see("You have been marked as being away")
    sic.line(":NICK sidney")
    nora.line("sid is now called sidney")
    sic.line(":l #room")
    nora.line("sidney left #room")
    sic.line(":j #room")
    nora.line("sidney joined #room")
    sic.line(":QUIT :good night")
    nora.line("sidney left the server (Quit: good night)")
    sic.ended()
