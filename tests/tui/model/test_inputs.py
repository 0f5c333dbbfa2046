"""What goes into `update` is plain data, equal where it says the same."""

from __future__ import annotations

import inspect

from tui.model import inputs
from tui.model.inputs import Focus, Input, Key, Mouse, Paste, TerminalReply


def test_inputs_are_equal_if_they_say_the_same() -> None:
    assert Key("a", "a") == Key("a", "a") != Key("a")
    assert Focus(True) != Focus(False)
    assert Paste("x") != TerminalReply("x")
    assert Mouse("press", "left", 1, 2) == Mouse("press", "left", 1, 2) != Mouse("press", "left", 2, 1)


def test_none_carries_anything_that_it_does_not_name() -> None:
    kinds = [kind for _, kind in inspect.getmembers(inputs, inspect.isclass) if issubclass(kind, Input)]
    assert len(kinds) > 10
    assert all("__slots__" in vars(kind) for kind in kinds)
