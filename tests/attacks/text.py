"""Attacks by texts that are dear to compare, to fold, to cut or to show."""

from __future__ import annotations

import json
import re

from evchat.protocol.commands import COMMANDS
from tests.attacks.siege import Siege, objects
from tests.attacks.table import attack

MARKS = "a" + "\u0301" * 14_000 + "\u0323" * 14_000
"""Under 64 KiB; putting them into their canonical order takes the square of it."""


@attack("combining marks", "60 KB of combining marks in every parameter of every request.")
def combining_marks(siege: Siege) -> None:
    requests: list[dict[str, object]] = []
    for command in COMMANDS:
        if command.name in ("quit", "logout", "hello"):
            continue
        keys = [param.key for param in command.params]
        for key in keys:
            others = {other: "x" for other in keys if other in ("content", "to", "password", "name")}
            requests.append({"request": command.name, **others, key: MARKS})
    guests = siege.guests()
    siege.flood(guests, lambda place: objects(*requests[place :: len(guests)]))
    siege.flood([siege.connect() for _ in range(8)], objects({"request": "login", "content": MARKS}))


@attack(
    "dear texts",
    "Long texts of letters that fold, decompose, join or turn direction, sent and searched for.",
)
def dear_texts(siege: Siege) -> None:
    texts = [
        "\ufdfa" * 20_000,
        "ß" * 30_000,
        "\u1ee4\u0301" * 12_000,
        "\u202e\u2066" * 9_000,
        "👨\u200d👩\u200d" * 4_000,
        "a " * 30_000,
    ]
    said = [objects({"request": "msg", "content": text}) for text in texts]
    asked = [
        {"request": word, "content": text} for text in texts for word in ("search", "topic", "nick", "whois")
    ]
    guests = siege.guests()
    siege.flood(guests, lambda place: said[place % len(said)])
    siege.flood(guests, lambda place: objects(*asked[place:], *asked[:place]))
    siege.flood(
        guests, lambda place: objects({"request": "search", "content": texts[place % len(texts)][:9]}) * 9
    )


@attack(
    "line breaks",
    "Messages of all seven kinds of line breaks, and a history of them read by IRC clients.",
)
def line_breaks(siege: Siege) -> None:
    guests = siege.guests(8)
    for mark in ("\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"):
        guests[0].put({"request": "msg", "content": "x" + f"{mark}x" * 199})
    siege.flood(guests[1:], objects({"request": "msg", "content": "x" + "\u2028x" * 199}) * 20)
    readers = [siege.irc(f"reader{number}", "batch draft/chathistory server-time") for number in range(8)]
    siege.flood(readers, b"CHATHISTORY LATEST #main * 1000\r\n" * 5)


@attack(
    "forged lines",
    "Control characters and line breaks in everything that others are shown: texts, topics, reasons, tags.",
)
def forged_lines(siege: Siege) -> None:
    forged = "x\r\n:canary-i!x@x PRIVMSG #canaries :forged\r\n\x1b]0;owned\x07\x9b2J\u202e\0"
    victim, mallory = (
        siege.irc("victim", "message-tags account-tag away-notify setname"),
        siege.irc("mallory", "message-tags"),
    )
    guest = siege.guest("guest")
    for word in ("msg", "me", "notice", "topic", "away", "realname", "broadcast"):
        guest.put(
            {"request": word, "content": forged, "to": "#main"}
            if word != "broadcast"
            else {"request": word, "content": forged}
        )
    guest.request("part", "#main", reason=forged)
    tags = "@+draft/react=\x1b[2J\x1b]0;owned\x07;+a\x1b[2Jb\x07=1;+\u202eabc=1;+x=\\r\\n\\0"
    mallory.send(f"{tags} TAGMSG #main\r\n{tags} PRIVMSG #main :hi\r\nSETNAME :\x1b[2J\r\nQUIT :{forged}\r\n")
    mallory.sock.settimeout(20)
    mallory.read_to_end()
    victim.send("PING seen\r\n")
    heard = victim.read_until(lambda data: b"PONG" in data and b"seen" in data).decode()
    raw = re.search("[\0\x04-\x09\x0b\x0c\x0e\x10\x12-\x15\x17-\x1c\x7f-\x9f]", heard)
    assert raw is None, heard
    assert not re.search("^(?:@[^ ]* )?:canary-i!x@x ", heard, re.MULTILINE), heard


@attack("oversize ids", "Ids, labels and tags that are too long, not strings, or reused for another request.")
def oversize_ids(siege: Siege) -> None:
    ids = [
        "i" * 65,
        "i" * 60_000,
        "",
        5,
        None,
        [],
        {"a": 1},
        "\0",
        "\ud800".encode("utf-16", "surrogatepass").hex(),
        "same",
    ]
    said = b"".join(
        json.dumps({"request": "msg", "content": "x", "id": each}).encode() + b"\n" for each in ids
    )
    siege.flood(siege.guests(8), said * 2 * siege.size)
    tags = (b"@label=" + b"l" * 65, b"@" + b"a=1;" * 1500, b"@+x=" + b"y" * 4090, b"@;;=;=", b"@label=same")
    client = [siege.irc(f"tagger{number}", "message-tags labeled-response batch") for number in range(4)]
    siege.flood(client, b"".join(tag + b" PRIVMSG #main :x\r\n" for tag in tags) * 4 * siege.size)
