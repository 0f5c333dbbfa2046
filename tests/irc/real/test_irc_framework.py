"""irc-framework, the library of KiwiIRC and The Lounge, over WebSocket as a browser would use it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import start
from tests.e2e.harness import DEADLINE, Person, Server

__all__ = ["start"]

MODULES = Path(sys.prefix) / "node" / "node_modules"
"""Where `dev.py clients` puts it."""
CLIENT = Path(__file__).with_name("irc_framework.js")

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (MODULES / "irc-framework").is_dir(),
    reason="irc-framework is not installed (node, npm, and dev.py clients)",
)


@pytest.mark.parametrize("subprotocol", ["text.ircv3.net", "binary.ircv3.net", ""])
def test_it_talks_to_netcat_and_leaves(
    start: Callable[..., Server],  # noqa: F811  (the fixture)
    subprotocol: str,
) -> None:
    server = start("--memory", "--insecure-no-limits")
    netcat = Person(server.connect())
    netcat.login("nora")
    with subprocess.Popen(
        ["node", str(CLIENT), str(MODULES), *map(str, server.where), "kiwi", subprotocol],
        stdout=subprocess.PIPE,
        text=True,
    ) as client:
        assert netcat.line("kiwi joined #main")
        netcat.type("hello kiwi 👍")
        assert netcat.line("#main <kiwi> you said: hello kiwi 👍")
        assert netcat.line("kiwi left the server (Quit: bye)")
        told, _ = client.communicate(timeout=DEADLINE)
    assert told.splitlines() == [
        "registered kiwi",
        "join kiwi #main",
        "privmsg nora #main hello kiwi 👍",
        "whois nora",
        "closed",
    ]
