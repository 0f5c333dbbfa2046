"""Keeping order between clients of several dialects, and by the owner of the server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cheap_passwords import cheap_secret
from tests.e2e.harness import Full, Person, Plain, Server


def test_a_channel_is_kept_in_order_across_dialects(
    full: Callable[..., Full], person: Callable[..., Person], plain: Callable[..., Plain]
) -> None:
    alice, bob, carol = full("alice"), person("bob"), plain("carol")
    assert alice.request("join", "#tea")["response"] == "ok"
    assert alice.event("names", to="#tea")["operators"] == ["alice"]
    bob.type("/join #tea")
    bob.line("You are in #tea with alice")
    assert alice.request("mode", "+m", to="#tea")["response"] == "ok"
    bob.line("alice changed the modes of #tea: +moderated")
    bob.type("/msg #tea hello")
    bob.line("! Only operators and voiced users may speak in #tea.")
    alice.request("voice", "bob", to="#tea")
    bob.line("+voice bob")
    bob.type("/names #tea")
    bob.line("#tea: @alice, +bob")
    bob.type("/msg #tea hello")
    assert alice.event("message", sender="bob")["content"] == "hello"
    alice.request("mode", "+i", to="#tea")
    carol.put("join", "#tea")
    assert (
        carol.until(lambda x: x["response"] == "error")["content"]
        == "#tea is invite-only. Ask one of its operators."
    )
    alice.request("invite", "carol", to="#tea")
    carol.until(lambda x: x["content"].startswith("alice invites you to #tea."))
    carol.put("join", "#tea")
    carol.until(lambda x: x["content"].startswith("You are in #tea"))
    alice.request("kick", "bob", to="#tea", reason="enough")
    bob.line("alice kicked bob from #tea (enough).")
    carol.until(lambda x: x["content"] == "alice kicked bob from #tea (enough).")
    assert alice.event("kicked")["name"] == "bob"
    bob.type("/kick #tea alice")
    bob.line("! You are not in #tea.")


def test_an_owned_channel_survives_the_server(start: Callable[..., Server], tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "kept"))
    server = start(*data)
    alice = Full(server.connect(), "alice")
    alice.request("register", password="secret")
    alice.request("join", "#tea")
    alice.request("mode", "+tk sesame", to="#tea")
    alice.request("ban", "mallory", to="#tea")
    server.stop()
    server = start(*data)
    mallory, bob = Full(server.connect(), "mallory"), Full(server.connect(), "bob")
    assert mallory.request("join", "#tea", keys=["sesame"])["code"] == "banned"
    assert bob.request("join", "#tea")["code"] == "wrong-key"
    assert bob.request("join", "#tea", keys="sesame")["response"] == "ok"
    alice = Full(server.connect(), "alice", password="secret")
    alice.request("join", "#tea")
    assert bob.event("moded")["content"] == "+o alice"
    assert bob.request("kick", "alice", to="#tea")["code"] == "not-operator"


def test_an_operator_of_the_server_puts_out_and_keeps_out(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    settings = tmp_path / "evchat.toml"
    settings.write_text(f'[operators]\nroot = "{cheap_secret("very secret")}"\n')
    kept = ("--config", str(settings), "--data", str(tmp_path / "kept"), "--insecure-no-limits")
    server = start(*kept)
    root, bob, carol = (
        Full(server.connect(), "alice"),
        Person(server.connect()),
        Full(server.connect(), "carol"),
    )
    bob.login("bob")
    assert root.request("oper", "root", password="guess")["code"] == "wrong-password"
    assert root.request("oper", "root", password="very secret")["operator"] == "root"
    root.request("kill", "bob", reason="spam")
    assert b"Killed by alice: spam" in bob.read_to_end()
    assert carol.event("quit", sender="bob")["content"] == "Killed by alice: spam"
    root.request("banish", "Bob", minutes=5, reason="more spam")
    bob = Person(server.connect())
    bob.type("bob")
    bob.line("! You are banned from this server: more spam.")
    assert carol.request("banished")["code"] == "not-allowed"
    listed = root.request("audit")["content"]
    assert [act["act"] for act in listed] == ["oper", "kill", "banish"]
    server.logged("operator by=root name=alice act=kill target=bob detail=spam")
    server.stop()
    assert "very secret" not in "\n".join(server.log)
    server = start(*kept)
    stranger = Full(server.connect())
    assert stranger.request("login", "bob")["code"] == "banished"
    assert stranger.request("login", "bobby")["response"] == "ok"
