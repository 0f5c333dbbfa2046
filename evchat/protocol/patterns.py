"""Patterns with `*` (any characters) and `?` (one). Case does not count, nor do look-alikes.

Matching takes no more than the pattern's length times the text's, whatever the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from evchat.protocol import names


def key(pattern: str) -> str:
    """What is the same for patterns that mean the same."""
    return names.user_key(pattern)


def matches_text(pattern: str, text: str) -> bool:
    """Whether a pattern with `*` (any characters) and `?` (one) means all of a text."""
    return matcher(pattern)(text)


def matcher(pattern: str) -> Callable[[str], bool]:
    """`matches_text` for one pattern and many texts."""
    means = _compiled(key(pattern)).fullmatch
    return lambda text: means(key(text)) is not None


@lru_cache(maxsize=8192)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = [re.escape(part).replace(r"\?", ".") for part in pattern.split("*")]
    if len(parts) == 1:
        return re.compile(parts[0], re.DOTALL)
    # What a part between two stars has found first is as good as what it could find later: an atomic group tells the
    # matcher never to try that, or many stars would take it forever.
    first, *middle, last = parts
    found = "".join(f"(?>.*?{part})" for part in middle if part)
    return re.compile(f"{first}{found}.*{last}", re.DOTALL)
