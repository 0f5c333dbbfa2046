"""The owner of an account comes back to the channels of before, on whatever client, and not to those that were left."""

from __future__ import annotations

from typing import Any

import pytest

from evchat.core import records as rec
from evchat.protocol.authentication import Authenticate, Register
from evchat.protocol.base import Event
from evchat.protocol.basics import Done, Failed, Hello, ServerNotice
from evchat.protocol.channels import Entered, Join, Joined, Part, Rejoin
from evchat.protocol.login import ChangeNick, Introduce, LoggedIn, Login, Logout
from evchat.protocol.membership import Kick
from evchat.protocol.messages import SendMessage
from evchat.protocol.modes import ChannelMode
from evchat.settings.model import ChannelSettings
from tests.core.playbook import BEGIN, Playbook, check_invariants, kinds


def play_with_nora(**given: Any) -> Playbook:
    """Nora is registered and online, and so is bob, who has three channels."""
    play = Playbook(**given)
    play.enter("bob")
    play.ask("bob", Join(("#Ops", "#dev", "#tea")))
    play.register("nora")
    return play


def back(play: Playbook, name: str = "nora", *, full: bool = True) -> list[Event]:
    """She logs in, on another client; returns what that hears."""
    play.connect(name)
    if full:
        play.ask(name, Hello())
        play.hears(name)
    play.decide(name, Login(name, "secret"))
    play.commit()
    return play.hears(name)


def where(heard: list[Event]) -> list[str]:
    return [event.channel for event in heard if isinstance(event, Entered)]


def notices(heard: list[Event]) -> list[str]:
    return [event.text for event in heard if isinstance(event, ServerNotice)]


def test_one_comes_back_to_where_one_was() -> None:
    play = play_with_nora()
    play.ask("nora", Join(("#ops", "#dev")))
    play.ask("nora", Join(("#tea",)))
    play.ask("nora", Part(("#dev",)))
    play.leave("nora")
    play.ask("bob", SendMessage("meanwhile", "#ops"))
    play.forget()
    heard = back(play)
    assert where(heard) == ["#main", "#Ops", "#tea"]
    entered = [event for event in heard if isinstance(event, Entered)]
    assert [(event.login, event.current, event.seq) for event in entered] == [
        (True, True, 0), (True, False, 1), (True, False, 0),
    ]  # fmt: skip
    assert [event.channel for event in play.hears("bob") if isinstance(event, Joined)] == [
        "#main",
        "#Ops",
        "#tea",
    ]
    assert notices(heard) == []
    check_invariants(play.chat)


def test_also_after_the_server_was_started_again() -> None:
    play = play_with_nora()
    play.ask("nora", Join(("#ops", "#mine")))
    play.stop()
    play = Playbook(disk=play.disk)
    assert where(back(play)) == ["#main", "#Ops", "#mine"]
    assert "o" in play.chat.state.channels["#mine"].roles(play.chat.state.users["nora"])
    check_invariants(play.chat)


def test_whoever_types_lines_is_told_where_that_is() -> None:
    play = play_with_nora()
    play.ask("nora", Join(("#ops", "#dev")))
    play.ask("nora", Logout())
    heard = back(play, full=False)
    assert notices(heard) == ["You are back in #Ops, #dev."]


def test_a_guest_comes_back_to_main() -> None:
    play = play_with_nora()
    play.enter("carol")
    play.ask("carol", Join(("#ops",)))
    play.leave("carol")
    play.connect("carol")
    assert where(play.ask("carol", Login("carol"))) == ["#main"]
    assert play.refusal("carol", Rejoin()) == "not-registered"


def test_whoever_registers_or_proves_an_account_keeps_the_channels_of_that_moment() -> None:
    play = play_with_nora()
    play.enter("carol")
    play.ask("carol", Join(("#tea",)))
    play.ask("carol", Register("secret"))
    play.leave("carol")
    assert where(back(play, "carol")) == ["#main", "#tea"]
    play.leave("nora")
    play.enter("visitor")
    play.ask("visitor", Join(("#dev",)))
    play.ask("visitor", Authenticate("nora", "secret"))
    play.leave("visitor")
    assert where(back(play)) == ["#main", "#dev"]


def test_the_account_remembers_under_whatever_name_one_goes() -> None:
    play = play_with_nora()
    play.ask("nora", ChangeNick("elsewhere"))
    play.ask("nora", Join(("#tea",)))
    play.leave("nora")
    assert where(back(play)) == ["#main", "#tea"]


def test_nobody_comes_back_to_where_one_was_kicked_from() -> None:
    play = play_with_nora()
    play.ask("nora", Join(("#ops",)))
    play.ask("bob", Kick("nora", "", "#ops"))
    play.leave("nora")
    assert where(back(play)) == ["#main"]


