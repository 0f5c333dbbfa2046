"""Who may do what: every request there is, as everybody, in a channel that all may know of and in a secret one."""

from __future__ import annotations

import pytest

from evchat.protocol import catalog
from evchat.protocol.administration import GetStatus, ListAccounts
from evchat.protocol.authentication import (
    AddAccount,
    Authenticate,
    ChangePassword,
    Pass,
    Register,
    ResetPassword,
    Scram,
    Unregister,
)
from evchat.protocol.bans import Ban, Mute
from evchat.protocol.base import Request
from evchat.protocol.basics import Failed, Hello, Help, Malformed, Ping, Pong, ReplyLocally
from evchat.protocol.certificates import AuthenticateByCertificate, ManageCertificates
from evchat.protocol.channels import Join, ListChannels, ListNames, Part, Rejoin, Topic
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.editing import Edit
from evchat.protocol.history import GetHistory, GetInbox, ListConversations, ListDirects, Search
from evchat.protocol.invitation_codes import (
    ListInvitationCodes,
    MakeInvitationCode,
    RevokeInvitationCode,
)
from evchat.protocol.login import ChangeNick, Introduce, Login, Logout, Quit
from evchat.protocol.membership import Invite, Kick
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.metadata import ClearMetadata, GetMetadata, SetMetadata, SubscribeMetadata
from evchat.protocol.modes import ChannelMode, GrantRole
from evchat.protocol.monitor import ListMonitored, Monitor
from evchat.protocol.operators import Kill, ListAudit, Oper, OperGranted, Wallops
from evchat.protocol.people import (
    Block,
    FindUsers,
    GetCounts,
    ListBlocked,
    LookUpUsers,
    PeopleFound,
    SetAway,
    Who,
    WhoIs,
    WhoLast,
    WhoWas,
)
from evchat.protocol.pins import ListPins, Pin, Unpin
from evchat.protocol.read_markers import GetReadMarker, ReadMarkerTold, SetReadMarker
from evchat.protocol.redaction import Redact
from evchat.protocol.retention import Erase, EraseUser, Export, SetRetention
from evchat.protocol.server_bans import BanFromServer, ListServerBans, UnbanFromServer
from evchat.protocol.typed_lines import Greet, TypedLine
from evchat.protocol.user_settings import SetRealname, UserMode
from tests.cheap_passwords import cheap_secret
from tests.core.playbook import Disk, Playbook, check_invariants, snapshot

ROLES = ("stranger", "outsider", "shunned", "member", "banned", "voiced", "keeper", "root", "insider")
"""Not logged in; not in #den; not in it and banned there; in it; in it and banned since; with a voice; an operator of
it; an operator of the server outside and one inside."""

OUTSIDE = ("outsider", "shunned")


def world(flags: str, disk: Disk | None = None) -> Playbook:
    """#den with people of every role, `victim` in it and `prey` outside. The victim has said something there."""
    secret = cheap_secret("secret")
    play = Playbook(disk=disk, operators=(("root", secret),))
    play.connect("stranger")
    play.enter(*ROLES[1:], "victim", "prey")
    for who in ("keeper", "member", "banned", "voiced", "victim", "insider"):
        play.ask(who, Join(("#den",)))
    play.ask("victim", SendMessage("hello", "#den"))
    play.ask("victim", SendMessage("psst", "prey"))
    play.ask("keeper", ChannelMode("+vbb voiced banned shunned", "#den"))
    if flags:
        play.ask("keeper", ChannelMode(flags, "#den"))
    for who in ("root", "insider"):
        play.tell(who, Oper("root", "secret"), OperGranted)
    play.forget()
    return play


def outcome(who: str, request: Request, flags: str = "") -> str:
    """The code with which a request is refused, or what else it comes to; a refused one changes nothing."""
    play = world(flags)
    before = snapshot(play.chat)
    answers = play.ask(who, request)
    check_invariants(play.chat)
    codes = [event.code for event in answers if isinstance(event, Failed)]
    if codes:
        after = snapshot(play.chat)
        for state in (before, after):
            del state["wrong"], state["heads"]
        assert after == before
    return codes[0] if codes else "ok"


