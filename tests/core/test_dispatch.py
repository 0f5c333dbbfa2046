"""The chat as a whole: time, stopping, what it keeps in memory, and that the table of commands is carried out."""

from __future__ import annotations

import gc
import tracemalloc
from typing import Any

import pytest

from evchat.core import records as rec
from evchat.core.dispatch import AFTER_HASH, HANDLERS, MODULES, Chat
from evchat.core.effects import Post, Save
from evchat.protocol import catalog
from evchat.protocol.authentication import Pass, Scram
from evchat.protocol.basics import (
    Failed,
    Help,
    HungUp,
    Malformed,
    Pong,
    ReplyLocally,
    Stopping,
)
from evchat.protocol.certificates import AuthenticateByCertificate
from evchat.protocol.channels import Entered, Join
from evchat.protocol.command import Command
from evchat.protocol.commands import COMMANDS
from evchat.protocol.login import ChangeNick, Disconnected, Introduce, LoggedIn, LoggedOut, Login, Logout
from evchat.protocol.messages import SendMessage
from evchat.protocol.people import WhoIs
from evchat.protocol.typed_lines import Greet, TypedLine
from evchat.storage.memory import MemoryStore
from tests.core.playbook import START, Playbook, check_invariants, kinds, settings, snapshot

REQUESTS = set(catalog.REQUESTS)

# ---- the table ------------------------------------------------------------------------------------------------


def test_every_request_has_a_handler_and_every_handler_a_request() -> None:
    assert set(HANDLERS) == REQUESTS


ELSEWHERE = {Pass: "login"}
"""Requests whose handler is not in the module of their subject, and where it is: `PASS` is part of a login."""


def test_a_subject_has_the_same_name_in_the_protocol_and_among_the_handlers() -> None:
    for kind, handler in HANDLERS.items():
        subject = ELSEWHERE.get(kind, kind.__module__.removeprefix("evchat.protocol."))
        assert handler.__module__ == f"evchat.core.handlers.{subject}", kind


def test_no_request_has_two_handlers() -> None:
    assert sum(len(module.by_request) for module in MODULES) == len(HANDLERS)
    assert sum(len(module.after_hash) for module in MODULES) == len(AFTER_HASH)


def test_every_command_has_a_handler() -> None:
    assert {command.request for command in COMMANDS} <= set(HANDLERS)


def test_every_request_that_is_no_command_is_one_of_the_dialects() -> None:
    assert REQUESTS - {command.request for command in COMMANDS} == {
        Greet,
        TypedLine,
        Malformed,
        Introduce,
        AuthenticateByCertificate,
        Scram,
        ReplyLocally,
    }


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_what_a_command_allows_before_the_login_is_what_the_core_allows(command: Command) -> None:
    required = {
        "name": "x",
        "key": "x",
        "account": "x",
        "text": "x",
        "password": "secret",
        "old": "secret",
        "channels": ("#x",),
        "minutes": 5,
        "to": "x",
        "seq": 1,
        "whom": "x",
        "mask": "*",
        "names": ("x",),
        "tags": (("+typing", "active"),),
        "since": 0,
        "until": 1,
        "limit": 1,
        "code": "x",
        "days": 1,
        "invite": "x",
    }
    fields = {p.field: required[p.field] for p in command.params if p.field in required}
    play = Playbook(registration="invited")  # which allows the most
    play.connect("x")
    make: Any = command.request
    answers = play.ask("x", make(**fields))
    refused = [x for x in answers if isinstance(x, Failed) and x.code == "not-logged-in"]
    assert bool(refused) is not command.anyone


# ---- deadlines ------------------------------------------------------------------------------------------------


def test_who_does_not_log_in_in_time_is_hung_up_on_once() -> None:
    play = Playbook(login_deadline=30.0)
    play.connect("x")
    play.tick(10_000)
    play.connect("y")
    play.tick(19_999)
    assert play.hung_up == {}
    play.tick(1)
    reason = "No login within 30 seconds."
    assert play.hung_up == {play.sid("x"): reason}
    assert play.hears("x") == [HungUp(play.now, "login-deadline", reason)]
    play.tick(1)
    assert play.hears("x") == play.hears("y") == []
    play.tick(10_000)
    assert play.sid("y") in play.hung_up


