"""Channel modes: asked for, changed in a line, roles and bans one at a time."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core.effects import Reply
from evchat.protocol.bans import Ban
from evchat.protocol.basics import Done, Failed
from evchat.protocol.channels import (
    Entered,
    Join,
    ListNames,
    Member,
    NamesListed,
    Part,
    Topic,
)
from evchat.protocol.login import ChangeNick
from evchat.protocol.membership import Kick
from evchat.protocol.modes import Change, ChannelMode, GrantRole, ListEntry, ModeListed, ModesChanged, write
from tests.core.operators import play_with_root
from tests.core.playbook import (
    Playbook,
    check_against_store,
    check_invariants,
    kinds,
    snapshot,
)
from tests.core.rooms import mode, owned, refused, roles, room, told
from tests.profiles import examples


def test_who_makes_a_channel_keeps_order_in_it_and_who_comes_later_does_not() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    entered = play.tell("alice", Join(("#tea",)), Entered)
    assert entered.members == (Member("alice", "o"),)
    assert (entered.created, entered.secret) == (play.now, False)
    entered = play.tell("bob", Join(("#tea",)), Entered)
    assert entered.members == (Member("alice", "o"), Member("bob"))
    assert roles(play) == {"alice": "o", "bob": ""}


def test_nobody_keeps_order_in_main_by_coming_first() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.tell("alice", ListNames("#main"), NamesListed).members == (Member("alice"),)
    play.ask("alice", Part())
    play.ask("alice", Join(("#main",)))
    assert refused(play, "alice", Kick("alice", to="#main")) == ("not-operator", "#main")


def test_roles_are_given_and_taken_and_everybody_hears_it_once() -> None:
    play = room("bob")
    done, changed = play.ask("alice", GrantRole("BOB", "v", to="#tea", id="1"))
    assert done == Done(play.now, "1")
    assert changed == ModesChanged(play.now, "#tea", "alice", (Change(True, "v", "bob"),))
    assert play.hears("bob") == [changed]
    play.ask("alice", GrantRole("bob", "o", to="#tea"))
    assert roles(play) == {"alice": "o", "bob": "ov"}
    play.ask("bob", GrantRole("alice", "o", False, to="#tea"))
    assert roles(play) == {"alice": "", "bob": "ov"}
    assert refused(play, "alice", GrantRole("alice", "o", to="#tea")) == ("not-operator", "#tea")


def test_a_change_that_changes_nothing_is_not_told() -> None:
    play = room("bob")
    for request in (GrantRole("alice", "o", to="#tea"), mode("+n"), mode("-k x"), Ban("x", False, "#tea")):
        (done,) = play.ask("alice", request)
        assert isinstance(done, Done) and done.text == "Nothing changed."
    assert play.hears("bob") == []


def test_a_role_goes_with_who_leaves_and_follows_another_name() -> None:
    play = room("bob")
    play.ask("alice", ChangeNick("alicia"))
    assert roles(play) == {"alicia": "o", "bob": ""}
    play.ask("alice", Part(("#tea",)))
    play.ask("alice", Join(("#tea",)))
    assert roles(play) == {"alicia": "", "bob": ""}
    check_invariants(play.chat)


def test_a_role_is_given_only_to_who_is_there() -> None:
    play = room("bob")
    assert refused(play, "alice", GrantRole("carol", "o", to="#tea")) == ("not-a-member", "carol")
    assert refused(play, "alice", GrantRole("dora", "o", to="#tea")) == ("no-such-user", "dora")
    assert refused(play, "alice", GrantRole("bob", "q", to="#tea"))[0] == "bad-request"


def test_modes_are_asked_and_changed_in_one_line() -> None:
    play = room("bob")
    assert told(play) == "+n"
    done, changed = play.ask("alice", mode("+mtk-n+l word 20", id="1"))
    assert done == Done(play.now, "1")
    assert isinstance(changed, ModesChanged)
    assert write(changed.changes) == "+mtk-n+l word 20"
    assert told(play) == "+mtkl word 20"
    assert told(play, "carol") == "+mtlk 20", "a key is for members"
    play.ask("alice", mode("-klm whatever"))
    assert told(play) == "+t"


def test_what_can_be_changed_is_changed_and_each_problem_is_told() -> None:
    play = room("bob")
    heard = play.ask("alice", mode("+xmo dora", id="1"))
    assert [(x.code, x.about, x.reply_to) for x in heard if isinstance(x, Failed)] == [
        ("unknown-mode", "x", "1"),
        ("no-such-user", "dora", "1"),
    ]
    assert kinds(heard) == [Failed, Failed, ModesChanged]
    assert kinds(play.hears("bob")) == [ModesChanged]
    assert told(play) == "+nm" or told(play) == "+mn"


@pytest.mark.parametrize(
    ("line", "code", "about"),
    [
        ("+o", "missing-value", "o"),
        ("+k", "missing-value", "k"),
        ("+l", "missing-value", "l"),
        ("+l many", "bad-value", "l"),
        ("+l 0", "bad-value", "l"),
        ("+l -3", "bad-value", "l"),
        ("+l ٣", "bad-value", "l"),
        ("+k a,b", "bad-value", "k"),
        ("+k :a", "bad-value", "k"),
        ("+k " + "x" * 33, "bad-value", "k"),
        ("+b " + "x" * 300, "bad-value", "b"),
        ("+b :x", "bad-value", "b"),
        ("+Z", "unknown-mode", "Z"),
        ("m" * 51, "too-long", ""),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(line: str, code: str, about: str) -> None:
    play = room()
    assert refused(play, "alice", mode(line)) == (code, about)


def test_the_lists_may_be_seen_by_all_who_may_know_of_the_channel() -> None:
    play = room("bob")
    play.ask("alice", mode("+beI bob *!*@*.example a:carol"))
    entry = ListEntry("bob!*@*", "alice", play.now)
    for who in ("alice", "bob", "carol"):
        listed = play.tell(who, mode("b", id="1"), ModeListed)
        assert listed == ModeListed(play.now, "1", "#tea", "b", (entry,))
        assert play.tell(who, Ban(to="#tea"), ModeListed).entries == (entry,)
    listed_all = [x for x in play.ask("carol", mode("+eI")) if isinstance(x, ModeListed)]
    assert [(x.letter, [y.mask for y in x.entries]) for x in listed_all] == [
        ("e", ["*!*@*.example"]),
        ("I", ["a:carol"]),
    ]


def test_a_list_has_so_many_entries_and_no_more() -> None:
    play = room(max_list_entries=2)
    play.ask("alice", mode("+be x y"))
    assert refused(play, "alice", mode("+I z")) == ("list-full", "z!*@*")
    play.ask("alice", Ban("X", False, "#tea"))
    play.tell("alice", Ban("z", to="#tea"), Done)


@examples(200)
@given(st.lists(st.text(st.sampled_from("+-beIkliomnstCvxq abob:*!@5"), max_size=24), min_size=1, max_size=6))
def test_no_line_of_changes_breaks_the_channel_and_what_is_told_is_what_has_changed(lines: list[str]) -> None:
    play = owned()
    for line in lines:
        before = snapshot(play.chat)["channels"]["#tea"]
        heard = play.ask("alice", mode(line))
        assert heard
        after = snapshot(play.chat)["channels"]["#tea"]
        changed = [event for event in heard if isinstance(event, ModesChanged)]
        assert play.hears("bob") == changed
        assert len(changed) <= 1
        if not changed:
            assert after == before
        check_invariants(play.chat)
        check_against_store(play.chat)
        play.chat.state.channels["#tea"].operators.add(play.chat.state.users["alice"])


@pytest.mark.parametrize(
    "line",
    [
        "+m",
        "-n",
        "+k x",
        "+l 3",
        "+b x",
        "-b carol",
        "+v bob",
        "-o alice",
        "+mklb-n+v-bo a 2 b bob carol alice",
    ],
)
def test_changes_that_could_not_be_kept_are_undone(line: str) -> None:
    play = owned()
    play.ask("alice", mode("+b carol"))
    before = snapshot(play.chat)
    play.decide("alice", mode(line, id="1"))
    assert snapshot(play.chat) != before
    play.commit(fails=True)
    assert snapshot(play.chat) == before
    check_against_store(play.chat)
    failed = [x for x in play.hears("alice") if isinstance(x, Failed)]
    assert [(x.code, x.reply_to) for x in failed] == [("storage", "1")]
    assert not any(isinstance(x, ModesChanged) for x in play.hears("bob")[1:])


def test_a_role_that_could_not_be_taken_is_not_given_back_to_who_has_left() -> None:
    play = owned()
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.decide("alice", GrantRole("bob", "v", False, to="#tea"))
    play.decide("bob", Part(("#tea",)))
    play.commit(fails=True)
    assert roles(play) == {"alice": "o"}
    check_invariants(play.chat)


def test_a_channel_that_everybody_has_left_takes_no_modes() -> None:
    play = play_with_root("alice")
    play.ask("alice", Join(("#tea",)))
    play.ask("alice", Topic("Tea", "#tea"))
    play.ask("alice", Part(("#tea",)))
    play.forget()
    assert play.refusal("root", ChannelMode("+is", "#tea")) == "no-such-channel"
    assert play.refusal("root", Ban("*", True, "#tea")) == "no-such-channel"
    assert play.refusal("root", ChannelMode(None, "#tea")) == "no-such-channel"
    check_invariants(play.chat)


def test_changes_that_are_refused_leave_nothing_for_the_garbage_collector() -> None:
    play = Playbook(max_list_entries=1)
    play.enter("alice")
    play.ask("alice", Join(("#tea",)))
    request = ChannelMode("+bbb a b c", "#tea")
    gc.collect()
    gc.disable()
    try:
        effects = play.chat.request(play.sid("alice"), request, play.now)
        assert sum(isinstance(x, Reply) and isinstance(x.event, Failed) for x in effects) == 2
        del effects
        assert gc.collect() == 0
    finally:
        gc.enable()
