"""What nobody said is told in few lines, and never in raw characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.settings.client import MAX_NAMES_SHOWN
from tui.model.log import COMING, ERROR, KIND
from tui.model.model import Model
from tui.update import notices


@given(st.text())
def test_foreign_text_is_harmless_and_names_stay_in_one_line(text: str) -> None:
    assert notices.clean(text).replace("\n", "").isprintable()
    assert notices.one_line(text).isprintable()


@given(st.lists(st.tuples(st.sampled_from("abcdefghijklm"), st.booleans()), min_size=1, max_size=40))
def test_who_comes_and_goes_in_a_row_takes_one_line_that_says_how_it_is_now(
    changes: list[tuple[str, bool]],
) -> None:
    model = Model("alice")
    room = model.enter("#main")
    for name, came in changes:
        notices.came_or_went(model, room, name, came, 1_000)
    (entry,) = [room.log[index] for index in range(room.log.first, room.log.end)]
    assert entry.kind & KIND == COMING
    last = dict(changes)
    for came, word in ((True, " joined"), (False, " left")):
        names = [name for name, is_coming in last.items() if is_coming is came]
        assert (word in entry.text) is bool(names)
        assert ("more" in entry.text) or all(name in entry.text for name in names)
        assert len(names) <= MAX_NAMES_SHOWN or " more" in entry.text


def test_a_mistake_is_told_as_one_and_ends_the_row_of_those_who_come() -> None:
    model = Model("alice")
    room = model.enter("#main")
    model.current = "#main"
    notices.came_or_went(model, room, "bob", True, 1_000)
    notices.tell(model, "No.", error=True)
    notices.came_or_went(model, room, "carol", True, 2_000)
    texts = [room.log[index].text for index in range(room.log.first, room.log.end)]
    assert texts == ["bob joined", "No.", "carol joined"]
    assert room.log[room.log.first + 1].kind & KIND == ERROR
