"""Error replies: the numeric that IRC has for an error code, a standard reply, or a notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from evchat.dialects.irc import history, metadata
from evchat.dialects.irc import numerics as n
from evchat.dialects.irc.client import IrcClient, line_of
from evchat.dialects.irc.line import cut, middle, safe
from evchat.protocol.authentication import Authenticate, Pass, Register, Scram
from evchat.protocol.bans import Ban, Mute
from evchat.protocol.base import Request
from evchat.protocol.basics import Failed, Malformed
from evchat.protocol.certificates import AuthenticateByCertificate
from evchat.protocol.channels import Join, ListNames, Part, Topic
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.history import GetHistory, ListConversations
from evchat.protocol.login import ChangeNick, Introduce
from evchat.protocol.membership import Invite, Kick
from evchat.protocol.messages import SendMessage
from evchat.protocol.metadata import ClearMetadata, GetMetadata, SetMetadata, SubscribeMetadata
from evchat.protocol.modes import ChannelMode, GrantRole
from evchat.protocol.monitor import Monitor
from evchat.protocol.operators import Kill, Oper
from evchat.protocol.people import FindUsers, WhoIs, WhoWas
from evchat.protocol.read_markers import GetReadMarker, SetReadMarker
from evchat.protocol.redaction import Redact
from evchat.protocol.user_settings import SetRealname, UserMode

Lines = list[str]


def lines(client: IrcClient, event: Failed) -> Lines:
    """The lines that report this error to a client; none for a notice, which is never answered (RFC 2812, 3.3.2)."""
    request = event.request or client.asked
    if isinstance(request, SendMessage | SendTagMessage) and request.notice:
        return []
    if isinstance(request, Malformed) and request.fatal:
        return [cut(f"ERROR :Closing Link: {client.nick} ({safe(event.text)})")]
    # REGISTER is allowed before login, so it has its own text for what must come first.
    if event.code == "not-logged-in" and not isinstance(request, Register):
        return [client.numeric(n.ERR_NOTREGISTERED, text="You have not registered")]
    special = _BY_REQUEST.get(type(request))
    if special is not None:
        return special(client, event, request)
    if request is not None:
        for rule in _BY_CODE.get(event.code, ()):
            if not rule.requests or isinstance(request, rule.requests):
                words = [parameter(request, event.about) for parameter in rule.parameters]
                text = _TEXTS.get(rule.number) or event.text
                if event.code == "no-services":  # for people, it says what to do instead
                    text = event.text
                if rule.number == n.ERR_NOPRIVILEGES:  # even for what not even operators may do
                    text = f"Permission Denied- {text}"
                return [client.numeric(rule.number, *words, text=safe(text))]
    return [cut(f":{client.hostname} NOTICE {client.nick} :{safe(event.text)}")]


# ---- parameters of the numerics, from a request and its word that was wrong -----------------------------

_Parameter = Callable[[Request, str], str]


def _channel(request: Request, about: str) -> str:
    """The channel, or whatever else the request was for."""
    match request:
        case Join() | Part():
            return middle(request.channels[0] if request.channels else "")
        case (
            SendMessage()
            | SendTagMessage()
            | Topic()
            | ChannelMode()
            | GrantRole()
            | Ban()
            | Mute()
            | Kick()
            | Invite()
        ):
            return middle(request.to or "")
        case FindUsers():
            return middle(request.mask)
    return "*"


def _nick(request: Request, about: str) -> str:
    """The user that the request was for. If it was for several, `about` says which one."""
    match request:
        case SendMessage() | SendTagMessage():
            return middle(request.to or "")
        case ChangeNick() | Kick() | Invite() | GrantRole() | Mute() | Kill() | UserMode():
            return middle(about or request.name or "")
    return middle(about)


def _new_nick(request: Request, about: str) -> str:
    """The nick that was asked for; `about` is something else."""
    return middle(request.name if isinstance(request, ChangeNick) else "")


def _about(request: Request, about: str) -> str:
    """The word that was wrong."""
    return middle(about)


def _unnamed(request: Request, about: str) -> str:
    """A parameter that clients expect and that has no value."""
    return "*"


# ---- numerics, by error code ----------------------------------------------------------------------------------


class _Rule(NamedTuple):
    """A numeric with its parameters before the text. It applies to `requests`, or to all if there are none."""

    number: str
    parameters: tuple[_Parameter, ...] = ()
    requests: tuple[type[Request], ...] = ()


_NICK = (ChangeNick, Introduce)
_SENT = (SendMessage, SendTagMessage)
_IN_CHANNEL = (ChannelMode, Kick, Invite, Topic, GrantRole, Ban, Mute)

_BY_CODE: Final[dict[str, tuple[_Rule, ...]]] = {
    "already-logged-in": (_Rule(n.ERR_ALREADYREGISTERED),),
    "wrong-password": (_Rule(n.ERR_PASSWDMISMATCH, (), (Pass, *_NICK)),),
    "name-taken": (_Rule(n.ERR_NICKNAMEINUSE, (_nick,), _NICK),),
    "registered": (_Rule(n.ERR_NICKNAMEINUSE, (_nick,), _NICK),),
    "bad-name": (_Rule(n.ERR_ERRONEUSNICKNAME, (_nick,), _NICK),),
    "accounts-only": (_Rule(n.ERR_PASSWDMISMATCH, (), _NICK),),
    "banished": (_Rule(n.ERR_YOUREBANNEDCREEP, (), _NICK),),
    "no-such-user": (_Rule(n.ERR_NOSUCHNICK, (_nick,)),),
    "no-services": (_Rule(n.ERR_NOSUCHNICK, (_nick,)),),
    "no-such-channel": (_Rule(n.ERR_NOSUCHCHANNEL, (_channel,)),),
    "bad-channel": (_Rule(n.ERR_NOSUCHCHANNEL, (_channel,)),),
    "too-many-channels": (_Rule(n.ERR_TOOMANYCHANNELS, (_channel,), (Join,)),),
    "channel-full": (_Rule(n.ERR_CHANNELISFULL, (_channel,), (Join,)),),
    "invite-only": (_Rule(n.ERR_INVITEONLYCHAN, (_channel,), (Join,)),),
    "wrong-key": (_Rule(n.ERR_BADCHANNELKEY, (_channel,), (Join,)),),
    "banned": (
        _Rule(n.ERR_BANONCHAN, (_new_nick, _about), (ChangeNick,)),
        _Rule(n.ERR_BANNEDFROMCHAN, (_channel,), (Join,)),
        _Rule(n.ERR_CANNOTSENDTOCHAN, (_channel,), _SENT),
    ),
    "moderated": (_Rule(n.ERR_CANNOTSENDTOCHAN, (_channel,), _SENT),),
    "no-ctcp": (_Rule(n.ERR_CANNOTSENDTOCHAN, (_channel,), _SENT),),
    "no-queries": (_Rule(n.ERR_CANTSENDTOUSER, (_nick,), _SENT),),
    "account-needed": (_Rule(n.ERR_NEEDREGGEDNICK, (_nick,), _SENT),),
    "not-in-channel": (
        _Rule(n.ERR_CANNOTSENDTOCHAN, (_channel,), _SENT),
        _Rule(n.ERR_NOTONCHANNEL, (_channel,)),
    ),
    "not-operator": (
        _Rule(n.ERR_CANNOTSENDTOCHAN, (_channel,), _SENT),
        _Rule(n.ERR_CHANOPRIVSNEEDED, (_channel,), _IN_CHANNEL),
        _Rule(n.ERR_NOPRIVILEGES),
    ),
    "not-allowed": (_Rule(n.ERR_USERSDONTMATCH, (), (UserMode,)), _Rule(n.ERR_NOPRIVILEGES)),
    "empty": (_Rule(n.ERR_NOTEXTTOSEND, (), _SENT),),
    "not-a-member": (_Rule(n.ERR_USERNOTINCHANNEL, (_nick, _channel)),),
    "already-a-member": (_Rule(n.ERR_USERONCHANNEL, (_nick, _channel)),),
    "unknown-mode": (_Rule(n.ERR_UMODEUNKNOWNFLAG, (), (UserMode,)), _Rule(n.ERR_UNKNOWNMODE, (_about,))),
    "missing-value": (_Rule(n.ERR_INVALIDMODEPARAM, (_channel, _about, _unnamed)),),
    "bad-value": (_Rule(n.ERR_INVALIDMODEPARAM, (_channel, _about, _unnamed), (ChannelMode,)),),
    "list-full": (_Rule(n.ERR_BANLISTFULL, (_channel, _about)),),
}
"""The numerics of a code; the first that applies to the request is used. Codes not listed here become a NOTICE."""

_TEXTS: Final = {
    n.ERR_NOSUCHNICK: "No such nick/channel",
    n.ERR_NOSUCHCHANNEL: "No such channel",
    n.ERR_CANNOTSENDTOCHAN: "Cannot send to channel",
    n.ERR_TOOMANYCHANNELS: "You have joined too many channels",
    n.ERR_ALREADYREGISTERED: "You may not reregister",
    n.ERR_USERNOTINCHANNEL: "They aren't on that channel",
    n.ERR_NOTONCHANNEL: "You're not on that channel",
    n.ERR_USERONCHANNEL: "is already on channel",
    n.ERR_CHANNELISFULL: "Cannot join channel (+l)",
    n.ERR_INVITEONLYCHAN: "Cannot join channel (+i)",
    n.ERR_BANNEDFROMCHAN: "Cannot join channel (+b)",
    n.ERR_BADCHANNELKEY: "Cannot join channel (+k)",
    n.ERR_CHANOPRIVSNEEDED: "You're not a channel operator",
    n.ERR_NICKNAMEINUSE: "Nickname is already in use",
    n.ERR_USERSDONTMATCH: "Can't change mode for other users",
}
"""The texts that some clients look for; other numerics have the core's text."""


