"""Every limit has a reason, and something holds it."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from evchat.settings.model import Config, Limits, milliseconds, without_limits

ROOT = Path(__file__).resolve().parents[2]


def test_every_limit_has_a_reason_and_reaches_where_it_holds() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "evchat").rglob("*.py"))
    for limit in fields(Limits):
        assert limit.metadata["reason"].endswith((".", "off.", ")"))
        assert re.search(rf"(limits|DEFAULTS)\.{limit.name}\b", source), limit.name


def test_no_limits_lifts_what_stands_in_the_way_of_a_load_test() -> None:
    limits = without_limits(Config()).limits
    assert limits.max_per_ip == 0 and limits.login_deadline == 0 and limits.command_rate > 1e6


def test_a_time_is_counted_in_whole_milliseconds() -> None:
    assert (milliseconds(0.02), milliseconds(90), milliseconds(0.0004)) == (20, 90_000, 0)
