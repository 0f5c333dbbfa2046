"""The numbers and switches that the core's rules depend on. `evchat.settings` holds their defaults' reasons."""

from __future__ import annotations

from dataclasses import dataclass, fields

from evchat.settings.model import DEFAULTS, Config, Limits, milliseconds

_IN_MILLISECONDS = {"login_deadline", "idle_timeout", "password_block", "receipt_age"}
_COPIED = {each.name for each in fields(Limits)} - _IN_MILLISECONDS


@dataclass(frozen=True, slots=True)
class Rules:
    """What the owner of a server may set about the chat itself. Times are milliseconds."""

    server_name: str = "evchat"
    password: str = ""
    """What strangers must give before they log in; empty: nothing."""
    version: str = ""
    motd: str = ""
    unicode_names: bool = False
    everyone_in_main: bool = False
    """Whether also a login in parts begins in #main; every other one does."""
    max_channels_per_user: int = 100
    max_channels: int = 100_000
    max_lines: int = 200
    max_topic_bytes: int = 390
    max_away_bytes: int = 390
    max_realname_bytes: int = 150
    max_tag_bytes: int = 4094
    max_mask: int = 200
    max_watched: int = 100
    names_remembered: int = 1_000
    max_blocked: int = 1_000
    max_recipients: int = 100
    max_list_entries: int = 100
    max_owned: int = 100
    max_banished: int = 1_000
    recent_messages: int = 20
    history_default: int = 50
    history_max: int = 1_000
    list_max: int = 1_000
    quiet_above: int = 250
    login_deadline: int = 30_000
    idle_timeout: int = 0
    password_min: int = 4
    password_tries: int = 3
    password_block: int = 60_000
    max_reason_bytes: int = DEFAULTS.max_reason_bytes
    max_username_bytes: int = DEFAULTS.max_username_bytes
    max_key_bytes: int = DEFAULTS.max_key_bytes
    max_invitations: int = DEFAULTS.max_invitations
    max_mode_changes: int = DEFAULTS.max_mode_changes
    max_member_limit: int = DEFAULTS.max_member_limit
    max_ban_minutes: int = DEFAULTS.max_ban_minutes
    max_wholast_minutes: int = DEFAULTS.max_wholast_minutes
    recent_bytes: int = DEFAULTS.recent_bytes
    inbox_bytes: int = DEFAULTS.inbox_bytes
    max_unread: int = DEFAULTS.max_unread
    max_events: int = DEFAULTS.max_events
    max_event_bytes: int = DEFAULTS.max_event_bytes
    max_event_conversations: int = DEFAULTS.max_event_conversations
    max_events_total: int = DEFAULTS.max_events_total
    max_heads: int = DEFAULTS.max_heads
    max_guessers: int = DEFAULTS.max_guessers
    receipt_age: int = 24 * 3_600_000
    seen_every: int = 5 * 60_000
    operators: tuple[tuple[str, str], ...] = ()
    """The operators of the server: names and secrets."""
    limits: tuple[tuple[str, int], ...] = ()
    features: tuple[str, ...] = ()

    @classmethod
    def of(cls, config: Config, version: str) -> Rules:
        """The part of the settings that the core works by."""
        limits = config.limits
        told = (
            "max_clients",
            "history_max",
            "max_channels_per_user",
            "max_recipients",
            "max_lines",
            "command_burst",
            "max_topic_bytes",
        )
        return cls(
            server_name=config.name,
            password=config.password,
            everyone_in_main=config.irc_main,
            version=version,
            motd=config.motd,
            unicode_names=config.unicode_names,
            **{each.name: getattr(limits, each.name) for each in fields(cls) if each.name in _COPIED},
            operators=config.operators,
            login_deadline=milliseconds(limits.login_deadline),
            idle_timeout=milliseconds(limits.idle_timeout),
            password_block=milliseconds(limits.password_block),
            receipt_age=milliseconds(limits.receipt_age),
            seen_every=milliseconds(limits.seen_interval),
            limits=(
                ("object_bytes", limits.max_object_bytes),
                *((key, int(getattr(limits, key))) for key in told),
            ),
            features=(
                "history",
                "inbox",
                "directs",
                "search",
                "accounts",
                "read",
                "ids",
                "modes",
                "operators",
                "redact",
                "typing",
                "watch",
            ),
        )
