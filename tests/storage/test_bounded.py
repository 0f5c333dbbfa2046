"""A dict that forgets what was kept longest ago."""

from __future__ import annotations

from evchat.storage.bounded import Bounded


def test_what_was_kept_longest_ago_is_forgotten_first() -> None:
    some: Bounded[str, int] = Bounded(2)
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        some.keep(key, value)
    assert list(some.items()) == [("a", 3), ("c", 4)]
