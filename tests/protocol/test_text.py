"""Foreign text can do nothing to a terminal."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Any

import pytest
import wcwidth
from hypothesis import example, given
from hypothesis import strategies as st

from evchat.protocol.names import check_user_name
from evchat.protocol.text import (
    MAX_MARKS,
    caseless,
    harmless,
    is_mark,
    is_narrow,
    legible,
    lines,
    normalized,
    width,
)

# Any code point at all, surrogates too, with the dangerous ones made likely.
NASTY = (
    "\0\t\n\r\x1b\x7f\x85\x9b\xa0\xad\u0301\u0323\u0344\u034f\u061c\u115f\u1100\u1161\u11a8\u1160\u180b\u200b"
)
NASTY += "\u200d\u200e\u202e\u2028\u2066\u2069\u3000\u3099\u3164\ud800\ue000\ufe0f\ufeff\uffff"
NASTY += "e\u0a71 \u0bc6\u0bbe\u2764\U0001f468\U0001f3fd\U000e0041\U000e0100\U0010fffd\U0001d15e"
anything = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from(NASTY)))

FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_plain_text_stays_the_same_object() -> None:
    text = "Hello, world: 1 < 2 & \\o/ ~"
    assert harmless(text) is text


@pytest.mark.parametrize(
    "text",
    [
        "Blåbærsyltetøy på brødskive",
        "Привет, мир",
        "日本語、テスト",
        "안녕하세요",
        "👍🎉 ♥ → ½",
        "مرحبا",
        "ไทย",
    ],
)
def test_text_of_living_languages_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jboo", "␛[2Jboo"),
        ("a\0b\nc\rd\x7f", "a␀b␊c␍d␡"),
        ("\x9b31mred", "\ufffd31mred"),
        ("a\tb\xa0c\u3000d", "a b c d"),
        ("abc\u202edef\u2066ghi\u2069\u200f\u061c", "abcdefghi"),
        ("soft\u00adhyphen zero\u200bwidth bom\ufeff", "softhyphen zerowidth bom"),
        ("hidden\U000e0041\U000e007f", "hidden"),
        ("\u2764\ufe0f", "\u2764"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\U0001f469\U0001f467"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d"),
        ("a\u2028b\u2029c", "a␤b␤c"),
        ("\ud800x\ue000y\uffff", "\ufffdx\ufffdy\ufffd"),
        ("e\u0301", "é"),
        ("e\u200d\u0301", "é"),
        ("\u1112\u1161\u11ab", "한"),
        ("\u0301a", "\u25cc\u0301a"),
        ("a \u0301", "a \u25cc\u0301"),
        ("\u115f\u3164\uffa0\u1160x", "x"),
        ("q" + "\u0323\u0324" * 500, "q" + "\u0323\u0324" * 2),
    ],
)
def test_what_is_dangerous_becomes_visible_or_vanishes(text: str, shown: str) -> None:
    assert harmless(text) == unicodedata.normalize("NFC", shown)


# Of the unassigned and private ones, which all go one way, every 257th is enough.
CHARACTERS = [
    char
    for char in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(char) not in ("Cn", "Co") or ord(char) % 257 == 0
]


def test_every_single_character_is_harmless_afterwards_and_stays_so() -> None:
    for char in CHARACTERS:
        once = harmless(char)
        assert once.isprintable(), hex(ord(char))
        assert len(once) <= 4, hex(ord(char))
        assert once == "" or not is_mark(once[0]), hex(ord(char))
        assert harmless(once) == once, hex(ord(char))


def test_every_narrow_or_wide_character_has_its_east_asian_width() -> None:
    for char in CHARACTERS:
        if harmless(char) == char:
            wide = unicodedata.east_asian_width(char) in ("W", "F")
            assert width(char) == (2 if wide else 1), hex(ord(char))


@given(anything)
@example("a" + "\u0323" * 40 + "\u0301\u11a8")
@example("\u0344" * 20)
@example("\u1100" + "\u1161" * 6 + "\u11a8")
def test_the_result_holds_nothing_that_a_terminal_could_obey(text: str) -> None:
    shown = harmless(text)
    assert shown.isprintable()
    assert not {unicodedata.category(char) for char in shown} & FORBIDDEN
    assert unicodedata.is_normalized("NFC", shown)
    run = MAX_MARKS
    for before, char in zip(" " + shown, shown, strict=False):
        run = run + 1 if is_mark(char) else 0
        assert run <= MAX_MARKS
        assert not (is_mark(char) and before == " ")


@given(anything)
@example("e\u200d\u0301")
@example("\u0bc6" + "\u0301" * 5 + "\u0bbe")
def test_a_second_time_changes_nothing(text: str) -> None:
    once = harmless(text)
    assert harmless(once) == once


@given(anything, anything)
def test_harmless_pieces_side_by_side_are_harmless_but_for_normalisation(one: str, other: str) -> None:
    both = harmless(one) + harmless(other)
    assert harmless(both) == both


@given(anything)
def test_no_line_holds_a_line_break_and_there_is_at_least_one(text: str) -> None:
    split = lines(text)
    assert split
    for line in split:
        assert harmless(line) == line
        assert len(line.splitlines()) <= 1


@given(
    st.lists(anything.map(harmless), min_size=1),
    st.sampled_from(["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"]),
)
def test_lines_are_split_at_every_kind_of_line_break(parts: list[str], line_break: str) -> None:
    assert lines("".join(part + line_break for part in parts)) == parts


def test_an_empty_text_is_one_empty_line() -> None:
    assert lines("") == [""]
    assert lines("\n") == [""]
    assert lines("a\n\nb") == ["a", "", "b"]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 1),
        ("日本", 4),
        ("ｆｕｌｌ", 8),
        ("👍", 2),
        ("x\u0323\u0324", 1),
        ("한", 2),
        ("\u1100\u119e", 2),
        ("±§", 2),
        ("\u2764", 1),
        ("␛", 1),
    ],
)
def test_widths_are_those_of_terminals(text: str, cells: int) -> None:
    assert width(text) == cells


@given(anything.map(harmless), anything.map(harmless))
def test_widths_add_up(one: str, other: str) -> None:
    assert width(one + other) == width(one) + width(other)


@given(anything.map(harmless))
def test_only_marks_take_no_room(text: str) -> None:
    assert width(text) >= sum(not is_mark(char) for char in text)


@given(anything.map(harmless))
def test_narrow_text_has_a_cell_per_character(text: str) -> None:
    if is_narrow(text):
        assert [width(char) for char in text] == [1] * len(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x02bold\x02 \x1ditalic\x1d \x1funder\x1f \x1estruck\x1e", "bold italic under struck"),
        ("\x11mono\x11 \x16turned\x0f", "mono turned"),
        ("\x034,12red on blue\x03 \x0307orange\x03", "red on blue orange"),
        ("\x03,5 \x031234", ",5 34"),
        ("\x04ff0000,00FF00red\x04 \x04abc", "red abc"),
        ("\x02\x1b[31m\x02", "␛[31m"),
    ],
)  # fmt: skip
def test_the_formatting_of_irc_is_not_shown(text: str, shown: str) -> None:
    assert harmless(text) == shown


FORMS = ("NFC", "NFD", "NFKC", "NFKD")
MARKS = "\u0301\u0323\u0344\u0f73\u3099\uff9e\uff9f\u05b4\u0e38"
piles = st.text(st.sampled_from(MARKS + "aかﷺ"), max_size=300)


@pytest.mark.parametrize("form", FORMS)
@given(text=anything | piles)
def test_marks_that_are_sorted_behind_a_base_are_few(form: Any, text: str) -> None:
    run = longest = 0
    for char in unicodedata.normalize("NFKD", normalized(form, text)):
        run = run + 1 if unicodedata.combining(char) else 0
        longest = max(longest, run)
    assert longest <= 2 * 30 + 2  # what one character becomes holds two marks at most


@pytest.mark.parametrize("form", FORMS)
@given(text=anything)
def test_what_languages_write_is_in_unicode_s_own_normal_form(form: Any, text: str) -> None:
    assert normalized(form, text[:31]) == unicodedata.normalize(form, text[:31])
    spaced = " ".join(text)
    assert normalized(form, spaced) == unicodedata.normalize(form, spaced)


@given(anything)
def test_case_does_not_count(text: str) -> None:
    assert caseless(text) == text.casefold()
    assert caseless("STRASSE") == caseless("straße")


def test_no_character_but_those_known_becomes_a_mark() -> None:
    """Python's Unicode may be newer than the list."""
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.combining(unicodedata.normalize("NFKD", char)[0]):
            assert is_mark(char) or char in "\uff9e\uff9f"


