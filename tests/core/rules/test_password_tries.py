"""Tries at passwords: who was let in before from the same address is let in, whoever else guesses there."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.core.rules import password_tries
from evchat.protocol.login import LoggedIn, Login
from tests.core.playbook import Playbook


@pytest.mark.parametrize("where", ["registered", "logged in"])
def test_the_right_password_is_let_in_where_it_was_right_before_and_is_not_hashed(where: str) -> None:
    play = Playbook()
    play.register("alice")
    address = "192.0.2.1" if where == "registered" else "192.0.2.9"
    play.connect("first", address)
    play.tell("first", Login("alice", "secret"), LoggedIn)
    for n in range(50):
        play.connect(f"thief{n}", address)
        play.ask(f"thief{n}", Login("alice", f"guess {n}"))
    play.deferred = True
    play.connect("thief", address)
    assert play.refusal("thief", Login("alice", "guess")) == "too-many-tries"
    play.connect("owner", address)
    play.ask("owner", Login("alice", "secret"))
    (recognised,) = play.hashes
    assert recognised.work() == play.chat.context.fetch(rec.AccountOf("alice"))[0].secret
    play.hash_all()
    assert [x.name for x in play.hears("owner") if isinstance(x, LoggedIn)] == ["alice"]


def test_a_digest_means_one_name_one_password_and_what_is_kept_of_it() -> None:
    context = Playbook().chat.context
    digests = {
        password_tries.digest(context, key, secret, password)
        for key in ("alice", "bob")
        for secret in ("scrypt$1", "scrypt$2")
        for password in ("secret", "Secret", "\ud800")
    }
    assert len(digests) == 12
    assert password_tries.digest(context, "alice", "scrypt$1 verifier", "secret") in digests, (
        "a verifier is added later"
    )


def test_who_goes_while_a_password_is_checked_has_not_tried() -> None:
    play = Playbook()
    play.register("alice")
    play.deferred = True
    for n in range(9):
        play.connect(f"x{n}", "198.51.100.1")
        play.ask(f"x{n}", Login("alice", "guess"))
        assert len(play.hashes) == n + 1
        play.leave(f"x{n}")
