"""One connection of a load test: logs in, joins its channel, sends, and checks all it hears."""

from __future__ import annotations

import errno
import json
import os
import re
import selectors
import socket
import sys
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from load.plan import Plan
from load.tally import Histogram, Tally
from load.verify import Delivery, Scan, Sequence, scanner

_CHUNK = 65536
_CLIENTS_PER_SOURCE = 20_000
"""Connections from one local address: fewer than the 28,232 ports that Linux gives by default."""
_IP_BIND_ADDRESS_NO_PORT = 24
"""Linux: choose the local port when connecting, when it only has to be free for that one destination."""
_COMING_AND_GOING = re.compile(rb'"response": ?"(?:joined|left|quit)"')
_CONNECTING = {errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY}


@dataclass(slots=True)
class Shared:
    """What all clients of a process have in common; deliveries and messages from `first` to `last` µs are measured."""

    plan: Plan
    selector: selectors.BaseSelector
    tally: Tally = field(default_factory=Tally)
    latency: Histogram = field(default_factory=Histogram)
    first: int = sys.maxsize
    last: int = sys.maxsize
    scan: Scan = field(init=False)

    def __post_init__(self) -> None:
        self.scan = scanner(self.plan.padding)


class Client:
    """One connection. After `joined` or `gone` its state of setting up is over."""

    __slots__ = (
        "accepted", "channel", "gone", "head", "heard", "interest", "joined", "keep_sending", "number", "out",
        "pending", "refused", "seqs", "shared", "sock", "started", "tail", "why",
    )  # fmt: skip

    def __init__(self, shared: Shared, number: int) -> None:
        plan = shared.plan
        self.shared = shared
        self.number = number
        self.channel = plan.channel(number)
        self.head = f'{{"request":"msg","to":"{self.channel}",'
        self.joined = False
        self.gone = False
        self.why = ""
        self.tail = b""
        self.out = bytearray()
        self.seqs = Sequence()
        self.heard: dict[int, Sequence] = {}
        self.pending: deque[int] = deque()
        self.accepted = 0
        self.refused = 0
        self.keep_sending = False
        self.interest = selectors.EVENT_READ | selectors.EVENT_WRITE
        self.started = plan.micros()
        self.sock = socket.socket(socket.AF_INET6 if ":" in plan.host else socket.AF_INET)
        self.sock.setblocking(False)
        self._connect(plan)
        shared.selector.register(self.sock, self.interest, self)

    def _connect(self, plan: Plan) -> None:
        """Begins to connect and writes down all requests of setting up. Raises OSError."""
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        source = self.number // _CLIENTS_PER_SOURCE
        if source and plan.host.startswith("127."):
            if sys.platform == "linux":
                self.sock.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
            self.sock.bind((f"127.0.0.{source + 1}", 0))
        problem = self.sock.connect_ex((plan.host, plan.port))
        if problem and problem not in _CONNECTING:
            self.sock.close()
            raise OSError(problem, os.strerror(problem))
        self.request("hello", {"version": 1, "client": "loadtest/1"})
        self.request("login", plan.name(self.number))
        self.request("join", self.channel)

    # ---- out --------------------------------------------------------------------------------------------------

    def request(self, name: str, content: Any) -> None:
        """Writes a request down whose id is its own name; `flush` sends it."""
        self.out += json.dumps({"request": name, "content": content, "id": name}).encode() + b"\n"

    def say(self, intended: int) -> None:
        """Writes the next message down, with the time when it should leave; `flush` sends it."""
        plan, tally = self.shared.plan, self.shared.tally
        number = self.accepted + self.refused + len(self.pending) + 1
        self.pending.append(number)
        tally.sent += 1
        name = f'"id":"{number:x}",' if plan.ids else ""
        token = f"~{self.number:05x}.{number:06x}.{intended:010x}~"
        self.out += f'{self.head}{name}"content":"{token}{plan.padding}"}}\n'.encode()

    def flush(self) -> None:
        """Sends what is written down, as far as the kernel takes it; the rest when it takes more."""
        if self.gone:
            return
        try:
            if self.out:
                del self.out[: self.sock.send(self.out)]
        except BlockingIOError:
            pass
        except OSError as problem:
            self.drop(problem.strerror or str(problem))
            return
        interest = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.out else 0)
        if interest != self.interest:
            self.interest = interest
            self.shared.selector.modify(self.sock, interest, self)

    def drop(self, why: str) -> None:
        """Ends the connection from our side, or takes note that it has ended."""
        if self.gone:
            return
        self.gone = True
        tally = self.shared.tally
        if self.joined:
            tally.dropped += 1
        else:
            tally.failed += 1
        tally.error(self.why or why)
        self.shared.selector.unregister(self.sock)
        self.sock.close()

    # ---- in ---------------------------------------------------------------------------------------------------

    def receive(self) -> None:
        """Reads once, checks all that is complete, and sends what follows from it."""
        try:
            data = self.sock.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError as problem:
            self.drop(problem.strerror or str(problem))
            return
        if not data:
            self.drop("The server closed the connection.")
            return
        now = self.shared.plan.micros()
        data = self.tail + data
        end = data.rfind(b"\n") + 1
        self.tail = data[end:]
        lines = data[:end]
        if self.joined and (found := self.shared.scan(lines)) is not None:
            self._delivered(found, now)
        else:
            for line in lines.split(b"\n"):
                if line and not self.gone:
                    self._line(line, now)
        if self.out:
            self.flush()

    def _delivered(self, found: tuple[Delivery, ...], now: int) -> None:
        shared, heard, seqs = self.shared, self.heard, self.seqs
        for seq, sender, number, _ in found:
            if seq == seqs.next:  # what `see` does mostly, without the call: this runs for every delivery
                seqs.next = seq + 1
            else:
                seqs.see(seq)
            numbers = heard.get(sender)
            if numbers is None:
                if sender == self.number or shared.plan.channel(sender) != self.channel:
                    shared.tally.strayed += 1
                    continue
                numbers = heard[sender] = Sequence()
            if number == numbers.next:
                numbers.next = number + 1
            else:
                numbers.see(number)
        shared.tally.heard += len(found)
        first, last = shared.first, shared.last
        shared.latency.add([now - intended for _, _, _, intended in found if first <= intended < last])
        if first <= now < last:
            shared.tally.deliveries += len(found)

    def _line(self, line: bytes, now: int) -> None:
        """One line that may be anything."""
        if _COMING_AND_GOING.search(line):
            return None  # by far the most of what comes while all connect
        if self.joined and (found := self.shared.scan(line + b"\n")):
            return self._delivered(found, now)
        try:
            event = json.loads(line)
            kind = event["response"]
        except (ValueError, KeyError, TypeError):
            self.shared.tally.mangled += 1
            return self.shared.tally.error(f"This line is no event: {line[:200]!r}.")
        if kind == "ok":
            return self._answered(event, now)
        if kind == "error":
            return self._refused(event)
        if kind == "ping":
            return self.request("pong", event.get("content"))
        if kind == "message" and str(event.get("to", "")).startswith(f"#load-{self.shared.plan.run}-"):
            self.shared.tally.mangled += 1
            self.shared.tally.error(f"This message was not sent so: {line[:200]!r}.")
        return None

    def _answered(self, event: dict[str, Any], now: int) -> None:
        shared = self.shared
        if not self.joined:
            if event.get("reply_to") == "join":
                self.joined = True
                shared.tally.joined += 1
            return
        if not self.pending or not isinstance(event.get("seq"), int):
            return  # the answer to something else, such as a pong
        number = self.pending.popleft()
        if shared.plan.ids and event.get("reply_to") != f"{number:x}":
            shared.tally.disordered += 1
            shared.tally.error(f"Message {number:x} was answered as {event.get('reply_to')}.")
        self.accepted += 1
        shared.tally.accepted += 1
        self.seqs.see(event["seq"])
        if shared.first <= now < shared.last:
            shared.tally.messages += 1
        if self.keep_sending and now < shared.last:
            self.say(shared.plan.micros())

    def _refused(self, event: dict[str, Any]) -> None:
        tally = self.shared.tally
        text = str(event.get("content"))
        if not self.joined:
            self.why = text
            if event.get("reply_to"):
                self.drop(text)
            return
        tally.error(text)
        if self.pending and (not self.shared.plan.ids or event.get("reply_to") == f"{self.pending[0]:x}"):
            self.pending.popleft()
            self.refused += 1
            tally.refused += 1
        else:
            self.why = text  # the last words before the server hangs up
