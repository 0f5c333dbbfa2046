"""The front: clients come and go, hear what is for them, and are cut when they must be; over real sockets."""

from __future__ import annotations

import socket

import pytest

from evchat.core.audience import pick
from evchat.core.effects import Broadcast, Hangup, Log, Reply
from evchat.protocol.base import Event
from evchat.protocol.basics import ServerNotice
from evchat.server.client import NEVER, PASSWORD
from evchat.server.deliveries import Abort, Resume, Write
from evchat.settings.model import Config, Limits
from tests.server.halves import HELLO, Halves, halves
from tests.server.notes import Notes


def notice(text: str = "hello") -> Event:
    return ServerNotice(0, text)


def carry_out(both: Halves, *deliveries: object) -> None:
    both.front.carry_out(deliveries)  # type: ignore[arg-type]
    both.front.flush()


# ---- what is carried out


def test_deliveries_are_carried_out_in_order(both: Halves) -> None:
    alice, alices = both.login("alice")
    bob, bobs = both.login("bob")
    both.heard(alices)
    carry_out(
        both,
        Reply(alice.sid, notice("1")),
        Broadcast(notice("2"), pick((alice.sid, bob.sid)), bob.sid),
        Write(alice.sid, b"3\n"),
        Broadcast(notice("4"), pick((alice.sid, bob.sid))),
    )
    assert [line[-1:] for line in both.heard(alices).splitlines()] == [b"1", b"2", b"3", b"4"]
    assert [line[-1:] for line in both.heard(bobs).splitlines()] == [b"4"]


def test_what_is_for_a_client_that_is_gone_is_dropped(both: Halves) -> None:
    carry_out(both, Reply(99, notice()), Write(99, b"x"), Hangup(99, "x"), Resume(99), Abort(99, "x"))


def test_who_is_hung_up_hears_everything_before_and_then_the_end(both: Halves, notes: Notes) -> None:
    client, sock = both.login("alice")
    carry_out(
        both,
        Reply(client.sid, notice("last words")),
        Hangup(client.sid, "Over."),
        Hangup(client.sid, "Again."),
    )
    sock.sendall(b"nobody hears this\n")
    both.run()
    assert both.heard(sock).endswith(b"last words\n")
    assert client.waits_for & NEVER and not both.back.is_open(client.sid)
    sock.close()
    both.run()
    assert both.front.clients == {}
    assert [facts["reason"] for facts in notes.facts("disconnected")] == ["Over."]


def test_a_bug_aborts_the_connection_at_once(both: Halves, notes: Notes) -> None:
    client, sock = both.login("alice")
    carry_out(both, Reply(client.sid, notice("unheard")), Abort(client.sid, "An error of the server."))
    both.run()
    assert both.front.clients == {} and not both.back.is_open(client.sid)
    assert [facts["reason"] for facts in notes.facts("disconnected")] == ["An error of the server."]
    assert sock.recv(100) == b""


def test_a_checked_password_lets_the_next_request_run(both: Halves) -> None:
    client, sock = both.login("alice")
    client.waits_for = PASSWORD
    sock.sendall(b"/help\n")
    both.run()
    assert both.heard(sock) == b""
    carry_out(both, Resume(client.sid))
    both.run()
    assert b"/msg" in both.heard(sock)


def test_an_effect_that_the_front_does_not_know_is_a_bug_and_costs_only_itself(
    both: Halves, notes: Notes
) -> None:
    client, sock = both.login("alice")

    class Unheard:
        sid = client.sid

    carry_out(both, Unheard(), Log("kick", ()), Reply(client.sid, notice()))
    assert both.heard(sock).endswith(b"hello\n")
    assert len(both.bugs) == 2 and len(notes.facts("bug")) == 2
    both.bugs.clear()


def test_who_becomes_a_full_client_is_paced_no_longer(both: Halves) -> None:
    client, sock = both.connect("json")
    sock.sendall(b'{"request": "help"}\n')
    both.run()
    assert client.connection.pace is not None
    client, sock = both.connect("json")
    sock.sendall(HELLO)
    both.run()
    assert client.connection.pace is None and b'"version"' in both.heard(sock)


# ---- who comes and goes


def test_who_goes_is_gone_for_the_others_in_the_same_pass(both: Halves, notes: Notes) -> None:
    alice, alices = both.login("alice")
    _, bobs = both.login("bob")
    both.heard(alices)
    bobs.close()
    both.run()
    assert list(both.front.clients.values()) == [alice]
    assert b"bob" in both.heard(alices)
    (facts,) = notes.facts("disconnected")
    assert (facts["name"], facts["address"]) == ("bob", "127.0.0.1")


def test_a_limit_holds_for_those_who_come_and_new_limits_hold_for_all(both: Halves) -> None:
    client, _ = both.connect()
    assert client.connection.limits.hard == both.limits.output_hard
    both.front.reconfigure(Config(limits=Limits(output_hard=12_345, pause_above=234)), both.dialects)
    later, _ = both.connect()
    for connection in (client.connection, later.connection):
        assert (connection.limits.hard, connection.limits.pause_above) == (12_345, 234)


def test_closing_ends_every_connection(both: Halves) -> None:
    socks = [both.connect()[1] for _ in range(3)]
    both.front.close("The server is going down.")
    assert [sock.recv(10) for sock in socks] == [b"", b"", b""] and both.front.clients == {}


