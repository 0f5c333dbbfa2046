"""Logging in is tried again as long as that makes sense."""

from __future__ import annotations

import pytest

from evchat.settings.client import RETRY_FIRST, RETRY_MAX
from tui.connection.login import LOGIN_RETRY, NAME_HELD_FOR, Login
from tui.model.record import Record
from tui.model.server_events import Answer
from tui.model.session_events import CONNECTING, NAME, PASSWORD, REFUSED, SERVER_PASSWORD


def error(code: str) -> Answer:
    return Answer(Record({"response": "error", "code": code, "content": f"{code}."}))


def ok() -> Answer:
    return Answer(Record({"response": "ok"}))


OLD = Record({})
"""The answer of a server that can't resume."""


def held(token: str = "t1") -> Record:
    return Record({"resume": token, "resume_for": 20_000})


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
    login.succeeded(OLD)
    login.refused(error("storage"), 0)
    assert login.due == RETRY_FIRST


def test_a_name_that_ones_own_dead_connection_holds_is_waited_for_but_not_for_ever() -> None:
    login = Login("alice", None)
    login.succeeded(OLD)
    assert login.refused(error("name-taken"), 0).state == CONNECTING and login.due == LOGIN_RETRY
    assert login.refused(error("name-taken"), NAME_HELD_FOR - 1).state == CONNECTING
    assert login.refused(error("name-taken"), NAME_HELD_FOR).state == REFUSED


def test_a_session_that_was_lost_goes_on_with_its_token_which_is_used_once() -> None:
    login = Login("alice", "s3cret")
    login.succeeded(held("t1"))
    assert login.request() == {"request": "login", "content": "alice", "resume": "t1"}
    login.succeeded(held("t2"))
    assert login.request()["resume"] == "t2"
    assert login.refused(error("resume-unknown"), 1000).state == CONNECTING and login.due == 1000
    assert login.request() == {"request": "login", "content": "alice", "password": "s3cret"}


def test_whoever_can_resume_waits_for_no_name() -> None:
    login = Login("alice", None)
    login.succeeded(held())
    login.request()
    login.refused(error("resume-unknown"), 0)
    assert login.refused(error("name-taken"), 0).state == REFUSED, "nobody of ours has it"


def test_if_the_answer_to_a_token_was_lost_ones_own_session_may_have_the_name() -> None:
    login = Login("alice", None)
    login.succeeded(held())
    login.connected()
    login.request()
    login.connected()
    login.request()
    login.refused(error("resume-unknown"), 0)
    assert login.refused(error("name-taken"), 0).state == CONNECTING
    assert login.refused(error("name-taken"), NAME_HELD_FOR).state == REFUSED
    login.succeeded(held())
    assert login.refused(error("name-taken"), 0).state == REFUSED


def test_a_name_that_is_held_for_a_lost_connection_is_waited_for_as_long_as_the_server_says() -> None:
    login = Login("alice", None)
    facts = {"response": "error", "code": "name-taken", "content": "name-taken."}
    waiting = login.refused(Answer(Record({**facts, "free_in": 19_500})), 0)
    assert (waiting.state, login.due) == (CONNECTING, LOGIN_RETRY)
    assert waiting.reason == "The name alice is still held for a lost connection, 20 s at most."
    login.refused(Answer(Record({**facts, "free_in": 3_000})), 16_500)
    assert login.due == 19_500
    login.refused(Answer(Record({**facts, "free_in": 1})), 19_500)
    assert login.due == 19_500 + RETRY_FIRST, "whatever a server says, it is not asked in a loop"
    assert login.refused(error("name-taken"), 25_000).state == REFUSED


def test_a_token_goes_with_the_user() -> None:
    login = Login("alice", None)
    login.succeeded(held())
    login.change("bob", None)
    assert login.request() == {"request": "login", "content": "bob"}


def test_the_servers_password_is_given_once_for_each_connection_before_the_login() -> None:
    login = Login("alice", None, "apple")
    for _ in range(2):
        login.connected()
        assert login.request() == {"request": "pass", "password": "apple"}
        assert login.passed(ok(), 0) is None
        assert login.request() == {"request": "login", "content": "alice"}
        assert login.request() == {"request": "login", "content": "alice"}


def test_a_password_for_a_server_that_has_none_is_no_obstacle() -> None:
    login = Login("alice", None, "apple")
    assert login.passed(error("bad-request"), 0) is None
    assert login.request() == {"request": "login", "content": "alice"}


def test_a_wrong_password_of_the_server_is_asked_for_again() -> None:
    login = Login("alice", None, "banana")
    refused = login.passed(error("wrong-password"), 0)
    assert refused is not None and (refused.state, refused.needs) == (REFUSED, SERVER_PASSWORD)
    login.change_server_password("apple")
    assert login.request() == {"request": "pass", "password": "apple"}


@pytest.mark.parametrize(
    ("code", "needs"),
    [
        ("server-password", SERVER_PASSWORD), ("name-taken", NAME), ("bad-name", NAME), ("not-registered", NAME),
        ("accounts-only", NAME),
        ("password-needed", PASSWORD), ("wrong-password", PASSWORD), ("too-many-tries", ""), ("banished", ""),
    ],
)  # fmt: skip
def test_a_refusal_says_what_it_needs(code: str, needs: str) -> None:
    assert Login("alice", None).refused(error(code), 0).needs == needs


def test_a_free_name_is_passed_on() -> None:
    answer = Answer(Record({"response": "error", "code": "name-taken", "suggestion": "alice2"}))
    refused = Login("alice", None).refused(answer, 0)
    assert (refused.name, refused.suggestion) == ("alice", "alice2")


def test_somebody_else_waits_for_no_name() -> None:
    login = Login("alice", "s3cret")
    login.succeeded(OLD)
    login.refused(error("name-taken"), 0)
    login.change("bob", None)
    assert login.due is None
    assert login.request() == {"request": "login", "content": "bob"}
    assert login.refused(error("name-taken"), 0).state == REFUSED


def test_whoever_has_another_name_than_the_account_logs_in_to_the_account() -> None:
    login = Login("alice", None)
    login.registered("s3cret")
    login.user = "alice2"
    assert login.request() == {"request": "login", "content": "alice", "password": "s3cret"}
    login.succeeded(held())
    assert login.request() == {"request": "login", "content": "alice2", "resume": "t1"}
    login.refused(error("resume-unknown"), 0)
    assert login.refused(error("wrong-password"), 0).name == "alice"
    login.unregistered()
    assert login.request() == {"request": "login", "content": "alice2"}
