"""The way in: from a client's bytes to requests, carried out one after the other, each when nothing holds it back.

A client is read from only while nothing of it waits: no bytes, no request, no answer under way, no password at the
worker, and not more output than it may leave unread. So its own buffers fill up, and ours stay small.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import assert_never

from evchat import log
from evchat.core.effects import Hangup, Reply
from evchat.dialects import phrases
from evchat.dialects.base import Action, Close, Emit, Moved, Pair, Upgraded
from evchat.dialects.detect import UNDECIDED
from evchat.net.loop import Loop
from evchat.protocol.authentication import Pass
from evchat.protocol.base import Request
from evchat.protocol.basics import HungUp, Malformed, ServerNotice
from evchat.protocol.certificates import AuthenticateByCertificate
from evchat.protocol.messages import SendMessage
from evchat.server import strangers, wall_clock
from evchat.server.allowances import Allowances
from evchat.server.back import Back
from evchat.server.client import NEVER, OUTPUT, PASS, PASSWORD, READING, TOKEN, TURN, Client
from evchat.server.commit_waits import CommitWaits
from evchat.server.connection_limits import is_public
from evchat.server.deliveries import Write
from evchat.server.fanout import Fanout
from evchat.server.openings import fingerprint
from evchat.server.request_cost import (
    BYTES_A_TOKEN,
    LINE_WEIGHT,
    SLICE_WEIGHT,
    UPGRADE_WEIGHT,
    VISIT_WEIGHT,
    WORK_A_PASS,
    counts_before_login,
    tokens,
)
from evchat.server.second_connections import SecondConnections
from evchat.server.transaction import FETCHES, HANGS_UP, HASHES, PUTS_OFF, READS
from evchat.settings.model import Limits

_SLICE = 4096
"""Bytes parsed into requests at a time: as objects they may take a hundred times as much memory."""

_SLICE_OF_STRANGERS = 128
"""As many before a login: a request of HTTP takes ten times as long as any other line of its thirty bytes."""

_REQUESTS_A_PASS = 128
"""Requests of one client in one pass, so that a client that has sent ten thousand does not keep the others waiting."""


class Ingress:
    """Takes in what clients send, and has the back carry it out. `limits` may be replaced at any time.

    `on_visit` is told of a client that begins to fetch files, `on_stay` of one that has done so and will chat, and
    `on_moved` of one that comes from another address than it seemed to, as a proxy says. The last two are told it.
    """

    def __init__(
        self,
        loop: Loop,
        limits: Limits,
        back: Back,
        fanout: Fanout,
        allowances: Allowances,
        on_visit: Callable[[Client], None],
        on_stay: Callable[[Client, str], None],
        on_moved: Callable[[Client, str], None],
    ) -> None:
        self._loop = loop
        self.limits = limits
        self._back = back
        self._fanout = fanout
        self._allowances = allowances
        self._on_visit = on_visit
        self._on_stay = on_stay
        self._on_moved = on_moved
        self._deferred: list[Client] = []
        """The clients that wait for the next pass."""
        self.turns: deque[Client] = deque()
        """The clients whose next request is heavy and waits until those before them had a pass with room for theirs."""
        self.second_connections = SecondConnections(loop, limits, partial(self._release, reason=TURN))
        self._commit_waits = CommitWaits(back, self._release)
        self._work = 0.0
        """The weight of the requests carried out in this pass."""

    # ---- what happens to a client -----------------------------------------------------------------------------

    def connected(self, client: Client) -> None:
        """A client has connected: its dialect may greet it."""
        if client.dialect.paced:
            client.connection.pace = self.limits.pace
        for action in client.dialect.greet():
            self._carry_out(client, action)

    def received(self, client: Client, data: bytes) -> None:
        """The client sent something."""
        client.heard = now = self._loop.now
        client.pinged = False
        waits = client.waits_for or client.backlog or client.unread
        if waits or not client.authenticated or len(data) > _SLICE:
            client.unread += data
            self._process(client)
            return
        # Nearly always these are messages, one or a few, with nothing in their way. What is not goes the longer way.
        actions = client.dialect.receive(data)
        take = client.throttle.take
        for done, action in enumerate(actions):
            if (
                type(action) is not SendMessage
                or client.waits_for
                or done == _REQUESTS_A_PASS
                or not take(now, 1.0 if len(action.text) < BYTES_A_TOKEN else tokens(action, 0.0))
            ):
                client.backlog = actions[done:]
                self._process(client)
                return
            flags = self._back.request(client.sid, action, False)
            if flags & PUTS_OFF:
                client.backlog = actions[done:]
                self._put_off(client, tokens(action, 0.0))
                return
            if flags:
                self._follow(client, flags)

    def ended(self, client: Client) -> None:
        """The client sends nothing more, but may still read."""
        client.ended = True
        self._process(client)

    def flushed(self, client: Client) -> None:
        """The client's output was flushed: what it left unread decides whether it may ask for more."""
        if client.connection.should_pause_reading:
            client.waits_for |= OUTPUT
            self._update_reading(client)
        else:
            self._release(client, OUTPUT)

    def wait(self, client: Client, seconds: float) -> None:
        """Carries out nothing of the client for so long."""
        client.waits_for |= TOKEN
        self._update_reading(client)
        self._loop.call_later(seconds, partial(self._release, client, TOKEN))

    def account_proved(self, client: Client) -> None:
        """The client has logged in to an account, or may have."""
        self._allowances.log_in(client.throttle, self._back.account(client.sid), self._loop.time())

    def resumed(self, client: Client) -> None:
        """A thread has done its work for the client, or had no room for it."""
        if not client.authenticated:
            self._check_login(client)
        if client.waits_for & PASSWORD:
            self.account_proved(client)
        if client.waits_for & READING:
            self._defer(client)  # behind those who have waited meanwhile
        self._release(client, PASSWORD | READING)

    def next_pass(self) -> None:
        """The pass is over: the clients that waited for that go on in the next one."""
        self._work = 0.0
        self._commit_waits.next_pass()
        if self._deferred:
            deferred, self._deferred = self._deferred, []
            for client in deferred:
                if client.backlog and _is_heavy(client.backlog[0]):
                    self.turns.append(client)
                else:
                    self._release(client, PASS)
        if self.turns:
            self._loop.call_soon(self._take_turns)

    def _take_turns(self) -> None:
        """Lets the clients go on that wait for it, one after the other, until the pass has no more room."""
        turns = self.turns
        while turns and self._work < WORK_A_PASS:
            client = turns.popleft()
            client.waits_for &= ~PASS
            self._process(client, in_turn=True)

    def commit_ended(self) -> None:
        """No commit is under way: the clients go on that waited for that."""
        for client in self._commit_waits.commit_ended():
            self._process(client, in_turn=True)

    def stop(self, client: Client) -> None:
        """Drops the client's remaining requests, and carries out nothing more."""
        client.waits_for |= NEVER
        client.backlog = ()
        client.unread = b""
        self._update_reading(client)

    # ---- one request after the other --------------------------------------------------------------------------

    def _process(self, client: Client, *, in_turn: bool = False) -> None:
        """Carries out the client's requests until the next one has to wait for something.

        A heavy one waits for its turn if others do; it is `in_turn` if it has waited.
        """
        if client.connection.closing:
            return
        now = self._loop.now
        backlog, done = client.backlog, 0
        left = _REQUESTS_A_PASS
        while not client.waits_for:
            if done == len(backlog):
                # A few files a pass, however many ask for however many. That they do is known once it is parsed.
                waits = client.unread and not client.authenticated
                if waits and (client.dialect.visits and done or self._must_wait(in_turn)):
                    self._queue_up(client)
                    break
                backlog, done = self._parse(client) if client.unread or client.ended else (), 0
                if not backlog:
                    break
            if not left:
                self._defer(client)
                break
            action = backlog[done]
            weight = 0.0
            if action.traits.heavy and isinstance(action, Request):
                weight = self._back.weight(client.sid, action)
                if weight and self._must_wait(in_turn):
                    self._queue_up(client)
                    break
            cost = tokens(action, weight)
            if not client.throttle.take(now, cost, action.traits.shared):
                self.wait(client, client.throttle.wait(now))
                break
            left -= 1
            done += 1
            if not self._carry_out(client, action):
                done -= 1
                self._put_off(client, cost, action.traits.shared)
            elif weight:
                self._work += weight
                self._defer_until_answered(client)
        client.backlog = backlog[done:] if done < len(backlog) and not client.waits_for & NEVER else ()
        if not client.authenticated:
            self._limit_unauthenticated(client)
        if client.parsed and not client.backlog and not client.waits_for:
            self._hang_up(client, "Closed the connection.", lost=True)
        # Who waits for nothing but a pass goes on soon, and is mostly silent until then: two system calls would be made
        # in vain. If more bytes come meanwhile they are unread, and no others are read.
        if client.waits_for & ~PASS or client.unread or client.connection.paused:
            self._update_reading(client)

    def _must_wait(self, in_turn: bool) -> bool:
        """Whether the pass has no room for heavy work, or others have waited for longer."""
        return self._work >= WORK_A_PASS or (bool(self.turns) and not in_turn)

    def _queue_up(self, client: Client) -> None:
        client.waits_for |= PASS
        self.turns.append(client)

    def _carry_out(self, client: Client, action: Action) -> bool:
        """Carries out a request; False if it has to be put off."""
        if not isinstance(action, Request):
            self._carry_out_own(client, action)
            return True
        if isinstance(action, Malformed):
            strangers.log_malformed(client, action)
        elif isinstance(action, AuthenticateByCertificate):
            action = replace(action, fingerprint=fingerprint(client))
        flags = self._back.request(client.sid, action, client.dialect.context)
        if flags:
            if flags & PUTS_OFF:
                return False
            self._follow(client, flags)
        if isinstance(action, Pass) and not client.warned:  # which need not be the worker's
            self._warn_of_plain_passwords(client)
        if not client.authenticated and not self._check_login(client) and counts_before_login(action):
            client.requests_before_login += 1
        return True

    def _follow(self, client: Client, flags: int) -> None:
        """Lets the next request wait for what follows from the last one."""
        if flags & FETCHES:
            self._defer_until_answered(client)
        if flags & HASHES:
            client.waits_for |= PASSWORD
            if not client.warned:
                self._warn_of_plain_passwords(client)
        if flags & READS:
            client.waits_for |= READING
        if flags & HANGS_UP:
            self.stop(client)

    def _warn_of_plain_passwords(self, client: Client) -> None:
        """Says, once, that anybody on the way could read the password, if it came unencrypted over the internet."""
        client.warned = True
        if client.connection.layer is None and is_public(client.address):
            self._back.add(
                client.sid, Reply(client.sid, ServerNotice(wall_clock.now(), phrases.PLAIN_PASSWORD))
            )

    def _carry_out_own(self, client: Client, action: Emit | Close | Moved | Upgraded | Pair) -> None:
        """Carries out what a dialect does by itself: it passes through the back only to keep its turn."""
        if isinstance(action, Emit):
            if not client.visiting:
                client.requests_before_login += action.traits.cost
            if action.frame:
                self._back.add(client.sid, Write(client.sid, action.frame))
            if len(action.frame) > _SLICE:
                self._defer(client)  # one file a pass: the client must take it before it gets more
        elif isinstance(action, Moved):
            self._on_moved(client, action.address)
        elif isinstance(action, Upgraded):
            self._on_stay(client, action.address)
        elif isinstance(action, Close):
            self._hang_up(client, action.reason, lost=action.lost)
        elif isinstance(action, Pair):
            if self._back.name(client.sid) and not self.second_connections.expect(client):
                client.waits_for |= TURN
        else:
            assert_never(action)

    def _parse(self, client: Client) -> Sequence[Action]:
        """What the next bytes mean; nothing if they are not enough to mean something."""
        actions: Sequence[Action] = ()
        while not actions:
            data = client.unread
            if data:
                size = _SLICE if client.authenticated else _SLICE_OF_STRANGERS
                data, client.unread = data[:size], data[size:]
                actions = client.dialect.receive(data)
            elif client.ended and not client.parsed:
                client.parsed = True
                if not client.connection.cut_short:
                    actions = client.dialect.end()
            else:
                break
            if not client.authenticated or client.dialect.successor is not None:
                self._recognise(client, len(data))
                if client.visiting:
                    self._work += 0.0 if client.dialect.visits else UPGRADE_WEIGHT
                    self._work += VISIT_WEIGHT * len(actions) + SLICE_WEIGHT + LINE_WEIGHT * data.count(b"\n")
                if client.waits_for & NEVER:
                    return ()  # it was turned away
        return actions

    def _recognise(self, client: Client, size: int) -> None:
        """Follows what these bytes said of the dialect, and counts them if nobody has logged in."""
        while (successor := client.dialect.successor) is not None:
            client.dialect = successor
            if successor.visits:
                self._on_visit(client)
            if client.authenticated:  # else it is in no audience that is planned for
                self._fanout.forget()
        if client.must_encrypt and client.dialect.name != UNDECIDED:
            client.must_encrypt = False
            self.refuse(client, "tls-required", phrases.TLS_REQUIRED)
        if not client.authenticated:
            client.bytes_before_login += 0 if client.dialect.visits else size
            client.connection.pace = self.limits.pace if client.dialect.paced else None

    # ---- what the next request waits for ----------------------------------------------------------------------

    def _defer(self, client: Client) -> None:
        """Carries out nothing more of the client in this pass."""
        if not client.waits_for & PASS:
            client.waits_for |= PASS
            self._deferred.append(client)

    def _put_off(self, client: Client, cost: float, shared: bool = True) -> None:
        """Lets a request wait until the commit under way has ended, which was to cost so many tokens."""
        client.throttle.give_back(cost, shared)
        self._commit_waits.put_off(client)
        self._update_reading(client)

    def _defer_until_answered(self, client: Client) -> None:
        """The answer may be long: the client must take it before it asks more."""
        self._defer(client)
        self._commit_waits.answer(client)

    def _release(self, client: Client, reason: int) -> None:
        """The client no longer waits for `reason`, if it did."""
        client.waits_for &= ~reason
        if not client.waits_for and (client.has_work or client.parsed):
            self._loop.call_soon(partial(self._process, client))
        elif client.waits_for or client.connection.paused:
            self._update_reading(client)

    def _update_reading(self, client: Client) -> None:
        if client.waits_for or client.has_work:
            client.connection.pause_reading()
        else:
            client.connection.resume_reading()

    # ---- before the login -------------------------------------------------------------------------------------

    def _check_login(self, client: Client) -> bool:
        """Whether somebody has logged in by now; if so, the stricter limits are off."""
        name = self._back.name(client.sid)
        if not name:
            return False
        client.authenticated = True
        self.account_proved(client)
        log.info("login", sid=client.sid, address=client.address, name=name, dialect=client.dialect.name)
        return True

    def _limit_unauthenticated(self, client: Client) -> None:
        reason = strangers.excess(client, self.limits)
        if reason and not client.waits_for & (NEVER | PASSWORD):
            log.warning("cut", sid=client.sid, address=client.address, reason=reason)
            self.refuse(client, "too-much", reason)

    # ---- the end ----------------------------------------------------------------------------------------------

    def refuse(self, client: Client, code: str, reason: str) -> None:
        """Ends a connection that can't be taken, with an error code and a sentence."""
        self.stop(client)
        self._back.add(client.sid, Reply(client.sid, HungUp(wall_clock.now(), code, reason)))
        self._back.add(client.sid, Hangup(client.sid, reason))

    def _hang_up(self, client: Client, reason: str, *, lost: bool = False) -> None:
        """Ends a connection once everything queued for it has been sent."""
        self.stop(client)
        self._back.add(client.sid, Hangup(client.sid, reason, lost))


def _is_heavy(action: Action) -> bool:
    return isinstance(action, Request) and action.traits.heavy
