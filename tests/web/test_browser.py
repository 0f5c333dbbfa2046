"""The page in a real browser: it loads under its own policy, chats with other clients, and comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests import certificates
from tests.e2e.harness import Full, Person, Server
from tests.irc.harness import IrcClient
from tests.web.chromium import Browser, Tab

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script><b>&amp;\u202ebold</b>"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


SOCKETS = """const sockets = []; const Real = WebSocket;
window.WebSocket = class extends Real { constructor(...all) { super(...all); sockets.push(this); } };"""
"""Shows tests the page's connections."""


def come(
    stack: ExitStack, browser: Browser, server: Server, name: str, *, scheme: str = "http", host: str = ""
) -> Tab:
    """A tab in which somebody has logged in."""
    address, port = server.where
    tab = stack.enter_context(closing(browser.open(f"{scheme}://{host or address}:{port}/", SOCKETS)))
    tab.type(name)
    tab.wait("document.getElementById('state').textContent === 'Connected'")
    return tab


def said(tab: Tab) -> list[str]:
    """The messages on the page, each as "name: text"; of our own those that are acknowledged."""
    script = """[...document.querySelectorAll('#log p.message:not(.waiting)')].map(
        (line) => `${line.querySelector('b')?.textContent}: ${line.lastChild.textContent}`)"""
    return list(tab.js(script))


def test_one_talk_in_a_page_netcat_and_irc(
    browser: Browser, start: Callable[..., Server], stack: ExitStack
) -> None:
    server = start("--insecure-no-limits")
    netcat = Person(server.connect())
    netcat.login("nora")
    irc = IrcClient(server.connect())
    irc.register("ivan")
    irc.join("#main")
    tab = come(stack, browser, server, "pia")
    netcat.line("pia joined #main")
    tab.type("hello from the page 👍")
    assert netcat.line("<pia> hello from the page 👍")
    assert irc.wait("PRIVMSG", "#main", "hello from the page 👍").nick == "pia"
    netcat.type("hello from netcat")
    tab.sees("hello from netcat")
    irc.send("PRIVMSG #main :hello from irc")
    tab.sees("hello from irc")
    assert said(tab) == ["pia: hello from the page 👍", "nora: hello from netcat", "ivan: hello from irc"]
    assert tab.js("document.activeElement.id") == "input"


@certificates.needs_openssl
def test_the_same_over_tls(browser: Browser, start: Callable[..., Server], stack: ExitStack) -> None:
    server = start("--insecure-no-limits", **certificates.settings())
    netcat = Person(server.connect())
    netcat.login("nora")
    tab = come(stack, browser, server, "pia", scheme="https", host="localhost")
    assert tab.js("isSecureContext && location.protocol") == "https:"
    assert tab.js("sockets.at(-1).url").startswith("wss://localhost:")
    tab.type("hello through TLS")
    assert netcat.line("<pia> hello through TLS")
    netcat.type("hello from netcat")
    tab.sees("hello from netcat")
    tab.js("sockets.at(-1).close()")
    netcat.type("said meanwhile")
    tab.sees("said meanwhile")
    tab.type("and back")
    assert netcat.line("<pia> and back")


def test_hostile_text_makes_no_element_and_runs_nothing(
    browser: Browser, start: Callable[..., Server], stack: ExitStack
) -> None:
    server = start("--insecure-no-limits", EVCHAT_MOTD=HOSTILE)
    full = Full(server.connect(), "alice")
    tab = come(stack, browser, server, "pia")
    before = tab.js("document.querySelectorAll('*:not(#log *)').length")
    for request in (
        {"request": "topic", "to": "#main"},
        {"request": "msg", "to": "#main"},
        {"request": "me"},
    ):
        full.request(**request, content=HOSTILE)
    full.request("msg", HOSTILE, to="pia")
    full.request("msg", "the end", to="#main")
    tab.sees("the end")
    assert tab.js("document.querySelectorAll('*:not(#log *)').length") == before
    kinds = tab.js(
        "[...new Set([...document.querySelectorAll('#log *')].map((each) => each.localName))].sort()"
    )
    assert kinds == ["b", "p", "time"]
    assert "<script>alert(2)</script>" in tab.text
    refused = tab.js(
        "(() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } })()"
    )
    assert refused, "the browser itself refuses markup"
    browser.console.clear()  # which says so


