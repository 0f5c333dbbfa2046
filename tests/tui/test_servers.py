"""The servers of the client, each with its model and its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evchat.net.loop import Loop
from evchat.settings.errors import SettingsError
from tui.connection.outbox import OutboxEntry
from tui.model.session_events import FAILED
from tui.servers import Servers, _refusal
from tui.settings import load


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    environ = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA"), str(tmp_path))
    loop = Loop()
    settings = load({"server": "a.example", "servers": ["b.example:1"], "user": "alice"}, environ)
    servers = Servers(settings, loop)
    yield servers
    for server in servers:
        server.leave()
        server.settings.outbox.close()
    loop.close()


def test_all_stand_on_one_desk_in_their_order(servers: Servers) -> None:
    assert [server.name for server in servers] == ["a.example", "b.example:1"]
    assert servers.addresses == ["a.example", "b.example:1"]
    assert servers.shown is servers["a.example"]
    assert [server.model for server in servers] == servers.shown.model.models


def test_a_server_is_made_once_however_it_is_named(servers: Servers) -> None:
    added, is_new = servers.named("tcp://c.example:9998")
    assert is_new
    assert servers.named("c.example") == (added, False)
    assert servers.named("b.example:1") == (servers["b.example:1"], False)
    with pytest.raises(SettingsError):
        servers.named("http://d.example")
    assert len(servers) == 3


def test_each_keeps_its_lines_and_what_was_written_apart_from_the_others(servers: Servers) -> None:
    first, second = servers
    first.session.say("#main", "hello", 0)
    second.model.enter("#dev").draft = second.model.editor.insert("half")
    servers.keep()
    assert [line.text for line in first.session.pending()] == ["hello"]
    assert second.session.pending() == []
    assert first.settings.state.load("drafts") == {}
    assert second.settings.state.load("drafts") == {"#dev": "half"}


def test_one_that_is_removed_is_gone_and_may_come_back_with_its_lines(servers: Servers) -> None:
    second = servers["b.example:1"]
    second.session.say("#main", "later", 0)
    servers.remove(second)
    assert len(servers) == 1
    again, is_new = servers.named("b.example:1")
    assert is_new
    assert [line.text for line in again.session.pending()] == ["later"]


def test_a_line_of_the_last_run_says_why_it_was_refused_and_only_then() -> None:
    line = OutboxEntry("1", "#main", "hi", 0)
    assert _refusal(line) == ""
    line.state = FAILED
    assert _refusal(line)
    line.reason = "No."
    assert _refusal(line) == "No."
