"""Lines are the same however their bytes are cut, and take a bounded room."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from evchat.settings.client import MAX_PIPED_LINE_BYTES
from tui.plain.source import LineSplitter, Source


def split(*pieces: bytes) -> list[str | None]:
    splitter = LineSplitter()
    return [line for piece in pieces for line in splitter.feed(piece)] + splitter.end()


@given(
    st.lists(st.sampled_from([b"\n", b"\r", b"\xef\xbb\xbf", b" ", b"\t", b"a", "ü".encode(), b"\xff"])),
    st.data(),
)
def test_every_cut_gives_the_same_lines(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    at = data.draw(st.integers(0, len(whole)))
    assert split(whole[:at], whole[at:]) == split(whole)


def test_blanks_stay_and_the_last_line_needs_no_end() -> None:
    assert split(b"  a \t\r\n\n\tb") == ["  a \t", "", "\tb"]
    assert split(b"a\n") == ["a"]


def test_a_line_that_is_too_long_is_known_and_not_kept() -> None:
    piece = b"x" * 65_536
    pieces = [piece] * (MAX_PIPED_LINE_BYTES // len(piece))
    assert split(*pieces, b"\nb") == ["x" * MAX_PIPED_LINE_BYTES, "b"]
    assert split(*pieces, b"y", *pieces, b"\nb") == [None, "b"]
    assert split(*pieces, b"y") == [None]


def test_what_is_read_comes_through_a_socket_until_its_end() -> None:
    reader, writer = os.pipe()
    source = Source(reader)
    os.write(writer, b"one\ntwo")
    os.close(writer)
    heard = b""
    while data := source.reader.recv(100):
        heard += data
    assert heard == b"one\ntwo"
    source.reader.close()
    os.close(reader)
