"""The table of IRC commands, and the parser from a line to requests.

Nothing here depends on what the server has answered so far, so the same bytes always mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from evchat.dialects.irc import history_commands, metadata
from evchat.dialects.irc.line import Line
from evchat.dialects.irc.local_requests import lacking, local
from evchat.protocol.authentication import ChangePassword, Pass, Register, ResetPassword, Unregister
from evchat.protocol.bans import Mute
from evchat.protocol.base import Request
from evchat.protocol.basics import Ping, Pong
from evchat.protocol.certificates import ManageCertificates
from evchat.protocol.channels import Join, ListChannels, ListNames, Part, Rejoin, Topic
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.history import GetInbox
from evchat.protocol.login import ChangeNick, Introduce, Quit
from evchat.protocol.membership import Invite, Kick
from evchat.protocol.messages import SendMessage
from evchat.protocol.modes import ChannelMode
from evchat.protocol.monitor import ListMonitored, Monitor
from evchat.protocol.names import SERVICES
from evchat.protocol.operators import Kill, Oper, Wallops
from evchat.protocol.people import FindUsers, GetCounts, LookUpUsers, SetAway, WhoIs, WhoWas
from evchat.protocol.server_bans import BanFromServer, ListServerBans, UnbanFromServer
from evchat.protocol.signs import SIGNS
from evchat.protocol.user_settings import SetRealname, UserMode
from evchat.protocol.value import value
from evchat.settings.model import Limits

Requests = list[Request]

_ROLES: Final = {sign: role for role, sign in SIGNS.items()}

_CONDITION = re.compile(r"([CTct]?)([<>])([0-9]{1,9})", re.ASCII)
_CONDITIONS: Final = {"": "users", "C": "created", "T": "topic"}
_MOST_MASKS: Final = 4
"""Masks in one LIST: each is held against every channel. Names are only looked up, so there may be any number."""

_ACTION = re.compile("\x01ACTION ([^\x01]*)\x01?\\Z")


_SERVICE_COMMANDS: Final = frozenset({
    "NS", "CS", "MS", "OS", "HS", "BS", "AS", "IDENTIFY", "IDENT", "SERVICE", "SQUERY",
    *(name.upper() for name in sorted(SERVICES - {"global"})),
})  # fmt: skip
"""Commands of other servers, by which clients send passwords to NickServ and its like. There are none of these here."""


@value
class Command:
    """A command: the requests that it means, and how many parameters it needs at least."""

    read: Callable[[Line], Requests]
    least: int = 0
    early: bool = False
    """Whether it means something before the login, so that what it lacks is told then."""
    most: Callable[[Limits], int] | None = None
    """The limit on a line's targets, where it may have several: each of them makes a request."""
    targets: Callable[[Line], str] = lambda line: line.param(0)
    """The parameter that holds them."""
    whole: bool = False
    """Whether a line with too many targets is refused; else those within the limit count. Either is told."""


def requests(line: Line, limits: Limits) -> Requests:
    """The requests that a line means; one at least."""
    command = COMMANDS.get(line.command)
    if command is None:
        return [local("services" if line.command in _SERVICE_COMMANDS else "unknown", line.command)]
    if len(line.params) < command.least:
        return [local("lacking", line.command, early=command.early)]
    asked = command.read(line)
    if len(asked) > 1 and command.most is not None:
        most = command.most(limits)
        if len(asked) > most:
            beyond = _split(command.targets(line))[most]
            told = local("nothing") if line.command == "NOTICE" else local("too-many-targets", beyond)
            return [told] if command.whole else [*asked[:most], told]
    return asked


