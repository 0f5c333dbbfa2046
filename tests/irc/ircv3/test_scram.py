"""SCRAM-SHA-256: logging in without saying the password. One may do without offering it."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from tests.irc.harness import ANY, expect, make_account

MECHANISM = "SCRAM-SHA-256"
NONCE = "rOprNGfwEbeRWgbNEkqO"


class Scram:
    """A client's side of RFC 5802 without channel binding."""

    def __init__(self, name: str, password: str) -> None:
        self.password = password
        self.bare = f"n={name},r={NONCE}"
        self.signature = b""

    def first(self) -> str:
        return f"n,,{self.bare}"

    def final(self, challenge: str) -> str:
        """The answer to the server's challenge."""
        facts = dict(part.split("=", 1) for part in challenge.split(","))
        assert facts["r"].startswith(NONCE)
        assert len(facts["r"]) > len(NONCE)
        assert int(facts["i"]) >= 4096
        without_proof = f"c=biws,r={facts['r']}"
        said = f"{self.bare},{challenge},{without_proof}".encode()
        salted = hashlib.pbkdf2_hmac(
            "sha256", self.password.encode(), base64.b64decode(facts["s"]), int(facts["i"])
        )
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        signature = hmac.digest(hashlib.sha256(client_key).digest(), said, "sha256")
        proof = bytes(a ^ b for a, b in zip(client_key, signature, strict=True))
        self.signature = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), said, "sha256")
        return f"{without_proof},p={base64.b64encode(proof).decode()}"


def send(client, text):
    client.send(f"AUTHENTICATE {base64.b64encode(text.encode()).decode()}")


def hear(client):
    """What the server says, in whatever pieces."""
    data = ""
    while True:
        piece = client.expect("AUTHENTICATE", ANY).params[0]
        data += piece if piece != "+" else ""
        if len(piece) < 400:
            return base64.b64decode(data).decode()


@pytest.fixture
def stranger(irc):
    client = irc()
    if MECHANISM not in (client.cap_ls()["sasl"] or "").split(","):
        pytest.skip(f"{MECHANISM} is not offered")
    client.req("sasl")
    client.send(f"AUTHENTICATE {MECHANISM}")
    client.expect("AUTHENTICATE", "+")
    return client


def test_the_right_password_logs_in_and_the_server_proves_that_it_knows_it_too(server, stranger):
    make_account(server, "Scramtest")
    scram = Scram("Scramtest", "sesame")
    send(stranger, scram.first())
    send(stranger, scram.final(hear(stranger)))
    assert hear(stranger) == f"v={base64.b64encode(scram.signature).decode()}"
    stranger.send("AUTHENTICATE +")
    stranger.expect("900", "*", ANY, "Scramtest", ANY)
    stranger.expect("903", "*", ANY)


def test_the_wrong_password_does_not(server, stranger):
    make_account(server, "Scramtest")
    scram = Scram("Scramtest", "millet")
    send(stranger, scram.first())
    send(stranger, scram.final(hear(stranger)))
    stranger.expect("904", "*", ANY)


def test_an_account_that_does_not_exist_fails(stranger):
    scram = Scram("nobody", "sesame")
    send(stranger, scram.first())
    answer = stranger.recv()
    if answer.command == "AUTHENTICATE":
        send(stranger, scram.final(base64.b64decode(answer.params[0]).decode()))
        answer = stranger.recv()
    expect(answer, "904", "*", ANY)


def test_the_salt_stays_the_same_and_the_nonce_does_not(server, irc, stranger):
    make_account(server, "Scramtest")
    challenges = []
    for _ in range(2):
        send(stranger, Scram("Scramtest", "sesame").first())
        challenges.append(dict(part.split("=", 1) for part in hear(stranger).split(",")))
        stranger.send("AUTHENTICATE *")
        stranger.expect("906", "*", ANY)
        stranger.send(f"AUTHENTICATE {MECHANISM}")
        stranger.expect("AUTHENTICATE", "+")
    first, second = challenges
    assert first["s"] == second["s"]
    assert first["r"] != second["r"]


def test_somebody_elses_nonce_is_refused(server, stranger):
    make_account(server, "Scramtest")
    scram = Scram("Scramtest", "sesame")
    send(stranger, scram.first())
    challenge = hear(stranger)
    final = scram.final(challenge)
    send(stranger, final.replace(f"r={NONCE}", "r=somebody"))
    stranger.expect("904", "*", ANY)


@pytest.mark.parametrize("data", ["", "n,,", "p=tls-unique,,n=a,r=b", "nonsense", "n,,n=a"])
def test_nonsense_is_refused(stranger, data):
    if data:
        send(stranger, data)
    else:
        stranger.send("AUTHENTICATE +")
    stranger.expect("904", "*", ANY)
