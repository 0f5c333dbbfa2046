"""A question keeps what is typed to itself."""

from __future__ import annotations

from evchat.protocol.authentication import Register
from evchat.protocol.lines import unsaid_secrets
from evchat.protocol.operators import Oper
from tui.model.question import FOR_COMMAND, Question, for_command, for_login, request_of
from tui.model.session_events import NAME, PASSWORD, SERVER_PASSWORD


def test_a_secret_is_shown_as_stars() -> None:
    question = Question(SERVER_PASSWORD, ("Password: ",), text="apple")
    assert (question.shown, question.label) == ("*****", "Password: ")


def test_a_name_is_shown_as_it_is() -> None:
    assert Question("name", ("Your name: ",), secret=False, text="nora2").shown == "nora2"


def test_a_suggestion_gives_way_to_what_is_typed_and_only_then() -> None:
    question = Question("name", ("Your name: ",), secret=False, text="nora2")
    question.insert("ot")
    question.insert("to")
    assert question.editor.text == "otto"
    question = Question("name", ("Your name: ",), secret=False, text="nora2")
    question.suggested = False
    question.insert("2")
    assert question.editor.text == "nora22"


def test_several_answers_are_given_one_after_the_other() -> None:
    question = Question(FOR_COMMAND, ("Old: ", "New: "))
    question.editor = question.editor.insert("first")
    assert not question.answer()
    assert (question.label, question.shown) == ("New: ", "")
    question.editor = question.editor.insert("second")
    assert question.answer()
    assert question.answers == ("first", "second")


def test_a_refused_login_asks_for_what_it_needs() -> None:
    server, name, password = (for_login(n, "nora", "nora2") for n in (SERVER_PASSWORD, NAME, PASSWORD))
    assert server is not None and name is not None and password is not None
    assert (name.editor.text, name.secret) == ("nora2", False)
    assert (server.secret, password.secret, password.label) == (True, True, "Password for nora: ")
    assert for_login("", "nora") is None


def answered(line: str, *answers: str) -> Question:
    unsaid = unsaid_secrets(line)
    assert unsaid is not None
    question = for_command(unsaid)
    for text in answers:
        question.editor = question.editor.insert(text)
        question.answer()
    return question


def test_the_answers_complete_a_command() -> None:
    assert request_of(answered("/oper root", "apple")) == Oper("root", "apple")
    assert request_of(answered("/register", "apple", "apple")) == Register("apple")


def test_a_new_password_that_is_not_the_same_both_times_is_none() -> None:
    assert request_of(answered("/register", "apple", "pear")) is None
