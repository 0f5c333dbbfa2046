"""The same bytes give the same keys, however they are cut."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evchat.settings.client import MAX_PASTE_CHARS
from tui.model.inputs import Focus, Input, Key, Mouse, Paste, TerminalReply
from tui.terminal.keynames import combine
from tui.terminal.keys import KeyDecoder

KEYS = {
    "a": "a", "Å": "Å", "日": "日", " ": "space", "\x01": "ctrl-a", "\x1a": "ctrl-z", "\0": "ctrl-space",
    "\t": "tab", "\r": "enter", "\n": "ctrl-j", "\x7f": "backspace", "\x08": "ctrl-h", "\x1c": "ctrl-\\",
    "\x1d": "ctrl-]", "\x1e": "ctrl-^", "\x1f": "ctrl-_",
    "\x1b[A": "up", "\x1bOB": "down", "\x1b[1;5C": "ctrl-right", "\x1b[1;2D": "shift-left",
    "\x1b[5D": "ctrl-left",
    "\x1b[1;7A": "ctrl-alt-up", "\x1b[1;6A": "ctrl-shift-up", "\x1b[H": "home", "\x1b[4~": "end",
    "\x1b[8~": "end",
    "\x1bOF": "end", "\x1b[Z": "shift-tab", "\x1b[1;5Z": "ctrl-shift-tab", "\x1b[3~": "delete",
    "\x1b[3;5~": "ctrl-delete", "\x1b[5~": "pageup", "\x1b[6;3~": "alt-pagedown", "\x1b[2~": "insert",
    "\x1bOP": "f1", "\x1b[11~": "f1", "\x1b[[A": "f1", "\x1b[1;2R": "shift-f3", "\x1b[15;5~": "ctrl-f5",
    "\x1b[24~": "f12", "\x1bOM": "enter", "\x1bOp": "0",
    "\x1ba": "alt-a", "\x1bA": "alt-A", "\x1bå": "alt-å", "\x1b\x7f": "alt-backspace", "\x1b\r": "alt-enter",
    "\x1b\x01": "ctrl-alt-a", "\x1b ": "alt-space", "\x1b.": "alt-.", "\x1b1": "alt-1",
    "\x1b\x1b[A": "alt-up", "\x1b\x1bOA": "alt-up", "\x1b\x1b[1;5C": "ctrl-alt-right",
    "\x1b[a": "shift-up", "\x1bOd": "ctrl-left", "\x1b[3$": "shift-delete", "\x1b[7^": "ctrl-home",
    "\x1b[8@": "ctrl-shift-end",
    "\x1b[27;5;13~": "ctrl-enter", "\x1b[27;2;13~": "shift-enter", "\x1b[27;5;97~": "ctrl-a",
    "\x1b[13;2u": "shift-enter", "\x1b[13;5u": "ctrl-enter", "\x1b[27u": "escape", "\x1b[97;5u": "ctrl-a",
    "\x1b[97;6u": "ctrl-shift-a", "\x1b[97;4u": "alt-A", "\x1b[97;3u": "alt-a", "\x1b[47:63;4u": "alt-?",
    "\x1b[97;2u": "A", "\x1b[97;;229u": "å", "\x1b[1089::99;5u": "ctrl-c", "\x1b[9;5u": "ctrl-tab",
    "\x1b[127;3u": "alt-backspace", "\x1b[32u": "space", "\x1b[57399u": "0", "\x1b[57414u": "enter",
    "\x1b[57419;5u": "ctrl-up", "\x1b[57376u": "f13", "\x1b[1;1:2A": "up", "\x1b[97;9u": "super-a",
    "\x1b[97;69u": "ctrl-a",
}  # fmt: skip

OTHERS: dict[str, list[Input]] = {
    "\x1b[I": [Focus(True)],
    "\x1b[O": [Focus(False)],
    "\x1b[<0;5;7M": [Mouse("press", "left", 4, 6)],
    "\x1b[<2;5;7m": [Mouse("release", "right", 4, 6)],
    "\x1b[<32;300;7M": [Mouse("drag", "left", 299, 6)],
    "\x1b[<35;1;1M": [Mouse("move", "", 0, 0)],
    "\x1b[<64;1;1M": [Mouse("wheel-up", "", 0, 0)],
    "\x1b[<81;1;1M": [Mouse("wheel-down", "", 0, 0, "ctrl-")],
    "\x1b[M !!": [Mouse("press", "left", 0, 0)],
    "\x1b[M#\"!": [Mouse("release", "", 1, 0)],
    "\x1b[200~hi\r\nthere\rx\x1b[A\n\x1b[201~": [Paste("hi\nthere\nx\x1b[A\n")],
    "\x1b[200~\x1b[201~": [Paste("")],
    "\x1b[201~": [],
    "\x1b[?1u": [TerminalReply("[?1u")],
    "\x1b[?62;22c": [TerminalReply("[?62;22c")],
    "\x1b[24;80R": [TerminalReply("[24;80R")],
    "\x1b]11;rgb:0000/0000/0000\x07": [TerminalReply("]11;rgb:0000/0000/0000")],
    "\x1b]11;rgb:ffff/ffff/ffff\x1b\\": [TerminalReply("]11;rgb:ffff/ffff/ffff")],
    "\x1b[97;1:3u": [],
    "\x1b[1;1:3A": [],
    "\x1b[57441;2u": [],
    "\x1b[99X": [],
    "\x1b[99~": [],
    "\x1b[12é": [Key("é", "é")],
    "\x1b[1\x1b[A": [Key("up")],
    "\x1b[\r": [Key("alt-["), Key("enter")],
    "\x1b]x": [Key("alt-]"), Key("x", "x")],
    "\x1bO\x1b[A": [Key("alt-O"), Key("up")],
    "\x1b\x1ba": [Key("escape"), Key("alt-a")],
    "\x1b\x1b[I": [Key("escape"), Focus(True)],
    "\x1b\x1b[200~x\x1b[201~": [Key("escape"), Paste("x")],
    "\x9b": [],
    "\x1b[" + "1" * 80: [Key("1", "1")] * 16,
}  # fmt: skip


def decode(*pieces: bytes) -> list[Input]:
    decoder = KeyDecoder()
    return [event for piece in pieces for event in decoder.feed(piece)]


@pytest.mark.parametrize(("sequence", "name"), KEYS.items())
def test_a_sequence_is_one_key(sequence: str, name: str) -> None:
    (key,) = decode(sequence.encode())
    assert isinstance(key, Key)
    assert key.name == name
    assert key.text == (" " if name == "space" else name if len(name) == 1 else "")


@pytest.mark.parametrize(("sequence", "events"), OTHERS.items())
def test_other_sequences_are_their_events_or_nothing(sequence: str, events: list[Input]) -> None:
    assert decode(sequence.encode()) == events


@pytest.mark.parametrize("sequence", [*KEYS, *OTHERS])
def test_every_split_point_gives_the_same_events(sequence: str) -> None:
    data = sequence.encode()
    whole = decode(data)
    for cut in range(1, len(data)):
        assert decode(data[:cut], data[cut:]) == whole


junk = st.lists(
    st.one_of(
        st.sampled_from([*KEYS, *OTHERS]).map(str.encode),
        st.binary(max_size=4),
        st.text(st.sampled_from("\x1b[]O<0123456789;:?~uMABCm$^ \x07\\\x9c")).map(str.encode),
    )
).map(b"".join)


@given(junk, st.lists(st.integers(0, 200)))
@example(b"\x1b]1\x1b\x1b\\", [4])
@example(b"\x1b]1\x1b[A", [4, 5])
def test_any_bytes_in_any_pieces_give_the_same_events(data: bytes, cuts: list[int]) -> None:
    borders = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[one:other] for one, other in zip(borders, borders[1:], strict=False)]
    assert decode(*pieces) == decode(data)


@given(junk)
def test_no_key_types_a_control_character(data: bytes) -> None:
    for event in decode(data):
        if isinstance(event, Key):
            assert event.text == "" or event.text >= " "
            assert "\x1b" not in event.text


@given(st.binary(max_size=20))
def test_invalid_utf8_becomes_replacement_characters(data: bytes) -> None:
    expected = data.decode("utf-8", "replace")
    typed = "".join(event.text for event in decode(data + b"!") if isinstance(event, Key))
    if all(char >= " " and not "\x7f" <= char <= "\x9f" for char in expected):
        assert typed == (data + b"!").decode("utf-8", "replace")


def test_an_escape_that_nothing_follows_is_a_key_after_a_silence() -> None:
    decoder = KeyDecoder()
    assert decoder.feed(b"\x1b") == []
    assert decoder.waiting
    assert decoder.flush() == [Key("escape")]
    assert not decoder.waiting
    assert decoder.feed(b"[A") == [Key("[", "["), Key("A", "A")]


@pytest.mark.parametrize(
    ("begun", "keys"),
    [
        (b"\x1b\x1b", ["escape", "escape"]),
        (b"\x1b[", ["alt-["]),
        (b"\x1bO", ["alt-O"]),
        (b"\x1b]", ["alt-]"]),
        (b"\x1b\x1b[", ["escape", "alt-["]),
    ],
)
def test_a_silence_ends_what_could_have_become_a_sequence(begun: bytes, keys: list[str]) -> None:
    decoder = KeyDecoder()
    assert decoder.feed(begun) == []
    assert decoder.flush() == [Key(name) for name in keys]


def test_a_silence_inside_a_longer_sequence_or_a_paste_ends_nothing() -> None:
    decoder = KeyDecoder()
    decoder.feed(b"\x1b[1;")
    assert not decoder.waiting
    assert decoder.flush() == []
    assert decoder.feed(b"5C") == [Key("ctrl-right")]
    decoder.feed(b"\x1b[200~abc\x1b")
    assert decoder.flush() == []
    assert decoder.feed(b"[201~") == [Paste("abc")]


@pytest.mark.parametrize(
    ("pasted", "events"),
    [
        (b"lost end", [Paste("lost end")]),
        (b"", []),
        (b"a\r\nb", [Paste("a\nb")]),
        (b"half a mark\x1b[20", [Paste("half a mark")]),
        (b"text\x03", [Paste("text"), Key("ctrl-c")]),
        (b"text\x1b", [Paste("text"), Key("escape")]),
        (b"text\x1b[99;5u", [Paste("text"), Key("ctrl-c")]),
        (b"text\x1b[27u", [Paste("text"), Key("escape")]),
        (b"\x03", [Key("ctrl-c")]),
    ],
)
def test_a_paste_whose_end_is_lost_ends_after_a_silence(pasted: bytes, events: list[Input]) -> None:
    for pieces in ([pasted], [pasted[at : at + 1] for at in range(len(pasted))]):
        decoder = KeyDecoder()
        for piece in (b"\x1b[200~", *pieces):
            assert decoder.feed(piece) == []
        is_out = isinstance(events[-1] if events else None, Key)
        assert decoder.patience is not None and (decoder.patience < 1) is is_out
        assert decoder.end_paste() == events
        assert decoder.patience is None
        assert decoder.feed(b"x\x1b[201~y") == [Key("x", "x"), Key("y", "y")]


@given(junk)
def test_no_bytes_make_keys_deaf(data: bytes) -> None:
    decoder = KeyDecoder()
    decoder.feed(data)
    decoder.end_paste()
    decoder.flush()
    assert Key("ctrl-a") in decoder.feed(b"zzzz\x01")
    assert decoder.patience is None


def test_a_paste_without_an_end_takes_no_more_room_than_one_with_it() -> None:
    decoder = KeyDecoder()
    decoder.feed(b"\x1b[200~")
    for _ in range(MAX_PASTE_CHARS // 65536 + 8):
        decoder.feed(b"x" * 65536)
    (paste,) = decoder.end_paste()
    assert isinstance(paste, Paste)
    assert paste.cut and MAX_PASTE_CHARS <= len(paste.text) < MAX_PASTE_CHARS + 10


def test_a_paste_is_bounded_and_says_so() -> None:
    decoder = KeyDecoder()
    decoder.feed(b"\x1b[200~")
    for _ in range(MAX_PASTE_CHARS // 65536 + 1):
        decoder.feed(b"x" * 65536)
    assert decoder.feed(b"\x1b[201~a") == [Paste("x" * MAX_PASTE_CHARS, True), Key("a", "a")]


def test_modifiers_stand_in_one_order() -> None:
    assert combine("alt-", "ctrl-a") == "ctrl-alt-a"
    assert combine("shift-", "shift-tab") == "shift-tab"
    assert combine("ctrl-", "-") == "ctrl--"
    assert combine("", "a") == "a"
