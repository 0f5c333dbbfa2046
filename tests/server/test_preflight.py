"""A check before a start finds what the start would refuse, and disturbs no server that runs."""

from __future__ import annotations

import os
import socket
import sqlite3
from pathlib import Path

import pytest

from evchat.core.store import StoreError
from evchat.server import preflight
from evchat.settings.model import Config
from evchat.storage.sqlite.store import SqliteStore


def told(**settings: object) -> str:
    return preflight.problem(Config(**{"memory": True, **settings}), {})  # type: ignore[arg-type]


def test_settings_that_a_server_can_start_with_are_no_problem(tmp_path: Path) -> None:
    assert told() == told(listen=("systemd:",)) == ""
    assert told(memory=False, data=tmp_path / "new" / "deeper") == "" and not (tmp_path / "new").exists()


def test_an_address_of_another_machine_is_told() -> None:
    assert told(listen=("tcp://127.0.0.1:0", "tcp://192.0.2.77:9998")).startswith(
        "192.0.2.77 is not an address of this machine."
    )


def test_a_port_that_a_running_server_has_is_no_problem() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert told(listen=(f"tcp://127.0.0.1:{taken.getsockname()[1]}",)) == ""


def test_a_certificate_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "can't be read" in told(tls_cert=tmp_path / "none.pem")


def test_a_log_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    assert told(log_file=tmp_path / "x.log") == ""
    assert "there is no directory" in told(log_file=tmp_path / "none" / "x.log")
    assert "you may not write to" in told(log_file=tmp_path)


def test_a_place_for_data_that_can_not_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "is not a directory" in told(memory=False, data=tmp_path / "file")
    assert "is not a directory" in told(memory=False, data=tmp_path / "file" / "below")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions hold")
def test_a_directory_that_is_not_to_be_written_to_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "you may not write to" in told(memory=False, data=tmp_path / "x")


def test_the_database_is_looked_at_and_not_opened(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    assert told(memory=False, data=tmp_path) == "", "a server uses it"
    store.close()
    path = tmp_path / "evchat.db"
    for statement, why in (("user_version = 999", "newer evchat"), ("application_id = 1", "another program")):
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA " + statement)
        db.close()
        assert why in told(memory=False, data=tmp_path)
        with pytest.raises(StoreError, match=why):
            SqliteStore(tmp_path)
    path.write_bytes(b"no database" * 20)
    assert "it is not a database" in told(memory=False, data=tmp_path)
    path.write_bytes(b"")
    assert told(memory=False, data=tmp_path) == ""
