"""The texts of HELP."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from evchat.protocol.modes import CHANNEL_MODES, USER_MODES, Mode


def _modes(whose: str, modes: tuple[Mode, ...]) -> list[str]:
    """The letters and names of some modes, in lines that are not too wide."""
    # A space that is none keeps a letter and its name in one line.
    text = ", ".join(f"{mode.letter}\N{NO-BREAK SPACE}{mode.name}" for mode in modes)
    rows = wrap(f"{whose}: {text}.", 100, break_on_hyphens=False)
    return [row.replace("\N{NO-BREAK SPACE}", " ") for row in rows]


HELP: Final[dict[str, tuple[str, ...]]] = {
    "": (
        "evchat: IRC clients, netcat, programs and terminals talk in the same channels.",
        "JOIN #main brings you where everyone starts; LIST shows the other channels.",
        "HELP index names the subjects.",
    ),
    "index": (
        "Subjects of HELP, beside every command:",
        "accounts  channels  history  modes  operators",
    ),
    "accounts": (
        "A name becomes yours with an account:",
        "REGISTER * * PASSWORD registers the name that you have.",
        "Next time log in with SASL PLAIN, or with PASS NAME:PASSWORD before NICK.",
        "With an account you may be connected several times under one name.",
    ),
    "channels": (
        "JOIN #channel [key], PART, NAMES, TOPIC, INVITE nick #channel, KICK #channel nick [reason].",
        "Who comes first into a channel becomes its operator; who has an account owns it for good.",
        "What is said is kept: who joins is told what was said last.",
    ),
    "history": (
        "CHATHISTORY LATEST #channel * 50 and its like, for clients that know them; MARKREAD keeps how far you read.",
        "A message to somebody who is not here is kept in that person's inbox and told at the next login.",
    ),
    "modes": (*_modes("Of channels", CHANNEL_MODES), *_modes("Of users", USER_MODES)),
    "operators": (
        "OPER name password; then KILL, KLINE [minutes] mask [reason], UNKLINE mask, KLINES, WALLOPS.",
        "What operators do is written down.",
    ),
}

USAGE: Final[dict[str, str]] = {
    "ADMIN": "ADMIN: who runs this server.",
    "AUTHENTICATE": "AUTHENTICATE PLAIN or SCRAM-SHA-256, then AUTHENTICATE <base64>: logs in to an account (SASL).",
    "AWAY": "AWAY [:text]: says that you are away, or, without a text, back.",
    "BATCH": "BATCH +<reference> draft/multiline <target> … BATCH -<reference>: a message of several lines.",
    "CAP": "CAP LS [302] | LIST | REQ :<capability> … | END: what your client wants to hear.",
    "CHATHISTORY": "CHATHISTORY LATEST|BEFORE|AFTER|AROUND <target> <message> <limit>, BETWEEN, TARGETS: the past.",
    "ERROR": "ERROR is what the server says before it closes a connection.",
    "HELP": "HELP [subject or command]: this.",
    "HELPOP": "HELPOP [subject or command]: as HELP.",
    "INBOX": "INBOX: direct messages that came while you were away, marked as read by this.",
    "INFO": "INFO: what this server is.",
    "INVITE": "INVITE <nick> <#channel>: invites somebody into a channel.",
    "ISON": "ISON <nick> …: which of these are online.",
    "JOIN": "JOIN <#channel>{,<#channel>} [<key>{,<key>}]: comes into channels; JOIN 0 leaves all.",
    "KICK": "KICK <#channel> <nick> [:reason]: puts somebody out of a channel.",
    "KILL": "KILL <nick> [:reason]: puts somebody out of the server (operators).",
    "KLINE": "KLINE [minutes] <name, address, range or account> [:reason]: bans from the server (operators).",
    "KLINES": "KLINES: the bans from the server (operators).",
    "LINKS": "LINKS: the servers of this network.",
    "LIST": "LIST [<mask>{,<mask>}, >users, <users, C<minutes, T>minutes]: the channels.",
    "LUSERS": "LUSERS: how many are here.",
    "METADATA": "METADATA <target> <subcommand> [<key> … :value]: values; GET LIST SET CLEAR SUB UNSUB SUBS SYNC.",
    "MARKREAD": "MARKREAD <target> [timestamp=<time>]: how far you have read.",
    "MODE": "MODE <#channel or nick> [<changes> [value] …]: shows or changes modes; HELP modes lists them.",
    "MONITOR": "MONITOR + <nick>{,<nick>} | - <nick>{,<nick>} | C | L | S: tells when somebody comes and goes.",
    "MOTD": "MOTD: the message of the day.",
    "NAMES": "NAMES <#channel>: who is in a channel.",
    "NICK": "NICK <name>: takes a name.",
    "NOTICE": "NOTICE <target>{,<target>} :<text>: as PRIVMSG, but no program answers it.",
    "OPER": "OPER <name> <password>: makes you an operator of the server.",
    "PART": "PART <#channel>{,<#channel>} [:reason]: leaves channels.",
    "PASS": "PASS <password>, or PASS <account>:<password>: before NICK and USER.",
    "PING": "PING <token>: asks for the token back.",
    "PONG": "PONG <token>: answers a PING.",
    "PRIVMSG": "PRIVMSG <target>{,<target>} :<text>: says something to channels or people.",
    "QUIT": "QUIT [:reason]: leaves the server.",
    "REDACT": "REDACT <target> <msgid> [:reason]: takes a message back.",
    "REGISTER": "REGISTER * * <password>: makes the name you have yours.",
    "SETNAME": "SETNAME :<real name>: says who you are.",
    "STATS": "STATS <letter>: k lists the bans from the server (operators).",
    "SUMMON": "SUMMON is not offered here.",
    "TAGMSG": "TAGMSG <target>: tags without a text, such as that you are typing.",
    "TIME": "TIME: the server's time.",
    "TOPIC": "TOPIC <#channel> [:text]: shows or sets the topic.",
    "UNKLINE": "UNKLINE <as in KLINE>: takes a ban from the server back (operators).",
    "USER": "USER <username> 0 * :<real name>: introduces you.",
    "USERHOST": "USERHOST <nick> …: who and where these are.",
    "USERS": "USERS is not offered here.",
    "VERIFY": "VERIFY: accounts need no verification here.",
    "VERSION": "VERSION: what runs here.",
    "WALLOPS": "WALLOPS :<text>: tells operators, and who listens to them, something (operators).",
    "WHO": "WHO [<#channel or mask> [o] [%fields]]: who is here.",
    "WHOIS": "WHOIS <nick>: what one may know about somebody.",
    "WHOWAS": "WHOWAS <nick> [count]: who had a name before.",
}
"""The syntax of each command and a sentence about it. PROTOCOL.md has the same table."""
