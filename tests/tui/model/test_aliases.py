"""Aliases: what a line stands for, and that they hold no secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.aliases import expand, problem, secret_in
from tui.model.input_history import hidden, remembered, shown_part

ALIASES = {
    "j": "/join $*", "kb": "/kick $1 $2-", "shrug": "shrugs", "cost": "$$$1", "again": "/again $*",
    "root": "/oper root",
    "swap": "/msg $2 $1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/j #dev", "/join #dev"),
        ("/J #dev", "/join #dev"),
        ("/j", "/join"),
        ("/kb bob too loud", "/kick bob too loud"),
        ("/kb bob", "/kick bob"),
        ("/shrug", "shrugs"),
        ("/shrug at bob", "shrugs"),
        ("/cost 5", "$5"),
        ("/again 1", "/again 1"),
        ("/swap hello bob", "/msg bob hello"),
        ("/join #dev", None),
        ("j #dev", None),
        ("-j #dev", None),
        ("//j", None),
    ],
)
def test_a_line_stands_for_the_text_of_its_alias(line: str, meant: str | None) -> None:
    assert expand(line, ALIASES) == meant


@given(st.text(), st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["/a $*", "/b $1", "$*$*"])))
def test_what_an_alias_stands_for_is_not_expanded_again(rest: str, aliases: dict[str, str]) -> None:
    meant = expand(f"/a {rest}", aliases)
    assert meant is None or len(meant) <= 2 * len(rest) + 10


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", "/join"),
        ("A", "/join"),
        ("a b", "/join"),
        ("a", ""),
        ("a", "x\ny"),
        ("a", "/oper root s3cret"),
        ("a", "/login nora s3cret"),
        ("a", "/join #c k3y"),
        ("a" * 33, "/join"),
    ],
)
def test_what_can_not_be_an_alias_is_told(name: str, text: str) -> None:
    assert problem(name, text)


@pytest.mark.parametrize("text", ALIASES.values())
def test_what_can_is(text: str) -> None:
    assert problem("a", text) == ""


def test_a_secret_after_an_alias_is_hidden_and_not_remembered() -> None:
    line = "/j #dev k3y"
    assert hidden(line, ALIASES) == "/j #dev ***"
    assert shown_part(line, ALIASES) == "/j #dev "
    assert remembered(line, ALIASES) == "/j #dev"
    assert secret_in("/j #dev", ALIASES) is None
    assert secret_in("/shrug #dev k3y", ALIASES) is None
    assert remembered("/o s3cret", {"o": "/oper root $1"}) == ""


def test_a_secret_in_the_definition_is_hidden_and_not_remembered() -> None:
    for command in ("/alias", "/set aliases"):
        line = f"{command} o /oper root s3cret"
        assert hidden(line) == f"{command} o /oper root ******"
        assert remembered(line) == f"{command} o /oper root"


def test_a_password_in_an_address_is_hidden_and_not_remembered() -> None:
    assert hidden("/connect tcp://:pw@host") == "/connect tcp://:*******"
    assert "pw" not in remembered("/connect tcp://:pw@host")
    assert remembered("see tcp://:x") == "see tcp://:x"
