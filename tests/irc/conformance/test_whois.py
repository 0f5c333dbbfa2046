"""WHOIS and WHOWAS."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, commands, expect, make_account, named, one, words

HOST = Re("[0-9A-Za-z_:.-]+")


@pytest.mark.parametrize("target", ["none", "server", "nick"])
def test_a_whois_begins_with_the_user(irc, target):
    cool = irc()
    welcome = cool.register("coolNick", username="myusernam", realname="My User Name")
    other = irc("otherNick")
    first = {"none": "", "server": welcome[0].source + " ", "nick": "coolNick "}[target]
    answers = other.ask(f"WHOIS {first}coolNick")
    user = expect(answers[0], "311", "otherNick", "coolNick", Re("~?myusernam"), ANY, "*", "My User Name")
    assert user.params[3] not in ("coolNick", "myusernam", "~myusernam", "My User Name")
    expect(answers[-1], "318", "otherNick", "coolNick", ANY)


def test_a_whois_ignores_case(irc):
    irc("coolNick")
    assert one(irc("other").ask("WHOIS COOLNICK"), "311").params[1] == "coolNick"


@pytest.mark.parametrize(
    ("authenticated", "away", "oper"),
    [
        (False, False, False),
        (False, True, False),
        (False, False, True),
        (True, False, False),
        (True, False, True),
    ],
)
def test_a_whois_says_what_it_may_in_its_form(staffed, authenticated, away, oper):
    account = make_account(staffed, "val") if authenticated else None
    nick1, nick2 = staffed.client("nick1"), staffed.client()
    nick2.register("nick2", account=account)
    nick2.join("#chan1")
    nick2.join("#chan2")
    if away:
        nick2.ask("AWAY :I'm on a break")
    if oper:
        assert "381" in commands(nick1.ask("OPER operuser operpassword"))
    *answers, end = nick1.ask("WHOIS nick2")
    expect(end, "318", "nick1", "nick2", ANY)
    forms = {
        "311": [ANY, ANY, "*", ANY],
        "319": [words("@#chan1", "@#chan2")],
        "312": [end.source, ANY],
        "313": [ANY],
        "317": [Re("[0-9]+"), Re("[0-9]+"), ANY],
        "378": [ANY],
        "379": [ANY],
        "671": [ANY],
        **({"301": ["I'm on a break"]} if away else {}),
        **({"307": [ANY], "330": ["val", ANY]} if authenticated else {}),
    }
    for message in answers:
        if message.command == "338":
            assert message.params[:2] == ["nick1", "nick2"]
            assert len(message.params) in (3, 4, 5)
            continue
        assert message.command in forms, message
        expect(message, message.command, "nick1", "nick2", *forms[message.command])
    expected = {"311", "312", "317", "319", *(["301"] if away else []), *(["330"] if authenticated else [])}
    assert expected <= set(commands(answers))


def test_the_account_is_told(server):
    netcat = server.client("netcat", account=make_account(server, "shivaram"))
    curious = server.client("curious")
    one(curious.ask("WHOIS netcat"), "330", "curious", "netcat", "shivaram", ANY)
    assert "330" not in commands(netcat.ask("WHOIS curious"))


def test_the_channels_of_the_invisible_are_told_to_who_is_there_too(irc):
    one_, two = irc("userOne"), irc("userTwo")
    one_.join("#xyz")
    assert "319" in commands(two.ask("WHOIS userOne"))
    one_.send("MODE userOne +i")
    one_.expect("MODE", "userOne", "+i")
    assert "319" not in commands(two.ask("WHOIS userOne"))
    two.join("#xyz")
    assert "319" in commands(two.ask("WHOIS userOne"))
    two.ask("PART #xyz")
    one_.collect()
    one_.send("MODE userOne -i")
    one_.expect("MODE", "userOne", "-i")
    assert "319" in commands(two.ask("WHOIS userOne"))


def test_the_secret_channels_of_others_are_not_told(irc):
    alice, bob = irc("alice"), irc("bob")
    alice.join("#open")
    alice.join("#secret")
    alice.ask("MODE #secret +s")
    one(bob.ask("WHOIS alice"), "319", "bob", "alice", Re("@#open ?"))
    one(alice.ask("WHOIS alice"), "319", "alice", "alice", words("@#open", "@#secret"))


def test_who_is_an_operator_is_told(staffed):
    alice, bob = staffed.client("alice"), staffed.client("bob")
    alice.ask("OPER operuser operpassword")
    one(bob.ask("WHOIS alice"), "313", "bob", "alice", ANY)


def test_nobody_is_nobody(irc):
    alice = irc("alice")
    answers = alice.ask("WHOIS nobody")
    expect(answers[0], "401", "alice", "nobody", ANY)
    expect(answers[-1], "318", "alice", "nobody", ANY)
    assert alice.ask("WHOIS")[0].command in ("431", "461")


# WHOWAS


def test_who_was_there_is_remembered(irc):
    nick1 = irc("nick1")
    irc("nick2").quit()
    *answers, end = nick1.ask("WHOWAS nick2")
    expect(end, "369", "nick1", "nick2", ANY)
    expect(answers[0], "314", "nick1", "nick2", Re("~?username"), HOST, "*", "Realname")
    for message in answers[1:]:
        if message.command != "338":
            expect(message, "312", "nick1", "nick2", end.source, ANY)


@pytest.mark.parametrize(
    ("count", "both"), [("", True), (" 1", False), (" 2", True), (" -1", True), (" 0", True)]
)
def test_the_last_comes_first_and_no_more_than_asked_for(irc, count, both):
    nick1 = irc("nick1")
    for username in ("ident2", "ident3"):
        irc("nick2", username=username).quit()
    answers = nick1.ask(f"WHOWAS nick2{count}")
    users = named(answers, "314")
    for message, username in zip(users, ["ident3", "ident2"], strict=False):
        expect(message, "314", "nick1", "nick2", Re(f"~?{username}"), ANY, "*", "Realname")
    assert len(users) == (2 if both else 1)
    assert answers[0] == users[0]
    assert set(commands(answers[:-1])) <= {"314", "312", "338"}
    expect(answers[-1], "369", "nick1", "nick2", ANY)


def test_a_former_nick_is_remembered_too(irc):
    nick1, nick2 = irc("nick1"), irc("nick2")
    nick2.ask("NICK other")
    one(nick1.ask("WHOWAS nick2"), "314", "nick1", "nick2", Re("~?username"), ANY, "*", "Realname")


def test_who_never_was_there(irc):
    nick1 = irc("nick1")
    never, end = nick1.ask("WHOWAS nick2")
    expect(never, "406", "nick1", "nick2", ANY)
    expect(end, "369", "nick1", "nick2", ANY)


def test_whowas_wants_a_nick(irc):
    assert irc("nick1").ask("WHOWAS")[0].command in ("431", "461")
