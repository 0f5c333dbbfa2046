"""A disk that takes its time, for a server as a whole: whoever asks for nothing that is kept does not wait for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import Full, Server

SLOW = """
import os, time
from evchat.storage.sqlite.store import SqliteStore

sync = SqliteStore.sync

def wait_and_sync(store):
    while not os.path.exists({gate!r}):
        time.sleep(0.002)
    sync(store)

SqliteStore.sync = wait_and_sync
"""


@pytest.mark.parametrize("durability", ["full", "normal"])
def test_a_disk_that_hangs_holds_up_nobody_but_who_needs_it(tmp_path: Path, durability: str) -> None:
    gate = tmp_path / "gate"
    gate.touch()
    (tmp_path / "sitecustomize.py").write_text(SLOW.format(gate=str(gate)))
    arguments = ("--data", str(tmp_path / "data"), "--durability", durability, "--insecure-no-limits")
    server = Server(*arguments, child=True, PYTHONPATH=str(tmp_path))
    try:
        talkers = [Full(server.connect(), f"talker{number}") for number in range(6)]
        canary = Full(server.connect(), "canary")
        for sock in (*talkers, canary):
            sock.sync()
        gate.unlink()
        said = 200
        for number in range(said):
            talkers[number % 6].send(
                json.dumps({"request": "msg", "content": f"text {number}", "id": str(number)}) + "\n"
            )
            if number % 20 == 0:
                assert not texts(canary.sync()), "nothing is told that is not kept"
        gate.touch()
        heard: list[str] = []
        while len(heard) < said:
            heard.append(canary.event("message")["content"])
        for number, talker in enumerate(talkers):
            own = [text for text in heard if int(text.split()[1]) % 6 == number]
            assert own == [f"text {said}" for said in range(number, said, 6)], (
                "nothing is lost, and order is kept"
            )
            assert talker.request("ping", "x")["content"] == "x"
    finally:
        gate.touch()
        server.stop()


def texts(events: list[dict[str, Any]]) -> list[str]:
    return [event["content"] for event in events if event["response"] == "message"]
