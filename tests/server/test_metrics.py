"""What is counted is what happened; read by a parser that is not ours."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("prometheus_client")
pytest.importorskip("h11")

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from evchat.server.server import Server as InProcess
from evchat.settings.errors import SettingsError
from evchat.settings.model import Config
from evchat.settings.server import load
from evchat.storage.memory import MemoryStore
from tests.e2e.harness import DEADLINE, Full, Server
from tests.irc.harness import IrcClient


class Measured(Server):
    """A server with metrics, and what a scrape of them finds."""

    def __init__(self, folder: Path, settings: str = "", *arguments: str) -> None:
        config = folder / "evchat.toml"
        config.write_text(f'metrics = "http://127.0.0.1:0"\n{settings}', "utf-8")
        super().__init__("--config", str(config), "--data", str(folder / "data"), *arguments)
        assert self.process.stdout is not None
        line = self.process.stdout.readline().decode()
        assert line.startswith("metrics http://127.0.0.1:") and line.endswith("/metrics\n")
        self.port = int(line.rpartition(":")[2].partition("/")[0])

    def get(self, path: str = "/metrics", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def scrape(self) -> dict[str, float]:
        """The samples, by name with labels: `evchat_cuts_total{reason=slow}`."""
        found = {}
        for family in text_string_to_metric_families(self.get()[1]):
            for sample in family.samples:
                labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
                found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
        return found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Measured]:
    server = Measured(tmp_path)
    yield server
    server.stop()


def test_what_people_do_is_counted_and_nobody_is_named(server: Measured) -> None:
    ann, bob = Full(server.connect(), "zoe-ann"), IrcClient(server.connect())
    bob.register("zoebob")
    bob.join("#quartz")
    ann.request("join", "#quartz")
    for number in range(3):
        ann.request("msg", f"hello {number}", to="#quartz")
    assert ann.request("msg", "x", to="#nowhere")["code"] == "not-in-channel"
    found = server.scrape()
    assert found["evchat_connections{dialect=json,tls=no}"] == 1
    assert found["evchat_connections{dialect=irc,tls=no}"] == 1
    assert found["evchat_users"] == 2 and found["evchat_channels"] == 2
    assert found["evchat_messages_total"] == 3
    assert found["evchat_requests_total{kind=send_message}"] == 4
    assert found["evchat_refused_total{code=not-in-channel}"] == 1
    assert found["evchat_logins_total{result=ok}"] == 2
    assert found["evchat_commit_seconds_count"] > 0 and found["evchat_pass_seconds_count"] > 0
    assert found["evchat_bytes_total{way=out}"] > found["evchat_bytes_total{way=in}"] > 100
    assert found["evchat_deliveries_total"] >= 6
    assert found["evchat_commit_failures_total"] == found["evchat_worker_waiting"] == 0
    assert found["evchat_store_bytes"] > 0 and found["evchat_index_behind"] >= 3
    text = server.get()[1]
    assert "quartz" not in text and "zoe" not in text


def test_the_bytes_of_the_wire_are_counted_as_a_client_sees_them(server: Measured) -> None:
    sock = server.connect()
    before = server.scrape()
    sock.sendall(b'{"request": "hello", "content": {"version": 1, "client": "test"}}\n')
    heard = b""
    while not heard.endswith(b"\n"):
        heard += sock.recv(65_536)
    after = server.scrape()
    # The scrape before has itself sent what it did not know of yet; its request is known.
    assert after["evchat_bytes_total{way=in}"] - before["evchat_bytes_total{way=in}"] >= 66
    assert after["evchat_bytes_total{way=out}"] - before["evchat_bytes_total{way=out}"] >= len(heard) + 1000


def test_there_is_nothing_else_on_that_listener(server: Measured) -> None:
    assert server.get("/healthz") == (200, "ok\n")
    for path in ("/", "/metrics/", "/socket", "/page.mjs"):
        assert server.get(path)[0] == 404
    upgrade = {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    assert server.get("/", **upgrade)[0] == 404
    with socket.create_connection(("127.0.0.1", server.port), DEADLINE) as sock:
        sock.sendall(b'{"request": "login", "content": "mallory"}\r\n\r\n')
        heard = b""
        while data := sock.recv(65_536):
            heard += data
    assert heard.startswith(b"HTTP/1.1 400 ") and server.scrape()["evchat_users"] == 0


def test_a_token_is_asked_for_and_told_from_others(tmp_path: Path) -> None:
    server = Measured(tmp_path, 'metrics_token = "s3cret"\n')
    for headers in (
        {},
        {"Authorization": "Bearer s3cre"},
        {"Authorization": "Bearer s3cret2"},
        {"Authorization": "x"},
    ):
        assert server.get(**headers) == (401, "This needs a token.\n")
    assert server.get(Authorization="Bearer s3cret")[0] == 200
    assert server.get("/healthz")[0] == 200
    server.stop()


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ('metrics = "http://0.0.0.0:9100"', "metrics_token"),
        ('metrics = "tcp://127.0.0.1:9100"', "http://"),
        ('metrics = "http://127.0.0.1:9998"\nlisten = ["tcp://127.0.0.1:9998"]', "same address"),
        ('metrics = "http://127.0.0.1:9100"\nmetrics_token = "a b"', "spaces"),
    ],
)
def test_settings_that_tell_everybody_or_nobody_are_refused(tmp_path: Path, settings: str, why: str) -> None:
    file = tmp_path / "evchat.toml"
    file.write_text(settings, "utf-8")
    with pytest.raises(SettingsError, match=why):
        load(file, {}, {})


def test_without_the_setting_nothing_is_measured() -> None:
    server = InProcess(Config(listen=("json://127.0.0.1:0",), memory=True), MemoryStore())
    assert type(server.back).__name__ == "Back" and type(server.front).__name__ == "Front"
    server.open()
    assert server.metrics_urls == []
    server._close()
