"""The line one writes is always whole on a terminal that can only print, and gone when something else is printed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.text import harmless, width
from tui.model.keymap import Keymap
from tui.model.question import Question
from tui.model.session_events import NAME, PASSWORD
from tui.plain.prompt import Prompt


class Teletype:
    """A row of a terminal that knows carriage return, backspace and nothing else."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.cells = [" "] * columns
        self.column = 0
        self.printed: list[str] = []

    def write(self, text: str) -> None:
        for char in text:
            if char == "\r":
                self.column = 0
            elif char == "\b":
                assert self.column > 0, "further back than the beginning"
                self.column -= 1
            elif char == "\n":
                self.printed.append(self.row)
                self.cells = [" "] * self.columns
                self.column = 0
            else:
                assert char.isprintable(), "no escape sequences"
                cells = width(char)
                if cells:
                    self.cells[self.column : self.column + cells] = [char] + [""] * (cells - 1)
                else:
                    self.cells[self.column - 1] += char
                self.column += cells
                assert self.column < self.columns, "it would wrap"

    @property
    def row(self) -> str:
        return "".join(self.cells).rstrip()


def make(columns: int = 40) -> tuple[Prompt, Teletype]:
    teletype = Teletype(columns)
    return Prompt(teletype.write, lambda: columns, Keymap()), teletype


def test_what_is_typed_is_shown_behind_the_sign() -> None:
    prompt, teletype = make()
    assert prompt.feed(b"hi") == []
    assert (teletype.row, teletype.column) == ("> hi", 4)


def test_enter_gives_the_line_and_takes_it_off_the_screen() -> None:
    prompt, teletype = make()
    assert prompt.feed("grüße\r".encode()) == ["grüße"]
    assert teletype.row == ""
    assert prompt.is_empty


def test_several_lines_at_a_time_are_several_lines() -> None:
    prompt, _ = make()
    assert prompt.feed(b"one\rtwo\nthree\r") == ["one", "two", "three"]


def test_the_keys_of_the_editor_work() -> None:
    prompt, teletype = make()
    prompt.feed(b"hello world\x17")
    assert teletype.row == "> hello"
    prompt.feed(b"\x01oh ")
    assert (teletype.row, teletype.column) == ("> oh hello", 5)
    prompt.feed(b"\x1b[3~")
    assert teletype.row == "> oh ello"


def test_what_was_typed_before_comes_back() -> None:
    prompt, teletype = make()
    prompt.feed(b"one\rtwo\r")
    prompt.feed(b"\x1b[A\x1b[A")
    assert teletype.row == "> one"
    prompt.feed(b"\x1b[B")
    assert teletype.row == "> two"


def test_ctrl_d_ends_on_an_empty_line_only() -> None:
    prompt, _ = make()
    prompt.feed(b"hi\x01\x04")
    assert not prompt.ended
    prompt.feed(b"\x04\x04")
    assert prompt.ended


def test_something_printed_in_between_does_not_mix_with_the_line() -> None:
    prompt, teletype = make()
    prompt.feed(b"half a li")
    prompt.hide()
    teletype.write("10:15 #main <bob> hi\n")
    prompt.draw()
    assert teletype.printed == ["10:15 #main <bob> hi"]
    assert teletype.row == "> half a li"


keys = st.one_of(
    st.text(max_size=30).map(str.encode).filter(lambda data: b"\x1b" not in data),
    st.sampled_from(
        (b"\x1b[D", b"\x1b[C", b"\x7f", b"\x01", b"\x05", b"\x17", b"\x0b", b"\x19", b"\x1f", "日本".encode())
    ),
)


@given(st.lists(keys, max_size=20), st.integers(20, 60))
def test_the_row_is_always_the_part_of_the_line_around_the_cursor(typed: list[bytes], columns: int) -> None:
    prompt, teletype = make(columns)
    for data in typed:
        prompt.feed(data)
        prompt.draw()
        text, cursor = harmless(prompt.text), len(harmless(prompt.text[: prompt.cursor]))
        row, column = teletype.row, teletype.column
        assert row.startswith(">")
        assert column < columns
        if width(text) < columns - 4:
            assert row == f"> {text}".rstrip()
            assert column == 2 + width(text[:cursor])
    prompt.hide()
    assert teletype.row == ""
    assert teletype.column == 0


def test_a_secret_is_stars_and_what_was_being_written_comes_back() -> None:
    prompt, teletype = make()
    prompt.feed(b"hello")
    prompt.ask(Question(PASSWORD, ("Password: ",)))
    prompt.feed(b"lo")
    assert prompt.text == "", "who is writing does not answer in the middle of a word"
    prompt._fed_at -= 1
    prompt.feed(b"apple")
    assert teletype.row == "Password: *****"
    assert prompt.feed(b"\r") == ["apple"]
    prompt.ask(None)
    prompt.draw()
    assert teletype.row == "> hello"
    prompt.feed(b"\x15\x1b[A")
    assert "apple" not in prompt.text


def test_the_passwords_of_commands_are_stars_too() -> None:
    prompt, teletype = make()
    prompt.feed(b"/oper root apple")
    assert teletype.row == "> /oper root *****"
    prompt.feed(b"\r")
    prompt.feed(b"\x1b[A")
    assert prompt.text.rstrip() == "/oper root"


def test_a_suggestion_gives_way_to_what_is_typed() -> None:
    for typed, name in ((b"otto\r", "otto"), (b"\r", "nora2"), (b"\x7f3\r", "nora3")):
        prompt, _ = make()
        prompt.ask(Question(NAME, ("Your name: ",), secret=False, text="nora2"))
        assert prompt.feed(typed) == [name]
