"""The table of phrases: English, whatever is missing, and light enough for a client's start."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable

import pytest

from evchat.dialects import phrases

TOLD = [
    phrases.joined, phrases.left, phrases.disconnected, phrases.renamed, phrases.kicked, phrases.invites_you,
    phrases.invited, phrases.deleted, phrases.online, phrases.offline, phrases.realname, phrases.no_record,
]  # fmt: skip
"""Phrases that are one sentence each, whose words are all given."""


@pytest.mark.parametrize("phrase", TOLD, ids=lambda phrase: phrase.__name__)
def test_a_phrase_is_a_sentence_with_all_that_was_given_in_it(phrase: Callable[..., str]) -> None:
    given = [f"x{index}" for index in range(len(inspect.signature(phrase).parameters))]
    told = phrase(*given)
    assert told.endswith(".") and "  " not in told and all(word in told for word in given)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (phrases.left("bob", "#tea", ""), "bob left #tea."),
        (phrases.left("bob", "#tea", "Bye."), "bob left #tea (Bye)."),
        (phrases.kicked("al", "bob", "", "spam"), "al kicked bob (spam)."),
        (phrases.topic_changed("al", "", "tea"), "al set the topic: tea"),
        (phrases.topic_changed("al", "#tea", ""), "al removed the topic of #tea."),
        (phrases.presence("bob", ""), "bob is away."),
        (phrases.presence("bob", None), "bob is back."),
        (phrases.topic("#tea", "tea", "al", "10:15"), "The topic of #tea is: tea (set by al, 10:15)"),
        (phrases.topic("#tea", "tea"), "The topic of #tea is: tea"),
        (phrases.topic("#tea", "", "al"), "#tea has no topic."),
        (phrases.members("#tea", []), "Nobody is in #tea."),
        (phrases.blocked([]), "You have not blocked anyone."),
        (phrases.announced(1, []), "Your broadcast reached 1 user."),
        (phrases.counted(2, "user"), "2 users"),
        (phrases.and_others([str(n) for n in range(11)]), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 1 other"),
    ],
)
def test_what_is_missing_leaves_no_hole(told: str, words: str) -> None:
    assert told == words


def test_the_phrases_cost_a_client_no_other_module() -> None:
    code = (
        "import sys, evchat; before = set(sys.modules); import evchat.dialects.phrases; "
        "print(*sorted(set(sys.modules) - before))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert set(found.split()) == {"evchat.dialects", "evchat.dialects.phrases"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((True, "kid1!*@*", "kid1", 0), "teacher banned kid1 from #main."),
        ((True, "m:kid1!*@*", "kid1", 10), "teacher muted kid1 in #main for 10 minutes."),
        ((True, "m:*!*@*", "", 1), "teacher muted everyone in #main for 1 minute."),
        ((False, "m:a:kid1", "", 0), "teacher unmuted the account kid1 in #main."),
        ((False, "*!*@x.example", "", 0), "teacher unbanned the address x.example in #main."),
        ((True, "k?d!*@*", "", 0), "teacher banned k?d!*@* from #main."),
    ],
)
def test_a_ban_is_told_in_a_plain_sentence(change: tuple[bool, str, str, int], told: str) -> None:
    assert phrases.moderated("teacher", "#main", [change]) == [told]


def test_the_masks_of_one_person_are_one_sentence_and_an_end_has_no_author() -> None:
    masks = [(False, f"m:{mask}", "kid1", 0) for mask in ("kid1!*@*", "*!*@x.example")]
    assert phrases.moderated("", "", masks) == ["kid1 is no longer muted."]
