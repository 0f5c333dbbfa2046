"""Audiences: values that never change, and that can be told from each other by what they are."""

from __future__ import annotations

from evchat.core.audience import Audience, pick


def test_an_audience_is_a_collection_of_sessions_under_a_topic() -> None:
    audience = Audience("#main", (3, 5))
    assert list(audience) == [3, 5] and len(audience) == 2
    assert 5 in audience and 4 not in audience
    assert audience == Audience("#main", (3, 5)) != Audience("#ops", (3, 5))


def test_nobody_is_an_audience_too() -> None:
    assert not pick(())


def test_what_is_picked_stays_as_it_was_and_has_no_topic() -> None:
    sids = {1: None, 2: None}
    audience = pick(sids)
    del sids[1]
    assert list(audience) == [1, 2] and audience.topic == ""
