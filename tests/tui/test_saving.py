"""What `/save` writes."""

from __future__ import annotations

from pathlib import Path

from tui.model.model import NOTHING, Model
from tui.saving import save
from tui.settings import load


def test_what_was_changed_on_any_server_is_saved(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path), "USER": "alice"}
    path = tmp_path / "tui.toml"
    path.write_text('[rooms]\n"#kept" = "none"\n"#main" = "all"\n')
    settings = load({}, environ, str(path))
    first = Model("alice", "a.example")
    second = Model("alice", "b.example", beside=first)
    first.enter("#main")
    second.enter("#noise").level = NOTHING
    first.settings = dict(settings.values)
    first.mouse = True
    second.highlight(("cake",))
    save(settings, first, ["a.example", "b.example:1"])
    again = load({}, environ, str(path))
    assert again.rooms == {"#kept": NOTHING, "#noise": NOTHING}
    assert (again.mouse, again.words, again.address.short) == (True, ("cake",), "a.example")
    assert [other.address.short for other in again.others] == ["b.example:1"]


def test_the_name_that_is_saved_is_the_one_that_the_user_has_now(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path), "USER": "alice"}
    path = tmp_path / "tui.toml"
    path.write_text("")
    for name, saved in (("alice", ""), ("alice2", "alice2"), ("alice", "alice")):
        settings = load({}, environ, str(path))
        model = Model(name, "a.example")
        model.settings = dict(settings.values)
        save(settings, model, ["a.example"])
        assert load({}, environ, str(path)).values["user"] == saved
    model.settings["user"] = "chosen"
    save(settings, model, ["a.example"])
    assert load({}, environ, str(path)).user == "chosen", "by /set user"
