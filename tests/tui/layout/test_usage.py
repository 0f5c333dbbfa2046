"""While a command is typed, how it is used stands above the line; what is typed behind its word never does."""

from __future__ import annotations

import pytest

from tests.tui.scenes import Scene, morning
from tui.layout.usage import usage_of


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("/kick ", "/kick [#channel] name [reason]"),
        ("/topic", "/topic [text]"),
        ("/pm bob ", "/msg name text"),
        ("/J #a", "/join #channel [key]"),
        ("/wc", "/close"),
        ("/unre", "/unregister password"),
        ("/ki", "/kick  /kill"),
        ("/jion", "No such command."),
        ("/xyzzy ", "No such command."),
    ],
)
def test_the_usage_of_what_is_typed_is_found(typed: str, shown: str) -> None:
    scene = morning()
    scene.type(typed)
    usage = usage_of(scene.model)
    assert usage is not None and usage[0] == shown
    assert shown in scene.screen()


@pytest.mark.parametrize("typed", ["", "hi", "//x", "/", "a /kick"])
def test_what_is_no_command_has_none(typed: str) -> None:
    scene = morning()
    scene.type(typed)
    assert usage_of(scene.model) is None


def test_a_slip_and_an_alias_are_explained() -> None:
    scene = morning()
    scene.type("/jion")
    assert usage_of(scene.model) == ("No such command.", "Did you mean /join?")
    scene = morning()
    scene.model.aliases["jj"] = "/join $*"
    scene.type("/jj #a")
    assert usage_of(scene.model) == ("/jj", "your alias for /join $*")


def above(scene: Scene) -> str:
    return "\n".join(scene.screen().splitlines()[:-1])


def test_a_password_is_not_shown_and_name_and_state_stay() -> None:
    scene = morning(80, 24)
    scene.type("/register hunter2")
    assert "/register password" in above(scene) and "hunter2" not in above(scene)
    status = scene.screen().splitlines()[-2]
    assert "alice" in status and "connected" in status


def test_a_small_screen_keeps_its_messages() -> None:
    scene = morning(40, 5)
    scene.type("/kick ")
    assert "[reason]" not in scene.screen()
