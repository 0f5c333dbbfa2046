"""Listeners: addresses, UNIX socket files, storms of connections, and running out of descriptors."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evchat.net.listener import (
    Listener,
    ListenError,
    _bind_all,
    check_tcp,
    check_unix,
    listen_tcp,
    listen_unix,
)
from evchat.net.loop import Loop
from evchat.net.sockets import NO_DELAY, keepalive_options

needs_unix = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs UNIX sockets")


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="needs IPv6")


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


class Door:
    """Keeps what listeners accept."""

    def __init__(self) -> None:
        self.guests: list[tuple[socket.socket, str]] = []
        self.errors: list[OSError] = []

    def accept(self, sock: socket.socket, address: str) -> None:
        self.guests.append((sock, address))

    def close(self) -> None:
        for sock, _ in self.guests:
            sock.close()


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


def tcp(loop: Loop, door: Door, host: str, port: int = 0) -> list[Listener]:
    return listen_tcp(loop, host, port, door.accept, door.errors.append)


def unix(loop: Loop, door: Door, path: Path, **options: int) -> Listener:
    return listen_unix(loop, str(path), door.accept, door.errors.append, **options)


def dial(listener: Listener) -> socket.socket:
    host, port = listener.where.rsplit(":", 1)
    return socket.create_connection((host.strip("[]"), int(port)))


def dial_unix(path: Path) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(str(path))
    return sock


def run_until(loop: Loop, condition: Callable[[], object]) -> None:
    while not condition():
        loop.run_once()  # sleeps for ever if nothing comes


# ---- TCP


@pytest.mark.parametrize("host", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
def test_a_free_port_is_picked_and_known_and_guests_are_announced(loop: Loop, door: Door, host: str) -> None:
    (listener,) = tcp(loop, door, host)
    assert not listener.where.endswith(":0")
    with dial(listener) as client:
        run_until(loop, lambda: door.guests)
        sock, address = door.guests[0]
        assert address == host
        sock.sendall(b"hi")
        assert client.recv(10) == b"hi"
    listener.close()


def test_an_ipv6_address_is_written_with_brackets(loop: Loop, door: Door) -> None:
    if not has_ipv6():
        pytest.skip("needs IPv6")
    (listener,) = tcp(loop, door, "::1")
    assert listener.where.startswith("[::1]:")
    listener.close()


def test_a_name_with_several_addresses_listens_on_all_with_the_same_port(loop: Loop, door: Door) -> None:
    listeners = tcp(loop, door, "localhost")
    assert len({listener.where.rsplit(":", 1)[1] for listener in listeners}) == 1
    assert len({listener.where for listener in listeners}) == len(listeners)
    for number, listener in enumerate(listeners, 1):
        with dial(listener):
            run_until(loop, lambda wanted=number: len(door.guests) == wanted)  # type: ignore[misc]
        listener.close()


@pytest.mark.skipif(sys.platform != "linux", reason="needs all of 127.0.0.0/8")
def test_a_free_port_of_the_first_address_is_taken_on_the_others_and_missing_addresses_are_left_out() -> None:
    hosts = ("192.0.2.1", "127.0.0.1", "127.0.0.2")  # RFC 5737: nobody has the first one
    socks = _bind_all([(socket.AF_INET, host, 0) for host in hosts], 1)
    names = [sock.getsockname() for sock in socks]
    for sock in socks:
        sock.close()
    assert [host for host, _ in names] == ["127.0.0.1", "127.0.0.2"]
    assert names[0][1] == names[1][1]


@needs_ipv6
def test_ipv4_and_ipv6_share_a_port_on_all_interfaces(loop: Loop, door: Door) -> None:
    for _ in range(20):  # the other family's port may be somebody else's
        (six,) = tcp(loop, door, "::")
        try:
            (four,) = tcp(loop, door, "0.0.0.0", int(six.where.rsplit(":", 1)[1]))
        except ListenError:
            six.close()
            continue
        break
    assert four.where == six.where.replace("[::]", "0.0.0.0")
    with socket.create_connection(("127.0.0.1", int(four.where.rsplit(":", 1)[1]))):
        run_until(loop, lambda: door.guests)
    assert door.guests[0][1] == "127.0.0.1"
    four.close()
    six.close()


def test_a_port_in_use_is_refused_with_a_sentence(loop: Loop, door: Door) -> None:
    (listener,) = tcp(loop, door, "127.0.0.1")
    port = int(listener.where.rsplit(":", 1)[1])
    with pytest.raises(ListenError) as refusal:
        tcp(loop, door, "127.0.0.1", port)
    expected = f"127.0.0.1:{port} is in use by another program. Stop that one, or listen on another port."
    assert str(refusal.value) == expected
    assert refusal.value.errno == errno.EADDRINUSE
    listener.close()


def test_a_port_is_free_again_after_a_close_with_connections(loop: Loop, door: Door) -> None:
    (listener,) = tcp(loop, door, "127.0.0.1")
    port = int(listener.where.rsplit(":", 1)[1])
    with dial(listener):
        run_until(loop, lambda: door.guests)
        door.close()  # first, so that the waiting time (TIME_WAIT) is on this side
        listener.close()
        listener.close()
    (again,) = tcp(loop, door, "127.0.0.1", port)
    again.close()


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("192.0.2.1", "192.0.2.1 is not an address of this machine."),  # RFC 5737: nobody has it
        ("no-such-host.invalid", "Unknown host 'no-such-host.invalid'"),  # RFC 2606
        ("x" * 300, "Unknown host"),
    ],
)
def test_an_impossible_host_is_refused_with_a_sentence(loop: Loop, door: Door, host: str, words: str) -> None:
    with pytest.raises(ListenError) as refusal:
        tcp(loop, door, host)
    assert str(refusal.value).startswith(words)
    assert str(refusal.value).endswith(".") or str(refusal.value).endswith("for all.")


def test_a_storm_is_accepted_in_bounded_parts(loop: Loop, door: Door) -> None:
    (listener,) = tcp(loop, door, "127.0.0.1")
    clients = [dial(listener) for _ in range(300)]
    loop.run_once()
    assert 0 < len(door.guests) <= 256
    run_until(loop, lambda: len(door.guests) == 300)
    for client in clients:
        client.close()
    listener.close()


def test_a_callback_may_close_the_listener(loop: Loop, door: Door) -> None:
    guests: list[socket.socket] = []

    def accept(sock: socket.socket, address: str) -> None:
        guests.append(sock)
        listener.close()

    (listener,) = listen_tcp(loop, "127.0.0.1", 0, accept, door.errors.append)
    clients = [dial(listener) for _ in range(2)]
    loop.run_once()
    loop.run_once(0)
    assert len(guests) == 1
    assert door.errors == []
    for sock in [*guests, *clients]:
        sock.close()


class Unlucky(socket.socket):
    """A listening socket whose accept fails with the given errors first."""

    errors: list[int]

    def accept(self) -> tuple[socket.socket, object]:
        if self.errors:
            number = self.errors.pop(0)
            raise OSError(number, os.strerror(number))
        return super().accept()


@pytest.mark.parametrize("number", [errno.ECONNABORTED, errno.EPERM])
def test_a_connection_that_died_in_the_queue_is_passed_over(loop: Loop, door: Door, number: int) -> None:
    sock = Unlucky()
    sock.errors = [number, number]
    sock.bind(("127.0.0.1", 0))
    sock.listen()
    listener = Listener(loop, sock, door.accept, door.errors.append)
    with dial(listener):
        loop.run_once()
    assert len(door.guests) == 1
    assert door.errors == []
    listener.close()


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_exhaustion_is_told_once_and_accepting_goes_on_after_a_second(door: Door, number: int) -> None:
    now = 0.0
    loop = Loop(clock=lambda: now)
    sock = Unlucky()
    sock.errors = [number] * 2
    sock.bind(("127.0.0.1", 0))
    sock.listen()
    listener = Listener(loop, sock, door.accept, door.errors.append)
    with dial(listener):
        for _ in range(5):
            loop.run_once(0)
        assert [error.errno for error in door.errors] == [number]
        assert len(sock.errors) == 1
        now = 1.0
        for _ in range(5):
            loop.run_once(0)
        assert len(sock.errors) == 0
        assert door.guests == []
        now = 2.0
        for _ in range(5):
            loop.run_once(0)
        assert len(door.guests) == 1
    assert len(door.errors) == 1
    sock.errors = [number]
    with dial(listener):
        loop.run_once(0)
    assert len(door.errors) == 2
    listener.close()
    now = 10.0
    loop.run_once(0)
    loop.close()


def test_resuming_a_listener_that_never_stopped_does_nothing(loop: Loop, door: Door) -> None:
    (listener,) = tcp(loop, door, "127.0.0.1")
    listener.resume()
    with dial(listener):
        run_until(loop, lambda: door.guests)
    listener.close()
    listener.resume()


OUT_OF_DESCRIPTORS = """
    import resource, socket
    from evchat.net.listener import listen_tcp
    from evchat.net.loop import Loop

    guests, errors = [], []
    loop = Loop(clock=lambda: 0.0)
    accept = lambda sock, address: guests.append(sock)
    (listener,) = listen_tcp(loop, "127.0.0.1", 0, accept, errors.append)
    port = int(listener.where.rsplit(":", 1)[1])
    clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(10)]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(sock.fileno() for sock in clients) + 4, hard))

    for _ in range(5):
        loop.run_once(0)
    print("accepted", len(guests), "errors", [error.strerror for error in errors])
    guests.pop().close()
    listener.resume()
    for _ in range(5):
        loop.run_once(0)
    print("accepted", len(guests), "errors", len(errors))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    listener.resume()
    loop.run_once(0)
    print("accepted", len(guests))
