"""Effects: values, whatever they are to be undone or answered with."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.core.audience import pick
from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Hash, Log, Reply, Save
from evchat.protocol.basics import Pinged, ServerNotice

NOTICE = ServerNotice(1, "x")


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (Reply(1, NOTICE), Reply(1, NOTICE), Reply(2, NOTICE)),
        (Broadcast(NOTICE, pick((1, 2))), Broadcast(NOTICE, pick((1, 2))), Broadcast(NOTICE, pick((1, 2)), 1)),
        (Save(rec.Setting("a", "b"), print), Save(rec.Setting("a", "b")), Save(rec.Setting("a", "b"), vital=False)),
        (Fetch(1, rec.HeadOf("#c"), print), Fetch(1, rec.HeadOf("#c"), repr), Fetch(1, rec.HeadOf("#d"), print)),
        (Hash(1, print), Hash(1, repr), Hash(2, print)),
        (Hangup(1, "x"), Hangup(1, "x"), Hangup(1, "y")),
        (Log("x", (("a", 1),)), Log("x", (("a", 1),)), Log("x", (("a", 2),))),
    ],
    ids=lambda effect: type(effect).__name__,
)  # fmt: skip
def test_effects_that_want_the_same_are_equal(one: Effect, same: Effect, other: Effect) -> None:
    assert one == same and repr(one) == repr(same)
    assert one != other


def test_a_reply_of_another_event_is_another_one() -> None:
    assert Reply(1, NOTICE) != Reply(1, Pinged(1, "x"))
