"""The client keeps to what every server takes."""

from __future__ import annotations

from dataclasses import fields

from evchat.settings import client
from evchat.settings.model import DEFAULTS, Limits

LEAST = {each.name: each.metadata["least"] for each in fields(Limits)}


def test_what_the_client_sends_any_server_takes() -> None:
    assert client.MAX_MESSAGE_BYTES < client.MAX_REQUEST_BYTES <= LEAST["max_object_bytes"]


def test_a_line_is_sent_again_only_while_every_server_still_knows_it() -> None:
    assert LEAST["receipt_age"] * 1000 > client.RECEIPT_AGE


def test_the_client_does_not_ask_for_more_at_once_than_a_server_gives_by_default() -> None:
    assert DEFAULTS.command_burst > client.SEND_WINDOW
    assert DEFAULTS.history_max >= client.HISTORY_PAGE
    assert DEFAULTS.max_watched >= client.MAX_WATCHED
    assert DEFAULTS.command_burst + 60 * DEFAULTS.command_rate > client.MAX_REFRESHED


def test_the_longer_somebody_may_wait_the_longer_is_the_time_out() -> None:
    assert client.AWAKE_TIMEOUT < client.PING_TIMEOUT < client.ANSWER_TIMEOUT
