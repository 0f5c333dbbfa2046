"""Long questions in steps: the same answers as in one go, from every store."""

from __future__ import annotations

import pytest

from evchat.core.query import Query
from evchat.core.records import DirectsOf, InboxEntry, MessagesMatching, ReadMark
from evchat.core.store import Store
from evchat.storage.steps import Pace, last_step
from tests.storage.samples import keep, message

QUESTIONS: list[Query[object]] = [
    MessagesMatching("word", "alice", ("#c",), True, 10),  # type: ignore[list-item]
    MessagesMatching("word 7", "alice", ("#c",), False, 10),  # type: ignore[list-item]
    MessagesMatching("", "alice", ("#c",), False, 10),  # type: ignore[list-item]
    MessagesMatching("word", "alice", ("#c",), False, 10_000, 500),  # type: ignore[list-item]
    DirectsOf("alice", 2, 10),  # type: ignore[list-item]
    DirectsOf("nobody", 2, 10),  # type: ignore[list-item]
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question)[:60])
def test_the_steps_lead_to_the_answer_that_the_store_gives_at_once(
    store: Store, question: Query[object]
) -> None:
    keep(store, *(message("#c", seq, f"word {seq} " + "and more " * 50) for seq in range(1, 1200)))
    for name in ("bob", "carol", "dave"):
        pair = " ".join(sorted(("alice", name)))
        keep(store, message(pair, 1, "a word"), InboxEntry("alice", pair, 1), ReadMark("alice", pair, 0))
    reader = store.long_reader()
    assert last_step(reader.steps(question)) == store.fetch(question)
    reader.interrupt()
    assert last_step(reader.steps(question)) == store.fetch(question), "an interrupt of nothing ends nothing"
    if reader is not store:
        reader.close()


def test_a_question_that_looks_at_much_takes_several_steps(store: Store) -> None:
    keep(store, *(message("#c", seq, f"word {seq} " + "and more " * 100) for seq in range(1, 1200)))
    reader = store.long_reader()
    steps = list(reader.steps(MessagesMatching("nothing", "alice", ("#c",), False, 10)))
    assert steps[:-1] == [None] * (len(steps) - 1) and steps[-1] == []
    assert len(steps) > 2
    if reader is not store:
        reader.close()


def test_a_pace_ends_a_step_before_the_work_that_goes_beyond_it() -> None:
    pace = Pace()
    ends = [pace.is_over(1_000) for _ in range(100)]
    assert ends.count(True) == 5 and not ends[0]
    assert pace.is_over(10**9) and not pace.is_over(1)
