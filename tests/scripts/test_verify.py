"""load.verify: what counts as lost, doubled, out of order, and what is a delivery."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from load.verify import Sequence, scanner

SCAN = scanner("xx")


def _seen(numbers: list[int]) -> Sequence:
    sequence = Sequence()
    for number in numbers:
        sequence.see(number)
    return sequence


def _line(seq: int, content: str, space: str = " ") -> bytes:
    event = {"response": "message", "sender": "a", "to": "#c", "seq": seq, "content": content, "at": 5}
    return json.dumps(event, separators=("," + space, ":" + space)).encode() + b"\n"


@given(st.lists(st.integers(1, 40)))
def test_every_number_is_seen_missing_doubled_or_disordered_as_a_plain_count_says(numbers: list[int]) -> None:
    sequence = _seen(numbers)
    assert sequence.seen == len(set(numbers))
    assert sequence.holes == set(range(1, max(numbers, default=0))) - set(numbers)
    assert sequence.doubled == len(numbers) - len(set(numbers))
    firsts = list(dict.fromkeys(numbers))
    assert sequence.disordered == sum(any(other > n for other in firsts[:i]) for i, n in enumerate(firsts))


def test_a_sequence_without_mistakes_has_none() -> None:
    sequence = _seen([1, 2, 3])
    assert (sequence.seen, sequence.holes, sequence.doubled, sequence.disordered) == (3, set(), 0, 0)


def test_the_holes_of_one_sequence_are_not_those_of_another() -> None:
    assert _seen([3]).holes == {1, 2} and _seen([1]).holes == set()


def test_deliveries_are_found_whatever_white_space_the_server_writes() -> None:
    for space in ("", " "):
        lines = _line(7, "~0000a.00001f.0000000100~xx", space) + _line(
            8, "~0000b.000002.0000000200~xx", space
        )
        assert SCAN(lines) == ((7, 10, 31, 256), (8, 11, 2, 512))


def test_lines_that_are_not_all_whole_deliveries_are_left_to_the_parser() -> None:
    good = _line(7, "~0000a.00001f.0000000100~xx")
    for bad in (
        _line(7, "~0000a.00001f.0000000100~x"),
        _line(7, "~0000a.00001f.0000000100~xxx"),
        _line(7, "hello"),
        b'{"response": "ok", "seq": 9}\n',
        b'{"response": "joined"}\n',
        b"\n",
    ):
        assert SCAN(bad) is None
        assert SCAN(good + bad) is None
    assert SCAN(b"") == ()
