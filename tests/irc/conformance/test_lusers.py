"""LUSERS: how many there are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.irc.harness import ANY, Re, commands, expect, one


@dataclass
class Counts:
    """What LUSERS says."""

    visible: int
    invisible: int
    opers: int | None
    unknown: int | None
    now: int
    most: int


def lusers(client) -> Counts:
    """Asks, and checks the form of the answers and that they agree."""
    answers = client.ask("LUSERS")
    for message in answers:
        assert message.params[0] == client.nick
    assert len(set(commands(answers))) == len(answers), "one of each"
    visible, invisible, _ = map(
        int, re.findall("(?<= )-?[0-9]+(?= )", one(answers, "251", client.nick, ANY).params[1])
    )
    found = {message.command: message for message in answers}
    opers, unknown = found.get("252"), found.get("253")
    for message in (opers, unknown, found.get("254")):
        if message:
            expect(message, ANY, client.nick, Re("[0-9]+"), ANY)
    local, everywhere = (
        one(answers, numeric, client.nick, *[Re("[0-9]+")] * 2, ANY) for numeric in ("265", "266")
    )
    assert local.params[1:3] == everywhere.params[1:3]
    mine, servers = map(int, re.findall("(?<= )[0-9]+(?= )", one(answers, "255", client.nick, ANY).params[1]))
    now, most = map(int, local.params[1:3])
    assert mine == now == visible + invisible
    assert servers >= 0
    return Counts(
        visible, invisible, opers and int(opers.params[1]), unknown and int(unknown.params[1]), now, most
    )


def expect_counts(client, *, unknown: int, now: int, most: int) -> Counts:
    """As many as there should be. What is zero need not be said."""
    counts = lusers(client)
    assert counts.unknown in (unknown, None)
    assert (counts.now, counts.most) == (now, most)
    return counts


def test_who_comes_and_goes_is_counted(irc):
    bar = irc("bar")
    expect_counts(bar, unknown=0, now=1, most=1)
    qux = irc("qux")
    expect_counts(qux, unknown=0, now=2, most=2)
    qux.quit()
    expect_counts(bar, unknown=0, now=1, most=2)


def test_who_is_not_registered_yet_is_counted_apart(irc):
    bar = irc("bar")
    clients = []
    for count, nick in enumerate(["qux", "bat"], 1):
        client = irc()
        client.send(f"NICK {nick}")
        client.collect()
        expect_counts(bar, unknown=count, now=1, most=1)
        clients.append(client)
    qux, bat = clients
    qux.send("USER u s e r")
    expect(qux.recv(), "001", "qux", ANY)
    expect_counts(bar, unknown=1, now=2, most=2)
    bat.send("QUIT")
    bat.closed()
    expect_counts(bar, unknown=0, now=2, most=2)


def test_the_invisible_are_counted_apart(irc):
    bar, qux = irc("bar"), irc("qux")
    for client in (bar, qux):
        client.ask(f"MODE {client.nick} +i")
    counts = expect_counts(bar, unknown=0, now=2, most=2)
    assert (counts.visible, counts.invisible) == (0, 2)
    assert "MODE" in commands(bar.ask("MODE bar -i"))
    counts = lusers(bar)
    assert (counts.visible, counts.invisible) == (1, 1)
    qux.quit()
    counts = expect_counts(bar, unknown=0, now=1, most=2)
    assert (counts.visible, counts.invisible) == (1, 0)


def test_operators_are_counted_and_nought_is_said_as_well(staffed):
    bar = staffed.client("bar")
    assert lusers(bar).opers in (0, None)
    assert "381" in commands(bar.ask("OPER operuser operpassword"))
    assert lusers(bar).opers == 1
    qux = staffed.client("qux")
    qux.ask("OPER operuser operpassword")
    assert lusers(bar).opers == 2
    assert "MODE" in commands(bar.ask("MODE bar -o"))
    assert lusers(bar).opers == 1
    qux.quit()
    assert lusers(bar).opers == 0


def test_channels_are_counted(irc):
    bar = irc("bar")
    bar.join("#one")
    bar.join("#two")
    one(bar.ask("LUSERS"), "254", "bar", "2", ANY)
