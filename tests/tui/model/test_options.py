"""The table of settings, and values as a person writes them."""

from __future__ import annotations

from typing import Any

import pytest

from tui.model.options import BY_NAME, OPTIONS, parse, values_of, written


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("bell", "on", True),
        ("bell", "FALSE", False),
        ("bell", "perhaps", None),
        ("theme", "light", "light"),
        ("theme", "pink", None),
        ("user", "bob", "bob"),
        ("user", "-", ""),
        ("channels", "#a, #b", ["#a", "#b"]),
        ("channels", "-", []),
    ],
)
def test_a_value_is_read(name: str, text: str, value: Any) -> None:
    assert parse(BY_NAME[name], text) == value


def test_a_value_is_shown_as_it_may_be_written() -> None:
    assert [written(value) for value in (True, False, [], ["a", "b"], {}, {"a": "b"}, "", "x")] == [
        "on", "off", "-", "a b", "-", "a = b", "-", "x",
    ]  # fmt: skip


def test_every_setting_explains_itself_and_says_what_it_takes() -> None:
    assert all(option.reason.endswith((".", "'.")) for option in OPTIONS)
    assert values_of(BY_NAME["bell"]) == "on|off"
    assert values_of(BY_NAME["theme"]) == "auto|dark|light|mono"
    assert values_of(BY_NAME["user"]) == "text"
