"""The state of an IRC client, and the lines that begin with it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc.client import IrcClient, line_of
from evchat.dialects.irc.line import MAX_LINE, Line
from evchat.protocol.people import FindUsers
from evchat.settings.model import Config
from tests.dialects.anything import texts


def client() -> IrcClient:
    return IrcClient(Config(), "evchat-1", 0)


def test_the_line_of_a_request_is_the_one_it_was_made_of() -> None:
    line = Line("WHO", ("#tea", "%n"))
    assert line_of(FindUsers("#tea", context=line)) is line


@given(st.one_of(st.none(), texts, st.integers()))
def test_what_another_dialect_keeps_with_a_request_is_no_line(context: object) -> None:
    assert line_of(FindUsers("#tea", context=context)) == Line("", ()) == line_of(None)


def test_a_client_without_a_name_is_called_by_a_star() -> None:
    assert client().numeric("421", "X", text="Unknown command") == ":evchat.local 421 * X :Unknown command"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_numeric_is_never_longer_than_a_line(text: str) -> None:
    assert len(client().numeric("372", text=text).encode()) <= MAX_LINE


def test_no_two_batches_of_a_connection_have_one_name() -> None:
    made = client()
    assert len({made.new_reference() for _ in range(50)}) == 50
