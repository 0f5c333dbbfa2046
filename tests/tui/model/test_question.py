"""A question keeps what is typed to itself."""

from __future__ import annotations

from tui.model.question import REQUEST, SERVER, Question


def test_a_secret_is_shown_as_stars() -> None:
    question = Question(SERVER, ("Password: ",), text="apple")
    assert (question.shown, question.label) == ("*****", "Password: ")


def test_a_name_is_shown_as_it_is() -> None:
    assert Question("name", ("Your name: ",), secret=False, text="nora2").shown == "nora2"


def test_several_answers_are_given_one_after_the_other() -> None:
    question = Question(REQUEST, ("Old: ", "New: "))
    question.editor = question.editor.insert("first")
    assert not question.answer()
    assert (question.label, question.shown) == ("New: ", "")
    question.editor = question.editor.insert("second")
    assert question.answer()
    assert question.answers == ("first", "second")
