"""Who is in a channel, with which roles, and what others see of that."""

from __future__ import annotations

import pytest

from evchat.core.rules.membership import has_voice, with_role
from evchat.protocol.bans import Ban
from evchat.protocol.channels import (
    ChannelsListed,
    Entered,
    Join,
    ListChannels,
    ListNames,
    NamesListed,
    Part,
    Topic,
)
from evchat.protocol.login import Disconnected
from evchat.protocol.messages import MessageAccepted, SendMessage
from tests.core.playbook import Playbook
from tests.core.rooms import join, mode, refused, room


def test_a_channel_goes_with_its_last_member_and_its_numbers_go_on() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", Join(("#tea",)))
    play.ask("alice", SendMessage("one", "#tea"))
    play.ask("alice", Part(("#tea",)))
    assert "#tea" not in play.chat.state.channels
    assert "#tea" not in play.chat.state.heads
    play.ask("alice", Join(("#TEA",)))
    assert play.chat.state.channels["#tea"].name == "#TEA"
    assert play.tell("alice", SendMessage("two", "#tea"), MessageAccepted).seq == 2


def test_a_secret_channel_is_as_if_it_were_not_there() -> None:
    play = room("bob")
    play.ask("alice", mode("+s"))
    play.forget()
    assert [row.name for row in play.tell("carol", ListChannels(), ChannelsListed).channels] == ["#main"]
    for request in (ListNames("#tea"), Topic(to="#tea"), mode(None), mode("b"), Ban(to="#tea"), mode("+m")):
        hidden = refused(play, "carol", request)
        assert hidden == ("no-such-channel", "#tea")
    rows = play.tell("bob", ListChannels(), ChannelsListed).channels
    assert [(row.name, row.secret) for row in rows] == [("#main", False), ("#tea", True)]
    assert play.tell("bob", ListNames("#tea"), NamesListed).secret
    assert play.tell("carol", join(), Entered).secret


def test_who_leaves_does_not_tell_others_of_secret_channels() -> None:
    play = room("bob")
    play.ask("alice", mode("+s"))
    play.forget()
    play.leave("bob")
    assert play.hears("carol") == [Disconnected(play.now, "bob", "Gone.", ("#main",))]


@pytest.mark.parametrize(("role", "expected"), [("o", {"alice"}), ("v", {"alice", "bob"})])
def test_a_role_is_held_by_those_with_a_higher_one_too(role: str, expected: set[str]) -> None:
    play = room("bob", "carol")
    play.ask("alice", mode("+v bob"))
    channel = play.chat.state.channels["#tea"]
    assert {user.name for user in with_role(channel, role)} == expected
    assert {user.name for user in channel.members.values() if has_voice(channel, user)} == {"alice", "bob"}
