"""Whatever a server sends, under each key stands what is expected, or nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui.model.record import MOST, Record

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(values)
def test_every_value_is_of_the_type_that_is_asked_for_or_counts_as_nothing(value: Any) -> None:
    record = Record({"key": value})
    assert record.text("key") == (value if isinstance(value, str) else "")
    assert record.text_or_none("key") == (value if isinstance(value, str) else None)
    is_number = type(value) is int and 0 <= value <= MOST
    assert record.number("key") == (value if is_number else None)
    assert record.count("key") == (value if is_number else 0)
    assert record.flag("key") is (value is True)
    assert record.is_false("key") is (value is False)
    assert record.record("key") == (Record(value) if isinstance(value, dict) else None)
    listed = value if isinstance(value, list) else []
    assert record.is_list("key") is isinstance(value, list)
    assert record.texts("key") == [one for one in listed if isinstance(one, str)]
    assert record.records("key") == [Record(one) for one in listed if isinstance(one, dict)]
    assert record.objects("key") == [one for one in listed if isinstance(one, dict)]


def test_under_a_key_that_is_missing_stands_nothing() -> None:
    record = Record({})
    assert "key" not in record
    assert (record.text("key"), record.number("key"), record.records("key")) == ("", None, [])
