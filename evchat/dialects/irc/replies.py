"""The encoder of events that one client alone is sent: numerics, and its own actions."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any, Final

from evchat.dialects.irc import broadcasts, caps, errors, history, local_replies, metadata, users
from evchat.dialects.irc import numerics as n
from evchat.dialects.irc.client import IrcClient
from evchat.dialects.irc.line import cut, packed, safe
from evchat.dialects.irc.local_requests import Local
from evchat.dialects.irc.sasl import CHUNK
from evchat.protocol.authentication import Authenticate, Authenticated, Register, Scram, ScramChallenge
from evchat.protocol.base import Event
from evchat.protocol.basics import (
    Done,
    Failed,
    HungUp,
    LocalReply,
    Pinged,
    Pong,
    Ponged,
    RequestContext,
    ServerNotice,
    Stopping,
)
from evchat.protocol.certificates import AuthenticateByCertificate
from evchat.protocol.channels import (
    ChannelsListed,
    Entered,
    Join,
    Left,
    Member,
    NamesListed,
    Part,
    TopicTold,
)
from evchat.protocol.history import ConversationsListed, HistoryListed, InboxListed
from evchat.protocol.login import Introduce, LoggedIn, LoggedOut, NickConfirmed, Quit
from evchat.protocol.membership import InviteSent
from evchat.protocol.messages import MessageAccepted
from evchat.protocol.metadata import MetadataSubscribed, MetadataTold
from evchat.protocol.modes import ModeListed, ModesTold, write
from evchat.protocol.monitor import MonitorOffline, MonitorOnline, MonitorTold
from evchat.protocol.operators import OperGranted
from evchat.protocol.people import (
    Counts,
    CountsTold,
    PeopleFound,
    PeopleTold,
    SetAway,
    WhoIsTold,
    WhoWasTold,
)
from evchat.protocol.read_markers import ReadMarkerMoved, ReadMarkerTold
from evchat.protocol.server_bans import ServerBansListed
from evchat.protocol.user_settings import UserModesChanged, UserModesTold

Lines = list[str]


_SPEAKS_FOR_ITSELF: Final = frozenset({Introduce, Join, Pong})
"""Requests by which no answer is put otherwise, so they are not kept: idle clients have mostly sent one last."""


def lines(client: IrcClient, event: Event) -> Lines:
    """The lines of this event for this client, without line breaks. Some events change the client's state."""
    make = FORMS.get(type(event))
    return make(client, event) if make else broadcasts.lines(event, client.caps)


# ---- coming and going -----------------------------------------------------------------------------------------


def _logged_in(client: IrcClient, event: LoggedIn) -> Lines:
    client.nick, client.welcomed, client.who = event.name, True, event.who
    text = f"Welcome to the {client.server.network} Network, {broadcasts.source(event.name, event.who)}"
    lines_ = [client.numeric(n.RPL_WELCOME, text=text), *client.server.greeting(event.name)]
    if event.counts is not None:
        lines_ += _counts(client, event.counts)
    lines_ += client.server.motd(event.name)
    if event.metadata:
        lines_ += metadata.own(client, event.metadata)
    return lines_


def _counts(client: IrcClient, counts: Counts) -> Lines:
    visible, users, most = counts.users - counts.invisible, counts.users, max(counts.most, counts.users)
    by, me = f":{client.hostname}", client.nick
    return [
        f"{by} {n.RPL_LUSERCLIENT} {me} :There are {visible} users and {counts.invisible} invisible on 1 servers",
        f"{by} {n.RPL_LUSEROP} {me} {counts.operators} :IRC Operators online",
        f"{by} {n.RPL_LUSERUNKNOWN} {me} {counts.strangers} :unregistered connections",
        f"{by} {n.RPL_LUSERCHANNELS} {me} {counts.channels} :channels formed",
        f"{by} {n.RPL_LUSERME} {me} :I have {users} clients and 0 servers",
        f"{by} {n.RPL_LOCALUSERS} {me} {users} {most} :Current local users {users}, max {most}",
        f"{by} {n.RPL_GLOBALUSERS} {me} {users} {most} :Current global users {users}, max {most}",
    ]


def _logged_out(client: IrcClient, event: LoggedOut) -> Lines:
    reason = client.asked.reason if isinstance(client.asked, Quit) else ""
    lines_ = [cut(f"ERROR :Closing Link: {client.nick} (Quit: {safe(reason)})")]
    if client.welcomed:
        lines_.insert(0, cut(f":{broadcasts.source(client.nick, client.who)} QUIT :{safe(reason)}"))
    return lines_


def _hung_up(client: IrcClient, event: HungUp) -> Lines:
    return [cut(f"ERROR :Closing Link: {client.nick} ({safe(event.reason)})")]


def _named(client: IrcClient, event: NickConfirmed) -> Lines:
    client.nick = event.name
    return []


