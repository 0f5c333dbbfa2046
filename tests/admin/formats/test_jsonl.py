"""What export has written is read again."""

from __future__ import annotations

import io
import json

import pytest

from evchat.admin.errors import AdminError
from evchat.admin.formats import jsonl
from evchat.admin.formats.line import Line

ROW = {
    "kind": "message",
    "conversation": "#a",
    "seq": 1,
    "at": 5,
    "sender": "bob",
    "to": "#a",
    "content": "hi",
}


def test_messages_are_read_and_the_rest_is_left_out() -> None:
    rows = [
        {"kind": "account", "name": "x"},
        ROW,
        {**ROW, "redacted": True},
        {**ROW, "action": True, "to": "alice"},
    ]
    text = "\n".join(map(json.dumps, rows)) + "\n\n"
    assert list(jsonl.read(io.StringIO(text))) == [
        Line(5, "bob", "#a", "hi"), Line(5, "bob", "alice", "hi", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["{", "[]", "1", '"x"', "null", json.dumps({**ROW, "at": "5"}), json.dumps({**ROW, "to": "a b"}),
             json.dumps({**ROW, "sender": "#a"}), json.dumps({**ROW, "content": None}), '{"kind":"message"}']
)  # fmt: skip
def test_a_line_of_another_kind_is_named(text: str) -> None:
    with pytest.raises(AdminError, match="Line 2"):
        list(jsonl.read(io.StringIO(f"{json.dumps(ROW)}\n{text}\n")))
