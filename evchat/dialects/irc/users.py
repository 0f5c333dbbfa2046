"""Who is there: NAMES, WHO, WHOIS, WHOWAS, USERHOST, ISON, MONITOR."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from evchat.dialects.irc import caps, isupport
from evchat.dialects.irc import numerics as n
from evchat.dialects.irc.broadcasts import source
from evchat.dialects.irc.line import packed, safe
from evchat.protocol.channels import Member, NamesListed
from evchat.protocol.monitor import ListMonitored, Monitor, MonitorTold
from evchat.protocol.people import (
    ChannelMembership,
    FindUsers,
    LookUpUsers,
    PeopleFound,
    PeopleTold,
    Person,
    WhoIs,
    WhoIsTold,
    WhoWasTold,
)

if TYPE_CHECKING:
    from evchat.dialects.irc.dialect import IrcDialect

SIGNS: Final = {"o": "@", "v": "+"}
_FIELDS: Final = "tcuihsnfdlaor"
"""The fields of WHOX, in the order in which they are told."""


def signs(dialect: IrcDialect, roles: str) -> str:
    """The signs of roles before a name: all of them for who asked for it, else the highest."""
    shown = roles if dialect.caps & caps.MULTI_PREFIX else roles[:1]
    return "".join(SIGNS[role] for role in shown)


def names(dialect: IrcDialect, channel: str, members: tuple[Member, ...], *, secret: bool) -> list[str]:
    """Who is in a channel."""
    told = []
    if members:
        full = dialect.caps & caps.USERHOST_IN_NAMES
        rows = [
            signs(dialect, member.roles) + (source(member.name, member.who) if full else member.name)
            for member in members
        ]
        kind = "@" if secret else "="
        told = packed(dialect.head(n.RPL_NAMREPLY, kind, channel) + " :", rows)
    return [*told, dialect.numeric(n.RPL_ENDOFNAMES, channel, text="End of /NAMES list.")]


def names_listed(dialect: IrcDialect, event: NamesListed) -> list[str]:
    """The answer to NAMES."""
    members = event.members or tuple(Member(name) for name in event.names)
    return names(dialect, event.channel, members, secret=event.secret)


# ---- WHO ------------------------------------------------------------------------------------------------------


def found(dialect: IrcDialect, event: PeopleFound) -> list[str]:
    """The answer to WHO, in the old form or with the fields asked for (WHOX)."""
    request = dialect.asked
    options = request.id or "" if isinstance(request, FindUsers) else ""
    _, percent, wanted = options.partition("%")
    fields, _, token = wanted.partition(",")
    lines = []
    for person, seat in event.people:
        if percent:
            told = [
                text
                for field in _FIELDS
                if field in fields
                for text in (_field(dialect, field, person, seat, token),)
            ]
            lines.append(f"{dialect.head(n.RPL_WHOSPCRPL)} {' '.join(told)}")
        else:
            who = person.who
            channel = seat.channel if seat else "*"
            flags = _flags(dialect, person, seat)
            lines.append(
                dialect.numeric(
                    n.RPL_WHOREPLY, channel, who.username, who.host, dialect.hostname, person.name, flags,
                    text=f"0 {safe(who.realname or person.name)}",
                )
            )  # fmt: skip
    lines.append(dialect.numeric(n.RPL_ENDOFWHO, event.mask or "*", text="End of /WHO list."))
    return lines


def _flags(dialect: IrcDialect, person: Person, seat: ChannelMembership | None) -> str:
    here = "H" if person.away is None else "G"
    star = "*" if person.operator else ""
    bot = "B" if person.who.bot else ""
    return here + star + bot + (signs(dialect, seat.roles) if seat else "")


def _field(
    dialect: IrcDialect, field: str, person: Person, seat: ChannelMembership | None, token: str
) -> str:
    who = person.who
    match field:
        case "t":
            return token[:3] or "0"
        case "c":
            return seat.channel if seat else "*"
        case "u":
            return who.username
        case "i":
            return person.address or "255.255.255.255"
        case "h":
            return who.host
        case "s":
            return dialect.hostname
        case "n":
            return person.name
        case "f":
            return _flags(dialect, person, seat)
        case "d":
            return "0"
        case "l":
            return str(person.idle // 1000)
        case "a":
            return who.account or "0"
        case "o":
            return "n/a"
        case _:
            return f":{safe(who.realname or person.name)}"


# ---- WHOIS, WHOWAS --------------------------------------------------------------------------------------------


def whois(dialect: IrcDialect, event: WhoIsTold) -> list[str]:
    """The answer to WHOIS."""
    return list(_whois(dialect, event.person))


def _whois(dialect: IrcDialect, person: Person) -> Iterator[str]:
    numeric, name, who = dialect.numeric, person.name, person.who
    asked = dialect.asked.name if isinstance(dialect.asked, WhoIs) else name
    if not person.online:
        yield numeric(n.ERR_NOSUCHNICK, name, text="No such nick/channel")
        yield numeric(n.RPL_ENDOFWHOIS, name, text="End of /WHOIS list.")
        return
    yield numeric(n.RPL_WHOISUSER, name, who.username, who.host, "*", text=safe(who.realname or name))
    if person.seats:
        rows = [signs(dialect, seat.roles) + seat.channel for seat in person.seats]
        yield from packed(dialect.head(n.RPL_WHOISCHANNELS, name) + " :", rows)
    yield numeric(n.RPL_WHOISSERVER, name, dialect.hostname, text=isupport.network(dialect.config))
    if person.away is not None:
        yield numeric(n.RPL_AWAY, name, text=safe(person.away))
    if person.operator:
        yield numeric(n.RPL_WHOISOPERATOR, name, text="is an IRC operator")
    if person.address:
        yield numeric(
            n.RPL_WHOISHOST, name, text=f"is connecting from {who.username}@{person.address} {person.address}"
        )
    if who.account:
        yield numeric(n.RPL_WHOISACCOUNT, name, who.account, text="is logged in as")
    if who.bot:
        yield numeric(n.RPL_WHOISBOT, name, text="is a bot")
    yield numeric(
        n.RPL_WHOISIDLE,
        name,
        str(person.idle // 1000),
        str(person.since // 1000),
        text="seconds idle, signon time",
    )
    yield numeric(n.RPL_ENDOFWHOIS, asked, text="End of /WHOIS list.")


def past(dialect: IrcDialect, event: WhoWasTold) -> list[str]:
    """The answer to WHOWAS."""
    numeric = dialect.numeric
    lines = []
    for one in event.people:
        who = one.who
        lines.append(
            numeric(
                n.RPL_WHOWASUSER, one.name, who.username, who.host, "*", text=safe(who.realname or one.name)
            )
        )
        lines.append(numeric(n.RPL_WHOISSERVER, one.name, dialect.hostname, text=dialect.date(one.until)))
    if not lines:
        lines.append(numeric(n.ERR_WASNOSUCHNICK, event.name, text="There was no such nickname"))
    return [*lines, numeric(n.RPL_ENDOFWHOWAS, event.name, text="End of WHOWAS")]


# ---- USERHOST, ISON, MONITOR ----------------------------------------------------------------------------------


def told(dialect: IrcDialect, event: PeopleTold) -> list[str]:
    """The answer to USERHOST or ISON."""
    request = dialect.asked
    if isinstance(request, LookUpUsers) and request.id == "ISON":
        return [dialect.numeric(n.RPL_ISON, text=" ".join(person.name for person in event.people))]
    rows = [
        f"{person.name}{'*' if person.operator else ''}={'+' if person.away is None else '-'}"
        f"{person.who.username}@{person.who.host}"
        for person in event.people
    ]
    return [dialect.numeric(n.RPL_USERHOST, text=" ".join(rows))]


def watched(dialect: IrcDialect, event: MonitorTold) -> list[str]:
    """The answer to MONITOR."""
    request = dialect.asked
    names_ = [person.name for person in event.online]
    if isinstance(request, ListMonitored):
        if request.clear:
            return []
        if request.id == "L":
            every = [*names_, *event.offline]
            rows = packed(dialect.head(n.RPL_MONLIST) + " :", every, ",") if every else []
            return [*rows, dialect.numeric(n.RPL_ENDOFMONLIST, text="End of MONITOR list")]
    elif isinstance(request, Monitor) and not request.on:
        return []
    lines = []
    if names_:
        sources = [source(person.name, person.who) for person in event.online]
        lines += packed(dialect.head(n.RPL_MONONLINE) + " :", sources, ",")
    if event.offline:
        lines += packed(dialect.head(n.RPL_MONOFFLINE) + " :", list(event.offline), ",")
    return lines
