"""Who may do what: every request there is, as everybody, in a channel that all may know of and in a secret one."""

from __future__ import annotations

import pytest

from evchat.protocol import events as e
from evchat.protocol import requests as r
from tests.core.playbook import Playbook, cheap_secret, check_invariants, snapshot

ROLES = ("stranger", "outsider", "shunned", "member", "banned", "voiced", "keeper", "root", "insider")
"""Not logged in; not in #den; not in it and banned there; in it; in it and banned since; with a voice; an operator of
it; an operator of the server outside and one inside."""

OUTSIDE = ("outsider", "shunned")


def world(flags: str) -> Playbook:
    """#den with people of every role, `victim` in it and `prey` outside. The victim has said something there."""
    secret = cheap_secret("secret")
    play = Playbook(operators=(("root", secret),))
    play.connect("stranger")
    play.enter(*ROLES[1:], "victim", "prey")
    for who in ("keeper", "member", "banned", "voiced", "victim", "insider"):
        play.ask(who, r.Join(("#den",)))
    play.ask("victim", r.Say("hello", "#den"))
    play.ask("victim", r.Say("psst", "prey"))
    play.ask("keeper", r.Mode("+vbb voiced banned shunned", "#den"))
    if flags:
        play.ask("keeper", r.Mode(flags, "#den"))
    for who in ("root", "insider"):
        play.tell(who, r.Oper("root", "secret"), e.OperatorMade)
    play.forget()
    return play


def outcome(who: str, request: r.Request, flags: str = "") -> str:
    """The code with which a request is refused, or what else it comes to; a refused one changes nothing."""
    play = world(flags)
    before = snapshot(play.chat)
    answers = play.ask(who, request)
    check_invariants(play.chat)
    codes = [event.code for event in answers if isinstance(event, e.Failed)]
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
SPEAKERS = (N, OUT, OUT, OK, MUTE, OK, OK, OUT, OK)

EXPECTED: list[tuple[r.Request, tuple[str, ...]]] = [
    (r.Say("hi", C), SPEAKERS),
    (r.Say("hi", C, notice=True), SPEAKERS),
    (r.Say("hi", C, True), SPEAKERS),
    (r.Say("hi", C, role="o"), SPEAKERS),
    (r.Signal(C, TYPES), SPEAKERS),
    (r.Say("hi", "prey"), USERS),
    (r.Signal("prey", TYPES), USERS),
    (r.Announce("hi"), USERS),
    (r.Join((C,)), (N, OK, "banned", OK, OK, OK, OK, OK, OK)),
    (r.Part((C,)), MEMBERS),
    (r.Names(C), USERS),
    (r.History(C), MEMBERS),
    (r.Mark(C), USERS),
    (r.Read(C, 1), MEMBERS),
    (r.Search("hello", C), MEMBERS),
    (r.Redact(C, 1), (N, OUT, OUT, NOT, NOT, NOT, OK, OK, OK)),
    (r.Topic(None, C), USERS),
    (r.Topic("x", C), (N, OUT, OUT, OK, MUTE, OK, OK, OK, OK)),
    (r.Mode(None, C), USERS),
    (r.Mode("beI", C), USERS),
    (r.Mode("+t", C), KEEPERS),
    (r.Mode("-o keeper", C), KEEPERS),
    (r.Grant("victim", "o", True, C), KEEPERS),
    (r.Grant("voiced", "v", False, C), KEEPERS),
    (r.Ban(None, True, C), USERS),
    (r.Ban("x", True, C), KEEPERS),
    (r.Ban("banned", False, C), KEEPERS),
    (r.Kick("victim", "", C), KEEPERS),
    (r.Invite("prey", C), (N, OUT, OUT, OK, OK, OK, OK, OK, OK)),
    (r.Oper("root", "guess"), (N, "wrong-password")),
    (r.Kill("prey"), OPERATORS),
    (r.Wallops("x"), OPERATORS),
    (r.Banish("prey"), OPERATORS),
    (r.Pardon("prey"), (*OPERATORS[:7], "not-banished", "not-banished")),
    (r.Banished(), OPERATORS),
    (r.Audit(), OPERATORS),
    (r.UserMode("+i"), USERS),
    (r.UserMode("+o"), USERS),  # nobody becomes an operator like this
    (r.UserMode("+i", "victim"), (N, NOT)),
    (r.Channels(), USERS),
    (r.Find(C), USERS),
    (r.Find("*"), USERS),
    (r.Who(), USERS),
    (r.WhoIs("victim"), USERS),
    (r.WhoLast(5), USERS),
    (r.WhoWas("x"), USERS),
    (r.Look(("victim",)), USERS),
    (r.Watch(("victim",)), USERS),
    (r.Watched(), USERS),
    (r.Count(), USERS),
    (r.Conversations(0, 2**50, 5), USERS),
    (r.Inbox(), USERS),
    (r.Directs(), USERS),
    (r.Block("victim"), USERS),
    (r.Blocked(), USERS),
    (r.Away("x"), USERS),
    (r.Realname("x"), USERS),
    (r.Nick("fresh"), USERS),
    (r.Register("secret"), USERS),
    (r.Logout(), USERS),
    (r.Quit(), ANYBODY),
    (r.Help(), ANYBODY),
    (r.Ping(), ANYBODY),
    (r.Pong(), ANYBODY),
    (r.Greet(), ANYBODY),
    (r.Aside(1), ANYBODY),
    (r.Typed("fresh"), ANYBODY),
    (r.Malformed("No."), ("bad-request",)),
    (r.Hello(), (OK, "bad-request")),
    (r.Login("fresh"), (OK, "already-logged-in")),
    (r.Pass("x"), ("bad-request", "already-logged-in")),
    (r.Introduce("x"), (OK, "already-logged-in")),
    (r.Authenticate("victim", "x"), (N, "wrong-password")),
    (r.Scram(1, "n,,n=victim,r=x"), (N, "wrong-password")),
]