# ---- who must go


def test_who_leaves_too_much_unread_is_cut_and_logged(notes: Notes) -> None:
    with halves(output_hard=300_000) as both:
        alice, alices = both.login("alice")
        bob, bobs = both.login("bob")
        alices.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(10):
            carry_out(both, Broadcast(notice("x" * 100_000), pick((alice.sid, bob.sid))))
            both.heard(bobs)
        both.run()
        assert list(both.front.clients.values()) == [bob] and not both.front.output_pending
        (facts,) = notes.facts("cut")
        assert facts["name"] == "alice" and facts["reason"].startswith("Too slow: ")


def test_when_all_leave_too_much_unread_the_largest_is_cut_first(notes: Notes) -> None:
    with halves(output_total=1_000_000, output_hard=10_000_000) as both:
        clients = [both.login(name)[0] for name in ("alice", "bob")]
        carry_out(
            both, Reply(clients[0].sid, notice("x" * 900_000)), Reply(clients[1].sid, notice("x" * 600_000))
        )
        both.run()
        assert list(both.front.clients.values()) == clients[1:] and both.front.output_pending
        assert [facts["name"] for facts in notes.facts("cut")] == ["alice"]


def test_who_is_silent_is_asked_for_a_sign_of_life_and_then_cut(notes: Notes) -> None:
    with halves(ping_after=90.0, dead_after=150.0, login_deadline=0.0) as both:
        client, sock = both.login("alice", "json")
        both.run(seconds=95.0)
        assert b"ping" in both.heard(sock) and client.pinged
        sock.sendall(b'{"request": "pong"}\n')
        both.run()
        assert not client.pinged
        both.run(seconds=95.0)
        both.run(seconds=60.0)
        assert both.front.clients == {}
        assert notes.facts("cut")[0]["reason"] == "No sign of life for 150 seconds."


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("json", HELLO + b'{"request": "login", "content": "ben"}\n{"request": "join", "content": "#a"}\n'),
        ("irc", b"CAP REQ :server-time echo-message\r\nNICK ben\r\nUSER b 0 * :b\r\nCAP END\r\nJOIN #a\r\n"),
    ],
)
def test_who_says_how_it_speaks_and_logs_in_at_once_costs_nobody_a_plan(
    both: Halves, dialect: str, said: bytes
) -> None:
    _, ann = both.login("ann", "irc")
    ann.sendall(b"JOIN #a\r\nJOIN #b\r\n")
    both.login("eve", "irc")[1].sendall(b"JOIN #b\r\n")
    both.run()
    planned = both.front._fanout._plans["#b"]
    client, sock = both.connect(dialect)
    sock.sendall(said)
    both.run()
    assert client.authenticated and both.front._fanout._plans["#b"] is planned
    both.heard(sock)
    ann.sendall(b"PRIVMSG #a :hi\r\n")
    both.run()
    heard = both.heard(sock)
    assert b'"content":"hi"' in heard if dialect == "json" else heard.startswith(b"@time=")


def test_who_changes_how_it_speaks_later_is_told_so_from_then_on(both: Halves) -> None:
    _, ann = both.login("ann", "irc")
    _, ben = both.login("ben", "irc")
    for sock in (ann, ben):
        sock.sendall(b"JOIN #a\r\n")
    both.run()
    both.heard(ben)
    for said, start in ((b"CAP REQ :server-time\r\n", b"@time="), (b"CAP REQ :-server-time\r\n", b":ann!")):
        ben.sendall(said)
        both.run()
        both.heard(ben)
        ann.sendall(b"PRIVMSG #a :hi\r\n")
        both.run()
        assert both.heard(ben).startswith(start)


def test_a_crowd_that_comes_is_told_of_soon_and_in_order_and_seldom() -> None:
    with halves(command_burst=1000) as both:
        _, ann = both.login("ann", "irc")
        ann.sendall(b"JOIN #a\r\n")
        both.run()
        both.heard(ann)
        guests = [both.login(f"guest{number:03}", "irc")[1] for number in range(150)]
        for guest in guests:
            guest.sendall(b"JOIN #a\r\n")
        told: list[list[bytes]] = []
        for _ in range(60):
            both.run(passes=1, seconds=0.005)
            told.append([line for line in both.heard(ann).split(b"\r\n") if b" JOIN " in line])
        names = [line[1:9] for lines in told for line in lines]
        assert sorted(names) == names and len(names) == 150
        at = [index for index, lines in enumerate(told) if lines]
        assert at[-1] < 40 and len(at) < 10


def test_a_message_hurries_what_was_said_before_it() -> None:
    with halves(command_burst=1000) as both:
        (_, ann), (_, ben) = both.login("ann", "irc"), both.login("ben", "irc")
        for sock in (ann, ben):
            sock.sendall(b"JOIN #a\r\n")
            both.run()
        guests = [both.login(f"guest{number:03}", "irc")[1] for number in range(100)]
        both.heard(ann)
        for guest in guests:
            guest.sendall(b"JOIN #a\r\n")
        ben.sendall(b"PRIVMSG #a :hello\r\n")
        both.run(passes=1)
        heard = both.heard(ann)
        assert heard.endswith(b" PRIVMSG #a :hello\r\n") or b" PRIVMSG #a :hello\r\n:guest" in heard
