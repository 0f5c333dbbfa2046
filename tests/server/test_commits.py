"""The commits: effects wait for the commit, and a commit that fails leaves nothing of what hung on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core.audience import pick
from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Hash, Log, Post, Reply, Save
from evchat.core.records import HeadOf, LastSeen, Record
from evchat.core.store import StoreError
from evchat.protocol.basics import Failed, Ping, ServerNotice
from evchat.protocol.messages import Message
from evchat.server.commits import Commits
from evchat.server.transaction import FETCHES, HANGS_UP, HASHES, LOGS

NOW = 1_795_256_109_000


class Shelf:
    """A store that keeps records in a list, and fails when told to: `full` refuses what is saved and committed."""

    def __init__(self) -> None:
        self.kept: list[Record] = []
        self.open: list[Record] = []
        self.full = False
        self.broken = False
        self.commits = 0

    def save(self, record: Record) -> None:
        if self.full:
            self.broken = True
            raise StoreError("The disk is full.")
        self.open.append(record)

    def commit(self) -> None:
        self.commits += 1
        open_, self.open = self.open, []
        broken, self.broken = self.broken, False
        if broken or self.full:
            raise StoreError("The disk is full.")
        self.kept += open_

    def fetch(self, query: object) -> list[Any]:
        return []

    def tidy(self, now: int) -> bool:
        return False

    def close(self) -> None:
        self.open.clear()


def take_back(effects: Sequence[Effect]) -> None:
    """As the core does."""
    for effect in reversed(effects):
        if isinstance(effect, Save) and effect.undo is not None:
            effect.undo()


def notice(number: int = 0) -> ServerNotice:
    return ServerNotice(NOW, f"number {number}")


def record(number: int = 0) -> LastSeen:
    return LastSeen(f"user{number}", f"User{number}", NOW)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def reports() -> list[str | None]:
    return []


@pytest.fixture
def commits(shelf: Shelf, reports: list[str | None]) -> Commits:
    return Commits(shelf, reports.append, take_back)


def post(number: int, seq: int = 1) -> Post:
    return Post(Message(NOW, "#tea", seq, "ann", "#tea", f"number {number}"), pick((1, 2, 3)), 1)


def asked(name: str) -> Ping:
    return Ping("", id=name)


def failure(sid: int, request_id: str | None) -> Reply:
    return Reply(sid, Failed(NOW, request_id, "storage", "The disk is full."))


def test_everything_is_returned_in_the_order_in_which_it_was_decided(commits: Commits, shelf: Shelf) -> None:
    first, second, third = Reply(1, notice(1)), Broadcast(notice(2), pick((1, 2)), 1), Hangup(2, "Bye.")
    commits.open.add(1, asked("a"), [first, Save(record()), second])
    commits.open.add(2, None, [third])
    assert commits.commit(NOW) == [first, second, third]
    assert shelf.kept == [record()]


def test_nothing_is_returned_twice(commits: Commits) -> None:
    commits.open.add(1, None, [Reply(1, notice()), Save(record())])
    assert commits.commit(NOW)
    assert commits.commit(NOW) == []


def test_records_are_saved_at_once_so_that_the_next_request_of_the_pass_finds_them(
    commits: Commits, shelf: Shelf
) -> None:
    commits.open.add(1, None, [Save(record(1)), Save(record(2))])
    assert shelf.open == [record(1), record(2)] and shelf.kept == []


def test_a_message_is_saved_and_told_by_one_effect(commits: Commits, shelf: Shelf) -> None:
    first, second = post(1), post(2)
    assert commits.open.add(1, asked("a"), [first]) == commits.open.add(2, asked("b"), [second]) == 0
    assert shelf.open == [first.said, second.said]
    assert commits.commit(NOW) == [first, second]
    assert shelf.kept == [first.said, second.said]


def test_a_message_without_a_number_is_told_and_not_saved(commits: Commits, shelf: Shelf) -> None:
    shelf.full = True
    unkept = post(1, seq=0)
    commits.open.add(1, asked("a"), [unkept])
    assert commits.commit(NOW) == [unkept]
    assert shelf.commits == 0


def test_a_message_that_can_not_be_saved_fails_its_request_and_is_taken_back(
    shelf: Shelf, reports: list[str | None]
) -> None:
    taken_back: list[Sequence[Effect]] = []
    commits = Commits(shelf, reports.append, taken_back.append)
    shelf.full = True
    first, second = [post(1), Reply(1, notice())], [post(2), Hangup(1, "Bye.")]
    commits.open.add(1, asked("a"), first)
    commits.open.add(1, asked("b"), second)
    assert commits.commit(NOW) == [failure(1, "a"), failure(1, "b"), Hangup(1, "Bye.")]
    assert taken_back == [second, first], "the newest first"


def test_a_pass_that_saves_nothing_commits_nothing(commits: Commits, shelf: Shelf) -> None:
    commits.open.add(1, None, [Reply(1, notice())])
    commits.commit(NOW)
    assert shelf.commits == 0


def test_the_effects_may_come_from_a_generator(commits: Commits) -> None:
    commits.open.add(1, None, (Reply(1, notice(number)) for number in range(3)))
    assert [effect.event for effect in commits.commit(NOW)] == [notice(0), notice(1), notice(2)]  # type: ignore[union-attr]


def test_it_is_told_whether_something_is_to_be_fetched(commits: Commits) -> None:
    fetch = Fetch(1, HeadOf("#main"), lambda rows: notice())
    assert commits.open.add(1, None, [fetch]) == FETCHES
    assert commits.open.add(1, None, [Reply(1, notice()), fetch, Hangup(1, "Bye.")]) == FETCHES | HANGS_UP
    assert commits.open.add(1, None, [Reply(1, notice()), Save(record())]) == 0
    assert commits.open.add(1, None, []) == 0


@pytest.mark.parametrize(
    ("effect", "flag"),
    [
        (Hash(1, lambda: None), HASHES),
        (Hangup(1, "Bye."), HANGS_UP),
        (Hangup(2, "Out."), 0),
        (Log("kick", ()), LOGS),
        (Broadcast(notice(), pick((1, 2))), 0),
        (Save(record(), vital=False), 0),
    ],
)
def test_what_follows_for_the_next_request_is_told_wherever_the_effect_stands(
    commits: Commits, effect: Effect, flag: int
) -> None:
    reply = Reply(1, notice())
    for effects in ([effect], [effect, reply], [reply, effect], [reply, effect, reply]):
        assert commits.open.add(1, None, effects) == flag


def test_a_failed_commit_undoes_newest_first_across_requests(commits: Commits, shelf: Shelf) -> None:
    undone: list[int] = []
    shelf.full = True
    commits.open.add(
        1, None, [Save(record(1), lambda: undone.append(1)), Save(record(2), lambda: undone.append(2))]
    )
    commits.open.add(2, None, [Save(record(3)), Save(record(4), lambda: undone.append(4), vital=False)])
    commits.commit(NOW)
    assert undone == [4, 2, 1]


def test_a_good_commit_undoes_nothing_then_or_later(commits: Commits, shelf: Shelf) -> None:
    undone: list[int] = []
    commits.open.add(1, None, [Save(record(1), lambda: undone.append(1))])
    commits.commit(NOW)
    shelf.full = True
    commits.open.add(1, None, [Save(record(2), lambda: undone.append(2))])
    commits.commit(NOW)
    assert undone == [2]


def test_a_failed_commit_errors_exactly_the_requests_that_hung_on_it(commits: Commits, shelf: Shelf) -> None:
    shelf.full = True
    read, seen = Reply(2, notice(2)), Broadcast(notice(3), pick((1, 2, 3)))
    commits.open.add(
        1, asked("m1"), [Save(record(1)), Reply(1, notice(1)), Broadcast(notice(1), pick((1, 2)))]
    )
    commits.open.add(2, asked("h1"), [read])
    commits.open.add(3, None, [Save(record(3), vital=False), seen])
    commits.open.add(1, None, [Save(record(4)), Reply(1, notice(4))])
    assert commits.commit(NOW) == [failure(1, "m1"), read, seen, failure(1, None)]


def test_one_vital_record_makes_the_whole_request_fail_wherever_it_stands(
    commits: Commits, shelf: Shelf
) -> None:
    shelf.full = True
    commits.open.add(1, asked("x"), [Reply(1, notice()), Save(record(1), vital=False), Save(record(2))])
    commits.open.add(1, asked("y"), [Save(record(2)), Save(record(1), vital=False), Reply(1, notice())])
    assert commits.commit(NOW) == [failure(1, "x"), failure(1, "y")]


def test_who_was_to_be_hung_up_is_hung_up_even_so_behind_the_error(commits: Commits, shelf: Shelf) -> None:
    shelf.full = True
    bye = Hangup(1, "Quit.")
    commits.open.add(1, asked("q"), [Reply(1, notice()), bye, Save(record())])
    assert commits.commit(NOW) == [failure(1, "q"), bye]


def test_whom_a_request_that_failed_would_have_put_out_stays(commits: Commits, shelf: Shelf) -> None:
    shelf.full = True
    commits.open.add(1, asked("ban"), [Save(record()), Reply(2, notice()), Hangup(2, "Banned.")])
    assert commits.commit(NOW) == [failure(1, "ban")]


def test_the_error_says_what_was_asked(commits: Commits, shelf: Shelf) -> None:
    shelf.full = True
    request = asked("a")
    commits.open.add(1, request, [Save(record())])
    (reply,) = commits.commit(NOW)
    assert isinstance(reply, Reply) and isinstance(reply.event, Failed) and reply.event.request is request


def test_requests_without_effects_do_not_shift_the_others(commits: Commits, shelf: Shelf) -> None:
    shelf.full = True
    kept = Reply(3, notice(3))
    commits.open.add(1, asked("a"), [])
    commits.open.add(2, asked("b"), [Save(record())])
    commits.open.add(1, asked("c"), [])
    commits.open.add(3, asked("d"), [kept])
    commits.open.add(1, asked("e"), [])
    assert commits.commit(NOW) == [failure(2, "b"), kept]


def test_failing_is_reported_once_and_recovery_once(
    commits: Commits, shelf: Shelf, reports: list[str | None]
) -> None:
    def one_pass() -> None:
        commits.open.add(1, None, [Save(record())])
        commits.commit(NOW)

    one_pass()
    assert reports == [] and not commits.failing
    shelf.full = True
    for _ in range(3):
        one_pass()
        assert commits.failing
    assert reports == ["The disk is full."]
    shelf.full = False
    for _ in range(3):
        one_pass()
        assert not commits.failing
    assert reports == ["The disk is full.", None]
    shelf.full = True
    one_pass()
    assert reports == ["The disk is full.", None, "The disk is full."]


def test_a_pass_without_records_says_nothing_about_the_store(
    commits: Commits, shelf: Shelf, reports: list[str | None]
) -> None:
    shelf.full = True
    commits.open.add(1, None, [Save(record())])
    commits.commit(NOW)
    shelf.full = False
    commits.open.add(1, None, [Reply(1, notice())])
    assert commits.commit(NOW) == [Reply(1, notice())]
    assert commits.failing and reports == ["The disk is full."]


def test_a_save_that_raises_takes_the_whole_pass_back(commits: Commits, shelf: Shelf) -> None:
    undone: list[int] = []
    commits.open.add(1, asked("good"), [Save(record(1), lambda: undone.append(1)), Reply(1, notice(1))])
    shelf.full = True
    commits.open.add(2, asked("bad"), [Save(record(2), lambda: undone.append(2)), Reply(2, notice(2))])
    shelf.full = False
    commits.open.add(3, asked("good"), [Save(record(3), lambda: undone.append(3)), Reply(3, notice(3))])
    assert commits.commit(NOW) == [failure(1, "good"), failure(2, "bad"), failure(3, "good")]
    assert undone == [3, 2, 1] and shelf.kept == []


def test_the_next_pass_after_a_failed_one_starts_afresh(commits: Commits, shelf: Shelf) -> None:
    shelf.full = True
    commits.open.add(1, asked("lost"), [Save(record(1)), Reply(1, notice(1))])
    commits.commit(NOW)
    shelf.full = False
    commits.open.add(1, asked("kept"), [Save(record(2)), Reply(1, notice(2))])
    assert commits.commit(NOW) == [Reply(1, notice(2))]
    assert shelf.kept == [record(2)]


# ---- the law

KINDS = ("reply", "broadcast", "hangup", "fetch", "hash", "vital", "undoable", "minor", "post", "signal")
FLAGS = {"fetch": FETCHES, "hash": HASHES, "hangup": HANGS_UP}
VITAL = {"vital", "undoable", "post"}
groups = st.lists(st.tuples(st.lists(st.sampled_from(KINDS), max_size=5), st.booleans()), max_size=6)
passes = st.lists(st.tuples(groups, st.sampled_from(("well", "commit fails", "a save fails"))), max_size=6)


class Core:
    """The state that effects stand for: numbers, put in when a record is saved and taken back by its undo."""

    def __init__(self) -> None:
        self.state: list[int] = []
        self.made = 0

    def effect(self, kind: str, sid: int) -> Effect:
        self.made += 1
        number = self.made
        effects: dict[str, Callable[[], Effect]] = {
            "reply": lambda: Reply(sid, notice(number)),
            "broadcast": lambda: Broadcast(notice(number), pick((1, 2, 3))),
            "hangup": lambda: Hangup(sid, f"Reason {number}."),
            "fetch": lambda: Fetch(sid, HeadOf(f"#{number}"), lambda rows: notice(number)),
            "hash": lambda: Hash(sid, lambda: number),
            "vital": lambda: Save(record(number)),
            "minor": lambda: Save(record(number), vital=False),
            "post": lambda: self.post(number),
            "signal": lambda: post(number, seq=0),
            "undoable": lambda: Save(record(number), self.change(number)),
        }
        return effects[kind]()

    def post(self, number: int) -> Post:
        self.state.append(number)
        return post(number, seq=number)

    def take_back(self, effects: Sequence[Effect]) -> None:
        for effect in reversed(effects):
            if isinstance(effect, Post) and effect.said.seq:
                assert self.state.pop() == effect.said.seq, "undone in another order than newest first"
            take_back([effect])

    def change(self, number: int) -> Callable[[], None]:
        self.state.append(number)

        def undo() -> None:
            assert self.state.pop() == number, "undone in another order than newest first"

        return undo


@given(passes)
def test_nothing_of_a_failed_request_is_returned_but_its_error_whatever_fails(
    history: list[tuple[list[tuple[list[str], bool]], str]],
) -> None:
    shelf, core, reports = Shelf(), Core(), list[str | None]()
    commits = Commits(shelf, reports.append, core.take_back)
    kept: list[Record] = []
    expected_reports: list[str | None] = []
    failing = False
    for requests, fate in history:
        before = list(core.state)
        everything: list[Effect] = []
        what_a_failure_leaves: list[Effect] = []
        records: list[Record] = []
        for number, (kinds, has_id) in enumerate(requests):
            sid, request_id = number + 1, f"r{number}" if has_id else None
            request = asked(request_id) if request_id else None
            effects = [core.effect(kind, sid) for kind in kinds]
            own = [effect for effect in effects if not isinstance(effect, Save)]
            for effect in effects:
                if isinstance(effect, Save):
                    records.append(effect.record)
                elif isinstance(effect, Post) and effect.said.seq:
                    records.append(effect.said)
            everything += own
            if not VITAL.isdisjoint(kinds):
                what_a_failure_leaves.append(failure(sid, request_id))
                own = [effect for effect in own if isinstance(effect, Hangup)]
            what_a_failure_leaves += own
            shelf.full = fate == "a save fails" and number == len(requests) // 2
            assert commits.open.add(sid, request, iter(effects)) == sum(
                FLAGS.get(kind, 0) for kind in set(kinds)
            )
        saved_in_vain = fate == "a save fails" and shelf.broken
        shelf.full = fate == "commit fails"
        failed = bool(records) and (fate == "commit fails" or saved_in_vain)
        done = commits.commit(NOW)
        if failed:
            assert done == what_a_failure_leaves
            assert core.state == before
            if not failing:
                expected_reports.append("The disk is full.")
            failing = True
        else:
            assert done == everything
            kept += records
            if records and failing:
                expected_reports.append(None)
                failing = False
        assert shelf.kept == kept and commits.failing is failing
    assert reports == expected_reports
