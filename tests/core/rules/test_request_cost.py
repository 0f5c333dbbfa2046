"""How much work a request makes."""

from __future__ import annotations

import pytest

from evchat.core.rules.request_cost import weight
from evchat.protocol import requests as r
from tests.core.playbook import Playbook

PLAY = Playbook()
PLAY.enter(*(f"u{number}" for number in range(50)))
PLAY.ask("u1", r.Join(("#tea",), current=True))


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (r.Say("hi"), 0),
        (r.Search("hi"), 5),
        (r.Find("*"), 0.1),
        (r.Find("a?"), 0.5),
        (r.Find("#MAIN"), 0.1),
        (r.Find("#none"), 0),
        (r.Who(), 0.1),
        (r.WhoLast(5), 0.1),
        (r.Names("#main"), 0.1),
        (r.Names(), 1 / 500),
        (r.Channels(), 2 / 500),
    ],
    ids=str,
)
def test_the_more_is_looked_at_the_heavier_it_is(request_: r.Request, expected: float) -> None:
    assert weight(PLAY.chat, PLAY.sid("u1"), request_) == pytest.approx(expected)


def test_a_session_that_is_gone_weighs_nothing() -> None:
    assert weight(PLAY.chat, 999, r.Names("#none")) == 0
