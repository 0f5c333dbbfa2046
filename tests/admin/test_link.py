"""The way to a server, running or not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from evchat.admin.errors import NO_SERVER, AdminError
from evchat.admin.link import to_either, to_server
from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.rules import passwords
from evchat.core.store import StoreError
from evchat.protocol.administration import GetStatus
from evchat.protocol.authentication import AddAccount, ResetPassword
from evchat.protocol.operators import ListAudit
from evchat.settings.model import ChannelSettings, Config
from evchat.storage.sqlite.store import SqliteStore
from tests.e2e.harness import ROOT, Full, Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a running server is reached on Linux alone")


def test_a_running_server_carries_out_what_its_own_user_asks_and_writes_it_down(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    server = start("--data", str(tmp_path / "data"))
    path = tmp_path / "data" / "admin.sock"
    assert path.stat().st_mode & 0o777 == 0o600
    with to_server(tmp_path / "data") as link:
        assert link.ask(GetStatus())["users"] == 0
        assert "registered" in link.ask(AddAccount("bob", "correct horse"))["content"]
        with pytest.raises(AdminError, match="registered already"):
            link.ask(AddAccount("bob", "correct horse"))
        (act,) = link.ask(ListAudit())["content"]
        assert act["by"] == f"uid:{os.getuid()}" and act["act"] == "adduser"
    assert Full(server.connect(), "bob", password="correct horse").state["registered"] is True
    server.stop()
    assert not path.exists()
    with pytest.raises(AdminError) as none, to_server(tmp_path / "data"):
        pass
    assert none.value.code == NO_SERVER


def test_a_full_server_lets_its_administrator_in(start: Callable[..., Server], tmp_path: Path) -> None:
    server = start("--data", str(tmp_path / "data"), "--max-clients", "1")
    Full(server.connect(), "alice")
    with to_server(tmp_path / "data") as link:
        assert link.ask(GetStatus())["users"] == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_is_turned_away_also_where_the_file_lets_anybody_in(
    start: Callable[..., Server], request: pytest.FixtureRequest
) -> None:
    home = tempfile.TemporaryDirectory()  # not pytest's, in which nobody else may look for a file
    request.addfinalizer(home.cleanup)
    data = Path(home.name, "data")
    server = start("--data", str(data))
    path = data / "admin.sock"
    for each in (path, data, data.parent):
        each.chmod(0o777)
    code = (
        "import os, socket, sys; os.setuid(4321); s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
        " s.settimeout(20); print(s.recv(100))"
    )
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "b''\n"
    assert "uid=4321" in server.logged("refused", "not-allowed")


def test_without_a_server_the_same_is_done_to_what_is_stored(tmp_path: Path) -> None:
    with pytest.raises(AdminError, match="no database"), to_either(tmp_path, Config()):
        pass
    SqliteStore(tmp_path).close()
    with to_either(tmp_path, Config()) as link:
        link.ask(AddAccount("bob", "correct horse"))
        link.ask(ResetPassword("bob", "battery staple"))
        with pytest.raises(AdminError, match="is not registered"):
            link.ask(ResetPassword("nobody", "battery staple"))
        assert link.ask(GetStatus())["messages"] == 0
    with closing(SqliteStore(tmp_path)) as store:
        (account,) = store.fetch(rec.AccountOf("bob"))
        assert passwords.matches("battery staple", account.secret)
        assert [x.act for x in store.fetch(server_queries.RecentAuditRecords(9))] == [
            "resetpassword",
            "adduser",
        ]


def test_settings_that_are_not_the_servers_change_no_channels(tmp_path: Path) -> None:
    """Whoever forgets --config must not end the channels that the settings define."""
    kept = rec.ChannelRecord(
        "#news", "#news", "", 1, '{"begins":1,"flags":"n","key":"","limit":0,"lists":{}}'
    )
    with closing(SqliteStore(tmp_path)) as store:
        store.save(kept)
        store.commit()
    with to_either(tmp_path, Config(channels=(ChannelSettings(name="#other"),))) as link:
        link.ask(AddAccount("bob", "correct horse"))
    with closing(SqliteStore(tmp_path)) as store:
        assert store.fetch(rec.AllChannels()) == [kept]


def test_a_server_whose_socket_can_not_be_made_runs_all_the_same(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    (tmp_path / "admin.sock").mkdir(parents=True)
    server = start("--data", str(tmp_path))
    assert "admin.sock" in server.logged("evchat-admin can't reach the server")
    Full(server.connect(), "alice")
    with pytest.raises(StoreError, match=f"process {server.process.pid}"), to_either(tmp_path, Config()):
        pass


def test_a_socket_of_a_server_that_was_killed_is_replaced(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    start("--data", str(tmp_path)).kill()
    assert (tmp_path / "admin.sock").exists()
    with pytest.raises(AdminError) as none, to_server(tmp_path):
        pass
    assert none.value.code == NO_SERVER
    start("--data", str(tmp_path))
    with to_server(tmp_path) as link:
        link.ask(GetStatus())


def test_a_server_that_hangs_up_is_said_to_have_done_so(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "admin.sock"))
        listener.listen()
        with pytest.raises(AdminError, match="closed the connection"), to_server(tmp_path) as link:
            listener.accept()[0].close()
            link.ask(GetStatus())
