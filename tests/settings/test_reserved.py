"""The names that servers reserve by default."""

from __future__ import annotations

from evchat.protocol import names
from evchat.settings.reserved import RESERVED_NAMES


def test_each_reserved_name_could_be_taken_otherwise_and_is_listed_once() -> None:
    # "server" is the server itself, whatever the settings say.
    assert [name for name in RESERVED_NAMES if names.check_user_name(name)] == ["server"]
    assert len(set(map(names.user_key, RESERVED_NAMES))) == len(RESERVED_NAMES)
