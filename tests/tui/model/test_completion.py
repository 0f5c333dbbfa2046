"""Tab completes what was begun, and cycles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.text import harmless, width
from tui.model.completion import CommandWord, Completion, Words, complete
from tui.text.emoji import EMOJI

WORDS = Words(
    nicks=("bob", "Alice", "albert", "[alf]", "Åse"),
    channels=("#main", "#music", "#Python"),
    commands=(
        CommandWord("msg", "/msg name text", "Sends a direct message.", ("place", "text")),
        CommandWord("me", "/me text", "Says what you do.", ("text",)),
        CommandWord("join", "/join #channel", "Comes into a channel.", ("channels",)),
        CommandWord("block", "/block name", "Keeps a user away.", ("user",)),
        CommandWord("wholast", "/wholast minutes", "Lists.", ("number",)),
        CommandWord("broadcast", "/broadcast", "Tells.", ("users", "text")),
        CommandWord("kick", "/kick [#channel] name [reason]", "Puts out.", ("channel", "user", "text")),
        CommandWord("part", "/part [#channel] [reason]", "Leaves.", ("channel", "text")),
        CommandWord("help", "/help [command]", "Lists the commands.", ("command",)),
    ),
    emoji=EMOJI,
)


def begin(marked: str) -> Completion | None:
    return complete(marked.replace("|", ""), marked.index("|"), WORDS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("al|", "Alice: |"),
        ("hi al|", "hi Alice |"),
        ("hi al| there", "hi Alice |there"),
        ("al|!", "Alice: |!"),
        ("ås|", "Åse: |"),
        ("hi @al|", "hi @Alice |"),
        ("@bo|", "@bob |"),
        ("see #m|", "see #main |"),
        ("#py|", "#Python |"),
        ("/m|", "/msg |"),
        ("-jo|", "-join |"),
        ("/msg al|", "/msg Alice |"),
        ("/msg #mu|", "/msg #music |"),
        ("/msg bob al|", "/msg bob Alice |"),
        ("/kick al|", "/kick Alice |"),
        ("/kick #mu|", "/kick #music |"),
        ("/kick #music al|", "/kick #music Alice |"),
        ("/kick Alice bo|", "/kick Alice bob |"),
        ("/part mu|", "/part #music |"),
        ("/part #music al|", "/part #music Alice |"),
        ("/part until al|", "/part until Alice |"),
        ("/msg bob see :tad|", "/msg bob see 🎉|"),
        ("/me hugs bo|", "/me hugs bob |"),
        ("/join #main,mu|", "/join #main,#music |"),
        ("/join |", "/join #main |"),
        ("/broadcast bob,al|", "/broadcast bob,Alice|"),
        ("/block |", "/block bob |"),
        ("/help jo|", "/help join |"),
        (":tada|", "🎉|"),
        ("nice :sun| ok", "nice 🌞| ok"),
        ("//al al|", "//al Alice |"),
    ],
)
def test_the_first_candidate_takes_the_place_of_the_word(before: str, after: str) -> None:
    completion = begin(before)
    assert completion is not None
    text, cursor = completion.text, completion.cursor
    assert text[:cursor] + "|" + text[cursor:] == after


@pytest.mark.parametrize(
    "text",
    [
        "|",
        "hi |",
        "xyz|",
        ":)|",
        "a:|",
        ":|",
        "/zzz|",
        "/wholast b|",
        "/wholast 5 b|",
        "//m|",
        "-1|",
        "#none|",
    ],
)
def test_what_nothing_begins_with_stays(text: str) -> None:
    assert begin(text) is None


def test_tab_cycles_and_shift_tab_goes_back() -> None:
    completion = begin("al|")
    assert completion is not None
    assert [candidate.label for candidate in completion.candidates] == ["Alice", "albert", "[alf]"]
    assert completion.next().text == "albert: "
    assert completion.next().next().next().text == "Alice: "
    assert completion.previous().text == "[alf]: "
    assert completion.next().previous().text == completion.text


def test_commands_are_offered_with_how_to_use_them() -> None:
    completion = begin("/|")
    assert completion is not None
    assert len(completion.candidates) == len(WORDS.commands)
    assert (completion.candidates[0].label, completion.candidates[0].note) == (
        "/msg name text",
        "Sends a direct message.",
    )


@given(st.text(st.sampled_from("al:/#@ ,-bt\nÅ")), st.data())
def test_nothing_but_the_word_changes(text: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(text)))
    completion = complete(text, cursor, WORDS)
    start = max(text.rfind(" ", 0, cursor), text.rfind("\n", 0, cursor)) + 1
    for _ in range(len(completion.candidates) if completion else 0):
        assert completion is not None
        assert completion.text.startswith(text[:start])
        assert completion.text.endswith(text[cursor:])
        assert start < completion.cursor <= len(completion.text)
        completion = completion.next()


def test_a_command_that_takes_one_of_some_words_offers_them() -> None:
    words = Words(commands=[CommandWord("notify", takes=("all|mentions|none",))])
    completion = complete("/notify ", 8, words)
    assert completion is not None
    assert [candidate.label for candidate in completion.candidates] == ["all", "mentions", "none"]
    narrowed = complete("/notify M", 9, words)
    assert narrowed is not None and narrowed.text == "/notify mentions"


def test_every_emoji_is_shown_as_it_is_in_two_cells() -> None:
    assert len(EMOJI) >= 150
    for name, char in EMOJI.items():
        assert harmless(char) == char, name
        assert width(char) == 2, name
        assert name == name.lower()
