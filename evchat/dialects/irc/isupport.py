"""The tokens of RPL_ISUPPORT: the server's limits and features (the Modern IRC client protocol)."""

from __future__ import annotations

from evchat.protocol.modes import BOT, CHANNEL_MODES, EXCEPTION, INVITATION, Takes
from evchat.protocol.names import MAX_CHANNEL_BYTES, MAX_USER_BYTES
from evchat.protocol.signs import SIGNS
from evchat.settings.model import Config, Limits


def _letters(takes: Takes) -> str:
    return "".join(mode.letter for mode in CHANNEL_MODES if mode.takes is takes)


_LISTS = _letters(Takes.MASK)
_CHANMODES = ",".join([_LISTS, *map(_letters, (Takes.KEY, Takes.NUMBER, Takes.NOTHING))])
_PREFIXES = "".join(SIGNS.values())


def network(config: Config) -> str:
    """The server's name as a token can hold it."""
    return "".join(char if char.isalnum() or char in "-_." else "-" for char in config.name) or "evchat"


def hostname(config: Config) -> str:
    """The server's name as the source of a line: that of a host, so that no client takes it for a user's."""
    name = network(config)
    return config.hostname or (name if "." in name.strip(".") else f"{name.lower()}.local")


def _target_limits(limits: Limits) -> list[str]:
    """How many targets a line of each command may have; without a number, as many as fit."""
    few, joins = limits.max_targets, limits.max_joins
    limited = {"JOIN": joins, "PART": joins} | dict.fromkeys(
        ("PRIVMSG", "NOTICE", "TAGMSG", "KICK", "WHOIS", "WHOWAS"), few
    )
    limited["NAMES"] = (
        1  # more are answered as well, but each with an end of its own, which clients don't expect
    )
    return [f"{command}:{most}" for command, most in limited.items()] + [
        "LIST:",
        "MONITOR:",
        "ISON:",
        "USERHOST:",
    ]


def tokens(config: Config) -> list[str]:
    """The tokens, in an order that does not matter. The core and the dialect hold to the same limits."""
    limits = config.limits
    return [
        f"AWAYLEN={limits.max_away_bytes}",
        f"BOT={BOT}",
        "CASEMAPPING=ascii",
        f"CHANLIMIT=#:{limits.max_channels_per_user}",
        f"CHANMODES={_CHANMODES}",
        f"CHANNELLEN={MAX_CHANNEL_BYTES}",
        "CHANTYPES=#",
        f"CHATHISTORY={limits.history_max}",
        "ELIST=CMNTU",
        f"EXCEPTS={EXCEPTION}",
        "EXTBAN=,am",
        "ACCOUNTEXTBAN=a",
        f"INVEX={INVITATION}",
        f"KICKLEN={limits.max_reason_bytes}",
        f"MAXLIST={_LISTS}:{limits.max_list_entries}",
        f"MAXTARGETS={limits.max_targets}",
        f"MODES={limits.max_mode_changes}",
        f"MONITOR={limits.max_watched}",
        "MSGREFTYPES=msgid,timestamp",
        f"NETWORK={network(config)}",
        f"NICKLEN={MAX_USER_BYTES}",
        f"PREFIX=({''.join(SIGNS)}){_PREFIXES}",
        f"STATUSMSG={_PREFIXES}",
        "TARGMAX=" + ",".join(_target_limits(limits)),
        f"TOPICLEN={limits.max_topic_bytes}",
        "UTF8ONLY",
        "WHOX",
    ]
