"""Passwords and the secrets that are kept of them."""

from __future__ import annotations

import pytest

from evchat.core.rules.passwords import SALT_BYTES, make_secret, matches

SALT = bytes(range(SALT_BYTES))


@pytest.mark.parametrize("password", ["secret", "пароль", "🦆", "\ud800", "a\0b", "x" * 10_000])
def test_the_right_password_matches_and_another_does_not(password: str) -> None:
    secret = make_secret(password, SALT)
    assert matches(password, secret)
    assert not matches(password + "x", secret)


def test_a_secret_shows_its_cost_and_salt_but_not_the_password() -> None:
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
