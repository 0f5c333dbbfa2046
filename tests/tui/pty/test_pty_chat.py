"""The client on a real terminal with a real server: what people do all day."""

from __future__ import annotations

from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients


def test_a_client_starts_logs_in_and_ends(server: Server, clients: Clients) -> None:
    alice = clients.online(server)
    assert "[alice] 1:#main" in alice.text()
    assert {"1049", "2004", "1004"} <= {mode for mode, on in alice.modes.items() if on}
    alice.press("ctrl-q")
    assert alice.ended() == 0
    assert alice.left_on() == set()
    assert alice.echoes()


def test_what_one_says_the_other_sees(server: Server, clients: Clients) -> None:
    alice = clients.online(server)
    bob = clients.online(server, "bob")
    alice.see("bob joined")
    alice.line("hello bob")
    alice.see(r"alice +hello bob ✓")
    bob.see(r"alice +hello bob")
    bob.line("hello alice")
    alice.see(r"bob +hello alice")
    bob.line("/quit")
    assert bob.ended() == 0
    alice.see("bob left")


def test_a_direct_message_opens_a_room_of_its_own(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.online(server)
    friend.request("msg", "psst", to="alice")
    alice.see(r"bob +!")
    alice.press("alt-a")
    alice.see(r"\[alice\] \d+:bob")
    alice.see(r"bob +psst")
    alice.line("yes?")
    assert friend.event("message", to="bob")["content"] == "yes?"


def test_what_is_new_elsewhere_is_listed_looked_into_and_gone_to(
    server: Server, clients: Clients, friend: Full
) -> None:
    alice = clients.online(server)
    friend.request("msg", "look at this: https://example.org/1", to="alice")
    alice.see(r"bob +!")
    alice.press("alt-g")
    alice.see(r"bob +1 new · bob: look at this")
    alice.press("escape")
    alice.miss("What is new")
    alice.press("alt-v")
    alice.see(r"── new ─.*\n.*bob +look at this")
    alice.see("stays unread")
    alice.press("alt-v")
    alice.see(r"\[alice\] 1:#main")
    alice.see(r"bob +!")
    alice.press("alt-g", "enter")
    alice.see(r"\[alice\] \d+:bob")
    alice.miss(r"bob +!")
    alice.press("alt-o")
    alice.see(r"1 https://example\.org/1 +bob")


def test_a_channel_is_joined_and_left(server: Server, clients: Clients) -> None:
    alice = clients.online(server)
    alice.line("/join #ops")
    alice.see(r"\[alice\] 2:#ops")
    alice.line("in here")
    alice.see(r"alice +in here ✓")
    alice.line("/part")
    alice.see(r"\[alice\] 1:#main")
    alice.miss("#ops")


def test_tab_completes_names_and_goes_round(server: Server, clients: Clients) -> None:
    others = [Full(server.connect(), name) for name in ("brian", "brenda")]
    alice = clients.online(server)
    alice.see("evchat")
    alice.type("br")
    alice.press("tab")
    alice.see(r"> brenda:")
    alice.see("1 of 2")
    alice.press("tab")
    alice.see(r"> brian:")
    alice.press("shift-tab")
    alice.see(r"> brenda:")
    alice.line("hi")
    alice.miss("1 of 2")
    assert others[1].event("message")["content"] == "brenda: hi"


def test_a_paste_whose_end_is_lost_does_not_make_it_deaf(
    server: Server, clients: Clients, friend: Full
) -> None:
    alice = clients.online(server)
    alice.type("\x1b[200~lost end")
    alice.see("> lost end")
    alice.type("\x1b[200~again\x1b")
    alice.see("> lost endagain")
    alice.type(" here")
    alice.press("enter")
    assert friend.event("message")["content"] == "lost endagain here"


def test_a_paste_of_several_lines_asks_first(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.online(server)
    alice.paste("one\ntwo\nthree")
    alice.see("3 lines, 13 characters")
    alice.press("escape")
    alice.miss("3 lines")
    alice.paste("one\ntwo\nthree")
    alice.see("3 lines, 13 characters")
    alice.press("enter")
    alice.see(r"three ✓")
    assert friend.event("message")["content"] == "one\ntwo\nthree"


def test_a_line_of_several_is_written_with_alt_enter(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.online(server)
    alice.type("one")
    alice.press("alt-enter")
    alice.type("two")
    alice.see(r"> one")
    alice.see(r"  two")
    alice.press("enter")
    assert friend.event("message")["content"] == "one\ntwo"


def test_what_was_typed_is_found_again_after_a_restart(server: Server, clients: Clients) -> None:
    alice = clients.online(server)
    alice.line("the quick brown fox")
    alice.see("fox ✓")
    alice.press("ctrl-q")
    alice.ended()
    again = clients.online(server)
    again.press("ctrl-r")
    again.type("quick")
    again.see("search: quick")
    again.press("tab")
    again.see("> the quick brown fox")


def test_a_draft_is_there_after_a_restart(server: Server, clients: Clients) -> None:
    alice = clients.online(server)
    alice.type("not ready yet")
    alice.see("> not ready yet")
    alice.press("ctrl-q")
    alice.ended()
    clients.online(server).see("> not ready yet")


def test_scrolling_back_shows_a_sign_and_the_new_does_not_push(
    server: Server, clients: Clients, friend: Full
) -> None:
    alice = clients.online(server)
    for number in range(60):
        friend.request("msg", f"line {number}.")
    alice.see(r"line 59\.")
    alice.press("pageup")
    alice.see(r"below ↓")
    before = alice.see(r"line (\d+)\.")[1]
    friend.request("msg", "news")
    alice.see("1 new below ↓")
    assert alice.see(r"line (\d+)\.")[1] == before
    alice.press("ctrl-end")
    alice.see("news")
    alice.miss("below ↓")


def test_the_marker_stands_before_what_came_while_one_looked_away(
    server: Server, clients: Clients, friend: Full
) -> None:
    alice = clients.online(server)
    friend.request("msg", "seen")
    alice.see("seen")
    alice.press("focus-out")
    alice.type("no ")  # keys are read in their order: once this shows, the focus is known to be gone
    alice.see("> no")
    friend.request("msg", "unseen")
    alice.see(r"bob +seen\n.*── new ─.*\n.*bob +unseen")
    alice.press("focus-in")
    alice.line("answer")
    alice.see("answer ✓")
    alice.miss("── new ")


def test_a_mention_while_one_looks_away_rings_and_stands_in_the_title(
    server: Server, clients: Clients, friend: Full
) -> None:
    alice = clients.online(server)
    alice.press("focus-out")
    friend.request("msg", "this is for everybody")
    alice.see("for everybody")
    assert b"\a" not in alice.raw
    friend.request("msg", "and this for alice")
    alice.until(lambda: b"\a" in alice.raw, "a bell")
    alice.until(lambda: alice.screen.title.startswith("(1) evchat"), "a count in the title")
    alice.press("focus-in")
    alice.until(lambda: alice.screen.title.startswith("evchat"), "no count in the title")


def test_who_is_typing_is_seen_and_then_no_longer(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.online(server)
    friend.request("typing", "active", to="#main")
    alice.see("bob is typing …")
    friend.request("typing", "done", to="#main")
    alice.miss("is typing")
    friend.request("typing", "active", to="#main")
    alice.see("bob is typing …")
    # Nothing else happens, so what takes it away is the client's own timer.
    alice.miss("is typing")
    alice.press("h")
    assert friend.event("typing", content="active")["to"] == "#main"
    alice.press("ctrl-u")
    assert friend.event("typing", content="done")["sender"] == "alice"


def test_a_message_is_taken_back_for_everybody(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.online(server)
    alice.line("a slip")
    alice.see("a slip ✓")
    friend.event("message", content="a slip")
    alice.press("alt-up", "d")
    alice.see("d again deletes it for everybody")
    alice.press("d")
    alice.see(r"alice +\(deleted\)")
    alice.miss("a slip")
    assert friend.event("redacted")["seq"] == 1
    seq = friend.request("msg", "another slip")["seq"]
    alice.see("another slip")
    friend.request("redact", to="#main", seq=seq)
    alice.see(r"bob +\(deleted\)")
    alice.miss("another slip")
    carol = clients.online(server, "carol")
    carol.see(r"alice +\(deleted\)[\s\S]*bob +\(deleted\)")


def test_whoever_comes_back_finds_a_line_before_what_is_new_and_the_theme_they_saved(
    server: Server, clients: Clients, friend: Full
) -> None:
    first = clients.online(server)
    friend.request("msg", "read")
    first.see("bob +read")
    first.line("/theme light")
    first.line("/save")
    first.see("Settings saved")
    first.press("ctrl-q")
    assert first.ended() == 0
    (file,) = (clients.home / "alice").rglob("tui.toml")
    assert 'theme = "light"' in file.read_text().splitlines()
    friend.request("msg", "newer")
    again = clients.online(server)
    again.see(r"bob +read\n.*── new ─.*\n.*bob +newer")
