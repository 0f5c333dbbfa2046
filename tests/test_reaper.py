"""The reaper: who owes too much is cut, the fattest first, and who is silent is asked and then given up."""

from __future__ import annotations

from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.json import JsonDialect
from evchat.net.connection import Connection
from evchat.peer import Peer, Throttle
from evchat.protocol.events import Welcomed
from evchat.reaper import Reaper
from evchat.settings.model import Limits


class Debt:
    """What the reaper needs of a connection."""

    def __init__(self) -> None:
        self.owed = 0
        self.late = False
        self.asked_at: list[float] = []
        self.owes_too_much_to_read = False

    def overdue(self, now: float) -> str | None:
        self.asked_at.append(now)
        return "Too slow." if self.late else None


class Yard:
    """A reaper, its peers, and those that it has cut, in order, with the reasons."""

    def __init__(self, **limits: Any) -> None:
        self.cut: list[tuple[int, str]] = []
        self.reaper = Reaper(Limits(**limits), self._cut)
        self.peers: dict[int, Peer] = {}

    def _cut(self, peer: Peer, reason: str) -> None:
        """As the server does: what a doomed connection owed is dropped."""
        self.cut.append((peer.sid, reason))
        self.debt(peer).owed = 0

    def add(self, sid: int, *, full: bool = True, heard: float = 0.0) -> Peer:
        dialect = JsonDialect()
        if full:
            dialect.encode(Welcomed(0, None, "evchat", "1", 1, (), ()))
        peer = self.peers[sid] = Peer(sid, "127.0.0.1", dialect, Throttle(1, 1, 0.0), heard)
        peer.connection = cast(Connection, Debt())
        return peer

    @staticmethod
    def debt(peer: Peer) -> Debt:
        return cast(Debt, peer.connection)

    def owes(self, peer: Peer, owed: int, now: float = 0.0) -> None:
        self.debt(peer).owed = owed
        self.reaper.weigh(peer, now)

    def silent(self, now: float) -> list[tuple[int, bool]]:
        return [(peer.sid, gone) for peer, gone in self.reaper.silent(self.peers, now)]


# ---- debts


def test_who_owes_something_is_remembered_until_it_is_paid() -> None:
    yard = Yard()
    peer = yard.add(1)
    yard.owes(peer, 10)
    assert yard.reaper.owing == {peer}
    yard.owes(peer, 0)
    assert yard.reaper.owing == set() and yard.cut == []


def test_who_is_overdue_at_the_flush_is_cut_at_once_with_the_connections_reason() -> None:
    yard = Yard()
    peer = yard.add(1)
    yard.debt(peer).late = True
    yard.owes(peer, 10, now=3.5)
    assert yard.cut == [(1, "Too slow.")] and yard.reaper.owing == set()
    assert yard.debt(peer).asked_at == [3.5]


def test_who_has_paid_everything_is_not_judged() -> None:
    yard = Yard()
    peer = yard.add(1)
    yard.debt(peer).late = True
    yard.owes(peer, 0)
    yard.reaper.judge(1.0)
    assert yard.cut == [] and yard.debt(peer).asked_at == []


def test_judging_looks_at_all_who_owe_and_cuts_those_that_are_overdue_once() -> None:
    yard = Yard()
    late, early = yard.add(1), yard.add(2)
    yard.owes(late, 10)
    yard.owes(early, 10)
    yard.debt(late).late = True
    yard.reaper.judge(30.0)
    yard.reaper.judge(31.0)
    assert yard.cut == [(1, "Too slow.")]
    assert yard.debt(early).asked_at == [0.0, 30.0, 31.0]


def test_when_all_together_owe_too_much_the_fattest_go_first_and_no_more_than_needed() -> None:
    yard = Yard(output_total=100_000)
    for sid, owed in enumerate((30_000, 60_000, 20_000, 50_000), 1):
        yard.owes(yard.add(sid), owed)
    yard.reaper.judge_total()
    assert [sid for sid, _ in yard.cut] == [2]
    assert "100000 bytes" in yard.cut[0][1]
    yard.reaper.judge_total()
    assert len(yard.cut) == 1


