"""Channels: joins, parts, lists of them and of their members, topics, and where plain lines go."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.protocol.basics import Done, Failed, Hello, ServerNotice
from evchat.protocol.channels import (
    ChannelsListed,
    Entered,
    Join,
    Joined,
    Left,
    ListChannels,
    ListNames,
    Member,
    NamesListed,
    Part,
    Topic,
    TopicChanged,
    TopicTold,
)
from evchat.protocol.history import HistoryListed
from evchat.protocol.login import ChangeNick, LoggedIn, Login, NickConfirmed, Renamed
from evchat.protocol.messages import MessageAccepted, SendMessage
from evchat.protocol.people import PresenceChanged, SetAway
from tests.core.playbook import Playbook, check_invariants, kinds, said, snapshot

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
    play.now += 10
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
    play.register("alice")
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


def test_who_joins_is_told_the_channel_and_the_others_who_came() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", Join(("#Tea",)))
    play.ask("alice", Topic("Green or black?", "#tea"))
    play.ask("alice", SendMessage("hi", "#tea"))
    play.forget()
    play.now += 10
    done, entered, recent = play.ask("bob", Join(("#TEA",), id="1"))
    assert done == Done(play.now, "1", "", (("channels", ["#Tea"]),))
    assert isinstance(entered, Entered)
    assert (entered.channel, entered.topic, entered.topic_by) == ("#Tea", "Green or black?", "alice")
    assert (entered.names, entered.users, entered.seq) == (("alice", "bob"), 2, 1)
    assert not entered.current
    assert isinstance(recent, HistoryListed)
    assert said(recent.messages) == ["hi"]
    assert play.hears("alice") == [Joined(play.now, "bob", "#Tea")]


def test_the_last_channel_joined_becomes_current_where_it_is_asked_for() -> None:
    play = Playbook()
    play.enter("alice")
    answers = play.ask("alice", Join(("#a", "#b"), current=True))
    assert [(x.channel, x.current) for x in answers if isinstance(x, Entered)] == [
        ("#a", False),
        ("#b", True),
    ]
    assert play.tell("alice", SendMessage("hi"), MessageAccepted).to == "#b"


def test_a_join_brings_what_was_said_since_the_last_message_one_has() -> None:
    play = Playbook(recent_messages=3)
    play.enter("alice", "bob")
    for number in range(1, 7):
        play.ask("alice", SendMessage(f"message {number}"))
    for after, texts, more in (
        (4, ["message 5", "message 6"], False),
        (1, ["message 4", "message 5", "message 6"], True),
    ):
        recent = play.tell("bob", Join(("#main",), after=after), HistoryListed)
        assert (said(recent.messages), recent.more) == (texts, more)
    assert play.tell("bob", Join(("#main",), after=99), HistoryListed).messages == ()


def test_joining_a_channel_again_tells_its_state_and_nobody_else() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    assert kinds(play.ask("alice", Join(("#main",)))) == [Done, Entered]
    assert play.hears("bob") == []


def test_a_person_who_goes_back_to_a_channel_is_not_told_again_what_was_said_there() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("hi"))
    play.ask("alice", Join(("#tea",), current=True))
    assert kinds(play.ask("alice", Join(("#main",), current=True))) == [Done, Entered]
    assert kinds(play.ask("alice", Join(("#main",), after=0))) == [Done, Entered, HistoryListed]
    play.ask("alice", Part(("#main",)))
    assert HistoryListed in kinds(play.ask("alice", Join(("#main",))))


def test_a_guest_who_makes_a_channel_is_told_once_that_it_ends() -> None:
    play = Playbook()
    play.connect("alice")
    play.ask("alice", Hello())
    play.ask("alice", Login("alice"))
    play.enter("bob")
    (hint,) = [event for event in play.ask("alice", Join(("#tea",))) if isinstance(event, ServerNotice)]
    assert hint.text.startswith("#tea ends when everyone has left it") and "/register" in hint.text
    for again in (Join(("#tea",)), Join(("#main",)), Join(("#milk", "#sugar"))):
        assert ServerNotice not in kinds(play.ask("alice", again))
    assert ServerNotice not in kinds(play.ask("bob", Join(("#own",)))), (
        "a client of an older system may not expect it"
    )
    play.register("nora")
    play.leave("nora")
    play.connect("nora")
    play.ask("nora", Hello())
    play.ask("nora", Login("nora", "secret"))
    assert ServerNotice not in kinds(play.ask("nora", Join(("#kept",))))


def test_a_channel_named_twice_is_joined_once() -> None:
    play = Playbook()
    play.enter("alice")
    assert kinds(play.ask("alice", Join(("#a", "#A", "#a")))) == [Done, Entered]


def test_all_sessions_of_a_user_come_along() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob")
    play.ask("bob", Join(("#tea",)))
    play.forget()
    play.ask("alice", Join(("#tea",), current=True))
    (entered,) = play.hears("phone")
    assert isinstance(entered, Entered)
    assert (entered.channel, entered.current, entered.login) == ("#tea", False, False)
    assert kinds(play.hears("bob")) == [Joined]
    play.ask("bob", SendMessage("hi", "#tea"))
    assert said(play.hears("phone")) == ["hi"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "tea",
        "#",
        "#a b",
        "#a,b",
        "#a\0",
        "#a\x07",
        "#a\u00a0b",
        "#a\u200b",
        "#a\u202eb",
        "#\ud800",
        "#a\ufe0f",
    ],
)
def test_a_name_that_is_no_channels_is_refused(name: str) -> None:
    play = Playbook()
    play.enter("alice")
    assert play.refusal("alice", Join((name,), id="1")) == "bad-channel"
    assert play.refusal("alice", Join(("#fine", name))) == "bad-channel"
    assert list(play.chat.state.channels) == ["#main"]


def test_a_name_may_have_64_bytes_in_letters_of_any_size() -> None:
    play = Playbook()
    play.enter("alice")
    for longest in ("#" + "a" * 63, "#" + "é" * 31 + "a", "#" + "語" * 21):
        assert len(longest.encode()) == 64
        play.tell("alice", Join((longest,)), Entered)
        assert play.refusal("alice", Join((longest + "a",))) == "bad-channel"


def test_a_join_of_nothing_is_refused() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.refusal("alice", Join(())) == "bad-request"


def test_one_can_be_in_so_many_channels_and_no_more() -> None:
    play = Playbook(max_channels_per_user=3)
    play.enter("alice")
    assert play.refusal("alice", Join(("#a", "#b", "#c"))) == "too-many-channels"
    play.tell("alice", Join(("#a", "#b", "#A")), Done)
    assert play.refusal("alice", Join(("#c",))) == "too-many-channels"
    play.tell("alice", Join(("#a", "#main")), Done)


def test_there_can_be_so_many_channels_and_no_more() -> None:
    play = Playbook(max_channels=3)
    play.enter("alice", "bob")
    play.ask("alice", Join(("#a", "#b")))
    assert play.refusal("bob", Join(("#a", "#c"))) == "too-many-channels"
    play.tell("bob", Join(("#a",)), Done)
    play.configure(max_channels=1)
    play.tell("bob", Join(("#b",)), Done)


def test_a_join_that_the_store_can_not_answer_changes_nothing() -> None:
    play = Playbook()
    play.enter("alice")
    before = snapshot(play.chat)
    play.disk.reads_fail = True
    assert play.refusal("alice", Join(("#a", "#b"))) == "storage"
    assert snapshot(play.chat) == before


def test_who_parts_is_answered_and_the_others_are_told() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.now += 10
    done = play.tell("alice", Part(reason="Lunch.", id="1"), Done)
    assert done == Done(play.now, "1", "You left #main.", (("channels", ["#main"]),))
    assert play.hears("bob") == [Left(play.now, "alice", "#main", "Lunch.")]


def test_the_other_sessions_of_who_parts_are_told() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.ask("alice", Part(("#main",)))
    assert kinds(play.hears("phone")) == [Left]


def test_one_parts_only_from_ones_own_channels_and_from_all_or_none() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#bobs",)))
    assert play.refusal("alice", Part(("#main", "#bobs"))) == "not-in-channel"
    assert play.refusal("alice", Part(("#none",))) == "not-in-channel"
    assert play.refusal("alice", Part(("main",))) == "no-such-channel"
    play.tell("alice", Part(("#main", "#MAIN")), Done)
    assert play.refusal("alice", Part()) == "no-channel"


def test_in_a_large_channel_coming_and_going_is_not_told() -> None:
    play = Playbook(quiet_above=2)
    play.enter("alice", "bob")
    play.connect("carol")
    told, entered = play.ask("carol", Login("carol"))
    assert isinstance(told, LoggedIn)
    assert (told.others, told.users) == ((), 3)
    assert isinstance(entered, Entered)
    assert (entered.names, entered.users) == ((), 3)
    play.ask("carol", SetAway("Lunch"))
    play.ask("carol", ChangeNick("caro"))
    assert play.hears("alice") == []
    play.ask("carol", SendMessage("hi"))
    assert said(play.hears("alice")) == ["hi"]
    assert play.tell("alice", ListNames(), NamesListed).names == ("alice", "bob", "caro")
    play.forget()
    play.ask("carol", Part())
    assert play.hears("alice") == []
    play.ask("bob", Part())
    assert kinds(play.hears("alice")) == [Left]


def test_ones_own_sessions_are_told_in_a_large_channel_too() -> None:
    play = Playbook(quiet_above=0)
    play.register("alice")
    play.enter("bob")
    play.again("phone", "alice")
    play.ask("alice", SetAway("Lunch"))
    play.ask("alice", ChangeNick("ann"))
    play.ask("alice", Part())
    assert kinds(play.hears("phone")) == [PresenceChanged, NickConfirmed, Renamed, Left]
    assert play.hears("bob") == []
