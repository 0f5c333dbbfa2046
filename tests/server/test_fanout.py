"""Fan-out: everyone hears everything that is for them, once and in order, encoded once a variant."""

from __future__ import annotations

import socket
import weakref
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core.audience import Audience, pick
from evchat.net.connection import Connection
from evchat.net.hooks import Hooks
from evchat.net.loop import Loop
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import ServerNotice
from evchat.protocol.channels import Joined
from evchat.server.client import Client, Throttle
from evchat.server.fanout import Fanout
from evchat.settings.model import Config

SILENT = "not for b"


class Accent:
    """A dialect whose frames name their variant. Variant b says nothing about some events."""

    name = "accent"
    paced = False
    pings = False
    context = False
    acknowledges = False

    def __init__(self, variant: str, encoded: Counter[str]) -> None:
        self.variant = variant
        self._encoded = encoded

    def greet(self) -> list[Request]:
        return []

    def receive(self, data: bytes) -> list[Request]:
        return []

    def end(self) -> list[Request]:
        return []

    def reconfigure(self, config: Config) -> bytes:
        return b""

    def encode(self, event: Event) -> bytes:
        self._encoded[self.variant] += 1
        return frame(
            self.variant, event.name if isinstance(event, Joined) else cast(ServerNotice, event).text
        )

    def answer(self, event: Event) -> bytes:
        return self.encode(event)


def frame(variant: str, text: str) -> bytes:
    return b"" if variant == "b" and text.startswith(SILENT) else f"{variant}: {text}\n".encode()


class Pipe:
    """What the fan-out needs of a connection, and the bytes that have left it."""

    def __init__(self) -> None:
        self.queue: list[bytes] = []
        self.append = self.queue.append
        self.left = b""

    def flush(self) -> None:
        self.left += b"".join(self.queue)
        self.queue.clear()


class Hall:
    """A fan-out and its clients, by session id; each has a variant."""

    def __init__(self, *variants: str) -> None:
        self.encoded: Counter[str] = Counter()
        self.clients: dict[int, Client] = {}
        self.dirty: set[Client] = set()
        self.fanout = Fanout(self.clients, self.dirty)
        self._gone: set[int] = set()
        for sid, variant in enumerate(variants):
            self.enter(sid, variant)

    def enter(self, sid: int, variant: str) -> None:
        client = Client(sid, "127.0.0.1", Accent(variant, self.encoded), Throttle(1, 1, 0.0), 0.0)
        client.connection = cast(Connection, Pipe())
        self.clients[sid] = client
        if sid in self._gone:  # a server gives no id twice
            self.fanout.forget()

    def leave(self, sid: int) -> None:
        self.dirty.discard(self.clients.pop(sid))
        self._gone.add(sid)
        self.fanout.departed()

    def deliver(self, text: str, audience: Audience, but: int | None = None) -> None:
        self.fanout.deliver(ServerNotice(0, text), audience, but)

    def tell(self, sid: int, text: str) -> None:
        self.fanout.tell(self.clients[sid], ServerNotice(0, text))

    def queue(self, sid: int) -> list[bytes]:
        return self.clients[sid].connection.queue

    def flush(self) -> None:
        """As the server does: whoever is not marked keeps what is queued, and that is found out at the end."""
        self.fanout.settle()
        for client in self.dirty:
            client.connection.flush()
        self.dirty.clear()

    def heard(self, sid: int) -> bytes:
        return cast(Any, self.clients[sid].connection).left


# ---- the law

SIDS = range(8)
sids = st.sampled_from(SIDS)
variants = st.sampled_from("abc")
texts = st.sampled_from(["hi", "ho", SILENT])
members = st.lists(st.sampled_from(range(10)), unique=True, max_size=10).map(tuple)
audiences = st.lists(
    st.builds(Audience, st.sampled_from(["", "#a", "#b", "alice"]), members), min_size=1, max_size=4
)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("deliver"), st.integers(0, 3), st.none() | st.sampled_from(range(10)), texts),
        st.tuples(st.just("deliver"), st.integers(0, 1), st.none(), texts),
        st.tuples(st.just("tell"), sids, texts),
        st.tuples(st.just("settle")),
        st.tuples(st.just("forget")),
        st.tuples(st.just("flush")),
        st.tuples(st.just("leave"), sids),
        st.tuples(st.just("enter"), sids, variants),
        st.tuples(st.just("changes"), sids, variants),
        st.tuples(st.just("another audience"), st.integers(0, 3), members),
        st.tuples(st.just("grows"), st.integers(0, 3), st.sampled_from(range(10))),
    ),
    max_size=60,
)


