"""Operators of the server: how one becomes one, and what they do."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.core.effects import Broadcast, Log
from evchat.protocol.bans import Ban
from evchat.protocol.base import Request
from evchat.protocol.basics import Done, Failed, HungUp
from evchat.protocol.channels import Join, Topic, TopicChanged
from evchat.protocol.login import Disconnected
from evchat.protocol.membership import Invite, InviteTold, Kick, Kicked
from evchat.protocol.modes import Change, ChannelMode, GrantRole, ModesChanged
from evchat.protocol.operators import Kill, ListAudit, Oper, OperGranted, Walloped, Wallops
from evchat.protocol.server_bans import BanFromServer, ListServerBans, UnbanFromServer
from tests.core.operators import SECRET, acts, play_with_root
from tests.core.playbook import (
    Playbook,
    check_invariants,
    kinds,
    settings,
    snapshot,
)

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
def test_three_wrong_passwords_for_a_name_known_or_not_and_an_address_waits(name: str) -> None:
    play = Playbook(operators=(("Root", SECRET),))
    play.enter("alice")
    for _ in range(3):
        play.ask("alice", Oper(name, "guess", id="1"))
        (failed,) = play.hears("alice")
        assert isinstance(failed, Failed) and (failed.code, failed.reply_to) == ("wrong-password", "1")
    assert play.refusal("alice", Oper(name, "secret")) == "too-many-tries"
    assert [event for event, _ in play.logged] == ["wrong password of an operator"] * 3
    assert not play.chat.state.operators
    play.now += 60_000 if name == "Root" else 0
    play.ask("alice", Oper("Root", "secret"))
    assert kinds(play.hears("alice")[-1:]) == [OperGranted], "guessing at others does not lock this one out"


def test_an_operator_is_let_in_again_where_somebody_guesses_meanwhile() -> None:
    play = play_with_root("alice")
    play.enter("mallory", "again")
    for _ in range(3):
        play.ask("mallory", Oper("Root", "guess"))
    assert play.refusal("mallory", Oper("Root", "guess")) == "too-many-tries"
    play.ask("again", Oper("Root", "secret"))
    assert kinds(play.hears("again")[-1:]) == [OperGranted]


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
    assert play.hears("root") == [Done(play.now, "1", "bob was disconnected.")]
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


def test_main_gets_its_operators_from_the_operators_of_the_server() -> None:
    play = play_with_root("alice")
    play.ask("root", GrantRole("alice", to="#main"))
    assert play.hears("alice") == [ModesChanged(play.now, "#main", "root", (Change(True, "o", "alice"),))]
