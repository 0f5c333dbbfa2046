"""Operators of the server: how one becomes one, what they may do, and that all of it is written down."""

from __future__ import annotations

from typing import Any

import pytest

from evchat.core import records as rec
from evchat.core.effects import Broadcast, Log
from evchat.protocol.base import Request
from evchat.protocol.basics import Done, Failed, HungUp
from evchat.protocol.channels import Join, Part, Topic, TopicChanged
from evchat.protocol.login import ChangeNick, Disconnected, LoggedIn, Login
from evchat.protocol.membership import Invite, InviteTold, Kick, Kicked
from evchat.protocol.modes import Ban, Change, ChannelMode, GrantRole, ModesChanged
from evchat.protocol.operators import AuditListed, Kill, ListAudit, Oper, OperGranted, Walloped, Wallops
from evchat.protocol.server_bans import BanFromServer, ListServerBans, ServerBansListed, UnbanFromServer
from tests.core.playbook import (
    Playbook,
    cheap_secret,
    check_against_store,
    check_invariants,
    kinds,
    settings,
    snapshot,
)

SECRET = cheap_secret("secret")


def play_with_root(*people: str, **rules: Any) -> Playbook:
    """Root is an operator of the server, and the people are there. Nobody has heard anything."""
    play = Playbook(operators=(("Root", SECRET),), **rules)
    play.enter("root", *people)
    play.tell("root", Oper("Root", "secret"), OperGranted)
    play.forget()
    play.logged.clear()
    return play


def acts(play: Playbook) -> list[tuple[str, str, str, str]]:
    """What was written down since it began, but who became an operator."""
    kept = [record for record in play.disk.kept if isinstance(record, rec.AuditRecord)]
    found = [(x.by, x.act, x.target, x.detail) for x in kept if x.act != "oper"]
    told = [facts for event, facts in play.logged if event == "operator"]
    assert [(x["by"], x["act"], x["target"], x["detail"]) for x in told] == found, "the log says the same"
    return found


# ---- becoming one ---------------------------------------------------------------------------------------------


def test_the_password_makes_an_operator() -> None:
    play = Playbook(operators=(("Root", SECRET),))
    play.enter("alice")
    assert play.ask("alice", Oper("Root", "secret", id="1")) == [OperGranted(play.now, "1", "Root")]
    user = play.chat.state.users["alice"]
    assert user.operator == "Root" and play.chat.state.operators == {user}
    assert [x for x in play.disk.kept if isinstance(x, rec.AuditRecord)] == [
        rec.AuditRecord(play.now, "Root", "oper", "alice", "192.0.2.1")
    ]
    play.leave("alice")
    assert play.chat.state.operators == set()


@pytest.mark.parametrize("name", ["Root", "root", "nobody", ""])
def test_three_wrong_passwords_whatever_the_name_and_an_address_waits(name: str) -> None:
    play = Playbook(operators=(("Root", SECRET),))
    play.enter("alice")
    for _ in range(3):
        play.ask("alice", Oper(name, "guess", id="1"))
        (failed,) = play.hears("alice")
        assert isinstance(failed, Failed) and (failed.code, failed.reply_to) == ("wrong-password", "1")
    assert play.refusal("alice", Oper("Root", "secret")) == "too-many-tries"
    assert [event for event, _ in play.logged] == ["wrong password of an operator"] * 3
    assert not play.chat.state.operators
    play.now += 60_000
    play.ask("alice", Oper("Root", "secret"))
    assert kinds(play.hears("alice")[-1:]) == [OperGranted]


def test_tries_at_the_same_time_count_as_well() -> None:
    play = Playbook(deferred=True, operators=(("Root", SECRET),))
    play.enter("a", "b", "c", "d")
    for who in ("a", "b", "c"):
        play.ask(who, Oper("Root", "guess"))
    play.ask("d", Oper("Root", "secret"))
    play.hash_all()
    (failed,) = play.hears("d")
    assert isinstance(failed, Failed) and failed.code == "too-many-tries"


def test_who_is_no_longer_in_the_settings_is_no_operator_any_more() -> None:
    play = play_with_root("alice")
    user = play.chat.state.users["root"]
    assert play.chat.set_config(settings(play.chat.context.config, recent_messages=1), play.now) == []
    told, logged = play.chat.set_config(settings(play.chat.context.config, operators=()), play.now)
    assert isinstance(told, Broadcast) and told.to == user.audience
    assert logged == Log("operator dismissed", (("name", "root"),))
    assert user.operator == "" and play.chat.state.operators == set(), "nor sees more than others"
    assert play.refusal("root", Kill("alice")) == "not-allowed"
    assert play.refusal("root", ListAudit()) == "not-allowed"


@pytest.mark.parametrize(
    "request_",
    [Kill("root"), Wallops("x"), BanFromServer("x"), UnbanFromServer("x"), ListServerBans(), ListAudit()],
    ids=lambda request: type(request).__name__,
)
def test_others_may_do_none_of_it(request_: Request) -> None:
    play = play_with_root("alice")
    before = snapshot(play.chat)
    assert play.refusal("alice", request_) == "not-allowed"
    assert snapshot(play.chat) == before


# ---- what they do ---------------------------------------------------------------------------------------------


