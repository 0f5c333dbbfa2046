"""The decorator of all values that requests, events, effects and records are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Makes `cls` a slotted dataclass that type checkers hold to be frozen.

    At run time it is not: a frozen dataclass sets each field through `object.__setattr__`, which made a message's event
    take 1.2 instead of 0.2 µs, and half a dozen such values are made for every message.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
