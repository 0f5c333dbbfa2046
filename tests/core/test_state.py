"""The state: plain values of declared classes, whatever was done, and what it counts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from enum import Enum
from functools import partial

import pytest

from evchat.core.context import Context
from evchat.core.dispatch import Chat
from evchat.core.state import Channel, Session, User, logged_in
from evchat.core.tables import State
from evchat.protocol.authentication import Scram
from evchat.protocol.login import Login
from tests.core.playbook import BEGIN, START, Playbook
from tests.core.scripted_session import effects_of_a_session

VALUES = (str, bytes, bytearray, int, float, bool, type(None), Enum)
CONTAINERS = (tuple, list, set, frozenset, deque)


def parts(thing: object) -> Iterator[object]:
    """What an object of a declared class holds in its fields."""
    for kind in type(thing).__mro__:
        for name in getattr(kind, "__slots__", ()):
            if hasattr(thing, name):
                yield getattr(thing, name)
    yield from vars(thing).values() if hasattr(thing, "__dict__") else ()


def not_plain(root: object) -> list[object]:
    """All that can be reached from an object and is neither a value, nor a container, nor of a class of the project."""
    found: list[object] = []
    seen: set[int] = set()
    left = [root]
    while left:
        thing = left.pop()
        if id(thing) in seen or isinstance(thing, VALUES):
            continue
        seen.add(id(thing))
        if type(thing) in CONTAINERS:
            left += thing  # type: ignore[misc]
        elif type(thing) is dict:
            left += [*thing.keys(), *thing.values()]
        elif type(thing).__module__.startswith("evchat.") and not isinstance(thing, Context | Chat):
            left += parts(thing)
        else:
            found.append(thing)
    return found


def test_the_state_and_the_dialects_hold_plain_values_only() -> None:
    made: list[object] = []
    for _ in effects_of_a_session(0, made):  # type: ignore[arg-type]
        pass
    chat, *dialects = made
    assert isinstance(chat, Chat)
    assert not_plain(chat.state) == []
    assert [thing for dialect in dialects for thing in not_plain(dialect)] == []


def test_the_state_is_plain_also_while_a_password_is_checked() -> None:
    play = Playbook()
    play.register("alice")
    play.deferred = True
    for who in ("x", "y"):
        play.connect(who)
    play.ask("x", Login("alice", "secret"))
    play.ask("y", BEGIN)
    play.ask("y", Scram(1, "n,,n=alice,r=x"))
    sessions = play.chat.state.sessions
    assert sessions[play.sid("x")].pending is not None and sessions[play.sid("y")].exchange is not None
    assert not_plain(play.chat.state) == []


@pytest.mark.parametrize("foreign", [print, partial(print), iter(()), object(), lambda: None])
def test_what_is_not_plain_is_found(foreign: object) -> None:
    state = State()
    state.users["x"] = foreign  # type: ignore[assignment]
    assert not_plain(state) == [foreign]


# ---- what the state counts ------------------------------------------------------------------------------------


def test_an_audience_is_the_same_object_until_somebody_comes_or_goes() -> None:
    channel, user = Channel("#c", "#c"), User("alice", "alice", START)
    user.channels["#c"], channel.members["alice"] = channel, user
    channel.changed()
    user.add(Session(1, "192.0.2.1"))
    before = channel.audience
    assert channel.audience is before and tuple(before) == (1,) and user.audience.topic == "alice"
    second = Session(2, "192.0.2.1")
    user.add(second)
    assert tuple(channel.audience) == tuple(user.audience) == (1, 2)
    user.remove(second)
    assert tuple(channel.audience) == (1,) and second.user is None


def test_a_session_that_is_logged_in_has_its_user() -> None:
    play = Playbook()
    play.enter("alice")
    session = play.chat.state.sessions[play.sid("alice")]
    assert logged_in(session) is play.chat.state.users["alice"]