def test_who_is_refused_is_told_why_and_may_try_again(
    browser: Browser, start: Callable[..., Server], stack: ExitStack
) -> None:
    server = start("--memory", "--insecure-no-limits")
    alice = Full(server.connect(), "alice")
    alice.request("register", password="open sesame")
    alice.request("quit")
    Full(server.connect(), "bob")
    host, port = server.where
    tab = stack.enter_context(closing(browser.open(f"http://{host}:{port}/")))
    tab.type("bob")
    tab.sees("The name bob is taken")
    tab.type("alice")
    tab.sees("Password of alice")
    tab.type("")
    tab.sees("Your name")
    tab.type("alice")
    tab.sees("Password of alice")
    assert tab.js("document.getElementById('input').type") == "password"
    tab.type("wrong")
    tab.sees("Wrong password.")
    tab.type("open sesame")
    tab.wait("document.getElementById('state').textContent === 'Connected'")
    assert "open sesame" not in tab.text and tab.js("document.getElementById('input').type") == "text"
    tab.type("/quit")
    tab.sees("no commands")


def test_nothing_is_lost_or_doubled_when_the_server_is_killed(
    browser: Browser, start: Callable[..., Server], stack: ExitStack, tmp_path: Path
) -> None:
    kept = ("--data", str(tmp_path / "kept"), "--insecure-no-limits")
    server = start(*kept)
    url = f"tcp://127.0.0.1:{server.where[1]}"
    tab = come(stack, browser, server, "pia")
    lines = []
    for number in range(3):
        for what in ("before", "after"):
            lines.append(f"line {number} {what}")
            tab.type(lines[-1])
            if what == "before":
                server.kill()
                tab.wait("document.getElementById('state').textContent !== 'Connected'")
                browser.console.clear()  # a connection that is refused is told there
        server = start(*kept, listen=(url,))
        witness = Full(server.connect(), f"witness{number}")
        tab.wait("document.getElementById('state').textContent === 'Connected'")
        tab.wait("document.querySelectorAll('#log p.waiting').length === 0")
        witness.request("msg", f"heard {number}", to="#main")
        lines.append(f"heard {number}")
        tab.sees(lines[-1])
        browser.console.clear()
    history = Full(server.connect(), "historian").request("history", to="#main", limit=100)["content"]
    assert sorted(event["content"] for event in history) == sorted(lines)
    assert sorted(line.partition(": ")[2] for line in said(tab)) == sorted(lines)


def test_a_page_that_loses_its_connection_goes_on_and_nobody_hears_of_it(
    browser: Browser, start: Callable[..., Server], stack: ExitStack
) -> None:
    server = start("--insecure-no-limits")
    tab = come(stack, browser, server, "pia")
    witness = Full(server.connect(), "witness")
    for number in range(3):
        tab.js("sockets.at(-1).close()")
        witness.request("msg", f"said {number}", to="#main")
        tab.type(f"typed {number}")
        witness.event("message", content=f"typed {number}")
        tab.sees(f"said {number}")
    assert not [
        event
        for event in witness.sync()
        if event["response"] in ("quit", "joined") and event["sender"] == "pia"
    ]
    assert tab.js("sockets.length") == 4


def test_what_was_said_while_the_page_was_away_is_shown_once_and_in_order(
    browser: Browser, start: Callable[..., Server], stack: ExitStack, tmp_path: Path
) -> None:
    kept = ("--data", str(tmp_path / "kept"), "--insecure-no-limits")
    server = start(*kept)
    port = server.where[1]
    tab = come(stack, browser, server, "pia")
    talker = Full(server.connect(), "talker")
    talker.request("msg", "said 0", to="#main")
    tab.sees("said 0")
    server.stop()
    elsewhere = start(*kept)  # where the page does not find it
    talker = Full(elsewhere.connect(), "other")
    for number in range(1, 130):
        talker.request("msg", f"said {number}", to="#main")
    elsewhere.stop()
    start(*kept, listen=(f"tcp://127.0.0.1:{port}",))
    tab.sees("said 129")
    assert said(tab) == ["talker: said 0", *(f"other: said {number}" for number in range(1, 130))]
    browser.console.clear()


def test_a_page_without_a_name_connects_to_nothing(
    browser: Browser, start: Callable[..., Server], stack: ExitStack
) -> None:
    server = start("--memory", EVCHAT_LOGIN_DEADLINE="0.5", EVCHAT_HTTP_IDLE="1")
    host, port = server.where
    tab = stack.enter_context(closing(browser.open(f"http://{host}:{port}/")))
    witness = Full(server.connect(), "witness")
    tab.type("witness")
    tab.sees("The name witness is taken")
    tab.wait("document.getElementById('state').textContent === 'Not connected'")  # the deadline has passed
    tab.type("pia")
    witness.event("joined", sender="pia")


def test_a_page_under_a_name_that_is_not_the_servers_says_what_to_set(
    browser: Browser, start: Callable[..., Server], stack: ExitStack
) -> None:
    server = start("--memory")
    tab = stack.enter_context(closing(browser.open(f"http://chat.test:{server.where[1]}/")))
    tab.type("pia")
    tab.sees("This server is not called 'chat.test'. Its owner can add the name to the setting web_hosts.")
    browser.console.clear()
