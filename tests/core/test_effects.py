"""Effects: values, whatever they are to be undone or answered with."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.core.audience import pick
from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Hash, Log, Post, Reply, Save, Trust
from evchat.protocol.basics import Pinged, ServerNotice
from evchat.protocol.messages import Message, MessageAccepted

NOTICE = ServerNotice(1, "x")
SAID = Message(5, "#tea", 3, "ann", "#Tea", "hi", True, "7")


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (Reply(1, NOTICE), Reply(1, NOTICE), Reply(2, NOTICE)),
        (Broadcast(NOTICE, pick((1, 2))), Broadcast(NOTICE, pick((1, 2))), Broadcast(NOTICE, pick((1, 2)), 1)),
        (Post(SAID, pick((1, 2)), 1), Post(SAID, pick((1, 2)), 1), Post(SAID, pick((1, 2)), 1, away="Lunch")),
        (Save(rec.Setting("a", "b"), print), Save(rec.Setting("a", "b")), Save(rec.Setting("a", "b"), vital=False)),
        (Fetch(1, rec.HeadOf("#c"), print), Fetch(1, rec.HeadOf("#c"), repr), Fetch(1, rec.HeadOf("#d"), print)),
        (Hash(1, print), Hash(1, repr), Hash(2, print)),
        (Trust(1, "x"), Trust(1, "x"), Trust(1, "y")),
        (Hangup(1, "x"), Hangup(1, "x"), Hangup(1, "y")),
        (Log("x", (("a", 1),)), Log("x", (("a", 1),)), Log("x", (("a", 2),))),
    ],
    ids=lambda effect: type(effect).__name__,
)  # fmt: skip
def test_effects_that_want_the_same_are_equal(one: Effect, same: Effect, other: Effect) -> None:
    assert one == same and repr(one) == repr(same)
    assert one != other


def test_a_posts_acknowledgement_repeats_the_text_only_to_who_hears_it_nowhere_else() -> None:
    told = Post(SAID, pick((1, 2)), 1).acknowledgement()
    assert told == MessageAccepted(5, "7", "#Tea", 3, sent_at=5) and told.said is SAID
    told = Post(SAID, pick(()), 1, own=True, kept=True).acknowledgement()
    assert told == MessageAccepted(5, "7", "#Tea", 3, "hi", True, direct=True, kept=True, sent_at=5)


def test_a_reply_of_another_event_is_another_one() -> None:
    assert Reply(1, NOTICE) != Reply(1, Pinged(1, "x"))
