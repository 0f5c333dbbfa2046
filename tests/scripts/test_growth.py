"""What does not grow, counted: with clients who are not concerned, and with what is stored."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from measure.clients import PHASES
from measure.growth import start_up, table
from measure.lockstep import Run, measured
from measure.stored import QUESTIONS, fill, prices
from measure.workloads import DIALECTS, Workload

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures with epoll and /proc")

MORE = {"number at a time": 200, "search": 25_000}
"""Questions that may take that many steps more in a larger store: the first halves, and the second reads a page of what
the index finds, however much that is."""


def _calls(dialect: str, clients: int) -> dict[str, int]:
    """Calls of Python functions for a message, a join, a nick, a part, a kick and a quit beside so many others."""
    found: dict[str, int] = {}
    for visitors in (0, 1):
        workload = Workload("w", "", clients, clients // 10, 1 - visitors, visitors=visitors)
        rounds, _ = measured(Run(workload, dialect, "memory", 5, tally=True))
        found |= {phase: min(each["calls"] for each in all_rounds) for phase, all_rounds in rounds.items()}
    return found


@pytest.mark.e2e
def test_what_messages_and_coming_and_going_cost_does_not_depend_on_those_in_other_channels() -> None:
    few, many = _calls("irc", 20), _calls("irc", 200)
    assert set(few) == set(PHASES)
    for phase, calls in few.items():
        assert many[phase] <= calls + 3, phase


@pytest.mark.e2e
@pytest.mark.parametrize("dialect", [dialect for dialect in DIALECTS if dialect != "irc"])
def test_a_message_costs_the_same_beside_many_others_in_other_dialects(dialect: str) -> None:
    few, many = (
        measured(Run(Workload("w", "", clients, clients // 10, 1), dialect, "memory", 5, tally=True))[0]
        for clients in (20, 200)
    )
    assert min(m["calls"] for m in many["message"]) <= min(f["calls"] for f in few["message"]) + 3


def test_no_question_looks_at_more_rows_because_more_is_stored(tmp_path: Path) -> None:
    fill(tmp_path / "small", 2_000, 100, channels=2)
    fill(tmp_path / "large", 20_000, 2_000, channels=2)
    small, large = prices(tmp_path / "small", 1), prices(tmp_path / "large", 1)
    assert set(small) == {"opening", *QUESTIONS}
    for question, price in small.items():
        assert large[question].steps <= price.steps * 1.05 + MORE.get(question, 20), question


@pytest.mark.e2e
def test_the_cpu_time_of_a_start_is_measured(tmp_path: Path) -> None:
    assert 0 < start_up(tmp_path / "data") < 60


def test_the_table_has_a_column_for_each_size() -> None:
    assert table(["clients", "10", "100"], [("join: µs", ["5", "6"])]).splitlines() == [
        "| clients | 10 | 100 |",
        "|---|---:|---:|",
        "| join: µs | 5 | 6 |",
    ]