def test_requests_do_not_put_the_deadline_off_but_a_login_ends_it() -> None:
    play = Playbook(login_deadline=30.0)
    play.connect("x")
    play.connect("y")
    play.tick(29_000)
    play.ask("x", Help())
    play.ask("y", Login("y"))
    play.tick(1_000)
    assert list(play.hung_up) == [play.sid("x")]


def test_whose_password_is_being_checked_at_the_deadline_has_until_it_is() -> None:
    play = Playbook(login_deadline=30.0)
    play.register("alice")
    play.deferred = True
    for who, password in (("x", "secret"), ("y", "guess")):
        play.connect(who)
        play.ask(who, Login("alice", password))
    play.connect("z")
    play.tick(30_000)
    assert list(play.hung_up) == [play.sid("z")]
    play.hash_all()
    play.tick(1)
    assert set(play.hung_up) == {play.sid("z"), play.sid("y")}


def test_without_a_deadline_nobody_is_hung_up_on() -> None:
    play = Playbook(login_deadline=0)
    play.connect("x")
    play.tick(10**9)
    assert play.hung_up == {}


def test_an_idle_user_is_hung_up_on_once_with_all_sessions() -> None:
    play = Playbook(idle_timeout=60.0)
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob")
    play.tick(50_000)
    play.ask("bob", SendMessage("hi"))
    play.ask("alice", Pong())
    play.forget()
    play.tick(10_000)
    reason = "Idle for 60 seconds."
    assert play.hung_up == {play.sid("alice"): reason, play.sid("phone"): reason}
    assert play.hears("phone") == [HungUp(play.now, "idle", reason)]
    play.tick(5_000)
    assert play.hears("phone") == []


def test_nobody_is_idle_where_the_owner_did_not_ask_for_it() -> None:
    play = Playbook()
    play.enter("alice")
    play.tick(10**10)
    assert play.hung_up == {}


# ---- last seen ------------------------------------------------------------------------------------------------


def test_the_store_is_told_from_time_to_time_that_somebody_is_still_there() -> None:
    play = Playbook(seen_interval=60.0)
    play.enter("alice")
    play.tick(30_000)
    play.enter("bob")
    play.ask("alice", ChangeNick("Ann"))
    for _ in range(4):
        play.tick(30_000)
    seen = [
        (x.name, x.seen - START)
        for x in play.disk.kept
        if isinstance(x, rec.LastSeen) and x.seen > START + 30_000
    ]
    assert seen == [("Ann", 60_000), ("bob", 90_000), ("Ann", 120_000), ("bob", 150_000)]


def test_a_commit_that_fails_takes_nothing_from_those_who_only_came_or_went() -> None:
    play = Playbook(seen_interval=60.0)
    play.enter("alice", "bob")
    play.connect("carol")
    play.decide("carol", Login("carol"))
    play.decide("bob", ChangeNick("rob"))
    play.decide("alice", Logout())
    play.commit(fails=True)
    assert kinds(play.hears("carol"))[:2] == [LoggedIn, Entered]
    assert kinds(play.hears("alice"))[-1] is LoggedOut
    assert set(play.chat.state.users) == {"rob", "carol"}
    check_invariants(play.chat)


# ---- stopping -------------------------------------------------------------------------------------------------


def test_when_the_server_stops_everyone_is_told_and_is_known_to_have_been_there() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.connect("stranger")
    play.now += 1000
    play.stop()
    stopping = Stopping(play.now, "The server is going down.")
    assert [play.hears(who) for who in ("alice", "bob", "stranger")] == [[stopping]] * 3
    assert [x.name for x in play.disk.kept if isinstance(x, rec.LastSeen) and x.seen == play.now] == [
        "alice",
        "bob",
    ]


# ---- what goes wrong ------------------------------------------------------------------------------------------


