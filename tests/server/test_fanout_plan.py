"""Plans: whom an audience means, followed as clients come and go."""

from __future__ import annotations

from collections import Counter
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from evchat.core.audience import Audience
from evchat.protocol.base import Event
from evchat.protocol.basics import ServerNotice
from evchat.server.fanout_plan import Plan
from tests.server.test_fanout import Accent, Hall, frame

crowds = st.lists(st.integers(0, 12), unique=True).map(tuple)


@given(st.lists(st.sampled_from("abc"), min_size=10, max_size=10), st.lists(crowds, min_size=2, max_size=6))
def test_a_plan_that_has_followed_means_the_same_as_a_new_one(
    spoken: list[str], steps: list[tuple[int, ...]]
) -> None:
    hall = Hall(*spoken)
    plan = Plan(Audience("#a", steps[0]), hall.clients)
    for sids in steps[1:]:
        plan.follow(Audience("#a", sids), hall.clients)
        groups = {
            cast(str, group.dialect.variant): set(group.members) for group in plan.groups if group.members
        }
        expected = [(spoken[sid], sid) for sid in sids if sid in hall.clients]
        assert groups == {
            variant: {sid for one, sid in expected if one == variant} for variant, _ in expected
        }


class Asked(Accent):
    """Counts how often it is asked for its variant: once for each plan that its client gets into."""

    def __init__(self, asked: list[None]) -> None:
        self._asked = asked
        self._encoded = Counter()

    @property
    def variant(self) -> str:  # type: ignore[override]
        self._asked.append(None)
        return "a"

    def encode(self, event: Event) -> bytes:
        return frame("a", cast(ServerNotice, event).text)


def test_a_plan_follows_its_audience_at_the_cost_of_who_comes_and_goes() -> None:
    hall, asked = Hall(*"a" * 100), list[None]()
    for client in hall.clients.values():
        client.dialect = Asked(asked)
    present: list[int] = []
    for sid in range(100):
        present.append(sid)
        hall.deliver("came", Audience("#a", tuple(present)), but=sid)
    for sid in range(0, 100, 2):
        present.remove(sid)
        hall.deliver("went", Audience("#a", tuple(present)))
    hall.deliver("first", Audience("#a", (0, *present)))
    hall.flush()
    assert len(asked) == 101
    assert hall.heard(0) == b"a: came\n" * 99 + b"a: first\n"
    assert hall.heard(99) == b"a: went\n" * 50 + b"a: first\n"
