"""Fuzzy matching for the switcher: letters in their order, best where words begin or letters adjoin."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    Item = TypeVar("Item")

MAX_LENGTH = 128
"""Characters of a candidate that are looked at: names are shorter, and the work grows with it."""

_FIRST = 12
_WORD = 10
_ADJACENT = 8
_LETTER = 4
_CASE = 2
_GAP = -1
_NEVER = -(10**6)


def match(query: str, candidate: str) -> tuple[int, tuple[int, ...]] | None:
    """How well `candidate` matches `query` (more is better) and at which indexes; None if it does not.

    Case and spaces of the query are passed over, but the same case is a little better. An empty query matches
    everything with 0.
    """
    letters = query.replace(" ", "")
    candidate = candidate[:MAX_LENGTH]
    if not _is_subsequence(letters.lower(), candidate.lower()):
        return None
    folded = [char.lower() for char in candidate]
    # scores[i][j]: the best score with letter i at index j (fzy's algorithm, without its constants); came[i][j]:
    # where letter i - 1 stands then.
    rows: list[list[int]] = []
    came: list[list[int]] = []
    for at, letter in enumerate(letters):
        row, origins = _place(letter, candidate, folded, rows[-1] if at else None)
        rows.append(row)
        came.append(origins)
    if not rows:
        return 0, ()
    end = max(range(len(candidate)), key=rows[-1].__getitem__, default=-1)
    if end < 0 or rows[-1][end] <= _NEVER // 2:
        return None
    # Of two that match alike the shorter one is nearer to what was meant.
    score = rows[-1][end] - (len(candidate) - len(letters)) // 4
    positions = [end]
    for origins in reversed(came[1:]):
        positions.append(origins[positions[-1]])
    return score, tuple(reversed(positions))


def _is_subsequence(letters: str, candidate: str) -> bool:
    index = -1
    for letter in letters:
        index = candidate.find(letter, index + 1)
        if index < 0:
            return False
    return True


def _place(
    letter: str, candidate: str, folded: list[str], before: list[int] | None
) -> tuple[list[int], list[int]]:
    """The best scores with `letter` at each index, given those of the letter before it, and where that one stood."""
    row = [_NEVER] * len(candidate)
    origins = [-1] * len(candidate)
    best, best_at = _NEVER, -1  # Of the letter before, with a gap between.
    for index, char in enumerate(candidate):
        if before is not None and index >= 2:
            best += _GAP
            if before[index - 2] + _GAP > best:
                best, best_at = before[index - 2] + _GAP, index - 2
        if folded[index] != letter.lower():
            continue
        worth = _LETTER + _beginning(candidate, index) + (_CASE if char == letter else 0)
        if before is None:
            row[index] = worth + max(_GAP * index, -5)
            continue
        adjacent = before[index - 1] + _ADJACENT if index else _NEVER
        if adjacent >= best:
            row[index], origins[index] = adjacent + worth, index - 1
        else:
            row[index], origins[index] = best + worth, best_at
    return row, origins


def _beginning(candidate: str, index: int) -> int:
    """What it is worth that a word begins at `index`."""
    if index == 0 or (index == 1 and not candidate[0].isalnum()):
        return _FIRST
    before, char = candidate[index - 1], candidate[index]
    if not before.isalnum() or (before.islower() and char.isupper()):
        return _WORD
    return 0


def rank(
    query: str, items: Iterable[Item], name: Callable[[Item], str], limit: int = 50
) -> list[tuple[Item, tuple[int, ...]]]:
    """The `limit` best of `items` for `query`, best first, with the indexes in `name(item)` that matched.

    Among equals the order of `items` stays.
    """
    found = []
    for item in items:
        matched = match(query, name(item))
        if matched is not None:
            found.append((matched[0], item, matched[1]))
    found.sort(key=lambda entry: -entry[0])
    return [(item, positions) for _, item, positions in found[:limit]]
