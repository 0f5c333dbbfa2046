"""The operators of the server: OPER, KILL, WALLOPS."""

from __future__ import annotations

from tests.irc.harness import ANY, REST, Re, commands, expect, named, one

OPER = "OPER operuser operpassword"


def refused(answers, *numerics: str) -> None:
    """OPER was refused."""
    assert "381" not in commands(answers)
    assert "MODE" not in commands(answers)
    found = named(answers, *numerics)
    assert found, answers
    for message in found:
        if message.command == "461":
            expect(message, "461", "baz", REST)
        else:
            expect(message, ANY, "baz", ANY)


def oper(client) -> None:
    """Becomes an operator."""
    one(client.ask(OPER), "381", client.nick, ANY)


def test_with_the_password_one_becomes_an_operator(staffed):
    baz = staffed.client("baz")
    answers = baz.ask(OPER)
    one(answers, "381", "baz", ANY)
    mode = one(answers, "MODE", "baz", Re(r"\+.*o.*"), REST)
    assert mode.params[0] == "baz"
    one(baz.ask("MODE baz"), "221", "baz", Re(r"\+.*o.*"), REST)


def test_with_a_wrong_password_one_does_not(staffed):
    refused(staffed.client("baz").ask("OPER operuser nottheoperpassword"), "464", "491")


def test_without_a_password_one_does_not(staffed):
    refused(staffed.client("baz").ask("OPER operuser"), "461", "464", "491")


def test_with_a_wrong_name_one_does_not(staffed):
    refused(staffed.client("baz").ask("OPER notanoperuser somepassword"), "464", "491")


def test_without_operators_in_the_settings_nobody_is_one(irc):
    refused(irc("baz").ask(OPER), "464", "491")


def test_nobody_makes_themselves_an_operator_by_mode(irc):
    baz = irc("baz")
    assert named(baz.ask("MODE baz +o"), "MODE") == []
    assert "o" not in one(baz.ask("MODE baz"), "221").params[1]


def test_what_is_sent_after_oper_waits_for_its_answer(staffed):
    baz = staffed.client("baz")
    baz.send(OPER, "PING after")
    assert commands([baz.recv(), baz.recv(), baz.recv()])[-1] == "PONG"


def test_only_operators_kill(staffed):
    ircop, alice, bob = staffed.client("ircop"), staffed.client("alice"), staffed.client("bob")
    oper(ircop)
    for victim in ("bob", "alice"):
        one(alice.ask(f"KILL {victim} :no reason"), "481", "alice", ANY)
        assert bob.collect() == alice.collect() == []
    ircop.ask("KILL alice :no reason")
    alice.closed()
    ircop.ask("KILL bob")
    bob.closed()
    bob = staffed.client("bob")
    bob.join("#free-again")


def test_who_is_killed_is_told_why_and_others_see_a_quit(staffed):
    ircop, alice, bob = staffed.client("ircop"), staffed.client("alice"), staffed.client("bob")
    oper(ircop)
    alice.join("#chan")
    bob.join("#chan")
    alice.collect()
    ircop.ask("KILL bob :too loud")
    messages = bob.closed()
    assert commands(messages) in (["ERROR"], ["KILL", "ERROR"])
    assert "too loud" in messages[-1].params[-1]
    alice.expect("QUIT", ANY, nick="bob")


def test_kill_wants_somebody(staffed):
    ircop = staffed.client("ircop")
    oper(ircop)
    one(ircop.ask("KILL nobody :x"), "401", "ircop", "nobody", ANY)
    one(ircop.ask("KILL"), "461", "ircop", "KILL", ANY)


def test_wallops_reach_who_wants_them(staffed):
    nick1, nick2, nick3 = (staffed.client(f"nick{number}") for number in (1, 2, 3))
    nick2.ask("MODE nick2 -w")
    nick3.ask("MODE nick3 +w")
    oper(nick1)
    for message in nick1.ask("WALLOPS :hi everyone"):
        expect(message, "WALLOPS", "hi everyone", source=Re("nick1!.*"))
    nick3.expect("WALLOPS", "hi everyone", source=Re("nick1!.+@.+"))
    nick2.silent()


def test_only_operators_send_wallops(staffed):
    nick1 = staffed.client("nick1")
    nick1.send("WALLOPS :hi everyone")
    nick1.expect("481", "nick1", ANY)