C = "#den"
TYPES = (("+typing", "active"),)
N, OK = "not-logged-in", "ok"
NO_CTCP = "no-ctcp"
OUT, NONE, NOT_OP, MUTE, NOT = (
    "not-in-channel", "no-such-channel", "not-operator", "moderated", "not-allowed",
)  # fmt: skip

# Outcomes in the order of ROLES: one, or those of the stranger and of everybody else, or all.
ANYBODY: tuple[str, ...] = (OK,)
USERS: tuple[str, ...] = (N, OK)
OPERATORS = (N, NOT, NOT, NOT, NOT, NOT, NOT, OK, OK)
KEEPERS = (N, OUT, OUT, NOT_OP, NOT_OP, NOT_OP, OK, OK, OK)
MEMBERS = (N, OUT, OUT, OK, OK, OK, OK, OUT, OK)
MEMBERS_AND_OPERATORS = (N, OUT, OUT, OK, OK, OK, OK, OK, OK)
SPEAKERS = (N, OUT, OUT, OK, MUTE, OK, OK, OUT, OK)

EXPECTED: list[tuple[Request, tuple[str, ...]]] = [
    (SendMessage("hi", C), SPEAKERS),
    (SendMessage("hi", C, notice=True), SPEAKERS),
    (SendMessage("hi", C, True), SPEAKERS),
    (SendMessage("hi", C, role="o"), SPEAKERS),
    (SendTagMessage(C, TYPES), SPEAKERS),
    (SendMessage("hi", "prey"), USERS),
    (SendTagMessage("prey", TYPES), USERS),
    (Announce("hi"), (N, OK, OK, OK, MUTE, OK, OK, OK, OK)),
    (Announce("hi", ("prey",)), (N, OK, OK, OK, MUTE, OK, OK, OK, OK)),
    (Join((C,)), (N, OK, "banned", OK, OK, OK, OK, OK, OK)),
    (Part((C,)), MEMBERS),
    (Rejoin(), (N, "not-registered")),
    (ListNames(C), USERS),
    (GetHistory(C), MEMBERS),
    (GetReadMarker(C), USERS),
    (SetReadMarker(C, 1), MEMBERS),
    (Search("hello", C), MEMBERS),
    (Redact(C, 1), (N, OUT, OUT, NOT, NOT, NOT, OK, OK, OK)),
    (Edit(C, 1, "other"), (N, OUT, OUT, NOT, MUTE, NOT, NOT, OUT, NOT)),
    (Pin(1, C), KEEPERS),
    (Unpin(1, C), (*KEEPERS[:6], "no-such-message", "no-such-message", "no-such-message")),
    (ListPins(C), MEMBERS_AND_OPERATORS),
    (GetMetadata(C), USERS),
    (SetMetadata("url", "x", C), (N, *(NOT_OP,) * 5, OK, OK, OK)),
    (ClearMetadata(C), (N, *(NOT_OP,) * 5, OK, OK, OK)),
    (SubscribeMetadata(("url",)), USERS),
    (Topic(None, C), USERS),
    (Topic("x", C), (N, OUT, OUT, OK, MUTE, OK, OK, OK, OK)),
    (ChannelMode(None, C), USERS),
    (ChannelMode("beI", C), USERS),
    (ChannelMode("+t", C), KEEPERS),
    (ChannelMode("-o keeper", C), KEEPERS),
    (GrantRole("victim", "o", True, C), KEEPERS),
    (GrantRole("voiced", "v", False, C), KEEPERS),
    (Ban(None, True, C), USERS),
    (Ban("x", True, C), KEEPERS),
    (Ban("banned", False, C), KEEPERS),
    (Mute("victim", 5, True, C), KEEPERS),
    (Mute("victim", 0, False, C), KEEPERS),
    (Kick("victim", "", C), KEEPERS),
    (Invite("prey", C), (N, OUT, OUT, OK, OK, OK, OK, OK, OK)),
    (Oper("root", "guess"), (N, "wrong-password")),
    (Kill("prey"), OPERATORS),
    (Wallops("x"), OPERATORS),
    (BanFromServer("prey"), OPERATORS),
    (UnbanFromServer("prey"), (*OPERATORS[:7], "not-banished", "not-banished")),
    (ListServerBans(), OPERATORS),
    (ListAudit(), OPERATORS),
    (GetStatus(), OPERATORS),
    (ListAccounts(), OPERATORS),
    (SetRetention(5, C), (N, OUT, OUT, *(NOT,) * 6)),
    (Erase("x"), (N, "not-registered")),
    (Export(), (N, "not-registered")),
    (EraseUser("prey"), OPERATORS),
    (MakeInvitationCode(), OPERATORS),
    (ListInvitationCodes(), OPERATORS),
    (RevokeInvitationCode("x"), (*OPERATORS[:7], "invite-unknown", "invite-unknown")),
    (UserMode("+i"), USERS),
    (UserMode("+o"), USERS),  # nobody becomes an operator like this
    (UserMode("+i", "victim"), (N, NOT)),
    (ListChannels(), USERS),
    (FindUsers(C), USERS),
    (FindUsers("*"), USERS),
    (Who(), USERS),
    (WhoIs("victim"), USERS),
    (WhoLast(5), USERS),
    (WhoWas("x"), USERS),
    (LookUpUsers(("victim",)), USERS),
    (Monitor(("victim",)), USERS),
    (ListMonitored(), USERS),
    (GetCounts(), USERS),
    (ListConversations(0, 2**50, 5), USERS),
    (GetInbox(), USERS),
    (ListDirects(), USERS),
    (Block("victim"), USERS),
    (ListBlocked(), USERS),
    (SetAway("x"), USERS),
    (SetRealname("x"), USERS),
    (ChangeNick("fresh"), (N, OK, OK, OK, "banned", OK, OK, OK, OK)),
    (Register("secret"), USERS),
    (ChangePassword("x", "secret"), (N, "not-registered")),
    (Unregister("x"), (N, "not-registered")),
    (ResetPassword("victim", "secret"), (*OPERATORS[:7], "not-registered", "not-registered")),
    (AddAccount("somebody", "secret"), OPERATORS),
    (Logout(), USERS),
    (Quit(), ANYBODY),
    (Help(), ANYBODY),
    (Ping(), ANYBODY),
    (Pong(), ANYBODY),
    (Greet(), ANYBODY),
    (ReplyLocally(1), ANYBODY),
    (TypedLine("fresh"), ANYBODY),
    (Malformed("No."), ("bad-request",)),
    (Hello(), (OK, "bad-request")),
    (Login("fresh"), (OK, "already-logged-in")),
    (Pass("x"), ("bad-request", "already-logged-in")),
    (Introduce("x"), (OK, "already-logged-in")),
    (Authenticate("victim", "x"), (N, "wrong-password")),
    (AuthenticateByCertificate("victim", ""), (N, "wrong-password")),
    (AuthenticateByCertificate("victim", "0" * 64), (N, "wrong-password")),
    (ManageCertificates(), (N, "not-registered")),
    (Scram(1, "n,,n=victim,r=x"), (N, "wrong-password")),
]