def test_who_is_killed_is_hung_up_on_and_the_others_hear_by_whom() -> None:
    play = play_with_root("alice", "bob")
    play.ask("root", Kill("Bob", "spam", id="1"))
    reason = "Killed by root: spam"
    assert play.hears("root") == [Done(play.now, "1", "bob is put out of the server.")]
    assert play.hears("bob") == [HungUp(play.now, "killed", reason)]
    assert play.hung_up == {play.sid("bob"): reason}
    play.leave("bob", reason)
    assert play.hears("alice") == [Disconnected(play.now, "bob", reason, ("#main",))]
    assert acts(play) == [("Root", "kill", "bob", "spam")]


def test_all_sessions_of_a_user_are_killed() -> None:
    play = play_with_root()
    play.register("alice")
    play.again("phone", "alice")
    play.ask("root", Kill("alice"))
    assert play.hung_up.keys() == {play.sid("alice"), play.sid("phone")}
    assert play.refusal("root", Kill("nobody")) == "no-such-user"
    assert play.refusal("root", Kill("alice", "x" * 500)) == "too-long"


def test_wallops_reach_the_operators_and_who_wants_to_hear_them() -> None:
    play = play_with_root("alice", "bob")
    play.chat.state.users["bob"].wallops = True
    play.ask("root", Wallops("Restart\nat noon"))
    told = Walloped(play.now, "root", "Restart at noon")
    assert play.hears("bob") == [told]
    assert play.hears("alice") == []
    assert play.hears("root") == [Done(play.now, None), told]
    assert play.refusal("root", Wallops(" ")) == "empty"
    assert acts(play) == [("Root", "wallops", "", "Restart at noon")]


def test_an_operator_acts_in_any_channel_and_that_is_written_down() -> None:
    play = play_with_root("alice", "bob")
    for who in ("alice", "bob"):
        play.ask(who, Join(("#tea",)))
    play.ask("alice", ChannelMode("+s", "#tea"))
    play.forget()
    play.ask("root", ChannelMode("+tk sesame", "#tea"))
    play.ask("root", Topic("tea", "#tea"))
    play.ask("root", GrantRole("bob", to="#tea"))
    play.ask("root", Kick("alice", "why", "#tea"))
    play.ask("root", Ban("alice", to="#tea"))
    play.ask("root", Invite("root", "#tea"))
    assert kinds(play.hears("bob")) == [
        ModesChanged, TopicChanged, ModesChanged, Kicked, ModesChanged, InviteTold,
    ]  # fmt: skip
    assert acts(play) == [
        ("Root", "mode", "#tea", "+tk *"),
        ("Root", "topic", "#tea", "tea"),
        ("Root", "mode", "#tea", "+o bob"),
        ("Root", "kick", "#tea", "alice why"),
        ("Root", "mode", "#tea", "+b alice!*@*"),
        ("Root", "invite", "#tea", "root"),
    ]
    check_invariants(play.chat)


def test_where_an_operator_of_the_server_keeps_order_anyway_nothing_is_written_down() -> None:
    play = play_with_root()
    play.ask("root", Join(("#tea",)))
    play.ask("root", ChannelMode("+t", "#tea"))
    play.ask("root", Topic("tea", "#tea"))
    play.ask("root", Ban("bob", to="#tea"))
    assert acts(play) == []


def test_main_gets_its_operators_from_the_operators_of_the_server() -> None:
    play = play_with_root("alice")
    play.ask("root", GrantRole("alice", to="#main"))
    assert play.hears("alice") == [ModesChanged(play.now, "#main", "root", (Change(True, "o", "alice"),))]


def test_the_acts_are_listed_the_latest_last() -> None:
    play = play_with_root("alice")
    for text in ("one", "two", "three"):
        play.ask("root", Wallops(text))
    told = play.tell("root", ListAudit(2, id="1"), AuditListed)
    assert told.reply_to == "1"
    assert [(act.by, act.act, act.detail) for act in told.acts] == [
        ("Root", "wallops", "two"),
        ("Root", "wallops", "three"),
    ]
    assert len(play.tell("root", ListAudit(), AuditListed).acts) == 4


def test_a_full_disk_does_not_keep_operators_from_acting() -> None:
    play = play_with_root("alice")
    play.decide("root", Kill("alice"))
    play.commit(fails=True)
    assert play.hung_up.keys() == {play.sid("alice")}


# ---- bans from the server -------------------------------------------------------------------------------------


def login(play: Playbook, name: str, address: str = "198.51.100.7", password: str | None = None) -> str:
    """The code with which a login is refused; "" if it is not."""
    who = f"{name} {len(play.heard)}"
    play.connect(who, address)
    play.ask(who, Login(name, password))
    codes = [event.code for event in play.heard[play.sid(who)] if isinstance(event, Failed)]
    return codes[0] if codes else ""


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


def test_a_login_is_held_against_all_of_a_thousand_bans() -> None:
    play = play_with_root(max_banished=1000, password_tries=10)
    for number in range(1000):
        play.ask("root", BanFromServer(f"10.{number // 250}.{number % 250}.0/24"))
    assert login(play, "bob", "10.3.7.9") == "banished"
    assert login(play, "bob", "10.9.0.1") == ""


def test_a_channel_that_everybody_has_left_takes_no_modes() -> None:
    play = play_with_root("alice")
    play.ask("alice", Join(("#tea",)))
    play.ask("alice", Topic("Tea", "#tea"))
    play.ask("alice", Part(("#tea",)))
    play.forget()
    assert play.refusal("root", ChannelMode("+is", "#tea")) == "no-such-channel"
    assert play.refusal("root", Ban("*", True, "#tea")) == "no-such-channel"
    assert play.refusal("root", ChannelMode(None, "#tea")) == "no-such-channel"
    check_invariants(play.chat)
