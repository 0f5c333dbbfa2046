"""The word that somebody probably meant by one that does not exist, found in time that no input can stretch."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 24
"""Letters of a word above which nothing is suggested: no command is as long."""
_SHORTEST = 2
"""Letters that two words must have in common at least."""


class Suggestions:
    """Known words, to be found by what is one slip away: a letter missing, added, changed or swapped with the next.

    Two words are one slip apart only if they are equal with at most one letter left out of each (symmetric deletion),
    so that a few look-ups find the word; nothing is compared letter by letter.
    """

    __slots__ = ("_forms", "_words")

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words, key=lambda word: (len(word), word))
        self._forms: dict[str, str] = {word: word for word in self._words}
        for word in self._words:
            for form in _shortened(word):
                self._forms.setdefault(form, word)

    def find(self, word: str) -> str:
        """The known word that `word` begins or probably means; empty if there is none."""
        if not _SHORTEST <= len(word) <= _LONGEST:
            return ""
        word = word.lower()
        for known in self._words:
            if known.startswith(word):
                return known
        return next((self._forms[form] for form in (word, *_shortened(word)) if form in self._forms), "")

    def sentence(self, word: str) -> str:
        """` Did you mean /word?`, or an empty text."""
        found = self.find(word)
        return f" Did you mean /{found}?" if found else ""


def _shortened(word: str) -> list[str]:
    """The word without one of its letters, in turn."""
    if len(word) <= _SHORTEST:
        return []
    return [word[:at] + word[at + 1 :] for at in range(len(word))]
