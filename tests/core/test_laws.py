"""What holds whatever anybody does, in any order, and whatever fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evchat.core.effects import Reply
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
from evchat.protocol.messages import Announce, AnnouncementAccepted, Message, MessageAccepted, SendMessage
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
from tests.cheap_passwords import cheap_secret
from tests.core.playbook import (
    EXPECTS,
    START,
    Playbook,
    check_against_store,
    check_invariants,
    snapshot,
)
from tests.profiles import examples
from tests.protocol.test_x509 import FINGERPRINT, SELF_SIGNED

OWN_NAMES = {"s0": "alice", "s1": "bob", "s2": "carol", "s3": "Dora", "s4": "Eve"}
PEOPLE = tuple(OWN_NAMES)

legal_names = st.sampled_from(["alice", "ALICE", "bob", "Bob", "carol"])
user_names = legal_names | st.sampled_from(
    ["", "-x", "a b", "*", "Server", "#main", "é", "\ud800", "x" * 33, "alice bob"]
)
legal_channels = st.sampled_from(["#main", "#MAIN", "#a", "#A", "#b", "#é", "#É"])
channel_names = legal_channels | st.sampled_from(
    ["", "main", "#", "#a b", "#\u200b", "#" + "x" * 64, "#none", "bob"]
)
places = user_names | channel_names
texts = st.sampled_from(["hi", "", " ", "-", "x" * 500, "\x1b[31m", "hi there"])
passwords = st.sampled_from(["secret", "guess", ""])
masks = places | st.sampled_from(["*", "a*", "?" * 300, "*a*b*c*"])
times = st.sampled_from([0, START - 1, START, START + 100, START + 10_000, 2**60, -(10**30)])
user_modes = st.sampled_from(["+i", "-i", "+w-w", "+B", "-o", "+oq", "q", ""])
mostly = st.sampled_from([True, True, True, True, True, True, False])
metadata_keys = st.sampled_from(["url", "avatar", "URL", "$", ""])
roles = st.sampled_from(["", "", "", "o", "v", "x"])
tags = st.sampled_from([(), (), (("+typing", "active"),), (("+x", "y" * 5000),)])
numbers = st.integers(-3, 12) | st.sampled_from([-(10**30), 10**30])
ids = st.none() | st.sampled_from(["1", "2", "3"])
mode_lines = st.sampled_from(
    (
        "+m|-m|+s|-s|-n|+n|+t|+i|-i|+C|+k word|-k x|+l 1|-l|+o bob|-o alice|+v bob|-v bob|+b bob|-b bob|+b a:*|"
        "+b m:carol|+e bob|+I bob|+b|e|+x-y|+ll 0 -1||+bbb a b c|+mtsi-n|-b bob!*@*|+k|+o|" + "x" * 60
    ).split("|")
) | st.text("+-beIkliomnstCv", max_size=12)
masks = st.sampled_from(["bob", "BOB!*@*", "*", "a:bob", "m:alice", "\ud800", "", "x" * 300, "a:", "**!**"])
bans = masks | st.sampled_from(["192.0.2.1", "192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "bob", "Eve"])


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=4).map(tuple)


def either(values: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | values


def whole(values: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.none() | values


REQUESTS: dict[type[Request], st.SearchStrategy[Request]] = {
    Hello: st.builds(Hello, st.integers(0, 2), echo=st.booleans(), id=ids),
    Login: st.builds(Login, user_names, either(passwords), either(st.just("token")), id=ids),
    Register: st.builds(Register, passwords, id=ids),
    ChangePassword: st.builds(ChangePassword, passwords, passwords, id=ids),
    ResetPassword: st.builds(ResetPassword, user_names, passwords, id=ids),
    Unregister: st.builds(Unregister, passwords, id=ids),
    AddAccount: st.builds(AddAccount, user_names, passwords, id=ids),
    Pass: st.builds(Pass, passwords | st.sampled_from(["alice:secret", "x:y:z", ":"]), id=ids),
    Introduce: st.builds(
        Introduce,
        either(texts),
        either(texts),
        st.none() | st.booleans(),
        st.sampled_from([None, EXPECTS]),
        id=ids,
    ),
    Authenticate: st.builds(Authenticate, user_names, passwords, id=ids),
    Scram: st.builds(
        Scram, st.integers(0, 4), texts | st.sampled_from(["n,,n=alice,r=x", "c=biws,r=x,p=eA=="]), id=ids
    ),
    ManageCertificates: st.builds(
        ManageCertificates,
        st.sampled_from(["list", "add", "remove", "x"]),
        texts | st.sampled_from([SELF_SIGNED, SELF_SIGNED[:200], SELF_SIGNED[200:], FINGERPRINT[:9]]),
        id=ids,
    ),
    AuthenticateByCertificate: st.builds(
        AuthenticateByCertificate, st.just("") | user_names, st.sampled_from(["", FINGERPRINT]), id=ids
    ),
    ReplyLocally: st.builds(ReplyLocally, st.just(None), id=ids),
    Logout: st.builds(Logout, id=ids),
    Quit: st.builds(Quit, texts, id=ids),
    ChangeNick: st.builds(ChangeNick, user_names, id=ids),
    SendMessage: st.builds(
        SendMessage, texts, either(places), st.booleans(), st.booleans(), roles, tags, id=ids
    ),
    Announce: st.builds(Announce, texts, some(user_names), id=ids),
    Join: st.builds(Join, some(channel_names), st.booleans(), whole(numbers), some(st.just("word")), id=ids),
    Rejoin: st.builds(Rejoin, id=ids),
    Part: st.builds(Part, some(channel_names), texts, id=ids),
    ListChannels: st.builds(ListChannels, id=ids),
    ListNames: st.builds(ListNames, either(channel_names), id=ids),
    Who: st.builds(Who, st.booleans(), id=ids),
    WhoLast: st.builds(WhoLast, numbers, id=ids),
    WhoIs: st.builds(WhoIs, places, id=ids),
    GetHistory: st.builds(
        GetHistory,
        either(places),
        whole(numbers),
        whole(numbers),
        whole(numbers),
        whole(times),
        whole(times),
        whole(numbers),
        whole(times),
        st.booleans(),
        id=ids,
    ),
    ListConversations: st.builds(ListConversations, times, times, numbers, id=ids),
    GetReadMarker: st.builds(GetReadMarker, places, id=ids),
    Redact: st.builds(Redact, places, numbers, texts, id=ids),
    Edit: st.builds(Edit, places, numbers, texts, id=ids),
    Pin: st.builds(Pin, st.none() | numbers, st.none() | places, id=ids),
    Unpin: st.builds(Unpin, numbers, st.none() | places, id=ids),
    ListPins: st.builds(ListPins, st.none() | places, id=ids),
    GetMetadata: st.builds(GetMetadata, st.none() | places, some(metadata_keys), st.booleans(), id=ids),
    SetMetadata: st.builds(SetMetadata, metadata_keys, st.none() | texts, st.none() | places, id=ids),
    ClearMetadata: st.builds(ClearMetadata, st.none() | places, id=ids),
    SubscribeMetadata: st.builds(SubscribeMetadata, some(metadata_keys), st.booleans(), id=ids),
    SendTagMessage: st.builds(SendTagMessage, places, tags, roles, texts, st.booleans(), id=ids),
    Monitor: st.builds(Monitor, some(user_names), st.booleans(), id=ids),
    ListMonitored: st.builds(ListMonitored, st.booleans(), id=ids),
    UserMode: st.builds(UserMode, either(user_modes), either(user_names), id=ids),
    SetRealname: st.builds(SetRealname, texts, id=ids),
    GetInbox: st.builds(GetInbox, st.booleans(), either(places), whole(numbers), id=ids),
    ListDirects: st.builds(ListDirects, id=ids),
    SetReadMarker: st.builds(SetReadMarker, places, whole(numbers), whole(times), id=ids),
    Block: st.builds(Block, user_names, st.booleans(), id=ids),
    ListBlocked: st.builds(ListBlocked, id=ids),
    Topic: st.builds(Topic, either(texts), either(channel_names), id=ids),
    SetAway: st.builds(SetAway, either(texts), id=ids),
    Search: st.builds(Search, texts, either(places), whole(numbers), id=ids),
    ChannelMode: st.builds(ChannelMode, either(mode_lines), either(places), id=ids),
    GrantRole: st.builds(
        GrantRole, user_names, st.sampled_from("ovx"), st.booleans(), either(places), id=ids
    ),
    Ban: st.builds(Ban, either(masks), st.booleans(), either(places), id=ids),
    Mute: st.builds(Mute, user_names, st.sampled_from([0, 1, 10**30]), st.booleans(), either(places), id=ids),
    Kick: st.builds(Kick, user_names, texts, either(places), id=ids),
    Invite: st.builds(Invite, user_names, either(places), id=ids),
    Oper: st.builds(Oper, st.sampled_from(["root", "alice"]), passwords, id=ids),
    Kill: st.builds(Kill, user_names, texts, id=ids),
    Wallops: st.builds(Wallops, texts, id=ids),
    BanFromServer: st.builds(BanFromServer, bans, st.sampled_from([0, 1, 10**30]), texts, id=ids),
    UnbanFromServer: st.builds(UnbanFromServer, bans, id=ids),
    ListServerBans: st.builds(ListServerBans, id=ids),
    GetStatus: st.builds(GetStatus, id=ids),
    ListAccounts: st.builds(ListAccounts, user_names, id=ids),
    SetRetention: st.builds(SetRetention, numbers, either(places), id=ids),
    Export: st.builds(Export, numbers, id=ids),
    Erase: st.builds(Erase, passwords, id=ids),
    EraseUser: st.builds(EraseUser, user_names, id=ids),
    MakeInvitationCode: st.builds(MakeInvitationCode, numbers, numbers, id=ids),
    ListInvitationCodes: st.builds(ListInvitationCodes, id=ids),
    RevokeInvitationCode: st.builds(RevokeInvitationCode, texts, id=ids),
    ListAudit: st.builds(ListAudit, whole(numbers), id=ids),
    WhoWas: st.builds(WhoWas, user_names, numbers, id=ids),
    FindUsers: st.builds(FindUsers, masks, st.booleans(), id=ids),
    LookUpUsers: st.builds(LookUpUsers, some(user_names), id=ids),
    GetCounts: st.builds(GetCounts, id=ids),
    Ping: st.builds(Ping, texts, id=ids),
    Pong: st.builds(Pong, texts, id=ids),
    Help: st.builds(Help, either(texts), id=ids),
    Greet: st.builds(Greet, id=ids),
    TypedLine: st.builds(TypedLine, texts | user_names, id=ids),
    Malformed: st.builds(Malformed, texts, fatal=st.booleans(), id=ids),
}

# What makes things happen, so that most plays have people, channels and messages in them.
likely = st.one_of(
    st.builds(Login, legal_names, st.none() | st.just("secret")),
    st.builds(Register, st.just("secret")),
    st.builds(ChangeNick, legal_names),
    st.builds(SendMessage, st.just("hi"), either(legal_channels), id=ids),
    st.builds(SendMessage, st.just("hi"), legal_names, id=ids),
    st.builds(Announce, st.just("hi"), some(legal_names), id=ids),
    st.just(GetInbox()),
    st.builds(Join, st.lists(legal_channels, min_size=1, max_size=2).map(tuple), st.booleans()),
    st.builds(Part, some(legal_channels)),
    st.just(Rejoin()),
    st.builds(Topic, texts, either(legal_channels)),
    st.builds(Block, legal_names, st.booleans()),
    st.builds(Redact, legal_names | legal_channels, st.integers(1, 3)),
    st.builds(Edit, legal_names | legal_channels, st.integers(1, 3), st.sampled_from(["ho", "hey"])),
    st.builds(Monitor, some(legal_names), mostly),
    st.just(Logout()),
    st.builds(ChannelMode, mode_lines, either(legal_channels)),
    st.builds(GrantRole, legal_names, st.sampled_from("ov"), st.booleans(), either(legal_channels)),
    st.builds(Ban, legal_names, st.booleans(), either(legal_channels)),
    st.builds(Mute, legal_names, st.sampled_from([0, 1]), st.booleans(), either(legal_channels)),
    st.builds(Kick, legal_names, st.just(""), either(legal_channels)),
    st.builds(Invite, legal_names, either(legal_channels)),
    st.just(Oper("root", "secret")),
    st.builds(BanFromServer, bans, st.sampled_from([0, 1])),
    st.builds(UnbanFromServer, bans),
)
messages = st.builds(SendMessage, st.just("hi"), either(places)) | st.builds(
    Announce, st.just("hi"), some(user_names)
)
requests = likely | st.one_of(*REQUESTS.values())

Step = Callable[[Playbook], None]


def _request(who: str, request: Request, as_somebody: bool) -> Step:
    """A request; `as_somebody` who has logged in before it, under the own name of the connection."""

    def step(play: Playbook) -> None:
        if play.sid(who) in play.hung_up:
            play.decide_leave(who)
        if play.sid(who) not in play.chat.state.sessions:
            play.connect(who)
        if as_somebody and play.chat.state.sessions[play.sid(who)].user is None:
            play.decide(who, Login(OWN_NAMES[who]))
        before = snapshot(play.chat)
        effects = play.decide(who, request)
        if len(effects) == 1 and isinstance(effects[0], Reply) and isinstance(effects[0].event, Failed):
            after = snapshot(play.chat)
            after["heads"] = {key: seq for key, seq in after["heads"].items() if key in before["heads"]}
            if not (isinstance(request, Login | Oper) and effects[0].event.code == "too-many-tries"):
                del before["wrong"], after["wrong"]  # an expired block is forgotten when it is looked at
            assert after == before, "a refused request changes nothing"

    return step


def _leave(who: str) -> Step:
    return lambda play: play.decide_leave(who)


def _lose(who: str) -> Step:
    return lambda play: play.decide_lose(who)


def _resume(who: str, by: str) -> Step:
    """`by` comes back with what the server gave `who`: after a loss, or while that connection is still open."""

    def step(play: Playbook) -> None:
        token = play.tokens.get(who)
        if token is None or (by != who and play.sid(by) in play.chat.state.sessions):
            return
        play.connect(by)
        play.decide(by, Hello())
        play.decide(by, Login(OWN_NAMES[who], resume=token))

    return step


def _pass_time(milliseconds: int) -> Step:
    return lambda play: play.decide_tick(milliseconds)


def _commit(fails: bool) -> Step:
    return lambda play: play.commit(fails=fails)


def _work(taken: bool) -> Step:
    return lambda play: play.decide_hashes() if taken else play.refuse_hashes()


people = st.sampled_from(PEOPLE)
any_request = st.builds(_request, people, requests, mostly)
likely_request = st.builds(_request, people, likely, mostly)
steps = st.one_of(
    any_request,
    any_request,
    likely_request,
    likely_request,
    likely_request,
    likely_request,
    st.builds(_commit, st.booleans()),
    st.builds(_work, mostly),
    st.builds(_leave, people) | st.builds(_lose, people),
    st.builds(_resume, people, people)
    | st.builds(_pass_time, st.sampled_from([1, 100, 1_000, 10_000, 70_000])),
)

SMALL: dict[str, Any] = {
    "max_channels_per_user": 3,
    "max_channels": 4,
    "max_blocked": 2,
    "max_recipients": 2,
    "max_topic_bytes": 20,
    "max_list_entries": 3,
    "max_owned": 1,
    "max_banished": 2,
    "operators": (("root", cheap_secret("secret")),),
    "recent_messages": 2,
    "history_default": 2,
    "history_max": 3,
    "list_max": 2,
    "quiet_above": 2,
    "password_tries": 2,
    "password_block": 60.0,
    "login_deadline": 30.0,
    "idle_timeout": 60.0,
    "seen_interval": 60.0,
    "names_remembered": 3,
    "max_absent": 2,
    "max_watched": 2,
    "max_realname_bytes": 20,
}


def test_every_request_there_is_takes_part_in_the_plays() -> None:
    kinds = set(catalog.REQUESTS)
    assert set(REQUESTS) == kinds


@examples(150)
@given(st.lists(steps, min_size=50, max_size=120), st.booleans())
def test_whatever_anybody_does_all_stays_in_order(play_steps: list[Step], unicode_names: bool) -> None:
    play = Playbook(deferred=True, unicode_names=unicode_names, **SMALL)
    for who in PEOPLE:
        play.connect(who)
    for step in play_steps:
        step(play)
        check_invariants(play.chat)
        check_against_store(play.chat)
    play.commit()
    check_invariants(play.chat)
    check_against_store(play.chat)
    _check_numbers(play)


def _check_numbers(play: Playbook) -> None:
    """Every conversation's messages are numbered without a hole, and everybody hears them in that order."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for record in play.disk.kept:
        if isinstance(record, Message):
            numbers[record.conversation].append(record.seq)
    for found in numbers.values():
        assert found == list(range(1, len(found) + 1))
    for events in play.heard.values():
        heard: dict[str, list[int]] = defaultdict(list)
        for event in events:
            if isinstance(event, Message) and not event.role:
                heard[event.conversation].append(event.seq)
        for found in heard.values():
            assert found == sorted(set(found))


