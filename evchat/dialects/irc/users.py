"""Replies about users: NAMES, WHO, WHOIS, WHOWAS, USERHOST, ISON, MONITOR."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evchat.dialects.irc import caps
from evchat.dialects.irc import numerics as n
from evchat.dialects.irc.broadcasts import source
from evchat.dialects.irc.client import IrcClient
from evchat.dialects.irc.line import packed, safe
from evchat.protocol.channels import Member, NamesListed
from evchat.protocol.monitor import ListMonitored, Monitor, MonitorTold
from evchat.protocol.people import (
    ChannelMembership,
    PeopleFound,
    PeopleTold,
    Person,
    WhoIs,
    WhoIsTold,
    WhoWasTold,
)
from evchat.protocol.signs import sign

_FIELDS: Final = "tcuihsnfdlaor"
"""The fields of WHOX, in the order in which they are told."""


def signs(client: IrcClient, roles: str) -> str:
    """The signs of roles before a name: all of them for who asked for it, else the highest."""
    return "".join(map(sign, roles)) if client.caps & caps.MULTI_PREFIX else sign(roles)


def names(client: IrcClient, channel: str, members: tuple[Member, ...], *, secret: bool) -> list[str]:
    """The reply to NAMES, of RPL_NAMREPLY lines and RPL_ENDOFNAMES."""
    told = []
    if members:
        full = client.caps & caps.USERHOST_IN_NAMES
        if full or client.caps & caps.MULTI_PREFIX:
            rows = [
                signs(client, member.roles) + (source(member.name, member.who) if full else member.name)
                for member in members
            ]
        else:
            rows = [sign(member.roles) + member.name if member.roles else member.name for member in members]
        kind = "@" if secret else "="
        told = packed(client.head(n.RPL_NAMREPLY, kind, channel) + " :", rows)
    return [*told, client.numeric(n.RPL_ENDOFNAMES, channel, text="End of /NAMES list.")]


def names_listed(client: IrcClient, event: NamesListed) -> list[str]:
    """The answer to NAMES."""
    members = event.members or tuple(Member(name) for name in event.names)
    return names(client, event.channel, members, secret=event.secret)


# ---- WHO ------------------------------------------------------------------------------------------------------


def omitted(client: IrcClient, count: int, what: str, how: str) -> list[str]:
    """Tells that a list was cut, and how to find the rest; nothing if it is whole."""
    return (
        [f":{client.hostname} NOTICE {client.nick} :The list was cut: {what} left out: {count}. {how}"]
        if count
        else []
    )


def found(client: IrcClient, event: PeopleFound) -> list[str]:
    """The answer to WHO, in the old form or with the fields asked for (WHOX)."""
    _, percent, wanted = client.line.param(1).partition("%")
    fields, _, token = wanted.partition(",")
    lines = []
    for person, seat in event.people:
        if percent:
            told = [
                text
                for field in _FIELDS
                if field in fields
                for text in (_field(client, field, person, seat, token),)
            ]
            lines.append(f"{client.head(n.RPL_WHOSPCRPL)} {' '.join(told)}")
        else:
            who = person.who
            channel = seat.channel if seat else "*"
            flags = _flags(client, person, seat)
            lines.append(
                client.numeric(
                    n.RPL_WHOREPLY, channel, who.username, who.host, client.hostname, person.name, flags,
                    text=f"0 {safe(who.realname or person.name)}",
                )
            )  # fmt: skip
    lines += omitted(client, event.omitted, "users", "A mask finds them.")
    lines.append(client.numeric(n.RPL_ENDOFWHO, event.mask or "*", text="End of /WHO list."))
    return lines


def _flags(client: IrcClient, person: Person, seat: ChannelMembership | None) -> str:
    here = "H" if person.away is None else "G"
    star = "*" if person.operator else ""
    bot = "B" if person.who.bot else ""
    return here + star + bot + (signs(client, seat.roles) if seat else "")


def _field(client: IrcClient, field: str, person: Person, seat: ChannelMembership | None, token: str) -> str:
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
            return client.hostname
        case "n":
            return person.name
        case "f":
            return _flags(client, person, seat)
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


def whois(client: IrcClient, event: WhoIsTold) -> list[str]:
    """The answer to WHOIS."""
    return list(_whois(client, event.person))


def _whois(client: IrcClient, person: Person) -> Iterator[str]:
    numeric, name, who = client.numeric, person.name, person.who
    asked = client.asked.name if isinstance(client.asked, WhoIs) else name
    if not person.online:
        yield numeric(n.ERR_NOSUCHNICK, name, text="No such nick/channel")
        yield numeric(n.RPL_ENDOFWHOIS, name, text="End of /WHOIS list.")
        return
    yield numeric(n.RPL_WHOISUSER, name, who.username, who.host, "*", text=safe(who.realname or name))
    if person.seats:
        rows = [signs(client, seat.roles) + seat.channel for seat in person.seats]
        yield from packed(client.head(n.RPL_WHOISCHANNELS, name) + " :", rows)
    yield numeric(n.RPL_WHOISSERVER, name, client.hostname, text=client.server.network)
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


def past(client: IrcClient, event: WhoWasTold) -> list[str]:
    """The answer to WHOWAS."""
    numeric = client.numeric
    lines = []
    for one in event.people:
        who = one.who
        lines.append(
            numeric(
                n.RPL_WHOWASUSER, one.name, who.username, who.host, "*", text=safe(who.realname or one.name)
            )
        )
        lines.append(numeric(n.RPL_WHOISSERVER, one.name, client.hostname, text=client.date(one.until)))
    if not lines:
        lines.append(numeric(n.ERR_WASNOSUCHNICK, event.name, text="There was no such nickname"))
    return [*lines, numeric(n.RPL_ENDOFWHOWAS, event.name, text="End of WHOWAS")]


# ---- USERHOST, ISON, MONITOR ----------------------------------------------------------------------------------


def told(client: IrcClient, event: PeopleTold) -> list[str]:
    """The answer to USERHOST or ISON."""
    if client.line.command == "ISON":
        return packed(f"{client.head(n.RPL_ISON)} :", [person.name for person in event.people])
    rows = [
        f"{person.name}{'*' if person.operator else ''}={'+' if person.away is None else '-'}"
        f"{person.who.username}@{person.who.host}"
        for person in event.people
    ]
    return packed(f"{client.head(n.RPL_USERHOST)} :", rows)


def watched(client: IrcClient, event: MonitorTold) -> list[str]:
    """The answer to MONITOR."""
    request = client.asked
    names_ = [person.name for person in event.online]
    if isinstance(request, ListMonitored):
        if request.clear:
            return []
        if client.line.param(0)[:1].upper() == "L":
            every = [*names_, *event.offline]
            rows = packed(client.head(n.RPL_MONLIST) + " :", every, ",") if every else []
            return [*rows, client.numeric(n.RPL_ENDOFMONLIST, text="End of MONITOR list")]
    elif isinstance(request, Monitor) and not request.on:
        return []
    lines = []
    if names_:
        sources = [source(person.name, person.who) for person in event.online]
        lines += packed(client.head(n.RPL_MONONLINE) + " :", sources, ",")
    if event.offline:
        lines += packed(client.head(n.RPL_MONOFFLINE) + " :", list(event.offline), ",")
    return lines
