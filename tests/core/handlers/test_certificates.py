"""Certificates belong to accounts, and lead into the account whose name is given, and no other."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.effects import Trust
from evchat.protocol.authentication import Authenticated, ResetPassword, Unregister
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Done
from evchat.protocol.certificates import AuthenticateByCertificate, ManageCertificates
from evchat.protocol.login import ChangeNick, Introduce, LoggedIn
from tests.core.in_parts import PART, USER, codes, logged_in
from tests.core.operators import login, play_with_root
from tests.core.playbook import Playbook, check_against_store, check_invariants
from tests.protocol.test_x509 import FINGERPRINT, ISSUED, SELF_SIGNED, pem


def add(text: str) -> Request:
    return ManageCertificates("add", text)


def certificates(play: Playbook, who: str) -> object:
    """The fingerprints that somebody is listed."""
    return dict(play.tell(who, ManageCertificates(), Done).facts)["certificates"]


@pytest.fixture
def play() -> Playbook:
    """Alice and Mallory have accounts, and are here."""
    play = Playbook()
    play.register("alice", "mallory")
    return play


def by_certificate(
    play: Playbook, name: str, account: str = "", fingerprint: str = FINGERPRINT
) -> list[Event]:
    """What a client is told that comes with a certificate, and this name."""
    who = f"{name} {account} {fingerprint} {play.now}"
    play.connect(who)
    play.ask(who, PART)
    play.ask(who, Introduce(hold=True))
    play.ask(who, USER)
    play.ask(who, ChangeNick(name))
    told = play.ask(who, AuthenticateByCertificate(account, fingerprint))
    return told + play.ask(who, Introduce(hold=False))


@pytest.mark.parametrize(
    "pieces",
    [
        [SELF_SIGNED],
        [pem(SELF_SIGNED)],
        pem(SELF_SIGNED).splitlines(),
        [SELF_SIGNED[start : start + 7] for start in range(0, len(SELF_SIGNED), 7)],
        ["MIIBxx", *pem(SELF_SIGNED).splitlines()],
    ],
)
def test_it_comes_whole_or_in_pieces(play: Playbook, pieces: list[str]) -> None:
    for piece in pieces:
        play.tell("alice", add(piece), Done)
    assert certificates(play, "alice") == [FINGERPRINT]
    (kept,) = (x for x in play.disk.kept if isinstance(x, rec.UserCertificate))
    assert (kept.user, kept.fingerprint, kept.der) == ("alice", FINGERPRINT, SELF_SIGNED)
    check_invariants(play.chat)
    check_against_store(play.chat)


def test_it_is_kept_before_anybody_may_connect_with_it(play: Playbook) -> None:
    effects = list(play.chat.request(play.sid("alice"), add(SELF_SIGNED), play.now))
    kinds = [type(effect).__name__ for effect in effects]
    assert kinds == ["Save", "Trust", "Reply"]
    (trust,) = (effect for effect in effects if isinstance(effect, Trust))
    assert trust.der == SELF_SIGNED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no base64!", "bad-certificate"),
        ("QUJD", "bad-certificate"),
        ("M" * 5000, "too-long"),
        ("MIIgAA==", "too-long"),
        (SELF_SIGNED + "AAAA", "bad-certificate"),
        (ISSUED, "bad-certificate"),
    ],
)
def test_what_is_no_certificate_is_refused_and_forgotten(play: Playbook, text: str, code: str) -> None:
    assert play.refusal("alice", add(text)) == code
    assert certificates(play, "alice") == []
    play.tell("alice", add(SELF_SIGNED), Done)
    assert certificates(play, "alice") == [FINGERPRINT]


def test_guests_have_none(play: Playbook) -> None:
    play.enter("guest")
    for request in (add(SELF_SIGNED), ManageCertificates(), ManageCertificates("remove", FINGERPRINT)):
        assert play.refusal("guest", request) == "not-registered"


def test_the_number_of_them_is_bounded() -> None:
    play = Playbook(max_certificates=1, max_all_certificates=2)
    play.register("alice", "bob", "carol")
    play.tell("alice", add(SELF_SIGNED), Done)
    play.tell("alice", add(SELF_SIGNED), Done)  # the same
    other = SELF_SIGNED[:-3] + "C+D"
    assert play.refusal("alice", add(other)) == "too-many-certificates"
    play.tell("bob", add(SELF_SIGNED), Done)
    assert play.refusal("carol", add(SELF_SIGNED)) == "too-many-certificates"


@pytest.mark.parametrize("text", [FINGERPRINT, FINGERPRINT[:8].upper(), "7c:5b:e5:b7:fc"])
def test_it_is_removed_by_the_beginning_of_its_fingerprint(play: Playbook, text: str) -> None:
    play.tell("alice", add(SELF_SIGNED), Done)
    for wrong in ("", FINGERPRINT[:7], "0" * 64, "zzzzzzzz"):
        assert play.refusal("alice", ManageCertificates("remove", wrong)) == "bad-certificate"
    play.tell("alice", ManageCertificates("remove", text), Done)
    assert certificates(play, "alice") == []
    assert codes(by_certificate(play, "alice")) == ["wrong-password", "registered"]


def test_it_leads_into_the_account_of_the_name(play: Playbook) -> None:
    play.tell("alice", add(SELF_SIGNED), Done)
    assert logged_in(by_certificate(play, "Alice")) == ["alice"]
    told = by_certificate(play, "other", "alice")
    assert [event.account for event in told if isinstance(event, Authenticated)] == ["alice"]
    assert logged_in(told) == ["other"]


def test_somebody_elses_certificate_leads_nowhere(play: Playbook) -> None:
    play.tell("mallory", add(SELF_SIGNED), Done)  # it is public: anybody may have seen it
    told = by_certificate(play, "guest")
    assert codes(told) == ["wrong-password"] and not any(isinstance(event, Authenticated) for event in told)
    assert codes(by_certificate(play, "alice"))[0] == "wrong-password"
    assert codes(by_certificate(play, "alice", "mallory", "0" * 64))[0] == "wrong-password"
    assert codes(by_certificate(play, "alice", "mallory", ""))[0] == "wrong-password"


def test_two_accounts_may_have_the_same(play: Playbook) -> None:
    for who in ("alice", "mallory"):
        play.tell(who, add(SELF_SIGNED), Done)
    assert logged_in(by_certificate(play, "alice")) == ["alice"]
    assert logged_in(by_certificate(play, "mallory")) == ["mallory"]


def test_after_the_login_it_is_the_account_of_the_users_name(play: Playbook) -> None:
    play.tell("alice", add(SELF_SIGNED), Done)
    play.enter("guest")
    assert play.refusal("guest", AuthenticateByCertificate("", FINGERPRINT)) == "wrong-password"
    told = play.tell("guest", AuthenticateByCertificate("alice", FINGERPRINT), Authenticated)
    assert (told.account, told.name) == ("alice", "guest")


def test_an_account_that_is_given_up_has_none(play: Playbook) -> None:
    play.tell("alice", add(SELF_SIGNED), Done)
    play.tell("alice", Unregister("secret"), Done)
    assert codes(by_certificate(play, "x", "alice"))[0] == "wrong-password"
    assert play.chat.context.fetch(server_queries.CertificateCount()) == [0]


def test_a_new_password_by_an_operator_takes_them_away() -> None:
    play = play_with_root()
    play.register("alice")
    play.tell("alice", add(SELF_SIGNED), Done)
    login(play, "root")
    play.tell("root", ResetPassword("alice", "another one"), Done)
    assert certificates(play, "alice") == []


def test_a_server_that_trusts_issuers_takes_what_they_have_issued() -> None:
    play = Playbook(tls_client_ca="ca.pem")
    play.register("alice")
    play.tell("alice", add(ISSUED), Done)


def test_whoever_logs_in_is_told_so_as_with_a_password(play: Playbook) -> None:
    play.tell("alice", add(SELF_SIGNED), Done)
    (told,) = (event for event in by_certificate(play, "alice") if isinstance(event, LoggedIn))
    assert told.registered
