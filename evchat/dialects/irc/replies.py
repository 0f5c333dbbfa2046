"""What one client is told alone: answers as numerics, and its own doings."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from evchat.dialects.irc import broadcasts, caps, errors, history, isupport, local_replies, users
from evchat.dialects.irc import numerics as n
from evchat.dialects.irc.line import cut, packed, safe
from evchat.dialects.irc.local import Local
from evchat.dialects.irc.sasl import CHUNK
from evchat.protocol.authentication import Authenticate, Authenticated, Register, Scram, ScramChallenge
from evchat.protocol.base import Event
from evchat.protocol.basics import (
    Done,
    Failed,
    HungUp,
    LocalReply,
    Malformed,
    Pinged,
    Ponged,
    RequestContext,
    ServerNotice,
    Stopping,
)
from evchat.protocol.channels import (
    ChannelInfo,
    ChannelsListed,
    Entered,
    Join,
    Left,
    ListNames,
    Member,
    NamesListed,
    Part,
    Topic,
    TopicTold,
)
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.history import ConversationsListed, HistoryListed, InboxListed
from evchat.protocol.login import ChangeNick, LoggedIn, LoggedOut, NickConfirmed, Quit
from evchat.protocol.membership import Invite, InviteSent, Kick
from evchat.protocol.messages import MessageAccepted, SendMessage
from evchat.protocol.modes import USER_BY_LETTER, ChannelMode, ModeListed, ModesTold, write
from evchat.protocol.monitor import ListMonitored, Monitor, MonitorOffline, MonitorOnline, MonitorTold
from evchat.protocol.operators import OperGranted
from evchat.protocol.patterns import matches_text
from evchat.protocol.people import (
    Counts,
    CountsTold,
    PeopleFound,
    PeopleTold,
    SetAway,
    WhoIs,
    WhoIsTold,
    WhoWasTold,
)
from evchat.protocol.read_markers import ReadMarkerMoved, ReadMarkerTold, SetReadMarker
from evchat.protocol.redaction import Redact
from evchat.protocol.server_bans import ServerBansListed
from evchat.protocol.user_settings import SetRealname, UserModesChanged, UserModesTold

if TYPE_CHECKING:
    from evchat.dialects.irc.dialect import IrcDialect

Lines = list[str]


def lines(dialect: IrcDialect, event: Event) -> Lines:
    """What this event tells this client, without line breaks."""
    make = FORMS.get(type(event))
    return make(dialect, event) if make else broadcasts.lines(event, dialect.caps)


# ---- coming and going -----------------------------------------------------------------------------------------


def _logged_in(dialect: IrcDialect, event: LoggedIn) -> Lines:
    dialect.nick, dialect.welcomed, dialect.who = event.name, True, event.who
    numeric, me, version = dialect.numeric, event.name, dialect.server_version
    lines_ = [
        numeric(
            n.RPL_WELCOME,
            text=f"Welcome to the {isupport.network(dialect.config)} Network, {broadcasts.source(me, event.who)}",
        ),
        numeric(n.RPL_YOURHOST, text=f"Your host is {dialect.hostname}, running version {version}"),
        numeric(n.RPL_CREATED, text=f"This server was created {dialect.date(dialect.started)}"),
        f"{dialect.head(n.RPL_MYINFO)} {dialect.hostname} {version} {''.join(sorted(USER_BY_LETTER))} "
        "CIbeiklmnostv Ibeklov",
        *dialect.isupport(),
    ]
    if event.counts is not None:
        lines_ += _counts(dialect, event.counts)
    lines_ += local_replies.motd(dialect)
    return lines_


def _counts(dialect: IrcDialect, counts: Counts) -> Lines:
    numeric = dialect.numeric
    visible = counts.users - counts.invisible
    most = max(counts.most, counts.users)
    return [
        numeric(
            n.RPL_LUSERCLIENT, text=f"There are {visible} users and {counts.invisible} invisible on 1 servers"
        ),
        numeric(n.RPL_LUSEROP, str(counts.operators), text="IRC Operators online"),
        numeric(n.RPL_LUSERUNKNOWN, str(counts.strangers), text="unregistered connections"),
        numeric(n.RPL_LUSERCHANNELS, str(counts.channels), text="channels formed"),
        numeric(n.RPL_LUSERME, text=f"I have {counts.users} clients and 0 servers"),
        numeric(
            n.RPL_LOCALUSERS,
            str(counts.users),
            str(most),
            text=f"Current local users {counts.users}, max {most}",
        ),
        numeric(
            n.RPL_GLOBALUSERS,
            str(counts.users),
            str(most),
            text=f"Current global users {counts.users}, max {most}",
        ),
    ]


def _logged_out(dialect: IrcDialect, event: LoggedOut) -> Lines:
    reason = dialect.asked.reason if isinstance(dialect.asked, Quit) else ""
    lines_ = [cut(f"ERROR :Closing Link: {dialect.nick} (Quit: {safe(reason)})")]
    if dialect.welcomed:
        lines_.insert(0, cut(f":{broadcasts.source(dialect.nick, dialect.who)} QUIT :{safe(reason)}"))
    return lines_


def _hung_up(dialect: IrcDialect, event: HungUp) -> Lines:
    return [cut(f"ERROR :Closing Link: {dialect.nick} ({safe(event.reason)})")]


def _named(dialect: IrcDialect, event: NickConfirmed) -> Lines:
    dialect.nick = event.name
    return []


def _entered(dialect: IrcDialect, event: Entered) -> Lines:
    if event.again:
        return []
    dialect.who = event.who  # a bot by now, or with an account
    channel = event.channel
    lines_ = broadcasts.join(event, dialect.caps, event.name, channel)
    if event.topic:
        lines_ += _topic(dialect, channel, event.topic, event.topic_by, event.topic_at)
    members = event.members or tuple(Member(name) for name in event.names or (event.name,))
    lines_ += users.names(dialect, channel, members, secret=event.secret)
    if dialect.caps & caps.READ_MARKER:
        lines_.insert(-1, history.marker(dialect, channel, event.read_at))
    return lines_


# ---- messages -------------------------------------------------------------------------------------------------


def _sent(dialect: IrcDialect, event: MessageAccepted) -> Lines:
    lines_: Lines = []
    if dialect.caps & caps.ECHO_MESSAGE and event.said is not None:
        lines_ += broadcasts.lines(event.said, dialect.caps)
    if event.said is not None and event.said.notice:
        return lines_  # nobody answers a notice (RFC 2812, 3.3.2)
    if event.away is not None:
        lines_.append(dialect.numeric(n.RPL_AWAY, event.to, text=safe(event.away)))
    elif event.kept:
        text = "is not online, and will find your message in the inbox"
        lines_.append(dialect.numeric(n.RPL_AWAY, event.to, text=text))
    return lines_


def _failed(dialect: IrcDialect, event: Failed) -> Lines:
    request = event.request or dialect.asked
    if isinstance(request, SendMessage | SendTagMessage) and request.notice:
        return []  # nobody answers a notice (RFC 2812, 3.3.2)
    if isinstance(request, Malformed) and request.fatal:
        return [cut(f"ERROR :Closing Link: {dialect.nick} ({safe(event.text)})")]
    if event.code == "not-logged-in" and not isinstance(request, Register):
        return [dialect.numeric(n.ERR_NOTREGISTERED, text="You have not registered")]
    if isinstance(request, Authenticate | Scram):
        return [dialect.numeric(n.ERR_SASLFAIL, text="SASL authentication failed")]
    if isinstance(request, ListNames):
        return [dialect.numeric(n.RPL_ENDOFNAMES, request.channel or "*", text="End of /NAMES list.")]
    if isinstance(request, WhoIs):
        name = request.name
        return [
            dialect.numeric(n.ERR_NOSUCHNICK, name, text="No such nick/channel"),
            dialect.numeric(n.RPL_ENDOFWHOIS, name, text="End of /WHOIS list."),
        ]
    standard = history.failed(dialect, event, request)
    if standard is not None:
        return standard
    known = errors.numeric(event)
    if known is None:
        return [cut(f":{dialect.hostname} NOTICE {dialect.nick} :{safe(event.text)}")]
    number, words = known
    return [dialect.numeric(number, *words, text=safe(errors.text(number, event)))]


def _done(dialect: IrcDialect, event: Done) -> Lines:
    request, numeric = dialect.asked, dialect.numeric
    if event.told is not None and dialect.caps & caps.ECHO_MESSAGE:
        return broadcasts.lines(event.told, dialect.caps)
    if isinstance(request, Part):
        facts = dict(event.facts)
        where = facts.get("channels")
        who = dialect.who
        left = Left(event.at, dialect.nick, "", request.reason, who=who)
        channels = where if isinstance(where, list) else []
        return [
            line
            for name in channels
            for line in broadcasts.part(left, dialect.caps, dialect.nick, name, request.reason)
        ]
    if isinstance(request, SetAway):
        if request.text:
            return [numeric(n.RPL_NOWAWAY, text="You have been marked as being away")]
        return [numeric(n.RPL_UNAWAY, text="You are no longer marked as being away")]
    if isinstance(request, Register):
        return [
            f":{dialect.hostname} REGISTER SUCCESS {event.who.account or dialect.nick} :{safe(event.text)}"
        ]
    if event.text and not isinstance(request, _SILENT):
        return [cut(f":{dialect.hostname} NOTICE {dialect.nick} :{safe(event.text)}")]
    return []


_SILENT = (
    ChangeNick,
    Join,
    Topic,
    Kick,
    Invite,
    SetRealname,
    SendTagMessage,
    Monitor,
    ListMonitored,
    SetReadMarker,
    ChannelMode,
    Redact,
)


# ---- channels -------------------------------------------------------------------------------------------------


def _topic(dialect: IrcDialect, channel: str, text: str, by: str, at: int) -> Lines:
    told = [dialect.numeric(n.RPL_TOPIC, channel, text=safe(text))]
    if by:
        told.append(f"{dialect.head(n.RPL_TOPICWHOTIME, channel, by)} {at // 1000}")
    return told


def _topic_told(dialect: IrcDialect, event: TopicTold) -> Lines:
    if not event.text:
        return [dialect.numeric(n.RPL_NOTOPIC, event.channel, text="No topic is set")]
    return _topic(dialect, event.channel, event.text, event.by, event.set_at)


def _listed(dialect: IrcDialect, event: ChannelsListed) -> Lines:
    asked = dialect.asked.id or "" if dialect.asked else ""
    wanted = Wanted(asked, event.at)
    rows = [
        dialect.numeric(n.RPL_LIST, row.name, str(row.users), text=safe(row.topic))
        for row in event.channels
        if row.users and wanted.matches(row)
    ]
    start = dialect.numeric(n.RPL_LISTSTART, "Channel", text="Users  Name")
    return [start, *rows, dialect.numeric(n.RPL_LISTEND, text="End of /LIST")]


class Wanted:
    """What LIST asks for: names, and conditions (ELIST): `<3`, `>3` users, `C<10`, `T>10` minutes, masks."""

    def __init__(self, text: str, now: int) -> None:
        self._now = now
        self._conditions: list[tuple[str, bool, int]] = []
        self._masks: list[tuple[bool, str]] = []
        for word in text.split(","):
            head, sign, number = word[:1].upper(), word[:1], word[1:]
            if head in ("C", "T") and word[1:2] in ("<", ">"):
                sign, number = word[1], word[2:]
            else:
                head = "U"
            if sign in ("<", ">") and number.isdecimal() and len(number) < 10:
                self._conditions.append((head, sign == ">", int(number)))
            elif word:
                self._masks.append((word.startswith("!"), word.lstrip("!")))

    def matches(self, row: ChannelInfo) -> bool:
        """Whether a channel is asked for."""
        for what, above, number in self._conditions:
            minutes = (self._now - (row.created if what == "C" else row.topic_at)) // 60_000
            value = row.users if what == "U" else minutes
            if what == "T" and not row.topic_at:
                return False
            if not (value > number if above else value < number):
                return False
        named = [mask for negated, mask in self._masks if not negated]
        if named and not any(matches_text(mask, row.name) for mask in named):
            return False
        return not any(matches_text(mask, row.name) for negated, mask in self._masks if negated)


def _modes_told(dialect: IrcDialect, event: ModesTold) -> Lines:
    return [
        f"{dialect.head(n.RPL_CHANNELMODEIS, event.channel)} {write(event.changes) or '+'}",
        f"{dialect.head(n.RPL_CREATIONTIME, event.channel)} {event.created // 1000}",
    ]


_LISTS = {
    "b": (n.RPL_BANLIST, n.RPL_ENDOFBANLIST, "End of channel ban list"),
    "e": (n.RPL_EXCEPTLIST, n.RPL_ENDOFEXCEPTLIST, "End of channel exception list"),
    "I": (n.RPL_INVITELIST, n.RPL_ENDOFINVITELIST, "End of channel invite list"),
}


def _mode_listed(dialect: IrcDialect, event: ModeListed) -> Lines:
    number, end, text = _LISTS[event.letter]
    rows = [
        f"{dialect.head(number, event.channel, entry.mask, entry.by)} {entry.at // 1000}"
        for entry in event.entries
    ]
    return [*rows, dialect.numeric(end, event.channel, text=text)]


def _user_modes(dialect: IrcDialect, event: UserModesTold) -> Lines:
    return [f"{dialect.head(n.RPL_UMODEIS)} +{event.letters}"]


def _user_modes_changed(dialect: IrcDialect, event: UserModesChanged) -> Lines:
    return [f":{event.name} MODE {event.name} :{write(event.changes)}"] if event.changes else []


def _invite_sent(dialect: IrcDialect, event: InviteSent) -> Lines:
    lines_ = [f"{dialect.head(n.RPL_INVITING)} {event.name} {event.channel}"]
    if event.away is not None:
        lines_.append(dialect.numeric(n.RPL_AWAY, event.name, text=safe(event.away)))
    return lines_


# ---- accounts, operators, the rest ----------------------------------------------------------------------------


def _authenticated(dialect: IrcDialect, event: Authenticated) -> Lines:
    name = event.name or "*"
    by = broadcasts.source(name, event.who)
    lines_ = [
        f"{dialect.head(n.RPL_LOGGEDIN)} {by} {event.account} :You are now logged in as {event.account}"
    ]
    if isinstance(dialect.asked, Authenticate | Scram):
        lines_.append(dialect.numeric(n.RPL_SASLSUCCESS, text="SASL authentication successful"))
    return lines_


def _challenged(dialect: IrcDialect, event: ScramChallenge) -> Lines:
    text = b64encode(event.text.encode("utf-8", "replace")).decode("ascii")
    pieces = [text[start : start + CHUNK] for start in range(0, len(text) + 1, CHUNK)]
    return [f"AUTHENTICATE {piece or '+'}" for piece in pieces]


def _operator_made(dialect: IrcDialect, event: OperGranted) -> Lines:
    return [
        dialect.numeric(n.RPL_YOUREOPER, text="You are now an IRC operator"),
        f":{dialect.nick} MODE {dialect.nick} :+o",
    ]


def _banished(dialect: IrcDialect, event: ServerBansListed) -> Lines:
    rows = []
    for ban in event.bans:
        until = f"until {dialect.date(ban.until)}" if ban.until else "for good"
        head = dialect.head(n.RPL_STATSKLINE, "K", ban.whom, "*", "*")
        rows.append(cut(f"{head} :{safe(ban.by)}, {until}: {safe(ban.reason)}"))
    return [*rows, dialect.numeric(n.RPL_ENDOFSTATS, "k", text="End of /STATS report")]


def _noticed(dialect: IrcDialect, event: ServerNotice | Stopping) -> Lines:
    text = event.text if isinstance(event, ServerNotice) else event.reason
    return [cut(f":{dialect.hostname} NOTICE {dialect.nick} :{safe(line)}") for line in text.splitlines()]


def _aside(dialect: IrcDialect, event: LocalReply) -> Lines:
    return local_replies.lines(dialect, event.payload, event.at) if isinstance(event.payload, Local) else []


def _answering(dialect: IrcDialect, event: RequestContext) -> Lines:
    dialect.asked = event.request
    return []


def _appeared(dialect: IrcDialect, event: MonitorOnline) -> Lines:
    return packed(dialect.head(n.RPL_MONONLINE) + " :", [broadcasts.source(event.name, event.who)])


def _vanished(dialect: IrcDialect, event: MonitorOffline) -> Lines:
    return packed(dialect.head(n.RPL_MONOFFLINE) + " :", [event.name])


FORMS: dict[type[Event], Callable[[IrcDialect, Any], Lines]] = {
    RequestContext: _answering,
    LocalReply: _aside,
    LoggedIn: _logged_in,
    LoggedOut: _logged_out,
    HungUp: _hung_up,
    NickConfirmed: _named,
    Entered: _entered,
    MessageAccepted: _sent,
    Failed: _failed,
    Done: _done,
    TopicTold: _topic_told,
    ChannelsListed: _listed,
    NamesListed: users.names_listed,
    PeopleFound: users.found,
    WhoIsTold: users.whois,
    WhoWasTold: users.past,
    PeopleTold: users.told,
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
    CountsTold: lambda dialect, event: _counts(dialect, event.counts),
    ServerNotice: _noticed,
    Stopping: _noticed,
    HistoryListed: history.history,
    InboxListed: history.inbox,
    ConversationsListed: history.conversations,
    ReadMarkerTold: history.marked,
    ReadMarkerMoved: history.read_up_to,
    Pinged: lambda dialect, event: [f"PING :{event.token}"],
    Ponged: lambda dialect, event: [
        cut(f":{dialect.hostname} PONG {dialect.hostname} :{safe(str(event.token))}")
    ],
}
