"""The words with which users of older systems begin commands that have no sign."""

from __future__ import annotations

ALONE = frozenset({"?", "exit", "help", "inbox", "logout", "quit", "whoelse"})
"""Those that stand alone; with more behind them a line is a sentence."""

WITH_MORE = frozenset({"broadcast", "send", "wholast"})
"""Those that need more."""


def may_be_bare(line: str) -> bool:
    """Whether a line may be such a command, found out cheaply: for most lines the answer is no."""
    word, space, _ = line.strip().partition(" ")
    return word.lower() in (WITH_MORE if space else ALONE)
