"""Mentions: the user's name and chosen words as whole words, and patterns written as /regex/."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_SEARCHED = 2_000
"""Characters of a message that a pattern is tried on: with a bad one the time may grow with their square, or worse."""

_WORD = re.compile(r"/(?!\s)(?:\\.|[^\\/])+/(?![^\s,])|[^\s,]+")


def parse(text: str) -> tuple[str, ...]:
    """The words and patterns that a person wrote, between spaces or commas; a pattern may hold both."""
    return tuple(_WORD.findall(text))


def problem(words: Iterable[str]) -> str:
    """Why one of `words` can't be watched for, in a sentence; empty if all can."""
    for word in words:
        if _is_pattern(word):
            try:
                found = re.compile(word[1:-1])
            except (re.error, OverflowError, RecursionError) as error:
                return f"{word} can't be used: {_in_words(error)}."
            if found.match(""):
                return f"{word} matches everything. Name something that has to be there."
    return ""


_FAULTS = (
    ("unterminated character set", "a [ is never closed"),
    ("unterminated", "a ( is never closed"),
    ("unbalanced parenthesis", "a ) closes nothing"),
    ("nothing to repeat", "there is nothing before a *, + or ? to repeat"),
    ("multiple repeat", "two of *, + and ? stand side by side; put a \\ before one that is meant literally"),
    ("bad character range", "a range in [ ] begins after its end"),
    ("bad escape (end of pattern)", "nothing follows the \\ at its end"),
    ("bad escape", "a \\ stands before a letter that means nothing with it"),
    ("min repeat greater", "in { } the first number is greater than the second"),
    ("invalid group reference", "a \\ and a number mean a group in ( ) that is not there"),
)
"""What `re` says of a faulty regular expression, and how a person would; the first that matches counts."""


def _in_words(error: Exception) -> str:
    """What is wrong with a regular expression."""
    said = str(error)
    return next((words for fault, words in _FAULTS if fault in said), "it is not a regular expression")


def _is_pattern(word: str) -> bool:
    return len(word) > 2 and word[0] == word[-1] == "/"


class Mentions:
    """Tells whether a text holds one of `words`, whatever is capital in either."""

    __slots__ = ("_patterns", "_watched", "_whole")

    def __init__(self, words: Iterable[str]) -> None:
        kept = [word for word in words if word]
        self._watched = tuple(word.lower() for word in kept if not _is_pattern(word))
        self._whole: re.Pattern[str] | None = None
        self._patterns = [
            re.compile(word[1:-1], re.IGNORECASE)
            for word in kept
            if _is_pattern(word) and not problem([word])
        ]

    def __call__(self, text: str) -> bool:
        """Whether `text` is a mention."""
        lowered = text.lower()
        for word in self._watched:
            if word in lowered and self._is_whole(lowered):
                return True
        return any(pattern.search(text, 0, _SEARCHED) for pattern in self._patterns)

    def _is_whole(self, lowered: str) -> bool:
        """Whether one of the words stands in the text by itself."""
        # Made when first needed: it takes as long as thousands of messages without any mention.
        if self._whole is None:
            choice = "|".join(re.escape(word) for word in self._watched)
            self._whole = re.compile(rf"(?<![\w-])(?:{choice})(?![\w-])")
        return self._whole.search(lowered) is not None
