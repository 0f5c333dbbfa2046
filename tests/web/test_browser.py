"""The page in a real browser: it loads under its own policy, chats with all other clients, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cheap_passwords import cheap_secret
from tests.e2e.harness import Full, Person, Server
from tests.irc.harness import IrcClient
from tests.tui.clients import Clients
from tests.web.chromium import Browser
from tests.web.person import Page

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script><b>&amp;\u202ebold</b>"
"""What would be an element, run, or read backwards, if anything took it for more than text."""


@pytest.fixture
def clients(tmp_path: Path) -> Iterator[Clients]:
    home = tmp_path / "home"
    home.mkdir()
    with closing(Clients(home)) as opened:
        yield opened


@pytest.mark.pty
def test_two_pages_the_terminal_client_netcat_and_irc_have_one_talk(
    server: Server, visit: Callable[..., Page], clients: Clients
) -> None:
    terminal = clients.online(server, "tina")
    netcat = Person(server.connect())
    netcat.login("nora")
    irc = IrcClient(server.connect())
    irc.register("ivan")
    irc.join("#main")
    pia, quinn = visit("pia"), visit("quinn")
    netcat.line("pia joined #main")
    pia.type("hello from the page 👍")
    assert netcat.line("<pia> hello from the page 👍")
    assert irc.wait("PRIVMSG", "#main", "hello from the page 👍").nick == "pia"
    terminal.see("pia +hello from the page")
    quinn.sees("hello from the page 👍")
    terminal.line("hello from the terminal")
    pia.sees("hello from the terminal")
    netcat.type("hello from netcat")
    pia.sees("hello from netcat")
    irc.send("PRIVMSG #main :hello from irc")
    pia.sees("hello from irc")
    quinn.type("/me waves from the other page")
    pia.sees("quinn waves from the other page")
    terminal.see("quinn waves from the other page")
    expected = [
        "pia: hello from the page 👍",
        "tina: hello from the terminal",
        "nora: hello from netcat",
        "ivan: hello from irc",
    ]
    assert pia.said() == expected
    quinn.wait("document.querySelectorAll('#log .row.action').length")
    assert quinn.said() == expected


def test_an_invited_person_registers_by_the_link(
    start: Callable[..., Server], visit: Callable[..., Page], tmp_path: Path
) -> None:
    settings = tmp_path / "evchat.toml"
    settings.write_text(f'[operators]\nroot = "{cheap_secret("sesame")}"\n')
    given = ("--memory", "--config", str(settings), "--insecure-no-limits")
    server = start(*given, EVCHAT_REGISTRATION="invited")
    ruth = Full(server.connect(), "ruth")
    ruth.request("oper", "root", password="sesame")
    code = ruth.request("invitecode", uses=1)["code"]
    page = visit(fragment=f"#invite={code}", at=server)
    page.sees("You are invited")
    page.type("pia")
    page.sees("Choose a password")
    page.type("x")
    page.sees("at least")
    page.type("open sesame")
    page.online()
    assert page.js("location.hash") == ""
    page.type("here I am")
    assert ruth.event("message", sender="pia")["content"] == "here I am"
    assert ruth.request("whois", "pia")["content"]["registered"]
    # Whoever opens the link once more is let in by the password; another name needs another invitation.
    again = visit(fragment=f"#invite={code}", at=server)
    again.sees("You are invited")
    again.type("pia")
    again.sees("Choose a password")
    again.type("open sesame")
    again.online()
    late = visit(fragment=f"#invite={code}", at=server)
    late.sees("You are invited")
    late.type("quinn")
    late.sees("Choose a password")
    late.type("open sesame")
    late.sees("no such invitation code")
    assert late.js("location.hash") == ""


def test_where_no_invitation_is_needed_one_registers_by_the_link_all_the_same(
    server: Server, visit: Callable[..., Page]
) -> None:
    witness = Full(server.connect(), "witness")
    page = visit(fragment="#invite=7KQ2-M4XZ-0H8P-VW3T&join=picnic")
    page.sees("You are invited")
    page.type("pia")
    page.sees("Choose a password")
    page.type("open sesame")
    page.online()
    page.sees("is registered to you")
    page.wait("document.getElementById('title').textContent === '#picnic'")
    assert page.js("location.hash") == "#join=picnic"
    assert witness.request("whois", "pia")["content"]["registered"]


def test_the_last_message_is_given_another_text(server: Server, visit: Callable[..., Page]) -> None:
    witness = Full(server.connect(), "witness")
    page = visit("pia")
    page.type("/edit nothing yet")
    page.sees("You have sent nothing here")
    page.type("teh tea")
    page.has_said("pia: teh tea")
    page.type("/edit the tea")
    assert witness.event("edited", to="#main")["content"] == "the tea"
    page.has_said("pia: the tea (edited)")


def test_a_stranger_with_a_link_types_a_name_and_is_in_the_room_that_it_names(
    server: Server, visit: Callable[..., Page]
) -> None:
    host = Full(server.connect(), "alice")
    host.request("join", "#picnic")
    host.request("msg", "bring cake", to="#picnic")
    page = visit(fragment="#join=picnic")
    page.sees("Join #picnic on")
    page.come("pia")
    page.wait("document.getElementById('title').textContent === '#picnic'")
    page.sees("bring cake")
    page.type("hello, I bring some")
    assert host.event("message", to="#picnic")["content"] == "hello, I bring some"


def test_hostile_text_makes_no_element_and_runs_nothing(
    start: Callable[..., Server], browser: Browser, visit: Callable[..., Page]
) -> None:
    server = start("--memory", "--insecure-no-limits", EVCHAT_MOTD=HOSTILE, EVCHAT_NAME=HOSTILE[:60])
    full = Full(server.connect(), "alice")
    page = visit(at=server)
    page.js("window.alert = () => { window.alerted = true }")
    page.come("pia")
    channel = "#" + HOSTILE.replace(" ", "_").replace("\u202e", "")[:60]
    for request, facts in (
        ("topic", {"to": "#main"}),
        ("msg", {"to": "#main"}),
        ("me", {}),
        ("realname", {}),
        ("away", {}),
        ("msg", {"to": "pia"}),
        ("broadcast", {}),
    ):
        full.request(request, HOSTILE, **facts)
    full.request("join", channel)
    full.request("invite", "pia", to=channel)
    full.request("msg", "the end", to="#main")
    page.sees("the end")
    page.wait("document.querySelectorAll('#rooms .room').length > 1")
    for way in (f"/join {channel}", "/whois alice", "/channels", "/find alert"):
        page.wait("(document.querySelector('dialog[open]')?.close(), document.activeElement.id === 'input')")
        page.type(way)
    page.press("Escape", "F2")
    page.wait("document.querySelectorAll('dialog .option').length > 1")
    kinds = "[...new Set([...document.body.querySelectorAll('*')].map((each) => each.localName))]"
    assert not {"img", "script", "iframe", "object", "style"} & set(page.js(kinds))
    attributes = """[...document.querySelectorAll('*')].flatMap((each) => [...each.attributes])
        .map((each) => each.name).filter((name) => name.startsWith('on'))"""
    assert page.js(attributes) == []
    assert page.js("window.alerted") is None
    assert "<script>alert(2)</script>" in page.text
    assert "\u202e" not in page.text
    refused = page.js(
        "(() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } })()"
    )
    assert refused, "the browser itself refuses markup"
    browser.console.clear()  # which says so


def test_who_is_refused_is_told_why_and_may_try_again(server: Server, visit: Callable[..., Page]) -> None:
    alice = Full(server.connect(), "alice")
    alice.request("register", password="open sesame")
    alice.request("quit")
    Full(server.connect(), "bob")
    page = visit()
    kind = "document.getElementById('answer').type"
    page.wait("document.activeElement.id === 'answer'")
    page.type("bob")
    page.sees("The name bob is taken")
    page.type("alice")
    page.sees("Password of alice")
    page.click(".gate .buttons button:last-child")
    page.sees("Your name")
    page.type("alice")
    page.sees("Password of alice")
    assert page.js(kind) == "password"
    page.type("wrong")
    page.sees("Wrong password.")
    page.type("open sesame")
    page.online()
    assert "open sesame" not in page.text
    assert page.js("document.querySelector('.gate').hidden")


def test_nothing_is_lost_or_doubled_when_the_server_is_killed(
    browser: Browser, start: Callable[..., Server], visit: Callable[..., Page], tmp_path: Path
) -> None:
    kept = ("--data", str(tmp_path / "kept"), "--insecure-no-limits")
    server = start(*kept)
    url = f"tcp://127.0.0.1:{server.where[1]}"
    page = visit("pia", at=server)
    lines = []
    for number in range(3):
        for what in ("before", "after"):
            lines.append(f"line {number} {what}")
            page.type(lines[-1])
            page.wait("document.getElementById('input').value === ''")
            if what == "before":
                server.kill()
                page.wait("document.getElementById('state').textContent !== 'Connected'")
        page.sees("Offline.")
        server = start(*kept, listen=(url,))
        witness = Full(server.connect(), f"witness{number}")
        page.js("document.querySelector('.status button')?.click()")
        page.wait("document.getElementById('state').textContent === 'Connected'")
        page.settled()
        witness.request("msg", f"heard {number}", to="#main")
        lines.append(f"heard {number}")
        page.sees(lines[-1])
    history = Full(server.connect(), "historian").request("history", to="#main", limit=100)["content"]
    assert sorted(event["content"] for event in history) == sorted(lines)
    assert sorted(line.partition(": ")[2] for line in page.said()) == sorted(lines)
    browser.console.clear()  # connections that were refused are told there


def test_a_page_that_loses_its_connection_goes_on_and_nobody_hears_of_it(
    server: Server, visit: Callable[..., Page]
) -> None:
    page = visit("pia")
    witness = Full(server.connect(), "witness")
    for number in range(3):
        page.js("sockets.at(-1).close()")
        witness.request("msg", f"said {number}", to="#main")
        page.type(f"typed {number}")
        witness.event("message", content=f"typed {number}")
        page.sees(f"said {number}")
    assert not [
        event
        for event in witness.sync()
        if event["response"] in ("quit", "joined") and event["sender"] == "pia"
    ]


def test_what_was_said_while_the_page_was_away_is_shown_once_and_in_order(
    browser: Browser, start: Callable[..., Server], visit: Callable[..., Page], tmp_path: Path
) -> None:
    kept = ("--data", str(tmp_path / "kept"), "--insecure-no-limits")
    server = start(*kept)
    port = server.where[1]
    page = visit("pia", at=server)
    talker = Full(server.connect(), "talker")
    talker.request("msg", "said 0", to="#main")
    page.sees("said 0")
    server.stop()
    elsewhere = start(*kept)  # where the page does not find it
    talker = Full(elsewhere.connect(), "other")
    for number in range(1, 130):
        talker.request("msg", f"said {number}", to="#main")
    elsewhere.stop()
    start(*kept, listen=(f"tcp://127.0.0.1:{port}",))
    page.js("document.querySelector('.status button')?.click()")
    page.press("Ctrl-End")
    page.sees("said 129")
    page.press("Ctrl-Home")
    page.has_said("talker: said 0", *(f"other: said {number}" for number in range(1, 130)))
    browser.console.clear()


def test_a_page_that_was_left_comes_back_to_its_rooms_and_drafts(
    server: Server, visit: Callable[..., Page]
) -> None:
    page = visit("pia")
    page.type("/join #ops")
    page.wait("document.getElementById('title').textContent === '#ops'")
    page.type("said in #ops")
    page.has_said("pia: said in #ops")
    page.js("document.execCommand('insertText', false, 'half a line')")
    page.reload()
    page.online()
    page.wait("document.querySelectorAll('#rooms .room').length === 2")
    page.wait("document.getElementById('title').textContent === '#ops'")
    page.sees("said in #ops")
    page.wait("document.getElementById('input').value === 'half a line'")


def test_a_page_under_a_name_that_is_not_the_servers_says_what_to_set(
    browser: Browser, server: Server, visit: Callable[..., Page]
) -> None:
    page = visit()
    page.go(f"http://chat.test:{server.where[1]}/")
    page.wait("document.activeElement.id === 'answer'")
    page.type("pia")
    page.sees("This server is not called 'chat.test'. Its owner can add the name to the setting web_hosts.")
    browser.console.clear()
