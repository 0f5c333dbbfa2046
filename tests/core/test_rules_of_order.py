"""One rule, every way: what keeps order in a channel, or keeps somebody off, holds for every request with words in it.

A request that is added must be added to `WAYS`, with the words that it carries, or to `WORDLESS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace

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
from evchat.protocol.base import Event, Request
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
from evchat.protocol.operators import Kill, ListAudit, Oper, Wallops
from evchat.protocol.people import (
    Block,
    FindUsers,
    GetCounts,
    ListBlocked,
    LookUpUsers,
    SetAway,
    Who,
    WhoIs,
    WhoLast,
    WhoWas,
)
from evchat.protocol.pins import ListPins, Pin, Unpin
from evchat.protocol.read_markers import GetReadMarker, SetReadMarker
from evchat.protocol.redaction import Redact
from evchat.protocol.retention import Erase, EraseUser, Export, SetRetention
from evchat.protocol.server_bans import BanFromServer, ListServerBans, UnbanFromServer
from evchat.protocol.typed_lines import Greet, TypedLine
from evchat.protocol.user_settings import SetRealname, UserMode
from tests.core.playbook import Playbook, check_against_store, check_invariants

C = "#den"
WORD = "BUYNOW"
"""What the troll wants the victim to hear."""

Way = Callable[[str, str], tuple[Request, ...]]
"""The requests that carry words to a channel or user; `TypedLine` goes to the current channel."""

WAYS: dict[type[Request], Way] = {
    SendMessage: lambda words, to: (
        SendMessage(words, to),
        SendMessage(words, to, True),
        SendMessage(words, to, notice=True),
        SendMessage(f"first\n{words}\nlast", to, joins=(1,)),
        SendMessage("x", to, tags=(("+x", words),)),
        SendMessage(words, to, reply=1),
        *((SendMessage(words, to, role="o"), SendMessage(words, to, role="v")) if to.startswith("#") else ()),
    ),
    SetMetadata: lambda words, to: (
        SetMetadata("avatar", words),
        *((SetMetadata("avatar", words, to),) if to.startswith("#") else ()),
    ),
    Announce: lambda words, to: (
        Announce(words),
        Announce(words, ("victim",)),
        Announce(words, ("keeper", "victim")),
    ),
    TypedLine: lambda words, to: (TypedLine(words),) if to.startswith("#") else (),
    SendTagMessage: lambda words, to: (
        SendTagMessage(to, (("+x", words),)),
        SendTagMessage(to, (), "", words),
        SendTagMessage(to, (("+x", words),), stay=True),
        SendTagMessage(to, (("+typing", words),)),
    ),
    Topic: lambda words, to: (Topic(words, to),) if to.startswith("#") else (),
    Redact: lambda words, to: (Redact(to, 1, words), Redact("*", 1, words)),
    Edit: lambda words, to: (Edit(to, 1, words), Edit("*", 1, words)),
    Kick: lambda words, to: (Kick("victim", words, C),),
    Part: lambda words, to: (Part((C,), words), Part(reason=words, everything=True)),
    Quit: lambda words, to: (Quit(words),),
    SetAway: lambda words, to: (SetAway(words),),
    SetRealname: lambda words, to: (SetRealname(words),),
    ChangeNick: lambda words, to: (ChangeNick(words),),
    Join: lambda words, to: (Join((f"#{words}",)),),
    Invite: lambda words, to: (Invite("victim", f"#{words}"), Invite("victim", C)),
    ChannelMode: lambda words, to: (ChannelMode(f"+k {words}", C), ChannelMode(f"+b {words}", C)),
    Mute: lambda words, to: (Mute("victim", 0, True, C), Mute(words, 0, True, C)),
    Ban: lambda words, to: (Ban(words, True, C),),
    GrantRole: lambda words, to: (GrantRole(words, "o", True, C), GrantRole("troll", "o", True, C)),
    Pin: lambda words, to: (Pin(1, C),),
    Kill: lambda words, to: (Kill("victim", words),),
    Wallops: lambda words, to: (Wallops(words),),
    BanFromServer: lambda words, to: (BanFromServer("victim", 0, words),),
    Oper: lambda words, to: (Oper(words, words),),
}

WORDLESS: tuple[type[Request], ...] = (
    AddAccount, Authenticate, AuthenticateByCertificate, ManageCertificates, Pass, Register, Scram, Greet, Hello,
    Help, Malformed, Ping, Pong, ReplyLocally, ListChannels,
    ListNames, GetHistory, GetInbox, ListConversations, ListDirects, Search, Introduce, Login, Logout, ListMonitored,
    Monitor, ListAudit, Block, FindUsers, GetCounts, ListBlocked, LookUpUsers, Who, WhoIs, WhoLast, WhoWas, ListPins,
    GetMetadata, ClearMetadata, SubscribeMetadata, Unpin, GetReadMarker, SetReadMarker, ListServerBans,
    Rejoin, UnbanFromServer, UserMode, ChangePassword, ResetPassword, Unregister,
    GetStatus, ListAccounts, ListInvitationCodes, MakeInvitationCode, RevokeInvitationCode,
    SetRetention, Erase, EraseUser, Export,
)  # fmt: skip
"""Requests by which nobody else hears anything that the one who asks has written."""


def test_every_request_there_is_is_in_one_of_the_tables() -> None:
    assert set(WAYS).isdisjoint(WORDLESS)
    assert {*WAYS, *WORDLESS} == set(catalog.REQUESTS)


# ---- the rules ------------------------------------------------------------------------------------------------


def den() -> Playbook:
    """The troll and the victim in #den alone, where the troll has said something; so has the troll to all."""
    play = Playbook()
    play.enter("keeper", "victim", "troll")
    for who in ("keeper", "victim", "troll"):
        play.ask(who, Join((C,), current=True))
        play.ask(who, Part(("#main",)))
    play.ask("victim", SubscribeMetadata(("avatar",)))
    play.ask("troll", SendMessage("earlier", C))
    play.ask("troll", SendMessage("earlier", "victim"))
    play.ask("troll", Announce("earlier"))
    return play


