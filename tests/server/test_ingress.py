"""Ingress: what clients send is carried out in order, and each thing that a request may wait for holds it back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from evchat.dialects.base import Action, Close, Dialect, Emit
from evchat.dialects.detect import Detector
from evchat.protocol.base import Event
from evchat.protocol.basics import Help, Ping
from evchat.server.client import NEVER, OUTPUT, PASS, PASSWORD, TOKEN, Client
from evchat.server.ingress import Ingress
from evchat.settings.model import Config
from tests.server.halves import Halves, halves
from tests.server.notes import Notes


class Scripted:
    """A dialect in which each byte means what `script` says; its answers are the names of the events."""

    name = variant = "scripted"
    paced = False
    pings = False
    context = False
    acknowledges = False
    visits = False

    def __init__(self, script: dict[bytes, Sequence[Action]], successor: Dialect | None = None) -> None:
        self.script = script
        self.successor: Dialect | None = None
        self._next = successor

    def greet(self) -> Sequence[Action]:
        return self.script.get(b"greet", ())

    def receive(self, data: bytes) -> Sequence[Action]:
        if self._next is not None:
            self.successor = self._next
            return [*self.script.get(data[:1], ()), *self._next.receive(data[1:])]
        return [action for byte in data for action in self.script.get(bytes([byte]), ())]

    def end(self) -> Sequence[Action]:
        return self.script.get(b"end", ())

    def farewell(self, *, stopping: bool = False) -> bytes:
        return b""

    def reconfigure(self, config: Config) -> bytes:
        return b""

    def encode(self, event: Event) -> bytes:
        return f"{type(event).__name__} ".encode()

    def answer(self, event: Event) -> bytes:
        return self.encode(event)


PINGS: dict[bytes, Sequence[Action]] = {b"p": [Ping("x")]}
HELPS: dict[bytes, Sequence[Action]] = {b"h": [Help()]}


# ---- what the next request waits for


@pytest.mark.parametrize("reason", [PASS, TOKEN, PASSWORD, OUTPUT, NEVER, PASS | OUTPUT])
def test_what_a_client_waits_for_holds_its_requests_back_and_its_bytes_outside(
    both: Halves, reason: int
) -> None:
    client, sock = both.connect(Scripted(PINGS))
    client.waits_for = reason
    sock.sendall(b"p")
    both.run()
    sock.sendall(b"p" * 1000)
    both.run()
    assert both.heard(sock) == b""
    assert client.unread == b"p", "it is read from no more"


def test_the_last_of_several_things_lets_the_requests_go_on(both: Halves) -> None:
    client, sock = both.connect(Scripted(PINGS))
    client.waits_for = OUTPUT | PASSWORD
    sock.sendall(b"pp")
    both.run()
    both.front._ingress.resumed(client)
    both.run()
    assert both.heard(sock) == b""
    both.front._ingress.flushed(client)
    both.run()
    assert both.heard(sock) == b"Ponged Ponged "


def test_a_client_out_of_tokens_waits_until_there_is_one() -> None:
    with halves(command_burst=2, command_rate=1.0) as both:
        client, sock = both.connect(Scripted(PINGS))
        sock.sendall(b"ppp")
        both.run()
        assert both.heard(sock) == b"Ponged Ponged " and client.waits_for == TOKEN
        both.run(seconds=0.9)
        assert both.heard(sock) == b""
        both.run(seconds=0.2)
        assert both.heard(sock) == b"Ponged " and client.waits_for == 0


def test_nobody_waits_for_a_client_that_has_sent_thousands_of_requests() -> None:
    with halves(command_burst=100_000, commands_before_login=100_000) as both:
        _, flooding = both.connect(Scripted(PINGS))
        _, other = both.connect(Scripted(PINGS))
        flooding.sendall(b"p" * 4000)
        other.sendall(b"p")
        both.loop.run_once(0)
        assert both.heard(other) == b"Ponged "
        assert 0 < both.heard(flooding).count(b"Ponged") < 200
        both.run(passes=100)
        assert both.heard(flooding).count(b"Ponged") > 3500


def test_clients_with_heavy_requests_take_turns_in_the_order_in_which_they_came() -> None:
    with halves(command_burst=1000) as both:
        sockets = [both.connect(Scripted({b"h": [Help()] * 3}))[1] for _ in range(60)]
        answers: list[int] = []
        for sock in sockets:
            sock.sendall(b"h")
        for _ in range(30):
            both.run(passes=1)
            answers += [number for number, sock in enumerate(sockets) if both.heard(sock)]
        assert answers[:60] == list(range(60))
        assert sorted(answers) == sorted(3 * list(range(60))), (
            "nobody has a second turn before all have had one"
        )
        assert set(answers[60:120]) == set(range(60))


@pytest.mark.parametrize("logged_in", [False, True])
def test_what_comes_while_something_waits_for_its_pass_is_carried_out_behind_it(
    both: Halves, logged_in: bool
) -> None:
    client, sock = both.connect(Scripted(PINGS | HELPS))
    client.authenticated = logged_in
    sock.sendall(b"hp")  # what is behind a heavy request waits for the next pass
    both.run(passes=1)
    sock.sendall(b"hph")
    both.run()
    assert both.heard(sock) == b"Helped Ponged Helped Ponged Helped "


def test_who_waits_for_a_turn_costs_the_passes_until_then_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Client] = []
    process = Ingress._process

    def counted(ingress: Ingress, client: Client, *, in_turn: bool = False) -> None:
        looked.append(client)
        process(ingress, client, in_turn=in_turn)

    monkeypatch.setattr(Ingress, "_process", counted)
    with halves(command_burst=1000) as both:
        sockets = [both.connect(Scripted(HELPS))[1] for _ in range(200)]
        for sock in sockets:
            sock.sendall(b"h")
        both.run(passes=40)
        assert all(both.heard(sock) for sock in sockets)
        assert len(looked) <= 2 * 200, "when it asks, and when it is its turn"


def test_a_light_request_does_not_wait_behind_the_heavy_ones_of_others() -> None:
    with halves(command_burst=1000) as both:
        sockets = [both.connect(Scripted(HELPS))[1] for _ in range(200)]
        _, other = both.connect(Scripted({b"a": [Help(), Ping("x")]}))
        other.sendall(b"a")
        both.run(passes=1)
        for sock in sockets:
            sock.sendall(b"h")
        both.run(passes=2)
        assert b"Ponged" in both.heard(other)
        assert not all(both.heard(sock) for sock in sockets)


def test_a_client_that_does_not_read_is_heard_again_when_it_has_read() -> None:
    with halves(pause_above=1000, command_burst=100_000) as both:
        client, sock = both.connect(Scripted({b"p": [Emit(b"x" * 4000)]}))
        sock.sendall(b"p" * 300)
        both.run(passes=10)
        assert client.waits_for & OUTPUT and client.backlog
        heard = 0
        for _ in range(2000):
            heard += len(both.heard(sock))
            both.run(passes=1)
        assert heard == 300 * 4000 and client.waits_for == 0


# ---- what a dialect does by itself


def test_what_a_dialect_emits_leaves_in_its_turn(both: Halves) -> None:
    _, sock = both.connect(Scripted({b"a": [Ping("x"), Emit(b"own "), Ping("x")]}))
    sock.sendall(b"a")
    both.run()
    assert both.heard(sock) == b"Ponged own Ponged "


def test_a_dialect_may_close_behind_everything_that_was_asked(both: Halves, notes: Notes) -> None:
    _, sock = both.connect(Scripted({b"a": [Ping("x"), Emit(b"bye"), Close("Done."), Ping("x")]}))
    sock.sendall(b"aa")
    both.run()
    assert sock.recv(100) == b"Ponged bye" and sock.recv(100) == b""
    assert [facts["reason"] for facts in notes.facts("disconnected")] == ["Done."]


def test_a_dialect_may_speak_first_where_only_it_is_spoken(both: Halves) -> None:
    _, sock = both.connect(Scripted({b"greet": [Emit(b"hello ")]}))
    both.run()
    assert both.heard(sock) == b"hello "


def test_a_successor_speaks_from_the_next_byte_on_and_may_have_a_successor_too(both: Halves) -> None:
    last = Scripted({b"c": [Emit(b"3")], b"end": [Emit(b"end")]})
    client, sock = both.connect(Scripted({b"a": [Emit(b"1")]}, Scripted({b"b": [Emit(b"2")]}, last)))
    sock.sendall(b"abc")
    both.run()
    sock.sendall(b"c")
    both.run()
    assert both.heard(sock) == b"1233" and client.dialect is last


def test_a_detected_dialect_takes_the_detectors_place(both: Halves) -> None:
    client, sock = both.connect(Detector(both.dialects))
    assert client.dialect.name == "undecided"
    sock.sendall(b'{"request": "help"}\n')
    both.run()
    assert client.dialect.name == "json" and b'"response"' in both.heard(sock)


# ---- the end, and the beginning


def test_requests_before_the_end_are_carried_out_and_then_the_connection_closes(
    both: Halves, notes: Notes
) -> None:
    _, sock = both.connect(Scripted({b"p": [Ping("x")], b"end": [Emit(b"last")]}))
    sock.sendall(b"pp")
    sock.shutdown(1)
    both.run()
    assert sock.recv(100) == b"Ponged Ponged last" and sock.recv(100) == b""
    assert [facts["reason"] for facts in notes.facts("disconnected")] == ["Closed the connection."]


@pytest.mark.parametrize("limits", [{"input_before_login": 1024}, {"commands_before_login": 10}])
def test_who_does_not_log_in_is_cut_with_last_words(notes: Notes, limits: dict[str, int]) -> None:
    with halves(command_burst=100_000, **limits) as both:
        _, sock = both.connect(Scripted(PINGS))
        for _ in range(4):
            sock.sendall(b"p" * 500)
            both.run()
        heard = both.heard(sock)
        assert heard.endswith(b"Ponged HungUp ") and sock.recv(10) == b""
        (cut,) = notes.facts("cut")
        assert cut["address"] == "127.0.0.1" and cut["reason"].startswith("Log in first: ")


def test_after_the_login_these_limits_hold_no_more() -> None:
    with halves(commands_before_login=10, command_burst=1000) as both:
        client, sock = both.login("alice")
        for number in range(20):
            sock.sendall(b"/msg #main %d\n" % number)
            both.run()
        assert client.waits_for == 0 and both.heard(sock).count(b"<alice>") == 20


def test_a_login_is_logged_once_with_name_and_dialect(both: Halves, notes: Notes) -> None:
    client, sock = both.login("alice")
    sock.sendall(b"hi\n")
    both.run()
    expected = {"sid": client.sid, "address": "127.0.0.1", "name": "alice", "dialect": "text"}
    assert notes.facts("login") == [expected]


def test_one_malformed_request_of_a_client_is_logged_and_typing_mistakes_are_not(
    both: Halves, notes: Notes
) -> None:
    _, sock = both.login("alice")
    sock.sendall(b"/nonsense\n")
    both.run()
    assert notes.facts("malformed") == []
    sock.sendall(b"\xc3(\n\xc3(\n")
    both.run()
    (facts,) = notes.facts("malformed")
    assert facts["dialect"] == "text" and "UTF-8" in facts["reason"]


# ---- passwords


@pytest.mark.parametrize(
    ("address", "warned"), [("8.8.8.8", True), ("192.168.1.2", False), ("127.0.0.1", False)]
)
def test_a_password_that_came_over_the_internet_in_clear_is_warned_of_once(
    both: Halves, address: str, warned: bool
) -> None:
    client, sock = both.connect("text", address)
    sock.sendall(b"ann\n/register secret99\n/register secret99\n")
    both.run()
    while client.waits_for:
        both.wait_for_worker()
    both.run()
    assert both.heard(sock).count(b"could read it") == int(warned)


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("text", b"ann\n/register secret99\n"),
        (
            "json",
            b'{"request": "login", "content": "ann"}\n{"request": "register", "password": "secret99"}\n',
        ),
        ("json", b'{"request": "pass", "password": "secret99"}\n'),
        ("irc", b"NICK ann\r\nUSER a 0 * :a\r\nREGISTER * * secret99\r\n"),
        ("irc", b"PASS secret99\r\nNICK ann\r\nUSER a 0 * :a\r\n"),
    ],
)
@pytest.mark.parametrize("address", ["8.8.8.8", "127.0.0.1"])
def test_users_of_every_dialect_are_warned(both: Halves, dialect: str, said: bytes, address: str) -> None:
    client, sock = both.connect(dialect, address)
    sock.sendall(said)
    both.run()
    while client.waits_for:
        both.wait_for_worker()
    heard = b""
    for _ in range(5):  # plain JSON clients are told one thing at a time
        both.run(seconds=1)
        heard += both.heard(sock)
    assert heard.count(b"could read it") == (address == "8.8.8.8")


def test_requests_behind_a_password_wait_for_the_worker(both: Halves) -> None:
    client, sock = both.login("alice")
    sock.sendall(b"/register secret\n/help\n")
    both.loop.run_once(0)
    assert client.waits_for & PASSWORD and b"/msg" not in both.heard(sock)
    while client.waits_for:
        both.wait_for_worker()
    both.run()
    heard = both.heard(sock)
    assert b"registered" in heard and heard.index(b"registered") < heard.index(b"/msg")


def test_where_the_worker_takes_nothing_on_the_client_is_told_and_goes_on(both: Halves) -> None:
    client, sock = both.login("alice")
    both.back._worker.close()
    sock.sendall(b"/register secret\n/help\n")
    both.run()
    heard = both.heard(sock)
    assert b"Too many passwords" in heard and b"/msg" in heard and client.waits_for == 0


# ---- heavy requests


def test_heavy_requests_are_carried_out_one_a_pass_and_each_client_in_turn(both: Halves) -> None:
    clients = [both.login(name) for name in ("alice", "bob", "carol")]
    for _, sock in clients:
        both.heard(sock)
        sock.sendall(b"/search nothing\n/search nothing\n")
    answers: list[list[int]] = []
    for _ in range(12):
        both.loop.run_once(0)
        heard = [both.heard(sock).count(b"nothing") for _, sock in clients]
        if any(heard):
            answers.append(heard)
    assert all(sum(map(bool, heard)) == 1 for heard in answers), "one a pass"
    first, second = answers[:3], answers[3:]
    assert [sum(column) for column in zip(*first, strict=True)] == [1, 1, 1], "each in turn"
    assert [sum(column) for column in zip(*second, strict=True)] == [1, 1, 1]
