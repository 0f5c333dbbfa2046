"""The linear mode on a terminal: one talks line by line, and nothing but lines is printed."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients


def test_one_talks_and_hears(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.start(server, "alice", "--plain")
    alice.see("You are alice")
    alice.see(r"#main>\s*$")
    alice.line("hello bob")
    alice.see(r"\d\d:\d\d #main <alice> hello bob\n#main>\s*$")
    assert friend.event("message")["content"] == "hello bob"
    friend.request("msg", "hello alice")
    alice.see(r"\d\d:\d\d #main <bob> hello alice\n#main>\s*$")
    assert alice.sequences() == set(), "a screen reader or teletype needs none"
    alice.press("ctrl-d")
    assert alice.ended() == 0
    assert alice.echoes()


def test_what_comes_while_one_writes_waits_for_the_end_of_the_line(
    server: Server, clients: Clients, friend: Full
) -> None:
    alice = clients.start(server, "alice", "--plain")
    alice.see(r"#main>\s*$")
    alice.type("half a li")
    alice.see(r"#main> half a li\s*$")
    friend.request("msg", "interruption")
    friend.request("ping")
    alice.type("ne")
    alice.see(r"#main> half a line\s*$")
    assert "interruption" not in alice.text()
    alice.press("enter")
    alice.see(r"(?s)<bob> interruption.*<alice> half a line")


def test_a_terminal_that_can_do_nothing_gets_the_linear_mode(server: Server, clients: Clients) -> None:
    alice = clients.start(server, "alice", TERM="dumb")
    alice.see(r"#main>\s*$")
    alice.line("/quit")
    assert alice.ended() == 0
    assert alice.sequences() == set()


def test_the_terminal_is_given_back_on_every_end(server: Server, clients: Clients) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        alice = clients.start(server, "alice", "--plain")
        alice.see("You are alice")
        alice.kill(number)
        assert alice.ended() == 0
        assert alice.echoes()


def test_another_name_can_be_tried(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.start(server, "bob", "--plain")
    alice.see("The name bob is taken")
    alice.see("Your name: bob2")
    alice.press("enter")
    alice.see("You are bob2")
    alice.line("hi")
    alice.see("<bob2> hi")


def test_passwords_are_asked_for_and_never_shown(server: Server, clients: Clients, friend: Full) -> None:
    friend.request("register", password="s3kret")
    alice = clients.start(server, "bob", "--plain")
    alice.see(r"Password for bob:\s*$")
    alice.line("wr0ng")
    alice.see(r"Wrong password\.(?s:.*)Password for bob:\s*$")
    alice.type("s3kret")
    alice.see(r"Password for bob: \*{6}\s*$")
    alice.press("enter")
    alice.see("You are bob")
    alice.type("/oper root s3kret")
    alice.see(r"#main> /oper root \*{6}\s*$")
    alice.press("ctrl-u")
    alice.line("/oper root")
    alice.see(r"Password:\s*$")
    alice.line("s3kret")
    alice.see("[Ww]rong|No such")
    assert not {"s3kret", "wr0ng"} & set(alice.text().split())
    for path in filter(Path.is_file, clients.home.rglob("*")):
        assert b"s3kret" not in path.read_bytes() and b"wr0ng" not in path.read_bytes()


def test_a_channel_joined_is_where_one_talks(server: Server, clients: Clients) -> None:
    alice = clients.start(server, "alice", "--plain")
    alice.see(r"#main>\s*$")
    alice.line("/join #ops")
    alice.see(r"#ops>\s*$")
    alice.line("hi")
    alice.see("#ops <alice> hi")


def test_what_is_written_without_a_server_is_sent_when_it_is_there(clients: Clients, server: Server) -> None:
    port = server.where[1]
    server.stop()
    alice = clients.start(f"127.0.0.1:{port}", "alice", "--plain")
    alice.see("No server is running")
    alice.line("hi")
    again = Server("--memory", "--insecure-no-limits", listen=(f"tcp://127.0.0.1:{port}",))
    alice.see("<alice> hi")
    assert len(re.findall("No server is running", alice.text())) == 1, "once is enough"
    alice.press("ctrl-c")
    assert alice.ended() == 0
    again.stop()


def test_what_was_printed_for_somebody_is_read_and_what_went_through_a_pipe_is_not(
    server: Server, clients: Clients, friend: Full
) -> None:
    Full(server.connect(), "alice").request("quit")
    friend.request("msg", "psst", to="alice")
    piped = clients.run(
        ["sh", "-c", f"echo hi | {' '.join(clients.argv(server, 'alice', '--plain'))}"], "alice"
    )
    assert piped.ended() == 0
    alice = clients.start(server, "alice", "--plain")
    alice.see(r"New for you: bob \(1\)")
    alice.see(r"\(private\) <bob> psst")
    alice.line("/quit")
    assert alice.ended() == 0
    again = clients.start(server, "alice", "--plain")
    again.see("You are alice")
    again.line("/inbox")
    again.see("Your inbox is empty")
    assert "psst" not in again.text()


def test_one_talks_with_a_user_ignores_another_and_is_rung_for(
    server: Server, clients: Clients, friend: Full
) -> None:
    carol = Full(server.connect(), "carol")
    alice = clients.start(server, "alice", "--plain")
    alice.see(r"#main: with .*bob")
    alice.line("/ignore carol")
    alice.see("You ignore carol")
    carol.request("msg", "alice: unheard", to="#main")
    friend.request("msg", "nobody in particular: https://example.org/1")
    alice.see("in particular")
    assert alice.raw.count(b"\a") == 0
    friend.request("msg", "hello alice")
    alice.until(lambda: alice.raw.count(b"\a") == 1, "a bell")
    alice.line("/urls")
    alice.see(r"\* https://example.org/1")
    alice.line("/query bob")
    alice.see(r"bob>\s*$")
    alice.line("psst")
    assert friend.event("message", to="bob")["content"] == "psst"
    alice.line("/join #main")
    alice.see(r"#main>\s*$")
    assert "unheard" not in alice.text()
    assert alice.text().count("#main: with") == 1, "one knows who is there"
    alice.line("/quit")
    assert alice.ended() == 0


def test_one_is_back_where_one_was(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.start(server, "alice", "--plain")
    alice.see(r"#main>\s*$")
    alice.line("/join #dev")
    alice.see(r"#dev>\s*$")
    alice.line("/history")
    alice.see(r"No messages in #dev yet\.")
    alice.line("/quit")
    assert alice.ended() == 0
    again = clients.start(server, "alice", "--plain")
    again.see(r"#dev: ")
    again.line("/part #dev")
    again.see(r"You left #dev\.")
    again.line("/quit")
    assert again.ended() == 0
    third = clients.start(server, "alice", "--plain")
    third.see("You are alice")
    third.line("/whois alice")
    third.see("alice")
    third.line("/quit")
    assert third.ended() == 0 and "#dev" not in third.text()


def test_what_waits_can_be_discarded(server: Server, clients: Clients) -> None:
    port = server.where[1]
    server.stop()
    alice = clients.start(f"127.0.0.1:{port}", "alice", "--plain")
    alice.see("No server is running")
    alice.line("never mind")
    alice.line("/discard")
    alice.see("1 line to #main discarded")
    alice.line("this one")
    again = Server("--memory", "--insecure-no-limits", listen=(f"tcp://127.0.0.1:{port}",))
    alice.see("<alice> this one")
    assert "<alice> never mind" not in alice.text()
    alice.press("ctrl-d")
    assert alice.ended() == 0
    again.stop()


def test_the_message_of_the_day_is_shown_once(clients: Clients) -> None:
    greeting = Server("--memory", "--insecure-no-limits", EVCHAT_MOTD="Be kind.")
    try:
        alice = clients.start(greeting, "alice", "--plain")
        alice.see("You are alice")
        alice.line("/nick alicia")
        alice.see("You are now called alicia")
        alice.line("/quit")
        assert alice.ended() == 0
        assert alice.text().count("Be kind.") == 1
    finally:
        greeting.stop()