# ---- widths, against a table of another hand -------------------------------------------------------------------

WIDE_SINCE_UNICODE_16 = "[\u2630-\u2637\u268a-\u268f\u4dc0-\u4dff\U0001d300-\U0001d356\U0001d360-\U0001d376]"
"""Trigrams, hexagrams and counting rods: one cell or two, by the version of Unicode that Python or wcwidth has."""

FLAG_HALVES = "[\U0001f1e6-\U0001f1ff]"
"""Two of them are a flag of two cells. A half alone, which nothing writes, has one cell here and two there."""

DIFFERS = re.compile(f"{WIDE_SINCE_UNICODE_16}|{FLAG_HALVES}")


def test_every_harmless_character_has_the_width_that_wcwidth_gives_it() -> None:
    characters = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    other = [
        char
        for char in characters
        if harmless(char) == char and width(char) != wcwidth.wcwidth(char) and not DIFFERS.match(char)
    ]
    assert other == []


def differs(text: str) -> bool:
    """Whether wcwidth may give a text another width: it has no cell for a spacing mark (category Mc), glibc has one."""
    return bool(DIFFERS.search(text)) or any(unicodedata.category(char) == "Mc" for char in text)


def test_only_known_characters_have_another_width_behind_a_letter() -> None:
    characters = (char for char in CHARACTERS if not 0xD800 <= ord(char) < 0xE000)
    other = [
        char
        for char in characters
        if harmless("a" + char) == "a" + char
        and width("a" + char) != 1 + wcwidth.wcwidth(char)
        and not differs(char)
    ]
    assert other == []


