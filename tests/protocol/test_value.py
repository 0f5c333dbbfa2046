"""Values compare, hash and show themselves by their fields."""

from __future__ import annotations

import inspect
from dataclasses import field, replace
from inspect import isfunction

import pytest

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


@value
class Labelled(Point):
    """A value with more fields than its base, one of which is given by name only."""

    label: str = "none"
    colour: str = field(default="red", kw_only=True)


def test_a_value_is_made_as_a_dataclass_makes_it() -> None:
    assert Labelled(1) == Labelled(1, 0, "", "none", colour="red")
    assert replace(Labelled(1, label="a", colour="blue"), y=2) == Labelled(1, 2, "", "a", colour="blue")
    assert str(inspect.signature(Labelled)) == (
        "(x: 'int', y: 'int' = 0, note: 'str' = '', label: 'str' = 'none', *, colour: 'str' = 'red') -> None"
    )
    with pytest.raises(
        TypeError, match=r"^Labelled\.__init__\(\) missing 1 required positional argument: 'x'$"
    ):
        Labelled()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="takes from 2 to 5 positional arguments"):
        Labelled(1, 2, "", "", "blue")  # type: ignore[call-arg]


def test_the_init_of_a_value_is_compiled_only_once_and_only_when_it_is_needed() -> None:
    @value
    class Rare:
        x: int

    assert not isfunction(vars(Rare)["__init__"])
    assert Rare(1).x == 1
    first = vars(Rare)["__init__"]
    assert isfunction(first)
    assert Rare(2).x == 2 and vars(Rare)["__init__"] is first


def test_a_class_that_extends_a_value_can_call_its_init_first() -> None:
    @value
    class Base:
        x: int

    class Extended(Base):
        def __init__(self) -> None:
            super().__init__(7)

    assert Extended().x == 7
    assert isfunction(vars(Base)["__init__"]) and vars(Extended)["__init__"] is not vars(Base)["__init__"]
