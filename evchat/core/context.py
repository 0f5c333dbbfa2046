"""What a handler may use: the state, the settings, the store's answers and fresh random bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from evchat.core import records as rec
from evchat.core.audience import Audience, pick
from evchat.core.state import Channel, State, User
from evchat.protocol.base import Event
from evchat.settings.model import Config

E = TypeVar("E", bound=Event)


class Context:
    """All that handlers and rules get of the world. Only `state` is kept between requests; it holds plain values.

    `fetch` answers a question at once from the store and raises StoreError; `salt` gives so many random bytes.
    """

    __slots__ = ("config", "fetch", "limits", "salt", "state")

    def __init__(
        self, state: State, config: Config, fetch: rec.Fetch[Any], salt: Callable[[int], bytes]
    ) -> None:
        self.state = state
        self.set_config(config)
        self.fetch = fetch
        self.salt = salt

    def set_config(self, config: Config) -> None:
        """New settings hold from now on. `limits` are those of the settings, at hand."""
        self.config = config
        self.limits = config.limits

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

    def is_quiet(self, channel: Channel) -> bool:
        """Whether a channel has so many members that joins and parts are not announced there."""
        return len(channel.members) > self.limits.quiet_above

    def peers_of(self, user: User) -> Audience:
        """The sessions of everyone who sees `user` in a channel that is not quiet, and the user's own."""
        sids = dict.fromkeys(user.sessions)
        for channel in user.channels.values():
            if not self.is_quiet(channel):
                sids.update(dict.fromkeys(channel.witnesses(user).sids))
        return pick(sids)

    def remember(self, channel: Channel, event: E, about: User | None = None) -> E:
        """The event as the event log keeps it; unchanged where the channel is too large to announce such things.

        What is `about` a member whom not everyone sees is not kept for everyone either.
        """
        if self.is_quiet(channel) or (about is not None and channel.hides(about)):
            return event
        return self.state.event_log.keep(channel.key, self.state.heads.get(channel.key), event, self.limits)
