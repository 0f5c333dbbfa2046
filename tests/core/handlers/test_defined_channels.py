"""Channels that the settings define are there from the start, with their modes, and outlive everybody's leaving."""

from __future__ import annotations

from evchat.core.rules import persistent_channels
from evchat.dialects.sentences import sentences
from evchat.protocol.authentication import Authenticate, Register
from evchat.protocol.basics import Failed
from evchat.protocol.channels import Join, Part
from evchat.protocol.history import GetHistory, HistoryListed
from evchat.protocol.login import ChangeNick, Introduce, LoggedIn, Login, Logout
from evchat.protocol.messages import Announce, AnnouncementAccepted, SendMessage
from evchat.protocol.modes import ModesChanged
from evchat.settings.model import ChannelSettings
from tests.core.playbook import (
    BEGIN,
    EXPECTS,
    Playbook,
    check_against_store,
    check_invariants,
    said,
)
from tests.core.rooms import mode, refused, told

NEWS = ChannelSettings(name="#News", topic="What is new", auto_join=True, announce=True, operators=("nora",))
TEA = ChannelSettings(name="#tea", modes="+s")


def test_a_defined_channel_is_there_and_everyone_joins_it_at_login() -> None:
    play = Playbook(channels=(NEWS, TEA))
    play.enter("bob")
    assert list(play.chat.state.users["bob"].channels) == ["#main", "#news"]
    assert play.chat.state.channels["#news"].topic == "What is new"
    assert refused(play, "bob", SendMessage("hi", "#news")) == ("moderated", "#News")
    assert refused(play, "bob", mode("-m", "#news")) == ("not-operator", "#News")
    check_invariants(play.chat)
    check_against_store(play.chat)


def test_a_channel_for_announcements_keeps_nobody_from_broadcasting_who_is_not_muted_there() -> None:
    play = Playbook(channels=(NEWS,), operators=())
    play.register("nora")
    play.enter("bob")
    assert AnnouncementAccepted in map(type, play.ask("bob", Announce("hi")))
    play.ask("nora", Join(("#news",)))
    play.ask("nora", mode("+b m:bob", "#news"))
    assert refused(play, "bob", Announce("hi")) == ("moderated", "#News")
    play = Playbook(channels=(ChannelSettings(name="#main", announce=True),))
    play.enter("bob")
    assert refused(play, "bob", Announce("hi")) == ("moderated", "#main")


def test_clients_that_do_not_start_in_main_join_it_too() -> None:
    play = Playbook(channels=(NEWS,))
    play.connect("irc")
    play.ask("irc", BEGIN)
    play.ask("irc", Introduce("~x", "X", expects=EXPECTS))
    play.ask("irc", ChangeNick("xena"))
    assert list(play.chat.state.users["xena"].channels) == ["#news"]


def test_the_accounts_that_the_settings_name_are_operators_whenever_they_join() -> None:
    play = Playbook(channels=(NEWS,))
    play.enter("bob")
    play.register("nora")
    play.ask("nora", Logout())
    play.forget()
    play.tell("nora", Login("nora", "secret"), LoggedIn)
    assert {user.key for user in play.chat.state.channels["#news"].operators} == {"nora"}
    assert said(play.ask("nora", SendMessage("hear", "#news"))) or "hear" in said(play.hears("bob"))
    told_bob = [event for event in play.heard[play.sid("bob")] if isinstance(event, ModesChanged)]
    assert all(event.by == "server" for event in told_bob)


def operators(play: Playbook) -> set[str]:
    return {user.key for user in play.chat.state.channels["#news"].operators}


def test_whoever_registers_a_name_that_the_settings_name_is_an_operator_where_they_are_already() -> None:
    play = Playbook(channels=(NEWS,))
    play.enter("bob", "nora")
    assert operators(play) == set()
    play.forget()
    play.ask("nora", Register("secret"))
    assert operators(play) == {"nora"}
    (made,) = [event for event in play.hears("bob") if isinstance(event, ModesChanged)]
    assert (
        sentences(made) == ["server gave nora the operator's role in #News"] or "nora" in sentences(made)[0]
    )
    assert play.chat.state.channels["#news"].roles(play.chat.state.users["nora"]) == "o"
    check_invariants(play.chat)
    check_against_store(play.chat)


def test_a_registration_that_could_not_be_kept_makes_nobody_an_operator() -> None:
    play = Playbook(deferred=True, channels=(NEWS,))
    play.enter("bob", "nora")
    play.ask("nora", Register("secret"))
    play.forget()
    play.decide_hashes()
    assert operators(play) == {"nora"}
    play.commit(fails=True)
    assert operators(play) == set()
    assert not [event for event in play.hears("bob") if isinstance(event, ModesChanged)]
    check_invariants(play.chat)


