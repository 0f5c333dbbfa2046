"""Slow clients: those with too much output pending are cut, the largest first; the silent are pinged, then cut."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.json.dialect import JsonDialect
from evchat.net.connection import Connection
from evchat.protocol.basics import Welcomed
from evchat.server.client import NEVER, OUTPUT, Client, Throttle
from evchat.server.slow_clients import SlowClients
from evchat.settings.model import Limits


class Debt:
    """What is asked of a connection."""

    def __init__(self) -> None:
        self.pending_output = 0
        self.late = False
        self.asked_at: list[float] = []

    def overdue(self, now: float) -> str | None:
        self.asked_at.append(now)
        return "Too slow." if self.late else None


class Yard:
    """The judge, its clients, and those that it has cut, in order, with the reasons."""

    def __init__(self, **limits: Any) -> None:
        self.cut: list[tuple[int, str]] = []
        self.slow_clients = SlowClients(Limits(**limits))
        self.clients: dict[int, Client] = {}

    def _cut(self, named: Iterable[tuple[Client, str]]) -> None:
        """As the front does: what an aborted connection had queued is dropped."""
        for client, reason in named:
            self.cut.append((client.sid, reason))
            self.debt(client).pending_output = 0

    def add(self, sid: int, *, full: bool = True, heard: float = 0.0) -> Client:
        dialect = JsonDialect()
        if full:
            dialect.encode(Welcomed(0, None, "evchat", "1", 1, (), ()))
        client = self.clients[sid] = Client(sid, "127.0.0.1", dialect, Throttle(1, 1, 0.0), heard)
        client.connection = cast(Connection, Debt())
        return client

    @staticmethod
    def debt(client: Client) -> Debt:
        return cast(Debt, client.connection)

    def owes(self, client: Client, pending_output: int, now: float = 0.0) -> None:
        self.debt(client).pending_output = pending_output
        reason = self.slow_clients.flushed(client, now)
        if reason is not None:
            self._cut([(client, reason)])

    def judge(self, now: float) -> None:
        self._cut(self.slow_clients.overdue(now))

    def judge_total(self) -> None:
        self._cut(self.slow_clients.over_total())

    def silent(self, now: float) -> list[tuple[int, bool]]:
        return [(client.sid, gone) for client, gone in self.slow_clients.silent(self.clients, now)]


# ---- debts


def test_who_owes_something_is_remembered_until_it_is_paid() -> None:
    yard = Yard()
    client = yard.add(1)
    yard.owes(client, 10)
    assert yard.slow_clients.pending == {client}
    yard.owes(client, 0)
    assert yard.slow_clients.pending == set() and yard.cut == []


def test_who_is_overdue_at_the_flush_is_cut_at_once_with_the_connections_reason() -> None:
    yard = Yard()
    client = yard.add(1)
    yard.debt(client).late = True
    yard.owes(client, 10, now=3.5)
    assert yard.cut == [(1, "Too slow.")] and yard.slow_clients.pending == set()
    assert yard.debt(client).asked_at == [3.5]


def test_who_has_paid_everything_is_not_judged() -> None:
    yard = Yard()
    client = yard.add(1)
    yard.debt(client).late = True
    yard.owes(client, 0)
    yard.judge(1.0)
    assert yard.cut == [] and yard.debt(client).asked_at == []


def test_judging_looks_at_all_who_owe_and_cuts_those_that_are_overdue_once() -> None:
    yard = Yard()
    late, early = yard.add(1), yard.add(2)
    yard.owes(late, 10)
    yard.owes(early, 10)
    yard.debt(late).late = True
    yard.judge(30.0)
    yard.judge(31.0)
    assert yard.cut == [(1, "Too slow.")]
    assert yard.debt(early).asked_at == [0.0, 30.0, 31.0]


def test_when_all_together_owe_too_much_the_largest_go_first_and_no_more_than_needed() -> None:
    yard = Yard(output_total=100_000)
    for sid, pending_output in enumerate((30_000, 60_000, 20_000, 50_000), 1):
        yard.owes(yard.add(sid), pending_output)
    yard.judge_total()
    assert [sid for sid, _ in yard.cut] == [2]
    assert "100000 bytes" in yard.cut[0][1]
    yard.judge_total()
    assert len(yard.cut) == 1


def test_who_is_gone_owes_nothing_any_more_however_often_that_is_said() -> None:
    yard = Yard(output_total=100_000)
    gone, one, other = (yard.add(sid) for sid in (1, 2, 3))
    yard.owes(gone, 90_000)
    yard.slow_clients.forget(gone)
    yard.slow_clients.forget(gone)
    yard.owes(one, 90_000)
    yard.judge_total()
    assert yard.cut == [] and yard.slow_clients.pending == {one}
    yard.owes(other, 20_000)
    yard.judge_total()
    assert [sid for sid, _ in yard.cut] == [2]


SIDS = range(5)
sids = st.sampled_from(SIDS)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("owes"), sids, st.integers(0, 7)),
        st.tuples(st.just("becomes late"), sids, st.just(0)),
        st.tuples(st.just("is in time"), sids, st.just(0)),
        st.tuples(st.just("is gone"), sids, st.just(0)),
        st.tuples(st.just("judge"), st.just(0), st.just(0)),
    ),
    max_size=40,
)


@given(steps)
def test_the_total_is_the_sum_of_all_debts_whatever_happens(story: list[tuple[str, int, int]]) -> None:
    most = 10
    yard = Yard(output_total=most)
    for sid in SIDS:
        yard.add(sid)
    debts: dict[int, int] = {}
    """What a naive bookkeeper writes down; nobody owes 0."""
    for step, sid, pending_output in story:
        client, debt = yard.clients[sid], yard.debt(yard.clients[sid])
        match step:
            case "owes":
                yard.owes(client, pending_output)
                debts.pop(sid, None)
                if pending_output:
                    debts[sid] = pending_output
                assert [cut for cut, _ in yard.cut] == ([sid] if pending_output and debt.late else [])
            case "becomes late" | "is in time":
                debt.late = step == "becomes late"
            case "is gone":
                debts.pop(sid, None)
                yard.slow_clients.forget(client)
            case "judge":
                yard.judge(0.0)
                late = {sid for sid in debts if yard.debt(yard.clients[sid]).late}
                assert {cut for cut, _ in yard.cut} == late and len(yard.cut) == len(late)
        for cut, _ in yard.cut:
            del debts[cut]
        yard.cut.clear()
        yard.judge_total()
        for cut, _ in yard.cut:
            assert sum(debts.values()) > most and debts[cut] == max(debts.values())
            del debts[cut]
        yard.cut.clear()
        assert sum(debts.values()) <= most
        assert {client.sid for client in yard.slow_clients.pending} == set(debts)


# ---- silence


def test_who_is_silent_is_asked_and_then_given_up() -> None:
    yard = Yard(ping_after=90.0, dead_after=150.0)
    client = yard.add(1, heard=1000.0)
    assert yard.silent(1089.0) == []
    assert yard.silent(1094.0) == [(1, False)]
    client.pinged = True
    assert yard.silent(1100.0) == []
    assert yard.silent(1149.0) == []
    assert yard.silent(1154.0) == [(1, True)]


def test_any_sign_of_life_starts_the_silence_anew() -> None:
    yard = Yard(ping_after=90.0, dead_after=150.0)
    client = yard.add(1, heard=1000.0)
    assert yard.silent(1095.0) == [(1, False)]
    client.heard = 1096.0
    assert yard.silent(1180.0) == []
    assert yard.silent(1190.0) == [(1, False)]


def test_who_can_not_be_asked_or_is_done_is_left_to_the_kernel() -> None:
    yard = Yard(ping_after=90.0, dead_after=150.0)
    yard.add(1, full=False, heard=0.0)
    yard.add(2, heard=0.0).waits_for = NEVER
    assert yard.silent(1000.0) == []


def test_it_is_looked_only_now_and_then() -> None:
    yard = Yard(ping_after=90.0, dead_after=150.0)
    yard.add(1, heard=0.0)
    assert yard.silent(1000.0) == [(1, True)]
    assert yard.silent(1001.0) == [] and yard.silent(1004.9) == []
    assert yard.silent(1005.0) == [(1, True)]


def test_with_short_time_outs_it_is_looked_more_often() -> None:
    yard = Yard(ping_after=2.0, dead_after=4.0)
    yard.add(1, heard=1000.0)
    assert yard.silent(1000.0) == []
    assert yard.silent(1002.0) == [(1, False)]
    assert yard.silent(1002.25) == []
    assert yard.silent(1002.5) == [(1, False)]


def test_clients_may_go_while_the_silent_ones_are_named() -> None:
    yard = Yard(ping_after=90.0, dead_after=150.0)
    for sid in range(3):
        yard.add(sid, heard=0.0)
    named = []
    for client, _ in yard.slow_clients.silent(yard.clients, 1000.0):
        named.append(client.sid)
        del yard.clients[client.sid]
    assert named == [0, 1, 2]


def test_who_is_not_read_from_is_not_blamed_for_silence() -> None:
    yard = Yard(ping_after=90, dead_after=150)
    client = yard.add(1)
    client.unread = b"x"
    assert list(yard.slow_clients.silent(yard.clients, 1000.0)) == []
    client.unread, client.waits_for = b"", OUTPUT
    assert list(yard.slow_clients.silent(yard.clients, 1005.0)) == []
    client.waits_for = 0
    assert list(yard.slow_clients.silent(yard.clients, 1080.0)) == []
    assert list(yard.slow_clients.silent(yard.clients, 1096.0)) == [(client, False)]