SECRET = (r.Names, r.Topic, r.Mode, r.Grant, r.Ban, r.Kick, r.Invite, r.Redact)
"""What whoever is outside a secret channel is told about it: that there is none."""

UNDER: list[tuple[str, r.Request, tuple[str, ...]]] = [
    ("+m", r.Say("hi", C), (N, OUT, OUT, MUTE, MUTE, OK, OK, OUT, MUTE)),
    ("+m", r.Signal(C, TYPES), (N, OUT, OUT, MUTE, MUTE, OK, OK, OUT, MUTE)),
    ("-n", r.Say("hi", C), (N, OK, MUTE, OK, MUTE, OK, OK, OK, OK)),
    ("-n", r.Signal(C, TYPES), (N, OK, MUTE, OK, MUTE, OK, OK, OK, OK)),
    ("-n", r.History(C), MEMBERS),
    ("+m-n", r.Say("hi", C), (N, MUTE, MUTE, MUTE, MUTE, OK, OK, MUTE, MUTE)),
    ("+t", r.Topic("x", C), KEEPERS),
    ("+i", r.Invite("prey", C), KEEPERS),
    ("+i", r.Join((C,)), (N, "invite-only", "banned", OK, OK, OK, OK, "invite-only", OK)),
    ("+k word", r.Join((C,)), (N, "wrong-key", "banned", OK, OK, OK, OK, "wrong-key", OK)),
    ("+C", r.Say("\x01VERSION\x01", C), (N, OUT, OUT, NO_CTCP, MUTE, NO_CTCP, NO_CTCP, OUT, NO_CTCP)),
    ("+C", r.Signal(C, (), "", "\x01VERSION\x01"), (N, OUT, OUT, NO_CTCP, MUTE, NO_CTCP, NO_CTCP, OUT, NO_CTCP)),
]  # fmt: skip
"""What modes change: the flags that are set, a request, and its outcomes."""


def spread(outcomes: tuple[str, ...]) -> dict[str, str]:
    """The outcomes by role."""
    if len(outcomes) < len(ROLES):
        outcomes = (outcomes[0],) + (outcomes[-1],) * (len(ROLES) - 1)
    return dict(zip(ROLES, outcomes, strict=True))


def test_every_request_there_is_is_in_the_table() -> None:
    kinds = {x for x in vars(r).values() if isinstance(x, type) and issubclass(x, r.Request)} - {r.Request}
    assert {type(request) for request, _ in EXPECTED} == kinds


@pytest.mark.parametrize(("request_", "outcomes"), EXPECTED, ids=repr)
def test_who_may_do_what(request_: r.Request, outcomes: tuple[str, ...]) -> None:
    assert {who: outcome(who, request_) for who in ROLES} == spread(outcomes)


@pytest.mark.parametrize(("request_", "outcomes"), EXPECTED, ids=repr)
def test_who_may_do_what_about_a_secret_channel(request_: r.Request, outcomes: tuple[str, ...]) -> None:
    expected = spread(outcomes)
    if isinstance(request_, SECRET):
        expected |= dict.fromkeys(OUTSIDE, NONE)
    assert {who: outcome(who, request_, "+s") for who in ROLES} == expected


@pytest.mark.parametrize(("flags", "request_", "outcomes"), UNDER, ids=repr)
def test_what_modes_change(flags: str, request_: r.Request, outcomes: tuple[str, ...]) -> None:
    assert {who: outcome(who, request_, flags) for who in ROLES} == spread(outcomes)


@pytest.mark.parametrize("who", OUTSIDE)
@pytest.mark.parametrize(("request_", "outcomes"), EXPECTED, ids=repr)
def test_nothing_tells_of_a_secret_channel(request_: r.Request, outcomes: tuple[str, ...], who: str) -> None:
    """But what one writes oneself, and its members once one is in."""
    play = world("+s")
    for event in play.ask(who, request_):
        if isinstance(event, e.PeopleFound):
            assert event.mask != C or event.people == ()
        elif isinstance(event, e.Marked):
            assert event == e.Marked(play.now, None, C, 0, 0), "the same as of a channel that there is not"
        elif not isinstance(event, e.Failed) and not isinstance(request_, r.Join):
            assert C not in repr(event), event


@pytest.mark.parametrize("who", OUTSIDE)
def test_what_happens_in_a_secret_channel_is_not_heard_outside(who: str) -> None:
    play = world("+s")
    play.ask("prey", r.Nick("spy"))
    for request in (
        r.Say("hi", C),
        r.Topic("x", C),
        r.Mode("+t", C),
        r.Kick("member", "", C),
        r.Invite("prey", C),
    ):
        play.ask("keeper", request)
    play.ask("victim", r.Part((C,)))
    play.leave("voiced")
    assert not [event for event in play.hears(who) if C in repr(event)]


def test_a_ban_from_the_server_is_for_nobody_else_to_set() -> None:
    """However a request is written: no role in a channel makes an operator of the server."""
    play = world("")
    for who in ROLES[1:7]:
        for request in (r.Banish("prey"), r.Kill("prey"), r.UserMode("+o"), r.Oper("root", "")):
            play.ask(who, request)
        assert not play.chat.users[who].operator
    assert {user.key for user in play.chat.operators} == {"root", "insider"}
    assert play.chat.server_bans == {} and not play.hung_up
