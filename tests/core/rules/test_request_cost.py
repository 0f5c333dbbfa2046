"""How much work a request makes."""

from __future__ import annotations

import pytest

from evchat.core.rules.request_cost import weight
from evchat.protocol.base import Request
from evchat.protocol.channels import Join, ListChannels, ListNames
from evchat.protocol.history import Search
from evchat.protocol.messages import SendMessage
from evchat.protocol.people import FindUsers, Who, WhoLast
from tests.core.playbook import Playbook

PLAY = Playbook()
PLAY.enter(*(f"u{number}" for number in range(50)))
PLAY.ask("u1", Join(("#tea",), current=True))


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (SendMessage("hi"), 0),
        (Search("hi"), 5),
        (FindUsers("*"), 0.1),
        (FindUsers("a?"), 0.5),
        (FindUsers("#MAIN"), 0.1),
        (FindUsers("#none"), 0),
        (Who(), 0.1),
        (WhoLast(5), 0.1),
        (ListNames("#main"), 0.1),
        (ListNames(), 1 / 500),
        (ListChannels(), 2 / 500),
    ],
    ids=str,
)
def test_the_more_is_looked_at_the_heavier_it_is(request_: Request, expected: float) -> None:
    assert weight(PLAY.chat.state, PLAY.sid("u1"), request_) == pytest.approx(expected)


def test_a_session_that_is_gone_weighs_nothing() -> None:
    assert weight(PLAY.chat.state, 999, ListNames("#none")) == 0
