"""ii, a client whose channels are folders: a pipe to write to, and a file to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.harness import Full, Person
from tests.irc.real.harness import PASSWORD, Files, House, Script, need_program
from tests.waiting import until_files


class Ii(Files):
    """The folder of ii's server."""

    def __init__(self, root: Path, script: Script) -> None:
        super().__init__(root)
        self.script = script

    def put(self, line: str, place: str = ".") -> None:
        """Writes a line into a channel's pipe, which ii makes when it is there."""
        pipe = self.root / place / "in"
        until_files(pipe.exists, self.root, f"a pipe {pipe}")
        with pipe.open(
            "wb", buffering=0
        ) as end:  # waits for a reader, should an earlier ii have left the pipe
            end.write(f"{line}\n".encode())


@pytest.fixture
def start(home: Path, script: Callable[..., Script]) -> Callable[..., Ii]:
    """Starts ii, which just connects."""
    ii = need_program("ii")

    def run(house: House, nick: str = "ivy", password: str = "") -> Ii:
        where = ("-i", str(home / "irc"), "-s", house.host, "-p", str(house.port))
        secret = ("-k", "SECRET") if password else ()
        program = script(ii, *where, *secret, "-n", nick, "-f", "Ivy", extra={"SECRET": password})
        return Ii(home / "irc" / house.host, program)

    return run


def test_both_sides_hear_each_other(strict: House, start: Callable[..., Ii]) -> None:
    nora, jason = strict.person("nora", "#room"), strict.full("jason", "#room")
    ii = start(strict)
    ii.see("out", "Welcome to the evchat Network")
    ii.put("/j #room")
    ii.see("#room/out", "ivy.* has joined #room")
    nora.line("ivy joined #room")
    ii.put("hello from ii", "#room")
    assert nora.line("hello from ii") == "HH:MM #room <ivy> hello from ii"
    assert jason.event("message", content="hello from ii")["sender"] == "ivy"
    nora.type("hello from netcat")
    ii.see("#room/out", "<nora> hello from netcat")
    jason.request("msg", "two\nlines", to="#room")
    ii.see("#room/out", r"<jason> two\n\d+ <jason> lines")
    ii.put("\x01ACTION waves\x01", "#room")
    nora.line("* ivy waves")
    nora.type("/me waves back")
    ii.see("#room/out", r"<nora> .ACTION waves back")
    ii.put("/t What we talk about", "#room")
    nora.line("ivy set the topic of #room: What we talk about")
    ii.see("#room/out", 'ivy changed topic to "What we talk about"')


def test_asking_away_a_new_nick_and_leaving(house: House, start: Callable[..., Ii], nora: Person) -> None:
    nora.type("/away at lunch")
    ii = start(house)
    ii.put("/j #room")
    ii.see("#room/out", "ivy.* has joined #room")
    ii.put("/WHOIS nora")
    ii.see("out", r"nora user \S+ \* nora(?s:.)*nora at lunch(?s:.)*nora End of /WHOIS")
    ii.put("/WHO #room")
    ii.see("out", r"#room \S+ \S+ \S+ nora G@(?s:.)*#room End of /WHO")
    ii.put("/NAMES #room")
    ii.see("out", r"= #room ivy @nora")
    ii.put("/MODE #room b")
    ii.see("out", "#room End of channel ban list")
    ii.put("/j nora psst")
    nora.line("(private) <ivy> psst")
    ii.see("out", "at lunch")
    nora.type("/msg ivy psst to you")
    ii.see("nora/out", "<nora> psst to you")
    ii.put("/a in a meeting")
    ii.see("out", "You have been marked as being away")
    nora.type("/whois ivy")
    nora.line("in a meeting")
    ii.put("/n ivory")
    nora.line("ivy is now called ivory")
    ii.put("/l enough of that", "#room")
    nora.line("ivory left #room (enough of that)")
    ii.put("/j #room")
    nora.line("ivory joined #room")
    ii.put("/q good night")
    nora.line("ivory left the server (Quit: good night)")
    assert ii.script.ended() == 0


def test_its_password_is_that_of_the_account(house: House, start: Callable[..., Ii]) -> None:
    house.account("ivy")
    ii = start(house, password=PASSWORD)
    ii.see("out", "You are now logged in as ivy")
    ii.see("out", "Welcome to the evchat Network")
    wrong = start(house, nick="ivy2", password=f"ivy:{PASSWORD}!")
    assert wrong.script.ended() == 1
    assert "Wrong password." in wrong.text("out")


def test_without_server_time_what_was_said_before_bears_its_times(
    house: House, start: Callable[..., Ii], jason: Full
) -> None:
    house.told("the first", "the second", channel="#room")
    ii = start(house)
    ii.put("/j #room")
    ii.see("#room/out", r"<past> \[\d\d:\d\d\] the first\n\d+ <past> \[\d\d:\d\d\] the second")
    jason.request("msg", "the third", to="#room")
    ii.see("#room/out", "<jason> the third")


def test_it_ends_with_the_server_and_comes_back(house: House, start: Callable[..., Ii]) -> None:
    nora = house.person("nora", "#main")
    ii = start(house)
    ii.put("/j #main")
    ii.see("#main/out", "ivy.* has joined #main")
    nora.type("/topic It stays")
    nora.type("before the fall")
    ii.see("#main/out", "before the fall")
    ii.see("out", "#main End of /NAMES list")
    house.kill()
    assert ii.script.ended() == 1
    house.start()
    nora = house.person("nora", "#main")
    again = start(house)
    again.put("/j #main")
    again.seen = ii.seen
    again.see("out", "#main It stays")
    again.see("#main/out", r"\[\d\d:\d\d\] before the fall")
    again.put("I am back", "#main")
    nora.line("<ivy> I am back")