def with_mode(*changes: str) -> Callable[[], Playbook]:
    def made() -> Playbook:
        play = den()
        for change in changes:
            play.ask("keeper", ChannelMode(change, C))
        return play

    return made


def outside() -> Playbook:
    play = den()
    play.ask("troll", Part((C,)))
    return play


def banned_outside_of_an_open_channel() -> Playbook:
    play = with_mode("-n", "+b troll")()
    play.ask("troll", Part((C,)))
    return play


def banned_in_main() -> Playbook:
    play = den()
    play.ask("keeper", Join(("#main",)))
    play.chat.state.channels["#main"].operators.add(play.chat.state.users["keeper"])
    play.ask("keeper", ChannelMode("+b troll", "#main"))
    return play


def main_is_moderated() -> Playbook:
    play = den()
    play.ask("keeper", Join(("#main",)))
    play.chat.state.channels["#main"].operators.add(play.chat.state.users["keeper"])
    play.ask("keeper", ChannelMode("+m", "#main"))
    return play


SILENCED: dict[str, Callable[[], Playbook]] = {
    "banned by name": with_mode("+b troll"),
    "muted by name": with_mode("+b m:troll"),
    "muted by host": with_mode("+b m:*!*@*.cloak", "+v victim"),
    "moderated": with_mode("+m"),
    "moderated and open": with_mode("+m-n"),
    "a guest where only the registered speak": with_mode("+M", "+v victim"),
    "heard by operators alone": with_mode("+U"),
}
"""The troll is in #den and may not speak there."""


def evade(play: Playbook) -> Iterator[Playbook]:
    """What a troll does about it, one after the other: nothing, another name, coming back by another name."""
    yield play
    play.ask("troll", ChangeNick("innocent"))
    yield play
    play.ask("troll", Part((C,)))
    play.ask("troll", ChangeNick("innocent"))
    play.ask("troll", Join((C,)))
    yield play
    play.ask("troll", ChangeNick("another"))
    yield play


