"""The settings and limits of the server: names, units, defaults, and the reasons for the defaults."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, replace
from pathlib import Path
from typing import Any

from evchat.settings.address import DEFAULT_PORT
from evchat.settings.reserved import RESERVED_NAMES

Words = tuple[str, ...]
"""A list of words, which may be empty."""
File = Path | None
"""The path of a file, if there is one."""


def _limit(default: Any, reason: str, least: float = 0) -> Any:
    return field(default=default, metadata={"reason": reason, "least": least})


def _one_of(default: str, *others: str) -> Any:
    return field(default=default, metadata={"choices": (default, *others)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every limit, with its default and its reason.

    Times are in seconds, sizes in bytes, and anything else is a count, unless the name or the reason says otherwise.
    0 turns a limit off where the reason says so.
    """

    max_clients: int = _limit(10_000, "Connections at once; one thread serves them with ease.", 1)
    max_per_ip: int = _limit(
        64, "Connections per address (IPv6: per /64): two each for a class. Loopback is exempt. 0: off."
    )
    shared_addresses: tuple[str, ...] = _limit(
        (),
        "Addresses and ranges (10.0.0.0/8, unix) that many unrelated users share, such as a proxy's: per-address "
        "limits do not apply there.",
    )
    trusted_proxies: tuple[str, ...] = _limit(
        (),
        "Addresses and ranges of the proxies that may say whom they stand for (X-Forwarded-For, PROXY protocol): that "
        "client's address counts then, not theirs.",
    )
    connect_burst: int = _limit(
        256, "Connections of one address in one go: more than a class that reconnects.", 1
    )
    connect_rate: float = _limit(4.0, "Connections per second after that; the others wait their turn.", 0.01)
    connect_wait: float = _limit(20.0, "The longest a connection waits for its turn before it is refused.", 1)
    max_http_per_ip: int = _limit(
        512, "Connections per address on which browsers fetch files: a class that opens the page at once.", 1
    )
    http_idle: float = _limit(5.0, "Silence before a browser's connection for files is closed.", 1)
    http_head: int = _limit(16_384, "The head of one HTTP request, cookies of other servers included.", 1024)
    http_requests: int = _limit(100, "HTTP requests of one connection; the browser opens another.", 1)
    tls_handshake: float = _limit(
        10.0, "Time for the handshake of TLS: three round trips on the worst link.", 1
    )
    tls_reload: float = _limit(
        60.0, "Time between two looks whether the files of the certificate have changed. 0: off."
    )
    login_deadline: float = _limit(
        60.0, "Time to log in: enough to look up a password, too long for a scanner. 0: off."
    )
    idle_timeout: float = _limit(
        0.0, "Logs out users who send nothing for this long. Off (0): people read for hours."
    )
    absent_for: float = _limit(
        20.0,
        "How long a full client that lost its link is held before others hear that it is gone: it is back in a few "
        "seconds, or not soon. 0: off.",
    )
    max_absent: int = _limit(
        64, "Such clients of one address at once; others are gone at once, as max_per_ip.", 1
    )
    ping_after: float = _limit(90.0, "Silence before a full client is pinged: below NAT timeouts.", 1)
    dead_after: float = _limit(150.0, "Silence before it is disconnected: it had a minute to answer.", 2)
    keepalive_idle: int = _limit(60, "Silence before TCP keepalive, for clients that can't be pinged.", 1)
    keepalive_interval: int = _limit(15, "Time between two keepalive probes.", 1)
    keepalive_count: int = _limit(
        4, "Unanswered probes before a connection counts as dead: two minutes in all.", 1
    )
    user_timeout: float = _limit(120.0, "How long sent bytes may stay unacknowledged (RFC 5482).", 1)
    pause_above: int = _limit(
        64 * 1024,
        "Pending output above which a client must read before its next request is carried out.",
        1024,
    )
    output_soft: int = _limit(
        256 * 1024, "Pending output tolerated for output_soft_seconds: a burst on a slow link.", 1024
    )
    output_soft_seconds: float = _limit(
        30.0, "How long output above output_soft is tolerated: a phone in a tunnel.", 1
    )
    output_hard: int = _limit(1024 * 1024, "Pending output at which a client is disconnected at once.", 4096)
    output_total: int = _limit(
        64 * 1024 * 1024,
        "Pending output of all clients; above it, those with the most are disconnected.",
        65536,
    )
    input_before_login: int = _limit(8 * 1024, "Bytes that a client may send before login.", 512)
    commands_before_login: int = _limit(32, "Requests that a client may make before login.", 1)
    command_burst: int = _limit(20, "Requests in one go: pasting a screenful.", 1)
    command_rate: float = _limit(
        4.0, "Requests per second in the long run; above it a client is delayed, not disconnected.", 0.1
    )
    site_burst: int = _limit(
        480,
        "Requests of one address in one go, over all its connections: sixteen each for a class of thirty.",
        1,
    )
    site_rate: float = _limit(
        40.0, "Requests per second of one address in the long run: a class never types that fast.", 0.1
    )
    account_burst: int = _limit(60, "Requests of one account in one go, wherever it is logged in.", 1)
    account_rate: float = _limit(
        12.0, "Requests per second of one account: three devices at their full rate.", 0.1
    )
    pace: float = _limit(
        0.050,
        "Time between two objects to a client that reads one per segment: one that needs 40 ms for each keeps up.",
    )
    pace_backlog: int = _limit(
        100, "Objects that may wait for it; beyond that the oldest are left out, and the client is told.", 1
    )
    pair_deadline: float = _limit(
        5.0,
        "How long a wholast client may take to open its second connection; the next login from its address waits.",
        0.1,
    )
    stop_flush: float = _limit(5.0, "How long a stopping server keeps sending pending output.")
    first_client: float = _limit(
        30.0,
        "How long a server that stops when it is empty waits for its first client, which may have been killed.",
    )
    linger: float = _limit(5.0, "How long a closed connection may still read its last messages.")
    text_linger: float = _limit(
        1.0,
        "The same for netcat, whose connection is reset then, because some variants do not end by themselves.",
    )
    worker_queue: int = _limit(1_000, "Password checks that may wait: about a minute's work.", 1)
    commit_backlog: int = _limit(
        10_000,
        "Requests carried out while the disk is busy with those before: about 12 MB. Beyond that, others wait.",
        1,
    )
    memory_history: int = _limit(1_000, "Messages of a conversation kept with --memory.", 1)
    memory_conversations: int = _limit(10_000, "Conversations kept with --memory.", 1)
    memory_bytes: int = _limit(
        256 * 1024 * 1024,
        "All messages kept with --memory; direct ones are dropped before channels.",
        1024 * 1024,
    )
    memory_others: int = _limit(
        100_000, "Receipts, names, read markers and inboxes kept with --memory (of each).", 1
    )
    stored_by_site_burst: int = _limit(
        1024 * 1024,
        "Bytes stored from one address in one go: thirty people paste a page each, many times over. 0: off.",
    )
    stored_by_site_rate: int = _limit(
        3 * 1024,
        "Bytes a second stored from one address in the long run (254 MiB a day): more than can be read.",
        1,
    )
    stored_by_account_burst: int = _limit(
        512 * 1024, "Bytes kept of one account at once, wherever it is logged in. 0: off."
    )
    stored_by_account_rate: int = _limit(
        1024, "Bytes a second kept of it in the long run (85 MiB a day): nobody types so fast.", 1
    )
    stored_in_conversation_daily: int = _limit(
        1024 * 1024 * 1024, "Bytes stored in one conversation in a day: two million messages. 0: off."
    )
    stored_daily: int = _limit(
        8 * 1024 * 1024 * 1024,
        "Bytes stored from everybody in a day, so that the disk lasts until its owner looks. 0: off.",
    )
    max_store_bytes: int = _limit(
        32 * 1024 * 1024 * 1024, "Bytes of the database; what is over it is refused with a sentence. 0: off."
    )
    least_free_bytes: int = _limit(
        256 * 1024 * 1024,
        "Bytes that stay free on its disk, for everybody else; of a small disk, a twentieth.",
    )
    guest_reserve: int = _limit(
        256 * 1024 * 1024,
        "Bytes of what the store may take that guests can't fill: they leave room for accounts.",
    )
    max_channels_per_user: int = _limit(100, "Channels that one user can be in.", 1)
    max_channels: int = _limit(100_000, "Channels on the server.", 1)
    max_site_channels: int = _limit(
        1_000, "Channels without an owner that were made from one address: thirty for each of a class.", 1
    )
    channel_share: int = _limit(
        10, "Channels of one account, or made from one address, when three quarters of all are taken.", 1
    )
    max_lines: int = _limit(200, "Lines of a message: netcat shows each with its sender.", 1)
    max_topic_bytes: int = _limit(390, "A topic: fits a 512-byte IRC line with its prefix.", 1)
    max_reason_bytes: int = _limit(390, "The reason of a kick, ban or disconnection; same as a topic.", 1)
    max_away_bytes: int = _limit(390, "An away message; same as a topic.", 1)
    max_realname_bytes: int = _limit(
        150, "A real name, with pronouns and a link; every list of people repeats it.", 1
    )
    max_username_bytes: int = _limit(16, "The username of an IRC client; every line repeats it.", 1)
    max_key_bytes: int = _limit(32, "The key of a channel: a word that people pass on.", 1)
    max_tag_bytes: int = _limit(4094, "Client tags on an IRC message (the limit of message-tags).", 1)
    max_mask: int = _limit(
        200, "Bytes of a mask: room for a name, a username and a host, and fits an IRC line.", 1
    )
    max_watched: int = _limit(100, "Users that one session can watch.", 1)
    names_remembered: int = _limit(1_000, "Former names that whowas knows: about a day's worth, 0.5 MB.")
    max_former_names: int = _limit(
        5, "Names that one user had since the login by which bans and blocks still mean them.", 1
    )
    max_recipients: int = _limit(100, "Names in one broadcast to users: each gets a separate message.", 1)
    max_certificates: int = _limit(8, "Certificates by which the owner of one account can log in.", 1)
    max_all_certificates: int = _limit(
        4_096,
        "The same for all accounts: 30 MB while clients are asked for them, and half a second at a reload.",
        1,
    )
    max_certificate_bytes: int = _limit(4_096, "A certificate, in PEM: keys of 4,096 bits fit.", 512)
    max_blocked: int = _limit(1_000, "Users that one user can block.", 1)
    max_list_entries: int = _limit(100, "Bans, exceptions and invitations of one channel together.", 1)
    max_pins: int = _limit(50, "Pinned messages of one channel.", 1)
    max_owned_entries: int = _limit(
        200, "The same of all channels of one account, or of all without an owner from one address.", 1
    )
    max_entries: int = _limit(
        200_000,
        "The same for all channels: some 150 MB. When three quarters are taken, each has its share.",
        4,
    )
    entry_share: int = _limit(20, "The share: of one account, or of one address.", 1)
    max_invitations: int = _limit(
        100, "Invitations that one user can have at once; the oldest is dropped first.", 1
    )
    edit_within: float = _limit(
        0.0, "Seconds after which a message can't be changed any more by its sender; 0: never.", 0
    )
    max_metadata_keys: int = _limit(20, "Metadata keys of one user or channel.", 1)
    max_metadata_bytes: int = _limit(300, "One metadata value: fits an IRC line with its key.", 1)
    max_metadata_subscriptions: int = _limit(50, "Metadata keys that one session can subscribe to.", 1)
    max_written_to: int = _limit(
        100,
        "Guests who may answer a user with mode `R`, because the user wrote to them; the oldest goes first.",
        1,
    )
    max_mode_changes: int = _limit(
        50, "Modes changed in one request: everybody in the channel is told of each.", 1
    )
    max_member_limit: int = _limit(1_000_000, "The highest number of members that mode `l` can set.", 1)
    max_owned: int = _limit(100, "Channels that one account can own; they persist when everybody has left.")
    max_banished: int = _limit(1_000, "Server bans: each login is checked against all of them.", 1)
    max_ban_minutes: int = _limit(
        100 * 366 * 24 * 60, "The longest server ban or mute with an end: a century.", 1
    )
    max_wholast_minutes: int = _limit(366 * 24 * 60, "How far back wholast looks: a year.", 1)
    recent_messages: int = _limit(20, "Messages shown on joining: a screenful.")
    history_default: int = _limit(50, "Messages of a history request without a number.", 1)
    history_max: int = _limit(1_000, "Messages of one history request.", 1)
    history_bytes: int = _limit(256 * 1024, "Text of the messages in one answer, including searches.", 1024)
    list_max: int = _limit(1_000, "Rows of one list of users or channels.", 1)
    recent_bytes: int = _limit(32 * 1024, "Text of the messages shown on joining: half of pause_above.", 1024)
    inbox_bytes: int = _limit(48 * 1024, "One answer from the inbox: what a slow link takes at once.", 1024)
    max_unread: int = _limit(
        1_000, "Unread messages counted per conversation: beyond that nobody needs the exact number.", 1
    )
    receipt_age: float = _limit(
        86_400.0,
        "A message sent again within this time is not stored twice; clients retry for 23 hours.",
        86_400,
    )
    seen_interval: float = _limit(300.0, "Time between two records on disk that a user is still online.", 1)
    max_events: int = _limit(200, "Events other than messages remembered per conversation: about 100 KB.")
    max_event_bytes: int = _limit(512, "Size of such an event; a reaction has 50 bytes.", 1)
    max_event_conversations: int = _limit(1_000, "Conversations whose events are remembered.")
    max_events_total: int = _limit(50_000, "Events remembered in all: about 30 MB.")
    max_heads: int = _limit(100_000, "Conversations whose last number is kept in memory: about 20 MB.", 1)
    max_known_sites: int = _limit(
        10_000,
        "Addresses (or addresses with a name) whose usage is remembered: about 2 MB per rule.",
        1,
    )
    max_object_bytes: int = _limit(
        65_536, "One JSON object from a client: the most of it ever kept in memory.", 65_536
    )
    max_id_chars: int = _limit(64, "The id of a request; a UUID has 36.", 64)
    max_line_bytes: int = _limit(4_096, "One line of the text dialect.", 512)
    max_multiline_bytes: int = _limit(4_096, "A multi-line message from an IRC client.", 512)
    max_multiline_lines: int = _limit(32, "Lines of a multi-line message from an IRC client.", 1)
    max_targets: int = _limit(4, "Receivers of one IRC line: each costs as much as a separate line.", 1)
    max_joins: int = _limit(
        100, "Channels in one IRC JOIN or PART: all that a client joins automatically.", 1
    )
    quiet_above: int = _limit(
        250, "Members above which joins and parts are not announced: they grow with the square."
    )
    password_min: int = _limit(4, "Characters of a password; the limits below slow down guessing.", 1)
    password_tries: int = _limit(3, "Wrong passwords from one address for one name before it is blocked.", 1)
    password_block: float = _limit(
        60.0, "How long such an address is blocked at first; each further try doubles it.", 1
    )
    password_block_most: float = _limit(
        3600.0, "The longest such block; after as long again without a try, all is forgotten.", 1
    )
    password_site_tries: int = _limit(
        100,
        "Wrong passwords from one address for all names per hour: three each for a class of thirty.",
        1,
    )
    password_known_tries: int = _limit(
        1_000,
        "Further tries per day for a name that has logged in from the address before: its owner may share the address "
        "with a guesser. One that has to be hashed counts as a hundred.",
        100,
    )
    registration_burst: int = _limit(
        8, "Accounts that one address can register in one go; the rest of a class waits its turn.", 1
    )
    registration_rate: float = _limit(0.3, "Accounts per second after that, one address.", 0.001)
    registration_wait: float = _limit(
        90.0, "The longest a registration waits for its turn; thirty at once take 73 s.", 1
    )
    max_keep_days: int = _limit(
        36_600, "Days for which a channel can be told to keep messages: a century.", 1
    )
    max_invitation_codes: int = _limit(
        1_000, "Invitation codes that can be used at one time: each is looked at when they are listed.", 1
    )
    max_invitation_days: int = _limit(
        365, "How long an invitation code can be used: a year, for one that is printed.", 1
    )
    max_invitation_uses: int = _limit(
        10_000, "How many people can register with one invitation code: a school.", 1
    )
    registration_daily: int = _limit(200, "Accounts that one address can register per day. 0: off.")


