"""The bots of docs/examples/ and docs/bots.md do what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import DEADLINE, Full, Person, Server

ROOT = Path(__file__).resolve().parents[2]
PYTHON_BOTS = {"echo_bot.py": "echobot", "reminder_bot.py": "reminder"}
"""The examples in Python, and the names they take."""

Run = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts programs, which are ended with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start_one(*command: str) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True))
        return started[-1]

    yield start_one
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)  # with what a shell has started
        process.wait(DEADLINE)


def start_bot(run: Run, name: str, where: tuple[str, int]) -> None:
    run(sys.executable, str(ROOT / "docs/examples" / name), where[0], str(where[1]))


def at_once(bot: str, where: tuple[str, int]) -> tuple[str, ...]:
    """A command that runs a bot which does not wait before it connects again."""
    code = f"import runpy, sys; sys.argv[1:] = {[where[0], str(where[1])]!r}; "
    path = ROOT / "docs/examples" / bot
    text = f"text = open({str(path)!r}).read().replace('PAUSE = 2 ', 'PAUSE = 0.01 '); "
    return sys.executable, "-c", code + text + "exec(compile(text, 'bot', 'exec'), {'__name__': '__main__'})"


def joined(alice: Full, name: str) -> None:
    """Waits until a user is in #main and is known to be a bot."""
    alice.event("joined", sender=name)
    while not alice.request("whois", name)["content"]["bot"]:
        pass


@pytest.mark.parametrize(("bot", "name"), PYTHON_BOTS.items())
def test_a_bot_says_that_it_is_one(
    bot: str, name: str, server: Server, run: Run, full: Callable[..., Full]
) -> None:
    alice = full("alice")
    start_bot(run, bot, server.where)
    joined(alice, name)


@pytest.mark.parametrize(("bot", "name"), PYTHON_BOTS.items())
def test_a_bot_takes_another_name_if_its_own_is_taken(
    bot: str, name: str, server: Server, run: Run, full: Callable[..., Full]
) -> None:
    other = full(name)
    start_bot(run, bot, server.where)
    joined(other, f"{name}2")


def test_the_echo_bot_misses_nothing_that_is_said_in_one_breath(
    server: Server, run: Run, full: Callable[..., Full]
) -> None:
    alice = full("alice")
    start_bot(run, "echo_bot.py", server.where)
    joined(alice, "echobot")
    alice.send("".join(json.dumps({"request": "msg", "content": f"!echo {n}"}) + "\n" for n in range(200)))
    said = [alice.event("message", sender="echobot") for _ in range(200)]
    assert [event["content"] for event in said] == [str(n) for n in range(200)]
    assert {(event["to"], event["notice"]) for event in said} == {("#main", True)}


@pytest.mark.parametrize(
    ("bot", "name", "question", "answer"),
    [
        ("echo_bot.py", "echobot", "!echo psst", "psst"),
        ("reminder_bot.py", "reminder", "!remind 0 the tea", "alice: the tea"),
    ],
)
def test_a_bot_answers_where_it_was_asked(
    bot: str, name: str, question: str, answer: str, server: Server, run: Run, full: Callable[..., Full]
) -> None:
    alice, bob = full("alice"), full("bob")
    start_bot(run, bot, server.where)
    joined(alice, name)
    alice.request("msg", question, to=name)
    assert alice.event("message", sender=name)["content"] == answer
    alice.request("msg", question, to="#main")
    assert bob.event("message", sender=name)["to"] == "#main"
    assert not [
        event for event in bob.sync() if event.get("sender") == name and event["response"] == "message"
    ]


def test_the_reminder_bot_listens_while_it_waits(server: Server, run: Run, full: Callable[..., Full]) -> None:
    alice = full("alice")
    start_bot(run, "reminder_bot.py", server.where)
    joined(alice, "reminder")
    for line in ("!remind 99999 the end", "!remind 0 now"):
        alice.request("msg", line, to="#main")
    assert alice.event("message", sender="reminder")["content"] == "alice: now"


@pytest.mark.parametrize("bot", PYTHON_BOTS)
def test_a_bot_connects_again(bot: str, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(DEADLINE)
        run(*at_once(bot, listener.getsockname()))
        for _ in range(3):
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as lines:
                requests = [json.loads(lines.readline()) for _ in range(2)]
            assert [request["request"] for request in requests] == ["hello", "login"]


def in_shell(of: str) -> list[str]:
    """The commands in docs/bots.md that begin so, for this machine."""
    page = (ROOT / "docs/bots.md").read_text("utf-8")
    return re.findall(rf"^    ({of}.*(?:\n      .*)*)$", page, re.MULTILINE)


def needs_nc() -> None:
    help_text = subprocess.run(["nc", "-h"], capture_output=True, check=False) if shutil.which("nc") else None
    if help_text is None or b"-N" not in help_text.stderr + help_text.stdout:
        pytest.skip("there is no netcat of OpenBSD")


def test_the_line_of_shell_reports(server: Server, run: Run, full: Callable[..., Full]) -> None:
    needs_nc()
    (command,) = in_shell("printf 'buildbot")
    alice = full("alice")
    run("sh", "-c", command.replace("HOST 9998", "{} {}".format(*server.where)))
    assert alice.event("message", sender="buildbot")["content"] == "the build is green"


def test_the_line_of_shell_answers(server: Server, run: Run, person: Callable[..., Person]) -> None:
    needs_nc()
    if not shutil.which("bash"):
        pytest.skip("there is no bash")
    (command,) = in_shell("coproc")
    alice = person("alice")
    run("bash", "-c", command.replace("HOST 9998", "{} {}".format(*server.where)))
    alice.line("clockbot joined")
    alice.type("!time")
    assert re.search(r"<clockbot> .*\d\d:\d\d", alice.line("<clockbot>"))


def test_the_report_with_an_exit_code_arrives(
    server: Server, full: Callable[..., Full], tmp_path: Path
) -> None:
    (command,) = in_shell("printf 'green")
    assert "evchat-tui --plain" in command
    alice = full("alice")
    program = f"{sys.executable} -m tui"
    whole = command.replace("evchat-tui", program).replace("HOST", "{}:{}".format(*server.where))
    environ: dict[str, Any] = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", whole], env=environ, timeout=DEADLINE, check=False)
    assert done.returncode == 0
    assert alice.event("message", sender="buildbot")["content"] == "green"
