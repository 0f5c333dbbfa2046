"""What all clients of the older systems need: a segment is a line, and every frame is short and harmless.

The law "the same bytes in any pieces make the same requests" can't hold here: these clients end no line, so the pieces
are all there is. What holds instead is tested below: no pieces raise, and a character may be cut anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.text.dialect import NOT_UTF8
from evchat.dialects.unframed.chatapp import ChatappDialect
from evchat.dialects.unframed.dialect import LONGEST, UnframedDialect
from evchat.dialects.unframed.letschat import LetschatDialect
from evchat.dialects.unframed.room import RoomDialect
from evchat.dialects.unframed.wholast import ASIDE, WholastDialect
from evchat.protocol.base import Event
from evchat.protocol.basics import Help, Malformed
from evchat.protocol.channels import Join
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.text import harmless
from evchat.protocol.typed_lines import TypedLine
from evchat.settings.model import Config, Limits
from tests.dialects.anything import EVENTS, few, objects
from tests.dialects.samples import HI, SAMPLES

KINDS: list[Callable[[], UnframedDialect]] = [RoomDialect, ChatappDialect, LetschatDialect, WholastDialect]
each = pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)


def frames(data: bytes) -> list[str]:
    """The frames of an event, as they leave."""
    assert data == b"" or data.endswith(b"\n")
    return [frame.removeprefix(ASIDE) for frame in data.decode("utf-8").split("\n")[:-1]]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_is_told_in_short_and_harmless_frames(kind: type[Event]) -> None:
    @few
    @given(objects(kind))
    def told(event: Event) -> None:
        told_by_each = [frames(make().encode(event)) + frames(make().answer(event)) for make in KINDS]
        for frame in chain.from_iterable(told_by_each):
            assert harmless(frame) == frame and len(frame.encode()) <= LONGEST

    told()


@each
@given(
    st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(["é👍".encode(), b"\n", b"GET / HTTP/1.1\n"])))
)
def test_no_segments_raise_and_what_they_mean_is_bounded(
    make: Callable[[], UnframedDialect], segments: list[bytes]
) -> None:
    dialect = make()
    for segment in segments:
        assert len(dialect.receive(segment)) <= 4 * (segment.count(b"\n") + 1)
    assert dialect.end() == []


@pytest.mark.parametrize("make", KINDS[:3], ids=lambda make: make.__name__)
def test_what_one_read_brings_is_a_line_and_a_newline_inside_separates(
    make: Callable[[], UnframedDialect],
) -> None:
    dialect = make()
    dialect.logged_in = True
    assert dialect.receive(b"/msg bob hi") == [SendMessage("hi", "bob")]
    assert dialect.receive(b"/msg bob hi\r\n\n -help \n") == [SendMessage("hi", "bob"), Help()]
    assert dialect.receive(b" \r\n\0") == []
    assert dialect.receive(b"/join #tea") == [Join(("#tea",), current=True)]
    assert dialect.receive(b"-broadcast tea!") == [Announce("tea!")]


def test_a_character_may_be_cut_between_two_segments_but_bytes_that_are_none_are_refused() -> None:
    dialect = LetschatDialect()
    text = "/me wavesé👍 to all".encode()
    for at in range(len(text) + 1):
        told = [*dialect.receive(text[:at]), *dialect.receive(text[at:])]
        assert NOT_UTF8 not in told
    dialect.receive("👍".encode()[:2])
    assert dialect.receive("👍 it is".encode()[2:]) == [TypedLine("👍 it is")]
    assert dialect.receive(b"x\xff")[0] == NOT_UTF8
    assert dialect.receive(b"ok") == [TypedLine("ok")]
    (refused,) = LetschatDialect().receive(b"\xff\xfe")
    assert isinstance(refused, Malformed) and refused.code == "bad-encoding" and not refused.fatal
    (refused,) = LetschatDialect().receive(b"\xc3\n")
    assert isinstance(refused, Malformed) and refused.code == "bad-encoding"


@each
def test_a_web_page_gets_nowhere(make: Callable[[], UnframedDialect]) -> None:
    dialect = make()
    (refused,) = dialect.receive(b"POST /x HTTP/1.1\r\nHost: x\r\n\r\nmallory\nhi")
    assert isinstance(refused, Malformed) and refused.fatal
    assert dialect.receive(b"mallory") == []


@each
def test_a_line_may_be_as_long_as_the_settings_say(make: Callable[[], UnframedDialect]) -> None:
    dialect = make()
    assert dialect.reconfigure(Config(limits=Limits(max_line_bytes=512))) == b""
    (refused,) = dialect.receive(b"x" * 513)
    assert isinstance(refused, Malformed) and refused.code == "too-long" and not refused.fatal


@each
def test_a_long_message_is_several_frames_each_with_its_sender(make: Callable[[], UnframedDialect]) -> None:
    text = "word " * 900 + "\n" + "語" * 700
    told = frames(make().encode(replace(HI, text=text)))
    before = told[0].partition("word")[0]
    assert "alice: " in before and all(frame.startswith(before) for frame in told)
    assert "".join(frame.removeprefix(before) for frame in told) == text.replace("\n", "")


@each
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_no_event_can_say_a_word_that_the_client_compares(
    make: Callable[[], UnframedDialect], sample: Event
) -> None:
    dialect = make()
    for word in dialect.compared:
        assert word not in frames(dialect.frames([word, f" {word}"])) or dialect.name == "wholast"


@each
def test_its_law_is_its_own(make: Callable[[], UnframedDialect]) -> None:
    dialect = make()
    assert (dialect.paced, dialect.pings, dialect.context, dialect.successor) == (True, False, False, None)
    assert dialect.variant == dialect.name and dialect.acknowledges
