"""Passwords and the secrets that are kept of them."""

from __future__ import annotations

import pytest

from evchat.core.rules import passwords
from evchat.core.rules.passwords import (
    NOBODYS,
    SALT_BYTES,
    check,
    is_outdated,
    is_secret,
    make_account_secret,
    make_secret,
    matches,
    nobodys,
    verifier,
)

SALT = bytes(range(SALT_BYTES))


@pytest.mark.parametrize("password", ["secret", "пароль", "🦆", "\ud800", "a\0b", "x" * 10_000])
def test_the_right_password_matches_and_another_does_not(password: str) -> None:
    secret = make_secret(password, SALT)
    assert matches(password, secret)
    assert not matches(password + "x", secret)


@pytest.fixture
def scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where argon2-cffi is not installed."""
    monkeypatch.setattr(passwords, "HAS_ARGON2", False)


@pytest.mark.skipif(not passwords.HAS_ARGON2, reason="argon2-cffi is not installed")
def test_with_argon2_a_secret_is_a_phc_string_and_those_of_scrypt_are_replaced_at_the_next_login(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    salts = bytes(range(2 * SALT_BYTES))
    with monkeypatch.context() as without:
        without.setattr(passwords, "HAS_ARGON2", False)
        old = make_account_secret("secret", salts)
        assert check("secret", old, salts) == old and not is_outdated(old)
    new = check("secret", old, salts)
    assert new.startswith("$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$")
    assert matches("secret", new) and not matches("Secret", new) and verifier(new)
    assert check("secret", new, salts) == new and check("Secret", old, salts) == ""
    assert is_secret(new.partition(" ")[0])
    monkeypatch.setattr(passwords, "HAS_ARGON2", False)
    assert not matches("secret", new) and not is_secret(new.partition(" ")[0]), "nobody can tell"


@pytest.mark.skipif(not passwords.HAS_ARGON2, reason="argon2-cffi is not installed")
@pytest.mark.parametrize(
    "secret",
    [
        "$argon2id$v=19$m=99999999,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$wf2/c/vlFte6hIN2Uyogmn1x",
        "$argon2id$v=19$m=262145,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$wf2/c/vlFte6hIN2Uyogmn1x",
        "$argon2id$v=19$m=8,t=65,p=1$AAECAwQFBgcICQoLDA0ODw$wf2/c/vlFte6hIN2Uyogmn1x",
        "$argon2id$v=19$m=8,t=1,p=9$AAECAwQFBgcICQoLDA0ODw$wf2/c/vlFte6hIN2Uyogmn1x",
        "$argon2i$v=19$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$wf2/c/vlFte6hIN2Uyogmn1x",
        "$argon2id$", "$2b$12$abc", "$",
    ],
)  # fmt: skip
def test_a_phc_string_of_another_kind_or_too_high_a_cost_matches_nothing(secret: str) -> None:
    assert not matches("secret", secret)


def test_nobodys_secret_takes_as_long_as_anothers() -> None:
    one = make_secret("secret", SALT)
    assert nobodys(one).rpartition("$")[0] == one.rpartition("$")[0] or one.startswith("scrypt")
    assert not matches("secret", nobodys(one)) and nobodys("") == NOBODYS


def test_a_secret_shows_its_cost_and_salt_but_not_the_password(scrypt: None) -> None:
    assert make_secret("secret", SALT).startswith("scrypt$14$8$1$AAECAwQFBgcICQoLDA0ODw==$")
    assert make_secret("secret", SALT) != make_secret("secret", bytes(SALT_BYTES))


def test_a_secret_of_another_cost_still_works() -> None:
    # RFC 7914, section 12: the second test vector.
    key = "/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA=="
    assert not matches("password", f"scrypt$10$8$16$TmFDbA==${key}"), "64 bytes, of which 32 are kept"
    kept = "/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI="
    assert matches("password", f"scrypt$10$8$16$TmFDbA==${kept}")
    assert not matches("passwort", f"scrypt$10$8$16$TmFDbA==${kept}")


@pytest.mark.parametrize(
    "secret", ["", "secret", "bcrypt$14$8$1$AA==$AA==", "scrypt$x$8$1$AA==$AA==", "scrypt$60$8$1$AA==$AA==",
               "scrypt$4$8$1$é$AA==", "scrypt$4$8$1$AA==$", "scrypt$-1$8$1$AA==$AA=="]
)  # fmt: skip
def test_a_secret_of_an_unknown_form_matches_nothing(secret: str) -> None:
    assert not matches("", secret)
    assert not matches("secret", secret)