@given(anything.map(harmless).filter(lambda text: not differs(text)))
def test_a_text_is_as_wide_as_its_characters_are_for_wcwidth(text: str) -> None:
    # Not `wcswidth`, which gives no cell to a mark that joins what stands before it: not every terminal does so.
    assert width(text) == sum(map(wcwidth.wcwidth, text))


# ---- joiners ---------------------------------------------------------------------------------------------------

joined = st.text(
    st.sampled_from("a1 #\u200c\u200d\ufe0f\u20e3👨👩👧❤🔥🏽می\u064eक्ष\u0301\u0653ا\u00a9日\x1b\u202e\n"),
    max_size=30,
)
"""Joiners and what they may stand between."""


@given(joined)
def test_what_is_legible_is_harmless_but_for_joiners_and_stays_as_it_is(text: str) -> None:
    made = legible(text)
    assert legible(made) == made
    without = made.translate(dict.fromkeys(map(ord, "\u200c\u200d\ufe0f")))
    assert harmless(without) == harmless(made)
    assert not set(made) & set("\x1b\u202e\n")
    assert not made.startswith(("\u200c", "\u200d", "\ufe0f"))
    assert all(before in "👨👩👧" for before, char in zip(" " + made, made, strict=False) if char == "🏽")


@given(st.text(st.characters(exclude_characters="\u200c\u200d\ufe0f🏻🏼🏽🏾🏿")))
def test_without_joiners_legible_is_harmless(text: str) -> None:
    assert legible(text) == harmless(text)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("می\u200cخواهم", 7),
        ("क्\u200dष", 2),
        ("❤\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        ("👨\u200d👩\u200d👧", 2),
        ("👨\u200d👩\u200d👧\u200d👦", 2),
        ("❤\ufe0f\u200d🔥", 2),
        ("🏳\ufe0f\u200d🌈", 2),
        ("👍🏽", 2),
        ("👋🏻👋🏿", 4),
        ("👩🏽\u200d💻", 2),
        ("🏃🏽\u200d♀\ufe0f", 2),
        ("🧑🏻\u200d🤝\u200d🧑🏿", 2),
    ],
)
def test_text_is_kept_as_people_write_it_and_is_as_wide_as_wcwidth_says(text: str, cells: int) -> None:
    assert legible(text) == text
    assert width(text) == wcwidth.wcswidth(text) == cells
    assert lines(f"a {text} b") == [f"a {text} b"]


def test_in_names_nothing_invisible_is_kept() -> None:
    for text in ("a\u200cb", "می\u200cخ", "❤\ufe0f", "👨\u200d👩", "👍🏽"):
        assert not set(harmless(text)) & set("\u200c\u200d\ufe0f🏽")
        assert check_user_name(text, unicode_names=True)


def test_joiners_that_mean_nothing_are_dropped_and_few_emoji_are_joined() -> None:
    assert legible("a\u200db\u200cc\ufe0fd 1\ufe0f2") == "abcd 12"
    assert legible("👨\u200d") == "👨" and legible("\u200d👨") == "👨"
    assert width(legible("\u200d".join("👨" * 100))) == 50


def test_skin_tones_are_kept_once_and_only_on_what_has_a_skin() -> None:
    assert legible("a🏽 🎉🏽 🏽") == "a 🎉 "
    assert legible("👍🏽🏿") == "👍🏽"
    assert legible("👍\u0301🏽") == "👍\u0301"
    marked = legible("👍🏽" + "\u0301" * 50)
    assert marked.count("\u0301") == MAX_MARKS and width(marked) == 2
    assert width(legible("☝🏿")) == 2, "drawn as an emoji (UTS #51), though wcwidth counts one cell"
