"""What users say of themselves."""

from __future__ import annotations

import pytest

from evchat.protocol.basics import Done
from evchat.protocol.channels import Part
from evchat.protocol.messages import SendMessage
from evchat.protocol.modes import Change
from evchat.protocol.people import WhoIs, WhoIsTold
from evchat.protocol.user_settings import (
    RealnameChanged,
    SetRealname,
    UserMode,
    UserModesChanged,
    UserModesTold,
)
from tests.core.playbook import Playbook, check_invariants, kinds, snapshot


def letters(play: Playbook) -> str:
    return play.tell("alice", UserMode(), UserModesTold).letters


def test_ones_own_modes_are_set_and_taken_away() -> None:
    play = Playbook()
    play.enter("alice")
    assert letters(play) == ""
    changed = play.tell("alice", UserMode("+wBi-o", id="1"), UserModesChanged)
    wanted = (Change(True, "w"), Change(True, "B"), Change(True, "i"))
    assert changed == UserModesChanged(play.now, "1", "alice", wanted)
    assert letters(play) == "iwB"
    user = play.chat.state.users["alice"]
    assert (user.invisible, user.wallops, user.who.bot) == (True, True, True)
    check_invariants(play.chat)
    assert play.tell("alice", UserMode("-i+w-w"), UserModesChanged).changes == (
        Change(False, "i"),
        Change(False, "w"),
    )
    assert letters(play) == "B"
    check_invariants(play.chat)


def test_nobody_becomes_an_operator_like_this_but_one_can_cease_to_be_one() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.tell("alice", UserMode("+o"), UserModesChanged).changes == ()
    user = play.chat.state.users["alice"]
    user.operator = "root"
    play.chat.state.flags_changed(user)
    assert letters(play) == "o"
    assert play.tell("alice", UserMode("-o"), UserModesChanged).changes == (Change(False, "o"),)
    assert letters(play) == ""
    check_invariants(play.chat)


def test_letters_that_there_are_not_are_passed_over_unless_there_is_no_other() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.refusal("alice", UserMode("+xz")) == "unknown-mode"
    assert play.tell("alice", UserMode("+xi"), UserModesChanged).changes == (Change(True, "i"),)


def test_the_modes_of_others_are_their_own_business() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    assert play.refusal("alice", UserMode("+i", "bob")) == "not-allowed"
    assert play.refusal("alice", UserMode(None, "carol")) == "no-such-user"
    assert kinds(play.ask("alice", UserMode(None, "ALICE"))) == [UserModesTold]
    play.ask("bob", UserMode("+iw"))
    assert play.tell("alice", WhoIs("bob"), WhoIsTold).person.modes == ""
    assert play.tell("bob", WhoIs("bob"), WhoIsTold).person.modes == "iw"


def test_what_a_bot_says_is_marked_as_a_bots() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", UserMode("+B"))
    play.ask("alice", SendMessage("beep"))
    assert [event.who.bot for event in play.hears("bob")] == [True]
    assert play.tell("bob", WhoIs("alice"), WhoIsTold).person.who.bot


def test_a_real_name_is_told_to_everyone_around() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob", "carol")
    play.ask("carol", Part())
    play.forget()
    done, told = play.ask("alice", SetRealname("Alice  A.", id="1"))
    assert done == Done(play.now, "1")
    assert told == RealnameChanged(play.now, "alice")
    assert told.who.realname == "Alice A."
    assert play.hears("bob") == play.hears("phone") == [told]
    assert play.hears("carol") == []
    assert kinds(play.ask("alice", SetRealname("Alice A."))) == [Done]
    assert play.ask("alice", SetRealname("-"))[1].who.realname == ""


@pytest.mark.parametrize("text", ["x" * 21, "é" * 11])
def test_a_real_name_has_a_limit(text: str) -> None:
    play = Playbook(max_realname_bytes=20)
    play.enter("alice")
    before = snapshot(play.chat)
    assert play.refusal("alice", SetRealname(text)) == "too-long"
    assert snapshot(play.chat) == before
