"""The table of keys is complete and consistent, and can be bound anew."""

from __future__ import annotations

import inspect

import pytest

from tests.tui.terminal.test_keys import KEYS
from tui.model import keymap
from tui.model.editor import Editor
from tui.model.input_history import HistorySearch
from tui.model.inputs import Key
from tui.model.keymap import ACTIONS, BY_NAME, LINE, MODES, SELECT, BadBinding, Keymap, canonical, shown

OWNERS = {keymap.EDITOR: Editor, keymap.SEARCHER: HistorySearch}


def test_every_action_of_the_editor_and_of_the_search_is_one_of_their_methods() -> None:
    for action in ACTIONS:
        if action.owner != keymap.CLIENT:
            method = getattr(OWNERS[action.owner], action.handler)
            required = [
                parameter
                for parameter in inspect.signature(method).parameters.values()
                if parameter.name != "self" and parameter.default is parameter.empty
            ]
            assert not required, action.name


def test_every_edit_that_the_editor_knows_has_an_action() -> None:
    others = {"up", "down", "insert", "replace", "clear", "with_ring", "older", "newer"}
    methods = {name for name in vars(Editor) if not name.startswith("_") and callable(getattr(Editor, name))}
    assert methods - others == {action.handler for action in ACTIONS if action.owner == keymap.EDITOR}


def test_names_differ_and_each_action_says_what_it_does() -> None:
    assert len(BY_NAME) == len(ACTIONS)
    for action in ACTIONS:
        assert action.handler.isidentifier()
        assert action.mode in MODES
        assert action.group
        assert action.description[0].isupper() or action.description[0] == "…"
        assert not action.description.endswith(".")


def test_no_key_does_two_things_in_one_mode() -> None:
    bound = [(action.mode, key) for action in ACTIONS for key in action.keys]
    assert len(bound) == len(set(bound))


def test_every_default_key_is_written_as_the_decoder_names_it() -> None:
    for action in ACTIONS:
        for key in action.keys:
            assert canonical(key) == key


def test_what_types_a_character_is_bound_only_where_nothing_is_typed() -> None:
    for action in ACTIONS:
        if action.mode in keymap.TYPING_MODES:
            assert not [key for key in action.keys if len(key) == 1 or key == "space"]


def test_no_mode_is_a_trap() -> None:
    for mode in MODES:
        assert Keymap().action(Key("escape"), mode)
        assert Keymap().action(Key("ctrl-c"), mode)


def test_a_key_means_what_the_innermost_mode_says() -> None:
    keys = Keymap()
    assert keys.action(Key("up"), SELECT, LINE) is BY_NAME["select-older"]
    assert keys.action(Key("ctrl-l"), SELECT, LINE) is BY_NAME["redraw"]
    assert keys.action(Key("r", "r"), LINE) is None


def test_keys_can_be_bound_anew() -> None:
    keys = Keymap({"undo": "CTRL-U alt-shift-x", "redo": ""})
    assert keys.action(Key("ctrl-u"), LINE) is BY_NAME["undo"]
    assert keys.action(Key("alt-X"), LINE) is BY_NAME["undo"]
    assert keys.keys("undo") == ("ctrl-u", "alt-X")
    assert keys.keys("redo") == keys.keys("kill-to-start") == ()
    assert keys.action(Key("ctrl-_"), LINE) is None
    assert Keymap().keys("undo") == BY_NAME["undo"].keys


@pytest.mark.parametrize(
    ("bindings", "complaint"),
    [
        ({"fly": "ctrl-a"}, "no action fly"),
        ({"undo": "hyper-a"}, "no key hyper-a"),
        ({"undo": "ctrl-enterr"}, "no key ctrl-enterr"),
        ({"undo": "ctrl-u", "redo": "ctrl-u"}, "can't do both undo and redo"),
    ],
)
def test_a_wrong_binding_is_refused_with_a_sentence(bindings: dict[str, str], complaint: str) -> None:
    with pytest.raises(BadBinding, match=complaint):
        Keymap(bindings)


@pytest.mark.parametrize("name", [name for name in KEYS.values() if "super" not in name])
def test_every_key_the_decoder_names_can_be_bound(name: str) -> None:
    assert canonical(name) == name


def test_help_writes_keys_as_people_do() -> None:
    keys = "ctrl-right alt-enter f1 pageup ctrl-a alt-u alt-U escape -"
    assert " ".join(map(shown, keys.split())) == "Ctrl-Right Alt-Enter F1 PgUp Ctrl-A Alt-u Alt-U Esc -"
