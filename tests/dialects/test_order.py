"""Keeping order, as people and programs tell it and hear of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evchat.dialects import phrases
from evchat.dialects.json import full as json_full
from evchat.dialects.json import plain as json_plain
from evchat.dialects.json.requests import read_request
from evchat.dialects.text.dialect import TextDialect
from evchat.protocol import events as e
from evchat.protocol import requests as r
from evchat.protocol.lines import parse_line
from evchat.protocol.modes import Change
from tests.dialects.samples import AT

BAN = e.Listing("mallory!*@*", "bob", AT)
BANISHED = (
    e.Banishment("192.0.2.0/24", "bob", AT, 0, "spam"),
    e.Banishment("mallory", "bob", AT, AT + 3_600_000, ""),
)


def full(event: e.Event) -> list[dict[str, Any]]:
    return [json.loads(line) for line in json_full.encode(event).splitlines()]


def plain(event: e.Event) -> list[str]:
    return [json.loads(line)["content"] for line in json_plain.encode(event).splitlines()]


def seen(event: e.Event) -> list[str]:
    return TextDialect().encode(event).decode().splitlines()


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("/mode", r.Mode()),
        ("/mode +k-v key bob", r.Mode("+k-v key bob")),
        ("/mode #tea +m", r.Mode("+m", "#tea")),
        ("/op bob", r.Grant("bob", "o")),
        ("/deop #tea bob", r.Grant("bob", "o", False, "#tea")),
        ("/voice bob", r.Grant("bob", "v")),
        ("/devoice bob", r.Grant("bob", "v", False)),
        ("/ban #tea *!*@x", r.Ban("*!*@x", True, "#tea")),
        ("/unban bob", r.Ban("bob", False)),
        ("/bans", r.Ban()),
        ("/bans #tea", r.Ban(to="#tea")),
        ("/kick bob no more tea", r.Kick("bob", "no more tea")),
        ("/kick #tea bob", r.Kick("bob", to="#tea")),
        ("/invite bob #tea", r.Invite("bob", "#tea")),
        ("/join #tea sesame", r.Join(("#tea",), keys=("sesame",))),
        ("/oper root my secret", r.Oper("root", "my secret")),
        ("/kill bob spam", r.Kill("bob", "spam")),
        ("/wallops at noon", r.Wallops("at noon")),
        ("/banish 192.0.2.0/24 60 spam", r.Banish("192.0.2.0/24", 60, "spam")),
        ("/banish bob spam", r.Banish("bob", 0, "spam")),
        ("/pardon bob", r.Pardon("bob")),
        ("/banished", r.Banished()),
        ("/audit 5", r.Audit(5)),
    ],
)
def test_what_a_person_types(line: str, request_: r.Request) -> None:
    assert parse_line(line) == request_


@pytest.mark.parametrize("line", ["/unban", "/ban", "/kick", "/op #tea", "/oper root", "/banish", "/kill"])
def test_what_a_person_must_not_leave_out(line: str) -> None:
    request = parse_line(line)
    assert isinstance(request, r.Malformed) and request.code == "usage"


@pytest.mark.parametrize(
    ("value", "request_"),
    [
        ({"request": "mode", "to": "#tea"}, r.Mode(to="#tea")),
        ({"request": "mode", "to": "#tea", "content": "+m"}, r.Mode("+m", "#tea")),
        ({"request": "voice", "content": "bob"}, r.Grant("bob", "v")),
        ({"request": "bans"}, r.Ban()),
        ({"request": "kick", "content": "bob", "reason": "x", "to": "#tea"}, r.Kick("bob", "x", "#tea")),
        ({"request": "join", "content": "#a,#b", "keys": ["", "k"]}, r.Join(("#a", "#b"), keys=("k",))),
        ({"request": "oper", "content": "root", "password": "x"}, r.Oper("root", "x")),
        ({"request": "banish", "content": "bob", "minutes": 5}, r.Banish("bob", 5)),
    ],
)
def test_what_a_program_sends(value: dict[str, Any], request_: r.Request) -> None:
    assert read_request(value) == request_


def test_a_wrong_key_or_password_is_not_repeated() -> None:
    for value in (
        {"request": "join", "content": "#a", "keys": 5117},
        {"request": "oper", "content": "x", "password": 5117},
    ):
        request = read_request(value)
        assert isinstance(request, r.Malformed) and "5117" not in request.reason


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (
            e.ModesChanged(AT, "#tea", "bob", (Change(True, "m"), Change(False, "k", "x"), Change(True, "o", "al"))),
            ["10:15 * bob changed the modes of #tea: +moderated, -key, +operator al"],
        ),
        (e.Kicked(AT, "carol", "#tea", "bob"), ["10:15 * bob put carol out of #tea."]),
        (e.Kicked(AT, "carol", "#tea", "bob", "spam."), ["10:15 * bob put carol out of #tea (spam)."]),
        (e.Invited(AT, "you", "#tea", "bob"), ["10:15 * bob invites you to #tea. /join #tea brings you there."]),
        (e.InviteTold(AT, "al", "#tea", "bob"), ["10:15 * bob invited al to #tea."]),
        (e.Walloped(AT, "bob", "noon"), ["10:15 * (operators) bob: noon"]),
        (e.ModesTold(AT, None, "#tea", (), 0), ["10:15 * #tea has no modes."]),
        (
            e.ModesTold(AT, None, "#tea", (Change(True, "n"), Change(True, "l", "5")), 0),
            ["10:15 * The modes of #tea are: +members-only, +limit 5"],
        ),
        (e.ModeListed(AT, None, "#tea", "e", ()), ["10:15 * The list exception of #tea is empty."]),
        (e.ModeListed(AT, None, "#tea", "b", (BAN,)), ["10:15 * mallory!*@*   by bob   10:15"]),
        (e.InviteSent(AT, None, "al", "#tea", "out"), ["10:15 * al is invited to #tea.", "10:15 * al is away: out"]),
        (e.OperatorMade(AT, None, "root"), ["10:15 * You are an operator of the server now."]),
        (e.BanishedListed(AT, None, ()), ["10:15 * Nobody is banned from the server."]),
        (
            e.BanishedListed(AT, None, BANISHED),
            ["10:15 * 192.0.2.0/24   by bob   for good     spam", "10:15 * mallory        by bob   for 60 min"],
        ),
        (e.ActsTold(AT, None, ()), ["10:15 * The operators have done nothing yet."]),
        (
            e.ActsTold(AT, None, (e.Act(AT, "root", "kill", "bob", "spam"),)),
            ["10:15 * 10:15   root   kill   bob   spam"],
        ),
        (
            e.NamesListed(AT, None, "#tea", ("a", "b", "c"), (e.Member("a", "ov"), e.Member("b", "v"), e.Member("c"))),
            ["10:15 * #tea: @a, +b, c"],
        ),
    ],
)  # fmt: skip
def test_what_a_person_sees(event: e.Event, lines: list[str]) -> None:
    assert seen(event) == lines
    assert phrases.sentences(event) or phrases.table(event)


def test_the_text_of_a_stranger_is_made_harmless() -> None:
    for event in (
        e.Kicked(AT, "a", "#tea", "b", "\x1b[2J"),
        e.Walloped(AT, "a", "x\ny"),
        e.BanishedListed(AT, None, (e.Banishment("\x1b", "b", AT, 0, "\n"),)),
        e.ActsTold(AT, None, (e.Act(AT, "\x1b", "a", "b", "\r\n"),)),
    ):
        assert len(seen(event)) == 1 and "\x1b" not in seen(event)[0]


def test_plain_clients_hear_names_without_signs_and_lists_packed() -> None:
    listed = e.NamesListed(AT, None, "#tea", ("a", "b"), (e.Member("a", "o"), e.Member("b")))
    assert plain(listed) == ["a, b"]
    assert plain(e.BanishedListed(AT, None, BANISHED))[0].startswith(
        "192.0.2.0/24 by bob for good spam; mallory"
    )
    assert plain(e.Kicked(AT, "carol", "#tea", "bob")) == ["bob put carol out of #tea."]


def test_full_clients_hear_every_fact_as_a_key() -> None:
    (told,) = full(e.ModesChanged(AT, "#tea", "bob", (Change(True, "b", "x!*@*"),)))
    assert (told["response"], told["sender"], told["to"], told["content"]) == (
        "moded",
        "bob",
        "#tea",
        "+b x!*@*",
    )
    assert told["changes"] == [{"mode": "ban", "letter": "b", "on": True, "value": "x!*@*"}]
    (told,) = full(e.Failed(AT, "1", "banned", "No.", "#tea"))
    assert told["about"] == "#tea"
    entered = e.Entered(
        AT,
        None,
        "al",
        "#tea",
        "",
        "",
        0,
        ("al", "bob"),
        1,
        0,
        members=(e.Member("al"), e.Member("bob", "ov")),
    )
    names = full(entered)[-1]
    assert (names["content"], names["operators"], names["voiced"]) == (["al", "bob"], ["bob"], ["bob"])
