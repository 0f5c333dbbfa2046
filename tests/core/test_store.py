"""What a store says when it can't."""

from __future__ import annotations

from evchat.core.store import StoreBusy, StoreError


def test_a_fault_is_the_store_s_own_unless_the_question_is_to_blame() -> None:
    assert (
        StoreError("The disk is full.").is_own and str(StoreError("The disk is full.")) == "The disk is full."
    )
    assert not StoreError("Not a word to search for.", is_own=False).is_own


def test_whoever_bears_faults_bears_a_busy_store() -> None:
    assert isinstance(StoreBusy("Wait."), StoreError)