@given(st.lists(variants, min_size=len(SIDS), max_size=len(SIDS)), audiences, operations)
def test_every_client_hears_what_naive_delivery_of_each_event_in_order_would_give(
    spoken: list[str], crowds: list[Audience], steps: list[tuple[Any, ...]]
) -> None:
    hall = Hall(*spoken)
    naive = dict.fromkeys(SIDS, b"")
    for number, (step, *what) in enumerate(steps):
        hall.encoded.clear()
        match step, what:
            case "deliver", (index, but, text):
                audience, text = crowds[index % len(crowds)], f"{text} {number}"
                hall.deliver(text, audience, but)
                for sid in audience:
                    if sid in hall.clients and sid != but:
                        naive[sid] += frame(cast(str, hall.clients[sid].dialect.variant), text)
                assert set(hall.encoded.values()) <= {1}, "encoded twice for one variant"
            case "tell", (sid, text) if sid in hall.clients:
                hall.tell(sid, f"{text} {number}")
                naive[sid] += frame(cast(str, hall.clients[sid].dialect.variant), f"{text} {number}")
            case "settle", _:
                hall.fanout.settle()
            case "forget", _:
                hall.fanout.forget()
            case "flush", _:
                hall.flush()
            case "leave", (sid,) if sid in hall.clients:
                hall.leave(sid)
            case "enter", (sid, variant) if sid not in hall.clients:
                hall.enter(sid, variant)
                naive[sid] = b""
            case "changes", (sid, variant) if sid in hall.clients:
                cast(Any, hall.clients[sid].dialect).variant = variant
                hall.fanout.forget()
            case "another audience", (index, sids):
                crowds[index % len(crowds)] = Audience(crowds[index % len(crowds)].topic, sids)
            case "grows", (index, sid) if sid not in crowds[index % len(crowds)]:
                crowd = crowds[index % len(crowds)]
                crowds[index % len(crowds)] = Audience(crowd.topic, (*crowd.sids, sid))
    hall.flush()
    for sid in hall.clients:
        assert hall.heard(sid) == naive[sid]
        assert hall.queue(sid) == [], "queued without a mark"


# ---- what it costs


def test_all_of_a_variant_share_one_bytes_object_for_all_that_a_pass_says() -> None:
    hall, audience = Hall("a", "a", "b", "b", "a"), Audience("#a", (0, 1, 2, 3, 4))
    for text in ("one", "two", "three"):
        hall.deliver(text, audience)
    hall.fanout.settle()
    assert hall.queue(0) == [b"a: one\na: two\na: three\n"] and hall.queue(2) == [
        b"b: one\nb: two\nb: three\n"
    ]
    assert hall.queue(0)[0] is hall.queue(1)[0] is hall.queue(4)[0]
    assert hall.queue(2)[0] is hall.queue(3)[0]
    assert hall.encoded == {"a": 3, "b": 3}


def test_whoever_comes_in_the_middle_of_a_pass_hears_what_follows_and_the_others_still_share_all_of_it() -> (
    None
):
    hall = Hall("a", "a", "a", "b")
    hall.deliver("one", Audience("#a", (0, 1)))
    hall.deliver("two", Audience("#a", (0, 1, 2)), but=2)
    hall.deliver("three", Audience("#a", (0, 1, 2, 3)), but=3)
    hall.deliver("four", Audience("#a", (0, 1, 2, 3)))
    hall.fanout.settle()
    assert hall.queue(0) == [b"a: one\na: two\na: three\na: four\n"] and hall.queue(0)[0] is hall.queue(1)[0]
    assert b"".join(hall.queue(2)) == b"a: three\na: four\n"
    assert hall.queue(3) == [b"b: four\n"]


def test_a_single_event_is_queued_as_the_frame_itself_and_shared() -> None:
    hall = Hall("a", "a")
    hall.deliver("one", pick((0, 1)))
    hall.fanout.settle()
    assert hall.queue(0)[0] is hall.queue(1)[0]


def test_the_talkers_answers_cost_the_others_nothing() -> None:
    hall, audience = Hall("a", "a", "a"), Audience("#a", (0, 1, 2))
    hall.tell(0, "sent")
    hall.deliver("hi", audience, but=0)
    hall.tell(1, "sent")
    hall.deliver("ho", audience, but=1)
    hall.fanout.settle()
    assert hall.queue(2) == [b"a: hi\na: ho\n"]
    assert b"".join(hall.queue(0)) == b"a: sent\na: ho\n"
    assert b"".join(hall.queue(1)) == b"a: hi\na: sent\n"
    assert hall.encoded["a"] == 4


def test_who_talked_in_one_pass_shares_with_all_others_in_the_next() -> None:
    hall, audience = Hall("a", "a", "a"), Audience("#a", (0, 1, 2))
    hall.deliver("hi", audience, but=0)
    hall.deliver("ho", audience, but=1)
    hall.flush()
    for text in ("one", "two"):
        hall.deliver(text, audience)
    hall.fanout.settle()
    assert hall.queue(0)[0] is hall.queue(1)[0] is hall.queue(2)[0]


def test_nothing_leaves_for_an_audience_of_nobody() -> None:
    hall = Hall("a")
    hall.deliver("hi", pick(()))
    hall.deliver("hi", pick((7, 8)))
    hall.fanout.settle()
    assert hall.queue(0) == [] and not hall.dirty and not hall.encoded


