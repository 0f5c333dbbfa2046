"""Lines in pieces, and lines that are too long."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Message, commands, expect, named

SMILE = "😃"


def whole(client, line: str) -> None:
    client.raw(line.encode())


def by_character(client, line: str) -> None:
    for character in line:
        client.sock.sendall(character.encode())


def by_byte(client, line: str) -> None:
    for byte in line.encode():
        client.sock.sendall(bytes([byte]))


def overhead(alice, bob, colon: str) -> int:
    """How much longer a message is for who gets it than for who sends it."""
    alice.send(f"PRIVMSG bob {colon}a")
    return len(bob.line().encode()) - len(f"PRIVMSG bob {colon}a")


@pytest.mark.parametrize("colon", ["", ":"], ids=["bare", "colon"])
@pytest.mark.parametrize("send", [whole, by_character, by_byte])
def test_a_line_arrives_whole_however_it_is_cut_and_is_refused_rather_than_shortened(irc, send, colon):
    alice, bob = irc("alice"), irc("bob")
    extra = overhead(alice, bob, colon)
    start = f"PRIVMSG bob {colon}"
    room = 512 - len(start) - 2
    smile = len(SMILE.encode())
    texts = [
        "a",
        SMILE,
        "a" * room,
        "a" * (room - smile) + SMILE,
        "a" * (room - extra),
        "a" * (room - smile - extra) + SMILE,
        "a" * (room - extra + 1),
        "a" * (room - smile - extra + 1) + SMILE,
        "a" * (room - smile - extra + 2) + SMILE,
    ]
    for text in texts:
        send(alice, f"{start}{text}\r\n")
        answers = alice.collect()
        if "417" in commands(answers):
            assert len(f"{start}{text}\r\n".encode()) + extra > 512, "it would have fitted"
            expect(answers[0], "417", "alice", ANY)
            bob.silent()
            continue
        assert answers == []
        line = bob.line()
        expect(Message.parse(line), "PRIVMSG", "bob", text, nick="alice")
        assert len(line.encode()) + 2 <= 512


def test_lines_may_end_in_a_bare_line_feed_and_empty_ones_are_nothing(irc):
    alice = irc("alice")
    alice.raw(b"\r\n\n  \r\nPING one\nPING two\r\n\r\n")
    expect(alice.recv(), "PONG", ANY, "one")
    expect(alice.recv(), "PONG", ANY, "two")
    alice.silent()


def test_many_commands_in_one_segment_are_answered_in_their_order(irc):
    alice = irc("alice")
    alice.raw(b"".join(b"PING %d\r\n" % n for n in range(100)))
    for n in range(100):
        expect(alice.recv(), "PONG", ANY, str(n))


def test_a_line_of_512_bytes_is_taken(irc):
    alice = irc("alice")
    alice.send("PING " + "x" * 505)
    assert "x" * 450 in expect(alice.recv(), "PONG", ANY, ANY).params[-1]


def test_a_line_of_513_bytes_is_refused_and_nothing_else_happens(irc):
    alice = irc("alice")
    alice.send("PING " + "x" * 506)
    expect(alice.recv(), "417", "alice", ANY)
    alice.join("#test_channel")


def test_tags_of_4096_bytes_are_refused_with_their_message(irc):
    alice, bob = irc("alice", ["message-tags"]), irc("bob", ["message-tags"])
    alice.join("#chan")
    bob.join("#chan")
    alice.collect()
    answers = alice.ask(f"@+client-only-example={'a' * 4096} PRIVMSG #chan hi!")
    expect(named(answers, "417")[0], "417", "alice", ANY)
    bob.silent()


@pytest.mark.parametrize("caps", [[], ["message-tags"]], ids=["plain", "tags"])
def test_who_sends_lines_without_end_is_cut_off(irc, caps):
    mallory = irc("mallory", caps)
    mallory.join("#test")
    mallory.send("PRIVMSG #test " + "a" * 16384)
    mallory.closed()
