"""Who is typing is told and shown, not longer than it is true."""

from __future__ import annotations

import pytest

from tests.tui.scenes import Scene, morning
from tui.model.effects import QUIET, Ask, Effect, Say
from tui.model.inputs import Tick
from tui.update import typing_status


def told(effects: list[Effect]) -> list[tuple[str, str]]:
    """Where it was told, and what."""
    return [
        (effect.request["to"], effect.request["content"])
        for effect in effects
        if isinstance(effect, Ask) and effect.request["request"] == "typing"
    ]


def after(scene: Scene, *keys: str) -> list[tuple[str, str]]:
    return told(scene.press(*keys))


def types(scene: Scene, sender: str, state: str = "active", to: str = "#main") -> None:
    scene.hear({"response": "typing", "sender": sender, "to": to, "content": state})


def test_it_is_told_with_the_first_letter_and_every_three_seconds() -> None:
    scene = morning()
    assert scene.press("h") == [Ask({"request": "typing", "to": "#main", "content": "active"}, QUIET)]
    assert after(scene, "e", "l") == []
    scene.now += typing_status.EVERY
    assert after(scene, "l", "o") == [("#main", "active")]


def test_moving_in_the_line_is_no_typing() -> None:
    scene = morning()
    scene.type("hello")
    scene.now += typing_status.EVERY
    assert after(scene, "left", "home", "end", "pageup") == []


def test_a_message_that_is_sent_says_by_itself_that_one_is_done() -> None:
    scene = morning()
    scene.type("hello")
    done = scene.press("enter")
    assert told(done) == [] and Say("#main", "hello") in done
    assert after(scene, "a") == [("#main", "active")]


def test_who_clears_the_line_is_done() -> None:
    scene = morning()
    scene.type("hm")
    assert after(scene, "ctrl-u") == [("#main", "done")]
    assert after(scene, "ctrl-u") == []


def test_a_command_is_nobodys_business() -> None:
    scene = morning()
    for line in ("/msg bob hi", "-help", "   ", "---quit---"):
        scene.press("ctrl-u")
        scene.model.typing_told = ""
        states = [state for char in line for _, state in after(scene, "space" if char == " " else char)]
        # What begins with two of them may be a message, until it is this one.
        assert states == (["active", "done"] if line.startswith("--") else [])
    scene.press("ctrl-u")
    assert after(scene, "h", "i") == [("#main", "active")]
    assert after(scene, "home", "/") == [("#main", "done")]


def test_who_goes_elsewhere_in_the_middle_of_a_line_pauses() -> None:
    scene = morning()
    scene.type("well")
    assert after(scene, "alt-2") == [("#main", "paused")]
    assert after(scene, "alt-1") == []
    assert after(scene, "x") == [("#main", "active")]


@pytest.mark.parametrize("people", [5, typing_status.PEOPLE])
def test_in_a_channel_of_many_nobody_is_told(people: int) -> None:
    scene = Scene()
    scene.online()
    scene.join("#main", *(f"user{number}" for number in range(people - 1)))
    assert bool(after(scene, "h")) is (people < typing_status.PEOPLE)


def test_in_a_conversation_the_other_one_is_told() -> None:
    scene = morning()
    scene.line("/query carol")
    assert after(scene, "h") == [("carol", "active")]


@pytest.mark.parametrize("why", ["setting", "offline", "left", "search"])
def test_it_can_be_kept_to_oneself(why: str) -> None:
    scene = morning()
    if why == "setting":
        scene.model.tell_typing = False
    elif why == "offline":
        scene.hear({"response": "state", "state": "offline", "reason": ""})
    elif why == "left":
        scene.hear({"response": "left", "sender": "alice", "to": "#main", "content": ""})
    else:
        scene.press("ctrl-r")
    assert after(scene, "h", "t") == []


def test_somebody_who_is_typing_is_shown_for_six_seconds() -> None:
    scene = morning()
    assert typing_status.due(scene.model) is None
    types(scene, "bob")
    assert "bob is typing …" in scene.screen()
    assert typing_status.due(scene.model) == scene.now + 6_000
    scene.now += 5_999
    scene.take(Tick())
    assert "is typing" in scene.screen()
    scene.now += 1
    scene.take(Tick())
    assert "is typing" not in scene.screen()
    assert typing_status.due(scene.model) is None


@pytest.mark.parametrize("end", ["done", "paused", "message", "left", "quit"])
def test_it_ends_before_if_it_is_over(end: str) -> None:
    scene = morning()
    types(scene, "bob")
    if end == "message":
        scene.says("bob", "there")
    elif end in ("left", "quit"):
        scene.hear({"response": end, "sender": "bob", "to": "#main", "channels": ["#main"], "content": ""})
    else:
        types(scene, "bob", end)
    assert "is typing" not in scene.screen()


def test_it_is_shown_only_where_it_is_and_not_of_oneself_or_whom_one_ignores() -> None:
    scene = morning()
    scene.line("/ignore carol")
    types(scene, "bob", to="#ops")
    types(scene, "bob", to="alice")
    types(scene, "alice")
    types(scene, "carol")
    types(scene, "bob", to="#nowhere")
    assert "typing" not in scene.screen()
    assert typing_status.due(scene.model) is None
    scene.press("alt-2")
    assert "bob is typing …" in scene.screen()


def test_several_are_named_or_counted() -> None:
    scene = morning()
    for name in ("bob", "carol"):
        types(scene, name)
    assert "bob and carol are typing …" in scene.screen()
    for number in range(100):
        types(scene, f"user{number}")
    assert "bob and 19 more are typing …" in scene.screen()
    assert len(scene.model.room.typing) == 20


def test_a_clock_that_is_set_back_keeps_nobody_typing() -> None:
    scene = morning()
    types(scene, "bob")
    scene.now -= 3_600_000
    scene.take(Tick())
    assert "is typing" not in scene.screen()
    assert typing_status.due(scene.model) is None
