"""One response in the reference of the JSON protocol."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """A response, or the answer to the requests of this name: what it means, its content, its own keys, and examples.

    `parts` are the keys of the object that the content is, or of each object in its list.
    """

    name: str
    meaning: str
    content: str
    keys: dict[str, str]
    examples: tuple[str, ...]
    parts: dict[str, str] | None = None
