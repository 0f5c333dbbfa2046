"""How a handler says which request it answers."""

from __future__ import annotations

import pytest

from evchat.core.context import Context
from evchat.core.effects import Effect
from evchat.core.registry import Handlers
from evchat.core.state import Session
from evchat.protocol.basics import (
    Ping,
)


def test_a_second_handler_for_a_request_is_refused_at_once() -> None:
    handlers = Handlers()

    @handlers.on(Ping)
    def first(context: Context, session: Session, request: Ping, now: int) -> tuple[Effect, ...]:
        return ()

    with pytest.raises(AssertionError):
        handlers.on(Ping)(first)


def test_what_is_registered_stays_the_function_that_it_is() -> None:
    handlers = Handlers()

    def step(context: Context) -> tuple[Effect, ...]:
        return ()

    def tick(context: Context, now: int) -> tuple[Effect, ...]:
        return ()

    assert handlers.on_start(step) is step and handlers.start == [step]
    assert handlers.on_tick(tick) is handlers.on_limits_changed(tick) is tick
    assert handlers.tick == handlers.limits_changed == [tick]
