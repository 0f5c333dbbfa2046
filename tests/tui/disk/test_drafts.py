"""What is kept between two runs."""

from __future__ import annotations

from pathlib import Path

from tui.disk.drafts import Drafts
from tui.disk.known_names import KnownNames
from tui.model.model import Model
from tui.update.update import update


def furnished(directory: Path) -> tuple[Model, Drafts]:
    model = Model("alice")
    keeper = Drafts(KnownNames(str(directory), "localhost").state("alice"))
    update(model, keeper.recall(), 0)
    return model, keeper


def test_drafts_and_whom_one_ignores_are_there_again(tmp_path: Path) -> None:
    model, keeper = furnished(tmp_path)
    room = model.enter("#main")
    room.draft = room.draft.insert("half a line")
    model.ignored.add("eve")
    keeper.keep_all(model)
    model, keeper = furnished(tmp_path)
    assert model.enter("#main").draft.text == "half a line"
    assert model.ignored == {"eve"}
    model.enter("#main").draft = model.enter("#main").draft.clear()
    model.ignored.clear()
    keeper.keep_all(model)
    model, _ = furnished(tmp_path)
    assert model.drafts == {} and model.ignored == set()


def test_a_password_in_a_draft_does_not_reach_the_disk(tmp_path: Path) -> None:
    model, keeper = furnished(tmp_path)
    model.enter("#main").draft = model.enter("#main").draft.insert("/oper root hunter2")
    keeper.keep_all(model)
    assert not any(b"hunter2" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert model.all_drafts() == {"#main": "/oper root "}


def test_drafts_are_written_while_one_thinks(tmp_path: Path) -> None:
    model, keeper = furnished(tmp_path)
    model.enter("#main").draft = model.enter("#main").draft.insert("so far")
    keeper.keep_drafts(model)
    keeper.keep_drafts(model)
    keeper.keep_all(model)
    assert furnished(tmp_path)[0].drafts == {"#main": "so far"}


def test_the_rooms_stay_in_their_order_however_the_next_run_finds_them(tmp_path: Path) -> None:
    model, keeper = furnished(tmp_path)
    for name in ("#main", "carol", "bob", "#ops", "dave"):
        model.enter(name)
    keeper.keep_all(model)
    model, keeper = furnished(tmp_path)
    for name in ("#ops", "dave", "new", "bob", "#main", "carol"):
        model.enter(name)
    assert [room.name for room in model.order()] == ["#main", "#ops", "carol", "bob", "dave", "new"]
    keeper.keep_all(model)
    model, _ = furnished(tmp_path)
    assert list(model.places) == ["#main", "#ops", "carol", "bob", "dave", "new"]


def test_nothing_is_written_if_nothing_is_to_be_kept(tmp_path: Path) -> None:
    model, keeper = furnished(tmp_path / "none")
    keeper.keep_drafts(model)
    keeper.keep_all(model)
    assert not (tmp_path / "none").exists()


def test_a_disk_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    model, keeper = furnished(tmp_path / "file")
    model.enter("#main").draft = model.enter("#main").draft.insert("so far")
    keeper.keep_all(model)


def test_files_that_somebody_spoilt_count_as_empty(tmp_path: Path) -> None:
    state = KnownNames(str(tmp_path), "localhost").state("alice")
    state.save("drafts", {"#main": 5, "bob": "fine"})
    state.save("ignored", {"users": "eve"})
    state.save("rooms", {"order": 5})
    model, _ = furnished(tmp_path)
    assert model.drafts == {"bob": "fine"}
    assert model.ignored == set() and model.places == {}
