"""message-tags: client-only tags, TAGMSG, message ids and the limits of length."""

from __future__ import annotations

import pytest

from tests.irc.harness import ABSENT, ANY, Message, Re, expect
from tests.irc.ircv3.helpers import MSGID, SERVER_TIME, gather, only


@pytest.fixture
def four(irc):
    """Four in #test: one sees tags, one has echoes too, one sees none, one sees only the time."""
    clients = (
        irc("alice", ["message-tags"]),
        irc("bob", ["message-tags", "echo-message"]),
        irc("carol"),
        irc("dave", ["server-time"]),
    )
    gather("#test", *clients)
    return clients


@pytest.fixture
def two(irc):
    """Two in #test who see tags; the first has echoes."""
    clients = irc("alice", ["message-tags", "echo-message"]), irc("bob", ["message-tags"])
    gather("#test", *clients)
    return clients


def test_client_only_tags_reach_those_who_see_tags(four):
    alice, bob, carol, dave = four
    alice.send("@+baz=bat;fizz=buzz PRIVMSG #test hi")
    alice.silent()
    bob.expect("PRIVMSG", "#test", "hi", nick="alice", tags={"+baz": "bat", "msgid": MSGID, "fizz": ABSENT})
    line = carol.line()
    assert line.startswith(":")
    expect(Message.parse(line), "PRIVMSG", "#test", "hi")
    heard = dave.expect("PRIVMSG", "#test", "hi", tags={"time": SERVER_TIME})
    assert set(heard.tags) == {"time"}


def test_an_echo_has_the_same_tags_and_id(four):
    alice, bob, carol, dave = four
    bob.send("@+bat=baz;+fizz=buzz PRIVMSG #test :hi yourself")
    heard = [client.recv() for client in (bob, alice)]
    for message in heard:
        expect(message, "PRIVMSG", "#test", "hi yourself", nick="bob")
        expect(message, tags={"+bat": "baz", "+fizz": "buzz", "msgid": MSGID})
    assert heard[0].tags["msgid"] == heard[1].tags["msgid"]
    line = carol.line()
    assert line.startswith(":")
    expect(Message.parse(line), "PRIVMSG", "#test", "hi yourself")


def test_a_tagmsg_reaches_only_those_who_see_tags(four):
    alice, bob, carol, dave = four
    bob.send(r"@+buzz=fizz\:buzz;cat=dog;+steel=wootz TAGMSG #test")
    heard = [client.recv() for client in (bob, alice)]
    carol.silent()
    dave.silent()
    for message in heard:
        expect(message, "TAGMSG", "#test", nick="bob")
        expect(message, tags={"+buzz": "fizz;buzz", "+steel": "wootz", "msgid": MSGID, "cat": ABSENT})
    assert heard[0].tags["msgid"] == heard[1].tags["msgid"]


def test_a_tagmsg_is_delivered_to_a_nick(two):
    alice, bob = two
    (echo,) = alice.ask("@+x=y TAGMSG bob")
    (heard,) = bob.collect()
    for message in (echo, heard):
        expect(message, "TAGMSG", "bob", nick="alice", tags={"+x": "y", "msgid": echo.tags["msgid"]})


def test_a_tagmsg_is_refused_as_a_message_would_be(two):
    alice, bob = two
    only(alice.ask("@+x=y TAGMSG nobody"), "401", "alice", "nobody", ANY)
    bob.ask("PART #test")
    alice.collect()
    only(bob.ask("@+x=y TAGMSG #test"), "404", "bob", "#test", ANY)
    alice.silent()


def test_a_tagmsg_may_go_to_operators_only(irc, two):
    alice, bob = two
    carol = irc("carol", ["message-tags"])
    carol.join("#test")
    bob.collect()
    alice.collect()
    carol.send("@+x=y TAGMSG @#test")
    carol.silent()
    alice.expect("TAGMSG", "@#test", nick="carol", tags={"+x": "y"})
    bob.silent()


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_tags_are_relayed_with_messages_and_notices_to_nicks(two, command):
    alice, bob = two
    alice.ask(f"@+x=y {command} bob :hi")
    bob.expect(command, "bob", "hi", tags={"+x": "y", "msgid": MSGID})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"raw+:=,escaped\:\s\\", r"raw+:=,escaped; " + "\\"),
        (r"a\rb\nc", "a\rb\nc"),
        ("", ""),
        ("é😃", "é😃"),
        ("=", "="),
    ],
)
def test_values_arrive_as_they_were_meant(two, written, meant):
    alice, bob = two
    alice.ask(f"@+example={written} PRIVMSG #test :hi")
    bob.expect("PRIVMSG", "#test", "hi", tags={"+example": meant})


