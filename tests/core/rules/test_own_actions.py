"""What a session has done is told to it in reply, and to the others at once."""

from __future__ import annotations

from evchat.core.audience import Audience
from evchat.core.effects import Broadcast, Reply
from evchat.core.rules.own_actions import tell
from evchat.core.state import Session
from evchat.protocol.channels import TopicChanged

EVENT = TopicChanged(0, "#tea", "new", "alice")


def test_who_has_done_it_hears_it_once_and_before_the_others():
    session, hearers = Session(1, "192.0.2.1"), Audience("#tea", (1, 2))
    assert list(tell(session, EVENT, hearers)) == [Reply(1, EVENT), Broadcast(EVENT, hearers, 1)]


def test_who_does_not_hear_it_is_not_told():
    session, hearers = Session(3, "192.0.2.1"), Audience("#tea", (1, 2))
    assert list(tell(session, EVENT, hearers)) == [Broadcast(EVENT, hearers)]
