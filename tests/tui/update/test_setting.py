"""`/set` and `/alias`."""

from __future__ import annotations

import pytest

from tests.tui.scenes import Scene
from tui.model.effects import Ask, Remember, Say, UseMouse
from tui.model.inputs import Started
from tui.model.options import BY_NAME, OPTIONS
from tui.text.theme import DARK, LIGHT
from tui.update.setting import current


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    values = {option.name: option.default for option in OPTIONS}
    scene.take(Started("#main", DARK, 256, settings=values))
    scene.online()
    scene.join("#main", "bob")
    return scene


def told(scene: Scene) -> str:
    log = scene.model.room.log
    return log[log.end - 1].text


def test_all_settings_are_listed(scene: Scene) -> None:
    scene.line("/set")
    for option in OPTIONS:
        assert f"\n{option.name} = " in "\n" + told(scene)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_setting_is_shown_and_explained(scene: Scene, option: object) -> None:
    name = option.name  # type: ignore[attr-defined]
    scene.line(f"/set {name}")
    assert told(scene).startswith(f"{name} = ")
    assert option.reason in told(scene)  # type: ignore[attr-defined]


def test_what_can_change_now_does(scene: Scene) -> None:
    scene.line("/set bell off")
    scene.line("/set typing off")
    scene.line("/set clipboard on")
    scene.line("/set log on")
    scene.line("/set theme light")
    scene.line("/set words cake /a{2}/")
    assert scene.line("/set mouse on")[0] == UseMouse(True)
    model = scene.model
    assert (model.bell, model.tell_typing, model.clipboard, model.logging) == (False, False, True, True)
    assert model.theme.name == LIGHT.name
    assert model.words == ("cake", "/a{2}/")
    assert told(scene) == "mouse = on. /save keeps it."
    assert [current(model, BY_NAME[name]) for name in ("bell", "log", "theme", "words", "mouse")] == [
        False, True, "light", ["cake", "/a{2}/"], True,
    ]  # fmt: skip


def test_what_can_not_change_now_says_when_it_will(scene: Scene) -> None:
    scene.line("/set user carol")
    assert told(scene) == "user = carol. It takes effect at the next start, if you /save it."
    assert current(scene.model, BY_NAME["user"]) == "carol"
    assert scene.model.user == "alice"


@pytest.mark.parametrize(
    "line",
    [
        "/set nonsense on",
        "/set bell loud",
        "/set theme pink",
        "/set words /(/",
        "/set channels dev",
        "/set user a b",
        "/set server http://x",
        "/set servers b.example tcp://:pw@c.example",
        "/set keys next-room hyper-x",
        "/set keys nothing ctrl-x",
        "/set rooms #a loud",
        "/set aliases o /oper root s3cret",
    ],
)
def test_a_wrong_value_is_told_and_the_line_stays(scene: Scene, line: str) -> None:
    before = [current(scene.model, option) for option in OPTIONS]
    scene.line(line)
    assert scene.model.hint
    assert scene.model.editor.text == line
    assert [current(scene.model, option) for option in OPTIONS] == before


def test_keys_and_rooms_are_set_row_by_row(scene: Scene) -> None:
    scene.line("/set keys next-room f12")
    assert scene.model.keymap.keys("next-room") == ("f12",)
    scene.line("/set keys next-room -")
    assert "f12" not in scene.model.keymap.keys("next-room")
    scene.line("/set rooms #main none")
    assert scene.model.rooms["#main"].level == "none"
    assert current(scene.model, BY_NAME["rooms"]) == {"#main": "none"}
    scene.line("/set rooms #later all")
    assert scene.model.enter("#later").level == "all"
    scene.line("/set rooms #main -")
    assert current(scene.model, BY_NAME["rooms"]) == {"#later": "all"}


def test_names_and_values_are_completed(scene: Scene) -> None:
    scene.type("/set th")
    scene.press("tab")
    assert scene.model.editor.text == "/set theme "
    scene.type("l")
    scene.press("tab")
    assert scene.model.editor.text == "/set theme light"
    scene.press("ctrl-u")
    scene.type("/set bell o")
    scene.press("tab", "tab")
    assert scene.model.editor.text == "/set bell off"


def test_an_alias_is_made_used_listed_and_removed(scene: Scene) -> None:
    scene.line("/alias j /join $*")
    assert told(scene) == "/j stands for /join $*. /save keeps it."
    effects = scene.line("/j #dev")
    assert [one.request["content"] for one in effects if isinstance(one, Ask)] == [["#dev"]]
    assert Remember("#main", "/j #dev") in effects
    scene.line("/alias shrug shrugs at $1")
    assert [one.text for one in scene.line("/shrug bob") if isinstance(one, Say)] == ["shrugs at bob"]
    scene.line("/alias")
    assert told(scene) == "/j  /join $*\n/shrug  shrugs at $1"
    assert current(scene.model, BY_NAME["aliases"]) == {"j": "/join $*", "shrug": "shrugs at $1"}
    scene.line("/unalias j")
    assert list(scene.model.aliases) == ["shrug"]
    scene.line("/unalias j")
    assert scene.model.hint == "There is no alias j."


def test_an_alias_does_not_lead_to_another_one(scene: Scene) -> None:
    scene.line("/alias a /b")
    scene.line("/alias b /a")
    assert not [one for one in scene.line("/a") if isinstance(one, Ask)]
    assert "/b" in scene.model.hint


def test_an_alias_is_completed_and_takes_what_its_command_does(scene: Scene) -> None:
    scene.line("/alias jo /join $*")
    scene.type("/j")
    scene.press("tab")
    assert scene.model.editor.text == "/jo "
    scene.type("#ma")
    scene.press("tab")
    assert scene.model.editor.text == "/jo #main "


def test_a_secret_given_through_an_alias_is_neither_shown_nor_kept(scene: Scene) -> None:
    scene.line("/alias root /oper root $1")
    assert scene.model.aliases
    effects = scene.line("/root s3cret")
    assert "s3cret" not in scene.screen()
    assert not [one for one in effects if isinstance(one, Remember)]
    assert any("s3cret" in str(one.request) for one in effects if isinstance(one, Ask))
