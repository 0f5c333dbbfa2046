"""Tries at passwords: who was let in before from the same address is let in, whoever else guesses there."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.core.rules import password_tries
from evchat.protocol.login import LoggedIn, Login
from evchat.protocol.operators import Oper, OperGranted
from tests.cheap_passwords import cheap_secret
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


def test_where_a_password_was_right_is_known_after_the_next_start_too() -> None:
    play = Playbook(operators=(("Root", cheap_secret("secret")),))
    play.register("alice")
    play.tell("alice", Oper("Root", "secret"), OperGranted)
    places = [x for x in play.disk.kept if isinstance(x, rec.ProvenPlace)]
    assert [x.key for x in places] == ["alice", "the operator Root"]
    assert not any("192.0.2.1" in x.place for x in places), "the address itself is not kept"
    after = Playbook(disk=play.disk, operators=(("Root", cheap_secret("secret")),))
    for address, code in (("192.0.2.1", ""), ("198.51.100.1", "too-many-tries")):
        after.connect("thief", address)
        for _ in range(3):
            assert after.refusal("thief", Login("alice", "guess")) == "wrong-password"
        after.connect("owner", address)
        if code:
            assert after.refusal("owner", Login("alice", "secret")) == code
        else:
            after.tell("owner", Login("alice", "secret"), LoggedIn)
            for _ in range(3):
                after.ask("owner", Oper("Root", "guess"))
            after.tell("owner", Oper("Root", "secret"), OperGranted)


def test_what_has_to_be_hashed_to_be_known_again_may_be_tried_ten_times_more() -> None:
    play = Playbook()
    play.register("alice")
    after = Playbook(disk=play.disk)
    after.connect("thief")
    codes = [after.refusal("thief", Login("alice", "guess")) for _ in range(20)]
    assert codes == ["wrong-password"] * 13 + ["too-many-tries"] * 7