_SECONDS = ("keepalive_idle", "keepalive_interval")
_BYTES = (
    "pause_above", "output_soft", "output_hard", "output_total", "input_before_login", "guest_reserve", "max_mask",
    "stored_by_site_burst", "stored_by_account_burst", "stored_in_conversation_daily", "stored_daily",
)  # fmt: skip


def unit(limit: Field[Any]) -> str:
    """The unit of a limit: s, B, B/s, /s, min; empty for a count."""
    name = limit.name
    if name.startswith("stored_by") and name.endswith("_rate"):
        return "B/s"
    if name.endswith("_rate"):
        return "/s"
    if name.endswith("_minutes"):
        return "min"
    if name in _BYTES or "bytes" in name:
        return "B"
    return "s" if isinstance(limit.default, float) or name in _SECONDS else ""


DEFAULTS = Limits()
"""The default limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """A channel that the settings define: it is made at the start, and stays when it is empty."""

    name: str = ""
    modes: str = ""
    """A line of changes, as /mode takes it; made at the start and when the settings are loaded again."""
    topic: str = ""
    """Set at the same times, unless it is empty."""
    auto_join: bool = False
    """Whether everyone joins it at login."""
    announce: bool = False
    """Whether only operators and voiced users may speak, and only operators set the topic: modes `mt`."""
    operators: Words = ()
    """The accounts that are operators of the channel when they are in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that a server's owner can set."""

    listen: tuple[str, ...] = (f"tcp://127.0.0.1:{DEFAULT_PORT}",)
    data: Path | None = None
    memory: bool = False
    durability: str = _one_of("full", "normal")
    name: str = "evchat"
    hostname: str = ""
    motd: str = ""
    password: str = ""
    unicode_names: bool = False
    reserved_names: Words = RESERVED_NAMES
    """Names that nobody can take, because they could deceive programs or people."""
    registration: str = _one_of("open", "invited", "closed")
    """Who can register a name: everybody, those with an invitation code, or nobody but the operators for them."""
    guests: bool = True
    """Whether people without an account may log in."""
    tls_cert: File = None
    """The certificate chain for TLS in PEM, as certbot's fullchain.pem; without it there is no TLS."""
    tls_key: File = None
    """Its key; without it, the key is in the same file."""
    tls_required: bool = False
    """Whether only this machine may connect without TLS."""
    tls_client_ca: File = None
    """The authorities, in PEM, whose certificates clients may show where they are asked for one. Without it, clients
    may show self-signed ones that users have added to their accounts."""
    sts: int = 0
    """For how many seconds IRC clients are to connect with TLS only, once they have been told so; 0: they are not."""
    web: bool = True
    """Whether browsers are served, where the libraries for that are installed."""
    web_hosts: Words = ()
    """The names by which browsers may address the server, beside its addresses, localhost and `hostname`."""
    web_origins: Words = ()
    """The origins of pages from elsewhere that may speak for their readers, as https://HOST."""
    metrics: str = ""
    """Where a monitoring system reads metrics, as http://127.0.0.1:9100; empty: nowhere."""
    metrics_token: str = ""
    """What it must send to be allowed to, as `Authorization: Bearer TOKEN`; needed where others can connect."""
    irc_main: bool = False
    irc_playback: bool = True
    keep_days: int = 0
    """For how many days messages are kept; 0: for good. The owner of a channel can keep its messages for less."""
    stop_when_empty: bool = False
    """Whether the server ends when the last client has left: one that a client started for itself and its friends."""
    insecure_no_limits: bool = False
    log_level: str = _one_of("info", "debug", "warning", "error")
    log_format: str = _one_of("text", "json")
    log_file: File = None
    """Where the log goes, instead of stderr; SIGUSR1 has it go on in a new file of that name."""
    operators: tuple[tuple[str, str], ...] = field(default=(), metadata={"file_only": True})
    """The server operators: names and password hashes."""
    channels: tuple[ChannelSettings, ...] = field(default=(), metadata={"file_only": True})
    """The channels that are always there."""
    limits: Limits = field(default_factory=Limits)


def without_limits(config: Config) -> Config:
    """The settings with rate limits and per-address limits off, for load tests and conformance suites."""
    limits = replace(
        config.limits, max_per_ip=0, connect_burst=2**31, site_burst=2**31, site_rate=1e9, account_burst=2**31,
        account_rate=1e9, stored_by_site_burst=0, stored_by_account_burst=0, stored_in_conversation_daily=0,
        stored_daily=0, max_site_channels=2**31, command_rate=1e9, command_burst=2**31, commands_before_login=2**31,
        input_before_login=2**31, login_deadline=0.0, password_site_tries=2**31, registration_burst=2**31,
        registration_daily=0,
    )  # fmt: skip
    return replace(config, limits=limits)


def milliseconds(seconds: float) -> int:
    """A limit's seconds in milliseconds, the core's unit."""
    return round(seconds * 1000)
