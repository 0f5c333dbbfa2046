"""A message of several lines, from a client."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.irc.local_requests import Local
from evchat.protocol.base import Request
from evchat.protocol.basics import ReplyLocally
from evchat.protocol.messages import SendMessage
from evchat.settings.model import Config, Limits


def sent(*rows: str) -> list[Request]:
    """What the lines of a client come to, without what only says that a batch goes on."""
    client = IrcDialect(Config())
    asked = client.receive("".join(f"{row}\r\n" for row in ("PING x", *rows)).encode())[2:]
    return [x for x in asked if not (isinstance(x, ReplyLocally) and _word(x) in ("nothing", "opened"))]


def _word(request: ReplyLocally) -> str:
    assert isinstance(request.payload, Local)
    return request.payload.what


def said(*rows: str) -> list[tuple[str, str | None]]:
    """The messages that the lines come to, with their targets."""
    requests = sent(*rows)
    assert all(isinstance(request, SendMessage) for request in requests), requests
    return [(request.text, request.to) for request in requests if isinstance(request, SendMessage)]


def failure(*rows: str) -> str:
    """The code of the one failure that the lines come to."""
    (request,) = [x for x in sent(*rows) if isinstance(x, ReplyLocally)]
    assert isinstance(request.payload, Local) and request.payload.what == "fail"
    return request.payload.params[1]


def batch(*rows: str) -> list[str]:
    return ["BATCH +a draft/multiline #tea", *rows, "BATCH -a"]


def test_the_lines_of_a_batch_are_one_message() -> None:
    rows = batch(
        "@batch=a PRIVMSG #tea :one",
        "@batch=a PRIVMSG #tea :",
        "@batch=a PRIVMSG #tea :two ",
        "@batch=a;draft/multiline-concat PRIVMSG #tea :and more",
    )
    assert said(*rows) == [("one\n\ntwo and more", "#tea")]


def test_a_line_without_the_batchs_name_is_a_message_of_its_own() -> None:
    rows = batch("@batch=a PRIVMSG #tea :one", "PRIVMSG #tea :other")
    assert said(*rows) == [("other", "#tea"), ("one", "#tea")]


def test_notices_and_tags_of_clients_are_kept() -> None:
    rows = ["@+draft/reply=7 BATCH +a draft/multiline #tea", "@batch=a NOTICE #tea :one", "BATCH -a"]
    (request,) = sent(*rows)
    assert isinstance(request, SendMessage) and request.notice and request.tags == (("+draft/reply", "7"),)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (batch(), "MULTILINE_INVALID"),
        (batch("@batch=a PRIVMSG #tea : "), "MULTILINE_INVALID"),
        (batch("@batch=a PRIVMSG #tea :one", "@batch=a NOTICE #tea :two"), "MULTILINE_INVALID"),
        (
            batch("@batch=a PRIVMSG #tea :one", "@batch=a;draft/multiline-concat PRIVMSG #tea :"),
            "MULTILINE_INVALID",
        ),
        (batch("@batch=a PRIVMSG #tea :one", "@batch=a PRIVMSG #other :two"), "MULTILINE_INVALID_TARGET"),
        (batch(*["@batch=a PRIVMSG #tea :x"] * (Limits().max_multiline_lines + 1)), "MULTILINE_MAX_LINES"),
        (batch(*["@batch=a PRIVMSG #tea :" + "x" * 400] * 11), "MULTILINE_MAX_BYTES"),
        (["BATCH +a netsplit x y"], "MULTILINE_INVALID"),
        (["BATCH -a"], "MULTILINE_INVALID"),
    ],
)
def test_a_batch_that_can_not_be_is_refused_as_a_whole(rows: list[str], code: str) -> None:
    assert failure(*rows) == code
    assert not [x for x in sent(*rows) if isinstance(x, SendMessage)]


words = st.sampled_from([
    "BATCH +a draft/multiline #tea", "BATCH -a", "BATCH +b draft/multiline bob", "BATCH", "@batch=a PRIVMSG #tea :x",
    "@batch=a;draft/multiline-concat PRIVMSG #tea :y", "@batch=a NOTICE #tea :", "@batch=a JOIN #x", "PRIVMSG bob :hi",
])  # fmt: skip


@given(st.lists(words, max_size=60))
def test_whatever_comes_in_whatever_order_is_answered(rows: list[str]) -> None:
    for request in sent(*rows):
        if isinstance(request, SendMessage):
            assert request.text.strip() and len(request.text.encode()) <= Limits().max_multiline_bytes
