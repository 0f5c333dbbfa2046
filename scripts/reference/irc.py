"""The meaning of IRC's capabilities and tokens, and the tables of docs/protocol/irc.md."""

from __future__ import annotations

from typing import Final

from evchat.dialects.irc import caps, isupport, numerics
from evchat.dialects.irc.help_text import USAGE
from evchat.dialects.irc.transport import MECHANISMS
from evchat.protocol.modes import USER_MODES
from evchat.settings.model import Config, Limits

CAPABILITIES: Final[dict[str, str]] = {
    "account-notify": "`ACCOUNT` when somebody logs in to an account.",
    "account-tag": "`account` tags on what users do.",
    "away-notify": "`AWAY` when somebody goes away or comes back.",
    "batch": "Answers and history in batches.",
    "cap-notify": "Implied by `CAP LS 302`; the list never changes while you are connected.",
    "draft/account-registration": "`REGISTER`.",
    "draft/chathistory": "`CHATHISTORY`; nothing is played at a join.",
    "draft/event-playback": "What happened beside messages is part of the history, too.",
    "draft/message-redaction": "`REDACT`.",
    "draft/metadata-2": "`METADATA`: values of users and channels. Needs `batch`.",
    "draft/multiline": "Messages of several lines as one, up to the limits in its value.",
    "draft/read-marker": "`MARKREAD`, at a join too.",
    "echo-message": "Your own messages come back, with their `msgid`.",
    "extended-join": "`JOIN` tells the account and the real name.",
    "extended-monitor": "The notifications asked for, also of those you `MONITOR`.",
    "invite-notify": "Operators hear who is invited.",
    "labeled-response": "Answers have the label of the command they answer; needs `batch`.",
    "message-tags": "Tags of clients (`+…`), `msgid`, `TAGMSG`, and `bot` on what bots say.",
    "multi-prefix": "All signs of a member (`@+`), not the highest alone.",
    "sasl": "`AUTHENTICATE` with the mechanisms in its value.",
    "server-time": "`time` on all that happened.",
    "setname": "`SETNAME`.",
    "standard-replies": "`FAIL`, which is used for the newer commands in any case.",
    "userhost-in-names": "`NAMES` tells users and hosts.",
}
"""The capabilities and what they bring."""

TOKENS: Final[dict[str, str]] = {
    "ACCOUNTEXTBAN": "masks for accounts: `a:bob`",
    "AWAYLEN": "bytes of an away text",
    "BOT": "the mode that marks a program",
    "CASEMAPPING": "letters a-z alone are folded; beyond ASCII the server folds more",
    "CHANLIMIT": "channels you can be in",
    "CHANMODES": "the modes of channels: lists, with a value always, when set, never",
    "CHANNELLEN": "bytes of a channel's name",
    "CHANTYPES": "what they begin with",
    "CHATHISTORY": "messages of one answer",
    "ELIST": "conditions that LIST takes",
    "EXCEPTS": "the list of those that no ban holds for",
    "EXTBAN": "`a:` means an account, `m:` mutes only",
    "INVEX": "the list of those who need no invitation",
    "KICKLEN": "bytes of a reason",
    "MAXLIST": "entries of these lists together",
    "MAXTARGETS": "receivers of one line",
    "MODES": "changes of modes in one line",
    "MONITOR": "names one can watch",
    "MSGREFTYPES": "what CHATHISTORY takes",
    "NETWORK": "the server's name",
    "NICKLEN": "bytes of a name",
    "PREFIX": "operators and the voiced",
    "STATUSMSG": "messages to those alone",
    "TARGMAX": "targets by command",
    "TOPICLEN": "bytes of a topic",
    "UTF8ONLY": "all text is UTF-8",
    "WHOX": "WHO takes fields",
}
"""The tokens of 005 and what they mean."""


def commands_table() -> str:
    """The commands as HELP tells of them, in Markdown."""
    rows = []
    for name in sorted(USAGE):
        usage, _, what = USAGE[name].replace("|", "\\|").partition(": ")
        rows.append(f"| `{usage}` | {what} |" if what else f"| `{name}` | {usage} |")
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def capabilities_table() -> str:
    """The capabilities, in Markdown."""
    values = caps.values(Limits(), MECHANISMS)
    rows = [
        f"| `{name}`{f' = `{values[name]}`' if name in values else ''} | {CAPABILITIES[name]} |"
        for name in caps.NAMES
    ]
    return "\n".join(["| capability | what it brings |", "|---|---|", *rows])


def tokens_table() -> str:
    """The tokens of RPL_ISUPPORT with a server's defaults, in Markdown."""
    rows = [f"| `{token}` | {TOKENS[token.partition('=')[0]]} |" for token in isupport.tokens(Config())]
    return "\n".join(["| token | meaning |", "|---|---|", *rows])


_NUMERICS_A_ROW: Final = 3


def numerics_table() -> str:
    """The numerics that are sent, in Markdown."""
    found = {value: name for name, value in vars(numerics).items() if name.startswith(("RPL_", "ERR_"))}
    cells = [f"{number} `{found[number]}`" for number in sorted(found)]
    rows = [cells[start : start + _NUMERICS_A_ROW] for start in range(0, len(cells), _NUMERICS_A_ROW)]
    lines = [f"| {' | '.join(row)} |" for row in ([""] * _NUMERICS_A_ROW, ["---"] * _NUMERICS_A_ROW, *rows)]
    return "\n".join(lines)


def modes_table() -> str:
    """The modes of users, in Markdown."""
    rows = [f"| `{mode.letter}` | {mode.name} | {mode.summary} |" for mode in USER_MODES]
    return "\n".join(["| letter | mode | meaning |", "|---|---|---|", *rows])
