"""The loop: order of a pass, timers, wake-ups, signals, and what an exception leaves behind."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.net.loop import Loop, Timer

SELECTORS = [
    getattr(selectors, name)
    for name in ("SelectSelector", "PollSelector", "EpollSelector", "KqueueSelector")
    if hasattr(selectors, name)
]


class RecordingSelector(selectors.DefaultSelector):
    """Notes how long it was allowed to sleep, and each change of interest; never sleeps itself."""

    def __init__(self) -> None:
        super().__init__()
        self.sleeps: list[float | None] = []
        self.changes = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.sleeps.append(timeout)
        return super().select(0)

    def register(self, *arguments: Any) -> selectors.SelectorKey:
        self.changes += 1
        return super().register(*arguments)

    def modify(self, *arguments: Any) -> selectors.SelectorKey:
        self.changes += 1
        return super().modify(*arguments)

    def unregister(self, *arguments: Any) -> selectors.SelectorKey:
        self.changes += 1
        return super().unregister(*arguments)


class LateSelector(selectors.DefaultSelector):
    """Has something happen at the worst time: when the loop has decided how long to sleep."""

    happening: Callable[[], None]

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.happening()
        return super().select(timeout)


@pytest.fixture(params=SELECTORS)
def loop(request: pytest.FixtureRequest) -> Iterator[Loop]:
    loop = Loop(request.param())
    yield loop
    loop.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def nothing() -> None:
    pass


# ---- the order of a pass


def test_a_pass_calls_sockets_then_timers_then_soon_then_the_hooks(
    loop: Loop, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    calls: list[str] = []
    loop.before_sleep += [partial(calls.append, "hook 1"), partial(calls.append, "hook 2")]
    loop.call_soon(partial(calls.append, "soon"))
    loop.call_later(0, partial(calls.append, "timer"))
    loop.register(ours, partial(calls.append, "socket"), None)
    theirs.send(b"x")
    loop.run_once(10)
    assert calls == ["socket", "timer", "soon", "hook 1", "hook 2"]


def test_hooks_run_before_the_first_sleep_and_before_every_other_one() -> None:
    selector = RecordingSelector()
    loop = Loop(selector)
    sleeps_before: list[int] = []

    def hook() -> None:
        sleeps_before.append(len(selector.sleeps))
        if len(sleeps_before) == 3:
            loop.stop()

    loop.before_sleep.append(hook)
    loop.run()
    loop.close()
    assert sleeps_before == [0, 1, 2]


def test_an_idle_loop_sleeps_without_end() -> None:
    selector = RecordingSelector()
    loop = Loop(selector)
    loop.call_later(5, nothing).cancel()
    loop.run_once()
    loop.close()
    assert selector.sleeps == [None]


def test_a_loop_sleeps_until_its_first_timer() -> None:
    selector = RecordingSelector()
    loop = Loop(selector, clock=lambda: 100.0)
    loop.call_later(7, nothing)
    loop.call_later(5, nothing)
    loop.run_once()
    loop.run_once(1)
    loop.call_at(3, nothing)
    loop.run_once()
    loop.close()
    assert selector.sleeps == [5, 1, 0]


def test_a_timer_of_the_far_future_asks_for_no_sleep_that_selectors_refuse(
    loop: Loop, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    loop.call_later(1e12, nothing)
    loop.register(ours, nothing, None)
    theirs.send(b"x")
    loop.run_once()


def test_work_that_a_hook_schedules_keeps_the_loop_awake() -> None:
    selector = RecordingSelector()
    loop = Loop(selector)
    calls: list[str] = []

    def hook() -> None:
        if not calls:
            loop.call_soon(partial(calls.append, "soon"))

    loop.before_sleep.append(hook)
    loop.run_once()
    loop.run_once()
    loop.run_once()
    loop.close()
    assert calls == ["soon"]
    assert selector.sleeps == [None, 0, None]


def test_work_that_schedules_itself_anew_lets_the_hooks_have_their_turn(loop: Loop) -> None:
    calls: list[str] = []

    def again() -> None:
        calls.append("soon")
        loop.call_soon(again)

    loop.call_soon(again)
    loop.before_sleep.append(partial(calls.append, "hook"))
    loop.run_once()
    loop.run_once()
    assert calls == ["soon", "hook", "soon", "hook"]


def test_a_stop_completes_the_pass(loop: Loop) -> None:
    calls: list[str] = []
    loop.call_soon(loop.stop)
    loop.call_soon(partial(calls.append, "soon"))
    loop.before_sleep.append(partial(calls.append, "hook"))
    loop.run()
    assert calls == ["hook", "soon", "hook"]


def test_a_stop_before_the_run_ends_it_after_the_hooks(loop: Loop) -> None:
    calls: list[str] = []
    loop.before_sleep.append(partial(calls.append, "hook"))
    loop.stop()
    loop.run()
    assert calls == ["hook"]


def test_a_stopped_loop_runs_again(loop: Loop) -> None:
    calls: list[str] = []
    for _ in range(2):
        loop.call_soon(partial(calls.append, "soon"))
        loop.call_soon(loop.stop)
        loop.run()
    assert calls == ["soon", "soon"]


# ---- sockets


def test_readiness_is_told_for_as_long_as_it_lasts(
    loop: Loop, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    calls: list[str] = []
    loop.register(ours, partial(calls.append, "read"), partial(calls.append, "write"))
    loop.run_once(0)
    assert calls == []
    theirs.send(b"x")
    loop.run_once(10)
    loop.run_once(10)
    assert calls == ["read", "read"]
    loop.watch(ours, True, True)
    loop.run_once(10)
    assert calls[2:] == ["read", "write"]
    loop.watch(ours, False, True)
    loop.run_once(10)
    assert calls[4:] == ["write"]


def test_what_becomes_ready_during_a_pass_joins_it_but_no_socket_is_called_twice(loop: Loop) -> None:
    calls: list[str] = []
    (first, first_peer), (second, second_peer) = socket.socketpair(), socket.socketpair()

    def readable() -> None:
        calls.append("first")  # and leaves it unread
        second_peer.send(b"x")

    loop.register(first, readable, None)
    loop.register(second, partial(calls.append, "second"), None)
    first_peer.send(b"x")
    loop.run_once(10)
    assert calls == ["first", "second"]
    for sock in (first, first_peer, second, second_peer):
        sock.close()


def test_a_socket_without_interest_is_silent_even_when_its_peer_hangs_up(
    loop: Loop, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    calls: list[str] = []
    loop.register(ours, partial(calls.append, "read"), None)
    loop.watch(ours, False, False)
    theirs.close()
    loop.run_once(0)
    assert calls == []
    loop.watch(ours, True, False)
    loop.run_once(10)
    assert calls == ["read"]


def test_interest_that_does_not_change_costs_nothing(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = pair
    selector = RecordingSelector()
    loop = Loop(selector)
    loop.register(ours, nothing, nothing)
    before = selector.changes
    for _ in range(3):
        loop.watch(ours, True, False)
    assert selector.changes == before
    for _ in range(3):
        loop.watch(ours, False, False)
    assert selector.changes == before + 1
    loop.unregister(ours)
    assert selector.changes == before + 1
    loop.close()


def test_interest_without_a_callback_is_none(loop: Loop, pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    loop.register(ours, None, None)
    loop.watch(ours, True, True)
    theirs.send(b"x")
    loop.run_once(0)  # would raise if something was called


def test_a_socket_unregistered_in_a_pass_is_not_called_in_it(loop: Loop) -> None:
    calls: list[int] = []
    pairs = [socket.socketpair() for _ in range(2)]

    def readable(which: int) -> None:
        calls.append(which)
        loop.unregister(pairs[1 - which][0])

    for which, (ours, theirs) in enumerate(pairs):
        loop.register(ours, partial(readable, which), None)
        theirs.send(b"x")
    loop.run_once(10)
    assert len(calls) == 1
    for ours, theirs in pairs:
        ours.close()
        theirs.close()


def test_a_socket_muted_in_a_pass_is_not_called_in_it(loop: Loop) -> None:
    calls: list[int] = []
    pairs = [socket.socketpair() for _ in range(2)]

    def readable(which: int) -> None:
        calls.append(which)
        loop.watch(pairs[1 - which][0], False, False)

    for which, (ours, theirs) in enumerate(pairs):
        loop.register(ours, partial(readable, which), None)
        theirs.send(b"x")
    loop.run_once(10)
    assert len(calls) == 1
    for ours, theirs in pairs:
        ours.close()
        theirs.close()


def test_a_descriptor_is_registered_only_once_and_unknown_ones_are_refused(
    loop: Loop, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    loop.register(ours, nothing, None)
    with pytest.raises(ValueError):
        loop.register(ours.fileno(), nothing, None)
    with pytest.raises(KeyError):
        loop.watch(theirs, True, False)
    loop.unregister(ours.fileno())
    with pytest.raises(KeyError):
        loop.unregister(ours)


# ---- timers


def cancelled_in(loop: Loop) -> int:
    return sum(timer.callback is None for _, _, timer in loop._timers)


@given(
    timers=st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=30),
    steps=st.lists(st.integers(0, 8), max_size=8),
)
def test_timers_fire_when_due_in_the_order_of_their_times_unless_cancelled(
    timers: list[tuple[int, bool]], steps: list[int]
) -> None:
    now = 0.0
    loop = Loop(RecordingSelector(), clock=lambda: now)
    fired: list[int] = []
    made = [loop.call_at(when, partial(fired.append, number)) for number, (when, _) in enumerate(timers)]
    for timer, (_, cancelled) in zip(made, timers, strict=True):
        if cancelled:
            timer.cancel()
            timer.cancel()
    for step in steps:
        now += step
        loop.run_once()
        due = [(when, n) for n, (when, cancelled) in enumerate(timers) if when <= now and not cancelled]
        assert fired == [n for _, n in sorted(due)]
        assert loop._cancelled == cancelled_in(loop)
    loop.close()


def test_a_timer_can_cancel_one_that_is_due_in_the_same_pass() -> None:
    loop = Loop(RecordingSelector(), clock=lambda: 1.0)
    calls: list[str] = []
    timers: list[Timer] = []

    def cancel_the_other() -> None:
        timers[1].cancel()

    timers.append(loop.call_at(0, cancel_the_other))
    timers.append(loop.call_at(0, partial(calls.append, "other")))
    loop.run_once()
    loop.close()
    assert calls == []


def test_a_timer_that_sets_itself_anew_for_now_does_not_hold_the_pass_up() -> None:
    loop = Loop(RecordingSelector(), clock=lambda: 1.0)
    calls: list[str] = []

    def again() -> None:
        calls.append("timer")
        loop.call_later(0, again)

    loop.call_later(0, again)
    loop.run_once()
    loop.run_once()
    loop.close()
    assert calls == ["timer", "timer"]


def test_cancelling_a_timer_that_has_fired_does_nothing() -> None:
    loop = Loop(RecordingSelector(), clock=lambda: 1.0)
    calls: list[str] = []
    first = loop.call_at(0, partial(calls.append, "first"))
    loop.run_once()
    assert first.callback is None
    loop.call_at(1, partial(calls.append, "second"))
    first.cancel()
    loop.run_once()
    loop.close()
    assert calls == ["first", "second"]


def test_cancelled_timers_do_not_pile_up() -> None:
    now = 0.0
    loop = Loop(RecordingSelector(), clock=lambda: now)
    calls: list[int] = []
    for step in range(10_000):
        number = step * 7919 % 10_000  # every number once, in no order
        timer = loop.call_later(number, partial(calls.append, number))
        if number % 5:
            timer.cancel()
        assert len(loop._timers) < 2 * (step / 5) + 200
    assert loop._cancelled == cancelled_in(loop)
    now = 10_000.0
    loop.run_once()
    loop.close()
    assert calls == list(range(0, 10_000, 5))


# ---- threads and signals


def test_a_thread_wakes_a_sleeping_loop(loop: Loop) -> None:
    thread = threading.Thread(target=loop.call_threadsafe, args=(loop.stop,))
    loop.call_soon(thread.start)
    loop.run()  # sleeps for ever if the wake-up fails
    thread.join()


def test_a_call_that_comes_just_before_the_sleep_ends_it_every_time() -> None:
    selector = LateSelector()
    loop = Loop(selector)
    selector.happening = partial(loop.call_threadsafe, loop.stop)
    for _ in range(3):
        loop.run()  # sleeps for ever if the wake-up fails
    loop.close()


def test_no_call_from_threads_is_lost_and_each_threads_order_is_kept(loop: Loop) -> None:
    calls: list[tuple[int, int]] = []

    def work(thread: int) -> None:
        for number in range(500):
            loop.call_threadsafe(partial(calls.append, (thread, number)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    while len(calls) < 2000:
        loop.run_once(10)
    for number, thread in enumerate(threads):
        thread.join()
        assert [n for of, n in calls if of == number] == list(range(500))


def test_a_call_from_a_thread_after_the_close_is_harmless() -> None:
    loop = Loop()
    loop.close()
    loop.call_threadsafe(nothing)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs POSIX signals")
def test_a_signal_is_handled_inside_the_loop_and_not_where_it_strikes(loop: Loop) -> None:
    calls: list[str] = []
    loop.handle_signal(signal.SIGHUP, partial(calls.append, "signal"))

    def work() -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        for _ in range(1000):
            assert calls == []
        calls.append("work done")

    loop.call_soon(work)
    while "signal" not in calls:
        loop.run_once(10)
    assert calls == ["work done", "signal"]


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs POSIX signals")
def test_a_signal_wakes_a_sleeping_loop(loop: Loop) -> None:
    loop.handle_signal(signal.SIGTERM, loop.stop)
    thread = threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGTERM))
    loop.call_soon(thread.start)
    loop.run()  # sleeps for ever if the wake-up fails
    thread.join()


def test_close_puts_signal_handlers_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    loop = Loop()
    loop.handle_signal(signal.SIGINT, nothing)
    loop.handle_signal(signal.SIGINT, loop.stop)
    assert signal.getsignal(signal.SIGINT) is not before
    waker = signal.set_wakeup_fd(-1)
    assert waker != -1  # without it, a signal right before the sleep would be slept through
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    loop.close()
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.set_wakeup_fd(-1) == -1


# ---- exceptions


class BugError(Exception):
    """What a callback in these tests raises."""


def fail() -> None:
    raise BugError


@pytest.mark.parametrize("where", ["socket", "timer", "soon", "hook"])
def test_an_exception_leaves_the_run_and_loses_no_other_call(
    where: str, loop: Loop, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    calls: list[str] = []
    failing = {where}

    def step(name: str) -> Callable[[], None]:
        def call() -> None:
            if name in failing:
                failing.discard(name)
                raise BugError
            calls.append(name)
            if name == "socket":
                ours.recv(100)

        return call

    loop.register(ours, step("socket"), None)
    theirs.send(b"x")
    loop.call_later(0, step("timer"))
    loop.call_later(0, partial(calls.append, "second timer"))
    loop.call_soon(step("soon"))
    loop.call_soon(partial(calls.append, "second soon"))
    loop.before_sleep.append(step("hook"))
    with pytest.raises(BugError):
        loop.run()
    loop.call_soon(loop.stop)
    loop.run()
    expected = {"socket", "timer", "second timer", "soon", "second soon", "hook"}
    # A timer or call that has raised was made; readiness and hooks come again.
    assert set(calls) == expected - ({where} & {"timer", "soon"})
    assert len(calls) - calls.count("hook") == len(set(calls)) - 1


def test_a_stop_survives_an_exception_of_the_same_pass(loop: Loop) -> None:
    loop.call_soon(loop.stop)
    loop.call_soon(fail)
    with pytest.raises(BugError):
        loop.run()
    loop.run()