SECRET = (
    ListNames,
    Topic,
    Pin,
    Unpin,
    ListPins,
    ChannelMode,
    GrantRole,
    Ban,
    Mute,
    Kick,
    Invite,
    Redact,
    GetMetadata,
    SetMetadata,
    ClearMetadata,
    SetRetention,
)
"""What whoever is outside a secret channel is told about it: that there is none."""

UNDER: list[tuple[str, Request, tuple[str, ...]]] = [
    ("+m", SendMessage("hi", C), (N, OUT, OUT, MUTE, MUTE, OK, OK, OUT, MUTE)),
    ("+m", SendTagMessage(C, TYPES), (N, OUT, OUT, MUTE, MUTE, OK, OK, OUT, MUTE)),
    ("+m", Topic("x", C), (N, OUT, OUT, MUTE, MUTE, OK, OK, OK, OK)),
    ("+m", Announce("hi"), (N, OK, OK, MUTE, MUTE, OK, OK, OK, OK)),
    ("+m", ChangeNick("fresh"), (N, OK, OK, OK, "banned", OK, OK, OK, OK)),
    ("-n", SendMessage("hi", C), (N, OK, MUTE, OK, MUTE, OK, OK, OK, OK)),
    ("-n", SendTagMessage(C, TYPES), (N, OK, MUTE, OK, MUTE, OK, OK, OK, OK)),
    ("-n", GetHistory(C), MEMBERS),
    ("+m-n", SendMessage("hi", C), (N, MUTE, MUTE, MUTE, MUTE, OK, OK, MUTE, MUTE)),
    ("+t", Topic("x", C), KEEPERS),
    ("+i", Invite("prey", C), KEEPERS),
    ("+i", Join((C,)), (N, "invite-only", "banned", OK, OK, OK, OK, "invite-only", OK)),
    ("+k word", Join((C,)), (N, "wrong-key", "banned", OK, OK, OK, OK, "wrong-key", OK)),
    ("+C", SendMessage("\x01VERSION\x01", C), (N, OUT, OUT, NO_CTCP, MUTE, NO_CTCP, NO_CTCP, OUT, NO_CTCP)),
    ("+C", SendTagMessage(C, (), "", "\x01VERSION\x01"), (N, OUT, OUT, NO_CTCP, MUTE, NO_CTCP, NO_CTCP, OUT, NO_CTCP)),
]  # fmt: skip
"""What modes change: the flags that are set, a request, and its outcomes."""


