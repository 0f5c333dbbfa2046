"""What a session has begun and not finished."""

from __future__ import annotations

from evchat.core.unfinished import Draft


def test_a_copy_of_a_draft_knows_the_same_and_changes_by_itself() -> None:
    draft = Draft("alice", "al", "Alice", "secret", "alice", held=True)
    copy = draft.copy()
    assert copy == draft
    copy.name = "bob"
    assert draft.name == "alice" and Draft().copy() == Draft()
