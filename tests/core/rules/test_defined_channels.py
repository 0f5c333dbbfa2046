"""What the settings can say of a channel, and what is wrong with the rest."""

from __future__ import annotations

import pytest

from evchat.core.rules import defined_channels
from evchat.settings.model import DEFAULTS, ChannelSettings


@pytest.mark.parametrize("modes", ["", "+mt", "mt-n", "+k word", "+lb 20 *!*@x", "-n"])
def test_a_line_of_modes_is_taken_as_mode_takes_it(modes: str) -> None:
    assert defined_channels.problem(ChannelSettings(name="#a", modes=modes), DEFAULTS) == ""


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (ChannelSettings(name="a"), "#"),
        (ChannelSettings(name="#a b"), "space"),
        (ChannelSettings(name="#a", modes="+Z"), "there is no mode Z."),
        (ChannelSettings(name="#a", modes="+k"), "the mode key (k) needs a value"),
        (ChannelSettings(name="#a", modes="+b"), "the mode ban (b) needs a value"),
        (ChannelSettings(name="#a", modes="+o bob"), 'use operators = ["NAME"]'),
        (ChannelSettings(name="#a", topic="x" * 1000), "the topic is too long (limit 390 bytes)."),
        (ChannelSettings(name="#a", operators=("a b",)), "operators: a b: "),
    ],
)
def test_what_is_wrong_is_said(settings: ChannelSettings, told: str) -> None:
    assert told in defined_channels.problem(settings, DEFAULTS)
