"""Clients of `letschat` send a name and lines, and hear the others'."""

from __future__ import annotations

from dataclasses import replace

from evchat.dialects.unframed.letschat import LetschatDialect
from evchat.protocol.typed_lines import Greet, TypedLine
from tests.dialects.samples import HI, WAVES


def test_the_client_does_not_hear_itself() -> None:
    assert LetschatDialect().greet() == [Greet(echo=False)]


def test_a_segment_is_a_name_or_a_line_and_hearing_is_as_simple() -> None:
    letschat = LetschatDialect()
    assert letschat.receive(b"lea") + letschat.receive(b"hi all") == [TypedLine("lea"), TypedLine("hi all")]
    assert letschat.encode(HI) == b"alice: hi all\n"
    assert letschat.encode(replace(WAVES, action=False)) == b"[private] alice: waves\n"
