"""The worker: order, exceptions as values, its bound, and what a close drops."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from evchat.net.loop import Loop
from evchat.net.worker import Dropped, Worker

Outcome = tuple[object, BaseException | None]


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


def into(outcomes: list[Outcome]) -> Callable[[object, BaseException | None], None]:
    return lambda result, error: outcomes.append((result, error))


def run_until(loop: Loop, condition: Callable[[], object]) -> None:
    while not condition():
        loop.run_once()  # sleeps for ever if the worker wakes nobody


def worker_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "evchat-worker"]


def test_functions_run_in_order_in_another_thread_and_callbacks_in_the_loops(loop: Loop) -> None:
    worker = Worker(loop)
    ran_in: list[threading.Thread] = []
    called_in: list[threading.Thread] = []
    outcomes: list[Outcome] = []

    def work(number: int) -> int:
        ran_in.append(threading.current_thread())
        return number * number

    def done(result: int | None, error: BaseException | None) -> None:
        called_in.append(threading.current_thread())
        outcomes.append((result, error))

    for number in range(5):
        assert worker.submit(partial(work, number), done)
    run_until(loop, lambda: len(outcomes) == 5)
    assert outcomes == [(0, None), (1, None), (4, None), (9, None), (16, None)]
    assert len(set(ran_in)) == 1
    assert threading.main_thread() not in ran_in
    assert set(called_in) == {threading.current_thread()}
    worker.close()


@pytest.mark.parametrize("problem", [ValueError("no"), SystemExit(3)])
def test_an_exception_is_handed_over_and_the_thread_lives_on(loop: Loop, problem: BaseException) -> None:
    worker = Worker(loop)
    outcomes: list[Outcome] = []

    def fail() -> None:
        raise problem

    worker.submit(fail, into(outcomes))
    worker.submit(lambda: "fine", into(outcomes))
    run_until(loop, lambda: len(outcomes) == 2)
    assert outcomes == [(None, problem), ("fine", None)]
    worker.close()


def test_more_than_may_wait_is_refused(loop: Loop) -> None:
    worker = Worker(loop, most_waiting=2)
    outcomes: list[Outcome] = []
    running, may_go_on = threading.Event(), threading.Event()

    def hold() -> None:
        running.set()
        may_go_on.wait()

    assert worker.submit(hold, into(outcomes))
    running.wait()
    assert worker.submit(lambda: 1, into(outcomes))
    assert worker.submit(lambda: 2, into(outcomes))
    assert not worker.submit(lambda: 3, into(outcomes))
    may_go_on.set()
    run_until(loop, lambda: len(outcomes) == 3)
    assert [result for result, _ in outcomes] == [None, 1, 2]
    worker.close()


def test_turns_are_taken_in_rotation(loop: Loop) -> None:
    worker = Worker(loop)
    outcomes: list[Outcome] = []
    running, may_go_on = threading.Event(), threading.Event()

    def hold() -> None:
        running.set()
        may_go_on.wait()

    worker.submit(hold, into(outcomes), "a")
    running.wait()
    for number in range(4):
        worker.submit(partial(str, f"a{number}"), into(outcomes), "a")
    for number in range(2):
        worker.submit(partial(str, f"b{number}"), into(outcomes), "b")
    worker.submit(partial(str, "c0"), into(outcomes), "c")
    may_go_on.set()
    run_until(loop, lambda: len(outcomes) == 8)
    assert [result for result, _ in outcomes] == [None, "a0", "b0", "c0", "a1", "b1", "a2", "a3"]
    worker.close()


def test_a_full_queue_gives_up_the_last_of_the_longest_turn_for_somebody_else(loop: Loop) -> None:
    worker = Worker(loop, most_waiting=3)
    outcomes: list[Outcome] = []
    running, may_go_on = threading.Event(), threading.Event()

    def hold() -> None:
        running.set()
        may_go_on.wait()

    worker.submit(hold, into(outcomes), "a")
    running.wait()
    for number in range(3):
        assert worker.submit(partial(int, number), into(outcomes), "a")
    assert not worker.submit(partial(int, 3), into(outcomes), "a")
    assert worker.submit(partial(int, 4), into(outcomes), "b")
    assert not worker.submit(partial(int, 5), into(outcomes), "b")
    run_until(loop, lambda: outcomes)
    ((result, error),) = outcomes
    assert result is None and isinstance(error, Dropped)
    may_go_on.set()
    run_until(loop, lambda: len(outcomes) == 5)
    assert [result for result, _ in outcomes] == [None, None, 0, 4, 1]
    worker.close()


def test_no_thread_runs_before_the_first_function_and_none_after_the_close(loop: Loop) -> None:
    before = set(worker_threads())
    worker = Worker(loop)
    assert set(worker_threads()) == before
    outcomes: list[Outcome] = []
    worker.submit(lambda: 1, into(outcomes))
    (thread,) = set(worker_threads()) - before
    assert thread.daemon
    run_until(loop, lambda: outcomes)
    worker.close()
    thread.join()  # for ever if the close does not end it
    assert not worker.submit(lambda: 2, into(outcomes))


def test_a_close_drops_what_waits_and_what_is_under_way(loop: Loop) -> None:
    before = set(worker_threads())
    worker = Worker(loop, most_waiting=1)
    outcomes: list[Outcome] = []
    running, may_go_on = threading.Event(), threading.Event()

    def hold() -> None:
        running.set()
        may_go_on.wait()

    worker.submit(hold, into(outcomes))
    running.wait()
    worker.submit(lambda: 1, into(outcomes))
    (thread,) = set(worker_threads()) - before
    worker.close()
    worker.close()
    may_go_on.set()
    thread.join()
    loop.run_once(0)
    loop.run_once(0)
    assert outcomes == []


def test_a_result_that_comes_after_the_loops_close_is_harmless() -> None:
    before = set(worker_threads())
    loop = Loop()
    worker = Worker(loop)
    running, may_go_on = threading.Event(), threading.Event()

    def hold() -> None:
        running.set()
        may_go_on.wait()

    worker.submit(hold, into([]))
    (thread,) = set(worker_threads()) - before
    running.wait()
    worker.close()
    loop.close()
    may_go_on.set()
    thread.join()


class Secret:
    """Something that should not outlive its use."""


def test_an_idle_worker_keeps_nothing_of_the_work_it_did(loop: Loop) -> None:
    worker = Worker(loop)
    secret = Secret()
    gone = weakref.ref(secret)
    outcomes: list[Outcome] = []
    worker.submit(partial(id, secret), into(outcomes))
    del secret
    run_until(loop, lambda: outcomes)
    hung_at = time.monotonic() + 20
    while gone() is not None:  # the thread may still be on its way to its next wait
        assert time.monotonic() < hung_at
    worker.close()
