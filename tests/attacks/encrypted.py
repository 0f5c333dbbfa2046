"""Attacks on TLS: handshakes that are begun and left, or break the rules, or come while the certificate changes."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from evchat.net.tls import Tls, client_context
from tests import certificates
from tests.attacks.siege import SITES, Siege
from tests.attacks.table import attack
from tests.e2e.harness import DEADLINE, Client, Server

HEAD = b"\x16\x03\x01%c%c"
"""The head of a record of the handshake, for its length in two bytes."""


class WithCertificate(Server):
    """A server with a certificate, whose files an attack may replace."""

    def __init__(self, *arguments: str, **keys: Any) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="evchat-attack-"))
        self.replace("localhost", 0, 1)
        cert, key = self.folder / "0.pem", self.folder / "1.pem"
        super().__init__(
            *arguments, EVCHAT_TLS_CERT=str(cert), EVCHAT_TLS_KEY=str(key), EVCHAT_TLS_RELOAD="1", **keys
        )

    def replace(self, name: str, *which: int) -> None:
        """Puts another certificate (0) or key (1) in the place of the old one."""
        for index in which:
            (self.folder / f"{index}.pem").write_bytes(certificates.certificate(name)[index].read_bytes())

    def stop(self, *, close: bool = True) -> int:
        shutil.rmtree(self.folder, ignore_errors=True)
        return super().stop(close=close)


def hello(context: ssl.SSLContext | None = None) -> bytes:
    """The first words of a client."""
    return Tls(context or client_context(verify=False)).outgoing()


def shaken(siege: Siege, *, read: bool = True, version: ssl.TLSVersion | None = None) -> tuple[Client, Tls]:
    """A connection with a complete handshake, and what seals its words."""
    context = client_context(verify=False)
    if version is not None:
        context.maximum_version = version
    layer, client = Tls(context), siege.connect(read=read)
    while not layer.ready:
        client.send(layer.outgoing())
        layer.receive(client.sock.recv(65536))
    client.send(layer.outgoing())
    return client, layer


@attack(
    "a hello and silence",
    "Hundreds of connections that begin a handshake of TLS, which costs the server a key exchange, and say no more.",
    server=WithCertificate,
)
def hellos(siege: Siege) -> None:
    said = hello()
    clients = [siege.connect() for _ in range(50 * siege.size)]
    siege.flood(clients, said)
    for _ in range(siege.size):
        siege.reset([siege.connect(said) for _ in range(10)])
    siege.flood([siege.connect() for _ in range(20)], lambda place: said[: place * 20])


@attack(
    "broken records",
    "Records that are too long, of one byte each, of no bytes, of unknown types, and certificates without an end.",
    server=WithCertificate,
)
def records(siege: Siege) -> None:
    said = hello()
    head, body = said[:5], said[5:]
    assert head[:1] == HEAD[:1]
    pieces = (
        b"".join(HEAD % (0, 1) + bytes([byte]) for byte in body),  # legal, and so taken
        HEAD % (0xFF, 0xFF) + bytes(65_535) * 8,
        HEAD % (0, 0) * 20_000,
        HEAD % (0x40, 0) + b"\x01\xff\xff\xff" + bytes(16_380),
        b"\x16\x03\x01\x00\x02\x02\x28" * 10_000,
        b"\x17\x03\x03\x40\x00" + bytes(16_384),
        b"\x16\x02\x00" + said[3:],
        said + said * 100,
        said + b"\x14\x03\x03\x00\x01\x01" * 20_000,
    )
    for _ in range(siege.size):
        siege.flood([siege.connect() for _ in pieces * 2], lambda place: pieces[place % len(pieces)] * 4)


@attack(
    "bytes one by one, each encrypted",
    "Users over TLS whose every byte is a record of its own, and who hold back or damage the last one.",
    server=WithCertificate,
)
def drops(siege: Siege) -> None:
    clients: list[Client] = []
    said: list[bytes] = []
    for number in range(6):
        client, layer = shaken(siege)
        text = b"drop%d\n" % number + b"/who\n" * 400 + b"x" * 20_000
        sealed = b"".join(layer.seal([text[place : place + 1]]) for place in range(len(text)))
        said.append(sealed[:-7] if number % 2 else sealed[:-3] + b"\0\0\0")
        clients.append(client)
    siege.flood(clients, lambda place: said[place])
    deaf = [shaken(siege, read=False) for _ in range(6)]
    talk = b"/who\n/history\n" * 100
    asked = [layer.seal([b"deaf%d\n" % place, *[talk] * 9]) for place, (_, layer) in enumerate(deaf)]
    siege.flood([client for client, _ in deaf], lambda place: asked[place], read=False)


@attack(
    "renegotiation",
    "Clients that ask for another handshake within the connection, or for new keys, again and again.",
    server=WithCertificate,
)
def renegotiation(siege: Siege) -> None:
    openssl = shutil.which("openssl")
    assert openssl is not None
    for number in range(2 * siege.size):
        version, command = (("-tls1_2", b"R\n"), ("-tls1_3", b"K\n"))[number % 2]
        host, port = siege.server.where
        with subprocess.Popen(
            [openssl, "s_client", version, "-connect", f"{host}:{port}", "-bind", f"127.0.66.{number % SITES + 1}:0"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, bufsize=0,
        ) as client:  # fmt: skip
            assert client.stdin is not None
            with suppress(BrokenPipeError):
                client.stdin.write(b"renegotiator%d\n" % number)
                for _ in range(200):
                    client.stdin.write(command)
            with suppress(BrokenPipeError):
                client.stdin.close()
            client.wait(DEADLINE)


@attack(
    "a certificate replaced",
    "Fifty handshakes a second while the files of the certificate are replaced one after the other: none fails.",
    server=WithCertificate,
)
def replaced(siege: Siege) -> None:
    server = siege.server
    assert isinstance(server, WithCertificate)
    context = client_context(verify=False)

    def until(word: str, count: int) -> None:
        """Shakes hands fifty times a second until the log has so many lines with a word."""
        due = time.monotonic()
        end = due + DEADLINE
        while sum(word in line for line in server.log) < count and (now := time.monotonic()) < end:
            time.sleep(max(0.0, due - now))
            due += 0.02
            client = siege.connect()
            with context.wrap_socket(client.sock) as sock:
                sock.sendall(b"x")
                assert sock.version()
        assert time.monotonic() < end

    for number in range(max(1, siege.size // 4)):
        name = ("replaced", "localhost")[number % 2]
        server.replace(name, 0)
        until("certificate not loaded", number + 1)
        server.replace(name, 1)
        until("certificate loaded", number + 1)
