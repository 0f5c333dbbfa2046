"""The context of a handler: the state, the settings, the store's answers and fresh random bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from evchat.core import changes
from evchat.core import records as rec
from evchat.core.audience import Audience, pick
from evchat.core.state import Channel, User
from evchat.core.store import Fetch, StoreError
from evchat.core.tables import State
from evchat.protocol import names
from evchat.protocol.base import Event
from evchat.settings.model import Config

E = TypeVar("E", bound=Event)


class Context:
    """All that handlers and rules get of the world. Only `state` is kept between requests; it holds plain values.

    `fetch` answers a question at once from the store and raises StoreError; `salt` gives so many random bytes.
    `monotonic` is a clock that never jumps, in milliseconds since some moment: every duration is measured by it. The
    time of day, which handlers get as `now`, only says when something was; it may be set forward or back at any time.
    """

    __slots__ = ("config", "fetch", "limits", "monotonic", "reserved", "salt", "started_at", "state")

    def __init__(
        self,
        state: State,
        config: Config,
        fetch: Fetch[Any],
        salt: Callable[[int], bytes],
        monotonic: Callable[[], int],
    ) -> None:
        self.state = state
        self.set_config(config)
        self.fetch = fetch
        self.salt = salt
        self.monotonic = monotonic
        self.started_at = 0
        """The time of day when `monotonic` was 0, as it was thought to be at the start."""

    def set_config(self, config: Config) -> None:
        """New settings hold from now on. `limits` are those of the settings, at hand."""
        self.config = config
        self.limits = config.limits
        self.reserved = frozenset(map(names.user_key, config.reserved_names))
        """The keys of the names that nobody can take."""

    def steady_date(self) -> int:
        """What time of day it would be, had nobody set the clock since the start: for ages that outlive the server."""
        return self.started_at + self.monotonic()

    def head(self, conversation: str) -> int:
        """The number of a conversation's last message, asked of the store once. Raises StoreError."""
        heads = self.state.heads
        seq = heads.get(conversation)
        if seq is None:
            if len(heads) >= self.limits.max_heads:
                heads.clear()
            found = self.fetch(rec.HeadOf(conversation))
            seq = heads[conversation] = found[0] if found else 0
        return seq

    def rev(self, conversation: str) -> int:
        """The number of a conversation's last change, asked of the store once. Raises StoreError."""
        revs = self.state.revs
        rev = revs.get(conversation)
        if rev is None:
            if len(revs) >= self.limits.max_heads:
                revs.clear()
            found = self.fetch(changes.RevOf(conversation))
            rev = revs[conversation] = found[0] if found else 0
        return rev

    def next_message(self, conversation: str, now: int) -> tuple[int, int]:
        """The number and the time of the next message in a conversation. Raises StoreError.

        The time is `next_time`, and taken; the number is taken by whoever says something under it.
        """
        seq, last = self.state.heads.get(conversation), self.state.last_times.get(conversation)
        if seq is None or last is None:
            seq, last = self.head(conversation), self.last_time(conversation)
        at = self.state.last_times[conversation] = now if now > last else last + 1
        return seq + 1, at

    def next_time(self, conversation: str, now: int) -> int:
        """The time of what happens now in a conversation: no two things there have the same. Raises StoreError.

        It is `now`, or just behind the last thing where the clock was set back, or two came within a millisecond: so
        history by time, page by page, misses nothing.
        """
        times = self.state.last_times
        last = times.get(conversation)
        if last is None:
            last = self.last_time(conversation)
        at = times[conversation] = now if now > last else last + 1
        return at

    def last_time(self, conversation: str) -> int:
        """When the last thing happened in a conversation, 0 for never; asked of the store once. Raises StoreError."""
        times = self.state.last_times
        if conversation not in times:
            found = self.fetch(rec.LastTimeOf(conversation))
            if len(times) >= self.limits.max_heads:
                times.clear()
            times[conversation] = found[0] if found else 0
        return times[conversation]

    def is_quiet(self, channel: Channel) -> bool:
        """Whether a channel has so many members that joins and parts are not announced there."""
        return len(channel.members) > self.limits.quiet_above

    def peers_of(self, user: User) -> Audience:
        """The sessions of everyone who sees `user` in a channel that is not quiet, and the user's own."""
        around = [channel for channel in user.channels.values() if not self.is_quiet(channel)]
        if len(around) == 1:
            return around[0].witnesses(user)  # among them the user's own
        sids = dict.fromkeys(user.sids)
        for channel in around:
            sids.update(dict.fromkeys(channel.witnesses(user).sids))
        return pick(sids)

    def remember(self, channel: Channel, event: E, about: User | None = None) -> E:
        """The event as the event log keeps it; unchanged where the channel is too large to announce such things.

        What is `about` a member whom not everyone sees is not kept for everyone either.
        """
        head = self.state.heads.get(channel.key)
        if head is None or self.is_quiet(channel) or (about is not None and channel.hides(about)):
            return event
        try:
            at = self.next_time(channel.key, event.at)
        except StoreError:  # the event happens all the same; only messages need what is kept
            at = event.at
        return self.state.event_log.keep(channel.key, head, event, self.limits, at)
