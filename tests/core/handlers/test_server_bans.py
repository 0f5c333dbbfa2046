"""Bans from the server: set, listed, taken back, and what they do."""

from __future__ import annotations

import pytest

from evchat.protocol.base import Request
from evchat.protocol.basics import Done, HungUp
from evchat.protocol.login import ChangeNick, LoggedIn, Login
from evchat.protocol.server_bans import BanFromServer, ListServerBans, ServerBansListed, UnbanFromServer
from tests.core.operators import acts, login, play_with_root
from tests.core.playbook import (
    Playbook,
    check_against_store,
    snapshot,
)


@pytest.mark.parametrize(
    ("whom", "name", "address", "stays_out"),
    [
        ("Bob", "bob", "198.51.100.7", True),
        ("bob", "bobby", "198.51.100.7", False),
        ("198.51.100.7", "bob", "198.51.100.7", True),
        ("198.51.100.7", "bob", "198.51.100.8", False),
        ("198.51.100.0/24", "bob", "198.51.100.8", True),
        ("2001:db8::/48", "bob", "2001:db8:0:7::/64", True),
        ("2001:db8::1", "bob", "2001:db8::/64", True),
        ("2001:db8::/48", "bob", "198.51.100.7", False),
        ("*!*@198.51.*", "bob", "198.51.100.7", True),
        ("b*!*@*", "bob", "198.51.100.7", True),
        ("*!user@nowhere", "bob", "198.51.100.7", False),
        ("a:*", "bob", "198.51.100.7", False),
        ("198.51.100.7", "bob", "a socket", False),
    ],
)
def test_who_is_banned_from_the_server_does_not_come_in(
    whom: str, name: str, address: str, stays_out: bool
) -> None:
    play = play_with_root()
    play.tell("root", BanFromServer(whom, 0, "spam"), Done)
    assert login(play, name, address) == ("banished" if stays_out else "")


def test_an_account_is_banned_by_its_name() -> None:
    for whom in ("Alice", "a:alice", "a:a*"):
        play = play_with_root()
        play.register("alice")
        play.leave("alice")
        play.ask("root", BanFromServer(whom))
        assert login(play, "alice", password="secret") == "banished"


def test_another_name_does_not_lead_past_a_ban() -> None:
    play = play_with_root("alice")
    play.ask("root", BanFromServer("bob"))
    assert play.refusal("alice", ChangeNick("BOB")) == "banished"


def test_who_is_banned_is_told_why_and_is_put_out_at_once() -> None:
    play = play_with_root("alice", "bob")
    play.ask("root", BanFromServer("alice", 10, "spam"))
    reason = "You are banned from this server: spam."
    assert play.hears("alice") == [HungUp(play.now, "banished", reason)]
    assert play.hung_up == {play.sid("alice"): reason}
    assert play.hears("bob") == []
    assert acts(play) == [("Root", "banish", "alice", "10 min: spam")]
    check_against_store(play.chat)


def test_only_the_sessions_from_a_banned_address_are_put_out() -> None:
    play = play_with_root()
    play.register("alice")
    play.connect("phone", "198.51.100.7")
    play.tell("phone", Login("alice", "secret"), LoggedIn)
    play.ask("root", BanFromServer("198.51.100.0/24"))
    assert play.hung_up.keys() == {play.sid("phone")}


def test_a_ban_ends_by_itself() -> None:
    play = play_with_root()
    play.ask("root", BanFromServer("bob", 1))
    assert login(play, "bob") == "banished"
    play.now += 60_000
    assert login(play, "bob") == "", "also before anything has looked at the time"
    play.tick(0)
    assert play.chat.state.server_bans == {}
    check_against_store(play.chat)


def test_a_ban_is_taken_back() -> None:
    play = play_with_root()
    play.ask("root", BanFromServer("Bob"))
    play.tell("root", UnbanFromServer("BOB"), Done)
    assert login(play, "bob") == ""
    assert play.refusal("root", UnbanFromServer("bob")) == "not-banished"
    assert [act[1] for act in acts(play)] == ["banish", "pardon"]


