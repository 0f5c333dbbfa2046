"""Membership: joins, parts, kicks and invitations."""

from __future__ import annotations

import pytest

from evchat.protocol.basics import Done
from evchat.protocol.channels import (
    Entered,
    Join,
    Joined,
    Left,
    ListNames,
    NamesListed,
    Part,
    Topic,
)
from evchat.protocol.history import HistoryListed
from evchat.protocol.login import ChangeNick, LoggedIn, Login, NickConfirmed, Renamed
from evchat.protocol.membership import Invite, Invited, InviteSent, InviteTold, Kick, Kicked
from evchat.protocol.messages import MessageAccepted, SendMessage
from evchat.protocol.people import Block, PresenceChanged, SetAway
from tests.core.playbook import Playbook, check_invariants, kinds, said, snapshot
from tests.core.rooms import join, mode, refused, room


def test_who_joins_is_told_the_channel_and_the_others_who_came() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", Join(("#Tea",)))
    play.ask("alice", Topic("Green or black?", "#tea"))
    play.ask("alice", SendMessage("hi", "#tea"))
    play.forget()
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


def test_an_operators_invitation_opens_everything_once() -> None:
    play = room()
    play.ask("alice", mode("+iklb x 1 bob"))
    sent = play.tell("alice", Invite("Bob", "#tea", id="1"), InviteSent)
    assert sent == InviteSent(play.now, "1", "bob", "#tea")
    assert play.hears("bob") == [Invited(play.now, "bob", "#tea", "alice")]
    play.tell("bob", join(), Entered)
    play.ask("bob", Part(("#tea",)))
    assert refused(play, "bob", join())[0] == "banned"


def test_a_members_invitation_is_only_told_and_opens_nothing() -> None:
    play = room("bob")
    play.ask("alice", mode("+k x"))
    play.tell("bob", Invite("carol", "#tea"), InviteSent)
    assert play.hears("carol") == [Invited(play.now, "carol", "#tea", "bob")]
    assert InviteTold(play.now, "carol", "#tea", "bob") in play.hears("alice")
    assert refused(play, "carol", join())[0] == "wrong-key"
    play.ask("alice", mode("+i"))
    assert refused(play, "bob", Invite("carol", "#tea")) == ("not-operator", "#tea")


def test_an_invitation_goes_with_the_channel_it_was_for() -> None:
    play = room()
    play.ask("alice", Invite("bob", "#tea"))
    play.ask("alice", Part(("#tea",)))
    play.ask("carol", Join(("#tea",)))
    play.ask("carol", mode("+i"))
    assert refused(play, "bob", join())[0] == "invite-only"


def test_who_blocks_somebody_is_not_invited_by_them_and_they_are_not_told() -> None:
    play = room()
    play.ask("bob", Block("alice"))
    play.forget()
    play.tell("alice", Invite("bob", "#tea"), InviteSent)
    assert play.hears("bob") == []


def test_who_can_not_be_invited() -> None:
    play = room("bob")
    assert refused(play, "alice", Invite("bob", "#tea")) == ("already-a-member", "bob")
    assert refused(play, "alice", Invite("dora", "#tea")) == ("no-such-user", "dora")
    assert refused(play, "carol", Invite("bob", "#tea")) == ("not-in-channel", "#tea")
    assert refused(play, "carol", Invite("bob", "#none")) == ("no-such-channel", "#none")


def test_who_is_kicked_is_out_and_everybody_hears_it() -> None:
    play = room("bob")
    play.ask("bob", Join(("#tea",), current=True))
    play.forget()
    done, kicked = play.ask("alice", Kick("Bob", "spam", "#tea", id="1"))
    assert done == Done(play.now, "1")
    assert kicked == Kicked(play.now, "bob", "#tea", "alice", "spam")
    assert play.hears("bob") == [kicked]
    assert play.tell("bob", SendMessage("where am I?"), MessageAccepted).to == "#main"
    check_invariants(play.chat)


def test_the_last_one_can_kick_oneself_and_the_channel_goes() -> None:
    play = room()
    play.ask("alice", Kick("alice", to="#tea"))
    assert "#tea" not in play.chat.state.channels
    check_invariants(play.chat)


def test_who_can_not_be_kicked() -> None:
    play = room("bob")
    assert refused(play, "bob", Kick("alice", to="#tea")) == ("not-operator", "#tea")
    assert refused(play, "carol", Kick("alice", to="#tea")) == ("not-in-channel", "#tea")
    assert refused(play, "alice", Kick("carol", to="#tea")) == ("not-a-member", "carol")
    assert refused(play, "alice", Kick("dora", to="#tea")) == ("no-such-user", "dora")
    assert refused(play, "alice", Kick("bob", "x" * 400, "#tea"))[0] == "too-long"
