"""Attacks by bytes that no client sends."""

from __future__ import annotations

import random

from tests.attacks.siege import Siege, objects
from tests.attacks.table import attack

LOGIN = objects(
    {"request": "hello", "content": {"version": 1, "client": "x"}}, {"request": "login", "content": "mallory"}
)
BEGINNINGS = {
    "text": b"mallory\n",
    "json": LOGIN + b'{"request": "msg", "content": "',
    "irc": b"NICK m\r\nUSER m 0 * :m\r\n",
}


def everywhere(siege: Siege, *pieces: bytes, beginnings: bool = True) -> None:
    """Sends each of the pieces as the first bytes of a connection, and after a login in each dialect."""
    told = [b"", *(BEGINNINGS.values() if beginnings else ())]
    clients = [siege.connect() for _ in told for _ in pieces]
    data = [beginning + piece for beginning in told for piece in pieces]
    siege.flood(clients, lambda place: data[place])


@attack(
    "no newline",
    "Megabytes without the end of a line or an object, before and after a login, in every dialect.",
)
def no_newline(siege: Siege) -> None:
    everywhere(siege, b"x" * 2**20 * siege.size, b" " * 2**20 * siege.size)


@attack("empty lines", "Nothing but line breaks, white space and empty objects.")
def empty_lines(siege: Siege) -> None:
    everywhere(
        siege, b"\n" * 2**18 * siege.size, b"\r\n \r\n" * 2**16 * siege.size, b"{}" * 2**17 * siege.size
    )


@attack("deep JSON", "Brackets and braces nested tens of thousands deep, closed or not.")
def deep_json(siege: Siege) -> None:
    nested = (b"[" * 30_000 + b"]" * 30_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000, b'{"a":[' * 9_000)
    pieces = [b'{"request": "msg", "content": ' + each + b"}\n" for each in nested]
    everywhere(siege, *(piece * 20 * siege.size for piece in pieces), beginnings=False)
    siege.flood(siege.guests(6), lambda place: pieces[place % 3] * 20 * siege.size)


@attack(
    "huge numbers",
    "Numbers of tens of thousands of digits, with and without exponents, wherever a number is allowed.",
)
def huge_numbers(siege: Siege) -> None:
    digits = b"9" * 60_000
    sent = b"".join(
        b'{"request": "history", "%b": %b}\n' % (key, number)
        for key in (b"limit", b"after", b"before")
        for number in (
            digits,
            b"-" + digits,
            b"0." + digits,
            b"1e" + digits[:5000],
            b"1e999999999",
            b"NaN",
            b"-Infinity",
        )
    )
    siege.flood(siege.guests(4), sent * siege.size)
    lines = [b"/history " + digits[:4000], b"/wholast " + digits[:4000], b"/redact #main " + digits[:4000]]
    siege.flood([siege.connect(b"digits\n")], b"\n".join(lines) + b"\n")
    irc = siege.irc("digits-i", "batch draft/chathistory draft/read-marker")
    siege.flood(
        [irc], b"CHATHISTORY LATEST #main * %b\r\nMODE #main +l %b\r\n" % (digits[:450], digits[:450]) * 9
    )


@attack("broken UTF-8", "Bytes that are not UTF-8, surrogates and overlong forms, in every dialect.")
def broken_utf8(siege: Siege) -> None:
    broken = (b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x80" * 400, b"\xe2\x80")
    text = b"".join(b"hi " + each + b"\nPRIVMSG #main :" + each + b"\r\n" for each in broken)
    everywhere(siege, text * siege.size)
    said = b"".join(
        b'{"request": "msg", "content": "' + each + b'"}\n'
        for each in (*broken, b"\\ud800", b"\\udfff\\ud800")
    )
    siege.flood(siege.guests(8), said * siege.size)


@attack("NULs", "Zero bytes and other control characters, alone, in texts and in names.")
def nuls(siege: Siege) -> None:
    everywhere(
        siege,
        b"\0" * 100_000 * siege.size,
        b"a\0b\n" * 1000,
        b"\x01\x02\x1b[2J\x7f\n" * 1000,
        b"\x1a\x04\x03\n" * 1000,
    )
    said = [
        {"request": word, "content": "a\0\x1b[2Jb"}
        for word in ("msg", "nick", "join", "topic", "away", "login")
    ]
    siege.flood(siege.guests(4), objects(*said) * 3)


@attack(
    "other protocols",
    "The first bytes of HTTP, HTTP/2, TLS, SSH, SMTP, SOCKS, UTF-16 and the PROXY protocol.",
)
def other_protocols(siege: Siege) -> None:
    post = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n\r\nmallory\r\nsaid by a page\r\n"
    first = (
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        post * 20,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x5a" * 508,
        b"\x16\x03\x01\xff\xff" + b"\0" * 65_535,
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"EHLO example.org\r\nMAIL FROM:<a@b>\r\n",
        b"\x05\x01\x00",
        "NICK mallory\r\nUSER m 0 * :m\r\n".encode("utf-16"),
        "mallory\nhello\n".encode("utf-16-le"),
        b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\nmallory\r\n",
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x0a\0\0\1\x0a\0\0\2\0\1\0\2mallory\r\n",
        b"\xef\xbb\xbfmallory\n",
        b"\x80\x00\x00\x28\x72\xfe\x1d\x13",
    )
    for _ in range(3 * siege.size):
        everywhere(siege, *first, beginnings=False)


@attack("telnet", "Endless telnet negotiation, before and after a login, and options inside options.")
def telnet(siege: Siege) -> None:
    floods = (
        b"\xff\xfd\x01\xff\xfb\x18" * 20_000,
        b"\xff\xfa\x18" + b"\x01" * 60_000,
        b"\xff\xfa\xff\xf0" * 20_000,
        b"\xff\xff" * 30_000,
    )
    everywhere(siege, *(flood * siege.size for flood in floods), beginnings=False)
    siege.flood(
        [siege.connect(b"telnet%d\n" % number) for number in range(4)],
        lambda place: floods[place] * siege.size,
    )


@attack("noise", "Random bytes, and random pieces of one dialect sent in another.")
def noise(siege: Siege) -> None:
    dice = random.Random(7)
    right = (
        b'{"request": "msg", "content": "x"}',
        b"PRIVMSG #main :x",
        b"/msg canary-t x",
        b"@label=1 PING x",
        b"CAP REQ :batch",
    )
    mixed = b"".join(
        dice.choice(right)[dice.randrange(9) :] + dice.choice((b"\n", b"\r\n", b"", b"\r"))
        for _ in range(2000)
    )
    everywhere(siege, dice.randbytes(100_000 * siege.size), mixed * siege.size)
