"""The law that a store which can't be read changes nothing: whichever read fails, whoever asks for whatever.

Every request there is, as everybody, and every part of a login: the n-th question to the store is not answered.
"""

from __future__ import annotations

from typing import Any

import pytest

from evchat.core.query import Query
from evchat.core.store import StoreError
from evchat.protocol.authentication import Authenticate, Pass, Register, Scram
from evchat.protocol.base import Request
from evchat.protocol.basics import Failed, Hello
from evchat.protocol.login import ChangeNick, Introduce, LoggedIn, Login
from evchat.protocol.messages import SendMessage
from tests.cheap_passwords import cheap_secret
from tests.core.playbook import BEGIN, EXPECTS, Disk, Playbook, check_invariants, snapshot
from tests.core.test_authority import EXPECTED, ROLES, world


class Unreadable(Disk):
    """A disk of which one read fails: the one with the number `fails`, counted from `reads`."""

    reads = 0
    fails = 0

    def fetch(self, query: Query[Any]) -> list[Any]:
        self.reads += 1
        if self.reads == self.fails:
            raise StoreError("The disk can't be read.")
        return super().fetch(query)


def decided(play: Playbook, who: str, request: Request, fails: int) -> int:
    """Decides a request whose read number `fails` fails; returns how many reads it asked for until then."""
    disk = play.disk
    assert isinstance(disk, Unreadable)
    disk.reads, disk.fails = 0, fails
    before = without_caches(play)
    effects = play.decide(who, request)
    made, disk.fails = disk.reads, 0
    if made == fails:
        (failed,) = [effect.event for effect in effects]  # type: ignore[union-attr]
        assert isinstance(failed, Failed) and failed.code == "storage", failed
        assert without_caches(play) == before
    return made


def without_caches(play: Playbook) -> dict[str, Any]:
    """What the core knows, but what it has read and may forget, and how often passwords were guessed."""
    return {key: value for key, value in snapshot(play.chat).items() if key not in ("heads", "wrong")}


@pytest.mark.parametrize(("request_", "outcomes"), EXPECTED, ids=repr)
def test_a_read_that_fails_changes_nothing(request_: Request, outcomes: object) -> None:
    for who in ROLES:
        fails = 1
        while decided(world("", Unreadable()), who, request_, fails) == fails:
            fails += 1


# ---- logins in parts ------------------------------------------------------------------------------------------

USER = Introduce("~al", "Alice A.")
HOLD, LET_GO = Introduce(hold=True, expects=EXPECTS), Introduce(hold=False)
CAROL, BOB = ChangeNick("carol"), ChangeNick("bob")
LOGINS: dict[str, tuple[Request, ...]] = {
    "name last": (HOLD, USER, LET_GO, CAROL),
    "name first": (BEGIN, CAROL, USER),
    "held": (HOLD, CAROL, USER, LET_GO),
    "registered": (HOLD, CAROL, Register("secret"), USER, LET_GO),
    "password": (BEGIN, Pass("secret"), USER, BOB),
    "account and password": (BEGIN, Pass("bob:secret"), USER, ChangeNick("robert")),
    "authenticated": (HOLD, Authenticate("bob", "secret"), USER, BOB, LET_GO),
    "scram": (HOLD, Scram(1, "n,,n=bob,r=x"), Scram(2, "c=biws,r=x,p=AAAA"), USER, CAROL, LET_GO),
    "plain": (Hello(), Login("bob", "secret")),
    "plain guest": (Login("carol"),),
}
HASHING = ("registered", "password", "account and password", "authenticated", "plain")
PASSWORDS = {"none": "", "plain": "letmein", "hashed": cheap_secret("letmein")}
"""Of the server itself."""


def with_an_inbox(password: str = "") -> Playbook:
    """alice has written to carol and bob, who are not online; bob's name is registered. `x` is there."""
    play = Playbook(disk=Unreadable())
    play.register("bob")
    play.enter("alice", "carol")
    play.leave("bob")
    play.leave("carol")
    for name in ("bob", "carol"):
        play.ask("alice", SendMessage("psst", to=name))
    play.configure(password=password)
    play.connect("x")
    return play


def log_in(parts: tuple[Request, ...], part: int, fails: int, password: str = "") -> tuple[int, Playbook]:
    """A login of which a read fails in one part; that part is said again, and so are those behind it."""
    play = with_an_inbox(password)
    for request in parts[:part]:
        play.ask("x", request)
    play.forget()
    made = decided(play, "x", parts[part], fails)
    play.commit()
    if made == fails:
        play.ask("x", parts[part])
    for request in parts[part + 1 :]:
        play.ask("x", request)
    check_invariants(play.chat)
    return made, play


@pytest.mark.parametrize("how", LOGINS)
def test_a_login_is_not_left_half_done_by_a_read_that_fails(how: str) -> None:
    parts = LOGINS[how]
    for part in range(len(parts)):
        fails, going_on = 1, True
        while going_on:
            made, play = log_in(parts, part, fails)
            assert len([x for x in play.hears("x") if isinstance(x, LoggedIn)]) == 1, (part, fails)
            going_on = made == fails
            fails += 1


@pytest.mark.parametrize("password", PASSWORDS.values(), ids=PASSWORDS)
def test_nor_where_the_server_has_a_password(password: str) -> None:
    parts = (BEGIN, Pass("letmein"), USER, CAROL) if password else (BEGIN, USER, CAROL)
    fails, going_on = 1, True
    while going_on:
        made, play = log_in(parts, len(parts) - 1, fails, password)
        assert len([x for x in play.hears("x") if isinstance(x, LoggedIn)]) == 1, fails
        going_on = made == fails
        fails += 1


def hashed(parts: tuple[Request, ...], fails: int, password: str = "") -> bool:
    """Whether read number `fails` failed when the worker was done; if so, nothing has changed."""
    play = with_an_inbox(password)
    disk = play.disk
    assert isinstance(disk, Unreadable)
    play.deferred = True
    for request in parts:
        play.ask("x", request)
        if play.hashes:
            break
    assert play.hashes
    before = without_caches(play)
    before["sessions"][play.sid("x")]["pending"] = None  # whatever comes of it, the worker is done
    disk.reads, disk.fails = 0, fails
    play.forget()
    play.decide_hashes()
    failed, disk.fails = disk.reads == fails, 0
    play.commit()
    if failed:
        (told,) = play.hears("x")
        assert isinstance(told, Failed) and told.code == "storage"
        assert without_caches(play) == before
    check_invariants(play.chat)
    return failed


@pytest.mark.parametrize("how", HASHING)
def test_nor_by_one_that_fails_after_the_password_was_hashed(how: str) -> None:
    fails = 1
    while hashed(LOGINS[how], fails):
        fails += 1
    assert fails > 1


def test_nor_after_the_servers_password_was_hashed() -> None:
    parts, fails = (BEGIN, Pass("letmein"), USER, CAROL), 1
    while hashed(parts, fails, PASSWORDS["hashed"]):
        fails += 1
    assert fails > 1
