"""The lists that people are shown have titles that count rightly, and rows as long as their headings."""

from __future__ import annotations

import pytest

from evchat.dialects import listings
from evchat.dialects.tables import Table


@pytest.mark.parametrize(
    ("table", "title"),
    [
        (listings.people([listings.person("bob", online=True)]), "1 user online"),
        (listings.people([listings.person("bob", online=True)], omitted=2), "3 users online"),
        (listings.people([listings.person("bob", online=False)], 1), "1 user seen in the last 1 minute"),
        (listings.people([listings.person("bob", online=False)], mask="b*"), "1 user found"),
        (listings.channels([("#a", "1", ""), ("#b", "2", "")]), "2 channels"),
        (listings.directs([("bob", "10:15", "")]), "1 direct conversation"),
        (listings.pins("#a", [("7", "10:15", "bob", "eve", "x")]), "1 pinned message in #a"),
    ],
)
def test_a_title_counts_what_there_is(table: Table, title: str) -> None:
    assert table.title == title
    assert {len(row) for row in table.rows} == {len(table.columns)}


def test_of_somebody_offline_only_the_past_is_told() -> None:
    row = listings.person("bob", online=False, away="x", idle="5 min", since="10:15", seen="10:16")
    assert listings.people([row]).spoken() == ["bob, offline, last seen 10:16"]


def test_a_mute_is_no_ban() -> None:
    assert listings.list_entry("m:eve!*@*", "ban", "eve", "bob", "10:15", "")[:2] == ("eve!*@*", "muted")
    assert listings.list_entry("eve!*@*", "ban", "eve", "bob", "10:15", "")[:2] == ("eve!*@*", "banned")
    assert listings.list_entry("eve!*@*", "ban exception", "", "bob", "10:15", "")[1] == ""
