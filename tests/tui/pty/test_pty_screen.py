"""What a real terminal shows: sizes, hostile and wide text, and terminals that can do little."""

from __future__ import annotations

import codecs
import re

import pytest

from ptyscreen import Program
from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients
from tests.tui.tamper import Tamper

HOSTILE = {
    "clear screen": "a\x1b[2Jb",
    "title": "a\x1b]0;gotcha\x07b",
    "clipboard": "a\x1b]52;c;Z290Y2hh\x07b",
    "C1": "a\x9b2Jb\x9d0;gotcha\x9c",
    "bell": "a\x07b",
    "direction": "a\u202eb\u2066c\u200f",
    "NUL": "a\x00b",
    "invisible": "a\u200b\u200d\ufeff\u00ad\u2060b",
    "cursor": "a\r\bb\x7f\tc",
    "zalgo": "a" + "\u0301" * 500,
    "tags": "a\U000e0041\U000e007fb",
}
ODD = re.compile(
    "[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f]"
)


def borders(program: Program) -> None:
    """Sees that the lines between the panes are whole and straight, and the title and status line are filled."""
    wanted = (program.columns >= 80) + (program.columns >= 100)

    def whole() -> bool:
        sides = "│" * (program.rows - 3)
        straight = [column for column in range(program.columns) if program.cells(column)[1:-2] == sides]
        bars = [program.screen.buffer[row] for row in (0, program.rows - 2)]
        looks = [{(bar[column].bg, bar[column].reverse) for column in range(program.columns)} for bar in bars]
        filled = not any(("default", False) in look for look in looks)
        return len(straight) == wanted and filled

    program.until(whole, "whole borders")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 12)])
def test_the_borders_are_whole(server: Server, clients: Clients, size: tuple[int, int]) -> None:
    borders(clients.online(server, columns=size[0], rows=size[1]))


def test_a_start_costs_less_than_three_bytes_a_cell(server: Server, clients: Clients) -> None:
    alice = clients.online(server, columns=120, rows=40)
    assert len(alice.raw) < 3 * 120 * 40 + 200


