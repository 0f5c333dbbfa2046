"""Reasons: one line of a bounded length."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from evchat.core.errors import Refused
from evchat.core.rules.reasons import one_line, shortened
from evchat.protocol.channels import Join, Left, Part
from evchat.protocol.login import Disconnected, Quit
from evchat.settings.model import DEFAULTS
from tests.core.playbook import Playbook


def test_parting_words_are_cut() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", Part(reason="é" * 60_000))
    (left_,) = play.hears("bob")
    assert isinstance(left_, Left) and left_.reason == "é" * 195
    play.ask("alice", Join(("#main",)))
    play.forget()
    play.ask("alice", Quit("x" * 60_000))
    (gone,) = play.hears("bob")
    assert isinstance(gone, Disconnected) and gone.reason == "Quit: " + "x" * 390


def test_a_reason_is_one_line() -> None:
    assert one_line("  for\n a \t reason ", DEFAULTS) == "for a reason"


@given(st.text(), st.integers(1, 40))
def test_no_reason_is_longer_than_the_limit(text: str, most: int) -> None:
    limits = replace(DEFAULTS, max_reason_bytes=most)
    assert len(shortened(text, limits).encode("utf-8", "replace")) <= most
    try:
        assert len(one_line(text, limits).encode("utf-8", "replace")) <= most
    except Refused as problem:
        assert problem.code == "too-long"
