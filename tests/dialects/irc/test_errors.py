"""Every refusal is told: by the numeric that IRC has for it, or in a sentence."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc import errors, numerics
from evchat.protocol.base import Request
from evchat.protocol.basics import Failed, RequestContext
from evchat.protocol.channels import Join, Part
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.errors import CODES
from evchat.protocol.login import ChangeNick, Introduce
from evchat.protocol.membership import Invite, Kick
from evchat.protocol.messages import SendMessage
from evchat.protocol.modes import ChannelMode
from evchat.protocol.operators import Kill, Oper
from evchat.protocol.user_settings import UserMode
from tests.dialects.anything import REQUESTS, few
from tests.dialects.irc.wire import dialect, known, lines

NUMBERS = {value for name, value in vars(numerics).items() if name.startswith(("RPL_", "ERR_"))}
SILENT_AT_NOTICES = (SendMessage, SendTagMessage)


@pytest.mark.parametrize("code", CODES)
@few
@given(request_=st.sampled_from(REQUESTS).flatmap(known), about=st.sampled_from(["", "bob", "#tea"]))
def test_every_code_at_every_request_is_told_in_legal_lines(code: str, request_: Request, about: str) -> None:
    client = dialect()
    client.answer(RequestContext(0, request_))
    failed = Failed(0, request_.id, code, "No, because.", about, request=request_)
    told = lines(client.answer(failed))
    if isinstance(request_, SILENT_AT_NOTICES) and request_.notice:
        assert not told
        return
    assert told
    for line in told:
        command = line["command"]
        assert command in NUMBERS or command in ("NOTICE", "FAIL", "ERROR", "MARKREAD"), line
        if command.isdecimal():
            assert line["params"].split()[0] == "alice"


@pytest.mark.parametrize(
    ("request_", "code", "about", "line"),
    [
        (ChangeNick("bob"), "name-taken", "", "433 alice bob"),
        (ChangeNick("a b"), "bad-name", "", "432 alice *"),
        (ChangeNick("bob"), "registered", "bob", "433 alice bob"),
        (Introduce("x"), "name-taken", "bob", "433 alice bob"),
        (Introduce("x"), "wrong-password", "", "464 alice"),
        (Introduce("x"), "already-logged-in", "", "462 alice"),
        (Join(("#tea",)), "banned", "#tea", "474 alice #tea"),
        (Join(("#tea",)), "invite-only", "#tea", "473 alice #tea"),
        (Join(("#tea",)), "channel-full", "#tea", "471 alice #tea"),
        (Join(("#tea",)), "wrong-key", "#tea", "475 alice #tea"),
        (Join(("tea",)), "bad-channel", "tea", "403 alice tea"),
        (Join(("#tea",)), "too-many-channels", "#tea", "405 alice #tea"),
        (SendMessage("hi", "#tea"), "moderated", "#tea", "404 alice #tea"),
        (SendMessage("hi", "#tea"), "not-in-channel", "", "404 alice #tea"),
        (SendMessage("hi", "#tea"), "no-such-channel", "", "403 alice #tea"),
        (SendMessage("hi", "bob"), "no-such-user", "", "401 alice bob"),
        (Part(("#tea",)), "not-in-channel", "", "442 alice #tea"),
        (Kick("bob", "", "#tea"), "not-operator", "", "482 alice #tea"),
        (Kick("bob", "", "#tea"), "not-a-member", "bob", "441 alice bob #tea"),
        (Invite("bob", "#tea"), "already-a-member", "bob", "443 alice bob #tea"),
        (ChannelMode("+x", "#tea"), "unknown-mode", "x", "472 alice x"),
        (UserMode("+x"), "unknown-mode", "x", "501 alice"),
        (Oper("root", "guess"), "wrong-password", "", "464 alice"),
        (Kill("bob"), "not-operator", "", "481 alice"),
    ],
)
def test_the_numeric_is_the_one_that_clients_know(
    request_: Request, code: str, about: str, line: str
) -> None:
    client = dialect()
    client.answer(RequestContext(0, request_))
    (told,) = lines(client.answer(Failed(0, None, code, "No.", about, request=request_)))
    assert f"{told['command']}{told['params']}" == line and told["last"]


def test_every_numeric_has_one_name_and_three_digits() -> None:
    named: dict[str, Any] = {
        name: x for name, x in vars(numerics).items() if name.startswith(("RPL_", "ERR_"))
    }
    assert len(set(named.values())) == len(named)
    assert all(re.fullmatch(r"\d{3}", value) for value in named.values())
    assert all(value.isdecimal() for value in errors._TEXTS)


def test_no_numeric_is_for_a_code_that_there_is_not() -> None:
    known = {*errors._BY_CODE, *errors._REGISTER_CODES, *errors._REDACT_CODES}
    assert known <= set(CODES)


@pytest.mark.parametrize("text", ["Only operators of the server may do that.", "That would ban you."])
def test_who_may_not_is_told_what_and_not_that_one_is_no_operator(text: str) -> None:
    client = dialect()
    request = Kill("bob")
    client.answer(RequestContext(0, request))
    (line,) = lines(client.answer(Failed(0, None, "not-allowed", text, request=request)))
    assert line["command"] == "481" and line["last"] == f"Permission Denied- {text}"
