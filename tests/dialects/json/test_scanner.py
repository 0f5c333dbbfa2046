"""Objects are found wherever they are, and what is none is told once and skipped."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.json.scanner import MAX_DEPTH, Found, Scanner
from evchat.protocol.basics import Malformed
from evchat.settings.model import DEFAULTS
from tests.dialects.anything import legal_texts, values


def found_in(data: bytes, size: int = 0) -> list[Found]:
    """What a scanner finds, given the data in one piece or in pieces of a size."""
    scanner = Scanner()
    pieces = [data[at : at + size] for at in range(0, len(data), size)] if size else [data]
    return [found for piece in pieces for found in scanner.feed(piece)] + scanner.end()


def told(found: list[Found]) -> list[Any]:
    """The objects, and "!" for each mistake, "!!" for a fatal one."""
    return [("!!" if item.fatal else "!") if isinstance(item, Malformed) else item for item in found]


OK = {"a": 1}


@given(
    st.lists(st.tuples(st.dictionaries(legal_texts, values, max_size=3), st.booleans()), max_size=4),
    st.sampled_from([b"", b"\n", b"\r\n", b" \t\n "]),
    st.booleans(),
)
def test_all_objects_are_found_whatever_stands_between(
    made: list[tuple[dict[str, Any], bool]], between: bytes, bytewise: bool
) -> None:
    data = between.join(
        json.dumps(value, ensure_ascii=ascii_only, indent=None if ascii_only else 1).encode()
        for value, ascii_only in made
    )
    assert found_in(data, int(bytewise)) == [value for value, _ in made]


@pytest.mark.parametrize("size", [0, 1, 7])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'garbage {"a": 1}', ["!", OK]),
        (b'garbage, more of it\n{"a": 1}', ["!", OK]),
        (b'\x00\x00\x00\n{"a": 1}', ["!", OK]),
        (b'[{"a": 1}]', ["!", OK, "!"]),
        (b'"text"\nnull\n{"a": 1}', ["!", "!", OK]),
        (b'\xef\xbb\xbf{"a": 1} \xef\xbb\xbf\n{"a": 1}', [OK, OK]),
        (b'\xef\xbb{"a": 1}', ["!", OK]),
        (b'{"a": }{"a": 1}', ["!", OK]),
        (b"{'a': 1}\n{\"a\": 1}", ["!", OK]),
        (b'{"a": 1}}{"a": 1}', [OK, "!", OK]),
        (b'{"a": 1]}{"a": 1}', ["!", OK]),
        (b'{"a": 1,}{"a": 1}', ["!", OK]),
        (b'{"a": "b\x00"}{"a": 1}', ["!", OK]),
        (b'{"a": "b\tc"}{"a": 1}', ["!", OK]),
        (b'{"a": "\\x"}{"a": 1}', ["!", OK]),
        (b'{"a": "\xff"}{"a": 1}', ["!", OK]),
        (b'{"a": "\xed\xa0\x80"}{"a": 1}', ["!", OK]),
        (b'{"a": "\\ud800"}{"a": 1}', ["!", OK]),
        (b'{"\\udfff": 1}{"a": 1}', ["!", OK]),
        (b'{"a": ["\\udfff\\ud800"]}{"a": 1}', ["!", OK]),
        (b'{"a": NaN}{"a": 1}', ["!", OK]),
        (b'{"a": -Infinity}{"a": 1}', ["!", OK]),
        (b'{"a": 1e999}{"a": 1}', ["!", OK]),
        (b'{"a": ' + b"9" * 5000 + b'}{"a": 1}', ["!", OK]),
        (b'{"a": ' + b"[" * 30000 + b"]" * 30000 + b'}{"a": 1}', ["!", OK]),
        (b'{"a": 2, "a": 1}', [OK]),
        (b'{"a": "}{\\"", "b": "\\\\"}{"a": 1}', [{"a": '}{"', "b": "\\"}, OK]),
        (b'{"a": "\\ud83d\\ude00"}', [{"a": "😀"}]),
        (b'{"a": "\\\\ud800"}', [{"a": "\\ud800"}]),
    ],
)
def test_a_mistake_is_told_once_and_the_next_object_is_found(
    data: bytes, expected: list[Any], size: int
) -> None:
    assert told(found_in(data, size)) == expected


@pytest.mark.parametrize("size", [0, 1, 7])
@pytest.mark.parametrize(
    "broken",
    [
        b'{"a": "not closed',
        b'{"a": "b\\',
        b'{"a": 1',
        b'{"a": "b"',
        b'{"a": true',
        b'{"a": {"b": 1}',
        b'{"a": [1]',
    ],
)
def test_an_object_that_is_not_closed_does_not_swallow_the_next_line(broken: bytes, size: int) -> None:
    assert told(found_in(broken + b'\n{"a": 1}\n', size)) == ["!", OK]


def test_an_object_that_is_not_closed_at_the_end_is_told() -> None:
    assert told(found_in(b'{"a": 1}{"a": ')) == [OK, "!"]
    assert found_in(b'{"a": 1} \n') == [OK]


@pytest.mark.parametrize("size", [0, 1000])
def test_an_object_has_64_kib_and_not_a_byte_more(size: int) -> None:
    longest = b'{"a": "' + b"x" * (DEFAULTS.max_object_bytes - 9) + b'"}'
    assert len(longest) == DEFAULTS.max_object_bytes == 65536
    assert told(found_in(longest + b'{"a": 1}', size))[1:] == [OK]
    assert told(found_in(b'{"a": 1}' + longest.replace(b"x", b"xx", 1) + b'{"a": 1}', size)) == [OK, "!!"]


@pytest.mark.parametrize("size", [0, 1000])
def test_garbage_has_64_kib_as_well(size: int) -> None:
    assert told(found_in(b"x" * DEFAULTS.max_object_bytes + b'{"a": 1}', size)) == ["!", OK]
    assert told(found_in(b"x" * (DEFAULTS.max_object_bytes + 1) + b'{"a": 1}', size)) == ["!", "!!"]
    assert told(found_in((b"x" * DEFAULTS.max_object_bytes + b"\n") * 3, size)) == ["!", "!", "!"]


def test_white_space_has_no_end_and_takes_no_room() -> None:
    scanner = Scanner()
    assert scanner.feed(b" \n" * 100_000) == []
    assert len(scanner._buffer) == 0
    assert scanner.feed(b'{"a": 1}') == [OK]


@pytest.mark.parametrize("data", [b"x", b"{", b'{"', b'{"\\', b"[", b" ", b'{"a":{', b"\\"])
def test_memory_is_bounded_whatever_comes(data: bytes) -> None:
    scanner = Scanner()
    for _ in range(40):
        scanner.feed(data * (8192 // len(data)))
        assert len(scanner._buffer) <= DEFAULTS.max_object_bytes


def test_64_kib_that_come_byte_by_byte_are_looked_at_once() -> None:
    # Looking at everything again for every byte would take hours.
    for filling in (b"x", b'\\"', b" ", b"\xc3\xa6"):
        data = b'{"a": "' + filling * (60_000 // len(filling)) + b'"}'
        assert len(found_in(data, 1)) == 1
    assert told(found_in(b'{"a": [' + b'{"b": "c"}, ' * 5000 + b'{"d": ' + b" " * 5000 + b"1}]}", 1))[0]["a"][
        0
    ] == {"b": "c"}


@pytest.mark.parametrize("opening", [b'{"a":', b"["])
def test_values_may_be_nested_64_deep(opening: bytes) -> None:
    def nested(depth: int) -> bytes:
        inside = opening * (depth - 1) + b"1" + {b"[": b"]", b"{": b"}"}[opening[:1]] * (depth - 1)
        return b'{"a":' + inside + b"}"

    assert told(found_in(nested(MAX_DEPTH))) != ["!"]
    assert told(found_in(nested(MAX_DEPTH + 1))) == ["!"]


def test_many_objects_in_one_piece_are_no_deep_one() -> None:
    assert found_in(b'{"a": 1}' * 5000) == [OK] * 5000


def test_mistakes_are_sentences() -> None:
    cases = [
        b"x",
        b'{"a"}',
        b'{"a": "\xff"}',
        b'{"a": "\n',
        b'{"a": NaN}',
        b'{"\\ud800": 1}',
        b"{" * 70_000,
        b"x" * 70_000,
    ]
    for case in cases:
        for mistake in found_in(case):
            assert isinstance(mistake, Malformed)
            assert mistake.reason[0].isupper() and mistake.reason.endswith(".") and mistake.code
