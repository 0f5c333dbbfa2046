"""What requests cost: every one something, more if it is long or makes work, hardly anything if it only agrees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.base import Action, Close, Emit
from evchat.protocol.basics import Ping, ReplyLocally
from evchat.protocol.login import Introduce
from evchat.protocol.messages import Announce, SendMessage
from evchat.server.request_cost import counts_before_login, tokens

SMALL: list[Action] = [ReplyLocally("x"), Introduce(), Emit(b"x"), Close("x")]


def test_a_usual_request_is_a_token() -> None:
    assert tokens(Ping("x"), 0.0) == tokens(SendMessage("hi"), 0.0) == 1


@given(st.integers(0, 70_000), st.sampled_from([SendMessage, Announce]))
def test_a_long_message_is_a_token_for_each_4_kib(size: int, kind: type[SendMessage | Announce]) -> None:
    assert tokens(kind("x" * size), 0.0) == 1 + size // 4096


@given(st.floats(0, 1000))
def test_what_makes_work_costs_as_much(weight: float) -> None:
    assert tokens(Ping("x"), weight) == max(1.0, weight)


@pytest.mark.parametrize("action", SMALL, ids=lambda action: type(action).__name__)
def test_what_a_dialect_needs_to_agree_costs_little_but_something(action: Action) -> None:
    assert 0 < tokens(action, 0.0) < 1 and not counts_before_login(action)


def test_all_other_requests_count_before_the_login() -> None:
    assert counts_before_login(Ping("x")) and counts_before_login(SendMessage("hi"))