def _split(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


# ---- coming in ------------------------------------------------------------------------------------------------


def _pass(line: Line) -> Requests:
    return [Pass(line.params[0])]


def _nick(line: Line) -> Requests:
    if not line.param(0):
        return [local("no-nick", early=True)]
    return [ChangeNick(line.params[0])]


def _user(line: Line) -> Requests:
    username, realname = line.params[0], line.params[3]
    if not username or not realname:
        return [local("lacking", "USER", early=True)]
    legal = re.sub(r"[^A-Za-z0-9_.\-\[\]{}\\^|`]", "", username)
    return [Introduce(username=f"~{legal or 'user'}", realname=realname)]


def _cap(line: Line) -> Requests:
    sub = line.params[0].upper()
    told = local("cap", sub, *line.params[1:], early=True)
    if sub in ("LS", "REQ"):
        return [Introduce(hold=True), told]
    return [told, Introduce(hold=False)] if sub == "END" else [told]


def _ping(line: Line) -> Requests:
    if not line.params:
        return [local("lacking", "PING", early=True)]
    return [Ping(line.params[0])] if line.params[0] else [local("no-origin", early=True)]


def _quit(line: Line) -> Requests:
    return [Quit(line.param(0))]


# ---- messages -------------------------------------------------------------------------------------------------


def _talk(line: Line) -> Requests:
    notice = line.command == "NOTICE"
    targets = _split(line.param(0))
    if not targets:
        return [local("nothing") if notice else local("no-recipient", line.command)]
    if not line.param(1):
        return [local("nothing") if notice else local("no-text")]
    text = line.params[1]
    tags = _client_tags(line)
    asked: Requests = []
    for target in targets:
        role, to = _status(target)
        action = _ACTION.match(text)
        if action and not notice:
            asked.append(SendMessage(action[1], to, True, role=role, tags=tags))
        elif text.startswith("\x01"):
            asked.append(SendTagMessage(to, tags, role, text, notice))
        else:
            asked.append(SendMessage(text, to, notice=notice, role=role, tags=tags))
    return asked


def _status(target: str) -> tuple[str, str]:
    """The role and the channel of a target: `@#channel` means only the operators in it, `+#channel` also the voiced."""
    role = _ROLES.get(target[:1], "")
    return (role, target[1:]) if role and target[1:2] == "#" else ("", target)


def _client_tags(line: Line) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in line.tags if name.startswith("+")) if line.tags else ()


def _tagmsg(line: Line) -> Requests:
    tags = _client_tags(line)
    if not line.params[0]:
        return [local("no-recipient", "TAGMSG")]
    stay = any(name == "+draft/persist" for name, _ in tags)
    targets = map(_status, _split(line.params[0]))
    return [SendTagMessage(to, tags, role, stay=stay) for role, to in targets]


# ---- channels -------------------------------------------------------------------------------------------------


def _join(line: Line) -> Requests:
    if not line.param(0):
        return [lacking("JOIN")]
    if line.params[0] == "0":
        return [Part(everything=True)]
    keys = line.param(1).split(",")
    return [
        Join((channel,), keys=tuple(keys[index : index + 1]))
        for index, channel in enumerate(_split(line.params[0]))
    ]


def _part(line: Line) -> Requests:
    return [Part((channel,), line.param(1)) for channel in _split(line.params[0])] or [lacking("PART")]


def _topic(line: Line) -> Requests:
    return [Topic(line.params[1] if len(line.params) > 1 else None, line.params[0])]


def _names(line: Line) -> Requests:
    if not line.param(0):
        return [local("no-names")]
    return [ListNames(channel) for channel in _split(line.params[0])]


def _list(line: Line) -> Requests:
    """Channels with users in them: of these names and masks, and with conditions (ELIST), each of a kind the last."""
    named: list[str] = []
    masks: list[str] = []
    but: list[str] = []
    conditions = {("users", True): 0}
    for word in _split(line.param(0)):
        condition = _CONDITION.fullmatch(word)
        if condition:
            what = _CONDITIONS[condition[1].upper()]
            conditions[what, condition[2] == ">"] = int(condition[3])
        elif word.startswith("!"):
            but.append(word[1:])
        else:
            (masks if "*" in word or "?" in word else named).append(word)
    asked = ListChannels(
        tuple(named),
        tuple(masks[:_MOST_MASKS]),
        tuple(but[:_MOST_MASKS]),
        tuple((what, more, number) for (what, more), number in conditions.items()),
        context=line,
    )
    left_out = (masks[_MOST_MASKS:] + but[_MOST_MASKS:])[:1]
    return [asked, *(local("too-many-targets", mask) for mask in left_out)]


