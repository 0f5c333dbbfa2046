"""Whom a ban from the server means."""

from __future__ import annotations

import pytest

from evchat.core.errors import Refused
from evchat.core.rules.server_bans import canonical, meant
from evchat.core.state import User
from evchat.protocol.base import Identity
from evchat.protocol.server_bans import BanFromServer
from tests.core.operators import login, play_with_root


def test_a_login_is_held_against_all_of_a_thousand_bans() -> None:
    play = play_with_root(max_banished=1000, password_tries=10)
    for number in range(1000):
        play.ask("root", BanFromServer(f"10.{number // 250}.{number % 250}.0/24"))
    assert login(play, "bob", "10.3.7.9") == "banished"
    assert login(play, "bob", "10.9.0.1") == ""


USER = User("Bob", "bob", 0)
USER.who = Identity("~bob", "abc.cloak", "", "")


@pytest.mark.parametrize(
    ("whom", "account", "address", "expected"),
    [
        ("BOB", "", "192.0.2.1", True),
        ("alice", "alice", "192.0.2.1", True),
        ("alice", "", "192.0.2.1", False),
        ("a:al*", "alice", "192.0.2.1", True),
        ("a:al*", "", "192.0.2.1", False),
        ("*!~bob@*", "", "192.0.2.1", True),
        ("*!*@192.0.2.*", "", "192.0.2.1", True),
        ("192.0.2.0/24", "", "192.0.2.1", True),
        ("192.0.2.0/24", "", "192.0.3.1", False),
        ("2001:db8::/32", "", "2001:db8::1", True),
        ("2001:db8::/32", "", "192.0.2.1", False),
    ],
)
def test_a_ban_means_names_accounts_masks_and_addresses(
    whom: str, account: str, address: str, expected: bool
) -> None:
    _, key = canonical(whom, 200)
    assert meant(key, USER, account, address) is expected


@pytest.mark.parametrize("whom", ["10.0.0.0/7", "2000::/15", "0.0.0.0/0"])
def test_a_slip_does_not_ban_half_the_world(whom: str) -> None:
    with pytest.raises(Refused) as problem:
        canonical(whom, 200)
    assert problem.value.code == "not-allowed"
