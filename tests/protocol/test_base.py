"""What every request and event has."""

from __future__ import annotations

from evchat.protocol.base import Traits
from evchat.protocol.basics import Ping, Pinged
from evchat.protocol.catalog import REQUESTS
from evchat.protocol.messages import SendMessage


def test_a_request_has_the_traits_of_its_class() -> None:
    assert SendMessage("hi").traits is SendMessage.traits
    assert SendMessage.traits.long and not Ping.traits.activity


def test_only_what_has_a_text_costs_by_its_length() -> None:
    assert all("text" in kind.__slots__ for kind in REQUESTS if kind.traits.long)


def test_no_request_is_free() -> None:
    assert all(kind.traits.cost > 0 for kind in REQUESTS)
    assert Traits().cost == 1.0


def test_an_event_without_more_comes_from_nobody_and_has_no_place() -> None:
    event = Pinged(1, "x")
    assert (event.who.account, event.place) == ("", None)
