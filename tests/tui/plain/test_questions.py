"""The line after a question is its answer."""

from __future__ import annotations

import io

import pytest

from evchat.protocol.base import Request
from evchat.protocol.lines import unsaid_secrets
from evchat.protocol.operators import Oper
from tui.model.question import for_command
from tui.model.session_events import CERTIFICATE, NAME, PASSWORD, REFUSED, SERVER_PASSWORD, State
from tui.plain.output import Output
from tui.plain.questions import Questions


class Asker:
    """Questions without a terminal, and what came of them."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.logins: list[tuple[str, str | None]] = []
        self.given: list[str] = []
        self.requests: list[Request] = []
        self.trusted: list[str] = []
        self.questions = Questions(
            Output(io.StringIO(), io.StringIO()),
            self.told.append,
            lambda name, password: self.logins.append((name, password)),
            self.given.append,
            self.requests.append,
            self.trusted.append,
        )

    def refused(self, needs: str, code: str = "", *, talking: bool = True) -> None:
        state = State(REFUSED, "No.", code=code, needs=needs, name="nora", suggestion="nora2")
        self.questions.refused(state, talking=talking)


def test_each_answer_goes_where_it_belongs() -> None:
    asker = Asker()
    for needs, line in ((SERVER_PASSWORD, "apple"), (NAME, " otto "), (PASSWORD, "a pear")):
        asker.refused(needs)
        assert asker.questions.is_open
        asker.questions.take(line)
        assert not asker.questions.is_open
    assert asker.given == ["apple"]
    assert asker.logins == [("otto", None), ("nora", "a pear")]


def test_a_certificate_is_trusted_only_by_a_whole_yes() -> None:
    asker = Asker()
    for line in ("no", "y", "", "yes "):
        asker.refused(CERTIFICATE)
        asker.questions.take(line)
        assert not asker.questions.is_open
    assert asker.trusted == ["nora2"]
    assert [told for told in asker.told if "/login shows the certificate again." in told] != []


def test_a_name_that_is_none_is_asked_for_again() -> None:
    asker = Asker()
    asker.refused(NAME)
    asker.questions.take("not one")
    assert asker.questions.is_open and not asker.logins


def test_an_empty_line_is_no_answer_but_advice_how_to_go_on() -> None:
    asker = Asker()
    asker.refused(PASSWORD)
    asker.questions.take("")
    assert not asker.questions.is_open and "/nick" in asker.told[-1]


def test_the_password_of_a_command_completes_it() -> None:
    asker = Asker()
    unsaid = unsaid_secrets("/oper root")
    assert unsaid is not None
    asker.questions.ask(for_command(unsaid))
    asker.questions.take("apple")
    assert asker.requests == [Oper("root", "apple")]


@pytest.mark.parametrize("needs", [SERVER_PASSWORD, NAME, PASSWORD])
def test_a_script_is_not_asked(needs: str) -> None:
    asker = Asker()
    asker.refused(needs, talking=False)
    assert not asker.questions.is_open and len(asker.told) == 1


def test_a_reason_that_was_told_is_not_told_again() -> None:
    asker = Asker()
    state = State(REFUSED, "You are banned.", code="banished")
    asker.questions.refused(state, talking=True, told="You are banned.")
    assert asker.told == ["Only the people who run this server can change that."]


def test_a_refusal_that_needs_nothing_comes_with_its_own_advice() -> None:
    asker = Asker()
    asker.refused("", "banished")
    assert not asker.questions.is_open and "password" not in asker.told[0]
