"""The numbers and switches that the core's rules depend on. `evchat.config` holds their defaults' reasons."""

from __future__ import annotations

from dataclasses import dataclass


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
    receipt_age: int = 24 * 3_600_000
    seen_every: int = 5 * 60_000
    operators: tuple[tuple[str, str], ...] = ()
    """The operators of the server: names and secrets."""
    limits: tuple[tuple[str, int], ...] = ()
    features: tuple[str, ...] = ()
