"""What the tests of the IRC dialect hold every line to, and dialects in any state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from evchat.dialects.irc import caps
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.irc.line import Line
from evchat.protocol.base import Identity
from evchat.protocol.login import LoggedIn
from evchat.settings.model import Config
from tests.dialects.anything import legal_texts, objects

NAMES = ("alice", "Bob-1", "x" * 32, "[w]\\^{}|`", "7up", "blåbær", "Ωμέγα")
CHANNELS = ("#main", "#" + "x" * 62, "#blåbær", "#a:b!c@d", "#日本語")
HOST = f"{'a2b3c4d5' * 2}.cloak"
MASKS = ("mallory!*@*", "a:mallory", "x" * 200, "*!*@" + "é" * 90)
LINE = re.compile(
    r"(?:@(?P<tags>[^ \0\r\n]+) )?(?::(?P<source>[^ \0\r\n]+) )?(?P<command>[A-Z]+|[0-9]{3})"
    r"(?P<params>(?: [^ :\0\r\n][^ \0\r\n]*)*)(?: :(?P<last>[^\0\r\n]*))?"
)
"""A line as a parser of IRC takes it apart."""

names = st.sampled_from(NAMES)
channels = st.sampled_from(CHANNELS)
lists_of_names = st.lists(names, max_size=40).map(tuple)

KNOWN: Mapping[str, st.SearchStrategy[Any]] = {
    "name": names,
    "by": names,
    "old": names,
    "new": names,
    "sender": names,
    "account": st.one_of(st.just(""), names),
    "username": st.sampled_from(["user", "~alice", "~" + "x" * 15]),
    "host": st.just(HOST),
    "bot": st.booleans(),
    "Authenticated.account": names,
    "topic_by": st.one_of(st.just(""), names),
    "ConversationsListed.conversations": st.lists(st.tuples(names, st.integers(0, 2**41))).map(tuple),
    "channel": channels,
    "channels": st.lists(channels, max_size=8).map(tuple),
    "to": st.one_of(channels, names, st.just("*")),
    "about": st.one_of(st.just(""), names, channels),
    "conversation": st.one_of(channels, st.just("alice bob"), st.just("*")),
    "names": lists_of_names,
    "others": lists_of_names,
    "missed": lists_of_names,
    "offline": lists_of_names,
    "ChannelInfo.name": channels,
    "Message.role": st.sampled_from(["", "o", "v"]),
    "TagMessage.role": st.sampled_from(["", "o", "v"]),
    "Member.roles": st.sampled_from(["", "o", "v", "ov"]),
    "ChannelMembership.roles": st.sampled_from(["", "o", "v", "ov"]),
    "roles": st.sampled_from(["", "o", "v", "ov"]),
    "tags": st.just(()),
    "Message.tags": st.one_of(st.just(()), legal_texts.map(lambda text: (("+draft/reply", text),))),
    "TagMessage.tags": st.one_of(st.just(()), legal_texts.map(lambda text: (("+typing", text),))),
    "Change.letter": st.sampled_from("beIkliomnstCv"),
    "Change.value": st.one_of(st.none(), names, st.sampled_from(MASKS)),
    "mask": st.sampled_from(MASKS),
    "ModeListed.letter": st.sampled_from("beI"),
    "UserModesTold.letters": st.sampled_from(["", "iwB"]),
    "whom": st.sampled_from(MASKS),
    "modes": st.sampled_from(["", "iwB"]),
    "address": st.sampled_from(["", "192.0.2.1", "2001:db8::1"]),
    "Pinged.token": st.sampled_from(["17", "a b"]),
    "LocalReply.payload": st.none(),
    "context": st.sampled_from(
        [
            None,
            Line("CHATHISTORY", ("LATEST", "#tea", "*", "5")),
            Line("WHO", ("#tea", "%tcnf,1")),
            Line("MONITOR", ("L",)),
            Line("ISON", ("bob",)),
            Line("REDACT", ("#tea", "1-2-0a0b0c0d")),
        ]
    ),
}
"""What the core lets stand in a field: names and masks are legal, the rest is any text."""

LETTERS = {key: given for key, given in KNOWN.items() if key.endswith(("role", "roles", "letter"))}
"""Of these only: words of the protocol's own, which nobody types."""

masks = st.one_of(
    st.integers(0, (1 << len(caps.NAMES)) - 1),
    st.sampled_from([0, (1 << len(caps.NAMES)) - 1, *caps.BIT.values()]),
)
"""Any combination of capabilities."""


def known(kind: type[Any]) -> st.SearchStrategy[Any]:
    """An event or request as the core makes it or gets it: any text where there may be any."""
    return objects(kind, named=KNOWN)


def dialect(mask: int = 0, nick: str = "alice", **settings: Any) -> IrcDialect:
    """A client that has logged in and negotiated these capabilities."""
    made = IrcDialect(Config(**settings))
    made.answer(LoggedIn(0, None, nick, False, "#main", (), who=Identity("~alice", HOST)))
    made.client.caps = mask
    return made


def lines(data: bytes) -> list[re.Match[str]]:
    """The lines of a frame, each of which must be whole, legal and short enough."""
    assert not data or data.endswith(b"\r\n"), data
    found = []
    for raw in data.split(b"\r\n")[:-1]:
        match = LINE.fullmatch(raw.decode("utf-8"))
        assert match, raw
        tags = len(match["tags"].encode()) + 2 if match["tags"] else 0
        assert tags <= 8191, tags
        assert len(raw) - tags <= 510, (len(raw) - tags, raw)
        found.append(match)
    return found


def unharmed(data: bytes) -> None:
    """Asserts that nothing in a frame ends a line or a message before its time, whatever else is wrong with it."""
    assert not data or data.endswith(b"\r\n"), data
    assert b"\0" not in data
    rows = data.split(b"\r\n")[:-1]
    for raw in rows:
        assert b"\r" not in raw and b"\n" not in raw, raw
        body = raw.partition(b" ")[2] if raw.startswith(b"@") else raw
        assert len(body) <= 510 and len(raw) - len(body) <= 8191, raw
        raw.decode("utf-8")
