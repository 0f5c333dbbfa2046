"""The event loop: a selector, timers, wake-ups from threads and signals, and before-sleep hooks.

One pass waits for sockets, calls what they are ready for, then the timers that are due, then what `call_soon`
was given, then the `before_sleep` hooks. An exception of any of these leaves `run`; the loop stays in order
and can be run again: what was not called yet is called then.
"""

from __future__ import annotations

import heapq
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

TYPE_CHECKING = (
    False  # `typing` takes longer to import than all the rest: a client that starts has no time for it
)
if TYPE_CHECKING:
    from typing import Any, Protocol

    class HasFileno(Protocol):
        """A socket, a terminal, a pipe: what a selector can wait for."""

        def fileno(self) -> int:
            """The file descriptor."""


_READ = selectors.EVENT_READ
_WRITE = selectors.EVENT_WRITE
_LONGEST_SLEEP = 86_400.0
"""Seconds. Selectors refuse waits of more than some 24 days; one wake-up a day is as good as none."""
_ROUNDS = 4
"""Times that sockets are looked for in one pass, so that who is there waits no longer than for one long pass."""
_FEW_CANCELLED = 64
"""Cancelled timers that are not worth a clean-up."""


class Watched:
    """What a loop waits for: a descriptor, and the interest that the selector knows of (0: none).

    `readable` and `writable` are called once a pass for as long as the condition and the interest last.
    """

    __slots__ = ("fd", "interest")

    fd: int
    interest: int

    def readable(self) -> None:
        """There is something to read."""

    def writable(self) -> None:
        """Bytes are taken again."""


class _Calls(Watched):
    """A socket for which functions are called."""

    __slots__ = ("_readable", "_writable")

    def __init__(self, readable: Callable[[], None] | None, writable: Callable[[], None] | None) -> None:
        self._readable = readable
        self._writable = writable

    def readable(self) -> None:
        if self._readable is not None:
            self._readable()

    def writable(self) -> None:
        if self._writable is not None:
            self._writable()

    def wants(self, read: bool, write: bool) -> tuple[bool, bool]:
        """What may be waited for of that: only what somebody is called for."""
        return read and self._readable is not None, write and self._writable is not None


class Timer:
    """One call in the future, from `Loop.call_at` or `Loop.call_later`."""

    __slots__ = ("_loop", "callback", "when")

    def __init__(self, loop: Loop, when: float, callback: Callable[[], None]) -> None:
        self._loop = loop
        self.when = when
        """The loop's time at which it is due."""
        self.callback: Callable[[], None] | None = callback
        """What will be called; None once that has begun or will never be."""

    def cancel(self) -> None:
        """Prevents the call. Does nothing if it was made or cancelled before."""
        if self.callback is not None:
            self.callback = None
            self._loop._timer_cancelled()


