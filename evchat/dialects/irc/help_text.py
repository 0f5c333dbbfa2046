"""The texts of HELP."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from evchat.protocol.modes import CHANNEL_MODES, USER_MODES, Mode


def _modes(whose: str, modes: tuple[Mode, ...]) -> list[str]:
    """The letters and names of some modes, wrapped."""
    # A no-break space keeps a letter and its name in one line.
    text = ", ".join(f"{mode.letter}\N{NO-BREAK SPACE}{mode.name}" for mode in modes)
    rows = wrap(f"{whose}: {text}.", 100, break_on_hyphens=False)
    return [row.replace("\N{NO-BREAK SPACE}", " ") for row in rows]


USAGE: Final[dict[str, str]] = {
    "ADMIN": "ADMIN: who runs this server.",
    "AUTHENTICATE": "AUTHENTICATE PLAIN, SCRAM-SHA-256 or EXTERNAL, then AUTHENTICATE <base64>: logs in (SASL).",
    "AWAY": "AWAY [:text]: marks you as away or, without a text, as back.",
    "BATCH": "BATCH +<reference> draft/multiline <target> … BATCH -<reference>: a message of several lines.",
    "CAP": "CAP LS [302] | LIST | REQ :<capability> … | END: negotiates what your client supports.",
    "CERTIFICATE": "CERTIFICATE [LIST | ADD <base64> | REMOVE <fingerprint>]: certificates by which you can log in.",
    "CHATHISTORY": "CHATHISTORY LATEST|BEFORE|AFTER|AROUND <target> <message> <limit>, BETWEEN, TARGETS: history.",
    "ERROR": "ERROR is what the server says before it closes a connection.",
    "HELP": "HELP [subject or command]: shows this help.",
    "HELPOP": "HELPOP [subject or command]: same as HELP.",
    "INBOX": "INBOX: shows direct messages you missed, and marks them as read.",
    "INFO": "INFO: about this server.",
    "INVITE": "INVITE <nick> <#channel>: invites somebody to a channel.",
    "ISON": "ISON <nick> …: which of these users are online.",
    "JOIN": "JOIN <#channel>{,<#channel>} [<key>{,<key>}]: joins channels; JOIN 0 leaves all.",
    "KICK": "KICK <#channel> <nick> [:reason]: kicks somebody from a channel.",
    "KILL": "KILL <nick> [:reason]: disconnects somebody from the server (operators).",
    "KLINE": "KLINE [minutes] <name, address, range or account> [:reason]: bans from the server (operators).",
    "KLINES": "KLINES: the server bans (operators).",
    "LINKS": "LINKS: the servers of this network.",
    "LIST": "LIST [<mask>{,<mask>}, >users, <users, C<minutes, T>minutes]: the channels.",
    "METADATA": "METADATA <target> <subcommand> [<key> … :value]: values; GET LIST SET CLEAR SUB UNSUB SUBS SYNC.",
    "LUSERS": "LUSERS: how many users are here.",
    "MARKREAD": "MARKREAD <target> [timestamp=<time>]: shows or sets how far you have read.",
    "MODE": "MODE <#channel or nick> [<changes> [value] …]: shows or changes modes; HELP modes lists them.",
    "MONITOR": "MONITOR + <nick>{,<nick>} | - <nick>{,<nick>} | C | L | S: tells when users come and go.",
    "MOTD": "MOTD: the message of the day.",
    "MUTE": "MUTE <#channel> <nick> [minutes]: stops somebody from speaking in a channel.",
    "NAMES": "NAMES <#channel>: who is in a channel.",
    "NICK": "NICK <name>: sets your name.",
    "NOTICE": "NOTICE <target>{,<target>} :<text>: like PRIVMSG, but programs do not answer it.",
    "OPER": "OPER <name> <password>: makes you a server operator.",
    "PART": "PART <#channel>{,<#channel>} [:reason]: leaves channels.",
    "PASS": "PASS <password>, or PASS <account>:<password>: before NICK and USER.",
    "PASSWORD": "PASSWORD <old> <new>: changes the password of your account.",
    "PING": "PING <token>: asks for the token back.",
    "PONG": "PONG <token>: answers a PING.",
    "PRIVMSG": "PRIVMSG <target>{,<target>} :<text>: sends a message to channels or users.",
    "QUIT": "QUIT [:reason]: leaves the server.",
    "REDACT": "REDACT <target> <msgid> [:reason]: deletes a message.",
    "REGISTER": "REGISTER * * <password>: registers your current name.",
    "REJOIN": "REJOIN: joins the channels your account was in, whatever client you used.",
    "RESETPASSWORD": "RESETPASSWORD <account> <new>: gives an account another password (operators).",
    "SETNAME": "SETNAME :<real name>: sets your real name.",
    "STATS": "STATS <letter>: k lists the server bans (operators).",
    "SUMMON": "SUMMON is not offered here.",
    "TAGMSG": "TAGMSG <target>: tags without a text, such as that you are typing.",
    "TIME": "TIME: the server's time.",
    "TOPIC": "TOPIC <#channel> [:text]: shows or sets the topic.",
    "UNKLINE": "UNKLINE <as in KLINE>: removes a server ban (operators).",
    "UNMUTE": "UNMUTE <#channel> <nick>: lets a muted user speak again.",
    "UNREGISTER": "UNREGISTER <password>: gives your account up for good; nobody can use the name again.",
    "USER": "USER <username> 0 * :<real name>: introduces you.",
    "USERHOST": "USERHOST <nick> …: usernames and hosts of users.",
    "USERS": "USERS is not offered here.",
    "VERIFY": "VERIFY: accounts need no verification here.",
    "VERSION": "VERSION: the server's version.",
    "WALLOPS": "WALLOPS :<text>: messages operators and users with mode w (operators).",
    "WHO": "WHO [<#channel or mask> [o] [%fields]]: who is here.",
    "WHOIS": "WHOIS <nick>: details about a user.",
    "WHOWAS": "WHOWAS <nick> [count]: who had a name before.",
}
"""The syntax of each command and a sentence about it. docs/protocol/irc.md has the same table."""

GROUPS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "talking": (
        "Messages to users who are offline wait in their inbox.",
        ("PRIVMSG", "NOTICE", "INBOX", "CHATHISTORY", "MARKREAD", "REDACT", "BATCH", "TAGMSG"),
    ),
    "channels": (
        "The first user in a channel is its operator. With an account, you own it, and it stays when it is empty.",
        ("JOIN", "PART", "REJOIN", "LIST", "NAMES", "TOPIC", "INVITE"),
    ),
    "users": (
        "Who is here, and what is known of them.",
        ("WHO", "WHOIS", "WHOWAS", "ISON", "USERHOST", "MONITOR", "METADATA", "LUSERS", "USERS"),
    ),
    "you": ("Your name, and what others see of you.", ("NICK", "AWAY", "SETNAME", "MODE", "QUIT")),
    "accounts": (
        "With an account nobody else can take your name, and you can be connected several times under it.",
        ("REGISTER", "PASS", "AUTHENTICATE", "PASSWORD", "CERTIFICATE", "UNREGISTER", "VERIFY"),
    ),
    "order": (
        "For operators of a channel. MODE #channel +b nick!*@* bans, HELP modes lists the modes.",
        ("KICK", "MUTE", "UNMUTE", "MODE"),
    ),
    "operators": (
        "For operators of the server. What they do is logged.",
        ("OPER", "KILL", "KLINE", "UNKLINE", "KLINES", "STATS", "WALLOPS", "RESETPASSWORD"),
    ),
    "server": (
        "About the server, and what clients do by themselves.",
        (
            "HELP", "HELPOP", "MOTD", "INFO", "VERSION", "TIME", "ADMIN", "LINKS", "CAP", "USER", "PING", "PONG",
            "ERROR", "SUMMON",
        ),
    ),
}  # fmt: skip
"""Every command is in one of them, those most used first: a sentence, and the commands."""

_ALSO: Final = {"rooms": "channels", "account": "accounts", "history": "talking", "index": "all"}
"""Other names of subjects, as other clients have them."""

_OWN: Final = {
    "channels": ("A guest's channel ends when it is empty, and what was said in it can't be read any more.",),
    "accounts": (
        "REGISTER * * PASSWORD registers your current name. Next time log in with SASL, or PASS NAME:PASSWORD.",
    ),
}
"""More sentences for the subjects that need them."""

_SUBJECTS: Final = f"HELP SUBJECT: {', '.join(GROUPS)}, modes, all. Or HELP and a command."


def page(subject: str) -> tuple[str, ...] | None:
    """The lines of HELP on a subject or a command, in any case; None if there is none."""
    subject = subject.lower()
    subject = _ALSO.get(subject, subject)
    if not subject:
        return (
            "evchat: IRC clients, netcat, programs, browsers and terminals talk in the same channels.",
            "JOIN #main takes you to the channel where everyone starts; LIST shows the others.",
            _SUBJECTS,
        )
    if subject == "modes":
        return (*_modes("Channel modes", CHANNEL_MODES), *_modes("User modes", USER_MODES))
    if subject == "all":
        return (*(f"{name}: {', '.join(commands)}" for name, (_, commands) in GROUPS.items()), _SUBJECTS)
    if subject in GROUPS:
        sentence, commands = GROUPS[subject]
        return (sentence, *_OWN.get(subject, ()), *(USAGE[name] for name in commands))
    usage = USAGE.get(subject.upper())
    return (usage,) if usage else None
