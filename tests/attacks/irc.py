"""Attacks in IRC."""

from __future__ import annotations

from tests.attacks.siege import Siege
from tests.attacks.table import attack

CAPS = "message-tags batch labeled-response draft/multiline echo-message server-time"


@attack("thousands of targets", "Lines of IRC with as many receivers, channels or names as fit in them.")
def thousands_of_targets(siege: Siege) -> None:
    names = ",".join(f"n{number}" for number in range(100))
    many = ",".join(["#main"] * 80)
    lines = [f"PRIVMSG {many} :x", f"NOTICE {names} :x", f"JOIN {names.replace('n', '#')}", f"WHOIS {names}", f"PART {many}",
             f"NAMES {many}", f"KICK #main {names}", f"ISON {names.replace(',', ' ')}", f"USERHOST {names.replace(',', ' ')}"]  # fmt: skip
    said = ("\r\n".join(line[:500] for line in lines) + "\r\n").encode()
    siege.flood([siege.irc(f"many{number}") for number in range(16)], said * 5)
    long = b"PRIVMSG " + b",".join(b"a%d" % number for number in range(10_000)) + b" :x\r\n"
    siege.flood([siege.irc(f"more{number}") for number in range(4)], long)


@attack(
    "CAP flood",
    "Capabilities are listed, turned on and off, and negotiated without an end, before and after a login.",
)
def cap_flood(siege: Siege) -> None:
    said = f"CAP LS 302\r\nCAP REQ :{CAPS}\r\nCAP REQ :-batch no-such\r\nCAP LIST\r\nCAP REQ :{'a ' * 220}\r\n".encode()
    siege.flood([siege.connect() for _ in range(30)], said * 20 * siege.size)
    siege.flood([siege.irc(f"caps{number}") for number in range(8)], said * 20 * siege.size)


@attack(
    "endless batches",
    "Messages of several lines are begun and never ended, begun twice, nested, and too long.",
)
def endless_batches(siege: Siege) -> None:
    lines = "".join(f"@batch=b PRIVMSG #main :{'x' * 400}\r\n" for _ in range(40))
    said = f"BATCH +b draft/multiline #main\r\n{lines}BATCH +b draft/multiline #main\r\nBATCH +c draft/multiline #main\r\n"
    said += (
        "".join(f"BATCH +d{number} draft/multiline #main\r\n" for number in range(200)) + "BATCH -nobody\r\n"
    )
    siege.flood([siege.irc(f"batch{number}", CAPS) for number in range(16)], said.encode() * 3 * siege.size)


@attack(
    "labels", "Every request bears a label, as long as it may be, also those that have no answer or many."
)
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
    "Logins by SASL are begun in every mechanism, sent in pieces, and neither ended nor given up.",
)
def slow_scram(siege: Siege) -> None:
    first = b"CAP REQ :sasl\r\nNICK slow%d\r\nUSER x 0 * :x\r\nAUTHENTICATE SCRAM-SHA-256\r\n"
    asked = [b"biwsbj1jYW5hcnktaSxyPXg=", b"A" * 400, b"+", b"*", b"biws" * 99]
    begun = [siege.connect() for _ in range(60 * siege.size)]

    def said(place: int) -> bytes:
        piece = b"AUTHENTICATE " + asked[place % len(asked)] + b"\r\n"
        return first % place + piece * (place % 30 + 1) + b"AUTHENTICATE PLAIN\r\n" + piece

    siege.flood(begun, said)


@attack("watch lists", "WHOWAS, MONITOR, ISON and read markers are filled with names that come and go.")
def watch_lists(siege: Siege) -> None:
    def said(place: int) -> bytes:
        names = ",".join(f"w{place}x{number}" for number in range(40))
        changes = "".join(f"NICK w{place}x{number}\r\nWHOWAS w{place}x{number}\r\n" for number in range(40))
        return f"MONITOR + {names}\r\nMONITOR S\r\nMONITOR L\r\n{changes}MONITOR C\r\n".encode()

    siege.flood([siege.irc(f"watch{number}", "extended-monitor away-notify") for number in range(16)], said)


@attack("IRC floods", "Everything that IRC clients can ask for, one after the other, as fast as it is taken.")
def irc_floods(siege: Siege) -> None:
    said = "\r\n".join(
        "LIST|WHO *|WHO * %tcuihsnfdlaor|NAMES|LUSERS|MOTD|HELP|INFO|ADMIN|VERSION|STATS k|TIME|LINKS|WHOIS canary-i|"
        "MODE #main b|MODE #main|TOPIC #main|INVITE canary-i #main|KICK #main canary-i|AWAY :x|AWAY|SETNAME :x|JOIN 0|"
        "CHATHISTORY LATEST #main * 1000|CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00.000Z "
        "timestamp=2999-01-01T00:00:00.000Z 1000|MARKREAD #main|INBOX|REDACT #main x|OPER x x|KILL canary-i|UNKNOWN".split(
            "|"
        )
    )
    siege.flood([siege.irc(f"flood{number}", CAPS) for number in range(16)], said.encode() + b"\r\n")


@attack(
    "long lines",
    "Lines of IRC that are a byte too long, in their tags, their parameters and their number of words.",
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
