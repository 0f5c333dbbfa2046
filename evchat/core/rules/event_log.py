"""What happened in conversations beside messages: the last of it, in memory, for those who read the past.

Messages are numbered and kept; of comings, goings and topics only programs ask, and only for the latest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from math import inf
from typing import Final, TypeVar

from evchat.protocol.base import Event, Place
from evchat.protocol.client_tags import TagMessage
from evchat.protocol.messages import Message
from evchat.settings.model import Limits

E = TypeVar("E", bound=Event)
Position = tuple[float, float]
"""The number of the last message before something, and its own number behind that; a message itself is (number, 0)."""

FIRST: Final[Position] = (-1, 0)
LAST: Final[Position] = (inf, 0)


class EventLog:
    """The last events of the conversations in which something happened last."""

    def __init__(self) -> None:
        self._count = 0
        self._by_key: dict[str, deque[Event]] = {}

    def keep(self, conversation: str, head: int, event: E, limits: Limits, at: int) -> E:
        """The event with its place behind message `head` of a conversation and its time there."""
        if isinstance(event, TagMessage) and _size(event) > limits.max_event_bytes:
            return event
        # Taken out and put in again below, so that the dict stays in the order of the latest event.
        events = self._by_key.pop(conversation, None)
        if events is None:
            events = deque()
        last = events[-1].place if events else None
        part = last.part + 1 if last is not None and last.seq == head else 1
        placed = replace(event, at=at, place=Place(conversation, head, part))
        self._count += 1
        events.append(placed)
        while len(events) > limits.max_events:
            events.popleft()
            self._count -= 1
        self._by_key[conversation] = events
        # A whole conversation goes at once: half a past, with a gap that nothing shows, would mislead its readers.
        while len(self._by_key) > limits.max_event_conversations or self._count > limits.max_events_total:
            self._count -= len(self._by_key.pop(next(iter(self._by_key))))
        return placed

    def forget(self, conversation: str) -> None:
        """Nothing of what happened in a conversation is to be told any more."""
        self._count -= len(self._by_key.pop(conversation, ()))

    def drop(self, event: Event) -> None:
        """An event has not happened after all."""
        if event.place is not None:
            events = self._by_key.get(event.place.conversation)
            if events is not None and event in events:
                events.remove(event)
                self._count -= 1

    def between(
        self, conversation: str, after: Position, before: Position, since: float, until: float
    ) -> tuple[Event, ...]:
        """What happened between two positions, and between two times (the first counts)."""
        return tuple(
            event
            for event in self._by_key.get(conversation, ())
            if after < position(event) < before and since <= event.at < until
        )


def _size(event: TagMessage) -> int:
    return len(event.text) + sum(len(name) + len(text) for name, text in event.tags)


def position(event: Event) -> Position:
    """Where something lies in its conversation."""
    if isinstance(event, Message):
        return event.seq, 0
    return (event.place.seq, event.place.part) if event.place is not None else LAST


def limited(
    messages: list[Message],
    events: Iterable[Event],
    limit: int,
    *,
    cut: bool,
    forward: bool,
    middle: Position | None,
) -> tuple[Event, ...]:
    """At most `limit` of the messages and what happened between them: the first ones, the last ones, or around a place.

    If the messages were `cut` for some limit, what happened beyond them is left out: more messages lie between.
    """
    if cut and messages:
        first: Position = FIRST if forward else (messages[0].seq, 0)
        last = (messages[-1].seq + 1, 0) if forward or middle is not None else LAST
        events = (event for event in events if first < position(event) < last)
    found = sorted((*messages, *events), key=position)
    if middle is not None:
        start = sum(position(event) < middle for event in found) - limit // 2
        return tuple(found[max(0, start) : max(0, start + limit)])
    return tuple(found[:limit] if forward else found[max(0, len(found) - limit) :])
