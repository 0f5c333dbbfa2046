"""Proving a password without saying it."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode

import pytest

from evchat.core import records as rec
from evchat.core.rules import passwords, scram
from evchat.protocol.authentication import Authenticate, Authenticated, Scram, ScramChallenge
from evchat.protocol.login import Introduce
from tests.core.playbook import BEGIN, Playbook, cheap_secret

SALT = bytes(range(16))


def proof(first: str, challenge: str, password: str = "secret", channel: str = "biws") -> str:
    """The client's second message."""
    facts = dict(part.split("=", 1) for part in challenge.split(","))
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), b64decode(facts["s"]), int(facts["i"]))
    key = hmac.digest(salted, b"Client Key", "sha256")
    unproved = f"c={channel},r={facts['r']}"
    said = f"{first.removeprefix('n,,')},{challenge},{unproved}".encode()
    signature = hmac.digest(hashlib.sha256(key).digest(), said, "sha256")
    return f"{unproved},p={b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True))).decode()}"


def test_the_example_of_rfc_7677() -> None:
    nonce, salt = "rOprNGfwEbeRWgbNEkqO", b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
    iterations, scram._ITERATIONS = scram._ITERATIONS, 4096
    try:
        verifier = scram.make_verifier("pencil", salt)
    finally:
        scram._ITERATIONS = iterations
    first = scram.read_first(f"n,,n=user,r={nonce}")
    assert first is not None
    exchange = scram.Exchange("user", verifier, first, b"")
    theirs = f"{nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    exchange._nonce = theirs
    exchange.challenge = f"r={theirs},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    final = f"c=biws,r={theirs},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    assert exchange.answer(final) == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n",
        "n,,",
        "n,,n=a",
        "n,,n=,r=x",
        "n,,n=a,r=",
        "n,,n=a,r=x,y",
        "p=tls-unique,,n=a,r=x",
        "n,a=b,n=a,r=x",
    ],
)
def test_what_is_no_first_message(text: str) -> None:
    assert scram.read_first(text) is None


def test_a_name_is_unescaped() -> None:
    first = scram.read_first("y,a=x=2Cy=3Dz,n=x=2Cy=3Dz,r=1")
    assert first is not None and first.name == "x,y=z"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c=biws",
        "c=biws,r=x,p=x",
        "c=biws,r=x,p=eA==",
        "c=eSws,r=nonce,p=" + b64encode(bytes(32)).decode(),
    ],
)
def test_what_proves_nothing(text: str) -> None:
    first = scram.read_first("n,,n=alice,r=nonce")
    assert first is not None
    exchange = scram.Exchange("alice", scram.make_verifier("secret", SALT), first, b"")
    assert exchange.answer(text) is None
    assert not exchange.proved


def in_parts(play: Playbook, who: str) -> None:
    play.connect(who)
    play.ask(who, BEGIN)
    play.ask(who, Introduce(hold=True))


def test_who_proves_the_password_is_logged_in_to_the_account() -> None:
    play = Playbook()
    play.register("Alice")
    in_parts(play, "x")
    first = "n,,n=alice,r=mine"
    challenge = play.tell("x", Scram(1, first), ScramChallenge).text
    assert challenge.startswith("r=mine")
    assert play.tell("x", Scram(2, proof(first, challenge)), ScramChallenge).text.startswith("v=")
    assert play.tell("x", Scram(3, ""), Authenticated).account == "Alice"


def test_the_steps_can_be_taken_in_their_order_only() -> None:
    play = Playbook()
    play.register("alice")
    in_parts(play, "x")
    first = "n,,n=alice,r=mine"
    assert play.refusal("x", Scram(2, proof(first, "r=mine,s=,i=1"))) == "wrong-password"
    assert play.refusal("x", Scram(3, "")) == "wrong-password"
    play.tell("x", Scram(1, first), ScramChallenge)
    assert play.refusal("x", Scram(3, "")) == "wrong-password"
    challenge = play.tell("x", Scram(1, first), ScramChallenge).text
    play.tell("x", Scram(2, proof(first, challenge)), ScramChallenge)
    assert play.refusal("x", Scram(2, proof(first, challenge))) == "wrong-password"
    assert play.refusal("x", Scram(3, "")) == "wrong-password"


def test_wrong_proofs_are_counted_as_wrong_passwords_are() -> None:
    play = Playbook(password_tries=2)
    play.register("alice")
    play.connect("x", "198.51.100.1")
    assert play.ask("x", BEGIN) == []
    first = "n,,n=alice,r=mine"
    for _ in range(2):
        challenge = play.tell("x", Scram(1, first), ScramChallenge).text
        assert play.refusal("x", Scram(2, proof(first, challenge, "wrong"))) == "wrong-password"
    assert play.refusal("x", Scram(1, first)) == "too-many-tries"


def test_an_account_without_a_verifier_gets_one_when_its_password_is_said() -> None:
    play = Playbook()
    play.register("alice")
    (account,) = play.chat.context.fetch(rec.AccountOf("alice"))
    old = cheap_secret("secret")
    play.disk.save(rec.Account(account.user, account.name, old, account.at))
    in_parts(play, "x")
    assert play.refusal("x", Scram(1, "n,,n=alice,r=mine")) == "wrong-password"
    play.tell("x", Authenticate("alice", "secret"), Authenticated)
    (account,) = play.chat.context.fetch(rec.AccountOf("alice"))
    assert account.secret.startswith(old) and passwords.verifier(account.secret)
    play.tell("x", Scram(1, "n,,n=alice,r=mine"), ScramChallenge)
