"""scripts/loadtest.py as a user runs it, against a small server with real sockets that makes mistakes when told to."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from load.client import Client, Shared
from load.plan import Plan
from load.server import usage
from tests.scripts.fake_chat import FakeChat

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "loadtest.py"
SMALL = ("--clients", "8", "--channels", "2", "--senders", "4", "--duration", "0.1", "--warmup", "0")


def _run(*arguments: str, limit: tuple[int, int] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    if limit is not None:
        command = ["sh", "-c", f'ulimit -Sn {limit[0]} && ulimit -Hn {limit[1]} && exec "$@"', "sh", *command]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=50, check=False)


def _facts(*arguments: str, code: int = 0) -> dict[str, Any]:
    done = _run(*arguments, "--json")
    assert done.returncode == code, done.stdout + done.stderr
    facts = json.loads(done.stdout)
    assert facts["right"] is (code == 0)
    return dict(facts)


def _plan(address: str) -> Plan:
    host, _, port = address.rpartition(":")
    return Plan(
        host=host, port=int(port), run="test", clients=1, channels=1, senders=1, size=64, window=1, rate=0, warmup=0,
        duration=1, processes=1, concurrency=1, connect_timeout=1, patience=1, ids=True, origin=time.monotonic(),
    )  # fmt: skip


@pytest.mark.parametrize(
    "how", [(), ("--window", "4", "--no-ids"), ("--rate", "200"), ("--processes", "2"), ("--size", "900")]
)
def test_every_delivery_of_a_good_server_is_counted(how: tuple[str, ...]) -> None:
    with FakeChat() as chat:
        facts = _facts(chat.address, *SMALL, *how)
    counts = facts["counts"]
    assert counts["joined"] == 8
    assert (
        counts["accepted"] == counts["sent"] == len([r for r in chat.requests if r["request"] == "msg"]) > 0
    )
    assert counts["heard"] == 3 * counts["accepted"], "each channel has four members"
    assert 0 < facts["latency"]["p50"] <= facts["latency"]["max"]
    assert facts["server"] is None, "nobody gave its --pid"


def test_it_speaks_as_a_full_client_and_answers_pings() -> None:
    with FakeChat() as chat:
        _facts(chat.address, *SMALL, "--size", "100")
    assert chat.requests[0] == {
        "request": "hello",
        "content": {"version": 1, "client": "loadtest/1"},
        "id": "hello",
    }
    assert len([r for r in chat.requests if r["request"] == "pong" and r["content"] == "here?"]) == 8
    messages = [r for r in chat.requests if r["request"] == "msg"]
    assert {len(r["content"]) for r in messages} == {100}
    assert all(r["id"] and r["to"].startswith("#load-") for r in messages)


def test_at_a_fixed_rate_as_many_messages_are_sent_as_asked_for() -> None:
    with FakeChat() as chat:
        counts = _facts(chat.address, *SMALL, "--duration", "0.5", "--rate", "200")["counts"]
    assert counts["sent"] == 100


@pytest.mark.parametrize(
    ("fault", "counts"),
    [
        ("lose", {"lost", "seq_holes"}),
        ("double", {"doubled"}),
        ("swap", {"disordered"}),
        ("mangle", {"mangled", "lost", "seq_holes"}),
        ("skip", {"seq_holes"}),
        ("refuse", {"refused"}),
        ("hang up", {"dropped", "unanswered"}),
        ("silent", {"unanswered"}),
        ("own", {"strayed"}),
    ],
)
def test_a_server_that_makes_mistakes_is_found_out(fault: str, counts: set[str]) -> None:
    with FakeChat(fault) as chat:
        found = _facts(chat.address, *SMALL, "--rate", "200", "--patience", "0.2", code=1)["counts"]
    good = {"joined", "sent", "accepted", "messages", "deliveries", "heard", "errors"}
    assert {name for name, count in found.items() if count} - good == counts


def test_the_report_for_people_names_what_is_wrong_and_what_the_server_said() -> None:
    with FakeChat("refuse") as chat:
        done = _run(chat.address, *SMALL, "--window", "3", "--patience", "0.2")
    assert done.returncode == 1
    assert " refused" in done.stdout and "Slow down." in done.stdout and "8 of 8 clients" in done.stdout


def test_the_report_for_people_says_that_nothing_is_wrong() -> None:
    with FakeChat() as chat:
        done = _run(chat.address, *SMALL, "--pid", str(os.getpid()))
    assert done.returncode == 0
    assert "nothing lost, duplicated or out of order" in done.stdout
    assert "measuring" in done.stderr
    assert ("server CPU" in done.stdout) is (usage(os.getpid()) is not None)


def test_idle_clients_are_only_held() -> None:
    with FakeChat() as chat:
        facts = _facts(chat.address, *SMALL, "--idle")
    assert facts["counts"]["joined"] == 8 and facts["counts"]["sent"] == 0
    assert {r["request"] for r in chat.requests} == {"hello", "login", "join", "pong"}


def test_few_connections_at_a_time_still_bring_all_clients_in() -> None:
    with FakeChat() as chat:
        assert _facts(chat.address, *SMALL, "--idle", "--concurrency", "1")["counts"]["joined"] == 8


def test_a_server_that_lets_nobody_in_is_an_error_with_its_own_words() -> None:
    with FakeChat("no join") as chat:
        done = _run(chat.address, *SMALL)
    assert done.returncode == 1 and "It is full." in done.stderr and "Traceback" not in done.stderr


def test_a_server_that_is_not_there_is_an_error_that_says_where() -> None:
    with FakeChat() as chat:
        address = chat.address
    done = _run(address, *SMALL)
    assert done.returncode == 1 and address in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--size", "3"),
        ("--clients", "0"),
        ("--rate", "nan"),
        ("ftp://127.0.0.1:1",),
        ("--server-memory",),
        ("--start-server", "127.0.0.1:1"),
        ("127.0.0.1:1", "--", "--memory"),
    ],
)
def test_wrong_usage_is_answered_with_a_sentence(arguments: tuple[str, ...]) -> None:
    done = _run(*arguments)
    assert done.returncode == 2 and "error:" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of open files to raise")
def test_too_few_open_files_are_an_error_that_says_what_to_raise() -> None:
    done = _run("--clients", "500", limit=(64, 100))
    assert done.returncode == 2 and "ulimit -n 564" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of open files to raise")
def test_the_limit_of_open_files_is_raised_as_far_as_allowed() -> None:
    with FakeChat() as chat:
        done = _run(chat.address, *SMALL, "--idle", limit=(16, 1000))
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 need not exist")
def test_more_clients_than_ports_come_from_further_addresses() -> None:
    with FakeChat() as chat, selectors.DefaultSelector() as selector:
        shared = Shared(_plan(chat.address), selector)
        for number, source in ((19_999, "127.0.0.1"), (20_000, "127.0.0.2"), (40_000, "127.0.0.3")):
            client = Client(shared, number)
            assert client.sock.getsockname()[0] == source
            client.drop("the test is over")


def test_clients_know_all_their_attributes() -> None:
    assert "__dict__" not in dir(Client), "ten thousand of them have to fit"


@pytest.mark.e2e
def test_it_starts_a_server_of_this_clone_measures_it_and_stops_it() -> None:
    facts = _facts("--start-server", "--server-memory", *SMALL)
    assert facts["counts"]["heard"] == 3 * facts["counts"]["accepted"] > 0


@pytest.mark.e2e
def test_arguments_behind_two_dashes_reach_the_server_and_its_own_words_come_back() -> None:
    done = _run("--start-server", *SMALL, "--", "--no-such-option")
    assert done.returncode == 1 and "--no-such-option" in done.stderr and "Traceback" not in done.stderr