def _entered(client: IrcClient, event: Entered) -> Lines:
    if event.again:
        return []
    client.who = event.who  # a bot by now, or with an account
    channel = event.channel
    lines_ = broadcasts.join(event, client.caps, event.name, channel)
    if event.topic:
        lines_ += _topic(client, channel, event.topic, event.topic_by, event.topic_at)
    members = event.members or tuple(Member(name) for name in event.names or (event.name,))
    lines_ += users.names(client, channel, members, secret=event.secret)
    if client.caps & caps.READ_MARKER:
        lines_.insert(-1, history.marker(client, channel, event.read_at))
    return lines_


# ---- messages -------------------------------------------------------------------------------------------------


def _sent(client: IrcClient, event: MessageAccepted) -> Lines:
    lines_: Lines = []
    if client.caps & caps.ECHO_MESSAGE and event.said is not None:
        lines_ += broadcasts.lines(event.said, client.caps)
    if event.said is not None and event.said.notice:
        return lines_  # nobody answers a notice (RFC 2812, 3.3.2)
    if event.away is not None:
        lines_.append(client.numeric(n.RPL_AWAY, event.to, text=safe(event.away)))
    elif event.kept:
        text = "is not online, and will find your message in the inbox"
        lines_.append(client.numeric(n.RPL_AWAY, event.to, text=text))
    return lines_


def _done(client: IrcClient, event: Done) -> Lines:
    request, numeric = client.asked, client.numeric
    if event.told is not None and client.caps & caps.ECHO_MESSAGE:
        return broadcasts.lines(event.told, client.caps)
    if isinstance(request, Part):
        facts = dict(event.facts)
        where = facts.get("channels")
        who = client.who
        left = Left(event.at, client.nick, "", request.reason, who=who)
        channels = where if isinstance(where, list) else []
        return [
            line
            for name in channels
            for line in broadcasts.part(left, client.caps, client.nick, name, request.reason)
        ]
    if isinstance(request, SetAway):
        if request.text:
            return [numeric(n.RPL_NOWAWAY, text="You have been marked as being away")]
        return [numeric(n.RPL_UNAWAY, text="You are no longer marked as being away")]
    if isinstance(request, Register):
        account = event.who.account or client.nick
        return [f":{client.hostname} REGISTER SUCCESS {account} :{safe(event.text)}"]
    if event.text and not (request and request.traits.evident):
        return [cut(f":{client.hostname} NOTICE {client.nick} :{safe(event.text)}")]
    return []


# ---- channels -------------------------------------------------------------------------------------------------


def _topic(client: IrcClient, channel: str, text: str, by: str, at: int) -> Lines:
    told = [client.numeric(n.RPL_TOPIC, channel, text=safe(text))]
    if by:
        told.append(f"{client.head(n.RPL_TOPICWHOTIME, channel, by)} {at // 1000}")
    return told


def _topic_told(client: IrcClient, event: TopicTold) -> Lines:
    if not event.text:
        return [client.numeric(n.RPL_NOTOPIC, event.channel, text="No topic is set")]
    return _topic(client, event.channel, event.text, event.by, event.set_at)


def _listed(client: IrcClient, event: ChannelsListed) -> Lines:
    rows = [
        client.numeric(n.RPL_LIST, row.name, str(row.users), text=safe(row.topic)) for row in event.channels
    ]
    start = client.numeric(n.RPL_LISTSTART, "Channel", text="Users  Name")
    more = users.omitted(
        client, event.omitted, "channels", "A name, a mask or a number of users (LIST >9) finds them."
    )
    return [start, *rows, *more, client.numeric(n.RPL_LISTEND, text="End of /LIST")]


def _modes_told(client: IrcClient, event: ModesTold) -> Lines:
    modes = f"{client.head(n.RPL_CHANNELMODEIS, event.channel)} {write(event.changes) or '+'}"
    return [
        cut(modes).rstrip(" "),  # a cut between two values would leave the space before the second
        f"{client.head(n.RPL_CREATIONTIME, event.channel)} {event.created // 1000}",
    ]


_LISTS = {
    "b": (n.RPL_BANLIST, n.RPL_ENDOFBANLIST, "End of channel ban list"),
    "e": (n.RPL_EXCEPTLIST, n.RPL_ENDOFEXCEPTLIST, "End of channel exception list"),
    "I": (n.RPL_INVITELIST, n.RPL_ENDOFINVITELIST, "End of channel invite list"),
}


def _mode_listed(client: IrcClient, event: ModeListed) -> Lines:
    number, end, text = _LISTS[event.letter]
    rows = [
        f"{client.head(number, event.channel, entry.mask, entry.by)} {entry.at // 1000}"
        for entry in event.entries
    ]
    return [*rows, client.numeric(end, event.channel, text=text)]


def _user_modes(client: IrcClient, event: UserModesTold) -> Lines:
    return [f"{client.head(n.RPL_UMODEIS)} +{event.letters}"]


