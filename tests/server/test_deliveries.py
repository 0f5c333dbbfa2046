"""Deliveries: there are eight kinds, and the front carries each of them out."""

from __future__ import annotations

from typing import get_args

import pytest

from evchat.core.audience import pick
from evchat.core.effects import Broadcast, Hangup, Post, Reply, Trust
from evchat.protocol.basics import ServerNotice
from evchat.protocol.messages import Message
from evchat.server.deliveries import Abort, Delivery, Resume, Write
from tests.server.halves import Halves

NOTICE = ServerNotice(0, "hello")
SAID = Message(0, "#tea", 1, "ann", "#tea", "hi")


def every_kind(sid: int) -> list[Delivery]:
    return [
        Reply(sid, NOTICE),
        Broadcast(NOTICE, pick([sid])),
        Post(SAID, pick([sid]), sid),
        Trust(sid, "MAA="),
        Write(sid, b"x"),
        Resume(sid),
        Hangup(sid, "Over."),
        Abort(sid, "A bug."),
    ]


def test_these_are_all() -> None:
    assert {type(delivery) for delivery in every_kind(1)} == set(get_args(Delivery))


@pytest.mark.parametrize("number", range(len(every_kind(1))))
def test_the_front_carries_each_out(both: Halves, number: int) -> None:
    client, _ = both.login("alice")
    both.front.carry_out([every_kind(client.sid)[number]])
    both.run()


def test_equal_deliveries_are_equal() -> None:
    assert every_kind(1) == every_kind(1) and not any(
        one == other for one, other in zip(every_kind(1), every_kind(2), strict=True)
    )
