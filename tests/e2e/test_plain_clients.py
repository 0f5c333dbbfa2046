"""Plain clients as students wrote them: one `recv(4096)` and one `json.loads` for each segment."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.harness import Client, Full, Plain, Server, came_alone


def test_a_plain_client_survives_login_with_history_names_help_and_a_lively_channel(
    server: Server, full: Callable[..., Full], plain: Callable[..., Plain]
) -> None:
    talker = full("talker")
    for number in range(40):
        talker.request("msg", f"before {number} " + "{" * 10)
    names = [full(f"somebody-with-quite-a-long-name-{number}"[:32]) for number in range(12)]
    client = plain()
    client.put("login", "student")
    assert client.receive()["content"] == "Login successful. Welcome, student."
    recent = [client.receive() for _ in range(20)]
    assert [event["content"].split()[1] for event in recent] == [str(number) for number in range(20, 40)]
    assert {event["sender"] for event in recent} == {"talker"}
    for number in range(30):
        talker.put({"request": "msg", "content": f"live {number}"})
    client.put("names", None)
    client.put("help")
    heard: list[dict[str, Any]] = []
    while sum(event["content"].startswith("live") for event in heard) < 30 or not any(
        "help" in event["content"] for event in heard if event["response"] == "info"
    ):
        heard.append(client.receive())
    live = [event["content"] for event in heard if event["response"] == "message"]
    assert live == [f"live {number}" for number in range(30)]
    listed = ", ".join(event["content"] for event in heard if "talker" in event["content"])
    assert all(other.state for other in names) and "student" in listed
    assert came_alone(client.sock, client.objects)


def test_every_object_is_short_and_alone_in_its_segment(
    full: Callable[..., Full], plain: Callable[..., Plain]
) -> None:
    people = [full(f"somebody-with-quite-a-long-name-{number}"[-32:]) for number in range(40)]
    client = plain("student")
    client.put("help", "None")
    client.put("names", "x")
    client.put("who")
    client.put("ping", "end")
    sizes = []
    while (event := client.receive())["content"] != "end":
        sizes.append(len(json.dumps(event, ensure_ascii=False).encode()))
    assert people and max(sizes) < 1024 and len(sizes) > 5
    assert came_alone(client.sock, client.objects)


def test_history_on_request_is_one_object_with_a_list(plain: Callable[..., Plain]) -> None:
    client = plain("student")
    client.put("msg", "one")
    client.until(lambda event: event["content"] == "one")
    client.put("history", None)
    event = client.until(lambda event: event["response"] == "history")
    assert [list(message) for message in event["content"]] == [["timestamp", "sender", "response", "content"]]
    assert event["content"][0]["content"] == "one"


def test_logout_keeps_the_connection_for_another_login(plain: Callable[..., Plain]) -> None:
    client = plain("student")
    client.put("logout", "")
    assert client.receive()["response"] == "info"
    client.put("msg", "too early")
    assert client.receive()["response"] == "error"
    client.put("login", "student")
    assert "Login successful" in client.receive()["content"]


@pytest.mark.parametrize("request_", ["msg", "names", "history", "logout"])
def test_before_a_login_only_login_and_help_are_allowed(request_: str, plain: Callable[..., Plain]) -> None:
    client = plain()
    client.put(request_, "x")
    event = client.receive()
    assert event["response"] == "error" and "Log in first" in event["content"]
    client.put("help", "")
    assert client.receive()["response"] == "info"


def test_a_taken_or_malformed_name_may_be_tried_again_and_a_vanished_clients_name_is_free(
    server: Server, plain: Callable[..., Plain]
) -> None:
    first = plain("taken")
    second = plain()
    for name in ("taken", "TAKEN", "two words", "", "x" * 33, None, 7, "server", "\x1b[2J"):
        second.put("login", name)
        assert second.receive()["response"] == "error", name
    first.sock.close()
    while True:
        second.put("login", "taken")
        if "Login successful" in second.receive()["content"]:
            break


def test_nobody_who_is_plain_ever_hears_another_kind_of_event(
    person: Callable[..., Any], full: Callable[..., Full], plain: Callable[..., Plain]
) -> None:
    client = plain("student")
    alice, dave = person("alice"), full("dave")
    dave.request("topic", "a topic")
    dave.request("me", "waves")
    dave.request("msg", "psst", to="student")
    dave.request("broadcast", "to all")
    dave.request("away", "lunch")
    dave.request("nick", "dave2")
    alice.type("/join #other")
    alice.type("/quit")
    dave.request("part")
    dave.request("join", "#main")
    dave.request("msg", "the end")
    heard = [client.receive()]  # checks the keys and kinds of each
    while heard[-1]["content"] != "the end":
        heard.append(client.receive())
    texts = [event["content"] for event in heard]
    assert "* dave waves" in texts and "(private) psst" in texts and "(broadcast) to all" in texts


def test_a_long_message_reaches_a_client_that_reads_1024_bytes_and_is_in_its_history(
    full: Callable[..., Full], plain: Callable[..., Plain]
) -> None:
    text = "a word and another " * 150 + "ü" * 1500
    talker, client = full("talker"), plain()
    talker.request("msg", text)
    client.put("login", "late")
    told = ""
    while told != text:
        event = client.receive()
        assert len(json.dumps(event, ensure_ascii=False).encode()) < 1023
        if event["response"] == "message":
            told += event["content"]
    client.put("history", None)
    listed = ""
    while listed != text:
        event = client.until(lambda event: event["response"] == "history")
        assert len(json.dumps(event, ensure_ascii=False).encode()) < 1023
        listed += "".join(item["content"] for item in event["content"])
    assert came_alone(client.sock, client.objects)


def test_of_a_flood_a_slow_client_gets_the_latest_objects_and_is_told_how_many_were_left_out(
    start: Callable[..., Server], clients: list[Client]
) -> None:
    server = start("--insecure-no-limits", EVCHAT_PACE_BACKLOG="20", EVCHAT_PACE="0.01")
    client, talker = Plain(server.connect()), Full(server.connect(), "talker")
    clients += [client, talker]
    client.put("login", "student")
    client.until(lambda event: "Login successful" in event["content"])
    for number in range(500):
        talker.put({"request": "msg", "content": f"m{number}"})
    due = 0
    while due < 500:
        event = client.receive()
        if event["response"] == "message":
            assert event["content"] == f"m{due}"
            due += 1
        elif "skipped here" in event["content"]:
            assert event["sender"] == "server" and event["response"] == "info"
            due += int(event["content"].split()[0])
