"""People with netcat: what they type is understood, what they see is true, readable and harmless."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given

from evchat.dialects import times
from evchat.dialects.text.dialect import TextDialect
from evchat.protocol.authentication import AccountChanged, ScramChallenge
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import (
    Done,
    Failed,
    Help,
    Helped,
    HungUp,
    LocalReply,
    Malformed,
    Pinged,
    Ponged,
    RequestContext,
    Stopping,
    Welcomed,
)
from evchat.protocol.channels import (
    ChannelInfo,
    ChannelsListed,
    Entered,
    Join,
    Joined,
    Left,
    TopicChanged,
)
from evchat.protocol.client_tags import TagMessage
from evchat.protocol.commands import BY_NAME, COMMANDS
from evchat.protocol.history import HistoryListed, SearchResults
from evchat.protocol.login import Disconnected, LoggedIn, LoggedOut, NickConfirmed, Renamed
from evchat.protocol.messages import Message, MessageAccepted, SendMessage
from evchat.protocol.people import PeopleListed, PresenceChanged, Who, WhoIsTold
from evchat.protocol.read_markers import ReadMarkerMoved
from evchat.protocol.text import harmless
from evchat.protocol.typed_lines import Greet, NamePrompt, TypedLine
from evchat.settings.model import DEFAULTS
from tests.dialects.anything import EVENTS, few, objects
from tests.dialects.samples import AT, BOB, GONE, HI, LUNCH, SAMPLES, WAVES

DAY = 86_400_000


def typed(*pieces: bytes) -> list[Request]:
    """What a person who has been greeted asks for."""
    dialect = TextDialect()
    dialect.greet()
    return [request for piece in pieces for request in dialect.receive(piece)]


def seen(event: Event) -> list[str]:
    """The lines that a person sees of an event."""
    data = TextDialect().encode(event)
    assert data == b"" or data.endswith(b"\n")
    return data.decode("utf-8").split("\n")[:-1]


# ---- what a person types --------------------------------------------------------------------------------------


def test_lines_become_requests() -> None:
    assert typed(b"alice\nhi all\r\n/pm bob psst\n-list\n//x\n/dance\n") == [
        TypedLine("alice"),
        TypedLine("hi all"),
        SendMessage("psst", "bob"),
        Who(),
        TypedLine("/x"),
        Malformed("There is no command /dance. /help all lists them.", "unknown-command"),
    ]


def test_a_text_port_greets_at_once_and_another_one_with_the_first_line() -> None:
    assert TextDialect().greet() == [Greet(repeats=False)]
    assert TextDialect().receive(b"alice\nhi\n") == [
        Greet(late=True, repeats=False),
        TypedLine("alice"),
        TypedLine("hi"),
    ]
    assert TextDialect().receive(b"\n\n") == [Greet(repeats=False), TypedLine("")]
    assert TextDialect().receive(b"/help\n") == [Greet(repeats=False), Help()]
    assert TextDialect().receive(b"\xe6\n")[0] == Greet(repeats=False)


def test_a_last_line_without_its_end_counts() -> None:
    dialect = TextDialect()
    assert dialect.receive(b"alice\n/me wa") == [Greet(late=True, repeats=False), TypedLine("alice")]
    assert dialect.receive(b"ves\r") == []
    assert dialect.end() == [SendMessage("waves", action=True)]
    assert TextDialect().end() == []


def test_negotiations_of_telnet_are_skipped() -> None:
    assert typed(b"\xff\xfb\x1f\xff", b"\xfa\x1f\x00\x50\x00\x18\xff", b"\xf0ali\xff\xf1ce\r\n") == [
        TypedLine("alice")
    ]


def test_a_line_that_is_not_utf8_is_told_and_the_next_one_is_read() -> None:
    mistake, after = typed(b"bl\xe5b\xe6r\nhi\n")
    assert isinstance(mistake, Malformed) and "UTF-8" in mistake.reason and not mistake.fatal
    assert after == TypedLine("hi")
    assert isinstance(typed(b"\xff\xff\n")[0], Malformed)


def test_a_line_has_4_kib_without_its_end_and_not_a_byte_more() -> None:
    longest = b"x" * DEFAULTS.max_line_bytes
    assert typed(longest + b"\r\n", longest + b"\n") == [TypedLine("x" * 4096)] * 2
    for data in (longest + b"x\n", longest + b"xx", longest + b"\rx\n"):
        (mistake,) = typed(data)
        assert isinstance(mistake, Malformed) and mistake.fatal and mistake.code == "too-long"
        assert "4 KiB" in mistake.reason


def test_a_negotiation_without_an_end_is_fatal() -> None:
    before, mistake = typed(b"hi\n\xff\xfa" + b"x" * 5000)
    assert before == TypedLine("hi")
    assert isinstance(mistake, Malformed) and mistake.fatal


def test_memory_is_bounded_whatever_comes() -> None:
    for data in (b"x", b"\xff", b"\xff\xfa", b"\r", b"\xff\xfa\xff"):
        dialect = TextDialect()
        for _ in range(20):
            dialect.receive(data * 4096)
            assert len(dialect._buffer) <= DEFAULTS.max_line_bytes + 1


def test_backspaces_of_raw_terminals_are_applied_and_nul_is_dropped() -> None:
    assert typed(b"alicf\x08e\x7fe\n\x08\x08hi\x00\n") == [TypedLine("alice"), TypedLine("hi")]
    assert typed(b"tab\tand \x1b[A stay\n") == [TypedLine("tab\tand \x1b[A stay")]


# ---- what a person sees ---------------------------------------------------------------------------------------

BEGINNING = re.compile(
    r"(?:\d{4}-\d\d-\d\d |\d\d? [A-Z][a-z][a-z] )?\d\d:\d\d (?:\* |! |-> |\((?:private|broadcast)|#)"
)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_is_shown_in_harmless_lines_whatever_is_in_it(kind: type[Event]) -> None:
    @few
    @given(objects(kind))
    def check(event: Event) -> None:
        for line in seen(event):
            assert harmless(line) == line
            assert BEGINNING.match(line) or event.__class__ is NamePrompt

    check()


@given(objects(Message))
def test_every_line_of_a_message_begins_with_its_sender(said: Message) -> None:
    lines = seen(replace(said, to="#main", announced=False, own=False, role=""))
    who = harmless(said.sender)
    sign = f"* {who}" if said.action else f"-{who}-" if said.notice else f"<{who}>"
    assert lines and all(line.startswith(f"{lines[0][:5]} #main {sign} ") for line in lines)


def test_a_message_to_holders_of_a_role_says_so() -> None:
    said = Message(AT, "#ops", 0, "alice", "#ops", "careful", role="o")
    assert seen(said) == ["10:15 #ops (operators) <alice> careful"]
    assert seen(replace(said, role="v", notice=True)) == ["10:15 #ops (operators and voiced) -alice- careful"]


def test_of_a_message_that_was_taken_back_only_that_is_shown() -> None:
    assert seen(replace(HI, text="", redacted=True)) == ["10:15 #main <alice> (deleted)"]


@pytest.mark.parametrize(
    "kind",
    [Joined, Left, Disconnected, Renamed, TopicChanged, PresenceChanged, Failed, Stopping],
)
def test_nobody_can_forge_a_line_of_the_servers(kind: type[Event]) -> None:
    @few
    @given(objects(kind))
    def check(event: Event) -> None:
        assert len(seen(event)) == 1

    check()


def test_a_new_name_of_ones_own_is_told_as_such() -> None:
    renamed = Renamed(AT, "alice", "alicia")
    assert seen(renamed) == ["10:15 * alice is now called alicia."]
    assert TextDialect().answer(renamed).decode()[5:] == " * You are now called alicia.\n"


def test_the_transcript_of_the_protocol() -> None:
    assert TextDialect().encode(NamePrompt(AT)) == b"Welcome to evchat. What is your name?\n"
    assert seen(LoggedIn(AT, None, "alice", False, "#main", ("bob", "carol"))) == [
        "10:15 * Hello alice, you are in #main with bob, carol. /help shows what you can do."
    ]
    assert seen(HI) == ["10:15 #main <alice> hi all"]
    assert seen(MessageAccepted(AT, None, "bob", 7, "psst", direct=True)) == ["10:15 -> bob: psst"]
    assert seen(replace(WAVES, sender="bob", to="alice", text="yes?", action=False)) == [
        "10:15 (private) <bob> yes?"
    ]
    (unknown,) = typed(b"/dance\n")
    assert isinstance(unknown, Malformed)
    assert seen(Failed(AT, None, unknown.code, unknown.reason)) == [
        "10:15 ! There is no command /dance. /help all lists them."
    ]


def test_messages_show_where_they_belong() -> None:
    assert seen(replace(HI, action=True, text="waves")) == ["10:15 #main * alice waves"]
    assert seen(LUNCH) == ["10:15 (broadcast) <alice> lunch!"]
    assert seen(WAVES) == ["10:15 (private) * alice waves"]
    assert seen(replace(WAVES, own=True)) == ["10:15 -> bob: * alice waves"]
    assert seen(replace(HI, text="one\ntwo")) == ["10:15 #main <alice> one", "10:15 #main <alice> two"]


def test_a_message_to_a_channel_is_answered_by_its_echo_alone() -> None:
    assert seen(MessageAccepted(AT, None, "#main", 42)) == []


def test_who_is_not_there_is_told_behind_the_message() -> None:
    assert seen(MessageAccepted(AT, None, "bob", 7, "one\ntwo", direct=True, kept=True)) == [
        "10:15 -> bob: one",
        "10:15 -> bob: two",
        "10:15 * bob is offline and will find it in their inbox.",
    ]


@pytest.mark.parametrize(
    ("others", "users", "words"),
    [
        ((), 1, "you are alone in #main."),
        (("bob",), 2, "you are in #main with bob."),
        (
            tuple(f"u{number}" for number in range(200)),
            201,
            "with u0, u1, u2, u3, u4, u5, u6, u7, u8, u9 and 190 others.",
        ),
        (tuple(f"u{number}" for number in range(11)), 12, "u8, u9 and 1 other."),
        ((), 3000, "you are in #main with 2999 others."),
    ],
)
def test_a_hello_tells_the_company(others: tuple[str, ...], users: int, words: str) -> None:
    (line,) = seen(LoggedIn(AT, None, "alice", False, "#main", others, users=users))
    assert words in line


def test_a_hello_tells_what_waits_and_the_message_of_the_day() -> None:
    event = LoggedIn(AT, None, "alice", False, "#main", (), 3, "Be kind.\nBe brief.")
    assert seen(event)[1:] == [
        "10:15 * Be kind.",
        "10:15 * Be brief.",
        "10:15 * You missed 3 messages. /inbox shows them.",
    ]
    assert seen(replace(event, unread=1, motd=""))[1:] == ["10:15 * You missed 1 message. /inbox shows it."]


def test_a_join_moves_one_there() -> None:
    dialect = TextDialect()
    dialect.greet()
    assert dialect.receive(b"/join #ops\n-ch dev\n") == [
        Join(("#ops",), current=True),
        Join(("#dev",), current=True),
    ]


def test_coming_into_a_channel_tells_what_it_is_like() -> None:
    entered = Entered(AT, None, "alice", "#ops", "on call: bob", "bob", AT, ("alice", "bob"), 42, 40, users=2)
    assert seen(entered) == [
        "10:15 * You are in #ops with bob. To talk there, use -ch #ops.",
        "10:15 * The topic of #ops is: on call: bob (set by bob, 10:15)",
    ]
    assert seen(replace(entered, topic="", names=("alice",), current=True)) == [
        "10:15 * You are in #ops, alone. What you type now goes there."
    ]
    assert seen(replace(entered, login=True, topic="")) == []


def test_old_messages_have_their_own_times_and_the_date_if_it_was_not_today() -> None:
    messages = (replace(HI, at=AT - DAY), replace(HI, at=AT - 3_600_000))
    heading = "10:15 * Earlier in #main (2 messages):"
    expected = [heading, "20 Nov 10:15 #main <alice> hi all", "09:15 #main <alice> hi all"]
    assert seen(HistoryListed(AT, None, "#main", messages, 42)) == expected
    assert seen(HistoryListed(AT, None, "#main", messages, 42, recent=True)) == expected
    assert seen(HistoryListed(AT, None, "#ops", (), 0)) == ["10:15 * No messages in #ops yet."]


def test_a_history_with_a_user_shows_who_said_what() -> None:
    mine, yours = (
        replace(WAVES, action=False),
        replace(WAVES, sender="Bob", to="alice", text="hi", action=False),
    )
    assert seen(HistoryListed(AT, None, "bob", (mine, yours), 8)) == [
        "10:15 * Earlier with bob (2 messages):",
        "10:15 -> bob: waves",
        "10:15 (private) <Bob> hi",
    ]


def test_a_ping_is_answered_with_the_time() -> None:
    assert seen(Ponged(AT, None, "")) == [f"10:15 * pong (the server's time is {times.clock(AT)})"]
    assert seen(Ponged(AT, None, "end")) == [f"10:15 * end (the server's time is {times.clock(AT)})"]


def test_what_was_found_shows_to_whom_it_was_said() -> None:
    assert seen(SearchResults(AT, None, "x", (HI, WAVES))) == [
        "10:15 #main <alice> hi all",
        "10:15 (private to bob) * alice waves",
    ]


def test_people_stand_in_columns() -> None:
    longer = replace(BOB, name="somebody", idle=0, away=None, channels=("#main", "#ops"))
    assert seen(PeopleListed(AT, None, (BOB, longer), omitted=3)) == [
        "10:15 * 5 users online",
        "10:15 * NAME      STATUS       IDLE   SINCE  CHANNELS",
        "10:15 * bob       away: lunch  2 min  10:13  #main",
        "10:15 * somebody  online              10:13  #main, #ops",
        "10:15 * And 3 more.",
    ]
    assert seen(PeopleListed(AT, None, (GONE,), 60)) == [
        "10:15 * 1 user seen in the last 60 minutes",
        "10:15 * NAME  STATUS   LAST SEEN",
        "10:15 * bob   offline  10:13",
    ]
    assert seen(PeopleListed(AT, None, ())) == ["10:15 * Nobody else is online."]


def test_columns_are_measured_in_cells() -> None:
    rows = seen(ChannelsListed(AT, None, (ChannelInfo("#日本", "x", 1), ChannelInfo("#a", "y", 2))))
    assert rows == [
        "10:15 * 2 channels",
        "10:15 * CHANNEL  MEMBERS  TOPIC",
        "10:15 * #日本    1        x",
        "10:15 * #a       2        y",
    ]


def test_what_is_known_of_one_person_has_a_row_for_each_fact() -> None:
    assert seen(WhoIsTold(AT, None, BOB)) == [
        "10:15 * bob (a guest)",
        "10:15 *   Status    away: lunch",
        "10:15 *   Idle      2 min",
        "10:15 *   Since     10:13",
        "10:15 *   Channels  #main",
    ]


def test_help_shows_how_to_begin_or_explains_one_command() -> None:
    assert seen(Helped(AT, None, COMMANDS))[1] == f"10:15 * {'/msg NAME TEXT':28}sends a direct message"
    (line,) = seen(Helped(AT, None, (BY_NAME["msg"],), True))
    assert line == f"10:15 * /msg name text   {BY_NAME['msg'].summary} Also: /pm, /send."


def test_leaving_is_told() -> None:
    assert seen(LoggedOut(AT, None)) == ["10:15 * You are logged out. What is your name?"]
    assert seen(LoggedOut(AT, None, True)) == ["10:15 * Goodbye."]
    assert seen(HungUp(AT, "idle", "Idle for 60 seconds.")) == ["10:15 ! Idle for 60 seconds."]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_a_person_hears_everything_that_is_meant_for_people(sample: Event) -> None:
    silent = {
        Welcomed, Pinged, ReadMarkerMoved, NickConfirmed, AccountChanged,
        TagMessage, RequestContext, LocalReply,
        ScramChallenge,
    }  # fmt: skip
    if type(sample) in silent or (isinstance(sample, MessageAccepted) and not sample.direct):
        assert seen(sample) == []
    elif not isinstance(sample, Done | Entered):
        assert seen(sample)


@pytest.mark.parametrize(
    "before", [b"\n", b"\r\n\r\n", b" ", b"\t", b"\0", b"\xff\xfb\x01", b"\r\n\xef\xbb\xbf"]
)
def test_an_http_request_behind_blank_lines_ends_the_conversation(before: bytes) -> None:
    data = before + b"POST / HTTP/1.1\r\nHost: x\r\n\r\nalice\r\nhi\r\n"
    for pieces in ([data], [data[at : at + 1] for at in range(len(data))]):
        dialect = TextDialect()
        *earlier, last = [request for piece in pieces for request in dialect.receive(piece)]
        assert all(request in (Greet(repeats=False), TypedLine("")) for request in earlier)
        assert isinstance(last, Malformed) and last.fatal and last.reason == "HTTP is not supported here."


def test_a_message_may_look_like_an_http_request() -> None:
    assert TextDialect().receive(b"alice\nGET / HTTP/1.1\n")[-1] == TypedLine("GET / HTTP/1.1")
