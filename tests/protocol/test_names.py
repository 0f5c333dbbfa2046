"""What a legal name is, and when two names are the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.names import (
    EVERYONE,
    MAIN,
    MAX_CHANNEL_BYTES,
    channel_key,
    check_channel_name,
    check_user_name,
    is_channel,
    pair_key,
    skeleton,
    user_key,
)
from evchat.protocol.text import harmless

ASCII_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-[]{}\\^|`"

ZERO_WIDTH_SPACE, RIGHT_TO_LEFT_OVERRIDE, NO_BREAK_SPACE = "\u200b", "\u202e", "\u00a0"
INVISIBLE = [
    ZERO_WIDTH_SPACE, RIGHT_TO_LEFT_OVERRIDE, "\u200d", "\u200f", "\u2066", "\ufeff", "\u00ad",
    "\u034f", "\ufe0f", "\u3164", "\u115f", "\uffa0", "\u180b", "\U000e0041", "\U000e0100",
]  # fmt: skip

letters = st.characters(categories=["L", "M", "Nd"])
ascii_names = st.text(ASCII_NAME, min_size=1, max_size=32).filter(lambda name: name[0] != "-")
any_names = st.text(max_size=12) | st.text(letters, max_size=12) | ascii_names


def is_user(name: str) -> bool:
    """Whether a server that allows Unicode takes the name."""
    return check_user_name(name, unicode_names=True) is None


# ---- users' names ---------------------------------------------------------------------------------------------


@given(ascii_names.filter(lambda name: name.lower() != "server"))
def test_ascii_names_are_legal_and_their_case_does_not_count(name: str) -> None:
    assert check_user_name(name) is None
    assert is_user(name)
    assert user_key(name) == user_key(name.upper()) == user_key(name.lower()) == name.lower()


@given(st.text())
def test_without_unicode_only_ascii_names_are_legal(name: str) -> None:
    legal = (
        0 < len(name) <= 32 and set(name) <= set(ASCII_NAME) and name[0] != "-" and name.lower() != "server"
    )
    assert (check_user_name(name) is None) is legal


@given(any_names)
def test_what_is_legal_without_unicode_is_legal_with_it(name: str) -> None:
    if check_user_name(name) is None:
        assert is_user(name)


@given(any_names)
def test_a_legal_name_is_short_and_looks_like_what_it_is(name: str) -> None:
    if is_user(name):
        assert 1 <= len(name.encode()) <= 32
        assert harmless(name) == name
        assert unicodedata.normalize("NFKC", name) == name
        assert name.isprintable()
        assert not any(char.isspace() or char in "#*,:!@" for char in name)


@given(any_names)
def test_a_key_is_its_own_key_and_no_name_has_the_key_of_a_reserved_one(name: str) -> None:
    if is_user(name):
        key = user_key(name)
        assert user_key(key) == key
        assert user_key(name.casefold()) == key, "case does not count"
        assert key not in ("server", EVERYONE, "")
        assert not key.startswith(("#", "-"))


def test_no_letter_at_all_makes_a_key_in_which_two_users_could_meet() -> None:
    taken = 0
    for code in chain(
        range(0x80, 0x3400), range(0xA000, 0xAC00), range(0xD7B0, 0x20000)
    ):  # but for ideographs
        name = "a" + chr(code) if unicodedata.category(chr(code))[0] == "M" else chr(code)
        if is_user(name):
            taken += 1
            key = user_key(name)
            assert key
            assert not any(char.isspace() for char in key), f"U+{code:04X}"
            assert user_key(key) == key, f"U+{code:04X}"
    assert taken > 3_000


@pytest.mark.parametrize(
    "name",
    [
        "Zoë",
        "Анна",
        "Сара",
        "Νίκος",
        "李",
        "佐々木",
        "ラーメン",
        "한국",
        "محمد",
        "किरण",
        "สมชาย",
        "ß",
        "名-1",
    ],
)
def test_names_of_people_everywhere_are_legal_where_unicode_is_allowed(name: str) -> None:
    assert is_user(name)
    assert check_user_name(name) is not None


@pytest.mark.parametrize("char", INVISIBLE)
def test_nothing_invisible_gets_into_a_name(char: str) -> None:
    for name in (char, "alice" + char, char + "alice", "al" + char + "ice", "李" + char, "Zoë" + char):
        assert not is_user(name)
    for name in ("#" + char, "#main" + char, "#ma" + char + "in", "#" + char + "main"):
        assert check_channel_name(name) is not None


@pytest.mark.parametrize(
    "name",
    ["аlice", "alicе", "Zoё", "αlice", "Ａlice", "𝐚lice", "ﬁ", "ﷺ", "ﹰ", "ͺ", "ŉ", "ſ", "e\u0301", "x٣", "ᎪᎡ", "ꓐꓑ",
     "ΑΝΝΑ", "Νικ", "αννα", "مـح", "\u0301a", "a" + "\u0323" * 5, "a b", "a\u00a0b", "\ud800", "\ue000",
     "½", "☺", "٣", "-é", "ʼ"],
)  # fmt: skip
def test_no_name_can_pretend_to_be_another(name: str) -> None:
    assert not is_user(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("сор", "cop"), ("СОР", "cop"), ("раса", "paca"), ("aliсе".replace("с", "c").replace("е", "e"), "alice"),
     ("alıce", "alice"), ("İan", "ian"), ("i\u0307an", "ian"), ("aǀice", "alice"), ("ɡrace", "grace"), ("օօ", "oo"),
     ("ラ一", "ラー"), ("ロ", "口"), ("Straße", "STRASSE"), ("ΝΊΚΟΣ", "νίκος"), ("ЁЖ", "ёж")],
)  # fmt: skip
def test_names_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert is_user(one)
    assert user_key(one) == user_key(other)


@pytest.mark.parametrize("name", ["server", "SERVER", "Server", "ſerver", "ｓｅｒｖｅｒ", "𝐬erver"])
def test_nobody_can_be_called_server(name: str) -> None:
    assert check_user_name(name) is not None
    assert not is_user(name)


@pytest.mark.parametrize(
    "name",
    [EVERYONE, "", " ", MAIN, "a,b", "a!b@c", ":a", "a\0", "a\x1b[31m", "a\n", "a/b", "a.b", "~a", "$a"],
)
def test_signs_with_a_meaning_of_their_own_are_in_no_name(name: str) -> None:
    assert check_user_name(name) is not None
    assert not is_user(name)


@pytest.mark.parametrize("longest", ["a" * 32, "é" * 16, "語" * 10 + "ab", "𠀀" * 8])
def test_a_name_has_32_bytes_at_most_in_letters_of_any_size(longest: str) -> None:
    assert len(longest.encode()) == 32
    assert is_user(longest)
    assert not is_user(longest + "a")


def test_only_irc_cares_for_a_digit_at_the_start() -> None:
    assert check_user_name("1a") is None
    assert check_user_name("1a", digit_first=False) is not None
    assert check_user_name("a1", digit_first=False) is None


@given(st.text())
def test_a_reason_is_a_sentence_without_the_name_in_it(name: str) -> None:
    for reason in (
        check_user_name(name),
        check_user_name(name, unicode_names=True),
        check_channel_name(name),
    ):
        assert reason is None or (reason.isascii() and reason.isprintable() and reason.endswith("."))


# ---- pairs ----------------------------------------------------------------------------------------------------


@given(any_names, any_names, any_names, any_names)
def test_two_users_have_a_conversation_that_nobody_else_has(a: str, b: str, c: str, d: str) -> None:
    if all(map(is_user, (a, b, c, d))):
        one, other = {user_key(a), user_key(b)}, {user_key(c), user_key(d)}
        pair = pair_key(user_key(a), user_key(b))
        assert pair == pair_key(user_key(b), user_key(a))
        assert (pair == pair_key(user_key(c), user_key(d))) == (one == other)
        assert pair != EVERYONE
        assert not is_channel(pair)


def test_no_third_name_lies_between_two() -> None:
    # With keys that hold a space these two pairs would share a conversation.
    assert not is_user("ﷻجل")
    assert not is_user("جلالهﷻ")


# ---- channels' names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [MAIN, "#a", "##", "#*", "#a.b", "#c++", "#Grüße", "#日本", "#👍", "#" + "a" * 63, "#" + "é" * 31, "#é"],
)
def test_channels_have_names_of_almost_any_kind(name: str) -> None:
    assert check_channel_name(name) is None


@pytest.mark.parametrize(
    "name",
    ["", "#", "main", "#a b", "#a,b", "#a\0", "#a\x07", "#a\x7f", "#a\x9b", "#a\n", "#a\u2028", "#a\u3000", "#a\u2800",
     "#\ud800", "#\ue000", "#" + "a" * 64, "#" + "é" * 31 + "aa", "#" + "é" * 32, "#a" + NO_BREAK_SPACE,
     " #main", "#main "],
)  # fmt: skip
def test_a_channel_is_visible_and_one_word(name: str) -> None:
    assert check_channel_name(name) is not None


@given(st.text(max_size=20).map("#".__add__))
def test_a_channels_key_is_its_own_key(name: str) -> None:
    if check_channel_name(name) is None:
        key = channel_key(name)
        assert channel_key(key) == key
        assert is_channel(key)
        assert " " not in key


@given(st.text(st.characters(max_codepoint=0x24F), min_size=1, max_size=20).map("#".__add__))
def test_case_and_the_encoding_of_accents_do_not_count_in_a_channels_name(name: str) -> None:
    if check_channel_name(name) is None:
        assert channel_key(unicodedata.normalize("NFD", name)) == channel_key(name)
        assert channel_key(name.casefold()) == channel_key(name)


@pytest.mark.parametrize("key", [user_key, channel_key, skeleton])
@given(st.text(st.sampled_from("aé\u0301\u0323ﷺß"), min_size=257, max_size=400))
def test_a_key_is_made_of_a_bounded_part_and_never_that_of_a_legal_name(
    key: Callable[[str], str], name: str
) -> None:
    assert len(key(name)) <= 256 * 18 * 3
    if not name.isascii():
        assert key(name) == key(name[:256])
        assert len(key(name).encode()) > MAX_CHANNEL_BYTES


def test_who_has_a_name_of_other_letters_is_told_that_the_owner_can_allow_them() -> None:
    for name in ("Zoë", "Çağrı"):
        problem = check_user_name(name)
        assert problem is not None and problem.endswith(
            "The server's owner can allow others (unicode_names)."
        )
        assert check_user_name(name, unicode_names=True) is None
    assert "owner" not in (check_user_name("two words") or "")
