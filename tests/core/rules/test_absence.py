"""Clients that lose their link and come back: nobody else hears of it, and nothing is lost meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evchat.core import records as rec
from evchat.protocol.base import Event
from evchat.protocol.basics import Failed, Hello, HungUp
from evchat.protocol.channels import Entered, Join, Joined
from evchat.protocol.history import GetInbox, InboxListed
from evchat.protocol.login import ChangeNick, Disconnected, LoggedIn, Login, Logout, Quit
from evchat.protocol.membership import Kick, Kicked
from evchat.protocol.messages import Announce, AnnouncementAccepted, Message, MessageAccepted, SendMessage
from evchat.protocol.modes import ChannelMode
from evchat.protocol.operators import Kill, Oper
from evchat.protocol.people import WhoIs, WhoIsTold
from evchat.protocol.server_bans import BanFromServer
from tests.cheap_passwords import cheap_secret
from tests.core.playbook import Playbook, check_invariants, kinds, said

OPERATORS = (("root", cheap_secret("secret")),)


def play_of(*people: str, **given: object) -> Playbook:
    play = Playbook(operators=OPERATORS, **given)
    play.enter("bob")
    play.enter(*people, full=True)
    return play


def answer(heard: list[Event]) -> LoggedIn:
    (found,) = (event for event in heard if isinstance(event, LoggedIn))
    return found


def code(heard: list[Event]) -> str:
    (failed,) = heard
    assert isinstance(failed, Failed)
    return failed.code


# ---- coming back ------------------------------------------------------------------------------------------------


def test_a_client_that_comes_back_in_time_was_never_gone_for_anybody() -> None:
    play = play_of("alice")
    play.ask("alice", Join(("#a",)))
    play.ask("bob", Join(("#a",)))
    play.forget()
    play.lose("alice")
    play.tick(19_999)
    assert play.hears("bob") == []
    play.ask("bob", SendMessage("are you there?", "#a"))
    heard = play.resume("alice")
    told = answer(heard)
    assert (told.name, told.resumed, told.resume_for) == ("alice", True, 20_000)
    entered = [event for event in heard if isinstance(event, Entered)]
    assert [(event.channel, event.seq, event.login) for event in entered] == [
        ("#main", 0, True), ("#a", 1, True),
    ]  # fmt: skip
    play.tick(60_000)
    assert kinds(play.hears("bob")) == [MessageAccepted, Message]
    check_invariants(play.chat)


def test_whoever_does_not_come_back_in_time_has_gone_when_the_link_was_lost() -> None:
    play = play_of("alice")
    play.lose("alice", "No sign of life for 150 seconds.")
    lost_at = play.now
    play.tick(20_000)
    (gone,) = play.hears("bob")
    assert isinstance(gone, Disconnected)
    assert (gone.name, gone.reason, gone.at) == ("alice", "No sign of life for 150 seconds.", play.now)
    assert play.disk.fetch(rec.LastSeenOf("alice"))[0].seen == lost_at
    assert code(play.resume("alice")) == "resume-unknown"
    assert not play.ask("alice", Login("alice"))[0].resumed  # type: ignore[attr-defined]
    check_invariants(play.chat)


def test_a_session_goes_over_from_a_connection_that_is_still_there() -> None:
    play = play_of("alice")
    old = play.sid("alice")
    told = answer(play.resume("alice"))
    assert told.resumed and play.hears("bob") == []
    assert isinstance(play.heard[old][-1], HungUp) and play.heard[old][-1].code == "resumed"
    assert play.hung_up[old]
    play.chat.disconnect(old, "Closed.", play.now)
    assert play.chat.state.users["alice"].sids == (play.sid("alice"),)
    check_invariants(play.chat)


def test_what_is_said_to_somebody_who_is_held_is_kept_and_said_to_be() -> None:
    play = play_of("alice")
    play.lose("alice")
    told = play.tell("bob", SendMessage("for later", "alice", id="1"), MessageAccepted)
    assert told.kept
    assert play.tell("bob", SendMessage("for later", "alice", id="1"), MessageAccepted).kept, "also again"
    told_all = play.tell("bob", Announce("hear me", ("alice",)), AnnouncementAccepted)
    assert (told_all.delivered, told_all.missed) == (1, ())
    assert play.tell("bob", Announce("hear me"), AnnouncementAccepted).delivered == 0
    assert answer(play.resume("alice")).unread == 2
    assert said(play.tell("alice", GetInbox(), InboxListed).messages) == ["for later", "hear me"]
    assert not play.tell("bob", SendMessage("now", "alice"), MessageAccepted).kept


def test_whois_tells_no_lie_of_somebody_who_is_held() -> None:
    play = play_of("alice")
    play.lose("alice")
    play.tick(7_000)
    person = play.tell("bob", WhoIs("alice"), WhoIsTold).person
    assert (person.online, person.sessions, person.idle, person.away) == (True, 0, 7_000, None)
    play.ask("bob", Oper("root", "secret"))
    assert play.tell("bob", WhoIs("alice"), WhoIsTold).person.address == "192.0.2.1"


def test_somebody_who_is_held_keeps_roles_and_a_place_in_a_full_channel() -> None:
    play = play_of("alice", "carol")
    play.ask("alice", Join(("#a",)))
    play.ask("alice", ChannelMode("+l 1", "#a"))
    play.lose("alice")
    assert play.refusal("bob", Join(("#a",))) == "channel-full"
    (entered,) = (x for x in play.resume("alice") if isinstance(x, Entered) and x.channel == "#a")
    assert [member.roles for member in entered.members] == ["o"]


def test_two_devices_of_a_user_have_a_token_each_and_nobody_hears_of_either() -> None:
    play = play_of("alice")
    play.register("nora")
    play.again("phone", "nora", full=True)
    play.again("laptop", "nora", full=True)
    phone = play.tokens["phone"]
    assert phone != play.tokens["laptop"]
    play.leave("nora")
    play.lose("phone")
    play.lose("laptop")
    play.forget()
    play.tick(10_000)
    assert answer(play.resume("laptop", "nora")).resumed
    play.tick(10_000)
    assert code(play.resume("phone", "nora", token=phone)) == "resume-unknown"
    assert play.chat.state.users["nora"].sids == (play.sid("laptop"),)
    assert play.hears("bob") == []


def test_another_login_of_a_registered_user_takes_over_from_one_who_is_held() -> None:
    play = play_of("alice")
    play.register("nora")
    play.again("phone", "nora", full=True)
    play.leave("nora")
    play.lose("phone")
    play.forget()
    play.again("phone", "nora", full=True)
    play.tick(30_000)
    assert play.hears("bob") == []


def test_a_name_changed_since_the_login_does_not_matter() -> None:
    play = play_of("alice")
    play.ask("alice", ChangeNick("alice2"))
    play.lose("alice")
    assert answer(play.resume("alice", "alice")).name == "alice2", "the answer to the change was lost"
    play.lose("alice")
    assert answer(play.resume("alice", "alice2")).name == "alice2"


# ---- what ends it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("goodbye", [Quit("bye"), Logout()])
def test_whoever_says_goodbye_is_gone_at_once(goodbye: Quit | Logout) -> None:
    play = play_of("alice")
    play.ask("alice", goodbye)
    assert kinds(play.hears("bob")) == [Disconnected]
    play.lose("alice")
    assert code(play.resume("alice")) == "resume-unknown"


def test_other_clients_are_gone_at_once() -> None:
    play = play_of("alice")
    play.enter("carol")
    assert "carol" not in play.tokens
    play.lose("carol")
    assert [type(event) for event in play.hears("bob")][-1] is Disconnected


def test_where_nobody_is_held_there_is_no_token() -> None:
    play = play_of("alice", absent_for=0.0)
    assert play.tokens == {}
    play.lose("alice")
    assert kinds(play.hears("bob")) == [Disconnected]


def test_those_held_go_when_the_settings_say_that_nobody_is_held() -> None:
    play = play_of("alice")
    play.lose("alice")
    play.reload(absent_for=0.0)
    play.tick()
    assert kinds(play.hears("bob")) == [Disconnected]


def test_a_kill_ends_it() -> None:
    play = play_of("alice")
    play.ask("bob", Oper("root", "secret"))
    play.lose("alice")
    play.ask("bob", Kill("alice", "enough"))
    play.forget()
    assert code(play.resume("alice")) == "resume-unknown"
    play.tick()
    (gone,) = play.hears("bob")
    assert isinstance(gone, Disconnected) and gone.reason == "Killed by bob: enough"


@pytest.mark.parametrize("whom", ["alice", "192.0.2.1"])
def test_a_ban_from_the_server_ends_it(whom: str) -> None:
    play = play_of()
    play.connect("alice")
    play.ask("bob", Oper("root", "secret"))
    play.leave("alice")
    play.connect("far", "203.0.113.9")
    play.ask("far", Hello())
    play.ask("far", Login("alice"))
    play.lose("far")
    play.ask("bob", BanFromServer("203.0.113.9" if whom != "alice" else whom, 10))
    play.forget()
    assert code(play.resume("far", "alice")) in ("resume-unknown", "banished")
    play.tick()
    assert kinds(play.hears("bob")) == [Disconnected]


def test_a_ban_of_the_new_address_keeps_a_client_out_and_it_is_held_on() -> None:
    play = play_of("alice")
    play.ask("bob", Oper("root", "secret"))
    play.ask("bob", BanFromServer("203.0.113.9"))
    token = play.tokens["alice"]
    play.lose("alice")
    play.connect("alice", "203.0.113.9")
    play.ask("alice", Hello())
    assert play.refusal("alice", Login("alice", resume=token)) == "banished"
    assert answer(play.resume("alice", token=token)).resumed


def test_a_kick_from_a_channel_is_no_reason_to_stay_there() -> None:
    play = play_of("alice")
    play.ask("bob", Join(("#a",)))
    play.ask("alice", Join(("#a",)))
    play.lose("alice")
    play.forget()
    play.ask("bob", Kick("alice", "", "#a"))
    assert Kicked in kinds(play.hears("bob"))
    assert [x.channel for x in play.resume("alice") if isinstance(x, Entered)] == ["#main"]


def test_a_server_that_starts_anew_knows_no_token() -> None:
    play = play_of("alice")
    token = play.tokens["alice"]
    play = Playbook(disk=play.disk)
    assert code(play.resume("alice", token=token)) == "resume-unknown"
    assert not answer(play.ask("alice", Login("alice"))).resumed


# ---- tokens -----------------------------------------------------------------------------------------------------


def test_a_token_can_be_used_once() -> None:
    play = play_of("alice")
    token = play.tokens["alice"]
    play.lose("alice")
    play.resume("alice")
    assert code(play.resume("alice", token=token)) == "resume-unknown"


def test_a_token_is_for_its_user_alone_and_nothing_else_is_one() -> None:
    play = play_of("alice", "carol")
    alices = play.tokens["alice"]
    play.lose("alice")
    for name, token in (
        ("carol", alices),
        ("alice", play.tokens["carol"]),
        ("alice", "x"),
        ("zoe", "x"),
        ("bob", ""),
    ):
        play.connect("x")
        play.ask("x", Hello())
        (failed,) = play.ask("x", Login(name, resume=token or "\ud800"))
        assert isinstance(failed, Failed) and failed.code == "resume-unknown", (name, token)
    assert answer(play.resume("alice")).resumed


def test_a_token_is_not_kept_as_it_is() -> None:
    play = play_of("alice")
    token = play.tokens["alice"]
    assert len(token) == 22
    session = play.chat.state.sessions[play.sid("alice")]
    assert token.encode() not in session.token and len(session.token) == 32
    assert token not in repr(answer(play.resume("alice"))) and token not in repr(Login("alice", resume=token))


def test_the_server_password_is_needed_all_the_same() -> None:
    play = play_of("alice")
    play.lose("alice")
    play.chat.context.config = replace(play.chat.context.config, password="open sesame")
    assert code(play.resume("alice")) == "server-password"


def test_only_a_full_client_resumes() -> None:
    play = play_of("alice")
    token = play.tokens["alice"]
    play.lose("alice")
    play.connect("plain")
    assert play.refusal("plain", Login("alice", resume=token)) == "name-taken"


# ---- how many ---------------------------------------------------------------------------------------------------


def test_no_more_of_an_address_are_held_than_there_may_be_connections() -> None:
    play = play_of("a", "b", "c", max_absent=2)
    for who in "abc":
        play.lose(who)
    (gone,) = (x for x in play.hears("bob") if not isinstance(x, Joined))
    assert isinstance(gone, Disconnected) and gone.name == "c"
    play.resume("a")
    play.lose("a")
    check_invariants(play.chat)
    play.tick(20_000)
    assert sorted(x.name for x in play.hears("bob") if isinstance(x, Disconnected)) == ["a", "b"]
    assert play.chat.state.absent_from == {}
