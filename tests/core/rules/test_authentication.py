"""Who a user is beside the name, and what a password that was checked proves."""

from __future__ import annotations

import pytest

from evchat.core.rules import authentication
from evchat.protocol.authentication import (
    Authenticate,
)
from evchat.protocol.login import (
    LoggedIn,
    Login,
)
from evchat.protocol.server_bans import ServerBan
from tests.core.playbook import (
    Playbook,
)


def test_the_same_address_has_the_same_cloak_which_does_not_tell_it() -> None:
    one = authentication.cloak(b"secret", "192.0.2.1")
    assert one == authentication.cloak(b"secret", "192.0.2.1")
    assert (
        len({one, authentication.cloak(b"secret", "192.0.2.2"), authentication.cloak(b"other", "192.0.2.1")})
        == 3
    )
    letters = one.removesuffix(".cloak")
    assert one != letters and letters.isascii() and letters.isalnum()
    assert one == one.lower() and "192" not in one


def test_the_secret_of_the_cloaks_is_kept() -> None:
    play = Playbook()
    again = Playbook(disk=play.disk)
    assert play.chat.state.cloak_secret and play.chat.state.cloak_secret == again.chat.state.cloak_secret


def test_who_is_banned_by_account_is_not_let_into_it_after_the_login() -> None:
    play = Playbook()
    play.register("alice")
    play.leave("alice")
    play.chat.state.server_bans["a:alice"] = ServerBan("a:alice", "root", play.now, 0, "")
    play.enter("guest")
    assert play.refusal("guest", Authenticate("alice", "secret")) == "banished"
    assert play.chat.state.users["guest"].who.account == "" and not play.chat.state.users["guest"].proved


@pytest.mark.parametrize(
    "name", ["", " ", "-x", "a b", "*", "#main", "Server", "a" * 33, "é", "x\0", "a\nb", "a,b"]
)
def test_a_name_that_is_not_legal_is_refused(name: str) -> None:
    play = Playbook()
    play.connect("x")
    assert play.refusal("x", Login(name, id="1")) == "bad-name"


def test_a_name_of_other_letters_is_legal_where_the_owner_allows_it() -> None:
    play = Playbook(unicode_names=True)
    play.connect("x")
    assert play.tell("x", Login("Zoë"), LoggedIn).name == "Zoë"
