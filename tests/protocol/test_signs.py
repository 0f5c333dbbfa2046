"""What all clients show alike."""

from __future__ import annotations

from evchat.protocol.modes import CHANNEL_MODES, Takes
from evchat.protocol.signs import SIGNS, sign


def test_a_member_is_shown_with_the_sign_of_the_highest_role() -> None:
    assert [sign(roles) for roles in ("", "v", "o", "ov")] == ["", "+", "@", "@"]
    assert set(SIGNS) == {mode.letter for mode in CHANNEL_MODES if mode.takes is Takes.MEMBER}
