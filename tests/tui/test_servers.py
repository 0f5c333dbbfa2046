"""The servers of the client, each with its model and its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evchat.net.loop import Loop
from evchat.settings.errors import SettingsError
from tui.connection.outbox import Outbox, OutboxEntry
from tui.disk.known_names import KnownNames
from tui.model.effects import LogIn
from tui.model.inputs import Queued, Recalled
from tui.model.session_events import FAILED, ONLINE
from tui.servers import Servers, _queued
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
    assert _queued(line).failed == ""
    line.state = FAILED
    assert _queued(line).failed
    line.reason = "No."
    assert _queued(line).failed == "No."


def test_what_is_kept_follows_the_name(servers: Servers) -> None:
    server = servers.shown
    server.model.enter("#dev").draft = server.model.editor.insert("half")
    server.session.state, server.session._login.user = ONLINE, "alice2"
    assert server.follow_name() == [], "nobody of that name was here before"
    server.keep()
    assert server.settings.for_server("a.example").state_of("alice2") is None, "it is the same state"
    assert server.settings.state.load("drafts") == {"#dev": "half"}


def test_whoever_comes_back_under_an_earlier_name_finds_what_was_left_there(servers: Servers) -> None:
    server = servers.shown
    before = KnownNames(
        str(Path(server.settings.state.directory).parent.parent), str(server.settings.address)
    )
    left = before.state("bob")
    left.save("drafts", {"#ops": "bob's"})
    left.save("session", {"away": "lunch"})
    outbox = Outbox(left.outbox)
    outbox.add("#ops", "waits", 5_000)
    outbox.close()
    server.session.say("#main", "mine", 6_000)
    server.model.enter("#dev").draft = server.model.editor.insert("alice's")
    server.log_in(LogIn("bob"))
    server.session.state = ONLINE
    recalled, queued = server.follow_name()
    assert isinstance(recalled, Recalled) and recalled.drafts == {"#ops": "bob's"}
    assert isinstance(queued, Queued) and (queued.text, queued.at) == ("waits", 5_000)
    assert [line.text for line in server.session.pending()] == ["waits", "mine"]
    assert server.session.kept["away"] == "lunch"
    assert before.state("alice").load("drafts") == {"#dev": "alice's"}
    assert server.settings.state.directory == left.directory
    assert server.follow_name() == []
