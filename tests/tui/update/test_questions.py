"""Names and passwords are asked for in place of the input line, and what is answered goes nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tui.scenes import Scene
from tui.model.effects import COMMAND, Ask, GiveServerPassword, LogIn, Remember, Say
from tui.model.keymap import ACTIONS, ASK, CLIENT, EDITOR, LINE
from tui.model.session_events import NAME, PASSWORD, SERVER_PASSWORD
from tui.update.questions import HARMLESS

SECRET = "s3kret"


def refused(needs: str, **facts: Any) -> Scene:
    scene = Scene()
    scene.online()
    scene.join("#main", "bob")
    state = {"response": "state", "state": "refused", "reason": "No.", "name": "alice"}
    scene.hear({**state, "needs": needs, **facts})
    scene.effects.clear()
    return scene


def bottom(scene: Scene) -> str:
    return "\n".join(scene.frame().lines()[-3:])


def test_the_servers_password_is_asked_for() -> None:
    scene = refused(SERVER_PASSWORD)
    scene.type(SECRET)
    assert "Password of the server: ******" in bottom(scene)
    assert "waiting for the server's password" in bottom(scene)
    assert scene.press("enter") == [GiveServerPassword(SECRET)]
    assert "> " in bottom(scene)


def test_a_name_is_asked_for_with_a_free_one_to_take() -> None:
    scene = refused(NAME, suggestion="alice2")
    assert "Your name: alice2" in bottom(scene)
    assert scene.press("enter") == [LogIn("alice2")]


def test_a_name_that_is_suggested_can_be_edited() -> None:
    scene = refused(NAME, suggestion="alice2")
    scene.press("backspace")
    scene.type("3")
    assert scene.press("enter") == [LogIn("alice3")]


def test_another_name_can_be_typed_and_a_bad_one_is_told_at_once() -> None:
    scene = refused(NAME, suggestion="alice2")
    scene.type("not one")
    assert scene.press("enter") == []
    assert "Your name: not one" in bottom(scene)
    scene.press("ctrl-u")
    assert scene.line("carol") == [LogIn("carol")]


def test_the_password_of_a_registered_name_is_asked_for() -> None:
    scene = refused(PASSWORD)
    assert scene.press("enter") == []
    scene.paste(f"{SECRET}\nand more")
    assert f"Password for alice: {'*' * len(SECRET)}" in bottom(scene)
    assert scene.press("enter") == [LogIn("alice", SECRET)]


@pytest.mark.parametrize(
    ("needs", "way"), [(SERVER_PASSWORD, "/pass"), (NAME, "/nick NAME"), (PASSWORD, "/login")]
)
@pytest.mark.parametrize("key", ["escape", "ctrl-c", "ctrl-g"])
def test_whoever_does_not_answer_is_told_how_to_go_on(needs: str, way: str, key: str) -> None:
    scene = refused(needs)
    scene.type(SECRET)
    assert scene.press(key) == []
    assert SECRET not in scene.screen()
    assert way in scene.screen()
    scene.line(way.replace("NAME", "carol"))
    again = scene.model.question
    assert (again is not None and again.editor.text == "") or scene.effects[0] == LogIn("carol")


def test_what_is_answered_reaches_no_draft_and_no_history() -> None:
    scene = refused(PASSWORD)
    scene.type(SECRET)
    assert scene.model.room.draft.text == ""
    scene.press("enter")
    assert scene.model.all_drafts() == {}
    assert (scene.model.typed, scene.model.room.typed) == ((), ())
    scene.press("ctrl-y")
    assert SECRET not in scene.model.editor.text
    assert not any(isinstance(effect, Remember | Say) for effect in scene.effects)


@pytest.mark.parametrize(
    "action", [one for one in ACTIONS if one.mode == LINE and one.keys], ids=lambda x: x.name
)
def test_no_key_takes_an_answer_elsewhere(action: Any) -> None:
    scene = refused(PASSWORD)
    scene.type(SECRET)
    done = scene.press(action.keys[0])
    assert not any(SECRET in repr(effect) for effect in done if not isinstance(effect, LogIn))
    for room in scene.model.rooms.values():
        assert SECRET not in room.draft.text
    assert scene.model.choice is None and scene.model.search is None
    assert action.owner == EDITOR or action.owner == CLIENT
    if (
        action.name not in HARMLESS
        and action.owner == CLIENT
        and action.name not in ("send", "escape", "interrupt")
    ):
        assert done == []


def test_the_actions_that_still_work_exist() -> None:
    assert {action.name for action in ACTIONS if action.mode == LINE} >= HARMLESS
    assert [action.name for action in ACTIONS if action.mode == ASK] == ["answer", "cancel-answer"]


def test_a_login_that_goes_on_by_itself_closes_the_question() -> None:
    scene = refused(PASSWORD)
    scene.hear({"response": "state", "state": "connecting", "reason": ""})
    assert scene.model.question is None
    assert "connecting" in bottom(scene)


def test_a_wrong_password_is_asked_for_again() -> None:
    scene = refused(PASSWORD)
    scene.line("wrong")
    scene.hear({"response": "state", "state": "connecting", "reason": ""})
    state = {"response": "state", "state": "refused", "reason": "Wrong password.", "name": "alice"}
    scene.hear({**state, "needs": PASSWORD, "code": "wrong-password"})
    assert "Wrong password." in scene.screen()
    assert scene.line(SECRET)[-1] == LogIn("alice", SECRET)


def test_a_message_that_is_being_typed_does_not_become_the_answer() -> None:
    scene = Scene()
    scene.online()
    scene.join("#main", "bob")
    scene.type("hello wor")
    state = {"response": "state", "state": "refused", "reason": "No.", "name": "alice"}
    scene.hear({**state, "needs": NAME, "suggestion": "alice2"})
    scene.effects.clear()
    assert scene.line("ld") == []
    assert "Your name: alice2" in bottom(scene)
    scene.now += 1_000
    scene.type("x")
    assert "Your name: x" in bottom(scene)
    scene.press("escape")
    assert scene.model.editor.text == "hello wor"


# ---- the passwords of commands --------------------------------------------------------------------------------


def test_a_command_without_its_password_asks_for_it() -> None:
    scene = refused("")
    scene.online()
    scene.effects.clear()
    assert [type(effect) for effect in scene.line("/oper root")] == [Remember]
    assert "Password: " in bottom(scene)
    (asked,) = scene.line(SECRET)
    assert asked == Ask({"request": "oper", "content": "root", "password": SECRET}, COMMAND, "#main", "oper")


def test_a_new_password_is_asked_for_twice() -> None:
    scene = refused("")
    scene.online()
    for second in ("other", SECRET):
        scene.line("/register")
        assert scene.line(SECRET) == []
        assert "The same again: " in bottom(scene)
        scene.effects.clear()
        scene.line(second)
        assert ("differ" in bottom(scene)) == (second == "other")
    assert scene.effects == [Ask({"request": "register", "password": SECRET}, COMMAND, "#main", "register")]


def test_a_command_given_up_says_nothing_of_logins() -> None:
    scene = refused("")
    scene.online()
    scene.line("/register")
    before = scene.screen()
    scene.press("escape")
    assert scene.model.question is None
    assert "not logged in" not in before.replace(before, scene.screen())
