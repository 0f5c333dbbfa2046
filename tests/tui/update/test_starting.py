"""A run begins with the settings, and with what the run before has left."""

from __future__ import annotations

from tests.tui.scenes import Scene
from tui.model.inputs import Queued, Recalled, Started
from tui.text.theme import LIGHT


def test_a_run_begins_in_the_first_channel_with_the_settings() -> None:
    scene = Scene()
    scene.take(
        Started("#ops", LIGHT, 16, words=("deploy",), levels={"#ops": "all"}, clipboard=True, typing=False)
    )
    model = scene.model
    assert (model.room.name, model.room.level) == ("#ops", "all")
    assert (model.theme, model.colours) == (LIGHT, 16)
    assert model.mentions("deploy it, alice")
    assert model.clipboard and model.bell and not model.mouse and not model.tell_typing


def test_what_the_last_run_has_left_is_there_again() -> None:
    scene = Scene()
    scene.take(Started("#main", scene.model.theme, 256))
    scene.take(
        Recalled({"#main": "half a line", "bob": "later"}, {"eve"}, {"": ("one", "two"), "#main": ("one",)})
    )
    model = scene.model
    assert model.room.draft.text == "half a line"
    assert model.enter("bob").draft.text == "later"
    assert model.ignored == {"eve"}
    assert (model.room.typed, model.typed) == (("one",), ("one", "two"))


def test_lines_that_were_not_sent_wait_again_in_their_rooms() -> None:
    scene = Scene()
    scene.take(Started("#main", scene.model.theme, 256))
    scene.take(Queued("#main", "1", "hello", 5_000))
    scene.take(Queued("bob", "2", "psst", 6_000, failed="It is too long."))
    assert [pending.text for pending in scene.model.rooms["#main"].pending.values()] == ["hello"]
    assert scene.model.rooms["bob"].pending["2"].failed == "It is too long."
    assert [
        room.pending[id].at
        for room, id in ((scene.model.rooms["#main"], "1"), (scene.model.rooms["bob"], "2"))
    ] == [
        5_000,
        6_000,
    ], "as old as they are"


def test_what_is_recalled_later_leaves_what_this_run_has() -> None:
    scene = Scene()
    scene.take(Started("#main", scene.model.theme, 256))
    scene.take(Recalled({"#main": "first"}, {"eve"}, {"": ("one",), "#main": ("one",)}, ("#main",)))
    scene.take(Recalled({"#main": "second", "#dev": "third"}, {"mallory"}, {"": ("two",)}, ("#dev", "#main")))
    model = scene.model
    assert model.room.draft.text == "first" and model.enter("#dev").draft.text == "third"
    assert model.ignored == {"eve", "mallory"}
    assert (model.room.typed, model.typed) == (("one",), ("one",))
    assert [room.key for room in model.order()] == ["#main", "#dev"]
