"""A dict that lets the oldest go."""

from __future__ import annotations

from evchat.settings.client import MAX_REMEMBERED
from tui.model.bounded_dict import BoundedDict


def test_what_was_put_in_last_is_there_and_the_oldest_goes() -> None:
    held = BoundedDict()
    for number in range(MAX_REMEMBERED + 5):
        held[str(number)] = number
    assert len(held) == MAX_REMEMBERED
    assert "4" not in held and held["5"] == 5 and held[str(MAX_REMEMBERED + 4)] == MAX_REMEMBERED + 4


def test_a_key_that_is_put_in_again_lets_nothing_go() -> None:
    held = BoundedDict()
    for number in range(MAX_REMEMBERED):
        held[str(number)] = number
    held["0"] = 7
    assert len(held) == MAX_REMEMBERED and held["0"] == 7
