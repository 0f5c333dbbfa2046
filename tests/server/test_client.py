"""Clients: what there is to be done for them."""

from __future__ import annotations

import pytest

from evchat.dialects.text.dialect import TextDialect
from evchat.protocol.login import Logout
from evchat.server.client import Client, Throttle


@pytest.fixture
def client() -> Client:
    return Client(1, "127.0.0.1", TextDialect(), Throttle(1, 1, 0.0), 12.5)


def test_a_new_client_waits_for_nothing_and_has_nothing_to_be_done(client: Client) -> None:
    assert not client.waits_for and not client.has_work and not client.authenticated and client.heard == 12.5


def test_requests_bytes_and_an_end_that_was_not_looked_at_wait(client: Client) -> None:
    client.backlog = [Logout()]
    assert client.has_work
    client.backlog = ()
    client.unread = b"half a li"
    assert client.has_work
    client.unread = b""
    client.ended = True
    assert client.has_work
    client.parsed = True
    assert not client.has_work