# ---- requests that have error replies of their own ---------------------------------------------------------------

_REGISTER_CODES: Final = {
    "already-registered": "ACCOUNT_EXISTS",
    "invite-needed": "INVITE_NEEDED",
    "invite-unknown": "INVITE_UNKNOWN",
    "registration-closed": "REGISTRATION_CLOSED",
    "bad-password": "WEAK_PASSWORD",
    "already-logged-in": "ALREADY_AUTHENTICATED",
    "bad-name": "NEED_NICK",
    "not-logged-in": "COMPLETE_CONNECTION_REQUIRED",
    "not-allowed": "ACCOUNT_NAME_MUST_BE_NICK",
}
_REDACT_CODES: Final = {"no-such-message": "UNKNOWN_MSGID", "not-allowed": "REDACT_FORBIDDEN"}


def _fail(client: IrcClient, event: Failed, *words: str) -> Lines:
    """A standard reply (IRCv3): command, code, context."""
    return [f":{client.hostname} FAIL {' '.join(words)} :{safe(event.text)}"]


def _chathistory(client: IrcClient, event: Failed, request: GetHistory | ListConversations) -> Lines:
    line = line_of(request)
    target = line.param(1) if isinstance(request, GetHistory) else ""
    return _fail(
        client, event, "CHATHISTORY", "INVALID_TARGET", middle(line.param(0).upper()), middle(target)
    )