def test_who_is_gone_owes_nothing_any_more_however_often_that_is_said() -> None:
    yard = Yard(output_total=100_000)
    gone, one, other = (yard.add(sid) for sid in (1, 2, 3))
    yard.owes(gone, 90_000)
    yard.reaper.forget(gone)
    yard.reaper.forget(gone)
    yard.owes(one, 90_000)
    yard.reaper.judge_total()
    assert yard.cut == [] and yard.reaper.owing == {one}
    yard.owes(other, 20_000)
    yard.reaper.judge_total()
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
    for step, sid, owed in story:
        peer, debt = yard.peers[sid], yard.debt(yard.peers[sid])
        match step:
            case "owes":
                yard.owes(peer, owed)
                debts.pop(sid, None)
                if owed:
                    debts[sid] = owed
                assert [cut for cut, _ in yard.cut] == ([sid] if owed and debt.late else [])
            case "becomes late" | "is in time":
                debt.late = step == "becomes late"
            case "is gone":
                debts.pop(sid, None)
                yard.reaper.forget(peer)
            case "judge":
                yard.reaper.judge(0.0)
                late = {sid for sid in debts if yard.debt(yard.peers[sid]).late}
                assert {cut for cut, _ in yard.cut} == late and len(yard.cut) == len(late)
        for cut, _ in yard.cut:
            del debts[cut]
        yard.cut.clear()
        yard.reaper.judge_total()
        for cut, _ in yard.cut:
            assert sum(debts.values()) > most and debts[cut] == max(debts.values())
            del debts[cut]
        yard.cut.clear()
        assert sum(debts.values()) <= most
        assert {peer.sid for peer in yard.reaper.owing} == set(debts)


# ---- the doomed


def test_the_dead_are_named_once_in_the_order_of_their_doom() -> None:
    yard = Yard()
    first, second = yard.add(1), yard.add(2)
    yard.reaper.bury_later(second)
    yard.reaper.bury_later(first)
    assert yard.reaper.dead() == [second, first]
    assert yard.reaper.dead() == []


# ---- silence


def test_who_is_silent_is_asked_and_then_given_up() -> None:
    yard = Yard(ping_after=90.0, dead_after=150.0)
    peer = yard.add(1, heard=1000.0)
    assert yard.silent(1089.0) == []
    assert yard.silent(1094.0) == [(1, False)]
    peer.pinged = True
    assert yard.silent(1100.0) == []
    assert yard.silent(1149.0) == []
    assert yard.silent(1154.0) == [(1, True)]


def test_any_sign_of_life_starts_the_silence_anew() -> None:
    yard = Yard(ping_after=90.0, dead_after=150.0)
    peer = yard.add(1, heard=1000.0)
    assert yard.silent(1095.0) == [(1, False)]
    peer.heard = 1096.0
    assert yard.silent(1180.0) == []
    assert yard.silent(1190.0) == [(1, False)]


def test_who_can_not_be_asked_or_is_done_is_left_to_the_kernel() -> None:
    yard = Yard(ping_after=90.0, dead_after=150.0)
    yard.add(1, full=False, heard=0.0)
    yard.add(2, heard=0.0).done = True
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


def test_peers_may_go_while_the_silent_ones_are_named() -> None:
    yard = Yard(ping_after=90.0, dead_after=150.0)
    for sid in range(3):
        yard.add(sid, heard=0.0)
    named = []
    for peer, _ in yard.reaper.silent(yard.peers, 1000.0):
        named.append(peer.sid)
        del yard.peers[peer.sid]
    assert named == [0, 1, 2]


def test_who_is_not_read_from_is_not_blamed_for_silence() -> None:
    yard = Yard(ping_after=90, dead_after=150)
    peer = yard.add(1)
    peer.unread = b"x"
    assert list(yard.reaper.silent(yard.peers, 1000.0)) == []
    peer.unread = b""
    assert list(yard.reaper.silent(yard.peers, 1080.0)) == []
    assert list(yard.reaper.silent(yard.peers, 1095.0)) == [(peer, False)]
