"""Whoever comes back finds what was kept, under each of the names that they had."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.disk.known_names import KnownNames


@pytest.fixture
def known(tmp_path: Path) -> KnownNames:
    return KnownNames(str(tmp_path), "example.org:9998")


def test_a_new_name_leads_to_the_same_state(known: KnownNames) -> None:
    state = known.state("alice")
    renamed = known.rename(state, "alice2")
    renamed.save("session", {"channels": ["#dev"]})
    assert known.state("alice").load("session") == known.state("alice2").load("session") != {}
    assert known.rename(renamed, "alice").directory == state.directory


def test_names_in_a_row_all_lead_to_the_first(known: KnownNames) -> None:
    state = known.state("alice")
    for name in ("bob", "carol", "dave"):
        state = known.rename(state, name)
    state.save("session", {"away": "lunch"})
    assert [known.state(name).load("session") for name in ("alice", "bob", "carol", "dave")] == [
        {"away": "lunch"}
    ] * 4


def test_somebody_who_was_here_before_has_a_state_of_their_own(known: KnownNames) -> None:
    known.state("bob").save("session", {"away": "bob's"})
    known.state("alice").save("session", {"away": "alice's"})
    renamed = known.rename(known.state("alice"), "bob")
    assert renamed.load("session") == {"away": "bob's"}
    assert known.state("alice").load("session") == {"away": "alice's"}


@pytest.mark.parametrize("link", ["", "..", "../other", "/etc", ".", ".last", "\0", "\udcff"])
def test_a_link_that_is_none_of_ours_leads_nowhere(known: KnownNames, tmp_path: Path, link: str) -> None:
    known.rename(known.state("alice"), "bob")
    (made,) = tmp_path.rglob(".same")
    made.write_bytes(link.encode("utf-8", "surrogateescape"))
    assert Path(known.state("bob").directory) == made.parent


def test_the_last_name_is_remembered_and_nothing_that_is_no_name(known: KnownNames, tmp_path: Path) -> None:
    assert known.last() == ""
    known.keep_last("Alice")
    assert known.last() == "Alice"
    (kept,) = tmp_path.rglob(".last")
    for text in ("", "two words", "x" * 1000, "../up"):
        kept.write_text(text)
        assert known.last() == ""