def spread(outcomes: tuple[str, ...]) -> dict[str, str]:
    """The outcomes by role."""
    if len(outcomes) < len(ROLES):
        outcomes = (outcomes[0],) + (outcomes[-1],) * (len(ROLES) - 1)
    return dict(zip(ROLES, outcomes, strict=True))


def test_every_request_there_is_is_in_the_table() -> None:
    kinds = set(catalog.REQUESTS)
    assert {type(request) for request, _ in EXPECTED} == kinds


@pytest.mark.parametrize(("request_", "outcomes"), EXPECTED, ids=repr)
def test_who_may_do_what(request_: Request, outcomes: tuple[str, ...]) -> None:
    assert {who: outcome(who, request_) for who in ROLES} == spread(outcomes)


@pytest.mark.parametrize(("request_", "outcomes"), EXPECTED, ids=repr)
def test_who_may_do_what_about_a_secret_channel(request_: Request, outcomes: tuple[str, ...]) -> None:
    expected = spread(outcomes)
    if isinstance(request_, SECRET):
        expected |= dict.fromkeys(OUTSIDE, NONE)
    assert {who: outcome(who, request_, "+s") for who in ROLES} == expected


@pytest.mark.parametrize(("flags", "request_", "outcomes"), UNDER, ids=repr)
def test_what_modes_change(flags: str, request_: Request, outcomes: tuple[str, ...]) -> None:
    assert {who: outcome(who, request_, flags) for who in ROLES} == spread(outcomes)


@pytest.mark.parametrize("who", OUTSIDE)
@pytest.mark.parametrize(("request_", "outcomes"), EXPECTED, ids=repr)
def test_nothing_tells_of_a_secret_channel(request_: Request, outcomes: tuple[str, ...], who: str) -> None:
    """But what one writes oneself, and its members once one is in."""
    play = world("+s")
    for event in play.ask(who, request_):
        if isinstance(event, PeopleFound):
            assert event.mask != C or event.people == ()
        elif isinstance(event, ReadMarkerTold):
            assert event == ReadMarkerTold(play.now, None, C, 0, 0), (
                "the same as of a channel that there is not"
            )
        elif not isinstance(event, Failed) and not isinstance(request_, Join):
            assert C not in repr(event), event


@pytest.mark.parametrize("who", OUTSIDE)
def test_what_happens_in_a_secret_channel_is_not_heard_outside(who: str) -> None:
    play = world("+s")
    play.ask("prey", ChangeNick("spy"))
    for request in (
        SendMessage("hi", C),
        Topic("x", C),
        ChannelMode("+t", C),
        Kick("member", "", C),
        Invite("prey", C),
    ):
        play.ask("keeper", request)
    play.ask("victim", Part((C,)))
    play.leave("voiced")
    assert not [event for event in play.hears(who) if C in repr(event)]


def test_a_ban_from_the_server_is_for_nobody_else_to_set() -> None:
    """However a request is written: no role in a channel makes an operator of the server."""
    play = world("")
    for who in ROLES[1:7]:
        for request in (BanFromServer("prey"), Kill("prey"), UserMode("+o"), Oper("root", "")):
            play.ask(who, request)
        assert not play.chat.state.users[who].operator
    assert {user.key for user in play.chat.state.operators} == {"root", "insider"}
    assert play.chat.state.server_bans == {} and not play.hung_up
