"""Names that look like other names: `alice` and `a1ice`, `modern` and `modem`, `bob` with a Cyrillic o.

After UTS #39: two names are confusable if their skeletons are the same. This skeleton is coarser than the key under
which the server keeps names, because here a false alarm costs a mark beside a name, and a miss costs trust.
"""

from __future__ import annotations

import unicodedata

from evchat.protocol.text import caseless, normalized

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Capitals that look like another letter than their small ones do; first of all, I and l.
_CAPITALS = str.maketrans("IΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϲ", "lABEZHlKMNOPTYXCc")

# The pairs of confusables.txt (UTS #39) that are one picture in the fonts of terminals, after case folding.
_LETTERS = str.maketrans(
    {
        char: like
        for like, chars in {
            "a": "аαɑ", "b": "вьЬ", "c": "сϲ", "d": "ԁ", "e": "еҽ", "g": "ɡց", "h": "һнհ", "j": "јϳ", "k": "кκ",
            "l": "1|!iıіιɩӏǀ", "m": "м", "n": "пηո", "o": "0оοσօ", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ", "t": "тτ",
            "u": "υսцμ", "v": "νѵ", "w": "ԝωɯш", "x": "хχ", "y": "уγү",
        }.items()
        for char in chars
    }
)  # fmt: skip


def skeleton(name: str) -> str:
    """What `name` looks like: equal skeletons mean names that may be taken for each other."""
    if not name.isascii():
        # Before too, because compatibility makes a sigma of the lunate one, which looks like c.
        name = normalized("NFKD", name.translate(_CAPITALS))
        name = "".join([char for char in name if unicodedata.category(char)[0] not in "MC"])
    folded = caseless(name.translate(_CAPITALS)).translate(_LETTERS)
    folded = folded.replace("rn", "m").replace("vv", "w")
    while "__" in folded:
        folded = folded.replace("__", "_")
    return folded


def confusable(name: str, others: Iterable[str]) -> str | None:
    """The first of `others` that `name` may be taken for, though it is another name; None if there is none."""
    looks = skeleton(name)
    folded = caseless(name)
    for other in others:
        if caseless(other) != folded and skeleton(other) == looks:
            return other
    return None


class Lookalikes:
    """The names in a room by what they look like; `others` answers at once, however many there are."""

    __slots__ = ("_by_skeleton",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_skeleton: dict[str, dict[str, str]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """`name` comes into the room."""
        self._by_skeleton.setdefault(skeleton(name), {})[caseless(name)] = name

    def discard(self, name: str) -> None:
        """`name` leaves the room, if it was there."""
        looks = skeleton(name)
        alike = self._by_skeleton.get(looks, {})
        alike.pop(caseless(name), None)
        if not alike:
            self._by_skeleton.pop(looks, None)

    def others(self, name: str) -> tuple[str, ...]:
        """The other names that look like `name`, those that came first in front."""
        folded = caseless(name)
        alike = self._by_skeleton.get(skeleton(name), {})
        return tuple(other for key, other in alike.items() if key != folded)
