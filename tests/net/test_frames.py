"""Frames end behind their newlines, and nothing is lost or copied without need."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.net.frames import count_within, cut_frames


@given(st.lists(st.lists(st.sampled_from([b"a", b"bc", b"\n"]), min_size=1).map(b"".join)))
def test_frames_are_the_same_bytes_and_each_has_one_newline_at_most_at_its_end(pieces: list[bytes]) -> None:
    frames = cut_frames(pieces)
    assert b"".join(frames) == b"".join(pieces) and b"" not in frames
    assert all(b"\n" not in frame[:-1] for frame in frames)


def test_a_piece_that_needs_no_cut_stays_the_same_object() -> None:
    piece = bytes(bytearray(b"hi\n"))
    assert cut_frames([b"a\nb\n", piece])[-1] is piece


def test_pieces_are_counted_as_far_as_they_fit_together() -> None:
    assert [count_within([b"aa", b"b", b"ccc"], most) for most in (1, 2, 3, 5, 6)] == [0, 1, 2, 2, 3]
    assert count_within([], 0) == 0
