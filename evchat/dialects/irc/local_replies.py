"""Replies that need no core, by the name of a `Local`: capabilities, facts about the server, syntax errors."""

from __future__ import annotations

from collections.abc import Callable

from evchat.dialects import times
from evchat.dialects.irc import caps
from evchat.dialects.irc import numerics as n
from evchat.dialects.irc.client import IrcClient
from evchat.dialects.irc.line import middle, packed, safe
from evchat.dialects.irc.local_requests import Local

Params = tuple[str, ...]


def lines(client: IrcClient, word: Local, now: int) -> list[str]:
    """The reply to a local request. `now` is milliseconds since the epoch."""
    if not client.welcomed and not word.early:
        return [client.numeric(n.ERR_NOTREGISTERED, text="You have not registered")]
    if word.what == "time":
        return [client.numeric(n.RPL_TIME, client.hostname, text=times.sentence(now))]
    return _WORDS[word.what](client, word.params)


# ---- capabilities ---------------------------------------------------------------------------------------------


def _cap(client: IrcClient, params: Params) -> list[str]:
    sub, *rest = params
    if sub == "LS":
        version = rest[0] if rest else ""
        values = version.isdecimal() and int(version[:9]) >= 302
        if values:
            client.version = 302  # which implies cap-notify; it need not be listed
        return _cap_lines(client, "LS", _listing(client) if values else list(caps.NAMES))
    if sub == "LIST":
        return _cap_lines(client, "LIST", list(caps.held(client.caps)))
    if sub == "REQ":
        asked = rest[0] if rest else ""
        changed = caps.change(client.caps, asked)
        if changed is None or (client.version >= 302 and "-cap-notify" in asked.split()):
            return [f":{client.hostname} CAP {client.nick} NAK :{safe(asked)}"]
        client.caps = changed
        return [f":{client.hostname} CAP {client.nick} ACK :{safe(asked)}"]
    if sub == "END":
        return []
    return [
        client.numeric(n.ERR_INVALIDCAPCMD, safe(sub).replace(" ", "") or "*", text="Invalid CAP command")
    ]


def _listing(client: IrcClient) -> list[str]:
    """The capabilities with their values. `sts` is none that can be requested: it is an announcement."""
    listed = caps.listing(caps.NAMES, caps.values(client.config.limits, client.transport.mechanisms)).split(
        " "
    )
    policy = client.transport.policy
    return [*listed, f"sts={policy}"] if policy else listed


def _cap_lines(client: IrcClient, sub: str, words: list[str]) -> list[str]:
    """One line for who knows no more; a client that asked with 302 understands several."""
    head = f":{client.hostname} CAP {client.nick} {sub} "
    told = packed(head + "* :", words) if client.version >= 302 else [f"{head}* :{' '.join(words)}"]
    told[-1] = told[-1].replace(f"{head}* :", f"{head}:", 1)
    return told


# ---- the server -----------------------------------------------------------------------------------------------


def motd(client: IrcClient, params: Params = ()) -> list[str]:
    """The message of the day."""
    if params and not _is_me(client, params[0]):
        return _no_such_server(client, params[0])
    return client.server.motd(client.nick)


def _is_me(client: IrcClient, name: str) -> bool:
    return name.lower() in (client.hostname.lower(), client.nick.lower(), "*")


def _no_such_server(client: IrcClient, name: str) -> list[str]:
    return [client.numeric(n.ERR_NOSUCHSERVER, middle(name), text="No such server")]


def _for_me(tell: Callable[[IrcClient], list[str]]) -> Callable[[IrcClient, Params], list[str]]:
    """A question that may name the server that it is for."""

    def ask(client: IrcClient, params: Params) -> list[str]:
        if params and params[0] and not _is_me(client, params[0]):
            return _no_such_server(client, params[0])
        return tell(client)

    return ask


def _version(client: IrcClient) -> list[str]:
    version = client.numeric(n.RPL_VERSION, client.server.version, client.hostname, text="evchat")
    return [version, *client.isupport()]


def _info(client: IrcClient) -> list[str]:
    about = (
        f"{client.server.version}: chat for a team, a class, a LAN or a ship, without a cloud.",
        "One process, one port: IRC clients talk with netcat, programs and terminals in the same channels.",
        f"This server has been running since {client.date(client.server.started)}.",
    )
    return [
        *(client.numeric(n.RPL_INFO, text=line) for line in about),
        client.numeric(n.RPL_ENDOFINFO, text="End of /INFO list."),
    ]


def _admin(client: IrcClient) -> list[str]:
    return [
        client.numeric(n.RPL_ADMINME, client.hostname, text="Administrative info"),
        client.numeric(n.RPL_ADMINLOC1, text=client.server.network),
        client.numeric(n.RPL_ADMINLOC2, text="Ask an operator: /WHO * o lists them."),
        client.numeric(n.RPL_ADMINEMAIL, text=f"admin@{client.hostname}"),
    ]


def _links(client: IrcClient, params: Params) -> list[str]:
    me = client.hostname
    return [
        client.numeric(n.RPL_LINKS, me, me, text=f"0 {client.server.network}"),
        client.numeric(n.RPL_ENDOFLINKS, "*", text="End of /LINKS list."),
    ]


