"""The names of keys are the same, whichever table of codes a terminal goes by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.terminal import keynames

CODED = {*keynames.LETTERS.values(), *keynames.NUMBERS.values(), *keynames.CODES.values()}
NAMES = sorted({name for name in CODED if "-" not in name} | {"a", "é", "-"})
prefixes = st.integers(1, 64).map(keynames.modifiers)


@given(prefixes, prefixes, st.sampled_from(NAMES))
def test_modifiers_are_told_once_and_in_one_order(one: str, other: str, name: str) -> None:
    both = keynames.combine(one, keynames.combine(other, name))
    assert both == keynames.combine(other, keynames.combine(one, name))
    assert keynames.combine(one, both) == both
    assert both.endswith(name)


def test_every_control_character_has_a_name_of_its_own() -> None:
    names = [keynames.control(chr(code)) for code in (*range(32), 127)]
    assert len(set(names)) == len(names)
    assert all(name.isprintable() for name in names)


def test_the_keys_of_the_keypad_are_those_of_the_main_block() -> None:
    assert {*"0123456789./*-+=,"} == set(keynames.KEYPAD.values())
    assert set(keynames.KEYPAD) <= set(keynames.FUNCTIONAL)
