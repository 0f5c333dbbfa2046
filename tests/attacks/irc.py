"""Attacks in IRC."""

from __future__ import annotations

from tests.attacks.siege import Siege
from tests.attacks.table import attack

CAPS = "message-tags batch labeled-response draft/multiline echo-message server-time"


@attack("thousands of targets", "IRC lines with as many receivers, channels or names as fit in them.")
def thousands_of_targets(siege: Siege) -> None:
    names = ",".join(f"n{number}" for number in range(100))
    many = ",".join(["#main"] * 80)
    lines = [f"{word} {many}" for word in ("PART", "NAMES")]
    lines += [f"{word} {names}" for word in ("NOTICE", "WHOIS", "KICK #main", "MONITOR +")]
    lines += [f"{word} {names.replace(',', ' ')}" for word in ("ISON", "USERHOST")]
    lines += [f"PRIVMSG {','.join(['#main'] * 60)} :x", f"JOIN {names.replace('n', '#')}"]
    said = ("\r\n".join(line[:500] for line in lines) + "\r\n").encode()
    siege.flood([siege.irc(f"many{number}") for number in range(16)], said * 5)
    long = b"PRIVMSG " + b",".join(b"a%d" % number for number in range(10_000)) + b" :x\r\n"
    siege.flood([siege.irc(f"more{number}") for number in range(4)], long)


@attack(
    "CAP flood",
    "Endless capability negotiation, before and after a login.",
)
def cap_flood(siege: Siege) -> None:
    said = f"CAP LS 302\r\nCAP REQ :{CAPS}\r\nCAP REQ :-batch no-such\r\nCAP LIST\r\nCAP REQ :{'a ' * 220}\r\n".encode()
    siege.flood([siege.connect() for _ in range(30)], said * 20 * siege.size)
    siege.flood([siege.irc(f"caps{number}") for number in range(8)], said * 20 * siege.size)


@attack(
    "endless batches",
    "Multiline batches that are opened and never closed, opened twice, nested, or too long.",
)
def endless_batches(siege: Siege) -> None:
    begun = "BATCH +{} draft/multiline #main\r\n"
    lines = "".join(f"@batch=b PRIVMSG #main :{'x' * 400}\r\n" for _ in range(40))
    said = begun.format("b") + lines + begun.format("b") + begun.format("c")
    said += "".join(begun.format(f"d{number}") for number in range(200)) + "BATCH -nobody\r\n"
    siege.flood([siege.irc(f"batch{number}", CAPS) for number in range(16)], said.encode() * 3 * siege.size)


@attack("labels", "Requests of every kind with labels as long as they may be.")
def labels(siege: Siege) -> None:
    label = "@label=" + "l" * 64
    lines = (
        "PING x",
        "WHO *",
        "LIST",
        "NAMES",
        "PONG x",
        "JOIN #x,#y,#z",
        "PRIVMSG #x :hi",
        "TAGMSG #x",
        "NICK lab",
        "MODE #x",
        "HELP",
    )
    said = "".join(f"{label} {line}\r\n" for line in lines).encode()
    siege.flood([siege.irc(f"label{number}", CAPS) for number in range(16)], said * 10)


@attack(
    "slow SCRAM",
    "SASL logins that are begun with every mechanism, sent in pieces, and never finished.",
)
def slow_scram(siege: Siege) -> None:
    first = b"CAP REQ :sasl\r\nNICK slow%d\r\nUSER x 0 * :x\r\nAUTHENTICATE SCRAM-SHA-256\r\n"
    asked = [b"biwsbj1jYW5hcnktaSxyPXg=", b"A" * 400, b"+", b"*", b"biws" * 99]
    begun = [siege.connect() for _ in range(60 * siege.size)]

    def said(place: int) -> bytes:
        piece = b"AUTHENTICATE " + asked[place % len(asked)] + b"\r\n"
        return first % place + piece * (place % 30 + 1) + b"AUTHENTICATE PLAIN\r\n" + piece

    siege.flood(begun, said)


@attack("watch lists", "Guests that watch each other's names and change their own as fast as they can.")
def watch_lists(siege: Siege) -> None:
    def said(place: int) -> bytes:
        names = ",".join(f"w{place}x{number}" for number in range(40))
        changes = "".join(f"NICK w{place}x{number}\r\nWHOWAS w{place}x{number}\r\n" for number in range(40))
        return f"MONITOR + {names}\r\nMONITOR S\r\nMONITOR L\r\n{changes}MONITOR C\r\n".encode()

    siege.flood([siege.irc(f"watch{number}", "extended-monitor away-notify") for number in range(16)], said)


EVERYTHING = """
LIST|WHO *|WHO * %tcuihsnfdlaor|NAMES|LUSERS|MOTD|HELP|INFO|ADMIN|VERSION|STATS k|TIME|LINKS|WHOIS canary-i|MODE #main b
MODE #main|TOPIC #main|INVITE canary-i #main|KICK #main canary-i|AWAY :x|AWAY|SETNAME :x|JOIN 0|MARKREAD #main|INBOX
CHATHISTORY LATEST #main * 1000|CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00Z timestamp=2999-01-01T00:00:00Z 1000
REDACT #main x|OPER x x|KILL canary-i|UNKNOWN
"""


@attack("IRC floods", "Everything that an IRC client can ask for, as fast as it is taken.")
def irc_floods(siege: Siege) -> None:
    lines = EVERYTHING.strip().replace("\n", "|").split("|")
    said = [("\r\n".join(lines[place:] + lines[:place]) + "\r\n").encode() for place in range(16)]
    siege.flood([siege.irc(f"flood{number}", CAPS) for number in range(16)], lambda place: said[place])


@attack(
    "long lines",
    "IRC lines that are too long in their tags, their parameters or their number of words.",
)
def long_lines(siege: Siege) -> None:
    lines = (
        b"PRIVMSG #main :" + b"x" * 8_000,
        b"@" + b"t" * 8_200 + b" PING x",
        b"PING" + b" a" * 2_000,
        b":" + b"p" * 600 + b" PING",
        b" " * 9_000,
    )
    siege.flood(
        [siege.irc(f"long{number}", CAPS) for number in range(8)],
        (b"\r\n".join(lines) + b"\r\n") * 4 * siege.size,
    )
