"""Commands about the past: what a selector selects, and that a mistake is told as a standard reply."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc.broadcasts import message_id
from evchat.dialects.irc.history_commands import chathistory, markread, redact
from evchat.dialects.irc.line import Line
from evchat.dialects.irc.local_requests import Local
from evchat.protocol.base import Request
from evchat.protocol.basics import ReplyLocally
from evchat.protocol.history import GetHistory, ListConversations
from evchat.protocol.messages import Message
from evchat.protocol.read_markers import GetReadMarker, SetReadMarker
from evchat.protocol.redaction import Redact
from tests.dialects.anything import legal_texts

AT = 1_795_256_109_000
TIME = "timestamp=2026-11-21T10:15:09.000Z"
LATER = "timestamp=2026-11-21T10:15:10.000Z"
ID = message_id(Message(AT, "#tea", 41, "alice", "#tea", "hi"))


def history(*params: str) -> GetHistory:
    (asked,) = chathistory(Line("CHATHISTORY", params))
    assert isinstance(asked, GetHistory), asked
    assert asked.to == params[1] and asked.context == Line("CHATHISTORY", params)
    return asked


def mistake(request: Request) -> tuple[str, ...]:
    """The parameters of a standard reply."""
    assert isinstance(request, ReplyLocally) and isinstance(request.payload, Local)
    assert request.payload.what == "fail"
    return request.payload.params


@pytest.mark.parametrize(
    ("params", "bounds"),
    [
        (("BEFORE", "#tea", f"msgid={ID}", "5"), {"before": 41, "limit": 5}),
        (("before", "#tea", TIME, "5"), {"until": AT}),
        (("AFTER", "#tea", f"msgid={ID}", "5"), {"after": 41, "oldest": True}),
        (("AFTER", "#tea", TIME, "5"), {"since": AT + 1, "oldest": True}),
        (("LATEST", "#tea", "*", "5"), {"after": None, "before": None}),
        (("LATEST", "#tea", f"msgid={ID}", "5"), {"after": 41, "oldest": False}),
        (("AROUND", "#tea", f"msgid={ID}", "5"), {"around": 41}),
        (("AROUND", "#tea", TIME, "5"), {"around_at": AT}),
        (("BETWEEN", "#tea", TIME, LATER, "5"), {"since": AT + 1, "until": AT + 1000, "oldest": True}),
        (("BETWEEN", "#tea", LATER, TIME, "5"), {"since": AT + 1, "until": AT + 1000, "oldest": False}),
    ],
)
def test_a_subcommand_bounds_the_history(params: tuple[str, ...], bounds: dict[str, object]) -> None:
    asked = history(*params)
    assert {key: getattr(asked, key) for key in bounds} == bounds


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ((), "INVALID_PARAMS"),
        (("SIDEWAYS", "#tea", "*", "5"), "INVALID_PARAMS"),
        (("LATEST", "#tea", "*"), "NEED_MORE_PARAMS"),
        (("LATEST", "#tea", "*", "many"), "INVALID_PARAMS"),
        (("BEFORE", "#tea", "*", "5"), "INVALID_PARAMS"),
        (("BEFORE", "#tea", "msgid=nonsense", "5"), "INVALID_PARAMS"),
        (("TARGETS", TIME, f"msgid={ID}", "5"), "INVALID_PARAMS"),
    ],
)
def test_a_mistake_is_a_standard_reply(params: tuple[str, ...], code: str) -> None:
    (request,) = chathistory(Line("CHATHISTORY", params))
    assert mistake(request)[:2] == ("CHATHISTORY", code)


@given(st.lists(legal_texts | st.sampled_from(["LATEST", "TARGETS", TIME, "*", "5"]), max_size=6).map(tuple))
def test_any_parameters_are_one_request(params: tuple[str, ...]) -> None:
    assert len(chathistory(Line("CHATHISTORY", params))) == 1
    assert len(markread(Line("MARKREAD", params))) == 1


@pytest.mark.parametrize("times", [(TIME, LATER), (LATER, TIME)])
def test_targets_are_between_two_times_whichever_comes_first(times: tuple[str, str]) -> None:
    (request,) = chathistory(Line("CHATHISTORY", ("TARGETS", *times, "5")))
    assert request == ListConversations(
        AT + 1, AT + 1000, 5, earliest=True, mine=True, context=Line("CHATHISTORY", ("TARGETS", *times, "5"))
    )


def test_markread_asks_and_sets() -> None:
    assert markread(Line("MARKREAD", ("#tea",))) == [GetReadMarker("#tea")]
    assert markread(Line("MARKREAD", ("#tea", TIME))) == [SetReadMarker("#tea", until=AT)]
    (request,) = markread(Line("MARKREAD", ("#tea", f"msgid={ID}")))
    assert mistake(request)[:2] == ("MARKREAD", "INVALID_PARAMS")


def test_redact_names_a_message_and_when_it_was_sent() -> None:
    line = Line("REDACT", ("#tea", ID, "a slip"))
    assert redact(line) == [Redact("#tea", 41, "a slip", AT, context=line)]


def test_a_message_id_of_no_message_redacts_none() -> None:
    line = Line("REDACT", ("#tea", "nonsense"))
    assert redact(line) == [Redact("#tea", 0, "", 0, context=line)]
