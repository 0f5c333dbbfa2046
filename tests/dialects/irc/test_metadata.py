"""METADATA: lines to requests, and answers to lines."""

from __future__ import annotations

import pytest

from evchat.dialects.irc.line import parse
from evchat.dialects.irc.metadata import requests
from evchat.protocol.metadata import ClearMetadata, GetMetadata, SetMetadata, SubscribeMetadata


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("METADATA * GET url avatar", GetMetadata(None, ("url", "avatar"))),
        ("METADATA bob list", GetMetadata("bob")),
        ("METADATA #tea SYNC", GetMetadata("#tea", subscribed=True)),
        ("METADATA * SET url :https://example.org", SetMetadata("url", "https://example.org")),
        ("METADATA * SET url", SetMetadata("url")),
        ("METADATA * SET url :", SetMetadata("url")),
        ("METADATA #tea CLEAR", ClearMetadata("#tea")),
        ("METADATA * SUB url avatar", SubscribeMetadata(("url", "avatar"))),
        ("METADATA * UNSUB url", SubscribeMetadata(("url",), False)),
        ("METADATA * SUBS", SubscribeMetadata()),
    ],
)
def test_a_line_is_a_request(line, request_):
    parsed = parse(line)
    assert parsed is not None
    assert requests(parsed) == [request_]
