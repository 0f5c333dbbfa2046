"""The numbers and switches that the core's rules depend on. `evchat.settings` holds their defaults' reasons."""

from __future__ import annotations

from dataclasses import dataclass

from evchat.settings.model import Config, milliseconds


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
            max_channels_per_user=limits.max_channels_per_user,
            max_channels=limits.max_channels,
            max_lines=limits.max_lines,
            max_topic_bytes=limits.max_topic_bytes,
            max_away_bytes=limits.max_away_bytes,
            max_realname_bytes=limits.max_realname_bytes,
            max_tag_bytes=limits.max_tag_bytes,
            max_mask=limits.max_mask,
            max_watched=limits.max_watched,
            names_remembered=limits.names_remembered,
            max_recipients=limits.max_recipients,
            max_blocked=limits.max_blocked,
            max_list_entries=limits.max_list_entries,
            max_owned=limits.max_owned,
            max_banished=limits.max_banished,
            operators=config.operators,
            password_min=limits.password_min,
            recent_messages=limits.recent_messages,
            history_default=limits.history_default,
            history_max=limits.history_max,
            list_max=limits.list_max,
            quiet_above=limits.quiet_above,
            login_deadline=milliseconds(limits.login_deadline),
            idle_timeout=milliseconds(limits.idle_timeout),
            password_tries=limits.password_tries,
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