@pytest.mark.parametrize("change", ["+b nora", "+i", "+k word", "+l 1"])
def test_what_keeps_others_out_keeps_out_who_comes_back_and_that_is_told_once(change: str) -> None:
    play = play_with_nora()
    play.ask("nora", Join(("#ops",)))
    play.leave("nora")
    play.ask("bob", ChannelMode(change, "#ops"))
    heard = back(play)
    (refused,) = play.ask("nora", Join(("#ops",)))
    assert isinstance(refused, Failed)
    assert where(heard) == ["#main"] and notices(heard) == [f"You are no longer in #Ops: {refused.text}"]
    play.leave("nora")
    assert notices(back(play)) == []
    check_invariants(play.chat)


def test_main_can_be_left_for_good_and_joined_again() -> None:
    play = play_with_nora()
    play.ask("nora", Join(("#ops",)))
    play.ask("nora", Part(("#main",)))
    play.leave("nora")
    heard = back(play)
    assert where(heard) == ["#Ops"]
    (answer,) = (event for event in heard if isinstance(event, LoggedIn))
    assert answer.channel == "#Ops"
    play.ask("nora", Join(("#main",)))
    play.ask("nora", Part(("#ops",)))
    play.leave("nora")
    assert where(back(play)) == ["#main"]


def test_a_channel_that_everyone_joins_can_be_left_too() -> None:
    play = Playbook(channels=(ChannelSettings(name="#news", auto_join=True),))
    play.register("nora")
    play.ask("nora", Part(("#news",)))
    play.leave("nora")
    assert where(back(play)) == ["#main"]
    assert play.disk.fetch(rec.ChannelsOf("nora")) == [rec.AccountChannel("nora", "#news", "#news", True)]
    play.ask("nora", Join(("#news",)))
    assert play.disk.fetch(rec.ChannelsOf("nora")) == []


def test_another_client_of_somebody_online_joins_no_channel_twice() -> None:
    play = play_with_nora()
    play.ask("nora", Join(("#ops",)))
    play.forget()
    play.connect("phone")
    play.ask("phone", Hello())
    heard = play.ask("phone", Login("nora", "secret"))
    assert where(play.hears("phone")) == ["#main", "#Ops"], heard
    assert play.hears("bob") == play.hears("nora") == []


def irc(play: Playbook, who: str) -> None:
    """A client logs in to nora's account in parts, as those do that are led nowhere."""
    play.connect(who)
    play.ask(who, BEGIN)
    play.ask(who, Authenticate("nora", "secret"))
    play.ask(who, Introduce("u", "r"))
    play.ask(who, ChangeNick("nora"))
    play.forget()


def test_a_client_that_joins_by_itself_is_led_nowhere_unless_it_asks() -> None:
    play = play_with_nora()
    play.ask("nora", Join(("#ops", "#dev")))
    play.leave("nora")
    irc(play, "irssi")
    assert play.chat.state.users["nora"].channels == {}
    play.ask("irssi", Join(("#dev",)))
    play.forget()
    heard = play.ask("irssi", Rejoin())
    assert isinstance(heard[0], Done) and dict(heard[0].facts) == {"channels": ["#Ops"]}
    assert where(heard) == ["#Ops"] and kinds(play.hears("bob")) == [Joined]
    assert play.tell("irssi", Rejoin(), Done).text == "You are in all your channels."
    play.leave("irssi")
    irc(play, "irssi")
    play.connect("phone")
    play.ask("phone", Hello())
    play.ask("phone", Login("nora", "secret"))
    assert where(play.hears("phone")) == ["#main", "#Ops", "#dev"], "the other client is told, too"
    assert where(play.hears("irssi")) == ["#main", "#Ops", "#dev"]
    check_invariants(play.chat)


def test_no_more_channels_than_allowed() -> None:
    play = play_with_nora(max_channels_per_user=4)
    play.ask("nora", Join(("#ops", "#dev")))
    play.leave("nora")
    play.reload(max_channels_per_user=2)
    heard = back(play)
    assert where(heard) == ["#main", "#Ops"]
    assert notices(heard) == ["You are no longer in #dev: You are in as many channels as allowed."]


def test_a_store_that_cant_be_read_refuses_and_one_that_is_full_refuses_nothing() -> None:
    play = play_with_nora()
    play.ask("nora", Join(("#ops",)))
    play.leave("nora")
    back(play)
    play.disk.reads_fail = True
    (failed,) = play.ask("nora", Rejoin())
    assert isinstance(failed, Failed) and failed.code == "storage"
    play.disk.reads_fail = False
    play.forget()
    play.decide("nora", Join(("#dev",)))
    play.commit(fails=True)
    assert not any(isinstance(event, Failed) for event in play.hears("nora"))
    assert "#dev" in play.chat.state.users["nora"].channels