def _markread(client: IrcClient, event: Failed, request: GetReadMarker) -> Lines:
    return [history.marker(client, request.to, 0)]  # a user who can't join has read nothing there


def _redact(client: IrcClient, event: Failed, request: Redact) -> Lines:
    code = _REDACT_CODES.get(event.code, "INVALID_TARGET")
    message = () if code == "INVALID_TARGET" else (middle(line_of(request).param(1)),)
    return _fail(client, event, "REDACT", code, request.to, *message)


def _register(client: IrcClient, event: Failed, request: Register) -> Lines:
    code = _REGISTER_CODES.get(event.code, "TEMPORARILY_UNAVAILABLE")
    account = middle(event.about) if event.about else client.nick
    return _fail(client, event, "REGISTER", code, account)


def _monitor(client: IrcClient, event: Failed, request: Monitor) -> Lines:
    most = str(client.config.limits.max_watched)
    return [client.numeric(n.ERR_MONLISTFULL, most, event.about or "*", text="Monitor list is full.")]


def _sasl(
    client: IrcClient, event: Failed, request: Authenticate | AuthenticateByCertificate | Scram
) -> Lines:
    return [client.numeric(n.ERR_SASLFAIL, text="SASL authentication failed")]


def _names(client: IrcClient, event: Failed, request: ListNames) -> Lines:
    return [client.numeric(n.RPL_ENDOFNAMES, request.channel or "*", text="End of /NAMES list.")]


def _whois(client: IrcClient, event: Failed, request: WhoIs) -> Lines:
    return [
        client.numeric(n.ERR_NOSUCHNICK, request.name, text="No such nick/channel"),
        client.numeric(n.RPL_ENDOFWHOIS, request.name, text="End of /WHOIS list."),
    ]


def _whowas(client: IrcClient, event: Failed, request: WhoWas) -> Lines:
    return [client.numeric(n.ERR_NOSUCHNICK, middle(request.name), text="No such nick/channel")]


def _oper(client: IrcClient, event: Failed, request: Oper) -> Lines:
    return [client.numeric(n.ERR_PASSWDMISMATCH, text=safe(event.text))]


_BY_REQUEST: Final[dict[type[Request] | type[None], Callable[[IrcClient, Failed, Any], Lines]]] = {
    Authenticate: _sasl,
    AuthenticateByCertificate: _sasl,
    Scram: _sasl,
    Register: _register,
    ListNames: _names,
    WhoIs: _whois,
    WhoWas: _whowas,
    Oper: _oper,
    Monitor: _monitor,
    GetHistory: _chathistory,
    ListConversations: _chathistory,
    GetReadMarker: _markread,
    SetReadMarker: lambda client, event, request: _fail(
        client, event, "MARKREAD", "INVALID_PARAMS", request.to
    ),
    Redact: _redact,
    GetMetadata: metadata.failed,
    SetMetadata: metadata.failed,
    ClearMetadata: metadata.failed,
    SubscribeMetadata: metadata.failed,
    SetRealname: lambda client, event, request: _fail(client, event, "SETNAME", "INVALID_REALNAME"),
}
"""Commands whose clients expect the same form of answer whatever the code is."""