class Loop:
    """A selector loop. All methods but `call_threadsafe` belong to the thread that runs it.

    `selector` and `clock` are for tests and special platforms. Sockets are named by the object or its
    descriptor, and must be unregistered before they are closed.
    """

    def __init__(
        self, selector: selectors.BaseSelector | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.before_sleep: list[Callable[[], None]] = []
        """Called in this order at the end of every pass. What they schedule keeps the loop from sleeping."""
        self.time = clock
        """Monotonic seconds, the time of all timers."""
        self.now = clock()
        """When the present pass began."""
        self.passes = 0
        """How many passes have begun: what is true for one pass can be remembered under its number."""
        self._selector = selectors.DefaultSelector() if selector is None else selector
        self._watched: dict[int, _Calls] = {}
        self._timers: list[tuple[float, int, Timer]] = []
        self._timers_made = 0
        self._cancelled = 0
        self._soon: deque[Callable[[], None]] = deque()
        self._stopping = False
        self._old_handlers: dict[int, Any] = {}
        self._old_wakeup_fd: int | None = None
        self._woken = False
        # A pair of sockets and not a pipe, because select on Windows knows only sockets.
        self._wake_reader, self._waker = socket.socketpair()
        self._wake_reader.setblocking(False)
        self._waker.setblocking(False)
        self.register(self._wake_reader, self._awake, None)

    # ---- sockets -----------------------------------------------------------------------------------------

    def register(
        self,
        sock: HasFileno | int,
        readable: Callable[[], None] | None,
        writable: Callable[[], None] | None,
    ) -> None:
        """Calls `readable` when there is something to read; `writable` only after `watch` asks for it.

        Both are level-triggered: called once a pass for as long as the condition and the interest last.
        """
        fd = sock if isinstance(sock, int) else sock.fileno()
        if fd in self._watched:
            raise ValueError(f"descriptor {fd} is registered already")
        watched = _Calls(readable, writable)
        self.add(fd, watched, read=readable is not None)
        self._watched[fd] = watched

    def add(self, fd: int, watched: Watched, *, read: bool = True) -> None:
        """Calls `watched` itself, which is known by no name here, but changed with `set_interest` and `remove`."""
        if read:
            self._selector.register(fd, _READ, watched)
        watched.fd = fd
        watched.interest = _READ if read else 0

    def set_interest(self, watched: Watched, read: bool, write: bool) -> None:
        """Changes what is waited for; costs a system call only if that is a change.

        What waits for neither isn't looked at, not even for errors.
        """
        interest = (_READ if read else 0) | (_WRITE if write else 0)
        if interest == watched.interest:
            return
        if not interest:
            self._selector.unregister(watched.fd)
        elif watched.interest:
            self._selector.modify(watched.fd, interest, watched)
        else:
            self._selector.register(watched.fd, interest, watched)
        watched.interest = interest

    def remove(self, watched: Watched) -> None:
        """Waits for it no more; nothing of it is called any more, even in this pass."""
        if watched.interest:
            watched.interest = 0
            self._selector.unregister(watched.fd)

    def watch(self, sock: HasFileno | int, read: bool, write: bool) -> None:
        """As `set_interest`, of a registered socket. Raises KeyError if it isn't registered."""
        watched = self._watched[sock if isinstance(sock, int) else sock.fileno()]
        self.set_interest(watched, *watched.wants(read, write))

    def unregister(self, sock: HasFileno | int) -> None:
        """Forgets a socket; nothing of it is called any more, even in this pass. KeyError if unknown."""
        self.remove(self._watched.pop(sock if isinstance(sock, int) else sock.fileno()))

    # ---- calls -------------------------------------------------------------------------------------------

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Calls back once, when `time()` has reached `when`; not before the next step of timers."""
        timer = Timer(self, when, callback)
        self._timers_made += 1
        heapq.heappush(self._timers, (when, self._timers_made, timer))
        return timer

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Calls back once, in `delay` seconds."""
        return self.call_at(self.time() + delay, callback)

    def _timer_cancelled(self) -> None:
        """Clears cancelled timers away when they outnumber the others, so that memory has a bound."""
        self._cancelled += 1
        if self._cancelled > _FEW_CANCELLED and self._cancelled * 2 > len(self._timers):
            self._timers = [entry for entry in self._timers if entry[2].callback is not None]
            heapq.heapify(self._timers)
            self._cancelled = 0

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Calls back in this pass or the next, before the loop sleeps."""
        self._soon.append(callback)

    def call_threadsafe(self, callback: Callable[[], None]) -> None:
        """As `call_soon`, from any thread. After `close` it does nothing."""
        self._soon.append(callback)
        # If a wake-up is under way, its receiver clears this mark before it looks for callbacks, and so finds
        # ours.
        if not self._woken:
            self._woken = True
            with suppress(OSError):  # full of wake-ups, so one is coming; or closed, so nobody needs one
                self._waker.send(b"\0")

    def _awake(self) -> None:
        self._wake_reader.recv(4096)
        self._woken = False

    def handle_signal(self, signum: int, callback: Callable[[], None]) -> None:
        """Calls back inside the loop, never in the middle of something, whenever the signal comes.

        The old handler is put back by `close`. Only for the main thread: raises ValueError in others
        (Python's rule).
        """
        old = signal.signal(signum, lambda _signum, _frame: self.call_threadsafe(callback))
        self._old_handlers.setdefault(signum, old)
        if self._old_wakeup_fd is None:
            # The handler above runs only between two instructions of Python: without this descriptor, a
            # signal that comes right before the selector's system call would wait until something else ends
            # that call.
            self._old_wakeup_fd = signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)

    # ---- running -----------------------------------------------------------------------------------------

    def run(self) -> None:
        """Calls the `before_sleep` hooks, then makes passes until `stop`; the last pass is completed."""
        for hook in self.before_sleep:
            hook()
        while not self._stopping:
            self.run_once()
        self._stopping = False

    def stop(self) -> None:
        """Lets `run` return at the end of this pass; if it isn't running, as soon as it is called."""
        self._stopping = True

    def run_once(self, timeout: float | None = None) -> None:
        """Makes one pass that waits at most `timeout` seconds, or for as long as nothing happens (None)."""
        ready = self._selector.select(self._sleep(timeout))
        self.passes += 1
        self.now = self.time()
        self._serve(ready)
        if self._timers:
            self._run_timers()
        soon = self._soon
        for _ in range(len(soon)):
            soon.popleft()()
        for hook in self.before_sleep:
            hook()

    def _serve(self, ready: list[tuple[selectors.SelectorKey, int]]) -> None:
        """Calls the ready sockets, including those that become ready meanwhile, once each.

        What comes a moment later joins this pass: the pass costs one commit and one send a receiver, however much it
        holds. With 100 members and 10 talkers a pass gathers 9 messages instead of 6, and a delivery costs a quarter
        less.
        """
        served: set[int] = set()
        for _ in range(_ROUNDS):
            fresh = False
            for key, events in ready:
                if key.fd in served:
                    continue
                served.add(key.fd)
                fresh = True
                watched: Watched = key.data
                # The interest is asked for each time: a callback may have changed it, or unregistered the socket.
                if events & _READ and watched.interest & _READ:
                    watched.readable()
                if events & _WRITE and watched.interest & _WRITE:
                    watched.writable()
            if not fresh:
                return
            ready = self._selector.select(0)

    def _sleep(self, timeout: float | None) -> float | None:
        """The selector's timeout."""
        if self._soon:
            return 0
        timers = self._timers
        while timers and timers[0][2].callback is None:
            heapq.heappop(timers)
            self._cancelled -= 1
        if not timers:
            return timeout
        until_due = min(max(0.0, timers[0][0] - self.time()), _LONGEST_SLEEP)
        return until_due if timeout is None else min(timeout, until_due)

    def _run_timers(self) -> None:
        now = self.time()
        youngest = self._timers_made  # timers that set themselves anew for now must not hold the pass up
        while (timers := self._timers) and timers[0][0] <= now and timers[0][1] <= youngest:
            timer = heapq.heappop(timers)[2]
            callback = timer.callback
            if callback is None:
                self._cancelled -= 1
            else:
                timer.callback = None
                callback()

    def close(self) -> None:
        """Puts signal handlers back and frees the loop's own descriptors; registered sockets stay open."""
        if self._old_wakeup_fd is not None:
            signal.set_wakeup_fd(self._old_wakeup_fd)
            self._old_wakeup_fd = None
        for signum, old in self._old_handlers.items():
            signal.signal(signum, signal.SIG_DFL if old is None else old)
        self._old_handlers.clear()
        self._selector.close()
        self._watched.clear()
        self._wake_reader.close()
        self._waker.close()
