"""Commands show people how they are typed."""

from __future__ import annotations

import pytest

from evchat.protocol.basics import Help
from evchat.protocol.command import Command, Kind, Param


@pytest.mark.parametrize(
    ("params", "usage"),
    [
        ((), "/do"),
        ((Param("a", Kind.WORD, "thing", required=True),), "/do thing"),
        ((Param("a", Kind.WORD, "thing"),), "/do [thing]"),
        ((Param("a", Kind.WORD, "thing", typed=True),), "/do thing"),
        ((Param("a", Kind.WORD, "thing", line=False), Param("b", Kind.TEXT, "text")), "/do [text]"),
        ((Param("a", Kind.USERS, "name,name", marker="user"),), "/do [user name,name]"),
    ],
)
def test_the_usage_of_a_command(params: tuple[Param, ...], usage: str) -> None:
    assert Command("do", Help, "Does it.", params, words=("do", "act")).usage == usage


def test_what_nobody_types_has_no_usage() -> None:
    assert Command("do", Help, "Does it.").usage == ""
