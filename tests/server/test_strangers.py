"""What holds before a login: few bytes, few requests, and one line of log for nonsense."""

from __future__ import annotations

import pytest

from evchat.dialects.json.dialect import JsonDialect
from evchat.protocol.basics import Malformed
from evchat.server import strangers
from evchat.server.allowances import Allowances
from evchat.server.client import Client
from evchat.settings.model import Limits

LIMITS = Limits(input_before_login=1000, commands_before_login=5)


@pytest.fixture
def client() -> Client:
    return Client(1, "192.0.2.1", JsonDialect(), Allowances(LIMITS).throttle("192.0.2.1", 0.0), 0.0)


def test_a_stranger_may_send_as_much_as_the_limits_say(client: Client) -> None:
    client.bytes_before_login, client.requests_before_login = 1000, 5
    assert strangers.excess(client, LIMITS) == ""


def test_beyond_them_the_reason_names_the_limit(client: Client) -> None:
    client.requests_before_login = 6
    assert "5 requests" in strangers.excess(client, LIMITS)
    client.bytes_before_login = 1001
    assert "1000 bytes" in strangers.excess(client, LIMITS)


def test_nonsense_is_logged_once_and_mistakes_of_typing_never(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[object] = []
    monkeypatch.setattr(strangers.log, "info", lambda *words, **facts: lines.append(facts["reason"]))
    strangers.log_malformed(client, Malformed("typed", "unknown-command"))
    strangers.log_malformed(client, Malformed("first", "bad-json"))
    strangers.log_malformed(client, Malformed("second", "bad-json"))
    assert lines == ["first"]
