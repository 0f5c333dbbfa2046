"""Every setting of the server and every limit: its name, its unit, its default, and the reason for the default."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evchat.settings.address import DEFAULT_PORT

Words = tuple[str, ...]
"""A list of words, which may be empty."""


def _limit(default: Any, reason: str, least: float = 0) -> Any:
    return field(default=default, metadata={"reason": reason, "least": least})


def _one_of(default: str, *others: str) -> Any:
    return field(default=default, metadata={"choices": (default, *others)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every limit, with its default and its reason.

    A time is in seconds, a size in bytes, anything else a number of things, unless the name or the reason says
    otherwise. 0 switches a limit off where the reason says so.
    """

    max_clients: int = _limit(10_000, "Connections at once; what one thread serves with ease.", 1)
    max_per_ip: int = _limit(
        64, "Connections of one address (IPv6: one /64): a class with two each. Loopback is free. 0: off."
    )
    shared_addresses: tuple[str, ...] = _limit(
        (),
        "Addresses and ranges (10.0.0.0/8, unix) that many share who have nothing to do with each other, say "
        "a proxy's: no limits of an address hold there.",
    )
    connect_burst: int = _limit(
        256, "Connections of one address at once: a class that comes back, and more.", 1
    )
    connect_rate: float = _limit(
        4.0, "Connections a second after that; the others wait for their turn.", 0.01
    )
    connect_wait: float = _limit(20.0, "The longest that a connection waits for it; then it is refused.", 1)
    login_deadline: float = _limit(
        30.0, "A person needs this long to type a name; a scanner is gone by then. 0: off."
    )
    idle_timeout: float = _limit(
        0.0, "Logs out who says nothing for so long. Off (0): people read for hours."
    )
    ping_after: float = _limit(
        90.0, "Silence after which a full client is asked for a sign of life: below NAT's time-outs.", 1
    )
    dead_after: float = _limit(150.0, "Silence after which it counts as gone: it had a minute to answer.", 2)
    keepalive_idle: int = _limit(60, "Silence before TCP keepalive, for clients that can't be asked.", 1)
    keepalive_interval: int = _limit(15, "Between two keepalive probes.", 1)
    keepalive_count: int = _limit(
        4, "Probes without an answer until a connection is dead: two minutes in all.", 1
    )
    user_timeout: float = _limit(120.0, "How long sent bytes may stay unacknowledged (RFC 5482).", 1)
    pause_above: int = _limit(
        64 * 1024, "Pending output above which a client must read before it may ask for more.", 1024
    )
    output_soft: int = _limit(
        256 * 1024, "Pending output that is tolerated for output_soft_seconds: a slow link's burst.", 1024
    )
    output_soft_seconds: float = _limit(30.0, "How long; a phone in a tunnel.", 1)
    output_hard: int = _limit(1024 * 1024, "Pending output at which a client is cut at once.", 4096)
    output_total: int = _limit(
        64 * 1024 * 1024, "Pending output of all clients; beyond it the largest are cut first.", 65536
    )
    input_before_login: int = _limit(8 * 1024, "Bytes that a client may send before a login.", 512)
    commands_before_login: int = _limit(32, "Requests that a client may make before a login.", 1)
    command_burst: int = _limit(20, "Requests in one go; a paste of a screenful.", 1)
    command_rate: float = _limit(
        4.0, "Requests a second in the long run; beyond it a client is delayed, not cut.", 0.1
    )
    site_burst: int = _limit(
        480,
        "Requests of one address in one go, over all its connections: sixteen for each of a class of thirty.",
        1,
    )
    site_rate: float = _limit(
        40.0, "Requests a second of one address in the long run: a class never types so fast.", 0.1
    )
    account_burst: int = _limit(60, "Requests of one account in one go, wherever it is logged in.", 1)
    account_rate: float = _limit(
        12.0, "Requests a second of one account: three devices at their full rate.", 0.1
    )
    pace: float = _limit(0.020, "Between two objects to a plain JSON client, which reads one a segment.")
    pace_backlog: int = _limit(100, "Objects that wait for the pace; more are sent together.", 1)
    stop_flush: float = _limit(5.0, "How long a stopping server goes on sending pending output.")
    linger: float = _limit(5.0, "How long a closed connection may still take its last words.")
    worker_queue: int = _limit(1_000, "Password checks that may wait; about a minute's work.", 1)
    memory_history: int = _limit(1_000, "Messages of a conversation kept with --memory.", 1)
    memory_conversations: int = _limit(10_000, "Conversations kept with --memory.", 1)
    memory_bytes: int = _limit(
        256 * 1024 * 1024, "All messages kept with --memory; direct ones go before channels.", 1024 * 1024
    )
    memory_others: int = _limit(100_000, "Receipts, names, marks and inboxes kept with --memory, each.", 1)
    stored_by_site_burst: int = _limit(
        1024 * 1024,
        "Bytes kept of one address at once: thirty people paste a page each, many times over. 0: off.",
    )
    stored_by_site_rate: int = _limit(
        3 * 1024,
        "Bytes a second kept of it in the long run (254 MiB a day): seven messages, more than can be read.",
        1,
    )
    stored_by_account_burst: int = _limit(
        512 * 1024, "Bytes kept of one account at once, wherever it is logged in. 0: off."
    )
    stored_by_account_rate: int = _limit(
        1024, "Bytes a second kept of it in the long run (85 MiB a day): nobody types so fast.", 1
    )
    stored_in_conversation_daily: int = _limit(
        1024 * 1024 * 1024, "Bytes kept of one conversation in a day: two million messages. 0: off."
    )
    stored_daily: int = _limit(
        8 * 1024 * 1024 * 1024,
        "Bytes kept of everybody in a day. The disk lasts until its owner looks. 0: off.",
    )
    max_store_bytes: int = _limit(
        32 * 1024 * 1024 * 1024, "Bytes of the database; what is over it is refused with a sentence. 0: off."
    )
    least_free_bytes: int = _limit(
        256 * 1024 * 1024, "Bytes that stay free on its disk, for the log and for everybody else."
    )
    guest_reserve: int = _limit(
        256 * 1024 * 1024,
        "Bytes of what the store may take that guests can't fill: they leave room for accounts.",
    )
    max_channels_per_user: int = _limit(100, "Channels one user can be in.", 1)
    max_channels: int = _limit(100_000, "Channels there can be.", 1)
    max_site_channels: int = _limit(
        1_000, "Channels without an owner that were made from one address: thirty for each of a class.", 1
    )
    channel_share: int = _limit(
        10, "Channels of one account, or made from one address, when three quarters of all are taken.", 1
    )
    max_lines: int = _limit(200, "Lines of a message: people get each as a line with its sender.", 1)
    max_topic_bytes: int = _limit(390, "Fits a 512-byte IRC line with its prefix.", 1)
    max_reason_bytes: int = _limit(390, "Of a kick, a ban or a disconnection; as a topic.", 1)
    max_away_bytes: int = _limit(390, "As a topic.", 1)
    max_realname_bytes: int = _limit(150, "A name, a pronoun and a link; every list of people repeats it.", 1)
    max_username_bytes: int = _limit(
        16, "What an IRC client says its user is called; every line repeats it.", 1
    )
    max_key_bytes: int = _limit(32, "The key of a channel: a word that people tell each other.", 1)
    max_tag_bytes: int = _limit(4094, "What IRC lets clients add to a message (message-tags).", 1)
    max_mask: int = _limit(
        200, "Bytes of a mask: a name, a username and a host fit in it, and in a line of IRC.", 1
    )
    max_watched: int = _limit(100, "Users whose coming and going one session can watch.", 1)
    names_remembered: int = _limit(1_000, "Names given up that whowas knows; about a day's, and 0.5 MB.")
    max_former_names: int = _limit(
        5, "Names that one user had since the login by which bans and blocks still mean them.", 1
    )
    max_recipients: int = _limit(100, "Names in one broadcast to users: each gets a message of its own.", 1)
    max_blocked: int = _limit(1_000, "Users that one can block.", 1)
    max_list_entries: int = _limit(100, "Bans, exceptions and invitations of one channel together.", 1)
    max_pins: int = _limit(50, "Pinned messages of one channel.", 1)
    max_owned_entries: int = _limit(
        200, "The same of all channels of one account, or of all without an owner from one address.", 1
    )
    max_entries: int = _limit(
        200_000,
        "The same of all channels: some 150 MB. When three quarters are taken, each has its share.",
        4,
    )
    entry_share: int = _limit(20, "The share: of one account, or of one address.", 1)
    max_invitations: int = _limit(
        100, "Invitations that one user can have at once; the oldest goes first.", 1
    )
    max_metadata_keys: int = _limit(20, "Keys of metadata of one user or channel.", 1)
    max_metadata_bytes: int = _limit(300, "Of one value of metadata: with its key it fits a line of IRC.", 1)
    max_metadata_subscriptions: int = _limit(50, "Keys of metadata that one session can subscribe to.", 1)
    max_written_to: int = _limit(
        100,
        "Guests who may answer a user with mode `R`, because the user wrote to them; the oldest goes first.",
        1,
    )
    max_mode_changes: int = _limit(
        50, "Modes changed in one request: everybody in the channel is told all.", 1
    )
    max_member_limit: int = _limit(1_000_000, "The highest number of members that mode `l` can set.", 1)
    max_owned: int = _limit(100, "Channels that one account owns, which stay when everybody has left.")
    max_banished: int = _limit(1_000, "Bans from the server: each login is held against all of them.", 1)
    max_ban_minutes: int = _limit(100 * 366 * 24 * 60, "A ban that ends at all ends within a century.", 1)
    max_wholast_minutes: int = _limit(366 * 24 * 60, "How far back wholast looks: a year.", 1)
    recent_messages: int = _limit(20, "Messages shown on a join: a screenful.")
    history_default: int = _limit(50, "Messages of a history request that names no number.", 1)
    history_max: int = _limit(1_000, "Messages of one history request.", 1)
    history_bytes: int = _limit(256 * 1024, "Messages of one answer, of a search too, by their text.", 1024)
    list_max: int = _limit(1_000, "Rows of one list of users or channels.", 1)
    recent_bytes: int = _limit(32 * 1024, "Messages shown on a join; half of pause_above.", 1024)
    inbox_bytes: int = _limit(48 * 1024, "One answer from the inbox: what a slow link takes at once.", 1024)
    max_unread: int = _limit(
        1_000, "Unread messages counted in one conversation: more need no exact number.", 1
    )
    receipt_age: float = _limit(
        86_400.0, "A message sent again within this time is not kept twice; clients try for 23 hours.", 86_400
    )
    seen_interval: float = _limit(300.0, "Between two notes on disk that a user is still online.", 1)
    max_events: int = _limit(200, "Events beside messages remembered in one conversation: some 100 KB.")
    max_event_bytes: int = _limit(512, "What such an event may hold; a reaction has fifty.", 1)
    max_event_conversations: int = _limit(1_000, "Conversations whose events are remembered.")
    max_events_total: int = _limit(50_000, "Events remembered in all: some 30 MB.")
    max_heads: int = _limit(100_000, "Conversations whose last number is kept in memory: some 20 MB.", 1)
    max_known_sites: int = _limit(
        10_000,
        "Addresses, also with a name, of which is remembered what they have used: some 2 MB for each rule.",
        1,
    )
    max_object_bytes: int = _limit(
        65_536, "One JSON object from a client; all of it that is ever kept in memory.", 65_536
    )
    max_id_chars: int = _limit(64, "The id of a request; a UUID has 36.", 64)
    max_line_bytes: int = _limit(4_096, "One line of the text dialect.", 512)
    max_multiline_bytes: int = _limit(4_096, "A message of several lines from an IRC client.", 512)
    max_multiline_lines: int = _limit(32, "Its lines.", 1)
    max_targets: int = _limit(4, "Receivers of one line of IRC: each costs as much as a line of its own.", 1)
    max_joins: int = _limit(100, "Channels in one JOIN or PART of IRC: all that a client joins by itself.", 1)
    quiet_above: int = _limit(
        250, "Members above which coming and going is not told: it grows with the square."
    )
    password_min: int = _limit(4, "Characters of a password; guessing is slowed down by the limits below.", 1)
    password_tries: int = _limit(3, "Wrong passwords of one address for one name before it is blocked.", 1)
    password_block: float = _limit(60.0, "For so long the first time, and twice as long each time after.", 1)
    password_block_most: float = _limit(
        3600.0, "The longest such block; as long again without a try, and all is forgotten.", 1
    )
    password_site_tries: int = _limit(
        100,
        "Wrong passwords of one address for all names in an hour: thrice for each of a class of thirty.",
        1,
    )
    password_known_tries: int = _limit(
        1_000,
        "Tries in a day at a name where it was let in before, beyond those: its owner may share an address with a "
        "guesser. One that has to be hashed counts as a hundred.",
        100,
    )
    registration_burst: int = _limit(
        8, "Accounts that one address registers at once; of a class, the others wait for their turn.", 1
    )
    registration_rate: float = _limit(
        0.3, "Accounts a second after that: a class of thirty has its own.", 0.001
    )
    registration_wait: float = _limit(
        90.0, "The longest that a registration waits for its turn; thirty at once take 73 s.", 1
    )
    registration_daily: int = _limit(200, "Accounts that one address registers in a day. 0: off.")


