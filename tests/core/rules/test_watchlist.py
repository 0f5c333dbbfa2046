"""Which sessions watch which names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.core.rules.watchlist import Watchlist

steps = st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), st.integers(1, 3)))


@given(steps)
def test_it_holds_what_was_added_and_not_discarded_since(made: list[tuple[bool, str, int]]) -> None:
    watchlist = Watchlist()
    expected: dict[tuple[str, int], None] = {}
    for on, key, sid in made:
        if on:
            watchlist.add(key, sid)
            expected[key, sid] = None
        else:
            watchlist.discard(key, sid)
            expected.pop((key, sid), None)
    assert len(watchlist) == len(expected)
    for key in "abc":
        assert watchlist.of(key) == tuple(sid for name, sid in expected if name == key)


def test_names_that_nobody_watches_any_more_take_no_room() -> None:
    watchlist = Watchlist()
    watchlist.add("a", 1)
    watchlist.discard("a", 1)
    assert watchlist._by_key == {}
