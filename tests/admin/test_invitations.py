"""Inviting somebody from the command line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evchat.admin.invitations import page_of
from evchat.settings.model import Config
from tests.admin.run import Run
from tests.e2e.harness import Full, Person, Server


@pytest.mark.skipif(sys.platform != "linux", reason="a running server is reached on Linux alone")
def test_an_invited_person_registers_in_any_dialect(
    start: Callable[..., Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    server = start("--data", str(data), EVCHAT_REGISTRATION="invited", EVCHAT_GUESTS="false")
    given = ("--data", data, "invite", "--uses", "3", "--url", "https://chat.example.org/")
    done = Run(capsys, *given)
    assert done.code == 0 and "3 people can register with it, for 7 days." in done.out
    (code,) = re.findall(r"https://chat\.example\.org/#invite=(\S+)", done.out)
    assert f"The invitation code is {code}." in done.out
    eve = Full(server.connect())
    assert eve.request("register", password="correct horse", account="eve")["code"] == "invite-needed"
    assert eve.request("register", password="correct horse", account="eve", invite=code)["response"] == "ok"
    assert eve.request("login", "eve", password="correct horse")["registered"] is True
    irc = Person(server.connect())
    irc.send(f"CAP LS 302\r\nNICK frank\r\nUSER f 0 * :F\r\nREGISTER * {code} :correct horse\r\n")
    irc.read_until(lambda heard: b"REGISTER SUCCESS frank" in heard)
    irc.send("NICK grace\r\nREGISTER * * :correct horse\r\n")
    assert code.encode() not in (data / "evchat.db-wal").read_bytes() + (data / "evchat.db").read_bytes()


@pytest.mark.parametrize(
    ("settings", "page"),
    [
        ({"listen": ("tcp://192.0.2.7:9998",)}, "http://192.0.2.7:9998"),
        (
            {"listen": ("unix:///x", "https://0.0.0.0:443"), "hostname": "chat.example.org"},
            "https://chat.example.org",
        ),
        ({"listen": ("tcp://[2001:db8::7]:9998",), "tls_cert": Path("x")}, "https://[2001:db8::7]:9998"),
        ({"listen": ("irc://0.0.0.0:6667",)}, ""),
        ({"web": False}, ""),
    ],
)
def test_the_link_leads_to_the_page_that_the_settings_name(settings: dict[str, object], page: str) -> None:
    assert page_of(Config(**settings)) == page  # type: ignore[arg-type]