def test_whoever_is_online_is_banned_under_any_name_and_pardoned_whole() -> None:
    play = play_with_root()
    play.connect("eve", "198.51.100.7")
    play.ask("eve", Login("eve"))
    play.ask("root", BanFromServer("carol"))
    play.ask("root", BanFromServer("EVE", 0, "spam"))
    assert login(play, "trent", "198.51.100.7") == "banished"
    assert len({ban.at for ban in play.chat.state.server_bans.values()}) == 2, "two acts of one moment"
    play.ask("root", UnbanFromServer("eve"))
    assert list(play.chat.state.server_bans) == ["carol"]
    assert login(play, "trent", "198.51.100.7") == ""
    check_against_store(play.chat)


def test_an_account_under_another_name_is_banned_with_it() -> None:
    play = play_with_root()
    play.register("alice")
    play.ask("alice", ChangeNick("lissy"))
    play.ask("root", BanFromServer("lissy"))
    assert set(play.chat.state.server_bans) >= {"lissy", "alice"}


def test_an_address_that_others_share_is_left_out() -> None:
    play = play_with_root()
    play.connect("bob", "198.51.100.7")
    play.ask("bob", Login("bob"))
    play.connect("dave", "198.51.100.7")
    play.ask("dave", Login("dave"))
    done = play.tell("root", BanFromServer("bob"), Done)
    assert done.text.endswith("Banned by name only, because others share the address of bob.")
    assert list(play.chat.state.server_bans) == ["bob"] and play.hung_up.keys() == {play.sid("bob")}


def test_bans_survive_the_server() -> None:
    play = play_with_root()
    play.ask("root", BanFromServer("192.0.2.99", 60, "spam"))
    play.ask("root", BanFromServer("bob"))
    play.ask("root", BanFromServer("carol"))
    play.ask("root", UnbanFromServer("carol"))
    bans = play.tell("root", ListServerBans(id="1"), ServerBansListed).bans
    assert [(ban.whom, ban.by, ban.until, ban.reason) for ban in bans] == [
        ("192.0.2.99", "root", play.now + 3_600_000, "spam"),
        ("bob", "root", 0, ""),
    ]
    after = Playbook(disk=play.disk)
    assert list(after.chat.state.server_bans.values()) == list(bans)
    assert login(after, "bob") == "banished"


@pytest.mark.parametrize("whom", ["root", "192.0.2.1", "192.0.2.0/24", "*", "*!*@192.*", "*!*@*"])
def test_nobody_bans_oneself(whom: str) -> None:
    play = play_with_root()
    assert play.refusal("root", BanFromServer(whom)) == "not-allowed"
    assert play.chat.state.server_bans == {}


@pytest.mark.parametrize(
    ("whom", "code"),
    [
        ("0.0.0.0/0", "not-allowed"), ("10.0.0.0/7", "not-allowed"), ("::/0", "not-allowed"),
        ("2000::/8", "not-allowed"),
        ("a b", "bad-value"), ("", "bad-value"), ("a:", "bad-value"), ("m:bob", "bad-value"), ("1.2.3", "bad-value"),
        ("*" + "x" * 300, "bad-value"), ("\ud800", "bad-value"),
    ],
)  # fmt: skip
def test_what_can_not_be_banned(whom: str, code: str) -> None:
    play = play_with_root()
    assert play.refusal("root", BanFromServer(whom)) == code


def test_there_are_so_many_bans_and_no_more() -> None:
    play = play_with_root(max_banished=1)
    play.ask("root", BanFromServer("bob"))
    assert play.refusal("root", BanFromServer("carol")) == "list-full"
    play.tell("root", BanFromServer("bob", 5, "again"), Done)
    check_against_store(play.chat)


@pytest.mark.parametrize(
    "request_", [BanFromServer("bob", 7), BanFromServer("carol"), UnbanFromServer("bob")]
)
def test_a_ban_that_could_not_be_kept_is_undone(request_: Request) -> None:
    play = play_with_root()
    play.ask("root", BanFromServer("bob"))
    before = snapshot(play.chat)
    play.decide("root", request_)
    play.commit(fails=True)
    assert snapshot(play.chat) == before
    check_against_store(play.chat)


def test_whoever_banishes_a_name_that_nobody_has_is_told_for_whom_it_holds() -> None:
    play = play_with_root()
    assert play.tell("root", BanFromServer("Nemo"), Done).text == (
        "Nemo is banned from the server. Nobody called Nemo is online; the ban applies to anyone with that name."
    )
    assert play.tell("root", BanFromServer("192.0.2.9"), Done).text == "192.0.2.9 is banned from the server."
