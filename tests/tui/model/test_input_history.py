"""What was typed is remembered, but no password."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.command import Command
from evchat.protocol.commands import COMMANDS
from evchat.settings.client import MAX_TYPED_ENTRIES
from tests.tui.texts import typed
from tui.model.editor import Editor
from tui.model.input_history import HistorySearch, add, dump, hidden, load, remembered, shown_part

ENTRIES = ("make tea", "Make coffee", "go home", "make tea", "İstanbul make")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("hello", "hello"),
        ("/login alice secret", "/login alice"),
        ("-LOGIN alice secret", "-LOGIN alice"),
        ("  /login   alice   secret words ", "/login   alice"),
        ("/oper root secret", "/oper root"),
        ("/pass secret", ""),
        ("/authenticate bob secret", "/authenticate bob"),
        ("/join #a,#b key", "/join #a,#b"),
        ("/join #a", "/join #a"),
        ("/login alice", "/login alice"),
        ("/register secret", ""),
        ("/registered users", "/registered users"),
        ("  ", ""),
    ],
)
def test_a_password_is_never_remembered(text: str, kept: str) -> None:
    assert remembered(text) == kept


@pytest.mark.parametrize(
    "command", [each for each in COMMANDS if any(p.secret and p.line for p in each.params)]
)
@pytest.mark.parametrize("sign", ["/", "-", "  /"])
def test_every_secret_of_the_table_is_hidden_and_never_remembered(command: Command, sign: str) -> None:
    params = [param for param in command.params if param.line]
    typed = ["hunter2" if param.secret else "#name" for param in params]
    for word in command.words:
        text = sign + " ".join([word, *typed]) + " more"
        secret = text.index("hunter2")
        assert "hunter2" not in remembered(text) and "hunter2" not in shown_part(text)
        assert hidden(text) == text[:secret] + "*" * (len(text) - secret)


OTHER_SECRETS = {("join", "keys"), ("password", "old"), ("login", "resume")}
"""Secrets that are not called passwords, by command and field."""


def test_the_table_marks_every_password_and_channel_key_as_secret() -> None:
    for command in COMMANDS:
        for param in command.params:
            is_other = (command.name, param.field) in OTHER_SECRETS
            assert param.secret == ("password" in param.field or is_other), (command.name, param.field)


def test_repetitions_of_the_last_text_are_remembered_once() -> None:
    assert add(("a", "b"), "b") == ("a", "b")
    assert add(("a", "b"), "a") == ("a", "b", "a")
    assert add((), "") == ()


def test_no_more_is_remembered_than_the_limit() -> None:
    entries: tuple[str, ...] = tuple(map(str, range(MAX_TYPED_ENTRIES)))
    assert add(entries, "new") == (*entries[1:], "new")


@given(st.lists(st.one_of(typed, st.text(st.sampled_from("\\n\n a"))).filter(bool)))
def test_a_file_gives_back_what_was_written(entries: list[str]) -> None:
    assert load(dump(entries)) == tuple(entries)
    assert dump(entries).count("\n") == len(entries)


def start(query: str = "") -> HistorySearch:
    search = HistorySearch(Editor("draft", 2), ENTRIES)
    return search.type(query) if query else search


def test_the_search_goes_back_as_the_query_grows() -> None:
    search = start("m")
    assert search.match == "İstanbul make"
    assert search.type("ake t").match == "make tea"
    assert search.match[slice(*search.span)] == "m"


def test_older_and_newer_skip_what_looks_the_same() -> None:
    search = start("make t")
    assert search.index == 3
    older = search.older()
    assert older.failed
    assert older.match == "make tea"
    found = start("make").older().older()
    assert found.match == "Make coffee"
    assert found.newer().match == "make tea"


def test_only_a_query_with_capitals_minds_them() -> None:
    assert start("Make").match == "Make coffee"
    assert start("COFFEE").failed
    assert start("coffee").match == "Make coffee"


def test_a_query_that_finds_nothing_keeps_what_was_found() -> None:
    search = start("home").type("x")
    assert search.failed
    assert search.match == "go home"
    assert search.span == (0, 0)
    assert search.erase().match == "go home"
    assert not search.erase().failed


def test_an_erased_query_shows_nothing_again() -> None:
    assert start("h").erase().match is None


def test_accepting_takes_the_text_and_cancelling_takes_nothing() -> None:
    assert start("home").accept().text == "go home"
    assert start("home").accept().undo().text == "draft"
    cancelled = start("home").cancel()
    assert (cancelled.text, cancelled.cursor) == ("draft", 2)
    assert start("zzz").accept().text == "draft"


@given(st.lists(st.text(st.sampled_from("abAB")), max_size=8), st.text(st.sampled_from("abAB"), max_size=4))
def test_the_span_holds_the_query(entries: list[str], query: str) -> None:
    search = HistorySearch(Editor(), entries)
    for char in query:
        search = search.type(char)
    if search.match is not None and not search.failed:
        begin, end = search.span
        assert search.match[begin:end].lower() == search.query.lower()
