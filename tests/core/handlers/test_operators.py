"""Operators of the server: how one becomes one, what they may do, and that all of it is written down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evchat.core import records as rec
from evchat.core.effects import Broadcast, Log
from evchat.protocol import events as e
from evchat.protocol import requests as r
from evchat.protocol.modes import Change
from tests.core.playbook import (
    Playbook,
    cheap_secret,
    check_against_store,
    check_invariants,
    kinds,
    snapshot,
)

SECRET = cheap_secret("secret")


def play_with_root(*people: str, **rules: Any) -> Playbook:
    """root is an operator of the server, and the people are there. Nobody has heard anything."""
    play = Playbook(operators=(("Root", SECRET),), **rules)
    play.enter("root", *people)
    play.tell("root", r.Oper("Root", "secret"), e.OperatorMade)
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
    assert play.ask("alice", r.Oper("Root", "secret", id="1")) == [e.OperatorMade(play.now, "1", "Root")]
    user = play.chat.users["alice"]
    assert user.operator == "Root" and play.chat.operators == {user}
    assert [x for x in play.disk.kept if isinstance(x, rec.AuditRecord)] == [
        rec.AuditRecord(play.now, "Root", "oper", "alice", "192.0.2.1")
    ]
    play.leave("alice")
    assert play.chat.operators == set()


@pytest.mark.parametrize("name", ["Root", "root", "nobody", ""])
def test_three_wrong_passwords_whatever_the_name_and_an_address_waits(name: str) -> None:
    play = Playbook(operators=(("Root", SECRET),))
    play.enter("alice")
    for _ in range(3):
        play.ask("alice", r.Oper(name, "guess", id="1"))
        (failed,) = play.hears("alice")
        assert isinstance(failed, e.Failed) and (failed.code, failed.reply_to) == ("wrong-password", "1")
    assert play.refusal("alice", r.Oper("Root", "secret")) == "too-many-tries"
    assert [event for event, _ in play.logged] == ["wrong password of an operator"] * 3
    assert not play.chat.operators
    play.now += 60_000
    play.ask("alice", r.Oper("Root", "secret"))
    assert kinds(play.hears("alice")[-1:]) == [e.OperatorMade]


def test_tries_at_the_same_time_count_as_well() -> None:
    play = Playbook(deferred=True, operators=(("Root", SECRET),))
    play.enter("a", "b", "c", "d")
    for who in ("a", "b", "c"):
        play.ask(who, r.Oper("Root", "guess"))
    play.ask("d", r.Oper("Root", "secret"))
    play.hash_all()
    (failed,) = play.hears("d")
    assert isinstance(failed, e.Failed) and failed.code == "too-many-tries"


def test_who_is_no_longer_in_the_settings_is_no_operator_any_more() -> None:
    play = play_with_root("alice")
    user = play.chat.users["root"]
    assert play.chat.set_rules(replace(play.chat.rules, recent_messages=1), play.now) == []
    told, logged = play.chat.set_rules(replace(play.chat.rules, operators=()), play.now)
    assert isinstance(told, Broadcast) and told.to == user.audience
    assert logged == Log("operator dismissed", (("name", "root"),))
    assert user.operator == "" and play.chat.operators == set(), "nor sees more than others"
    assert play.refusal("root", r.Kill("alice")) == "not-allowed"
    assert play.refusal("root", r.Audit()) == "not-allowed"


@pytest.mark.parametrize(
    "request_",
    [r.Kill("root"), r.Wallops("x"), r.Banish("x"), r.Pardon("x"), r.Banished(), r.Audit()],
    ids=lambda request: type(request).__name__,
)
def test_others_may_do_none_of_it(request_: r.Request) -> None:
    play = play_with_root("alice")
    before = snapshot(play.chat)
    assert play.refusal("alice", request_) == "not-allowed"
    assert snapshot(play.chat) == before


# ---- what they do ---------------------------------------------------------------------------------------------


def test_who_is_killed_is_hung_up_on_and_the_others_hear_by_whom() -> None:
    play = play_with_root("alice", "bob")
    play.ask("root", r.Kill("Bob", "spam", id="1"))
    reason = "Killed by root: spam"
    assert play.hears("root") == [e.Done(play.now, "1", "bob is put out of the server.")]
    assert play.hears("bob") == [e.HungUp(play.now, "killed", reason)]
    assert play.hung_up == {play.sid("bob"): reason}
    play.leave("bob", reason)
    assert play.hears("alice") == [e.Disconnected(play.now, "bob", reason, ("#main",))]
    assert acts(play) == [("Root", "kill", "bob", "spam")]


def test_all_sessions_of_a_user_are_killed() -> None:
    play = play_with_root()
    play.register("alice")
    play.again("phone", "alice")
    play.ask("root", r.Kill("alice"))
    assert play.hung_up.keys() == {play.sid("alice"), play.sid("phone")}
    assert play.refusal("root", r.Kill("nobody")) == "no-such-user"
    assert play.refusal("root", r.Kill("alice", "x" * 500)) == "too-long"


def test_wallops_reach_the_operators_and_who_wants_to_hear_them() -> None:
    play = play_with_root("alice", "bob")
    play.chat.users["bob"].wallops = True
    play.ask("root", r.Wallops("Restart\nat noon"))
    told = e.Walloped(play.now, "root", "Restart at noon")
    assert play.hears("bob") == [told]
    assert play.hears("alice") == []
    assert play.hears("root") == [e.Done(play.now, None), told]
    assert play.refusal("root", r.Wallops(" ")) == "empty"
    assert acts(play) == [("Root", "wallops", "", "Restart at noon")]


def test_an_operator_acts_in_any_channel_and_that_is_written_down() -> None:
    play = play_with_root("alice", "bob")
    for who in ("alice", "bob"):
        play.ask(who, r.Join(("#tea",)))
    play.ask("alice", r.Mode("+s", "#tea"))
    play.forget()
    play.ask("root", r.Mode("+tk sesame", "#tea"))
    play.ask("root", r.Topic("tea", "#tea"))
    play.ask("root", r.Grant("bob", to="#tea"))
    play.ask("root", r.Kick("alice", "why", "#tea"))
    play.ask("root", r.Ban("alice", to="#tea"))
    play.ask("root", r.Invite("root", "#tea"))
    assert kinds(play.hears("bob")) == [
        e.ModesChanged, e.TopicChanged, e.ModesChanged, e.Kicked, e.ModesChanged, e.InviteTold,
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
    play.ask("root", r.Join(("#tea",)))
    play.ask("root", r.Mode("+t", "#tea"))
    play.ask("root", r.Topic("tea", "#tea"))
    play.ask("root", r.Ban("bob", to="#tea"))
    assert acts(play) == []


def test_main_gets_its_operators_from_the_operators_of_the_server() -> None:
    play = play_with_root("alice")
    play.ask("root", r.Grant("alice", to="#main"))
    assert play.hears("alice") == [e.ModesChanged(play.now, "#main", "root", (Change(True, "o", "alice"),))]


def test_the_acts_are_listed_the_latest_last() -> None:
    play = play_with_root("alice")
    for text in ("one", "two", "three"):
        play.ask("root", r.Wallops(text))
    told = play.tell("root", r.Audit(2, id="1"), e.ActsTold)
    assert told.reply_to == "1"
    assert [(act.by, act.act, act.detail) for act in told.acts] == [
        ("Root", "wallops", "two"),
        ("Root", "wallops", "three"),
    ]
    assert len(play.tell("root", r.Audit(), e.ActsTold).acts) == 4


def test_a_full_disk_does_not_keep_operators_from_acting() -> None:
    play = play_with_root("alice")
    play.decide("root", r.Kill("alice"))
    play.commit(fails=True)
    assert play.hung_up.keys() == {play.sid("alice")}


# ---- bans from the server -------------------------------------------------------------------------------------


def login(play: Playbook, name: str, address: str = "198.51.100.7", password: str | None = None) -> str:
    """The code with which a login is refused; "" if it is not."""
    who = f"{name} {len(play.heard)}"
    play.connect(who, address)
    play.ask(who, r.Login(name, password))
    codes = [event.code for event in play.heard[play.sid(who)] if isinstance(event, e.Failed)]
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
    play.tell("root", r.Banish(whom, 0, "spam"), e.Done)
    assert login(play, name, address) == ("banished" if stays_out else "")


def test_an_account_is_banned_by_its_name() -> None:
    for whom in ("Alice", "a:alice", "a:a*"):
        play = play_with_root()
        play.register("alice")
        play.leave("alice")
        play.ask("root", r.Banish(whom))
        assert login(play, "alice", password="secret") == "banished"


def test_another_name_does_not_lead_past_a_ban() -> None:
    play = play_with_root("alice")
    play.ask("root", r.Banish("bob"))
    assert play.refusal("alice", r.Nick("BOB")) == "banished"


def test_who_is_banned_is_told_why_and_is_put_out_at_once() -> None:
    play = play_with_root("alice", "bob")
    play.ask("root", r.Banish("alice", 10, "spam"))
    reason = "You are banned from this server: spam."
    assert play.hears("alice") == [e.HungUp(play.now, "banished", reason)]
    assert play.hung_up == {play.sid("alice"): reason}
    assert play.hears("bob") == []
    assert acts(play) == [("Root", "banish", "alice", "10 min: spam")]
    check_against_store(play.chat)


def test_only_the_sessions_from_a_banned_address_are_put_out() -> None:
    play = play_with_root()
    play.register("alice")
    play.connect("phone", "198.51.100.7")
    play.tell("phone", r.Login("alice", "secret"), e.LoggedIn)
    play.ask("root", r.Banish("198.51.100.0/24"))
    assert play.hung_up.keys() == {play.sid("phone")}


def test_a_ban_ends_by_itself() -> None:
    play = play_with_root()
    play.ask("root", r.Banish("bob", 1))
    assert login(play, "bob") == "banished"
    play.now += 60_000
    assert login(play, "bob") == "", "also before anything has looked at the time"
    play.tick(0)
    assert play.chat.server_bans == {}
    check_against_store(play.chat)


def test_a_ban_is_taken_back() -> None:
    play = play_with_root()
    play.ask("root", r.Banish("Bob"))
    play.tell("root", r.Pardon("BOB"), e.Done)
    assert login(play, "bob") == ""
    assert play.refusal("root", r.Pardon("bob")) == "not-banished"
    assert [act[1] for act in acts(play)] == ["banish", "pardon"]


def test_bans_survive_the_server() -> None:
    play = play_with_root()
    play.ask("root", r.Banish("192.0.2.99", 60, "spam"))
    play.ask("root", r.Banish("bob"))
    play.ask("root", r.Banish("carol"))
    play.ask("root", r.Pardon("carol"))
    bans = play.tell("root", r.Banished(id="1"), e.BanishedListed).bans
    assert [(ban.whom, ban.by, ban.until, ban.reason) for ban in bans] == [
        ("192.0.2.99", "root", play.now + 3_600_000, "spam"),
        ("bob", "root", 0, ""),
    ]
    after = Playbook(disk=play.disk)
    assert list(after.chat.server_bans.values()) == list(bans)
    assert login(after, "bob") == "banished"


@pytest.mark.parametrize("whom", ["root", "192.0.2.1", "192.0.2.0/24", "*", "*!*@192.*", "*!*@*"])
def test_nobody_bans_oneself(whom: str) -> None:
    play = play_with_root()
    assert play.refusal("root", r.Banish(whom)) == "not-allowed"
    assert play.chat.server_bans == {}


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
    assert play.refusal("root", r.Banish(whom)) == code


def test_there_are_so_many_bans_and_no_more() -> None:
    play = play_with_root(max_banished=1)
    play.ask("root", r.Banish("bob"))
    assert play.refusal("root", r.Banish("carol")) == "list-full"
    play.tell("root", r.Banish("bob", 5, "again"), e.Done)
    check_against_store(play.chat)


@pytest.mark.parametrize("request_", [r.Banish("bob", 7), r.Banish("carol"), r.Pardon("bob")])
def test_a_ban_that_could_not_be_kept_is_undone(request_: r.Request) -> None:
    play = play_with_root()
    play.ask("root", r.Banish("bob"))
    before = snapshot(play.chat)
    play.decide("root", request_)
    play.commit(fails=True)
    assert snapshot(play.chat) == before
    check_against_store(play.chat)


def test_a_login_is_held_against_all_of_a_thousand_bans() -> None:
    play = play_with_root(max_banished=1000, password_tries=10)
    for number in range(1000):
        play.ask("root", r.Banish(f"10.{number // 250}.{number % 250}.0/24"))
    assert login(play, "bob", "10.3.7.9") == "banished"
    assert login(play, "bob", "10.9.0.1") == ""


def test_a_channel_of_which_only_the_topic_is_left_takes_no_modes() -> None:
    play = play_with_root("alice")
    play.ask("alice", r.Join(("#tea",)))
    play.ask("alice", r.Topic("Tea", "#tea"))
    play.ask("alice", r.Part(("#tea",)))
    play.forget()
    assert play.refusal("root", r.Mode("+is", "#tea")) == "no-such-channel"
    assert play.refusal("root", r.Ban("*", True, "#tea")) == "no-such-channel"
    play.tell("root", r.Mode(None, "#tea"), e.ModesTold)
    check_invariants(play.chat)
