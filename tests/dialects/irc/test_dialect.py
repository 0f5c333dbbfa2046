"""The laws of the IRC dialect: whatever happens, whoever says it, every line is one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc import broadcasts, caps, replies
from evchat.dialects.irc.dialect import IrcDialect
from evchat.protocol.base import Answer, Event, Request
from evchat.protocol.basics import (
    Failed,
    Helped,
    HungUp,
    LocalReply,
    Malformed,
    Pinged,
    Ponged,
    ReplyLocally,
    RequestContext,
    Welcomed,
)
from evchat.protocol.client_tags import SendTagMessage, TagMessage
from evchat.protocol.history import DirectsListed, SearchResults
from evchat.protocol.login import LoggedOut
from evchat.protocol.messages import AnnouncementAccepted, SendMessage
from evchat.protocol.operators import AuditListed
from evchat.protocol.people import BlockedListed, PeopleListed
from evchat.protocol.pins import PinsListed
from evchat.protocol.typed_lines import NamePrompt
from evchat.settings.model import Config
from tests.dialects.anything import EVENTS, REQUESTS, few, objects, texts
from tests.dialects.irc.wire import LETTERS, dialect, known, lines, masks, unharmed

any_request = st.sampled_from(REQUESTS).flatmap(objects)
known_request = st.sampled_from(REQUESTS).flatmap(known)
kinds = pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
AT = 1_795_256_109_000
ALL = (1 << len(caps.NAMES)) - 1


@kinds
def test_nothing_in_an_event_can_end_a_line(kind: type[Event]) -> None:
    @few
    @given(objects(kind, named=LETTERS), masks, st.none() | any_request)
    def check(event: Event, mask: int, asked: Request | None) -> None:
        client = dialect(mask)
        unharmed(client.encode(event))
        client.client.asked = asked
        unharmed(client.answer(event))

    check()


@kinds
def test_every_line_is_one_that_a_parser_of_irc_understands(kind: type[Event]) -> None:
    @few
    @given(known(kind), masks, st.none() | known_request)
    def check(event: Event, mask: int, asked: Request | None) -> None:
        client = dialect(mask)
        told = lines(client.encode(event))
        assert all(line["source"] or line["command"] in ("ERROR", "PING", "AUTHENTICATE") for line in told)
        client.client.asked = asked
        lines(client.answer(event))

    check()


@kinds
def test_tags_stand_only_before_lines_for_those_who_have_asked_for_them(kind: type[Event]) -> None:
    @few
    @given(known(kind))
    def check(event: Event) -> None:
        client = dialect(0)
        assert not any(line["tags"] for line in lines(client.encode(event) + client.answer(event)))

    check()


@kinds
def test_nobody_can_make_a_query_of_a_message(kind: type[Event]) -> None:
    if kind is TagMessage:
        return  # which is one

    @few
    @given(known(kind), masks)
    def check(event: Event, mask: int) -> None:
        client = dialect(mask)
        for line in lines(client.encode(event) + client.answer(event)):
            last = line["last"] or ""
            if line["command"] in ("PRIVMSG", "NOTICE") and "\x01" in last:
                assert last.startswith("\x01ACTION ") and last.endswith("\x01") and last.count("\x01") == 2

    check()


def test_what_happens_meanwhile_is_no_part_of_a_labelled_answer() -> None:
    client = dialect(caps.LABELED_RESPONSE | caps.BATCH)
    begin, *_ = client.receive(b"@label=L1 VERSION\r\n")[-3:]
    assert isinstance(begin, ReplyLocally)
    client.answer(LocalReply(AT, begin.payload))
    assert client.answer(Pinged(AT, "1")) == b"PING :1\r\n"
    (error,) = lines(client.answer(HungUp(AT, "idle", "Idle.")))
    assert error["command"] == "ERROR" and not error["tags"]


@given(st.lists(st.sampled_from([*EVENTS]).flatmap(known), max_size=4), texts, st.booleans())
def test_a_labelled_answer_is_one_line_or_one_batch(
    events: list[Event], label: str, acknowledged: bool
) -> None:
    client = dialect(caps.LABELED_RESPONSE | caps.BATCH)
    client.receive(b"@label=" + b"L1 VERSION\r\n")
    asked = [
        request for request in client.receive(b"@label=L2 VERSION\r\n") if isinstance(request, ReplyLocally)
    ]
    begin, end = asked[0], asked[-1]
    assert client.answer(LocalReply(AT, begin.payload)) == b""
    for event in events:
        if isinstance(event, Answer) and not isinstance(event, LoggedOut):
            assert client.answer(event) == b""
    told = lines(client.answer(LocalReply(AT, end.payload)))
    assert sum("label=L2" in (line["tags"] or "") for line in told) == 1
    assert "label=L2" in told[0]["tags"]
    if len(told) > 1:
        assert told[0]["command"] == "BATCH" and told[-1]["command"] == "BATCH"


def labelled(client: IrcDialect) -> None:
    """A command with a label is being answered."""
    begin = client.receive(b"@label=L AWAY\r\n")[1]
    assert isinstance(begin, ReplyLocally)
    assert client.answer(LocalReply(AT, begin.payload)) == b""


def test_last_words_are_not_held_back_by_a_label() -> None:
    client = dialect(caps.LABELED_RESPONSE | caps.BATCH)
    labelled(client)
    (told,) = lines(client.answer(HungUp(AT, "killed", "Killed by root.")))
    assert told["command"] == "ERROR" and not told["tags"]
    client = dialect(caps.LABELED_RESPONSE | caps.BATCH)
    labelled(client)
    client.answer(Ponged(AT, None, "halfway"))
    first, second = lines(client.answer(HungUp(AT, "killed", "Killed by root.")))
    assert first["tags"] == "label=L" and second["command"] == "ERROR"


def test_a_quit_with_a_label_is_answered() -> None:
    client = dialect(caps.LABELED_RESPONSE | caps.BATCH)
    labelled(client)
    told = lines(client.answer(LoggedOut(AT, None, closing=True)))
    assert told[0]["tags"] == "label=L"
    assert "ERROR" in [line["command"] for line in told]


def test_lines_that_say_nothing_count_a_little_however_they_are_cut() -> None:
    whole, pieces = IrcDialect(Config()), IrcDialect(Config())
    nothing = b"\n \r\n@a=b\r\n:x\n" * 64
    asked = whole.receive(nothing)
    assert len(asked) == 1 + 4 * 64 // 32
    assert [one for byte in nothing for one in pieces.receive(bytes([byte]))] == asked


def test_every_event_has_a_form_or_a_reason_to_have_none() -> None:
    assert set(EVENTS) - set(replies.FORMS) - set(broadcasts.FORMS) == {
        NamePrompt,  # IRC clients know what to say
        Welcomed,  # the answer to a hello of JSON
        PeopleListed,  # who, whoelse, wholast: no command of IRC asks them
        AnnouncementAccepted,
        AuditListed,
        PinsListed,
        DirectsListed,
        BlockedListed,
        SearchResults,
        Helped,
    }


@given(st.sampled_from(EVENTS).flatmap(known), masks, masks)
def test_who_is_of_the_same_variant_hears_the_same(event: Event, one: int, other: int) -> None:
    first, second = dialect(one), dialect(one & caps.BROADCASTS | other & ~caps.BROADCASTS, nick="bob")
    assert first.variant == second.variant
    assert first.encode(event) == second.encode(event)


# ---- what a client sends --------------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=9000), max_size=6))
def test_whatever_comes_little_of_it_is_held(pieces: list[bytes]) -> None:
    client = IrcDialect(Config())
    for piece in pieces:
        client.receive(piece)
        assert len(client._buffer) <= 16_000
    assert client.end() == []


def test_a_line_that_never_ends_closes_the_connection() -> None:
    client = IrcDialect(Config())
    client.receive(b"NICK alice\r\n")
    asked = client.receive(b"x" * 20_000)
    assert [type(request) for request in asked] == [Malformed] and asked[0].fatal  # type: ignore[attr-defined]
    assert client.receive(b"\r\nNICK bob\r\n") == [] and len(client._buffer) == 0


@given(st.lists(st.sampled_from(REQUESTS).flatmap(objects), max_size=3))
def test_a_refusal_of_anything_is_told(requests: list[Request]) -> None:
    client = dialect(0)
    for request in requests:
        client.answer(RequestContext(AT, request))
        failed = Failed(AT, request.id, "no-such-code", "No.", request=request)
        silent = isinstance(request, SendMessage | SendTagMessage) and request.notice
        assert bool(client.answer(failed)) is not silent


# ---- the short way in


words = st.text(st.sampled_from("ab# ,:@+\t\x01\0\rä\u00a0\u2028"), max_size=8)


@given(words, words, st.sampled_from(["", "\r", "\r\r", " "]))
def test_a_message_read_the_short_way_is_the_one_that_the_long_way_reads(
    target: str, text: str, end: str
) -> None:
    line = f"PRIVMSG {target} :{text}{end}".encode() + b"\n"
    short, long = dialect(), dialect()
    for client in (short, long):
        client.receive(b"NICK a\n")  # after which the short way is open
    # A tag that means nothing sends the line the long way.
    read, expected = short.receive(line), long.receive(b"@x=y " + line)
    assert [replace(one, context=None) for one in read] == [replace(one, context=None) for one in expected]
