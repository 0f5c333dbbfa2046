"""The committer: one piece of work at a time, in a thread, and a loop that is woken when it has ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from evchat.core.store import StoreError
from evchat.net.loop import Loop
from evchat.server.committer import Committer
from tests.server.halves import HANGS


class Ledger:
    """A store that notes what it is told, and commits when `may_end` is set."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.may_end = threading.Event()
        self.may_end.set()
        self.thread: threading.Thread | None = None
        self.sealing: StoreError | None = None
        self.syncing: BaseException | None = None
        self.is_half_written = False

    def seal(self) -> None:
        if self.sealing is not None:
            raise self.sealing
        self.told.append("sealed")

    def lend(self) -> bool:
        self.told.append("lent")
        return not self.is_half_written

    def sync(self) -> None:
        assert self.may_end.wait(HANGS)
        self.thread = threading.current_thread()
        if self.syncing is not None:
            raise self.syncing

    def unseal(self, kept: bool) -> None:
        self.told.append("kept" if kept else "lost")


@contextmanager
def committing() -> Iterator[tuple[Committer, Ledger, Loop]]:
    ledger = Ledger()
    with closing(Loop()) as loop, closing(Committer(loop, ledger)) as committer:
        yield committer, ledger, loop


def test_a_commit_is_made_in_another_thread_and_wakes_the_loop() -> None:
    with committing() as (committer, ledger, loop):
        for _ in range(3):
            ledger.told.clear()
            committer.begin()
            while (outcome := committer.outcome()) is None:
                loop.run_once(HANGS)
            assert outcome == (False, None) and ledger.told == ["sealed", "kept"]
            assert ledger.thread is not threading.current_thread()
            assert committer.outcome() is None, "an outcome is told once"


def test_a_commit_that_has_not_ended_has_no_outcome_unless_it_is_waited_for() -> None:
    with committing() as (committer, ledger, _):
        ledger.may_end.clear()
        committer.begin()
        assert committer.outcome() is None and ledger.told == ["sealed"]
        ledger.may_end.set()
        assert committer.outcome(wait=True) == (False, None)


def test_what_can_not_be_sealed_is_not_begun() -> None:
    with committing() as (committer, ledger, _):
        ledger.sealing = StoreError("The disk is full.")
        with pytest.raises(StoreError):
            committer.begin()
        assert committer.outcome() is None and ledger.told == []


def test_a_commit_that_fails_says_why_and_nothing_is_kept() -> None:
    with committing() as (committer, ledger, _):
        ledger.syncing = StoreError("The disk is full.")
        committer.begin()
        assert committer.outcome(wait=True) == (False, ledger.syncing) and ledger.told == ["sealed", "lost"]


def test_a_bug_in_a_commit_is_not_hidden() -> None:
    with committing() as (committer, ledger, _):
        ledger.syncing = ZeroDivisionError()
        committer.begin()
        with pytest.raises(ZeroDivisionError):
            committer.outcome(wait=True)


def failing() -> bool:
    raise StoreError("The disk is full.")


@pytest.mark.parametrize(("work", "more"), [(lambda: True, True), (lambda: False, False), (failing, False)])
def test_upkeep_is_done_in_its_place_and_loses_nothing_that_was_saved(
    work: Callable[[], bool], more: bool
) -> None:
    with committing() as (committer, ledger, _):
        assert committer.begin_to_tidy(work)
        outcome = committer.outcome(wait=True)
        assert outcome is not None and outcome[0] is more and (outcome[1] is None) is (work is not failing)
        assert ledger.told == ["lent", "kept"]
        ledger.syncing = StoreError("The disk is full.")
        committer.begin()
        committer.outcome(wait=True)
        assert ledger.told[-1] == "lost", "a commit after that is one again"


def test_no_upkeep_is_done_while_a_group_is_half_written() -> None:
    with committing() as (committer, ledger, _):
        ledger.is_half_written = True
        assert not committer.begin_to_tidy(failing) and committer.outcome() is None


def test_the_thread_ends_with_the_committer() -> None:
    with committing() as (committer, ledger, _):
        committer.begin()
        committer.close()
        assert ledger.thread is not None and not ledger.thread.is_alive()
        committer.close()