@given(st.lists(likely_request, max_size=25), st.lists(st.tuples(people, likely), max_size=8))
def test_a_commit_that_fails_leaves_what_is_kept_as_it_was(
    before: list[Step], lost: list[tuple[str, Request]]
) -> None:
    play = Playbook(**SMALL)
    for who in PEOPLE:
        play.connect(who)
    for step in before:
        step(play)
        play.commit()
    kept = play.disk.kept
    play.deferred = True
    for who, request in lost:
        play.decide(who, request)
    play.commit(fails=True)
    assert play.disk.kept == kept
    check_invariants(play.chat)
    check_against_store(play.chat)


@given(st.lists(likely_request, max_size=25), people, st.sampled_from(["1", "2", "3"]), messages)
def test_a_resend_changes_nothing_and_is_told_to_nobody_else(
    before: list[Step], who: str, request_id: str, request: SendMessage | Announce
) -> None:
    play = Playbook(**SMALL)
    for person in PEOPLE:
        play.connect(person)
    for step in before:
        step(play)
        play.commit()
    request = replace(request, id=request_id)
    (first, *_) = play.ask(who, request)
    if isinstance(first, Failed):
        return
    state = snapshot(play.chat)
    play.forget()
    (again,) = play.ask(who, request)
    assert isinstance(again, MessageAccepted | AnnouncementAccepted)
    assert again.duplicate
    assert [len(events) for events in play.heard.values()].count(0) == len(play.heard) - 1
    assert snapshot(play.chat) == state
