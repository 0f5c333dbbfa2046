"""Every limit has a reason, and something holds it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from evchat.settings.model import Config, Limits, milliseconds, without_limits

ROOT = Path(__file__).resolve().parents[2]


def test_every_limit_has_a_reason_and_reaches_the_rules_or_the_server() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "evchat").rglob("*.py"))
    pending = {
        "max_reason_bytes", "max_username_bytes", "max_key_bytes", "max_invitations", "max_mode_changes",
        "max_member_limit", "max_ban_minutes", "max_wholast_minutes", "recent_bytes", "inbox_bytes", "max_unread",
        "max_events", "max_event_bytes", "max_event_conversations", "max_events_total", "max_heads", "max_guessers",
    }  # fmt: skip
    """Limits that are named but still stand as constants where they hold."""
    for limit in fields(Limits):
        if limit.name in pending:
            continue
        assert limit.metadata["reason"].endswith((".", "off.", ")"))
        assert f"limits.{limit.name}" in source, limit.name


def test_no_limits_lifts_what_stands_in_the_way_of_a_load_test() -> None:
    limits = without_limits(Config()).limits
    assert limits.max_per_ip == 0 and limits.login_deadline == 0 and limits.command_rate > 1e6


def test_a_time_is_counted_in_whole_milliseconds() -> None:
    assert (milliseconds(0.02), milliseconds(90), milliseconds(0.0004)) == (20, 90_000, 0)
