"""Logging in is tried again as long as that makes sense."""

from __future__ import annotations

from evchat.settings.client import RETRY_FIRST, RETRY_MAX
from tui.connection.login import LOGIN_RETRY, NAME_HELD_FOR, Login
from tui.model.record import Record
from tui.model.server_events import Answer
from tui.model.session_events import CONNECTING, REFUSED


def error(code: str) -> Answer:
    return Answer(Record({"response": "error", "code": code, "content": f"{code}."}))


def test_a_password_is_told_only_if_there_is_one() -> None:
    assert Login("alice", None).request() == {"request": "login", "content": "alice"}
    assert Login("alice", "s3cret").request()["password"] == "s3cret"


def test_a_refusal_is_final_if_it_does_not_go_by_itself() -> None:
    login = Login("alice", None)
    refused = login.refused(error("name-taken"), 1000)
    assert (refused.state, refused.reason) == (REFUSED, "name-taken.") and login.due is None


def test_what_goes_by_itself_is_tried_again_ever_more_rarely() -> None:
    login, waits = Login("alice", None), []
    for _ in range(8):
        assert login.refused(error("storage"), 1000).state == CONNECTING
        assert login.due is not None
        waits.append(login.due - 1000)
        login.request()
        assert login.due is None
    assert waits[:3] == [RETRY_FIRST, 2 * RETRY_FIRST, 4 * RETRY_FIRST] and waits[-1] == RETRY_MAX
    login.succeeded()
    login.refused(error("storage"), 0)
    assert login.due == RETRY_FIRST


def test_a_name_that_ones_own_dead_connection_holds_is_waited_for_but_not_for_ever() -> None:
    login = Login("alice", None)
    login.succeeded()
    assert login.refused(error("name-taken"), 0).state == CONNECTING and login.due == LOGIN_RETRY
    assert login.refused(error("name-taken"), NAME_HELD_FOR - 1).state == CONNECTING
    assert login.refused(error("name-taken"), NAME_HELD_FOR).state == REFUSED


def test_somebody_else_waits_for_no_name() -> None:
    login = Login("alice", "s3cret")
    login.succeeded()
    login.refused(error("name-taken"), 0)
    login.change("bob", None)
    assert login.due is None
    assert login.request() == {"request": "login", "content": "bob"}
    assert login.refused(error("name-taken"), 0).state == REFUSED
