"""Masks mean whom they should, whatever is in them, and in time."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core.rules import masks
from evchat.core.state import User
from evchat.protocol import names
from evchat.protocol.base import Identity

BOB = User("Bob", "bob", 0)
BOB.who = Identity("rob", "h1.cloak", account="Bobby")
GUEST = User("Bob", "bob", 0)

patterns = st.text(st.sampled_from("ab*?Б.[\\"), max_size=12)
short = st.text(st.sampled_from("abБ.[\\"), max_size=12)


@pytest.mark.parametrize(
    ("mask", "full"),
    [
        ("bob", "bob!*@*"),
        ("Bob!rob", "Bob!rob@*"),
        ("rob@host", "*!rob@host"),
        ("@host", "*!*@host"),
        ("bob!rob@host", "bob!rob@host"),
        ("bob!@", "bob!*@*"),
        ("**!*@***", "*!*@*"),
        ("a:bob", "a:bob"),
        ("A:Bob", "a:Bob"),
        ("m:bob", "m:bob!*@*"),
        ("M:a:bob", "m:a:bob"),
    ],
)
def test_a_mask_is_written_in_full(mask: str, full: str) -> None:
    assert masks.canonical(mask, 200) == full
    assert masks.canonical(full, 200) == full


@pytest.mark.parametrize("mask", ["", ":bob", "a b", "a:", "m:", "m:a:", "b\x1bob", "b\nob", "x" * 201])
def test_what_can_be_no_mask_is_refused(mask: str) -> None:
    with pytest.raises(ValueError):
        masks.canonical(mask, 200)


@given(st.text(max_size=30))
def test_a_mask_in_full_stays_as_it_is(mask: str) -> None:
    try:
        full = masks.canonical(mask, 200)
    except ValueError:
        return
    assert masks.canonical(full, 200) == full
    assert " " not in full and len(full.encode()) <= 200


@pytest.mark.parametrize(
    ("mask", "means"),
    [
        ("bob!*@*", True),
        ("B?B!*@*", True),
        ("*!ROB@*", True),
        ("*!*@*.cloak", True),
        ("*!*@192.0.2.*", False),
        ("bobby!*@*", False),
        ("a:bobby", True),
        ("a:*", True),
        ("a:bob", False),
    ],
)
def test_a_mask_means_a_name_a_username_a_host_or_an_account(mask: str, means: bool) -> None:
    assert masks.matches(mask, BOB) is means


def test_a_guest_has_no_account() -> None:
    assert not masks.matches("a:*", GUEST)


def test_the_address_counts_only_where_it_is_given() -> None:
    assert masks.matches("*!*@192.0.2.*", BOB, "192.0.2.7")
    assert masks.matches("*!*@*.cloak", BOB, "192.0.2.7")


def test_a_name_that_looks_the_same_is_the_same() -> None:
    user = User("вob", names.user_key("вob"), 0)  # begins with a Cyrillic letter
    user.who = replace(user.who, host="h")
    assert masks.matches("вob!*@*", user)
    assert masks.matches(f"{user.key}!*@h", user)


def _reference(pattern: str, text: str) -> bool:
    """What a pattern means, by its definition."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_reference(pattern[1:], text[cut:]) for cut in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and _reference(pattern[1:], text[1:])


@given(patterns, short)
def test_a_pattern_means_what_its_definition_says(pattern: str, text: str) -> None:
    expected = _reference(names.user_key(pattern), names.user_key(text))
    assert masks.matches_text(pattern, text) is expected


@pytest.mark.parametrize(
    "pattern", ["*a" * 60 + "b", "*?" * 60 + "b", "a" * 120 + "*b", "*" * 150, "*aab" * 40]
)
def test_no_mask_takes_long(pattern: str) -> None:
    """With backtracking each of these would take years; the limit is one that no machine comes near."""
    begin = time.process_time()
    assert not masks.matches_text(pattern, "a" * 300 + "c") or set(pattern) == {"*"}
    assert time.process_time() - begin < 5


def test_many_masks_take_no_longer_than_their_matching() -> None:
    """So many that no memory of the latest ones holds them all: compiling each to a regular expression took 30 s."""
    pieces = ["*".join(f"{number:05}qwrtzpsdfghjklyx"[n % 9 :] for n in range(12)) for number in range(6_000)]
    begin = time.process_time()
    for mask in pieces * 2 + [f"?{mask}" for mask in pieces]:
        assert not masks.matches_text(mask, "bob!~bob@jc6ufyw5x2l3bsyq.cloak")
    assert time.process_time() - begin < 5
