"""From the first line to the end of the MOTD."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, REST, Re, commands, expect, named, one

LETTERS = Re("[a-zA-Z]+")


def test_the_welcome_comes_in_its_order(irc):
    client = irc()
    client.send("NICK foo", "USER foo * * :foo")
    for numeric in ("001", "002", "003"):
        expect(client.recv(), numeric, "foo", ANY)
    myinfo = expect(client.recv(), "004", "foo", ANY, ANY, LETTERS, LETTERS, REST)
    assert myinfo.params[1] == myinfo.source
    assert len(myinfo.params) in (5, 6)
    assert myinfo.params[5:] in ([], [LETTERS])

    message = client.recv()
    tokens = 0
    while message.command == "005":
        expect(message, "005", "foo", ANY, ANY, REST)
        tokens += 1
        message = client.recv()
    assert tokens
    while message.command in ("250", "251", "252", "253", "254", "255", "265", "266"):
        message = client.recv()
    if message.command in ("MODE", "221"):
        expect(message, ANY, "foo", ANY, REST)
        message = client.recv()
    if message.command == "422":
        expect(message, "422", "foo", ANY)
    else:
        expect(message, "375", "foo", ANY)
        while (message := client.recv()).command == "372":
            expect(message, "372", "foo", ANY)
        expect(message, "376", "foo", ANY)
    client.nick = "foo"
    client.silent()


def test_the_message_of_the_day_is_told_line_by_line(serve):
    server = serve('motd = "first\\n\\nthird"\n')
    alice = server.client()
    alice.send("NICK alice", "USER a 0 * :r")
    welcome = alice.welcomed("alice")
    lines = [message for message in welcome if message.command in ("375", "372", "376")]
    assert commands(lines) == ["375", "372", "372", "372", "376"]
    assert [message.params[1] for message in lines[1:-1]] == [Re(".*first"), Re("(- )?"), Re(".*third")]


def test_a_stranger_gets_451_for_everything_but_registration(irc):
    client = irc()
    for command in (
        "JOIN #chan",
        "JOIN :",
        "PRIVMSG foo :hi",
        "WHO *",
        "LIST",
        "MODE foo +i",
        "TOPIC #c",
        "AWAY",
    ):
        client.send(command)
        expect(client.recv(), "451", "*", REST)
    client.send("NICK foo", "USER u 0 * :r")
    expect(client.recv(), "001", "foo", ANY)


def test_a_ping_is_answered_before_registration(irc):
    client = irc()
    client.send("PING token")
    answer = client.recv()
    if answer.command != "451":
        expect(answer, "PONG", ANY, "token")


@pytest.mark.parametrize("first", ["NICK", "USER"])
def test_nick_and_user_may_come_in_either_order(irc, first):
    client = irc()
    lines = ["NICK foo", "USER u 0 * :r"]
    client.send(*(lines if first == "NICK" else reversed(lines)))
    expect(client.recv(), "001", "foo", ANY)


def test_an_empty_realname_is_refused(irc):
    client = irc()
    client.send("NICK foo", "USER username * * :")
    expect(client.recv(), "461", Re(r"\*|foo"), "USER", ANY)
    client.send("USER username * * :real")
    expect(client.recv(), "001", "foo", ANY)


def test_a_short_user_is_refused(irc):
    client = irc()
    client.send("USER username")
    expect(client.recv(), "461", "*", "USER", ANY)


@pytest.mark.parametrize("again", ["USER u 0 * :r", "PASS secret"])
def test_who_is_registered_cannot_register_again(irc, again):
    alice = irc("alice")
    alice.send(again)
    expect(alice.recv(), "462", "alice", ANY)
    alice.silent()


def test_a_nick_in_use_is_refused(irc):
    irc("foo")
    other = irc()
    other.send("NICK foo", "USER username * * :Realname")
    expect(other.recv(), "433", "*", "foo", ANY)
    other.send("NICK bar")
    expect(other.recv(), "001", "bar", ANY)


def test_of_two_who_want_one_nick_at_once_one_gets_it(irc):
    clients = irc(), irc()
    for client in clients:
        client.send("NICK foo")
    for client in clients:
        client.send("USER username * * :Realname")
    first = [client.recv().command for client in clients]
    assert sorted(first) == ["001", "433"]


def test_a_realname_of_wrong_bytes_is_refused_or_mended(irc):
    client = irc()
    client.send("NICK foo")
    client.raw(b"USER username * * :i\xe8rc\xe9\r\n")
    answer = client.recv()
    if answer.command in ("FAIL", "468", "ERROR"):
        return
    expect(answer, "001", "foo", ANY)
    client.nick = "foo"
    one(client.ask("WHOIS foo"), "311", "foo", "foo", Re("~?username"), ANY, "*", ANY)


@pytest.mark.parametrize("username", ["😊" * 10, "~", "a@b!c", "@", "x" * 100], ids=ascii)
def test_a_strange_user_name_is_mended(irc, username):
    client = irc()
    client.send("NICK foo", f"USER {username} * * :realname")
    client.welcomed("foo")
    whois = one(client.ask("WHOIS foo"), "311", "foo", "foo", Re("[!-~]+"), ANY, "*", "realname")
    assert not set("@! ") & set(whois.params[2])


# The server's password

PASSWORD = "testpassword"


@pytest.fixture
def guarded(serve):
    """A server with a password."""
    return serve(password=PASSWORD)


def test_the_right_password_before_nick_and_user_opens(guarded):
    client = guarded.client()
    client.send(f"PASS {PASSWORD}", "NICK foo", "USER username * * :Realname")
    expect(client.recv(), "001", "foo", ANY)


def test_without_the_password_nobody_enters(guarded):
    client = guarded.client()
    client.send("NICK foo", "USER username * * :Realname")
    assert client.recv().command in ("464", "ERROR")


def test_a_wrong_password_ends_the_connection(guarded):
    client = guarded.client()
    client.send(f"PASS {PASSWORD}garbage", "NICK foo", "USER username * * :Realname")
    messages = client.closed()
    assert "001" not in commands(messages)
    assert commands(messages) in (["464", "ERROR"], ["ERROR"]), messages
    for message in named(messages, "464"):
        expect(message, "464", Re(r"\*|foo"), ANY)


def test_a_password_after_nick_and_user_is_too_late(guarded):
    client = guarded.client()
    client.send("NICK foo", "USER username * * :Realname", f"PASS {PASSWORD}")
    assert client.recv().command != "001"


@pytest.mark.parametrize(
    "line",
    [
        "MONITOR + a", "MONITOR L", "NAMES #a", "WHOIS a", "CHATHISTORY LATEST #a * 10", "MARKREAD #a", "SETNAME :A",
        "REDACT #a x", "JOIN #a", "WHO #a",
    ],
)  # fmt: skip
def test_before_the_login_every_other_command_is_answered_451(irc, line):
    client = irc()
    client.send(line)
    client.expect("451", REST)
