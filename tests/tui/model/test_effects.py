"""What comes out of `update` is plain data, and the shell carries out every kind of it."""

from __future__ import annotations

import inspect

from tui import app
from tui.model import effects
from tui.model.effects import Copy, Effect, Open

KINDS = [
    kind
    for _, kind in inspect.getmembers(effects, inspect.isclass)
    if issubclass(kind, Effect) and kind.__name__ not in ("Effect", "ForServer", "Named")
]


def test_effects_are_equal_if_they_ask_for_the_same() -> None:
    assert Copy("x") == Copy("x") != Copy("y")
    assert Copy("x") != Open("x")


def test_the_shell_knows_every_effect() -> None:
    source = inspect.getsource(app.App.__init__)
    assert len(KINDS) > 10
    assert [kind.__name__ for kind in KINDS if f"fx.{kind.__name__}:" not in source] == []


def test_what_the_shell_does_for_a_server_is_known_to_be_for_one() -> None:
    """An effect in the shell's table for servers must say which one it is for."""
    source = inspect.getsource(app.App.__init__)
    table = source[source.index("_for_server") : source.index("self._effects")]
    for kind in KINDS:
        assert issubclass(kind, effects.ForServer) == (f"fx.{kind.__name__}:" in table), kind
