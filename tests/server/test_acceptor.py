"""The acceptor: listeners by their URLs, and who may come in; with real sockets."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from evchat.dialects.base import Dialect
from evchat.dialects.detect import Detector
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.text.dialect import TextDialect
from evchat.net.layer import Layer
from evchat.net.loop import Loop
from evchat.server.acceptor import Acceptor, make_dialect
from evchat.server.allowances import Allowances
from evchat.server.certificates import Certificates
from evchat.server.openings import Openings
from evchat.settings.errors import SettingsError
from evchat.settings.model import Config, Limits
from tests.server.notes import Notes

BOTH = {"json": JsonDialect, "text": TextDialect}

HANGS = 20.0
"""Seconds after which a wait counts as endless."""

needs_unix = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs UNIX sockets")


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


class Building:
    """An acceptor in a loop, everyone who was let in, and those who knock."""

    def __init__(self, **limits: object) -> None:
        self.loop = Loop()
        self.inside: list[tuple[socket.socket, str, Dialect]] = []
        self.delays: list[float] = []
        given = Limits(**limits)  # type: ignore[arg-type]
        self.seconds: list[tuple[socket.socket, str]] = []
        self.acceptor = Acceptor(
            self.loop,
            given,
            BOTH,
            Allowances(given),
            Openings(given, Certificates(Config())),
            self._accepted,
            lambda *second: self.seconds.append(second),
        )
        self.guests: list[socket.socket] = []

    def _accepted(
        self, sock: socket.socket, address: str, dialect: Dialect, delay: float, layer: Layer | None
    ) -> None:
        self.inside.append((sock, address, dialect))
        self.delays.append(delay)

    def open(self, url: str) -> str:
        (real,) = self.acceptor.open(url)
        return real

    def knock(self, url: str) -> socket.socket:
        """A client's socket, connected; it hears of the acceptor once the loop has run."""
        scheme, where = url.split("://")
        if scheme == "unix":
            guest = socket.socket(socket.AF_UNIX)
            guest.settimeout(HANGS)
            guest.connect(where)
        else:
            host, port = where.rsplit(":", 1)
            guest = socket.create_connection((host.strip("[]"), int(port)), HANGS)
        self.guests.append(guest)
        return guest

    def let_in(self, url: str) -> tuple[socket.socket, str, Dialect]:
        """Knocks, and is let in."""
        count = len(self.inside)
        self.knock(url)
        while len(self.inside) == count:
            self.loop.run_once(HANGS)
        return self.inside[-1]

    def turned_away(self, url: str) -> bytes:
        """Knocks; everything heard until the acceptor closed the connection."""
        count = len(self.inside)
        guest = self.knock(url)
        self.loop.run_once(HANGS)
        heard = b""
        while data := guest.recv(4096):
            heard += data
        assert len(self.inside) == count
        return heard

    def close(self) -> None:
        self.acceptor.close()
        for sock in [*self.guests, *(sock for sock, _, _ in self.inside)]:
            sock.close()
        self.loop.close()


@pytest.fixture
def building() -> Iterator[Building]:
    building = Building(max_clients=1)
    yield building
    building.close()


def test_each_scheme_has_its_dialect_and_every_connection_one_of_its_own() -> None:
    for scheme, name in (("json", "json"), ("text", "text"), ("tcp", "undecided"), ("unix", "undecided")):
        assert make_dialect(BOTH, scheme).name == name
    assert make_dialect(BOTH, "json") is not make_dialect(BOTH, "json")


@pytest.mark.parametrize(("scheme", "name"), [("tcp", "undecided"), ("json", "json"), ("text", "text")])
def test_port_0_is_a_free_one_and_guests_come_with_address_and_dialect(
    building: Building, scheme: str, name: str
) -> None:
    url = building.open(f"{scheme}://127.0.0.1:0")
    assert url.startswith(f"{scheme}://127.0.0.1:") and not url.endswith(":0")
    sock, address, dialect = building.let_in(url)
    assert address == "127.0.0.1" and dialect.name == name
    sock.sendall(b"hi")
    assert building.guests[0].recv(10) == b"hi"


@pytest.mark.skipif(not has_ipv6(), reason="needs IPv6")
def test_an_ipv6_address_keeps_its_brackets(building: Building) -> None:
    url = building.open("tcp://[::1]:0")
    assert url.startswith("tcp://[::1]:")
    assert building.let_in(url)[1] == "::1"


@needs_unix
def test_a_unix_socket_is_called_unix_and_its_file_goes_with_the_acceptor(
    building: Building, tmp_path: Path
) -> None:
    path = tmp_path / "chat.sock"
    assert building.open(f"unix://{path}") == f"unix://{path}"
    _, address, dialect = building.let_in(f"unix://{path}")
    assert address == "unix" and isinstance(dialect, Detector)
    building.acceptor.close()
    assert not path.exists()


