"""The words that a search compares, without case and accents. Every store uses this definition."""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

from evchat.protocol.text import caseless, normalized
from evchat.protocol.value import value

# Chinese and Japanese are written without spaces, so each of their characters is a word.
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")


def fold(text: str) -> str:
    """`text` in small letters, compatibility forms unified (NFKD), accents taken off."""
    if text.isascii():
        return text.lower()
    return caseless("".join(filterfalse(unicodedata.combining, normalized("NFKD", text))))


def words(text: str) -> list[str]:
    """The words of `text`, folded: runs of letters and digits."""
    return _WORD.findall(fold(text))


@value
class Wanted:
    """A search: texts that have all words in `whole`, and a word that starts with `beginning`."""

    whole: frozenset[str]
    beginning: str

    def found_in(self, text: str) -> bool:
        """Whether `text` is looked for."""
        folded = fold(text)
        if self.beginning not in folded or not all(word in folded for word in self.whole):
            return False
        there = set(_WORD.findall(folded))
        return self.whole <= there and any(word.startswith(self.beginning) for word in there)


def wanted(question: str) -> Wanted | None:
    """The search that a user's text means, or None if it has no word."""
    asked = words(question)
    return Wanted(frozenset(asked[:-1]), asked[-1]) if asked else None