def _user_modes_changed(client: IrcClient, event: UserModesChanged) -> Lines:
    return [f":{event.name} MODE {event.name} :{write(event.changes)}"] if event.changes else []


def _invite_sent(client: IrcClient, event: InviteSent) -> Lines:
    lines_ = [f"{client.head(n.RPL_INVITING)} {event.name} {event.channel}"]
    if event.away is not None:
        lines_.append(client.numeric(n.RPL_AWAY, event.name, text=safe(event.away)))
    return lines_


# ---- accounts, operators, the rest ----------------------------------------------------------------------------


def _authenticated(client: IrcClient, event: Authenticated) -> Lines:
    name = event.name or "*"
    by = broadcasts.source(name, event.who)
    lines_ = [f"{client.head(n.RPL_LOGGEDIN)} {by} {event.account} :You are now logged in as {event.account}"]
    if isinstance(client.asked, Authenticate | AuthenticateByCertificate | Scram):
        lines_.append(client.numeric(n.RPL_SASLSUCCESS, text="SASL authentication successful"))
    return lines_


def _challenged(client: IrcClient, event: ScramChallenge) -> Lines:
    text = b64encode(event.text.encode("utf-8", "replace")).decode("ascii")
    pieces = [text[start : start + CHUNK] for start in range(0, len(text) + 1, CHUNK)]
    return [f"AUTHENTICATE {piece or '+'}" for piece in pieces]


def _operator_made(client: IrcClient, event: OperGranted) -> Lines:
    return [
        client.numeric(n.RPL_YOUREOPER, text="You are now an IRC operator"),
        f":{client.nick} MODE {client.nick} :+o",
    ]


def _banished(client: IrcClient, event: ServerBansListed) -> Lines:
    rows = []
    for ban in event.bans:
        until = f"until {client.date(ban.until)}" if ban.until else "for good"
        head = client.head(n.RPL_STATSKLINE, "K", ban.whom, "*", "*")
        rows.append(cut(f"{head} :{safe(ban.by)}, {until}: {safe(ban.reason)}"))
    return [*rows, client.numeric(n.RPL_ENDOFSTATS, "k", text="End of /STATS report")]


def _noticed(client: IrcClient, event: ServerNotice | Stopping) -> Lines:
    text = event.text if isinstance(event, ServerNotice) else event.reason
    return [cut(f":{client.hostname} NOTICE {client.nick} :{safe(line)}") for line in text.splitlines()]


def _aside(client: IrcClient, event: LocalReply) -> Lines:
    return local_replies.lines(client, event.payload, event.at) if isinstance(event.payload, Local) else []


def _answering(client: IrcClient, event: RequestContext) -> Lines:
    client.asked = None if type(event.request) in _SPEAKS_FOR_ITSELF else event.request
    return []


def _appeared(client: IrcClient, event: MonitorOnline) -> Lines:
    return packed(client.head(n.RPL_MONONLINE) + " :", [broadcasts.source(event.name, event.who)])


def _vanished(client: IrcClient, event: MonitorOffline) -> Lines:
    return packed(client.head(n.RPL_MONOFFLINE) + " :", [event.name])


FORMS: dict[type[Event], Callable[[IrcClient, Any], Lines]] = {
    RequestContext: _answering,
    LocalReply: _aside,
    LoggedIn: _logged_in,
    LoggedOut: _logged_out,
    HungUp: _hung_up,
    NickConfirmed: _named,
    Entered: _entered,
    MessageAccepted: _sent,
    Failed: errors.lines,
    Done: _done,
    TopicTold: _topic_told,
    ChannelsListed: _listed,
    NamesListed: users.names_listed,
    PeopleFound: users.found,
    WhoIsTold: users.whois,
    WhoWasTold: users.past,
    PeopleTold: users.told,
    MetadataTold: metadata.told,
    MetadataSubscribed: metadata.subscribed,
    MonitorTold: users.watched,
    MonitorOnline: _appeared,
    MonitorOffline: _vanished,
    ModesTold: _modes_told,
    ModeListed: _mode_listed,
    UserModesTold: _user_modes,
    UserModesChanged: _user_modes_changed,
    InviteSent: _invite_sent,
    Authenticated: _authenticated,
    ScramChallenge: _challenged,
    OperGranted: _operator_made,
    ServerBansListed: _banished,
    CountsTold: lambda client, event: _counts(client, event.counts),
    ServerNotice: _noticed,
    Stopping: _noticed,
    HistoryListed: history.history,
    InboxListed: history.inbox,
    ConversationsListed: history.conversations,
    ReadMarkerTold: history.marked,
    ReadMarkerMoved: history.read_up_to,
    Pinged: lambda client, event: [f"PING :{event.token}"],
    Ponged: lambda client, event: [
        cut(f":{client.hostname} PONG {client.hostname} :{safe(str(event.token))}")
    ],
}