def test_a_disconnect_is_told_once_however_often_it_is_noticed() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.leave("alice")
    play.leave("alice")
    assert kinds(play.hears("bob")) == [Disconnected]
    assert play.chat.disconnect(99, "x", play.now) == []


def test_a_store_that_can_not_be_read_is_told_to_who_asked() -> None:
    play = Playbook()
    play.register("alice")
    play.deferred = True
    play.connect("x")
    play.ask("x", Login("alice", "secret", id="9"))
    before = snapshot(play.chat)
    play.disk.reads_fail = True
    play.hash_all()
    (failed,) = play.hears("x")
    assert failed == Failed(play.now, "9", "storage", "The disk can't be read.")
    before["sessions"][play.sid("x")] = snapshot(play.chat)["sessions"][play.sid("x")]
    assert snapshot(play.chat) == before
    assert play.refusal("alice", WhoIs("x", id="1")) == "storage"


# ---- memory ---------------------------------------------------------------------------------------------------


def sizes(chat: Chat) -> dict[str, int]:
    """How much of everything the core holds."""
    return {
        "sessions": len(chat.state.sessions),
        "users": len(chat.state.users),
        "channels": len(chat.state.channels),
        "heads": len(chat.state.heads),
        "waiting": len(chat.state.waiting),
        "seen_saved": len(chat.state.seen_saved),
        "wrong": len(chat.state.guess_limits._tries),
    }


def come_and_go(chat: Chat, store: MemoryStore, times: int, name: str = "guest{}") -> None:
    """A guest logs in, does something, and logs out or vanishes, again and again."""
    for number in range(1, times + 1):
        sid = 1_000_000 + number
        saves = [*chat.connect(sid, "192.0.2.1", START)]
        who = name.format(number)
        for request in (
            Login(who),
            SendMessage("psst", to=who),
            Join((f"#{who}",)),
            SendMessage("hi", to=f"#{who}"),
        ):
            saves += chat.request(sid, request, START)
        if number % 2:
            saves += chat.request(sid, Logout(), START)
        saves += chat.disconnect(sid, "Gone.", START)
        for effect in saves:
            if isinstance(effect, Save):
                store.save(effect.record)


def test_people_who_come_and_go_leave_nothing_in_memory_but_a_bounded_number_of_conversations() -> None:
    store = MemoryStore()
    chat = Chat(settings(max_heads=100), store.fetch, bytes, lambda: 0)
    come_and_go(chat, store, 2_000)
    found = sizes(chat)
    assert found.pop("heads") <= 100
    assert found.pop("channels") == 1, "#main"
    assert set(found.values()) == {0}
    assert not chat.state.online


def test_a_guest_who_logs_in_and_out_10_000_times_leaves_nothing() -> None:
    """Nothing that `sizes` counts, and not even a byte for each login anywhere else in memory."""
    store = MemoryStore()
    chat = Chat(settings(), store.fetch, bytes, lambda: 0)
    chat.connect(1, "192.0.2.1", START)

    def come_and_go(times: int) -> None:
        for _ in range(times):
            chat.request(1, Login("guest"), START)
            chat.request(1, Logout(), START)

    tracemalloc.start()
    try:
        come_and_go(3_000)  # what is made once is there, and what is remembered of the last few is full
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        come_and_go(7_000)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 7_000
    assert sizes(chat) == {
        "sessions": 1, "users": 0, "channels": 1, "heads": 1, "waiting": 0, "seen_saved": 0, "wrong": 0
    }  # fmt: skip


def test_the_audience_of_a_channel_stays_the_same_object_as_long_as_nobody_comes_or_goes() -> None:
    play = Playbook()
    play.enter("alice", "bob")

    def audience() -> object:
        effects = play.chat.request(play.sid("alice"), SendMessage("hi"), play.now)
        (to,) = [effect.to for effect in effects if isinstance(effect, Post)]
        return to

    first = audience()
    assert audience() is first
    play.ask("bob", ChangeNick("rob"))
    assert audience() is first
    play.enter("carol")
    assert audience() is not first
