"""Every refusal of a login comes with a way to go on."""

from __future__ import annotations

import pytest

from evchat.protocol.errors import CODES
from tui.model.session_events import NAME, PASSWORD, SERVER_PASSWORD, WRONG_SERVER
from tui.text.advice import advice


@pytest.mark.parametrize("what", [*CODES, WRONG_SERVER, SERVER_PASSWORD, NAME, PASSWORD])
def test_the_advice_is_a_sentence(what: str) -> None:
    assert advice(what)


def test_who_is_banned_or_elsewhere_is_not_told_to_try_a_password() -> None:
    assert "password" not in advice("banished")
    assert "password" not in advice(WRONG_SERVER)
