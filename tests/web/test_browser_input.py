"""The page by keyboard alone, on a phone, for a screen reader, and in the colours that people ask for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.harness import ROOT, Full, Server
from tests.web.person import Page

pytestmark = pytest.mark.browser

AXE = Path(os.environ.get("EVCHAT_AXE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
"""The rules of accessibility: `npm install --no-save axe-core`."""

INPUT = "document.getElementById('input').value"


def test_all_goes_by_keyboard(server: Server, visit: Callable[..., Page]) -> None:
    bob = Full(server.connect(), "bob")
    bob.request("join", "#ops")
    page = visit("pia")
    page.type("/join #ops")
    page.wait("document.getElementById('title').textContent === '#ops'")
    page.type("first")
    page.type("second")
    page.has_said("pia: first", "pia: second")
    page.press("ArrowUp", "ArrowUp")
    page.wait(f"{INPUT} === 'first'")
    page.press("ArrowDown", "ArrowDown")
    page.wait(f"{INPUT} === ''")
    page.press("Alt-ArrowUp")
    page.wait("document.activeElement.textContent.includes('second')")
    page.press("ArrowUp")
    page.wait("document.activeElement.textContent.includes('first')")
    page.press("d")
    page.sees("Delete this message for everybody?")
    page.press("Enter")
    page.wait("!document.querySelector('dialog[open]')")
    page.sees("(deleted)")
    assert bob.event("redacted", to="#ops")["sender"] == "pia"
    page.wait("document.activeElement.id === 'input'")
    page.press("Alt-p")
    page.wait("document.getElementById('title').textContent === '#main'")
    page.press("Alt-z")
    page.wait("document.getElementById('title').textContent === '#ops'")
    page.press("Alt-1")
    page.wait("document.getElementById('title').textContent === '#main'")
    page.press("F2")
    page.wait("document.activeElement.getAttribute('role') === 'combobox'")
    page.type("op")
    page.wait("document.getElementById('title').textContent === '#ops'")
    page.press("F1")
    page.sees("Goes to the next room with something new")
    page.press("Escape")
    page.wait("!document.querySelector('dialog[open]') && document.activeElement.id === 'input'")
    for key in "bo":
        page.press(key)
    page.press("Tab")
    page.wait(INPUT, lambda value: value == "bob: ")
    page.type("look :tad")
    page.press("Alt-w")
    page.wait("document.getElementById('title').textContent === '#main'")


def test_names_commands_channels_and_emoji_are_completed(server: Server, visit: Callable[..., Page]) -> None:
    Full(server.connect(), "barbara")
    page = visit("pia")
    page.sees("barbara")
    for typed, completed in (
        ("barb", "barbara: "), ("so barb", "so barbara "), ("/topi", "/topic "), (":tada", "🎉 "),
        ("see #ma", "see #main "),
    ):  # fmt: skip
        page.js(f"document.execCommand('selectAll'); document.execCommand('insertText', false, {typed!r})")
        page.press("Tab")
        page.wait(INPUT, lambda value, completed=completed: value == completed)  # type: ignore[misc]
    page.js("document.execCommand('selectAll'); document.execCommand('insertText', false, '/topic ')")
    page.sees("Shows or sets the topic of the channel")


def test_a_line_that_is_refused_can_be_sent_again_or_discarded(
    server: Server, visit: Callable[..., Page]
) -> None:
    bob = Full(server.connect(), "bob")
    bob.request("join", "#quiet")
    page = visit("pia")
    page.type("/join #quiet")
    page.wait("document.getElementById('title').textContent === '#quiet'")
    bob.request("mode", "+m", to="#quiet")
    page.sees("bob changed the modes: moderated")
    page.type("may I?")
    page.sees("Not sent:")
    page.type("and now?")
    page.wait("document.querySelectorAll('#log .refusal').length === 2")
    page.click("#log .refusal button:last-child")
    page.wait("document.querySelectorAll('#log .refusal').length === 1")
    bob.request("mode", "-m", to="#quiet")
    page.click("#log .refusal button:nth-child(2)")
    assert bob.event("message", to="#quiet")["content"] == "and now?"
    page.wait("document.querySelectorAll('#log .refusal').length === 0")
    page.has_said("pia: and now?")


def test_it_fits_a_phone(server: Server, visit: Callable[..., Page]) -> None:
    bob = Full(server.connect(), "bob")
    bob.request("topic", "a topic that is much too long for the width of a telephone, and longer", to="#main")
    page = visit("pia", size=(375, 667))
    bob.request("msg", "x" * 300 + " https://example.org/" + "y" * 200, to="#main")
    page.sees("xxx")
    assert page.js("document.documentElement.scrollWidth") <= 375
    assert page.js("document.getElementById('log').scrollWidth <= document.getElementById('log').clientWidth")
    assert page.js("document.getElementById('input').getBoundingClientRect().bottom") <= 667
    page.click("#bar .icon")
    page.wait("document.documentElement.dataset.drawer === 'rooms'")
    page.sees("Join or create a channel")
    page.click("#rooms .wide")
    page.type("picnic")
    page.wait("document.getElementById('title').textContent === '#picnic'")
    page.wait("!document.documentElement.dataset.drawer")
    page.click("#input")
    page.js("document.execCommand('insertText', false, 'from the phone')")
    page.click(".send")
    page.has_said("pia: from the phone")
    page.resize(375, 330, phone=True)  # the keyboard is there
    page.wait("document.getElementById('input').getBoundingClientRect().bottom <= 330")
    page.sees("from the phone")


def test_it_has_the_colours_that_the_system_prefers_unless_others_are_chosen(
    server: Server, visit: Callable[..., Page]
) -> None:
    page = visit("pia")
    paper = "getComputedStyle(document.body).backgroundColor"
    page.prefer(color_scheme="light")
    light = page.js(paper)
    page.prefer(color_scheme="dark")
    dark = page.js(paper)
    assert light != dark
    page.type("/theme light")
    page.wait(paper, lambda color: color == light)
    page.reload()
    page.wait(paper, lambda color: color == light)
    page.online()
    page.type("/theme auto")
    page.wait(paper, lambda color: color == dark)
    page.prefer(color_scheme="dark", contrast="more")
    page.wait(paper, lambda color: color == "rgb(0, 0, 0)")


def test_the_rules_of_accessibility_find_nothing(server: Server, visit: Callable[..., Page]) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm install --no-save axe-core")
    rules = AXE.read_text()
    bob = Full(server.connect(), "bob")
    page = visit()

    def clean(where: str) -> None:
        found = page.js("""axe.run(document, {resultTypes: ['violations']}).then((told) => told.violations.map((each) =>
            [each.id, each.help, each.nodes.map((node) => node.html.slice(0, 200))]))""")
        assert found == [], where

    page.wait("document.activeElement.id === 'answer'")
    page.js(rules + ";0")
    clean("the question for a name")
    page.come("pia")
    bob.request("topic", "be kind", to="#main")
    bob.request("msg", "pia: see https://example.org", to="#main")
    bob.request("me", "waves")
    bob.request("msg", "psst", to="pia")
    page.sees("waves")
    page.wait("document.querySelectorAll('#rooms .room').length === 2")
    page.wait("document.getElementById('rooms').inert === false")
    for scheme in ("light", "dark"):
        page.prefer(color_scheme=scheme, reduced_motion="reduce")
        clean(f"the room, {scheme}")
    for key, what in (("F2", ".option"), ("Ctrl-s", "dialog input"), ("F1", "dialog dl")):
        page.press(key)
        page.wait(f"Boolean(document.querySelector({what!r}))")
        clean(key)
        page.press("Escape")
    page.click("[aria-label=Settings]")
    page.wait("Boolean(document.querySelector('dialog fieldset'))")
    clean("settings")
    page.press("Escape")
    page.resize(375, 667, phone=True)
    clean("on a phone")
