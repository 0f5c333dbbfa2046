"""WHO, and its extension WHOX."""

from __future__ import annotations

import re

import pytest

from tests.irc.harness import ANY, Fold, Re, expect, make_account

HOST = Re("[0-9A-Za-z_:.-]+")
USERNAME = Re("~?myusernam")
MASKS = pytest.mark.parametrize("mask", ["coolNick", "coolnick", "coolni*"], ids=["exact", "folded", "mask"])


def cool(server, account=None):
    """coolNick, who created #chan, and otherNick, who is there too and has nothing to read."""
    client, other = server.client(), server.client()
    client.register("coolNick", account=account, username="myusernam", realname="My UniqueReal Name")
    client.join("#chan")
    other.register("otherNick")
    other.join("#chan")
    client.collect()
    return client, other


def check(reply, flags: str) -> None:
    """352 about coolNick, without a channel or with #chan, whose operator it is."""
    channel, status = ("*", "") if reply.params[1] == "*" else ("#chan", "@")
    params = ["otherNick", channel, USERNAME, HOST, reply.source, "coolNick", flags + status]
    expect(reply, "352", *params, Re("[0-9]+ My UniqueReal Name"))


def test_a_star_means_everyone(server):
    _, other = cool(server)
    *replies, end = other.ask("WHO *")
    assert len(replies) == 2
    check(min(replies, key=lambda message: message.params[5]), "H")
    expect(end, "315", "otherNick", "*", ANY)


@MASKS
@pytest.mark.parametrize("away", [False, True], ids=["here", "away"])
@pytest.mark.parametrize("oper", [False, True], ids=["user", "oper"])
def test_a_user_is_found_by_nick(staffed, mask, away, oper):
    client, other = cool(staffed)
    if oper:
        client.ask("OPER operuser operpassword")
    if away:
        client.ask("AWAY :be right back")
    other.collect()
    reply, end = other.ask(f"WHO {mask}")
    check(reply, ("G" if away else "H") + ("*" if oper else ""))
    expect(end, "315", "otherNick", Fold(mask), ANY)


@pytest.mark.parametrize("mask", ["#chan", "#CHAN"], ids=["exact", "folded"])
def test_the_members_of_a_channel_are_found(staffed, mask):
    client, other = cool(staffed)
    client.ask("OPER operuser operpassword", "AWAY :be right back")
    other.collect()
    *replies, end = other.ask(f"WHO {mask}")
    first, second = sorted(replies, key=lambda message: message.params[5])
    server = end.source
    params = ["#chan", USERNAME, HOST, server, "coolNick", "G*@", Re("[0-9]+ My UniqueReal Name")]
    expect(first, "352", "otherNick", *params)
    expect(second, "352", "otherNick", "#chan", ANY, ANY, server, "otherNick", "H", Re("[0-9]+ .*"))
    expect(end, "315", "otherNick", Fold(mask), ANY)


def test_a_channel_is_answered_for_by_its_own_name(server):
    client, other = cool(server)
    client.join("#otherchan")
    other.join("#otherchan")
    for channel in ("#chan", "#otherchan"):
        *replies, end = other.ask(f"WHO {channel}")
        assert sorted(message.params[5] for message in replies) == ["coolNick", "otherNick"]
        for message in replies:
            expect(message, "352", "otherNick", channel, ANY, ANY, end.source, ANY, ANY, ANY)
        expect(end, "315", "otherNick", channel, ANY)


@pytest.mark.parametrize("mask", ["nobody", "#nowhere"])
def test_who_finds_nothing_ends_all_the_same(irc, mask):
    (end,) = irc("foo").ask(f"WHO {mask}")
    expect(end, "315", "foo", mask, ANY)


def test_the_invisible_are_found_by_who_shares_a_channel_or_knows_the_nick(server):
    client, other = cool(server)
    client.ask("MODE coolNick +i")
    stranger = server.client("stranger")
    assert [message.params[5] for message in stranger.ask("WHO cool*")[:-1]] == []
    assert [message.params[5] for message in other.ask("WHO cool*")[:-1]] == ["coolNick"]
    assert [message.params[5] for message in stranger.ask("WHO coolNick")[:-1]] == ["coolNick"]


@pytest.mark.parametrize("fields", ["tcuihsnfdlaor", "roaldfnshiuct"])
def test_the_fields_come_in_their_own_order(server, fields):
    _, other = cool(server)
    assert "WHOX" in other.isupport
    reply, end = other.ask(f"WHO coolNick %{fields},123")
    expect(
        reply,
        "354",
        "otherNick",
        "123",
        Re(r"#chan|\*"),
        USERNAME,
        ANY,  # IP address
        ANY,  # host
        reply.source,
        "coolNick",
        Re("H@?"),
        ANY,  # hop count
        Re("[0-9]+"),  # seconds idle
        "0",  # account
        ANY,  # level of the operator
        "My UniqueReal Name",
    )
    expect(end, "315", "otherNick", Fold("coolNick"), ANY)


def test_a_token_comes_first(server):
    _, other = cool(server)
    reply, end = other.ask("WHO coolNick %tn,321")
    expect(reply, "354", "otherNick", "321", "coolNick")
    expect(end, "315", "otherNick", Fold("coolNick"), ANY)


@pytest.mark.parametrize("authenticated", [True, False])
def test_the_account_is_told(server, authenticated):
    account = make_account(server, "coolAcct") if authenticated else None
    _, other = cool(server, account)
    reply, end = other.ask("WHO coolNick %na")
    expect(reply, "354", "otherNick", "coolNick", "coolAcct" if authenticated else "0")
    expect(end, "315", "otherNick", Fold("coolNick"), ANY)


def test_the_members_of_a_channel_with_fields(server):
    _, other = cool(server)
    *replies, end = other.ask("WHO #chan %tcuhnf,743")
    assert len(replies) == 2
    for reply in replies:
        expect(reply, "354", "otherNick", "743", "#chan", ANY, HOST, ANY, Re(re.escape("H") + "@?"))
    expect(end, "315", "otherNick", "#chan", ANY)
