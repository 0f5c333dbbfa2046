"""Secrets that cost next to nothing. A secret's cost is part of the secret, so cheap ones are real ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from evchat.core.rules import passwords, scram


def make_passwords_cheap(scram_iterations: int = 1) -> None:
    """All secrets of this process are cheap from now on."""
    passwords._LOG2N, passwords._KIB, passwords._PASSES = 4, 8, 1
    scram._ITERATIONS = scram_iterations


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """Those that are made inside are cheap."""
    before = passwords._LOG2N, passwords._KIB, passwords._PASSES
    iterations = scram._ITERATIONS
    make_passwords_cheap()
    try:
        yield
    finally:
        passwords._LOG2N, passwords._KIB, passwords._PASSES = before
        scram._ITERATIONS = iterations


def cheap_secret(password: str) -> str:
    """A secret for the settings, such as an operator's."""
    with cheap_passwords():
        return passwords.make_secret(password, bytes(passwords.SALT_BYTES))