def test_a_tag_may_have_no_value_and_a_vendor(two):
    alice, bob = two
    alice.ask("@+flag;+example.com/foo=bar PRIVMSG #test :hi")
    bob.expect("PRIVMSG", "#test", "hi", tags={"+flag": "", "+example.com/foo": "bar"})


def test_a_tag_given_twice_arrives_once(two):
    alice, bob = two
    alice.ask("@+a=1;+a=2 PRIVMSG #test :hi")
    line = bob.line()
    assert line.startswith("@")
    tags = line[1:].split(" ")[0].split(";")
    assert len([tag for tag in tags if tag.startswith("+a")]) == 1


def test_the_servers_tags_come_before_the_clients(two):
    alice, bob = two
    bob.req("server-time")
    alice.ask("@+a=1;+b=2 PRIVMSG #test :hi")
    keys = [tag.partition("=")[0] for tag in bob.line()[1:].split(" ")[0].split(";")]
    assert sorted(keys[:-2]) == ["msgid", "time"]
    assert sorted(keys[-2:]) == ["+a", "+b"]


def test_nobody_can_forge_the_servers_tags(two):
    alice, bob = two
    (echo,) = alice.ask("@msgid=forged;account=root;time=1970-01-01T00:00:00.000Z PRIVMSG #test :hi")
    (heard,) = bob.collect()
    for message in (echo, heard):
        assert message.tags["msgid"] != "forged"
        assert "account" not in message.tags
        assert not message.tags.get("time", "").startswith("1970")


def test_ids_are_unique(two):
    alice, bob = two
    alice.ask(*[f"PRIVMSG #test :{number}" for number in range(50)])
    assert len({message.tags["msgid"] for message in bob.collect()}) == 50


def test_who_sees_no_tags_may_send_a_source_and_tags_all_the_same(irc, two):
    _, bob = two
    carol = irc("carol")
    carol.ask("@+x=y :carol PRIVMSG bob :hi")
    bob.expect("PRIVMSG", "bob", "hi", nick="carol")


# The limits: 4096 bytes of tags from "@" to the space, then 512 bytes of the rest with CR LF.

MOST = "@foo=bar;+baz=" + "a" * 4081


def test_as_many_tags_as_allowed_arrive_whole(two):
    alice, bob = two
    line = f"{MOST} TAGMSG #test"
    assert line.index("TAGMSG") == 4096
    alice.send(line)
    heard = [client.expect("TAGMSG", "#test", tags={"+baz": "a" * 4081, "msgid": MSGID}) for client in two]
    assert heard[0].tags["msgid"] == heard[1].tags["msgid"]


@pytest.mark.parametrize("rest", ["TAGMSG #test", "PRIVMSG #test " + "b" * 495])
def test_a_byte_more_of_tags_is_refused(two, rest):
    alice, bob = two
    line = f"{MOST}a {rest}"
    assert line.index(rest[:7]) == 4097
    alice.send(line)
    alice.expect("417", "alice", ANY)
    alice.silent()
    bob.silent()


def test_the_longest_message_with_the_most_tags_is_refused_or_keeps_its_tags(two):
    alice, bob = two
    line = f"{MOST} PRIVMSG #test {'b' * 496}"
    assert len(line) == 4096 + 510
    alice.send(line)
    echo = alice.recv()
    if echo.command == "417":
        bob.silent()
        return
    heard = bob.recv()
    for message in (echo, heard):
        expect(message, "PRIVMSG", "#test", Re("b{400,496}"), tags={"+baz": "a" * 4081, "msgid": MSGID})
    assert echo.tags["msgid"] == heard.tags["msgid"]


def test_the_tags_do_not_count_against_the_message(two):
    alice, bob = two
    alice.ask(f"@+x={'a' * 2000} PRIVMSG #test :{'b' * 400}")
    bob.expect("PRIVMSG", "#test", "b" * 400, tags={"+x": "a" * 2000})
