"""tinyirc, a client from 1994 that says USER before NICK and knows no more than RFC 1459."""

from __future__ import annotations

from collections.abc import Callable

from tests.e2e.harness import Full, Person
from tests.irc.real.harness import House, Screen, need_program


def test_it_talks_asks_and_leaves(
    house: House, screen: Callable[..., Screen], nora: Person, jason: Full
) -> None:
    tiny = screen(need_program("tinyirc"), "tim", house.host, str(house.port), columns=80, rows=30)
    tiny.see("Welcome to the evchat Network")
    tiny.line("/join #room")
    nora.line("tim joined #room")
    tiny.see("#room")
    tiny.line("hello from tinyirc")
    assert nora.line("hello from tinyirc") == "HH:MM #room <tim> hello from tinyirc"
    assert jason.event("message", content="hello from tinyirc")["sender"] == "tim"
    nora.type("hello from netcat")
    tiny.see("nora.*hello from netcat")
    tiny.do("/whois nora", "(?i)end of /whois")
    tiny.line("/msg nora psst")
    nora.line("(private) <tim> psst")
    tiny.line("/nick timothy")
    nora.line("tim is now called timothy")
    tiny.line("/part #room")
    nora.line("timothy left #room")
    tiny.line("/join #room")
    nora.line("timothy joined #room")
    tiny.line("/quit good night")
    nora.line("timothy left the server")
    tiny.ended()