def members(play: Playbook) -> set[str]:
    """Who is in #den, by what the test calls them."""
    sids = set(play.chat.state.channels[C].audience)
    return {who for who in ("keeper", "victim", "troll") if play.sid(who) in sids}


def hears_words(play: Playbook, who: str = "victim") -> list[Event]:
    return [event for event in play.hears(who) if WORD in repr(without_names(event))]


def without_names(event: Event) -> Event:
    """The event without the real name, which every event of a user's carries to programs, and which lists show."""
    return replace(event, who=replace(event.who, realname="")) if is_dataclass(event) else event


TEXTS = [kind for kind in WAYS if kind not in (ChangeNick, Join, Invite)]
"""All but names, which are words of their own: other rules are for them."""


@pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("rule", SILENCED)
def test_who_may_not_speak_in_a_channel_is_not_heard_there_in_any_way(rule: str, kind: type[Request]) -> None:
    for number in range(len(WAYS[kind](WORD, C))):
        for step in range(4):
            play = SILENCED[rule]()
            *_, _ = (state for _, state in zip(range(step + 1), evade(play), strict=False))
            request = WAYS[kind](WORD, C)[number]
            if isinstance(request, Announce) and request.to and "troll" not in members(play):
                continue  # to users by name, from outside: these are direct messages
            play.forget()
            play.ask("troll", request)
            assert hears_words(play) == [], (number, step)
            check_invariants(play.chat)
            check_against_store(play.chat)


@pytest.mark.parametrize("rule", SILENCED)
def test_who_is_away_or_comes_back_tells_nothing_by_it(rule: str) -> None:
    play = SILENCED[rule]()
    play.forget()
    play.ask("troll", SetAway(WORD))
    play.ask("troll", SetRealname(WORD))
    play.ask("troll", Part((C,)))
    play.ask("troll", Join((C,)))
    play.ask("troll", SetAway(None))
    assert hears_words(play) == []


@pytest.mark.parametrize("rule", [rule for rule in SILENCED if rule.startswith(("banned", "muted"))])
def test_who_is_banned_or_muted_keeps_the_name_there(rule: str) -> None:
    play = SILENCED[rule]()
    assert play.refusal("troll", ChangeNick(WORD)) == "banned"
    play.ask("troll", Part((C,)))
    play.ask("troll", ChangeNick("innocent"))
    (first, *_) = play.ask("troll", Join((C,)))
    if rule.startswith("banned"):
        assert isinstance(first, Failed) and first.code == "banned", "whatever the name is by now"
    else:
        assert play.refusal("troll", SendMessage("x", C)) == "moderated"


@pytest.mark.parametrize("rule", [rule for rule in SILENCED if rule.startswith(("banned", "muted"))])
@pytest.mark.parametrize("kicked", [False, True])
def test_who_is_banned_or_muted_is_not_heard_after_another_login_either(rule: str, kicked: bool) -> None:
    play = SILENCED[rule]()
    if kicked:
        play.ask("keeper", Kick("troll", "", C))
    for _ in range(2):
        play.leave("troll")
        play.enter("troll")
        play.forget()
        play.ask("troll", Announce(WORD))
        assert hears_words(play) == []
    play.ask(
        "keeper", ChannelMode("-b " + next(iter(play.chat.state.channels[C].lists["b"].values())).mask, C)
    )
    play.ask("troll", Announce(WORD))
    assert hears_words(play), "once the ban is lifted"


def test_a_ban_that_names_somebodys_former_name_ends_with_the_login() -> None:
    play = with_mode("+b troll")()
    play.leave("troll")
    play.enter("troll2")
    play.ask("troll2", Join((C,)))
    assert "troll2" in play.chat.state.channels[C].members


@pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("world", [outside, banned_outside_of_an_open_channel])
def test_who_is_outside_is_not_heard_inside(world: Callable[[], Playbook], kind: type[Request]) -> None:
    if kind in (Announce, TypedLine, Redact):
        return  # to everybody, or where one is; what was said to all is everybody's
    for number in range(len(WAYS[kind](WORD, C))):
        play = world()
        play.forget()
        play.ask("troll", WAYS[kind](WORD, C)[number])
        assert hears_words(play) == [], number


@pytest.mark.parametrize("world", [banned_in_main, main_is_moderated])
@pytest.mark.parametrize("request_", WAYS[Announce](WORD, C), ids=repr)
def test_who_may_not_speak_in_main_does_not_speak_to_all(
    world: Callable[[], Playbook], request_: Request
) -> None:
    """Whether there or not."""
    for joins in (False, True):
        play = world()
        if joins:
            play.ask("troll", Join(("#main",)))
        assert play.refusal("troll", request_) == "moderated"


def test_who_may_speak_everywhere_is_heard_in_every_way() -> None:
    """Or the other tests would show nothing."""
    heard = set()
    for kind in TEXTS:
        for number in range(len(WAYS[kind](WORD, C))):
            play = den()
            play.forget()
            play.ask("troll", WAYS[kind](WORD, C)[number])
            if hears_words(play):
                heard.add(kind)
    assert heard == {
        SendMessage, Announce, TypedLine, SendTagMessage, Topic, Redact, Edit, Part, Quit, SetAway, SetMetadata,
    }  # fmt: skip


# ---- blocked --------------------------------------------------------------------------------------------------


KEEPING_OFF = (Block("troll"), UserMode("+R"))
"""Blocks one user, or everybody who is a guest."""


@pytest.mark.parametrize("keeping_off", KEEPING_OFF, ids=repr)
@pytest.mark.parametrize("kind", WAYS, ids=lambda kind: kind.__name__)
def test_who_is_blocked_does_not_reach_the_one_who_did_it_in_any_way(
    kind: type[Request], keeping_off: Request
) -> None:
    for number in range(len(WAYS[kind](WORD, "victim"))):
        for renames in range(3):
            play = den()
            play.ask("troll", Join((f"#{WORD}",)))
            for who in ("victim", "troll"):
                play.ask(who, Part((C,)))
            play.ask("victim", keeping_off)
            for turn in range(renames):
                play.ask("troll", ChangeNick(f"innocent{turn}"))
            play.forget()
            play.ask("troll", WAYS[kind](WORD, "victim")[number])
            assert hears_words(play) == [], (number, renames)
            check_against_store(play.chat)


def test_who_is_let_through_again_reaches_one_also_by_another_name() -> None:
    play = den()
    play.ask("victim", Block("troll"))
    play.ask("troll", ChangeNick("innocent"))
    play.ask("victim", Block("troll", on=False))
    play.forget()
    play.ask("troll", SendMessage(WORD, "victim"))
    assert hears_words(play)
    check_against_store(play.chat)


# ---- limits of length -----------------------------------------------------------------------------------------

LONG = f"{WORD} " * 20_000
MOST = {SendMessage: 2**17, Announce: 2**17, TypedLine: 2**17, Edit: 2**17}
"""Bytes: a message may be as long as an object; all else fits a line."""


@pytest.mark.parametrize("kind", WAYS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("text", [LONG, f"{WORD}\n" * 20_000], ids=["long", "many lines"])
def test_nothing_is_told_that_is_longer_than_it_may_be(kind: type[Request], text: str) -> None:
    for number in range(len(WAYS[kind](text, C))):
        play = den()
        play.forget()
        request = WAYS[kind](text, C)[number]
        play.ask("keeper", request)
        play.ask("troll", request)
        for event in play.hears("victim"):
            words = max((len(part) for part in strings(event)), default=0)
            lines = max((part.count("\n") for part in strings(event)), default=0)
            long = kind in MOST and text is LONG
            assert words <= (MOST[kind] * 2 if long else 4200) and lines < 200, event


def strings(value: object) -> Iterator[str]:
    """All texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
