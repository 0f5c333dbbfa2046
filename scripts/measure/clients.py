"""The clients of a server in lockstep: a process of its own, so that what it costs is not counted as the server's.

Whenever the server has ended a pass it sends a byte and waits. This process then reads all that has arrived; once a
round is complete it sends the next one. Its answer is the number of the phase that has just ended, or GO_ON.
"""

from __future__ import annotations

import json
import resource
import select
import socket
import ssl
import sys
from collections.abc import Callable, Iterator

from evchat.net.tls import Tls, client_context
from measure import workloads as say
from measure.workloads import PAYLOAD, Workload

BEGIN = 253
"""Time counts from here on."""
GO_ON = 254
DONE = 255
PHASES = ("message", "join", "nick", "part", "kick", "quit")
"""What can be measured; the server hears the index. Setting up is no phase, and answered with GO_ON."""

_AT_ONCE = 50
"""Clients that log in in one pass while everything is set up."""


_SEEN = 1 << 16
"""Bytes of what a client heard that are looked at: more than all that join at once are told of each other."""


class Member:
    """One connection, and the end of what it received."""

    __slots__ = ("_tls", "_unsent", "gone", "name", "seen", "sock")

    def __init__(self, path: str, name: str, context: ssl.SSLContext | None) -> None:
        self.name = name
        self.seen = b""
        self.gone = False
        if path.isdecimal():
            self.sock = socket.create_connection(("127.0.0.1", int(path)))
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(path)
        self.sock.setblocking(False)
        self._tls = None if context is None else Tls(context)
        self._unsent = b""
        """What waits for the handshake."""
        self._go_on()

    def send(self, data: bytes) -> None:
        """Sends it, as soon as it can be."""
        if self._tls is None:
            self.sock.send(data)
        else:
            self._unsent += data
            self._go_on()

    def receive(self) -> bytes:
        """What has arrived; nothing at the end. Raises OSError."""
        data = self.sock.recv(1 << 20)
        if self._tls is None or not data:
            return data
        heard = self._tls.receive(data)
        while self._tls.unfinished:
            heard += self._tls.receive(b"")
        self._go_on()
        if not heard and not self._tls.ended:
            raise BlockingIOError
        return heard

    def _go_on(self) -> None:
        """Sends what the handshake wants sent, and after it what has waited."""
        if self._tls is not None:
            data = self._tls.outgoing()
            if self._tls.ready and self._unsent:
                data, self._unsent = data + self._tls.seal([self._unsent]), b""
            if data:
                self.sock.send(data)