"""


def test_a_process_out_of_descriptors_serves_on_and_takes_the_others_later() -> None:
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(OUT_OF_DESCRIPTORS)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert (done.stderr, done.stdout.splitlines()) == (
        "",
        [
            f"accepted 3 errors ['{os.strerror(errno.EMFILE)}']",
            "accepted 3 errors 2",  # one guest went, one came, and then it was full again
            "accepted 9",
        ],
    )


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="needs Linux's options")
@pytest.mark.parametrize("inherited", [True, False])
def test_options_reach_the_kernel_whether_they_are_inherited_or_not(
    loop: Loop, door: Door, inherited: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evchat.net.listener.INHERITED", inherited)
    (listener,) = tcp(loop, door, "127.0.0.1")
    for idle in (61, 62):  # the latest count
        listener.set_options((*NO_DELAY, *keepalive_options(idle, 15, 4, 120.5)))
    with dial(listener):
        run_until(loop, lambda: door.guests)
        sock, _ = door.guests[0]
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        names = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
        values = [sock.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names]
        assert values == [62, 15, 4, 120_500]
    listener.close()


# ---- UNIX sockets


@needs_unix
def test_a_unix_socket_accepts_and_its_file_goes_with_it(loop: Loop, door: Door, tmp_path: Path) -> None:
    path = tmp_path / "chat.sock"
    listener = unix(loop, door, path, mode=0o600)
    assert listener.where == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with dial_unix(path):
        run_until(loop, lambda: door.guests)
    assert door.guests[0][1] == "unix"
    listener.close()
    assert not path.exists()


@needs_unix
def test_the_file_of_a_dead_server_is_replaced(loop: Loop, door: Door, tmp_path: Path) -> None:
    path = tmp_path / "chat.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
        dead.listen()
    assert path.exists()
    listener = unix(loop, door, path)
    with dial_unix(path):
        run_until(loop, lambda: door.guests)
    listener.close()


@needs_unix
@pytest.mark.parametrize("waiting", [0, 3])
def test_a_living_server_is_not_replaced_however_full(
    loop: Loop, door: Door, tmp_path: Path, waiting: int
) -> None:
    path = tmp_path / "chat.sock"
    listener = unix(loop, door, path, backlog=1)
    clients = [socket.socket(socket.AF_UNIX) for _ in range(waiting)]
    for client in clients:
        client.setblocking(False)
        client.connect_ex(str(path))
    with pytest.raises(ListenError) as refusal:
        unix(loop, door, path)
    assert str(refusal.value) == f"Another server is listening on {path}. Stop it, or choose another path."
    loop.run_once(0)
    with dial_unix(path):
        pass
    for client in clients:
        client.close()
    listener.close()


@needs_unix
def test_a_file_that_is_no_socket_is_left_alone(loop: Loop, door: Door, tmp_path: Path) -> None:
    path = tmp_path / "letter"
    path.write_text("dear")
    with pytest.raises(ListenError) as refusal:
        unix(loop, door, path)
    assert str(refusal.value) == f"{path} exists and is not a socket. Remove it, or choose another path."
    assert path.read_text() == "dear"


@needs_unix
@pytest.mark.parametrize("name", ["no/such/directory/s", "x" * 200])
def test_an_impossible_path_is_refused_with_a_sentence(
    loop: Loop, door: Door, tmp_path: Path, name: str
) -> None:
    with pytest.raises(ListenError) as refusal:
        unix(loop, door, tmp_path / name)
    assert str(refusal.value).startswith(f"Can't listen on {tmp_path / name}: ")
    assert str(refusal.value).endswith(". Choose another path.")


@needs_unix
def test_a_file_that_is_another_servers_by_now_is_left_to_it(loop: Loop, door: Door, tmp_path: Path) -> None:
    path = tmp_path / "chat.sock"
    first = unix(loop, door, path)
    path.unlink()
    second = unix(loop, door, path)
    first.close()
    with dial_unix(path):
        run_until(loop, lambda: door.guests)
    second.close()
    assert not path.exists()


def test_an_address_is_checked_without_taking_a_port() -> None:
    check_tcp("127.0.0.1")
    check_tcp("localhost")
    check_tcp("*")
    with pytest.raises(ListenError, match="is not an address of this machine"):
        check_tcp("192.0.2.77")


@needs_unix
def test_a_path_is_checked_without_being_taken(tmp_path: Path, loop: Loop, door: Door) -> None:
    path = tmp_path / "s"
    check_unix(str(path))
    assert not path.exists()
    listener = listen_unix(loop, str(path), door.accept, door.errors.append)
    check_unix(str(path))
    listener.close()
    path.write_text("not a socket")
    for wrong, why in (
        (path, "is not a socket"),
        (tmp_path / "no" / "s", "there is no directory"),
        (tmp_path / ("x" * 108), "too long"),
    ):
        with pytest.raises(ListenError, match=why):
            check_unix(str(wrong))
