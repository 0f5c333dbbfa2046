"""A JSON object from the server with typed access: the one place that checks the types of its values."""

from __future__ import annotations

from evchat.settings.client import MAX_LABEL_CHARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST = 1 << 62
"""Beyond any number that counts something, and within what fits into 64 bits."""


def is_number(value: object) -> bool:
    """Whether it is a number as the server counts messages and milliseconds."""
    return type(value) is int and 0 <= value <= MOST


class Record:
    """What stands under each key; what is missing or of another type counts as nothing. Texts are not harmless yet."""

    __slots__ = ("_facts",)

    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and self._facts == other._facts

    def __hash__(self) -> int:
        return hash(repr(self._facts))

    def __repr__(self) -> str:
        return f"Record({self._facts!r})"

    def __contains__(self, key: str) -> bool:
        return key in self._facts

    def text(self, key: str) -> str:
        """The text there; empty if there is none."""
        value = self._facts.get(key)
        return value if type(value) is str else ""

    def label(self, key: str) -> str:
        """The beginning of the text there: enough for any name."""
        return self.text(key)[:MAX_LABEL_CHARS]

    def text_or_none(self, key: str) -> str | None:
        """The text there; None if there is none, where an empty one means something."""
        value = self._facts.get(key)
        return value if type(value) is str else None

    def number(self, key: str) -> int | None:
        """The number there, from 0 to `MOST`."""
        value = self._facts.get(key)
        return value if is_number(value) else None

    def count(self, key: str) -> int:
        """The number there; 0 if there is none."""
        return self.number(key) or 0

    def flag(self, key: str) -> bool:
        """Whether `true` stands there."""
        return self._facts.get(key) is True

    def is_false(self, key: str) -> bool:
        """Whether `false` stands there."""
        return self._facts.get(key) is False

    def record(self, key: str) -> Record | None:
        """The object there."""
        value = self._facts.get(key)
        return Record(value) if type(value) is dict else None

    def is_list(self, key: str) -> bool:
        """Whether a list stands there."""
        return type(self._facts.get(key)) is list

    def texts(self, key: str) -> list[str]:
        """The texts of the list there."""
        value = self._facts.get(key)
        return [one for one in value if type(one) is str] if type(value) is list else []

    def records(self, key: str) -> list[Record]:
        """The objects of the list there."""
        value = self._facts.get(key)
        return [Record(one) for one in value if type(one) is dict] if type(value) is list else []

    def objects(self, key: str) -> list[dict[str, Any]]:
        """The same, as they came."""
        value = self._facts.get(key)
        return [one for one in value if type(one) is dict] if type(value) is list else []