def test_whoever_logs_in_to_an_account_that_the_settings_name_is_an_operator_where_they_are_already() -> None:
    play = Playbook(channels=(NEWS,))
    play.register("nora")
    play.ask("nora", Logout())
    play.enter("bob", "guest")
    play.forget()
    play.ask("guest", Authenticate("nora", "secret"))
    assert operators(play) == {"guest"}
    assert [event.channel for event in play.hears("bob") if isinstance(event, ModesChanged)] == ["#News"]
    check_invariants(play.chat)


def test_it_stays_when_it_is_empty_and_the_first_to_come_is_no_operator() -> None:
    play = Playbook(channels=(TEA,))
    play.enter("alice")
    play.ask("alice", Join(("#tea",)))
    assert refused(play, "alice", mode("+m")) == ("not-operator", "#tea")
    play.ask("alice", SendMessage("tea", "#tea"))
    play.ask("alice", Part(("#tea",)))
    play.ask("alice", Join(("#tea",)))
    assert told(play) == "+ns"
    assert said(play.tell("alice", GetHistory("#tea"), HistoryListed).messages) == ["tea"]


def test_it_is_the_same_channel_after_a_restart_and_the_settings_prevail() -> None:
    play = Playbook(channels=(TEA,))
    play.enter("alice")
    play.ask("alice", Join(("#tea",)))
    play.ask("alice", SendMessage("tea", "#tea"))
    channel = play.chat.state.channels["#tea"]
    channel.flags.discard("s")
    channel.flags.add("C")
    play.disk.save(persistent_channels.record(channel))
    later = Playbook(disk=play.disk, channels=(TEA,))
    assert later.chat.state.channels["#tea"].flags == {"n", "s", "C"}
    later.enter("alice")
    later.ask("alice", Join(("#tea",)))
    assert said(later.tell("alice", GetHistory("#tea"), HistoryListed).messages) == ["tea"]
    check_against_store(later.chat)


def test_what_was_said_in_an_earlier_channel_of_the_name_stays_hidden() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", Join(("#tea",)))
    play.ask("alice", SendMessage("the password is 1234", "#tea"))
    for channels in (
        (TEA,),
        (),
        (TEA,),
    ):  # defined, given up, and defined again, with other channels in between
        later = Playbook(disk=play.disk, channels=channels)
        later.enter("bob")
        later.ask("bob", Join(("#tea",)))
        assert said(later.tell("bob", GetHistory("#tea"), HistoryListed).messages) == []
        later.ask("bob", SendMessage("between you and me", "#tea"))
        check_against_store(later.chat)


def test_the_settings_can_define_and_give_up_channels_while_the_server_runs() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", Join(("#tea",)))
    play.forget()
    play.reload(channels=(TEA, NEWS))
    assert [text for event in play.hears("alice") for text in sentences(event)] == [
        "server changed the modes of #tea: +secret"
    ]
    assert play.chat.state.channels["#news"].stays
    check_against_store(play.chat)
    play.ask("alice", Part(("#tea",)))
    assert "#tea" in play.chat.state.channels
    play.reload(channels=())
    assert list(play.chat.state.channels) == ["#main"]
    check_invariants(play.chat)
    check_against_store(play.chat)


def test_settings_that_can_not_be_carried_out_stop_nothing() -> None:
    play = Playbook()
    play.disk.reads_fail = True
    play.reload(channels=(TEA,))
    play.disk.reads_fail = False
    assert {"channels not defined", "retention not changed"} == {name for name, *_ in play.logged}
    play.enter("alice")


def test_a_channel_into_which_somebody_may_not_come_is_left_out_at_login() -> None:
    play = Playbook(channels=(ChannelSettings(name="#news", modes="+b bob", auto_join=True),))
    play.enter("alice", "bob")
    channel = play.chat.state.channels["#news"]
    assert list(channel.members) == ["alice"]


def test_guests_stay_out_where_only_accounts_may_log_in() -> None:
    play = Playbook()
    play.register("alice")
    play.ask("alice", Logout())
    play.reload(guests=False)
    assert play.refusal("alice", Login("bob")) == "accounts-only"
    play.tell("alice", Login("alice", "secret"), LoggedIn)
    play.connect("irc")
    play.ask("irc", BEGIN)
    play.ask("irc", ChangeNick("xena"))
    play.ask("irc", Introduce("~x", "X"))
    (failed,) = [event for event in play.hears("irc") if isinstance(event, Failed)]
    assert failed.code == "accounts-only" and play.sid("irc") in play.hung_up