def _mode(line: Line) -> Requests:
    target, text = line.params[0], " ".join(line.params[1:])
    if any(not param or " " in param for param in line.params[2:]):
        return [local("bad-value", target, "k" if "k" in line.params[1] else line.params[1].lstrip("+-")[:1])]
    if target.startswith("#"):
        return [ChannelMode(text or None, target)]
    return [UserMode(text or None, target)]


def _kick(line: Line) -> Requests:
    channels, names, reason = _split(line.params[0]), _split(line.params[1]), line.param(2)
    if len(channels) == 1:
        channels *= len(names)
    if not names or len(channels) != len(names):
        return [lacking("KICK")]
    return [Kick(name, reason, channel) for channel, name in zip(channels, names, strict=True)]


def _invite(line: Line) -> Requests:
    return [Invite(line.params[0], line.params[1])]


# ---- people ---------------------------------------------------------------------------------------------------


def _who(line: Line) -> Requests:
    flags = line.param(1).partition("%")[0]
    return [FindUsers(line.param(0), operators="o" in flags, context=line)]


def _whois(line: Line) -> Requests:
    return [WhoIs(name) for name in _split(_whois_names(line))] or [local("no-nick")]


def _whois_names(line: Line) -> str:
    """The second parameter, where the first names a server, or the only one."""
    return line.param(1) or line.param(0)


def _whowas(line: Line) -> Requests:
    count = line.param(1)
    limit = int(count) if count.isdecimal() and len(count) < 6 else 0
    return [WhoWas(name, limit) for name in _split(line.param(0))] or [local("no-nick")]


def _userhost(line: Line) -> Requests:
    return [LookUpUsers(line.params, context=line)]


def _ison(line: Line) -> Requests:
    return [LookUpUsers(tuple(name for text in line.params for name in text.split()), context=line)]


def _monitor(line: Line) -> Requests:
    what = line.params[0][:1].upper()
    names = tuple(_split(line.param(1)))
    if what in "+-" and what:
        return [Monitor(names, what == "+")] if names else [lacking("MONITOR")]
    if what == "C":
        return [ListMonitored(clear=True)]
    if what in ("L", "S"):
        return [ListMonitored(context=line)]
    return [lacking("MONITOR")]


def _away(line: Line) -> Requests:
    return [SetAway(line.param(0) or None)]


def _setname(line: Line) -> Requests:
    return [SetRealname(line.params[0])]


# ---- operators ------------------------------------------------------------------------------------------------


def _oper(line: Line) -> Requests:
    return [Oper(line.params[0], line.params[1])]


def _kill(line: Line) -> Requests:
    return [Kill(line.params[0], line.param(1))]


def _wallops(line: Line) -> Requests:
    return [Wallops(line.params[0])] if line.params[0] else [lacking("WALLOPS")]


def _kline(line: Line) -> Requests:
    params = list(line.params)
    minutes = int(params.pop(0)) if params[0].isdecimal() and len(params) > 1 else 0
    return [BanFromServer(params[0], minutes, " ".join(params[1:]))]


def _unkline(line: Line) -> Requests:
    return [UnbanFromServer(line.params[0])]


def _mute(line: Line) -> Requests:
    minutes = line.param(2)
    return [Mute(line.params[1], int(minutes[:12]) if minutes.isdecimal() else 0, to=line.params[0])]


def _unmute(line: Line) -> Requests:
    return [Mute(line.params[1], on=False, to=line.params[0])]


def _stats(line: Line) -> Requests:
    what = line.param(0)[:1]
    return [ListServerBans()] if what in "kK" and what else [local("stats", what or "*")]


# ---- accounts -------------------------------------------------------------------------------------------------


def _register(line: Line) -> Requests:
    account, code, password = line.params[
        :3
    ]  # the place of an e-mail address, which nobody here has a use for
    return [Register(password, "" if account == "*" else account, "" if code == "*" or "@" in code else code)]


