"""The base of queries: what makes one long."""

from __future__ import annotations

from evchat.core import records as rec
from tests.storage.samples import QUERIES


def test_a_query_is_short_unless_it_says_otherwise() -> None:
    long = {kind for kind in QUERIES if kind.long}
    assert long == {rec.MessagesMatching, rec.DirectsOf, rec.PersonalDataOf}
