"""UTF8ONLY: everything that is relayed is UTF-8."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Message, expect, one


def test_it_is_advertised(irc):
    assert irc("foo").isupport["UTF8ONLY"] is None


def test_a_message_that_is_not_utf8_is_refused_with_its_label(irc):
    bar, other = irc("bar", ["batch", "echo-message", "labeled-response"]), irc("other")
    bar.join("#qux")
    other.join("#qux")
    bar.collect()
    bar.raw(b"@label=xyz PRIVMSG #qux hi\xaa\r\n")
    answer = bar.expect("FAIL", "PRIVMSG", "INVALID_UTF8", ANY)
    assert answer.tags == {"label": "xyz"}
    other.silent()


def test_what_is_utf8_arrives_and_what_is_not_is_complained_of(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.ask("PRIVMSG bar hi")
    one(bar.collect(), "PRIVMSG", "bar", "hi")
    foo.raw(b"PRIVMSG bar hi\xaa\r\n")
    answer = foo.recv()
    assert answer.command in ("FAIL", "WARN", "ERROR")
    if answer.command != "ERROR":
        expect(answer, answer.command, "PRIVMSG", "INVALID_UTF8", ANY)
    if answer.command == "FAIL":
        bar.silent()


@pytest.mark.parametrize(
    "line", [b"TOPIC #chan :\xff", b"NOTICE #chan :\xc3", b"AWAY :\xaa", b"SETNAME :\xe8rc"]
)
def test_nothing_else_that_is_not_utf8_is_relayed(irc, line):
    foo, bar = irc("foo", ["setname"]), irc("bar", ["setname", "away-notify"])
    for client in (foo, bar):
        client.join("#chan")
    foo.collect()
    foo.raw(line + b"\r\n")
    command = line.split()[0].decode()
    expect(foo.collect()[0], "FAIL", command, "INVALID_UTF8", ANY)
    bar.silent()


def test_a_real_name_that_is_not_utf8_does_no_harm(irc):
    client = irc()
    client.send("NICK foo")
    client.raw(b"USER username * * :i\xe8rc\xe9\r\n")
    answer = client.recv()
    assert answer.command in ("FAIL", "468", "001")
    if answer.command == "FAIL":
        expect(answer, "FAIL", "USER", "INVALID_UTF8", ANY)
    if answer.command == "001":
        client.nick = "foo"
        one(client.ask("WHOIS foo"), "311")


def test_a_user_name_that_is_not_ascii_does_no_harm(irc):
    client = irc()
    client.send("NICK foo", "USER 😊😊😊😊😊😊😊😊😊😊 * * :realname")
    answer = client.recv()
    assert answer.command in ("FAIL", "468", "001")
    if answer.command == "001":
        client.nick = "foo"
        one(client.ask("WHOIS foo"), "311")


def test_such_a_name_is_answered_before_a_nick_that_is_taken(irc):
    irc("foo")
    client = irc()
    client.send("NICK foo")
    client.raw(b"USER username * * :i\xe8rc\xe9\r\n")
    assert client.recv().command in ("FAIL", "468")


def test_a_command_that_is_not_utf8_is_refused(irc):
    foo = irc("foo")
    foo.raw(b"\xff\xfe #chan\r\n")
    answer = foo.recv()
    if answer.command == "FAIL":
        expect(answer, "FAIL", "*", "INVALID_UTF8", ANY)
    else:
        expect(answer, "421")


def test_messages_are_cut_between_characters(irc):
    foo, bar = irc("foo", ["echo-message"]), irc("bar")
    foo.raw(("PRIVMSG bar :" + "é" * 248 + "\r\n").encode())
    answer = foo.recv()
    if answer.command == "417":
        bar.silent()
        return
    expect(answer, "PRIVMSG", "bar", ANY)
    line = bar.line()
    assert len(line.encode()) <= 510
    text = Message.parse(line).params[1]
    assert set(text) == {"é"}
    assert text == answer.params[1]
