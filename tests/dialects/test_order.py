"""Keeping order, as people and programs tell it and hear of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evchat.dialects import sentences
from evchat.dialects.json import full as json_full
from evchat.dialects.json import plain as json_plain
from evchat.dialects.json.requests import read_request
from evchat.dialects.text.dialect import TextDialect
from evchat.protocol.authentication import ChangePassword, ResetPassword, Unregister
from evchat.protocol.bans import Ban
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Failed, Malformed
from evchat.protocol.channels import Entered, Join, Member, NamesListed
from evchat.protocol.lines import parse_line
from evchat.protocol.membership import Invite, Invited, InviteSent, InviteTold, Kick, Kicked
from evchat.protocol.modes import (
    Change,
    ChannelMode,
    GrantRole,
    ListEntry,
    ModeListed,
    ModesChanged,
    ModesTold,
)
from evchat.protocol.operators import (
    AuditEntry,
    AuditListed,
    Kill,
    ListAudit,
    Oper,
    OperGranted,
    Walloped,
    Wallops,
)
from evchat.protocol.server_bans import (
    BanFromServer,
    ListServerBans,
    ServerBan,
    ServerBansListed,
    UnbanFromServer,
)
from tests.dialects.samples import AT

BAN = ListEntry("mallory!*@*", "bob", AT)
BANISHED = (
    ServerBan("192.0.2.0/24", "bob", AT, 0, "spam"),
    ServerBan("mallory", "bob", AT, AT + 3_600_000, ""),
)


def full(event: Event) -> list[dict[str, Any]]:
    return [json.loads(line) for line in json_full.encode(event).splitlines()]


def plain(event: Event) -> list[str]:
    return [json.loads(line)["content"] for line in json_plain.encode(event).splitlines()]


def seen(event: Event) -> list[str]:
    return TextDialect().encode(event).decode().splitlines()


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("/mode", ChannelMode()),
        ("/mode +k-v key bob", ChannelMode("+k-v key bob")),
        ("/mode #tea +m", ChannelMode("+m", "#tea")),
        ("/op bob", GrantRole("bob", "o")),
        ("/deop #tea bob", GrantRole("bob", "o", False, "#tea")),
        ("/voice bob", GrantRole("bob", "v")),
        ("/devoice bob", GrantRole("bob", "v", False)),
        ("/ban #tea *!*@x", Ban("*!*@x", True, "#tea")),
        ("/unban bob", Ban("bob", False)),
        ("/bans", Ban()),
        ("/bans #tea", Ban(to="#tea")),
        ("/kick bob no more tea", Kick("bob", "no more tea")),
        ("/kick #tea bob", Kick("bob", to="#tea")),
        ("/invite bob #tea", Invite("bob", "#tea")),
        ("/join #tea sesame", Join(("#tea",), keys=("sesame",))),
        ("/oper root my secret", Oper("root", "my secret")),
        ("/password old a new one", ChangePassword("old", "a new one")),
        ("/unregister my secret", Unregister("my secret")),
        ("/resetpassword bob a new one", ResetPassword("bob", "a new one")),
        ("/kill bob spam", Kill("bob", "spam")),
        ("/wallops at noon", Wallops("at noon")),
        ("/banish 192.0.2.0/24 60 spam", BanFromServer("192.0.2.0/24", 60, "spam")),
        ("/banish bob spam", BanFromServer("bob", 0, "spam")),
        ("/pardon bob", UnbanFromServer("bob")),
        ("/banished", ListServerBans()),
        ("/audit 5", ListAudit(5)),
    ],
)
def test_what_a_person_types(line: str, request_: Request) -> None:
    assert parse_line(line) == request_


@pytest.mark.parametrize(
    "line", ["/unban", "/ban", "/kick", "/op #tea", "/oper root", "/banish", "/kill", "/password a"]
)
def test_what_a_person_must_not_leave_out(line: str) -> None:
    request = parse_line(line)
    assert isinstance(request, Malformed) and request.code == "usage"


@pytest.mark.parametrize(
    ("value", "request_"),
    [
        ({"request": "mode", "to": "#tea"}, ChannelMode(to="#tea")),
        ({"request": "mode", "to": "#tea", "content": "+m"}, ChannelMode("+m", "#tea")),
        ({"request": "voice", "content": "bob"}, GrantRole("bob", "v")),
        ({"request": "bans"}, Ban()),
        ({"request": "kick", "content": "bob", "reason": "x", "to": "#tea"}, Kick("bob", "x", "#tea")),
        ({"request": "join", "content": "#a,#b", "keys": ["", "k"]}, Join(("#a", "#b"), keys=("k",))),
        ({"request": "oper", "content": "root", "password": "x"}, Oper("root", "x")),
        ({"request": "password", "old": "x", "password": "y"}, ChangePassword("x", "y")),
        ({"request": "unregister", "password": "x"}, Unregister("x")),
        ({"request": "resetpassword", "content": "bob", "password": "y"}, ResetPassword("bob", "y")),
        ({"request": "banish", "content": "bob", "minutes": 5}, BanFromServer("bob", 5)),
    ],
)
def test_what_a_program_sends(value: dict[str, Any], request_: Request) -> None:
    assert read_request(value) == request_


def test_a_wrong_key_or_password_is_not_repeated() -> None:
    for value in (
        {"request": "join", "content": "#a", "keys": 5117},
        {"request": "oper", "content": "x", "password": 5117},
    ):
        request = read_request(value)
        assert isinstance(request, Malformed) and "5117" not in request.reason


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (
            ModesChanged(AT, "#tea", "bob", (Change(True, "m"), Change(False, "k", "x"), Change(True, "o", "al"))),
            ["10:15 * bob changed the modes of #tea: +moderated, -key, +operator al"],
        ),
        (Kicked(AT, "carol", "#tea", "bob"), ["10:15 * bob kicked carol from #tea."]),
        (Kicked(AT, "carol", "#tea", "bob", "spam."), ["10:15 * bob kicked carol from #tea (spam)."]),
        (Invited(AT, "you", "#tea", "bob"), ["10:15 * bob invites you to #tea. Join with /join #tea."]),
        (InviteTold(AT, "al", "#tea", "bob"), ["10:15 * bob invited al to #tea."]),
        (Walloped(AT, "bob", "noon"), ["10:15 * (operators) bob: noon"]),
        (ModesTold(AT, None, "#tea", (), 0), ["10:15 * #tea has no modes."]),
        (
            ModesTold(AT, None, "#tea", (Change(True, "n"), Change(True, "l", "5")), 0),
            ["10:15 * The modes of #tea are: +members-only, +limit 5"],
        ),
        (ModeListed(AT, None, "#tea", "e", ()), ["10:15 * The exception list of #tea is empty."]),
        (
            ModeListed(AT, None, "#tea", "b", (BAN,)),
            [
                "10:15 * The ban list of #tea",
                "10:15 * MASK         KIND    SET BY  SET",
                "10:15 * mallory!*@*  banned  bob     10:15",
            ],
        ),
        (InviteSent(AT, None, "al", "#tea", "out"), ["10:15 * al is invited to #tea.", "10:15 * al is away: out"]),
        (OperGranted(AT, None, "root"), ["10:15 * You are now a server operator."]),
        (ServerBansListed(AT, None, ()), ["10:15 * Nobody is banned from the server."]),
        (
            ServerBansListed(AT, None, BANISHED),
            [
                "10:15 * 2 server bans",
                "10:15 * BANNED        BY   SET    ENDS   REASON",
                "10:15 * 192.0.2.0/24  bob  10:15         spam",
                "10:15 * mallory       bob  10:15  11:15",
            ],
        ),
        (AuditListed(AT, None, ()), ["10:15 * The audit log is empty."]),
        (
            AuditListed(AT, None, (AuditEntry(AT, "root", "kill", "bob", "spam"),)),
            [
                "10:15 * Latest actions of server operators",
                "10:15 * WHEN   OPERATOR  ACTION  TARGET  DETAILS",
                "10:15 * 10:15  root      kill    bob     spam",
            ],
        ),
        (
            NamesListed(AT, None, "#tea", ("a", "b", "c"), (Member("a", "ov"), Member("b", "v"), Member("c"))),
            ["10:15 * #tea: @a, +b, c"],
        ),
    ],
)  # fmt: skip
def test_what_a_person_sees(event: Event, lines: list[str]) -> None:
    assert seen(event) == lines
    assert sentences.sentences(event) or sentences.table(event)


def test_the_text_of_a_stranger_is_made_harmless() -> None:
    for event in (
        Kicked(AT, "a", "#tea", "b", "\x1b[2J"),
        Walloped(AT, "a", "x\ny"),
        ServerBansListed(AT, None, (ServerBan("\x1b", "b", AT, 0, "\n"),)),
        AuditListed(AT, None, (AuditEntry(AT, "\x1b", "a", "b", "\r\n"),)),
    ):
        lines = seen(event)
        rows = (
            lines[2:] if isinstance(event, ServerBansListed | AuditListed) else lines
        )  # below title and heads
        assert len(rows) == 1 and "\x1b" not in "".join(lines)


def test_plain_clients_hear_names_without_signs_and_lists_packed() -> None:
    listed = NamesListed(AT, None, "#tea", ("a", "b"), (Member("a", "o"), Member("b")))
    assert plain(listed) == ["a, b"]
    assert plain(ServerBansListed(AT, None, BANISHED))[0].startswith(
        "192.0.2.0/24, by bob, set 10:15, spam; mallory"
    )
    assert plain(Kicked(AT, "carol", "#tea", "bob")) == ["bob kicked carol from #tea."]


def test_full_clients_hear_every_fact_as_a_key() -> None:
    (told,) = full(ModesChanged(AT, "#tea", "bob", (Change(True, "b", "x!*@*"),)))
    assert (told["response"], told["sender"], told["to"], told["content"]) == (
        "moded",
        "bob",
        "#tea",
        "+b x!*@*",
    )
    assert told["changes"] == [{"mode": "ban", "letter": "b", "on": True, "value": "x!*@*"}]
    (told,) = full(Failed(AT, "1", "banned", "No.", "#tea"))
    assert told["about"] == "#tea"
    entered = Entered(
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
        members=(Member("al"), Member("bob", "ov")),
    )
    names = full(entered)[-1]
    assert (names["content"], names["operators"], names["voiced"]) == (["al", "bob"], ["bob"], ["bob"])
