"""What RPL_ISUPPORT tells clients of the server's limits and habits (the Modern IRC client protocol)."""

from __future__ import annotations

from evchat.dialects.irc import commands
from evchat.dialects.irc.settings import Settings
from evchat.protocol.modes import CHANNEL_MODES, Takes
from evchat.protocol.names import MAX_CHANNEL_BYTES, MAX_USER_BYTES


def _chanmodes() -> str:
    kinds = (Takes.MASK, Takes.KEY, Takes.NUMBER, Takes.NOTHING)
    return ",".join("".join(mode.letter for mode in CHANNEL_MODES if mode.takes is kind) for kind in kinds)


def tokens(settings: Settings) -> list[str]:
    """The tokens, in an order that does not matter."""
    return [
        "AWAYLEN=" + str(settings.away_bytes),
        "BOT=B",
        "CASEMAPPING=ascii",
        f"CHANLIMIT=#:{settings.max_channels}",
        f"CHANMODES={_chanmodes()}",
        f"CHANNELLEN={MAX_CHANNEL_BYTES}",
        "CHANTYPES=#",
        f"CHATHISTORY={settings.history_max}",
        "ELIST=CMNTU",
        "EXCEPTS=e",
        "EXTBAN=,am",
        "ACCOUNTEXTBAN=a",
        "INVEX=I",
        f"KICKLEN={settings.topic_bytes}",
        f"MAXLIST=beI:{settings.max_list}",
        f"MAXTARGETS={commands.MAX_TARGETS}",
        "MODES",
        f"MONITOR={settings.max_watched}",
        "MSGREFTYPES=msgid,timestamp",
        f"NETWORK={settings.network}",
        f"NICKLEN={MAX_USER_BYTES}",
        "PREFIX=(ov)@+",
        "STATUSMSG=@+",
        f"TARGMAX=NAMES:1,LIST:,KICK:{commands.MAX_TARGETS},WHOIS:{commands.MAX_TARGETS},"
        f"PRIVMSG:{commands.MAX_TARGETS},NOTICE:{commands.MAX_TARGETS},MONITOR:",
        f"TOPICLEN={settings.topic_bytes}",
        "UTF8ONLY",
        "WHOX",
    ]