def _change_password(line: Line) -> Requests:
    return [ChangePassword(line.params[0], line.params[1])]


def _reset_password(line: Line) -> Requests:
    return [ResetPassword(line.params[0], line.params[1])]


def _unregister(line: Line) -> Requests:
    return [Unregister(line.params[0])]


def _certificate(line: Line) -> Requests:
    return [ManageCertificates(line.param(0) or "list", " ".join(line.params[1:]))]


def _targets(limits: Limits) -> int:
    return limits.max_targets


def _joins(limits: Limits) -> int:
    return limits.max_joins


def _own(what: str, *, early: bool = False) -> Callable[[Line], Requests]:
    """A command that the dialect answers by itself."""
    return lambda line: [local(what, *line.params, early=early)]


COMMANDS: Final[dict[str, Command]] = {
    "PASS": Command(_pass, 1, early=True),
    "NICK": Command(_nick, early=True),
    "USER": Command(_user, 4, early=True),
    "CAP": Command(_cap, 1, early=True),
    "PING": Command(_ping, early=True),
    "PONG": Command(lambda line: [Pong(line.param(0))]),
    "QUIT": Command(_quit),
    "ERROR": Command(lambda line: [local("nothing", early=True)]),
    "REGISTER": Command(_register, 3),
    "PASSWORD": Command(_change_password, 2),
    "UNREGISTER": Command(_unregister, 1),
    "RESETPASSWORD": Command(_reset_password, 2),
    "CERTIFICATE": Command(_certificate),
    "VERIFY": Command(_own("verify"), 2),
    "PRIVMSG": Command(_talk, most=_targets, whole=True),
    "NOTICE": Command(_talk, most=_targets, whole=True),
    "TAGMSG": Command(_tagmsg, 1, most=_targets),
    "JOIN": Command(_join, most=_joins),
    "PART": Command(_part, 1, most=_joins),
    "REJOIN": Command(lambda line: [Rejoin()]),
    "TOPIC": Command(_topic, 1),
    "NAMES": Command(_names, most=_targets),
    "LIST": Command(_list),
    "MODE": Command(_mode, 1),
    "KICK": Command(_kick, 2, most=_targets, targets=lambda line: line.param(1)),
    "INVITE": Command(_invite, 2),
    "WHO": Command(_who),
    "WHOIS": Command(_whois, most=_targets, targets=_whois_names),
    "WHOWAS": Command(_whowas, most=_targets),
    "USERHOST": Command(_userhost, 1),
    "ISON": Command(_ison, 1),
    "MONITOR": Command(_monitor, 1),
    "AWAY": Command(_away),
    "SETNAME": Command(_setname, 1),
    "OPER": Command(_oper, 2),
    "KILL": Command(_kill, 1),
    "WALLOPS": Command(_wallops, 1),
    "MUTE": Command(_mute, 2),
    "UNMUTE": Command(_unmute, 2),
    "KLINE": Command(_kline, 1),
    "UNKLINE": Command(_unkline, 1),
    "KLINES": Command(lambda line: [ListServerBans()]),
    "STATS": Command(_stats),
    "LUSERS": Command(lambda line: [GetCounts()]),
    "MOTD": Command(_own("motd")),
    "VERSION": Command(_own("version")),
    "TIME": Command(_own("time")),
    "INFO": Command(_own("info")),
    "ADMIN": Command(_own("admin")),
    "HELP": Command(_own("help")),
    "HELPOP": Command(_own("help")),
    "LINKS": Command(_own("links")),
    "USERS": Command(_own("users")),
    "SUMMON": Command(_own("summon")),
    "INBOX": Command(lambda line: [GetInbox()]),
    "CHATHISTORY": Command(history_commands.chathistory),
    "MARKREAD": Command(history_commands.markread),
    "METADATA": Command(metadata.requests, 2),
    "REDACT": Command(history_commands.redact, 2),
}
"""The commands, but for AUTHENTICATE and BATCH, which go over several lines."""
