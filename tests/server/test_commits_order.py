"""The order of what is held back while commits are under way: what waits, for how long, and how it leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from evchat.core.effects import Effect, Reply, Save
from evchat.core.records import LastSeen
from evchat.protocol.basics import Failed, Ping, ServerNotice
from evchat.server.commits import Commits
from tests.core.slow_disk import SlowDisk


@dataclass
class Decision:
    sid: int
    saves: bool
    alone: bool
    number: int
    lost: bool = False
    settled: bool = False


decisions = st.tuples(st.integers(1, 3), st.booleans(), st.booleans())
steps = st.lists(
    st.one_of(decisions, st.sampled_from(["begin", "begin", "begin in vain", "end", "fail", "fail"])),
    max_size=40,
)


@given(steps)
def test_nothing_leaves_before_all_that_was_decided_before_it_is_settled(
    history: list[tuple[int, bool, bool] | str],
) -> None:
    disk = SlowDisk(shy=False)
    undone: list[int] = []
    commits = Commits(disk, lambda _: None, lambda effects: undone.extend(saved(effects)), disk)  # type: ignore[arg-type]
    made: list[Decision] = []
    left: list[Decision] = []
    under_way = 0
    """How many of those made belong to the commit under way or to what is settled."""
    for step in [*history, "end", "begin", "end", "begin"]:
        undone.clear()
        if isinstance(step, tuple):
            sid, saves, alone = step
            decision = Decision(sid, saves, alone and not saves, len(made))
            made.append(decision)
            effects: list[Effect] = [Reply(sid, ServerNotice(decision.number, "told"))]
            if saves:
                effects.insert(0, Save(LastSeen("bob", "Bob", decision.number)))
            (commits.alone(sid) if decision.alone else commits.open).add(
                sid, Ping("", id=str(decision.number)), effects
            )
            continue
        if step.startswith("begin"):
            disk.full = step == "begin in vain"
            begins = not disk.is_committing and any(d.saves and not d.settled for d in made)
            commits.begin(0)
            disk.full = False
            if begins and step == "begin in vain":
                lose(made)
            elif begins:
                under_way = len(made)
        elif disk.is_committing:
            disk.end(fails=step == "fail")
            assert commits.end(0)
            if step == "fail":
                lose(made)
            else:
                for decision in made[:under_way]:
                    decision.settled = True
        if not disk.is_committing and not any(d.saves and not d.settled for d in made):
            for decision in made:
                decision.settled = True
        leave(commits, made, left)
        assert undone == sorted(undone, reverse=True), "newest first"
    assert len(left) == len(made)
    for sid in (1, 2, 3):
        numbers = [decision.number for decision in left if decision.sid == sid]
        assert numbers == sorted(numbers), "whoever asks is answered in order"
    numbers = [decision.number for decision in left if not decision.alone]
    assert numbers == sorted(numbers)
    assert {record.seen for record in disk.kept if isinstance(record, LastSeen)} == {
        decision.number for decision in made if decision.saves and not decision.lost
    }


def lose(made: list[Decision]) -> None:
    for decision in made:
        if not decision.settled:
            decision.lost, decision.settled = decision.saves, True


def leave(commits: Commits, made: list[Decision], left: list[Decision]) -> None:
    """What may be carried out is carried out."""
    effects, _ = commits.take()
    for effect in effects:
        assert isinstance(effect, Reply)
        event = effect.event
        failed = isinstance(event, Failed)
        number = int(event.reply_to or 0) if isinstance(event, Failed) else event.at
        decision = made[number]
        assert decision.lost is failed
        if not decision.settled:
            assert decision.alone
            assert all(d.settled for d in made[:number] if d.sid == decision.sid and not d.alone)
        left.append(decision)


def saved(effects: Iterable[object]) -> list[int]:
    return [
        effect.record.seen
        for effect in effects
        if isinstance(effect, Save) and isinstance(effect.record, LastSeen)
    ]
