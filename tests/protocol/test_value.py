"""Values compare, hash and show themselves by their fields."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.value import value


@value
class Point:
    """A value with a field that does not count."""

    x: int
    y: int = 0
    note: str = field(default="", compare=False)


@value
class Other:
    """Another class with the same fields."""

    x: int
    y: int = 0


@value
class Nothing:
    """A value without fields."""


def test_values_are_equal_if_their_fields_are() -> None:
    assert Point(1) == Point(1, 0, "seen") and hash(Point(1)) == hash(Point(1, 0, "seen"))
    assert Point(1) != Point(2) and Point(1) != Other(1)
    assert Nothing() == Nothing() and hash(Nothing()) == hash(Nothing())


def test_a_value_shows_its_fields() -> None:
    assert repr(Point(1, 2, "n")) == "Point(x=1, y=2, note='n')"
    assert repr(Nothing()) == "Nothing()"


def test_a_value_takes_no_other_attributes() -> None:
    try:
        Point(1).z = 3  # type: ignore[attr-defined]
    except AttributeError:
        return
    raise AssertionError("slots are missing")
