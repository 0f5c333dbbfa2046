"""What counts as a mention."""

from __future__ import annotations

import pytest

from tui.model.mentions import Mentions, parse, problem


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("the build failed", True), ("BUILD 4711 BROKEN", True), ("building", False), ("release 2.4", True),
        ("release candidate", False), ("cake!", True), ("cakes", False), ("", False),
    ],
)  # fmt: skip
def test_words_are_whole_and_patterns_stand_anywhere(text: str, meant: bool) -> None:
    mentions = Mentions(("cake", r"/build .*(failed|broken)|the build/", r"/release \d/"))
    assert mentions(text) is meant


def test_patterns_may_hold_spaces_commas_and_slashes() -> None:
    assert parse(r"cake, /a, b/ /x\/y/ tea") == ("cake", "/a, b/", r"/x\/y/", "tea")
    assert Mentions(parse(r"/x\/y/"))("see x/y")


def test_a_lone_slash_is_a_word() -> None:
    assert parse("/ // /x") == ("/", "//", "/x")
    assert Mentions(("/x",))("type /x now")


@pytest.mark.parametrize("word", ["/(/", "/x*/", "/a{99999999999}/"])
def test_a_pattern_that_can_not_be_is_explained_and_never_matches(word: str) -> None:
    assert word in problem([word])
    assert not Mentions([word])("anything")


def test_words_need_no_explanation() -> None:
    assert problem(["alice", "/a+b/", "a*b", "/"]) == ""


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("/(a/", "a ( is never closed"),
        ("/a)/", "a ) closes nothing"),
        ("/[a/", "a [ is never closed"),
        ("/*a/", "there is nothing before a *, + or ? to repeat"),
        ("/a**/", "two of *, + and ? stand side by side"),
        ("/[z-a]/", "a range in [ ] begins after its end"),
        (r"/\qa/", "a \\ stands before a letter"),
        ("/a{3,2}/", "the first number is greater"),
        (r"/(a)\2/", "a group in ( ) that is not there"),
        ("/(?P<1>a)/", "it is not a regular expression"),
    ],
)
def test_what_is_wrong_with_a_regular_expression_is_said_in_words(word: str, words: str) -> None:
    assert problem([word]).startswith(f"{word} can't be used: ")
    assert words in problem([word])
