"""Bans from the server: KLINE, UNKLINE, STATS k."""

from __future__ import annotations

from tests.irc.harness import ANY, commands, expect, named, one


def oper(client) -> None:
    one(client.ask("OPER operuser operpassword"), "381", client.nick, ANY)


def test_who_is_banned_from_the_server_is_put_out_and_can_not_come_back(staffed):
    ircop, mallory = staffed.client("ircop"), staffed.client("mallory")
    oper(ircop)
    ircop.ask("KLINE mallory :spam")
    assert commands(mallory.closed())[-1] == "ERROR"

    again = staffed.client()
    again.send("NICK mallory", "USER m 0 * :M")
    heard = again.closed()
    expect(named(heard, "465")[0], "465", ANY, ANY)
    assert commands(heard)[-1] == "ERROR" and "spam" in heard[-1].params[-1]

    assert "mallory" in one(ircop.ask("STATS k"), "216", ANY, "K", ANY, ANY, ANY, ANY).params[2]
    ircop.ask("UNKLINE mallory")
    staffed.client("mallory").join("#chan")


def test_only_operators_ban_from_the_server(staffed):
    alice = staffed.client("alice")
    for line in ("KLINE bob :x", "UNKLINE bob", "STATS k"):
        expect(named(alice.ask(line), "481")[0], "481", "alice", ANY)
