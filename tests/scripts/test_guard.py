"""scripts/guard.py: costs are counted exactly, and one above its bound is an error."""

from __future__ import annotations

import sys

import pytest

import guard
from measure.counting import COUNTED
from measure.lockstep import Run, measured
from measure.workloads import Workload

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts with UNIX sockets")

TINY = Workload("tiny", "2 channels of 3", 6, 2, 6)


@pytest.mark.e2e
def test_counts_are_the_same_in_every_round() -> None:
    rounds, _ = measured(Run(TINY, "irc", "memory", 5, tally=True))
    first, *others = rounds["message"][1:]
    assert set(COUNTED) <= set(first)
    assert all(each[what] == first[what] for each in others for what in COUNTED)
    assert (first["sends"], first["commits"]) == (6, 0)
    assert first["calls"] > 100 and first["held"] > 6


@pytest.mark.e2e
def test_the_messages_of_a_round_share_a_commit() -> None:
    rounds, _ = measured(Run(TINY, "irc", "sqlite", 3, tally=True))
    assert {each["commits"] for each in rounds["message"]} == {1}


@pytest.mark.e2e
def test_a_cost_above_its_bound_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(guard.WORKLOADS, "tiny", TINY)
    good = guard.Bound("tiny", "irc", "memory", "sends", 1)
    monkeypatch.setattr(guard, "BOUNDS", (good,))
    assert guard.main(["--no-valgrind"]) == 0
    monkeypatch.setattr(guard, "BOUNDS", (good, guard.Bound("tiny", "irc", "memory", "calls", 1)))
    assert guard.main(["--no-valgrind"]) == 1
    assert "TOO MANY" in capsys.readouterr().out
