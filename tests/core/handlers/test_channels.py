"""Channels: lists of them and of their members, topics, and where plain lines go."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.protocol.basics import Done, Failed
from evchat.protocol.channels import (
    ChannelsListed,
    Entered,
    Join,
    ListChannels,
    ListNames,
    Member,
    NamesListed,
    Part,
    Topic,
    TopicChanged,
    TopicTold,
)
from evchat.protocol.messages import MessageAccepted, SendMessage
from tests.core.playbook import Playbook, check_invariants, snapshot

# ---- where plain lines go -------------------------------------------------------------------------------------


def test_plain_lines_go_to_the_current_channel_else_to_main_else_to_any() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", Join(("#a", "#b")))
    assert play.tell("alice", SendMessage("x"), MessageAccepted).to == "#main"
    play.ask("alice", Join(("#b",), current=True))
    assert play.tell("alice", SendMessage("x"), MessageAccepted).to == "#b"
    play.ask("alice", Part(("#b",)))
    assert play.tell("alice", SendMessage("x"), MessageAccepted).to == "#main"
    play.ask("alice", Part())
    assert play.tell("alice", SendMessage("x"), MessageAccepted).to == "#a"
    play.ask("alice", Part())
    assert play.refusal("alice", SendMessage("x")) == "no-channel"
    assert play.tell("alice", Join(("#c",)), Entered).current


def test_each_session_has_its_own_current_channel() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.ask("alice", Join(("#tea",), current=True))
    assert play.tell("alice", SendMessage("x"), MessageAccepted).to == "#tea"
    assert play.tell("phone", SendMessage("x"), MessageAccepted).to == "#main"


# ---- lists ----------------------------------------------------------------------------------------------------


def test_channels_are_listed_by_their_users_and_the_rest_is_counted() -> None:
    play = Playbook(list_max=2)
    play.enter("alice", "bob")
    play.ask("alice", Join(("#c", "#b", "#a")))
    play.ask("bob", Join(("#b",)))
    play.ask("bob", Part(("#main",)))
    listed = play.tell("alice", ListChannels(id="1"), ChannelsListed)
    assert [(row.name, row.users) for row in listed.channels] == [("#b", 2), ("#a", 1)]
    assert (listed.omitted, listed.reply_to) == (2, "1")


def test_names_are_of_the_current_channel_or_of_any_other() -> None:
    play = Playbook()
    play.enter("bob", "Alice", "carol")
    play.ask("carol", Join(("#tea",)))
    listed = play.tell("bob", ListNames(id="1"), NamesListed)
    people = ("Alice", "bob", "carol")
    assert listed == NamesListed(play.now, "1", "#main", people, tuple(map(Member, people)))
    assert play.tell("bob", ListNames(""), NamesListed).channel == "#main"
    assert play.tell("bob", ListNames("#TEA"), NamesListed).names == ("carol",)
    assert play.refusal("bob", ListNames("#none")) == "no-such-channel"
    assert play.refusal("bob", ListNames("bob")) == "no-such-channel"


def test_a_long_name_is_quoted_short() -> None:
    play = Playbook()
    play.enter("alice")
    (failed,) = play.ask("alice", ListNames("#" + "x" * 60_000))
    assert isinstance(failed, Failed)
    assert len(failed.text) < 150


# ---- topic ----------------------------------------------------------------------------------------------------


def test_a_topic_is_told_and_set() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    assert play.tell("bob", Topic(), TopicTold) == TopicTold(play.now, None, "#main", "", "", 0)
    answers = play.ask("alice", Topic("  All \t about\ntea ", id="1"))
    changed = TopicChanged(play.now, "#main", "All about tea", "alice")
    assert answers == [Done(play.now, "1"), changed]
    assert play.hears("bob")[-1] == changed
    told = play.tell("bob", Topic(to="#MAIN"), TopicTold)
    assert (told.text, told.by, told.set_at) == ("All about tea", "alice", play.now)


@pytest.mark.parametrize("text", ["", "-", "  ", " - "])
def test_an_empty_topic_or_a_hyphen_takes_it_away(text: str) -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", Topic("Tea"))
    play.ask("alice", Topic(text))
    assert play.tell("alice", Topic(), TopicTold).text == ""


def test_a_topic_has_so_many_bytes_and_no_more() -> None:
    play = Playbook(max_topic_bytes=10)
    play.enter("alice")
    play.tell("alice", Topic("é" * 5), Done)
    assert play.refusal("alice", Topic("é" * 5 + "x")) == "too-long"
    assert play.tell("alice", Topic(), TopicTold).text == "é" * 5


def test_who_is_outside_sees_a_topic_and_does_not_set_it() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#tea",)))
    assert play.tell("alice", Topic(to="#tea"), TopicTold).channel == "#tea"
    assert play.refusal("alice", Topic("x", to="#tea")) == "not-in-channel"
    assert play.refusal("alice", Topic("x", to="bob")) == "no-such-channel"


def test_a_topic_that_could_not_be_kept_is_undone() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", Topic("before"))
    before = snapshot(play.chat)
    play.decide("alice", Topic("after"))
    play.decide("alice", Topic("later"))
    play.commit(fails=True)
    assert snapshot(play.chat) == before


def test_a_topic_that_could_not_be_kept_keeps_no_empty_channel() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", Join(("#tea",)))
    play.decide("alice", Topic("Green", "#tea"))
    play.decide("alice", Part(("#tea",)))
    play.commit(fails=True)
    assert list(play.chat.state.channels) == ["#main"]
    check_invariants(play.chat)


@pytest.mark.parametrize("made_anew", [False, True])
def test_a_topic_that_could_not_be_taken_away_is_there_again(made_anew: bool) -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", Join(("#tea",)))
    play.ask("alice", Topic("Green", "#tea"))
    play.decide("alice", Topic("", "#tea"))
    play.decide("alice", Part(("#tea",)))
    if made_anew:
        play.decide("alice", Join(("#tea",)))
    play.commit(fails=True)
    check_invariants(play.chat)
    play.ask("alice", Join(("#tea",)))
    assert play.tell("alice", Topic(to="#tea"), TopicTold).text == "Green"
    assert [x.text for x in play.disk.fetch(rec.AllTopics())] == ["Green"]
