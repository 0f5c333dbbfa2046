"""scripts/measure: the server in lockstep with its clients, whole, by pieces, and under valgrind."""

from __future__ import annotations

import sys

import pytest

from measure import instructions, pieces
from measure.clients import PHASES
from measure.lockstep import Run, measured
from measure.split import PIECES
from measure.workloads import DIALECTS, WORKLOADS, Workload, small

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures with epoll and UNIX sockets")

TINY = Workload("tiny", "2 channels of 3", 6, 2, 4, window=2)


@pytest.mark.parametrize(
    ("workload", "deliveries"),
    [
        (Workload("one", "", 100, 1, 10), 990),
        (Workload("window", "", 100, 1, 10, window=16), 15_840),
        (Workload("many", "", 1000, 100, 1000), 9000),
        (Workload("direct", "", 10, 1, 10, direct=True), 10),
        (Workload("uneven", "", 5, 2, 2), 3),
    ],
)
def test_a_round_has_as_many_deliveries_as_there_are_other_members(
    workload: Workload, deliveries: int
) -> None:
    assert workload.deliveries(echo=False) == deliveries
    assert workload.deliveries(echo=True) == deliveries + workload.messages


def test_the_small_form_of_a_workload_has_channels_of_the_same_size() -> None:
    for workload in WORKLOADS.values():
        smaller = small(workload)
        assert smaller.clients <= 200 and smaller.messages + smaller.visitors > 0
        if workload.channels > 1:
            assert smaller.clients / smaller.channels == workload.clients / workload.channels


@pytest.mark.e2e
@pytest.mark.parametrize("storage", ["memory", "sqlite"])
def test_every_round_is_measured_whole_and_by_pieces(storage: str) -> None:
    (cost,) = pieces.costs(TINY, "irc", storage, sys.executable, 3)
    assert (cost.phase, cost.rounds) == ("message", 3)
    assert 0 < cost.least <= cost.median and cost.least <= cost.mean
    assert set(cost.pieces) == set(PIECES)
    assert all(cost.pieces[piece] > 0 for piece in ("parse", "decide", "commit", "encode", "queue", "kernel"))
    assert sum(cost.pieces.values()) == pytest.approx(cost.least, rel=0.05)


@pytest.mark.e2e
@pytest.mark.parametrize("dialect", DIALECTS)
def test_visitors_come_and_go_in_every_dialect(dialect: str) -> None:
    rounds, _ = measured(Run(Workload("visit", "", 3, 1, 0, visitors=2), dialect, "memory", 2))
    assert {phase: len(found) for phase, found in rounds.items()} == dict.fromkeys(PHASES[1:], 2)


@pytest.mark.e2e
def test_a_run_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="elvish"):
        measured(Run(TINY, "elvish", "memory", 1))


def test_nothing_is_counted_without_valgrind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not instructions.available()