@pytest.mark.parametrize("scheme", ["tcp", "json"])
def test_where_json_may_be_spoken_a_refusal_is_one_json_object(
    building: Building, notes: Notes, scheme: str
) -> None:
    url = building.open(f"{scheme}://127.0.0.1:0")
    building.let_in(url)
    refusal = building.turned_away(url)
    assert refusal.endswith(b"\n") and refusal.count(b"\n") == 1
    told = json.loads(refusal)
    assert list(told) == ["timestamp", "sender", "response", "content"]
    assert told["response"] == "error" and told["content"] == "The server is full: it takes 1 connections."


def test_on_a_text_port_a_refusal_is_a_line(building: Building, notes: Notes) -> None:
    url = building.open("text://127.0.0.1:0")
    building.let_in(url)
    refusal = building.turned_away(url).decode()
    assert refusal[:2].isdigit() and refusal[5:] == " ! The server is full: it takes 1 connections.\n"


@needs_unix
def test_a_unix_socket_refuses_as_well(building: Building, notes: Notes, tmp_path: Path) -> None:
    url = building.open(f"unix://{tmp_path / 'chat.sock'}")
    building.let_in(url)
    assert json.loads(building.turned_away(url))["response"] == "error"


def test_a_refusal_stands_in_the_log_with_address_and_code(building: Building, notes: Notes) -> None:
    url = building.open("tcp://127.0.0.1:0")
    building.let_in(url)
    assert notes.records == []
    building.turned_away(url)
    building.turned_away(url)
    (record,) = notes.records  # the second refusal within a minute is only counted
    assert record.event == "refused" and record.level == "warning"
    assert record.facts == {"address": "127.0.0.1", "code": "server-full", "unlogged_before": 0}


def test_all_listeners_count_together(building: Building, notes: Notes) -> None:
    one, other = building.open("json://127.0.0.1:0"), building.open("text://127.0.0.1:0")
    building.let_in(one)
    assert b"full" in building.turned_away(other)


def test_who_leaves_makes_room_and_who_was_refused_takes_none(building: Building, notes: Notes) -> None:
    url = building.open("tcp://127.0.0.1:0")
    building.let_in(url)
    for _ in range(3):
        assert building.turned_away(url)
    building.acceptor.gone("127.0.0.1")
    building.let_in(url)
    assert building.turned_away(url)


def test_new_limits_hold_for_connections_to_come(building: Building, notes: Notes) -> None:
    url = building.open("tcp://127.0.0.1:0")
    building.let_in(url)
    building.acceptor.reconfigure(Limits(max_clients=2), BOTH)
    building.let_in(url)
    building.acceptor.reconfigure(Limits(max_clients=1), BOTH)
    assert b"takes 1 connections" in building.turned_away(url)
    assert len(building.inside) == 2


@pytest.mark.skipif(not hasattr(socket, "TCP_KEEPIDLE"), reason="needs Linux's options")
def test_clients_are_probed_as_the_present_settings_say(building: Building) -> None:
    url = building.open("tcp://127.0.0.1:0")
    before, _, _ = building.let_in(url)
    building.acceptor.reconfigure(Limits(keepalive_idle=17.0), BOTH)
    after, _, _ = building.let_in(url)
    idle = [sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) for sock in (before, after)]
    assert idle == [60, 17]


def test_a_guest_that_goes_before_the_refusal_harms_nobody(building: Building, notes: Notes) -> None:
    url = building.open("tcp://127.0.0.1:0")
    building.let_in(url)
    hasty = building.knock(url)
    hasty.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close with a reset
    hasty.close()
    assert building.turned_away(url)
    building.acceptor.gone("127.0.0.1")
    building.let_in(url)


def test_a_closed_acceptor_lets_nobody_in_and_can_be_closed_again(building: Building) -> None:
    url = building.open("tcp://127.0.0.1:0")
    building.acceptor.close()
    building.acceptor.close()
    with pytest.raises(ConnectionRefusedError):
        building.knock(url)


def test_an_address_that_is_taken_is_an_error_that_says_so(building: Building) -> None:
    url = building.open("tcp://127.0.0.1:0")
    with pytest.raises(OSError, match="in use"):
        building.acceptor.open(url)


@pytest.mark.parametrize("url", ["gopher://127.0.0.1:0", "tcp://", "unix://", "tcp://127.0.0.1:x"])
def test_what_is_no_address_is_no_listener(building: Building, url: str) -> None:
    with pytest.raises(SettingsError, match=r"Use, for example, tcp://"):
        building.acceptor.open(url)


def test_who_connects_too_often_waits_for_a_turn_and_then_is_told_so() -> None:
    building = Building(connect_burst=2, connect_rate=0.25, connect_wait=5.0)
    url = building.open("tcp://127.0.0.1:0")
    for _ in range(4):
        building.knock(url)
    while len(building.delays) < 3:
        building.loop.run_once(0)
    assert b"connects too often" in building.guests[-1].recv(4096)
    assert len(building.delays) == 3 and building.delays[:2] == [0.0, 0.0] and 3.0 < building.delays[2] <= 4.0
    building.close()
