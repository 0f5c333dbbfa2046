"""The page's session and that of the terminal client do the same: both follow the same transcripts."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from evchat.settings import client as limits
from tests.profiles import FIXED
from tests.web import node, recorder

FILES = sorted(recorder.FOLDER.glob("*.json"))


def test_there_are_transcripts_of_all_that_is_played() -> None:
    assert {file.stem for file in FILES} == set(recorder.COMMITTED)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_terminal_clients_session_follows_the_transcripts(file: Path) -> None:
    for transcript in json.loads(file.read_text("utf-8")):
        recorder.replay(transcript)


@node.needs_node
def test_the_pages_session_follows_the_transcripts() -> None:
    node.test("session.test.mjs")


@node.needs_node
def test_the_pages_session_does_what_the_terminal_clients_does_whatever_breaks(tmp_path: Path) -> None:
    seed = 0 if FIXED else random.randrange(1 << 32)
    for number in range(10):
        recorder.write(tmp_path / f"seed-{seed + number}.json", recorder.at_random(seed + number))
    node.test("session.test.mjs", TRANSCRIPTS=str(tmp_path))


def test_the_limits_of_the_page_are_those_of_the_terminal_client() -> None:
    found = {}
    for file in node.PAGE.glob("*.mjs"):
        for name, number in re.findall(
            r"^(?:export )?const (\w+) = ([0-9_]+);", file.read_text("utf-8"), re.M
        ):
            found[name] = int(number)
    shared = {name for name in found if hasattr(limits, name)}
    assert shared >= {"HISTORY_PAGE", "MAX_HELD", "MAX_MISSED", "PING_EVERY", "SEND_WINDOW", "RETRY_FIRST"}
    assert {name: found[name] for name in shared} == {name: getattr(limits, name) for name in shared}
