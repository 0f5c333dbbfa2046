"""Messages as plain objects."""

from __future__ import annotations

from dataclasses import replace

from evchat.storage.message_row import message_row
from tests.storage.samples import message


def test_a_message_has_only_the_keys_that_say_something() -> None:
    plain = message("#a", 1, "hi", "bob", at=5)
    assert message_row(plain) == {
        "kind": "message", "conversation": "#a", "seq": 1, "at": 5, "sender": "bob", "to": "#a", "content": "hi",
        **({"id": plain.id} if plain.id else {}),
    }  # fmt: skip
    more = message_row(replace(plain, action=True, redacted=True, announced=True, tags=(("+x", "y"),)))
    assert more["action"] and more["redacted"] and more["broadcast"] and more["tags"] == {"+x": "y"}
