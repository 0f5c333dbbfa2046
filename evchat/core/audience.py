"""Audiences: who hears an event, as a topic and the sessions behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evchat.protocol.value import value


@value
class Audience:
    """The sessions that a topic stands for at one moment, each once. It never changes.

    `topic` is the key of a channel or of a user, or `*` for everyone who is logged in; empty for sessions that were
    picked for one event. As long as nobody comes or goes, a topic has the same audience, the very object: what that
    means in connections can be remembered, until the topic comes with another one.
    """

    topic: str
    sids: tuple[int, ...]

    def __iter__(self) -> Iterator[int]:
        """The ids of the sessions."""
        return iter(self.sids)

    def __len__(self) -> int:
        """How many sessions there are."""
        return len(self.sids)

    def __contains__(self, sid: object) -> bool:
        """Whether a session is among them."""
        return sid in self.sids


NOBODY = Audience("", ())
"""The audience of what nobody hears."""


def pick(sids: Iterable[int]) -> Audience:
    """An audience for one event: these sessions, which no topic stands for."""
    return Audience("", tuple(sids))
