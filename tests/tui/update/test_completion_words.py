"""What completion offers is what there is, the likeliest first."""

from __future__ import annotations

from tests.tui.scenes import morning
from tui.update import completion_words


def test_who_spoke_last_comes_first_and_one_self_never() -> None:
    scene = morning()
    scene.says("carol", "hello")
    scene.says("bob", "hi")
    names = completion_words.words(scene.model).nicks
    assert names[:2] == ["bob", "carol"]
    assert "alice" not in names and len(set(names)) == len(names)


def test_commands_and_emoji_are_looked_up_only_for_lines_that_ask_for_them() -> None:
    scene = morning()
    assert not completion_words.words(scene.model).commands
    assert not completion_words.words(scene.model).emoji
    scene.type("/j :s")
    found = completion_words.words(scene.model)
    assert found.commands and found.emoji
