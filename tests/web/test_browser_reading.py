"""Reading in the page: what counts as read, scrolling back without a jump, and how much is drawn."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from tests.e2e.harness import Full, Server
from tests.web.person import Page

pytestmark = pytest.mark.browser

ROWS = "document.querySelectorAll('#log .row').length"
MOST_ROWS = 400
MOST_PAINTS = 20
"""A second."""


def say(full: Full, lines: int, to: str = "#main") -> None:
    """Says numbered lines, many at once."""
    full.send("".join(
        json.dumps({"request": "msg", "content": f"line {number}", "to": to, "id": f"{to}{number}"}) + "\n"
        for number in range(lines)
    ))  # fmt: skip
    full.next(lambda event: event.get("reply_to") == f"{to}{lines - 1}")


def test_unread_and_mentions_are_counted_and_read_when_they_were_seen(
    server: Server, visit: Callable[..., Page]
) -> None:
    page = visit("pia")
    page.type("/join #ops")
    page.wait("document.getElementById('title').textContent === '#ops'")
    alice = Full(server.connect(), "alice")
    alice.request("msg", "anybody here?", to="#main")
    alice.request("msg", "pia: are you there?", to="#main")
    alice.request("msg", "psst", to="pia")
    page.wait("document.querySelectorAll('#rooms .mentions').length === 2")
    assert page.rooms() == {"#main": "1", "#ops": "", "alice": "1"}
    page.wait("document.title.startsWith('(2)')")
    for room in ("alice", "#main"):
        page.press("Alt-a")
        page.wait(f"document.getElementById('title').textContent === {room!r}")
        page.wait(f"document.querySelectorAll('#rooms .unread').length === {int(room == 'alice')}")
    page.wait("document.querySelectorAll('#rooms .unread').length === 0")
    assert page.rooms() == {"#main": "", "#ops": "", "alice": ""}
    page.wait("!document.title.startsWith('(')")


def test_a_room_with_much_that_is_new_opens_at_the_first_of_it(
    server: Server, visit: Callable[..., Page]
) -> None:
    page = visit("pia")
    alice = Full(server.connect(), "alice")
    alice.request("msg", "an old one", to="#main")
    page.sees("an old one")
    page.wait("document.querySelectorAll('#rooms .unread').length === 0")
    page.type("/join #ops")
    page.wait("document.getElementById('title').textContent === '#ops'")
    say(alice, 100)
    page.wait("document.querySelector('#rooms .count')?.firstChild.textContent === '100'")
    page.press("Alt-a")
    page.wait("Boolean(document.querySelector('#log .row.new'))")
    in_view = """(() => { const log = document.getElementById('log').getBoundingClientRect();
        const box = document.querySelector('#log .row.new').getBoundingClientRect();
        return box.top >= log.top && box.bottom <= log.bottom })()"""
    page.wait(in_view)
    page.wait("!document.querySelector('.down').hidden")
    left = page.rooms()["#main"]
    assert left == "100" or int(left) > 50, "what is below was not seen, and is still unread"
    page.click(".down")
    page.sees("line 99")
    page.wait("document.querySelectorAll('#rooms .unread').length === 0")


def test_scrolling_back_shows_all_that_is_older_without_holes_and_draws_few_rows(
    server: Server, visit: Callable[..., Page]
) -> None:
    alice = Full(server.connect(), "alice")
    say(alice, 1_500)
    page = visit("pia")
    page.sees("line 1499")
    page.press("Ctrl-End")
    page.js("""window.holes = []; window.most = 0; (() => {
        const look = () => {
            const rows = [...document.querySelectorAll('#log .row.message')];
            const order = rows.map((row) => Number(row.querySelector('.body p').textContent.slice(5)));
            if (order.some((number, at) => at && number !== order[at - 1] + 1)) window.holes.push(order.join());
            window.most = Math.max(window.most, document.querySelectorAll('#log .row').length);
            requestAnimationFrame(look);
        };
        look();
    })()""")
    end = time.monotonic() + 20
    while not page.js("document.getElementById('log').innerText.includes('line 0\\n')"):
        page.scroll("#log", -1_500)
        assert time.monotonic() < end, page.text[:300]
    assert page.js("holes") == []
    assert page.js("most") <= MOST_ROWS
    page.wait("Boolean(document.querySelector('#log .top h2'))")
    page.press("Ctrl-End")
    page.sees("line 1499")
    page.wait(ROWS, lambda rows: rows <= MOST_ROWS)


def test_what_is_in_view_stays_there_while_older_and_newer_messages_come(
    server: Server, visit: Callable[..., Page]
) -> None:
    alice = Full(server.connect(), "alice")
    say(alice, 1_200)
    page = visit("pia")
    page.sees("line 1199")
    page.press("Ctrl-Home")  # of what is loaded: then more is
    page.wait("!document.querySelector('.down').hidden")
    page.wait(ROWS, lambda rows: rows > 100)
    line = page.js("""[...document.querySelectorAll('#log .row.message')].find(
        (row) => row.getBoundingClientRect().top > 100).querySelector('.body p').textContent""")
    top = f"""[...document.querySelectorAll('#log .row.message')].find((row) => row.textContent.includes('{line}'))
        ?.getBoundingClientRect().top ?? null"""
    before = page.js(top)
    for number in range(3):
        alice.request("msg", f"meanwhile {number}", to="#main")
    page.wait("document.querySelector('.down').textContent.includes('3 new')")
    assert abs(page.js(top) - before) < 2, "what came has moved nothing"
    page.js("document.querySelector('#log').scrollTop = 40")
    page.wait("document.querySelector('#log').scrollTop > 300")  # older ones are above now
    page.wait(
        "Number(/line (\\d+)/.exec(document.querySelector('#log .row.message p').textContent)[1]) < 1050"
    )
    page.click(".down")
    page.sees("meanwhile 2")


def test_a_flood_is_painted_at_most_twenty_times_a_second(server: Server, visit: Callable[..., Page]) -> None:
    alice = Full(server.connect(), "alice")
    page = visit("pia")
    began = time.monotonic()
    paints = page.js("Number(document.documentElement.dataset.paints)")
    say(alice, 4_000)
    page.sees("line 3999")
    made = page.js("Number(document.documentElement.dataset.paints)") - paints
    assert made <= MOST_PAINTS * (time.monotonic() - began) + 2
    assert page.js(ROWS) <= MOST_ROWS
    assert page.js("document.querySelectorAll('#live p').length") <= 6


def test_search_finds_an_old_message_and_leads_to_it(server: Server, visit: Callable[..., Page]) -> None:
    alice = Full(server.connect(), "alice")
    alice.request("msg", "the needle is here", to="#main")
    say(alice, 1_300)
    page = visit("pia")
    page.sees("line 1299")
    page.press("Ctrl-s")
    page.wait("document.activeElement.getAttribute('role') === 'searchbox'")
    page.type("needle")
    page.wait("Boolean(document.querySelector('.found button'))")
    page.press("ArrowDown", "Enter")
    page.wait("!document.querySelector('dialog[open]')")
    page.wait("""[...document.querySelectorAll('#log .row.message')].some((row) => row.textContent.includes('needle')
        && row.getBoundingClientRect().top > 0 && row.getBoundingClientRect().bottom < innerHeight)""")
    page.press("Ctrl-End")
    page.sees("line 1299")


def test_a_message_that_is_deleted_disappears_for_all_and_a_screen_reader_hears_the_others(
    server: Server, visit: Callable[..., Page]
) -> None:
    page = visit("pia")
    alice = Full(server.connect(), "alice")
    seq = alice.request("msg", "oops, my password", to="#main")["seq"]
    page.sees("oops, my password")
    page.wait("document.getElementById('live').textContent === 'alice: oops, my password'")
    alice.request("redact", to="#main", seq=seq)
    page.sees("(deleted)")
    assert "oops, my password" not in page.js("document.getElementById('log').innerText")


def test_what_comes_while_nobody_looks_at_the_page_is_not_read(
    server: Server, visit: Callable[..., Page]
) -> None:
    page = visit("pia")
    alice = Full(server.connect(), "alice")
    alice.request("msg", "seen", to="#main")
    page.sees("seen")
    page.wait("document.querySelectorAll('#rooms .unread').length === 0")
    with page.hidden():
        page.wait("document.visibilityState === 'hidden'")
        alice.request("msg", "pia: not seen", to="#main")
        page.wait("document.title.startsWith('(1)')")
        page.sees("pia: not seen")
        assert page.rooms() == {"#main": "1"}
    page.wait("document.visibilityState === 'visible'")
    page.wait("!document.title.startsWith('(')")
    assert page.rooms() == {"#main": ""}
    page.wait("document.querySelector('#log .row.new').nextSibling.textContent.includes('not seen')")


def test_a_message_that_is_edited_shows_its_new_text_also_to_a_page_that_was_away(
    server: Server, visit: Callable[..., Page]
) -> None:
    page = visit("pia")
    alice = Full(server.connect(), "alice")
    first = alice.request("msg", "helo", to="#main")["seq"]
    second = alice.request("msg", "wolrd", to="#main")["seq"]
    page.has_said("alice: helo", "alice: wolrd")
    alice.request("edit", "hello", to="#main", seq=first)
    page.has_said("alice: hello (edited)", "alice: wolrd")
    page.js("sockets.at(-1).close()")
    alice.request("edit", "world", to="#main", seq=second)
    page.has_said("alice: hello (edited)", "alice: world (edited)")