def test_hostile_text_is_harmless(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.online(server, columns=100)
    for text in HOSTILE.values():
        friend.request("msg", text)
    friend.request("topic", "topic\x1b[2J\x07\u202e")
    friend.request("msg", "the end")
    alice.see("the end")
    borders(alice)
    raw = bytes(alice.raw)
    assert not any(b"gotcha" in sequence or b"]52" in sequence for sequence in alice.sequences())
    assert raw.count(b"\x1b[2J") == raw.count(b"\x1b[H\x1b[2J")
    assert b"\a" not in raw
    # What was read may end in the middle of a character.
    assert not ODD.findall(codecs.getincrementaldecoder("utf-8")().decode(raw))


def test_nothing_that_a_server_can_say_reaches_the_terminal_as_it_is(
    server: Server, clients: Clients
) -> None:
    hostile = "".join(HOSTILE.values()) + "\ud800"
    words = (
        "Mallory",
        "TOPIC",
        "AWAY",
        "MESSAGE",
        "REASON",
        "#channel",
        "known",
        "command",
        "Nobody",
        "marked",
    )
    tamper = Tamper(server, dict.fromkeys(words, f"{hostile}#") | {"#channel": f"#channel{hostile}"})
    try:
        mallory = Full(server.connect(), "Mallory")
        mallory.request("join", "#channel")
        mallory.request("topic", "TOPIC", to="#main")
        mallory.request("topic", "TOPIC", to="#channel")
        mallory.request("away", "AWAY")
        alice = clients.start(tamper.where, TERM_PROGRAM="iTerm.app", columns=110)
        alice.see("● connected")
        alice.press("focus-out")
        mallory.request("msg", "MESSAGE https://MESSAGE.example/MESSAGE alice", to="#main")
        mallory.request("me", "MESSAGE", to="#main")
        mallory.request("msg", "MESSAGE", to="alice")
        mallory.request("broadcast", "MESSAGE")
        alice.until(lambda: alice.raw.count(b"\a") > 0, "a bell")
        alice.press("focus-in")
        for line in (
            "/who", "/channels", "/names", "/whois Mallory", "/topic", "/search MESSAGE", "/history", "/inbox",
            "/join #channel", "/part #channel REASON", "/msg Mallory MESSAGE", "/away AWAY", "/nosuch",
        ):  # fmt: skip
            alice.line(line)
            alice.read(0.05)
            alice.press("alt-k")
        for name in ("ctrl-k", "alt-o", "alt-g", "ctrl-s", "alt-up", "f1", "alt-a", "alt-a"):
            alice.press(name)
            alice.read(0.05)
            alice.press("escape")
            alice.read(0.05)
        mallory.request("nick", "Mallory2")
        mallory.request("quit", "REASON")
        alice.press("alt-1")
        alice.see(r"\[alice[^]]*\] 1:#main")
        borders(alice)
        # A notification is text, too: it may hold the words of an attack, but nothing that acts.
        raw = bytes(alice.raw).replace(b"\a\x1b]9;", b"\x1b]9;")
        assert b"\a" not in raw
        # What was read may end in the middle of a character.
        shown = codecs.getincrementaldecoder("utf-8")().decode(raw)
        assert "\u241b[2J" in shown
        others = [sequence for sequence in alice.sequences() if not sequence.startswith(b"\x1b]9;")]
        assert not any(b"gotcha" in sequence or b"]52" in sequence for sequence in others)
        assert raw.count(b"\x1b[2J") == raw.count(b"\x1b[H\x1b[2J")
        assert not ODD.findall(shown)
        alice.press("ctrl-q")
        assert alice.ended() == 0
    finally:
        tamper.close()


def test_wide_and_combining_characters_keep_the_borders_straight(
    server: Server, clients: Clients, friend: Full
) -> None:
    alice = clients.online(server, columns=101, rows=24)
    family = "x" + "👍🏽❤️👨‍👩‍👧" * 12
    for text in (
        "日本語" * 30,
        family,
        "e\u0301" * 120,
        "한국어 ｗｉｄｅ " * 9,
        "a\u0323\u0301\u0302\u0303 b",
    ):
        friend.request("msg", text)
    friend.request("msg", "the end")
    alice.see("the end")
    borders(alice)
    alice.type("日本語 und e\u0301")
    alice.see("> 日")
    borders(alice)


def test_a_storm_of_sizes_leaves_the_screen_whole(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.online(server)
    for number in range(30):
        friend.request("msg", f"line {number} " + "word " * 20)
    alice.see("line 29")
    alice.type("still here")
    for columns, rows in ((10, 3), (1, 1), (200, 60), (3, 20), (40, 10), (1, 5), (79, 1), (80, 24)):
        alice.resize(columns, rows)
        alice.read(0.05)
    alice.see(r"line 29")
    alice.see("> still here")
    borders(alice)


def test_ten_by_three_cells_are_enough_to_chat(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.online(server)
    alice.resize(10, 3)
    alice.line("hi")
    assert friend.event("message")["content"] == "hi"
    friend.request("msg", "yo")
    alice.see("bob yo")
    alice.resize(1, 1)
    alice.line("tiny")
    assert friend.event("message")["content"] == "tiny"
    alice.resize(80, 24)
    alice.see(r"alice +tiny ✓")
    borders(alice)


def test_a_screen_that_was_written_over_is_painted_anew_on_request(server: Server, clients: Clients) -> None:
    alice = clients.online(server)
    alice.stream.feed(b"\x1b[2J\x1b[HSomebody else was here.")
    alice.press("ctrl-l")
    alice.see(r"\[alice\] 1:#main")
    borders(alice)


@pytest.mark.parametrize("term", ["vt100", "linux", "screen", "xterm", "never-heard-of-it"])
def test_every_terminal_that_can_place_its_cursor_gets_a_screen(
    server: Server, clients: Clients, term: str
) -> None:
    alice = clients.start(server, TERM=term)
    alice.see("● connected")
    borders(alice)
    alice.press("ctrl-q")
    assert alice.ended() == 0
    assert alice.left_on() == set()


@pytest.mark.parametrize("term", ["dumb", None, ""])
def test_a_terminal_that_can_do_nothing_gets_lines(
    server: Server, clients: Clients, term: str | None
) -> None:
    alice = clients.start(server, TERM=term)
    alice.see("alice")
    alice.line("hello")
    alice.see("hello")
    assert not alice.modes.get("1049")
    alice.line("/quit")
    assert alice.ended() == 0


def test_a_size_that_the_environment_claims_is_not_believed(server: Server, clients: Clients) -> None:
    alice = clients.start(server, LINES="5", COLUMNS="7")
    alice.see("● connected")
    borders(alice)


def test_without_colours_there_is_none(server: Server, clients: Clients) -> None:
    alice = clients.start(server, NO_COLOR="1")
    alice.see("● connected")
    alice.line("hello")
    alice.see("hello ✓")
    for match in re.finditer(rb"\x1b\[([0-9;]*)m", bytes(alice.raw)):
        assert set(match[1].split(b";")) <= {b"", b"0", b"1", b"2", b"3", b"4", b"7"}


def test_a_locale_without_unicode_gets_ascii(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.start(server, LC_ALL="C")
    alice.see("connected")
    friend.request("msg", "naïve 日本")
    alice.see(r"na.ve \?\?\?\?")
    assert alice.raw.isascii()
    border = alice.lines()[1].index("|")
    assert alice.cells(border)[1:-2] == "|" * 21


@pytest.mark.parametrize("locale", ["de_DE.UTF-8", "nowhere.UTF-8"])
def test_a_locale_that_is_not_installed_shows_all_that_it_promises(
    server: Server, clients: Clients, friend: Full, locale: str
) -> None:
    alice = clients.start(server, LC_ALL=locale, columns=101)
    alice.see("● connected")
    friend.request("msg", "naïve 日本 👍")
    alice.see("naïve 日.?本.? 👍")
    borders(alice)


def test_eight_colours_are_enough(server: Server, clients: Clients) -> None:
    alice = clients.start(server, TERM="xterm-color")
    alice.see("● connected")
    assert not any(b"38;5" in sequence for sequence in alice.sequences())