DEFAULTS = Limits()
"""The limits of a server whose owner has set none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that the owner of a server can set."""

    listen: tuple[str, ...] = (f"tcp://127.0.0.1:{DEFAULT_PORT}",)
    data: Path | None = None
    memory: bool = False
    durability: str = _one_of("full", "normal")
    name: str = "evchat"
    hostname: str = ""
    motd: str = ""
    password: str = ""
    unicode_names: bool = False
    reserved_names: Words = (
        "NickServ", "ChanServ", "MemoServ", "OperServ", "HostServ", "BotServ", "SaslServ", "HelpServ", "InfoServ",
        "StatServ", "AuthServ", "Global", "admin", "administrator", "root", "system", "server", "operator",
        "moderator", "everyone", "here", "all", "nobody", "anonymous",
    )  # fmt: skip
    """Names that nobody can take, because they deceive programs or people."""
    irc_main: bool = False
    irc_playback: bool = True
    insecure_no_limits: bool = False
    log_level: str = _one_of("info", "debug", "warning", "error")
    log_format: str = _one_of("text", "json")
    operators: tuple[tuple[str, str], ...] = field(default=(), metadata={"file_only": True})
    """The operators of the server: names and secrets."""
    limits: Limits = field(default_factory=Limits)


def without_limits(config: Config) -> Config:
    """The settings with rate limits and per-address limits off, for load tests and conformance suites."""
    limits = replace(
        config.limits, max_per_ip=0, connect_burst=2**31, site_burst=2**31, site_rate=1e9, account_burst=2**31,
        account_rate=1e9, stored_by_site_burst=0, stored_by_account_burst=0, stored_in_conversation_daily=0,
        stored_daily=0, command_rate=1e9, command_burst=2**31, commands_before_login=2**31,
        input_before_login=2**31, login_deadline=0.0, password_site_tries=2**31, registration_burst=2**31,
        registration_daily=0,
    )  # fmt: skip
    return replace(config, limits=limits)


def milliseconds(seconds: float) -> int:
    """A limit's time as the chat counts it."""
    return round(seconds * 1000)