def _stats(client: IrcClient, params: Params) -> list[str]:
    return [client.numeric(n.RPL_ENDOFSTATS, params[0], text="End of /STATS report")]


def _help(client: IrcClient, params: Params) -> list[str]:
    from evchat.dialects.irc import help_text  # here, because few ever ask for it

    subject = (params[0] if params else "").lower()
    text = help_text.page(subject)
    shown = middle(subject) if subject else "*"
    if text is None:
        return [
            client.numeric(
                n.ERR_HELPNOTFOUND, shown, text="There is no help on that. HELP all lists the subjects."
            )
        ]
    first, *rest = text
    return [
        client.numeric(n.RPL_HELPSTART, shown, text=first),
        *(client.numeric(n.RPL_HELPTXT, shown, text=line) for line in rest),
        client.numeric(n.RPL_ENDOFHELP, shown, text="End of /HELP."),
    ]


# ---- mistakes -------------------------------------------------------------------------------------------------


def _lacking(client: IrcClient, params: Params) -> list[str]:
    return [client.numeric(n.ERR_NEEDMOREPARAMS, params[0], text="Not enough parameters")]


def _unknown(client: IrcClient, params: Params) -> list[str]:
    return [client.numeric(n.ERR_UNKNOWNCOMMAND, middle(params[0]), text="Unknown command")]


def _services(client: IrcClient, params: Params) -> list[str]:
    text = "There are no services here, and nothing was kept. Log in with SASL; REGISTER gives your nick a password."
    return [client.numeric(n.ERR_UNKNOWNCOMMAND, middle(params[0]), text=text)]


def _fail(client: IrcClient, params: Params) -> list[str]:
    """A standard reply (IRCv3): command, code, context …, sentence."""
    *words, text = params
    return [f":{client.hostname} FAIL {' '.join(map(middle, words))} :{safe(text)}"]


def _too_long(client: IrcClient, params: Params) -> list[str]:
    return [client.numeric(n.ERR_INPUTTOOLONG, text="Input line was too long")]


def _opened(client: IrcClient, params: Params) -> list[str]:
    """A batch was begun."""
    return [] if client.caps & caps.MULTILINE else _unknown(client, ("BATCH",))


def _sasl(client: IrcClient, params: Params) -> list[str]:
    """A step of AUTHENTICATE that needs no password."""
    what = params[0]
    if what == "aborted":
        return [client.numeric(n.ERR_SASLABORTED, text="SASL authentication aborted")]
    if what == "too-long":
        return [client.numeric(n.ERR_SASLTOOLONG, text="SASL message too long")]
    if what == "mechanisms":
        return [
            client.numeric(
                n.RPL_SASLMECHS, ",".join(client.transport.mechanisms), text="are available SASL mechanisms"
            ),
            client.numeric(n.ERR_SASLFAIL, text="SASL authentication failed"),
        ]
    if what == "go-on":
        return ["AUTHENTICATE +"]
    return [client.numeric(n.ERR_SASLFAIL, text="SASL authentication failed")]


def _simple(number: str, text: str, *words: str) -> Callable[[IrcClient, Params], list[str]]:
    return lambda client, params: [client.numeric(number, *words, text=text)]


_WORDS: dict[str, Callable[[IrcClient, Params], list[str]]] = {
    "cap": _cap,
    "motd": motd,
    "version": _for_me(_version),
    "info": _for_me(_info),
    "admin": _for_me(_admin),
    "links": _links,
    "stats": _stats,
    "help": _help,
    "users": _simple(n.ERR_USERSDISABLED, "USERS has been disabled"),
    "summon": _simple(n.ERR_SUMMONDISABLED, "SUMMON has been disabled"),
    "lacking": _lacking,
    "unknown": _unknown,
    "services": _services,
    "fail": _fail,
    "too-long": _too_long,
    "opened": _opened,
    "sasl": _sasl,
    "nothing": lambda client, params: [],
    "bad-value": lambda client, params: [
        client.numeric(
            n.ERR_INVALIDMODEPARAM, middle(params[0]), middle(params[1]), "*", text="That is not a value"
        )
    ],
    "no-nick": _simple(n.ERR_NONICKNAMEGIVEN, "No nickname given"),
    "no-origin": _simple(n.ERR_NOORIGIN, "No origin specified"),
    "no-text": _simple(n.ERR_NOTEXTTOSEND, "No text to send"),
    "no-names": _simple(n.RPL_ENDOFNAMES, "End of /NAMES list.", "*"),
    "no-recipient": lambda client, params: [
        client.numeric(n.ERR_NORECIPIENT, text=f"No recipient given ({params[0]})")
    ],
    "too-many-targets": lambda client, params: [
        client.numeric(n.ERR_TOOMANYTARGETS, middle(params[0]), text="Too many targets")
    ],
    "verify": lambda client, params: _fail(
        client, ("VERIFY", "INVALID_CODE", middle(params[0]), "Accounts need no verification here")
    ),
}
