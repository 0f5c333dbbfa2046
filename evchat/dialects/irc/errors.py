"""Refusals as numerics: which one it is depends on what was asked and on the core's short word."""

from __future__ import annotations

from typing import Final

from evchat.dialects.irc import numerics as n
from evchat.protocol.authentication import Pass
from evchat.protocol.base import Request
from evchat.protocol.basics import Failed
from evchat.protocol.channels import Join, Part, Topic
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.login import ChangeNick, Introduce
from evchat.protocol.membership import Invite, Kick
from evchat.protocol.messages import SendMessage
from evchat.protocol.modes import Ban, ChannelMode, GrantRole
from evchat.protocol.operators import Oper
from evchat.protocol.people import WhoIs, WhoWas
from evchat.protocol.user_settings import UserMode

_SENT = (SendMessage, SendTagMessage)
_JOIN_CODES: Final = {
    "too-many-channels": n.ERR_TOOMANYCHANNELS,
    "channel-full": n.ERR_CHANNELISFULL,
    "invite-only": n.ERR_INVITEONLYCHAN,
    "banned": n.ERR_BANNEDFROMCHAN,
    "wrong-key": n.ERR_BADCHANNELKEY,
    "bad-channel": n.ERR_NOSUCHCHANNEL,
}
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
    n.ERR_NOPRIVILEGES: "Permission Denied- You're not an IRC operator",
    n.ERR_NICKNAMEINUSE: "Nickname is already in use",
    n.ERR_USERSDONTMATCH: "Can't change mode for other users",
    n.ERR_NEEDMOREPARAMS: "Not enough parameters",
}


def _place(request: Request) -> str:
    """The channel or user that a request is about."""
    if isinstance(request, Join | Part):
        return request.channels[0] if request.channels else "*"
    for field in ("to", "channel", "name", "mask"):
        found = getattr(request, field, None)
        if isinstance(found, str) and found:
            return found
    return "*"


def numeric(event: Failed) -> tuple[str, tuple[str, ...]] | None:
    """The number and the parameters before the text; None if a notice says it better."""
    request, code, about = event.request, event.code, event.about
    if request is None:
        return None
    place = _place(request)
    if code == "already-logged-in":
        return n.ERR_ALREADYREGISTERED, ()
    if isinstance(request, Pass) and code == "wrong-password":
        return n.ERR_PASSWDMISMATCH, ()
    if isinstance(request, ChangeNick | Introduce):
        wanted = about or getattr(request, "name", "")
        if code in ("name-taken", "registered"):
            return n.ERR_NICKNAMEINUSE, (_word(wanted),)
        if code == "bad-name":
            return n.ERR_ERRONEUSNICKNAME, (_word(wanted),)
        if code == "wrong-password":
            return n.ERR_PASSWDMISMATCH, ()
        if code == "banished":
            return n.ERR_YOUREBANNEDCREEP, ()
    if code in ("no-such-channel", "bad-channel"):
        return n.ERR_NOSUCHCHANNEL, (_word(place),)
    if isinstance(request, Join):
        return (_JOIN_CODES[code], (_word(place),)) if code in _JOIN_CODES else None
    if isinstance(request, _SENT):
        return _unsent(code, request)
    if isinstance(request, WhoIs | WhoWas):
        return n.ERR_NOSUCHNICK, (_word(request.name),)
    if isinstance(request, Oper):
        return n.ERR_PASSWDMISMATCH, ()
    return _general(request, code, about, place)


def _unsent(code: str, request: SendMessage | SendTagMessage) -> tuple[str, tuple[str, ...]] | None:
    to = _word(request.to or "*")
    if code == "no-such-user":
        return n.ERR_NOSUCHNICK, (to,)
    if code in ("not-in-channel", "moderated", "banned", "muted", "no-ctcp", "not-operator"):
        return n.ERR_CANNOTSENDTOCHAN, (to,)
    if code == "empty":
        return n.ERR_NOTEXTTOSEND, ()
    return None


def _general(request: Request, code: str, about: str, place: str) -> tuple[str, tuple[str, ...]] | None:
    if code == "not-in-channel":
        return n.ERR_NOTONCHANNEL, (_word(place),)
    if code == "no-such-user":
        return n.ERR_NOSUCHNICK, (_word(about or getattr(request, "name", "*")),)
    if code == "not-a-member":
        channel = getattr(request, "to", None) or place
        return n.ERR_USERNOTINCHANNEL, (_word(about or getattr(request, "name", "*")), channel)
    if code == "already-a-member":
        return n.ERR_USERONCHANNEL, (
            _word(about or getattr(request, "name", "*")),
            getattr(request, "to", "*"),
        )
    if code == "not-operator":
        if isinstance(request, ChannelMode | Kick | Invite | Topic | GrantRole | Ban):
            return n.ERR_CHANOPRIVSNEEDED, (getattr(request, "to", None) or place,)
        return n.ERR_NOPRIVILEGES, ()
    if code == "not-allowed":
        return (n.ERR_USERSDONTMATCH if isinstance(request, UserMode) else n.ERR_NOPRIVILEGES), ()
    if code == "unknown-mode":
        if isinstance(request, UserMode):
            return n.ERR_UMODEUNKNOWNFLAG, ()
        return n.ERR_UNKNOWNMODE, (_word(about or "*"),)
    if code == "missing-value":
        return n.ERR_INVALIDMODEPARAM, (place, _word(about or "*"), "*")
    if code == "bad-value" and isinstance(request, ChannelMode):
        return n.ERR_INVALIDMODEPARAM, (place, _word(about or "*"), "*")
    if code == "list-full":
        return n.ERR_BANLISTFULL, (place, _word(about or "*"))
    return None


def _word(text: str) -> str:
    """What a client wrote, as a parameter that is not the last."""
    if not text or text.startswith(":") or not text.isprintable() or " " in text:
        return "*"
    return text[:100]


def text(number: str, event: Failed) -> str:
    """The sentence behind a numeric."""
    return _TEXTS.get(number) or event.text