class Clients:
    """Drives the clients of a workload through `rounds` rounds: `__call__` is to be called after each pass."""

    def __init__(self, workload: Workload, dialect: str, path: str, rounds: int) -> None:
        self._workload = workload
        self._dialect = say.inside(dialect)
        self._context = client_context(verify=False) if say.has_tls(dialect) else None
        self._path = path
        self._rounds = rounds
        self._epoll = select.epoll()
        self._by_fd: dict[int, Member] = {}
        self._heard = 0
        self._made = 0
        self._looking = True
        self._steps = self._play()

    def __call__(self) -> int:
        """Reads what has arrived; returns the phase that is over, GO_ON or DONE."""
        self._read()
        return next(self._steps, DONE)

    def _read(self) -> None:
        while ready := self._epoll.poll(0):
            for fd, _ in ready:
                member = self._by_fd[fd]
                try:
                    data = member.receive()
                except BlockingIOError:
                    continue
                except ConnectionError:
                    data = b""
                if not data:
                    member.gone = True
                    self._epoll.unregister(fd)
                    del self._by_fd[fd]
                    member.sock.close()
                    continue
                self._heard += data.count(_MARK)
                if self._looking:
                    member.seen = (member.seen + data)[-_SEEN:]

    def _connect(self, name: str = "") -> Member:
        self._made += 1
        member = Member(self._path, name or f"v{self._made}", self._context)
        self._by_fd[member.sock.fileno()] = member
        self._epoll.register(member.sock, select.EPOLLIN)
        return member

    def _play(self) -> Iterator[int]:
        """The whole run; each value is the answer to one pass of the server."""
        workload, dialect = self._workload, self._dialect
        members: list[Member] = []
        while len(members) < workload.clients:
            # The first one alone: whoever joins first is the operator of the channel, and `_visits` needs to know who.
            fresh = range(len(members), min(workload.clients, len(members) + (_AT_ONCE if members else 1)))
            for number in fresh:
                members.append(self._connect(f"u{number}"))
                channel = workload.channel(number)
                members[-1].send(say.login(dialect, f"u{number}") + say.join(dialect, channel))
            while not all(say.joined(dialect, workload.channel(n)) in members[n].seen for n in fresh):
                yield GO_ON
        for _ in range(3):  # whatever the set-up left to do
            yield GO_ON
        yield from self._visits(members[0]) if workload.visitors else self._messages(members)

    def _messages(self, members: list[Member]) -> Iterator[int]:
        workload, dialect = self._workload, self._dialect
        sent = [
            say.message(dialect, f"u{(n + 1) % workload.clients}" if workload.direct else workload.channel(n))
            * workload.window
            for n in range(workload.senders)
        ]
        self._looking = False
        expected = workload.deliveries(say.ECHO[dialect])
        for number in range(self._rounds):
            self._heard = 0
            for sender, data in enumerate(sent):
                members[sender].send(data)
            yield BEGIN if number == 0 else PHASES.index("message")
            while self._heard < expected:
                yield GO_ON
            if self._heard > expected:
                raise SystemExit(f"{self._heard} deliveries instead of {expected}")
        yield PHASES.index("message")

    def _visits(self, operator: Member) -> Iterator[int]:
        """Each phase begins with the value that ends the one before. `operator` has made the channel."""
        dialect, channel = self._dialect, self._workload.channel(0)
        ended = BEGIN
        for _ in range(self._rounds):
            visitors = []
            for _ in range(self._workload.visitors):
                visitors.append(self._connect())
                name = visitors[-1].name
                visitors[-1].send(say.login(dialect, name) + say.join(dialect, channel))
            yield ended
            yield from self._all_hear(visitors, lambda _: say.joined(dialect, channel))
            for visitor in visitors:
                visitor.name = f"w{visitor.name}"
                visitor.send(say.nick(dialect, visitor.name))
            yield PHASES.index("join")
            yield from self._all_hear(visitors, lambda name: say.renamed(dialect, name))
            for visitor in visitors:
                visitor.send(say.part(dialect, channel))
            yield PHASES.index("nick")
            yield from self._all_hear(visitors, lambda name: say.parted(dialect, name, channel))
            yield PHASES.index("part")
            for visitor in visitors:
                visitor.send(say.join(dialect, channel))
            yield from self._all_hear(visitors, lambda _: say.joined(dialect, channel))
            operator.send(b"".join([say.kick(dialect, channel, visitor.name) for visitor in visitors]))
            yield BEGIN
            yield from self._all_hear(visitors, lambda name: say.kicked(dialect, channel, name))
            for visitor in visitors:
                visitor.send(say.leave(dialect))
            yield PHASES.index("kick")
            while not all(visitor.gone for visitor in visitors):
                yield GO_ON
            yield GO_ON  # the pass in which the server hears that we have closed our end, too
            ended = PHASES.index("quit")
        yield ended

    def _all_hear(self, visitors: list[Member], line: Callable[[str], bytes]) -> Iterator[int]:
        """Goes on until each visitor has received what `line` says of its name, and forgets what they have received."""
        while not all(line(visitor.name) in visitor.seen for visitor in visitors):
            if any(visitor.gone for visitor in visitors):
                raise SystemExit(f"A visitor was not let in: {visitors[0].seen[-500:]!r}")
            yield GO_ON
        for visitor in visitors:
            visitor.seen = b""


_MARK = PAYLOAD.encode()


def main() -> None:
    """Serves the lockstep on the socket whose descriptor is the argument; the rest of the plan is the first line."""
    pipe = socket.socket(fileno=int(sys.argv[1]))
    plan = json.loads(sys.argv[2])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    workload = Workload(**plan["workload"])
    clients = Clients(workload, plan["dialect"], plan["path"], plan["rounds"])
    while pipe.recv(1):
        answer = clients()
        pipe.send(bytes((answer,)))
        if answer == DONE:
            return


if __name__ == "__main__":
    main()
