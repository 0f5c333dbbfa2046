"""Whatever hostile clients try: the server lives on, honest users are answered, and what was used is given back.

The bounds are in the server's work, which no busy machine changes; only an answer may not take seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attacks.every import ATTACKS, Attack
from tests.attacks.siege import Siege
from tests.e2e.harness import Server

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="what a process uses is read from /proc")
@pytest.mark.parametrize("tried", ATTACKS, ids=[each.name for each in ATTACKS])
def test_nobody_else_notices(tried: Attack, siege: Callable[[type[Server]], Siege]) -> None:
    verdict = siege(tried.server).endure(tried.run)
    print(verdict)
    assert not verdict.faults


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="what a process uses is read from /proc")
def test_a_server_that_ends_is_noticed(siege: Callable[[type[Server]], Siege]) -> None:
    assert "the server has ended" in siege(Server).endure(lambda begun: begun.server.kill()).faults


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="what a process uses is read from /proc")
def test_a_message_that_comes_twice_is_noticed(siege: Callable[[type[Server]], Siege]) -> None:
    def forge(begun: Siege) -> None:
        guest = begun.guest("forger")
        guest.request("join", "#canaries")
        guest.request("msg", "canary-irc-1.", to="#canaries")

    faults = siege(Server).endure(forge).faults
    assert any(fault.startswith("json: ") and "messages of irc" in fault for fault in faults)


def test_the_table_in_security_md_has_all_attacks() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    found = re.search("<!-- attacks -->\n(.*?)\n<!-- /attacks -->", text, re.DOTALL)
    assert found
    rows = [tuple(map(str.strip, row.split("|")))[1:3] for row in found[1].splitlines()[2:]]
    assert rows == [(each.name, each.tried) for each in ATTACKS], "scripts/attack.py --write writes it anew"


def test_no_two_attacks_have_one_name() -> None:
    assert len({each.name for each in ATTACKS}) == len(ATTACKS)
