"""Names and passwords: registering, logging in, several sessions of one user, other names, logging out."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.harness import Client, Full, Person, Plain, Server

SECRET = "correct horse"


def answers(client: Full, *numbers: str) -> list[dict[str, Any]]:
    """The answers to these requests, in the order in which they came."""
    return [client.next(lambda event: event.get("reply_to") in numbers) for _ in numbers]


def registered(client: Full) -> Full:
    assert client.request("register", password=SECRET)["response"] == "ok"
    return client


# ---- registering and logging in


def test_a_registered_name_needs_its_password_from_then_on(full: Callable[..., Full]) -> None:
    alice = full("alice")
    assert alice.state["registered"] is False
    told = alice.request("register", password=SECRET)
    assert told["response"] == "ok" and "alice" in told["content"]
    assert alice.request("register", password="another one")["code"] == "already-registered"
    alice.request("quit")

    guest = full()
    assert guest.request("login", "alice")["code"] == "password-needed"
    assert guest.request("login", "Alice", password="wrong horse")["code"] == "wrong-password"
    assert guest.request("msg", "let me in")["code"] == "not-logged-in"
    state = guest.request("login", "ALICE", password=SECRET)
    assert (state["response"], state["name"], state["registered"]) == ("ok", "alice", True)


def test_a_password_for_a_name_that_has_none_is_refused(full: Callable[..., Full]) -> None:
    guest = full()
    assert guest.request("login", "bob", password=SECRET)["code"] == "not-registered"
    assert guest.request("login", "bob")["response"] == "ok"


def test_too_short_a_password_and_a_stranger_are_refused(full: Callable[..., Full]) -> None:
    guest = full()
    assert guest.request("register", password=SECRET)["code"] == "not-logged-in"
    assert guest.request("login", "alice")["response"] == "ok"
    refused = guest.request("register", password="123")
    assert refused["code"] == "bad-password" and "4 characters" in refused["content"]
    assert guest.request("whois", "alice")["content"]["registered"] is False


def test_a_person_registers_and_logs_in_by_typing(person: Callable[..., Person]) -> None:
    alice = person("alice")
    alice.type(f"/register {SECRET}")
    assert alice.line("alice is registered to you").startswith("HH:MM * ")
    alice.type("/quit")
    alice.line("Goodbye")

    guest = person()
    guest.type("alice")
    assert "alice is registered" in guest.line("! ")
    guest.type("wrong")
    assert guest.line("! ") == "HH:MM ! Wrong password."
    guest.type(SECRET)
    assert guest.line("Hello alice").startswith("HH:MM * Hello alice")


def test_a_plain_client_logs_in_with_a_password(
    full: Callable[..., Full], plain: Callable[..., Plain]
) -> None:
    registered(full("alice"))
    client = plain()
    client.put("login", "alice")
    assert "password" in client.receive()["content"]
    client.send(json.dumps({"request": "login", "content": "alice", "password": SECRET}))
    assert "Login successful" in client.receive()["content"]


def test_no_password_stands_in_the_log(server: Server, full: Callable[..., Full]) -> None:
    registered(full("alice"))
    guest = full()
    guest.request("login", "alice", password="wrong secret")
    guest.request("login", "alice", password=SECRET)
    assert server.stop(close=False) == 0
    log = "\n".join(server.log)
    assert "alice" in log and SECRET not in log and "wrong secret" not in log


# ---- while a password is checked


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops the server for a moment")
def test_while_a_password_is_checked_its_client_waits_in_order_and_another_is_served(
    start: Callable[..., Server],
) -> None:
    """What both sent while the server was stopped is there in one pass, and only one of them must wait."""
    server = start("--insecure-no-limits", child=True)  # waitid waits for one's own children
    registered(Full(server.connect(), "alice"))
    asking, other = Full(server.connect()), Full(server.connect(), "bob")
    other.sync()
    os.kill(server.process.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, server.process.pid, os.WSTOPPED)
    for request in (
        {"request": "login", "content": "alice", "password": SECRET, "id": "1"},
        {"request": "msg", "content": "after the login", "id": "2"},
        {"request": "nick", "content": "alicia", "id": "3"},
        {"request": "msg", "content": "under the new name", "id": "4"},
        {"request": "ping", "content": "last", "id": "5"},
    ):
        asking.put(request)
    other.put({"request": "msg", "content": "meanwhile", "id": "m"})
    os.kill(server.process.pid, signal.SIGCONT)

    assert other.next(lambda event: event.get("reply_to") == "m")["seq"] == 1
    told = answers(asking, "1", "2", "3", "4", "5")
    assert [event["reply_to"] for event in told] == ["1", "2", "3", "4", "5"]
    assert [event["response"] for event in told] == ["ok"] * 5
    assert told[1]["seq"] == 2 and told[3]["seq"] == 3
    assert other.event("message", seq=2)["sender"] == "alice"
    assert other.event("message", seq=3)["sender"] == "alicia"


def test_what_is_typed_behind_a_registration_waits_for_it(person: Callable[..., Person]) -> None:
    alice = person("alice")
    alice.send(f"/register {SECRET}\n/whois alice\nhello\n/ping end\n")
    assert "alice is registered to you" in alice.line("* ")
    assert "alice (a registered name)" in alice.line("* ")
    assert "end" in alice.line(lambda line: "end (" in line or "hello" in line), (
        "what is said is not repeated"
    )
    alice.type("/history")
    assert alice.line("hello") == "HH:MM #main <alice> hello"


def test_who_goes_while_a_password_is_checked_harms_nobody(server: Server, full: Callable[..., Full]) -> None:
    alice = registered(full("alice"))
    for _ in range(5):
        hasty = Full(server.connect())
        hasty.put({"request": "login", "content": "alice", "password": SECRET})
        hasty.close()
    patient = full()
    assert patient.request("login", "alice", password=SECRET)["response"] == "ok"
    # Whose password was known to be right may be in for as long as the close is on its way.
    assert any(alice.request("whois", "alice")["content"]["sessions"] == 2 for _ in range(100))


def test_the_last_requests_of_who_has_closed_its_sending_side_wait_for_the_password_as_well(
    server: Server, full: Callable[..., Full], clients: list[Client]
) -> None:
    bob = full("bob")
    registered(full("alice"))
    client = Full(server.connect())
    clients.append(client)
    client.put({"request": "login", "content": "alice", "password": SECRET, "id": "1"})
    client.put({"request": "msg", "content": "and gone", "id": "2"})
    client.sock.shutdown(1)
    assert [event["response"] for event in answers(client, "1", "2")] == ["ok", "ok"]
    client.read_to_end()
    assert bob.event("message", content="and gone")["sender"] == "alice"


# ---- wrong passwords


def test_three_wrong_passwords_block_the_name_for_guessers_and_not_for_its_owner(
    full: Callable[..., Full],
) -> None:
    owner, other = registered(full("alice")), registered(full("bob"))
    guest = full()
    for _ in range(3):
        assert guest.request("login", "alice", password="guess")["code"] == "wrong-password"
    for password in ("guess", SECRET + "x"):
        refused = guest.request("login", "alice", password=password)
        assert refused["code"] == "too-many-tries" and "Try again in " in refused["content"]
    another = full()
    assert another.request("login", "bob", password=SECRET)["response"] == "ok"
    assert guest.request("login", "carol")["response"] == "ok"
    assert full().request("login", "alice", password=SECRET)["response"] == "ok"
    assert owner.request("msg", "still here")["response"] == "ok"
    assert other.event("message", content="still here")


def test_many_guesses_at_once_are_no_more_than_three(full: Callable[..., Full]) -> None:
    registered(full("alice"))
    guessers = [full() for _ in range(6)]
    for guesser in guessers:
        guesser.put({"request": "login", "content": "alice", "password": "guess", "id": "g"})
    codes = [answers(guesser, "g")[0]["code"] for guesser in guessers]
    assert sorted(codes) == ["too-many-tries"] * 3 + ["wrong-password"] * 3


def test_the_right_password_forgets_the_wrong_ones(full: Callable[..., Full]) -> None:
    registered(full("alice"))
    guest = full()
    for _ in range(2):
        for _ in range(2):
            assert guest.request("login", "alice", password="guess")["code"] == "wrong-password"
        assert guest.request("login", "alice", password=SECRET)["response"] == "ok"
        assert guest.request("logout")["response"] == "ok"


# ---- several sessions


@pytest.fixture
def both(full: Callable[..., Full]) -> tuple[Full, Full, Full]:
    """Two sessions of alice, and bob."""
    bob = full("bob")
    desk = registered(full("alice"))
    phone = full("alice", password=SECRET)
    for someone in (bob, desk, phone):
        someone.sync()
    return desk, phone, bob


def test_two_sessions_of_one_user_hear_what_the_other_says(both: tuple[Full, Full, Full]) -> None:
    desk, phone, bob = both
    desk.request("msg", "from the desk")
    assert phone.event("message", content="from the desk")["sender"] == "alice"
    phone.request("msg", "from the phone")
    assert desk.event("message", content="from the phone")["sender"] == "alice"
    assert not [event for event in phone.sync() if event.get("content") == "from the phone"]
    assert [bob.event("message", seq=seq)["content"] for seq in (1, 2)] == ["from the desk", "from the phone"]


def test_direct_messages_and_their_copies_reach_both_sessions(both: tuple[Full, Full, Full]) -> None:
    desk, phone, bob = both
    desk.request("msg", "psst", to="bob")
    copy = phone.event("message", content="psst")
    assert (copy["sender"], copy["to"], copy["seq"]) == ("alice", "bob", 1)
    assert bob.event("message", content="psst")["sender"] == "alice"
    bob.request("msg", "yes?", to="alice")
    for session in (desk, phone):
        assert session.event("message", content="yes?")["seq"] == 2
    for someone in both:
        assert not [event for event in someone.sync() if event["response"] == "message"]


def test_what_one_session_has_read_the_other_knows(both: tuple[Full, Full, Full]) -> None:
    desk, phone, bob = both
    bob.request("msg", "read this")
    desk.event("message", content="read this")
    desk.request("read", to="#main", seq=1)
    assert phone.event("read", to="#main")["seq"] == 1


def test_channels_and_names_are_the_users_and_not_the_sessions(both: tuple[Full, Full, Full]) -> None:
    desk, phone, bob = both
    desk.request("join", "#ops")
    assert phone.event("joined", to="#ops")["sender"] == "alice"
    phone.request("nick", "alicia")
    assert desk.event("renamed", old="alice")["new"] == "alicia"
    assert bob.event("renamed", old="alice")["new"] == "alicia"
    assert bob.request("whois", "alicia")["content"]["sessions"] == 2


def test_a_user_is_gone_when_the_last_session_is(both: tuple[Full, Full, Full]) -> None:
    desk, phone, bob = both
    desk.request("quit")
    assert desk.read_to_end() is not None
    phone.request("msg", "I am still here")
    assert bob.event("message", content="I am still here")
    assert not [event for event in bob.events if event["response"] == "quit"]
    phone.request("quit", "off to bed")
    assert bob.event("quit", sender="alice")["content"] == "Quit: off to bed"


# ---- nick


def test_another_name_is_told_to_all_who_share_a_channel_and_the_old_one_is_free(
    full: Callable[..., Full], person: Callable[..., Person]
) -> None:
    alice, bob, carol = full("alice"), full("bob"), person("carol")
    renamed = alice.request("nick", "alicia")
    assert (renamed["response"], renamed["name"]) == ("ok", "alicia")
    assert bob.event("renamed")["content"] == "alicia"
    assert carol.line("alicia") == "HH:MM * alice is now called alicia."
    alice.request("msg", "it is me")
    assert bob.event("message", content="it is me")["sender"] == "alicia"
    assert bob.request("msg", "hi", to="alicia")["response"] == "ok"
    assert alice.event("message", content="hi")["to"] == "alicia"
    assert full("alice").state["response"] == "ok"


def test_a_name_that_is_taken_registered_or_illegal_is_refused(full: Callable[..., Full]) -> None:
    registered(full("carol")).request("quit")
    alice, bob = full("alice"), full("bob")
    assert alice.request("nick", "BOB")["code"] == "name-taken"
    assert alice.request("nick", "carol")["code"] in ("registered", "name-taken")
    assert alice.request("nick", "a b")["code"] == "bad-name"
    assert alice.request("nick", "Alice")["name"] == "Alice"
    assert bob.event("renamed", old="alice")["new"] == "Alice"
    assert not [event for event in bob.sync() if event["response"] == "renamed"]


def test_one_comes_back_to_a_name_whose_password_one_has_given(full: Callable[..., Full]) -> None:
    alice = registered(full("alice"))
    assert alice.request("nick", "alicia")["response"] == "ok"
    assert full().request("login", "alice")["code"] == "password-needed"
    assert alice.request("nick", "alice")["response"] == "ok"


# ---- logout


def test_who_logs_out_is_gone_for_the_others_and_may_log_in_again(full: Callable[..., Full]) -> None:
    alice, bob = full("alice"), full("bob")
    told = alice.request("logout")
    assert (told["response"], told["closing"]) == ("ok", False)
    assert bob.event("quit", sender="alice")["content"] == "Logged out."
    assert alice.request("msg", "hello?")["code"] == "not-logged-in"
    bob.request("msg", "not for alice")
    assert full("alice").state["response"] == "ok"
    assert alice.request("login", "dave")["name"] == "dave"
    assert bob.event("joined", sender="dave")
    assert not [event for event in alice.events if event["response"] == "message"]


def test_a_person_and_a_plain_client_log_out_and_in_again(
    person: Callable[..., Person], plain: Callable[..., Plain]
) -> None:
    alice, bob = person("alice"), plain("bob")
    alice.type("/logout")
    assert alice.line("logged out") == "HH:MM * You are logged out. What is your name?"
    alice.type("carol")
    assert "Hello carol" in alice.line("* ")
    bob.put("logout")
    told = bob.until(lambda event: "logged out" in event["content"])
    assert told["response"] == "info"
    bob.put("msg", "hello?")
    assert bob.receive()["response"] == "error"
    bob.put("login", "alice")
    assert "Login successful" in bob.receive()["content"]