def test_what_a_dialect_says_nothing_about_queues_and_marks_nothing() -> None:
    hall = Hall("a", "b")
    hall.deliver(SILENT, pick((1,)))
    hall.tell(1, SILENT)
    hall.deliver(SILENT, pick((0, 1)))
    hall.fanout.settle()
    assert hall.queue(1) == [] and hall.dirty == {hall.clients[0]}


class Seen(Audience):
    """An audience of which it can be seen whether somebody keeps it."""

    __slots__ = ("__weakref__",)


@pytest.mark.parametrize("topic", ["", "#a"])
def test_audiences_that_have_been_replaced_are_not_kept(topic: str) -> None:
    hall = Hall("a")
    kept = []
    for _ in range(300):
        audience = Seen(topic, tuple(range(1000)))
        kept.append(weakref.ref(audience))
        hall.deliver("hi", audience)
        hall.fanout.settle()
        del audience
    assert sum(audience() is not None for audience in kept) <= 1


def test_clients_that_are_gone_are_not_kept_by_plans_that_nobody_uses_any_more() -> None:
    hall = Hall(*"a" * 1000)
    for sid in hall.clients:
        hall.deliver("hi", Audience(f"#{sid}", (sid,)))
    hall.flush()
    for sid in range(1000):
        hall.leave(sid)
    kept = sum(len(group.members) for plan in hall.fanout._plans.values() for group in plan.groups)
    assert kept <= 100


def test_plans_of_topics_that_nobody_uses_any_more_do_not_pile_up() -> None:
    hall = Hall("a")
    kept = []
    for number in range(300):
        audience = Seen(f"#{number}", tuple(range(1000)))
        kept.append(weakref.ref(audience))
        hall.deliver("hi", audience)
        del audience
    assert sum(audience() is not None for audience in kept) < 250


# ---- what may wait


def test_that_others_come_and_go_may_wait_until_there_is_something_else() -> None:
    hall, audience = Hall("a", "a", "a"), Audience("#a", (0, 1, 2))
    for name in ("ann", "ben"):
        hall.fanout.deliver(Joined(0, name, "#a"), audience, None)
    hall.fanout.settle()
    assert (
        list(hall.fanout.unhurried) == [hall.clients[0], hall.clients[1], hall.clients[2]] and not hall.dirty
    )
    assert hall.queue(0) == [b"a: ann\na: ben\n"]
    hall.fanout.deliver(Joined(0, "cyd", "#a"), audience, None)
    hall.deliver("hi", audience, but=1)
    hall.fanout.settle()
    assert hall.dirty == set(hall.clients.values())
    assert b"".join(hall.queue(1)) == b"a: ann\na: ben\na: cyd\n"
    assert b"".join(hall.queue(2)) == b"a: ann\na: ben\na: cyd\na: hi\n"


# ---- who comes and goes


def test_marked_are_all_who_owe_something_after_settling() -> None:
    hall = Hall("a", "a", "b", "a")
    hall.deliver("hi", pick((0, 2)))
    assert hall.queue(0) == [] and hall.queue(2) == []
    hall.tell(3, "you")
    assert hall.dirty == {hall.clients[3]}
    hall.fanout.settle()
    assert hall.dirty == {hall.clients[0], hall.clients[2], hall.clients[3]}


def test_clients_that_are_gone_are_left_out_and_who_took_their_place_hears_only_what_is_new() -> None:
    hall, audience = Hall("a", "a"), Audience("#a", (0, 1))
    hall.deliver("old", audience)
    hall.leave(0)
    hall.deliver("none", audience, but=0)
    hall.enter(0, "b")
    hall.deliver("new", audience)
    hall.flush()
    assert hall.heard(0) == b"b: new\n" and hall.heard(1) == b"a: old\na: none\na: new\n"


def test_a_sender_that_is_not_in_the_audience_keeps_nobody_from_hearing() -> None:
    hall = Hall("a", "a")
    hall.deliver("from outside", pick((0,)), but=1)
    hall.deliver("from nobody", pick((0,)), but=99)
    hall.flush()
    assert hall.heard(0) == b"a: from outside\na: from nobody\n" and hall.heard(1) == b""


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def loop(clock: Clock) -> Iterator[Loop]:
    loop = Loop(clock=clock)
    yield loop
    loop.close()


def test_a_paced_client_gets_what_was_queued_as_one_frame_after_the_other(loop: Loop, clock: Clock) -> None:
    ours, theirs = socket.socketpair()
    hall = Hall("a", "a")
    connection = Connection(loop, ours, Hooks(print, print, print, print))
    connection.pace = 0.02
    hall.clients[0].connection = connection
    hall.fanout.forget()
    for text in ("one", "two"):
        hall.deliver(text, pick((0, 1)))
    hall.tell(0, "three")
    hall.flush()
    assert hall.heard(1) == b"a: one\na: two\n"
    assert theirs.recv(4096) == b"a: one\n"
    for expected in (b"a: two\n", b"a: three\n"):
        connection.flush()
        with pytest.raises(BlockingIOError):
            theirs.recv(4096, socket.MSG_DONTWAIT)
        clock.now += 0.021
        connection.flush()
        assert theirs.recv(4096) == expected
    connection.close()
    theirs.close()
