"""The book of a soak: what was said, what must have been heard, and what was heard."""

from __future__ import annotations

from collections import Counter


class Failure(Exception):
    """Something was lost, duplicated, or out of order."""


class Book:
    """Every line that is said has a text of its own, so that each can be followed."""

    def __init__(self) -> None:
        self.said: set[str] = set()
        self.owed: set[str] = set()
        """Lines that were acknowledged, or whose sender was let go in peace, and that the watcher has not heard yet."""
        self.heard: dict[str, tuple[str, int]] = {}
        """The room and the number under which the watcher has heard each line."""
        self.heads: dict[str, int] = {}
        """The last number that the watcher has heard of each room."""
        self.events: Counter[str] = Counter()
        """What else has happened, for the report."""

    def say(self, who: str) -> str:
        """The text of the next line."""
        number = len(self.said)
        text = f"{who}-{number}{' lorem ipsum' * (number % 9)}"
        self.said.add(text)
        return text

    def accept(self, text: str) -> None:
        """The server has taken a line: the watcher must hear it."""
        if text not in self.heard:
            self.owed.add(text)

    def hear(self, room: str, seq: int, text: str) -> None:
        """The watcher hears a line. Raises Failure if one is missing before it, or if it was heard before."""
        expected = self.heads.get(room, seq - 1) + 1
        if seq != expected:
            raise Failure(f"{room}: number {seq} came where {expected} was due")
        self.heads[room] = seq
        if text not in self.said:
            self.events["nonsense that was said"] += 1
            return
        if text in self.heard:
            raise Failure(f"{text!r} came as {self.heard[text]} and as {(room, seq)}")
        self.heard[text] = room, seq
        self.owed.discard(text)

    def compare(self, room: str, history: list[tuple[int, str]]) -> None:
        """Compares what a room's history holds with what was heard of it. Raises Failure."""
        lines = [(seq, text) for seq, text in history if text in self.said]
        stored = {text: seq for seq, text in lines}
        if len(stored) != len(lines):
            raise Failure(f"{room}: the history holds a line twice")
        for text, (where, seq) in self.heard.items():
            if where == room and stored.get(text) != seq:
                raise Failure(
                    f"{room}: {text!r} was heard as number {seq}; the history has {stored.get(text)}"
                )
