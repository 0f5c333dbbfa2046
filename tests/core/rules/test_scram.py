"""Proving a password without saying it."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterator

import pytest
import scramp
from hypothesis import assume, given
from hypothesis import strategies as st

from evchat.core import records as rec
from evchat.core.rules import passwords, scram
from evchat.protocol.authentication import Authenticate, Authenticated, Scram, ScramChallenge
from evchat.protocol.login import Introduce
from tests.cheap_passwords import cheap_secret
from tests.core.playbook import BEGIN, Playbook
from tests.profiles import examples

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


# ---- against a client of another hand (scramp) -----------------------------------------------------------------

FEWEST_ITERATIONS = 4096
"""That a client accepts (RFC 7677, section 4): as many as are needed, for the test's time."""

words = st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x17F), min_size=1)
"""Passwords that SASLprep and NFKC prepare alike."""

names = words.filter(lambda word: unicodedata.is_normalized("NFKC", word))
"""Names that are sent as they are."""


@pytest.fixture(scope="module", autouse=True)
def _fewer_iterations() -> Iterator[None]:
    usual, scram._ITERATIONS = scram._ITERATIONS, FEWEST_ITERATIONS
    yield
    scram._ITERATIONS = usual


def exchanged(name: str, password: str, given: str) -> tuple[scramp.ScramClient, scram.Exchange, str | None]:
    """An exchange of scramp's client, which believes `given` to be the password, with our server."""
    client = scramp.ScramClient(["SCRAM-SHA-256"], name, given)
    first = scram.read_first(client.get_client_first())
    assert first is not None and first.name == name
    exchange = scram.Exchange(name, scram.make_verifier(password, SALT), first, b"x" * scram.NONCE_BYTES)
    client.set_server_first(exchange.challenge)
    return client, exchange, exchange.answer(client.get_client_final())


@examples(40)
@given(names | st.sampled_from(["a,b", "a=b", "=2C"]), words)
def test_scramp_proves_a_password_to_us_and_we_to_scramp(name: str, password: str) -> None:
    client, exchange, final = exchanged(name, password, password)
    assert final is not None and exchange.proved
    client.set_server_final(final)


@examples(40)
@given(words, words)
def test_scramp_proves_no_other_password(password: str, other: str) -> None:
    assume(unicodedata.normalize("NFKC", password) != unicodedata.normalize("NFKC", other))
    _client, exchange, final = exchanged("alice", password, other)
    assert final is None and not exchange.proved


@examples(40)
@given(words)
def test_a_verifier_holds_what_scramp_would_keep(password: str) -> None:
    mechanism = scramp.ScramMechanism("SCRAM-SHA-256")
    salt, stored, server, iterations = mechanism.make_auth_info(password, FEWEST_ITERATIONS, SALT)
    kept = [b64encode(key).decode() for key in (salt, stored, server)]
    assert scram.make_verifier(password, SALT) == "$".join(["scram", str(iterations), *kept])
