"""Finding people online, and counting them."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import translate

from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.channels import Join, ListNames, NamesListed, Part
from evchat.protocol.login import Logout
from evchat.protocol.modes import ChannelMode
from evchat.protocol.patterns import matcher
from evchat.protocol.people import (
    ChannelMembership,
    Counts,
    CountsTold,
    FindUsers,
    GetCounts,
    LookUpUsers,
    PeopleFound,
    PeopleListed,
    PeopleTold,
    Who,
    WhoIs,
    WhoIsTold,
    WhoLast,
)
from tests.core.playbook import Playbook


def found(play: Playbook, mask: str, who: str = "alice", *, operators: bool = False) -> list[str]:
    told = play.tell(who, FindUsers(mask, operators), PeopleFound)
    return [person.name for person, _ in told.people]


def call(play: Playbook, who: str, **facts: str) -> None:
    """Somebody is somebody beside the name."""
    user = play.chat.state.users[who]
    user.who = replace(user.who, **facts)


def hide(play: Playbook, who: str) -> None:
    user = play.chat.state.users[who]
    user.invisible = True
    play.chat.state.flags_changed(user)


# ---- masks ----------------------------------------------------------------------------------------------------


@given(st.text("ab*?[\\", max_size=8), st.text("abA[\\\n", max_size=8))
def test_a_mask_means_what_it_means_elsewhere(mask: str, text: str) -> None:
    shell = re.compile(translate(mask.replace("[", "[[]")), re.IGNORECASE)
    assert matcher(mask)(text) is (shell.match(text) is not None)


def test_no_mask_takes_forever() -> None:
    assert not matcher("*a" * 90 + "*b")("a" * 30_000)
    assert not matcher("*" + "?" * 100 + "*b")("a" * 3_000)


def test_people_are_found_by_all_that_they_are_called() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    call(play, "alice", username="ali", host="home.example")
    call(play, "bob", realname="Bob the Builder")
    assert found(play, "*O*") == ["alice", "bob", "carol"]  # by the host, too
    assert found(play, "?o?") == ["bob"]
    assert found(play, "ALI") == ["alice"]
    assert found(play, "*.example") == ["alice"]
    assert found(play, "*the b*") == ["bob"]
    assert found(play, "nobody") == []


def test_everybody_is_found_once() -> None:
    play = Playbook()
    play.enter("bob", "alice")
    call(play, "alice", username="alice", realname="alice")
    assert found(play, "alice") == ["alice"]
    assert found(play, "*") == found(play, "0") == found(play, "") == ["alice", "bob"]


def test_who_is_found_by_a_mask_comes_with_a_channel_that_one_shares() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    (_, seat) = play.tell("alice", FindUsers("bob"), PeopleFound).people[0]
    assert seat == ChannelMembership("#main")
    play.ask("bob", Part())
    (_, seat) = play.tell("alice", FindUsers("bob"), PeopleFound).people[0]
    assert seat is None


def test_a_channel_s_members_are_found() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("bob", Join(("#Tea",)))
    told = play.tell("alice", FindUsers("#tea", id="1"), PeopleFound)
    assert (told.reply_to, told.mask, told.omitted) == ("1", "#tea", 0)
    assert [(person.name, seat) for person, seat in told.people] == [("bob", ChannelMembership("#Tea", "o"))]
    assert found(play, "#none") == []


def test_the_invisible_are_found_by_who_shares_a_channel_and_by_their_exact_name() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("bob", Join(("#tea",)))
    hide(play, "bob")
    assert found(play, "b*") == found(play, "#tea") == ["bob"]
    play.ask("alice", Part())
    assert found(play, "b*") == found(play, "#tea") == []
    assert found(play, "BOB") == ["bob"]
    assert play.tell("alice", ListNames("#tea"), NamesListed).names == ()
    assert play.tell("bob", ListNames("#tea"), NamesListed).names == ("bob",)
    assert [x.name for x in play.tell("alice", Who(), PeopleListed).people] == ["alice", "carol"]
    assert [x.name for x in play.tell("alice", WhoLast(5), PeopleListed).people] == ["alice", "carol"]
    play.chat.state.users["alice"].operator = "root"
    play.chat.state.flags_changed(play.chat.state.users["alice"])
    assert found(play, "b*") == ["bob"]


def test_only_operators_are_found_if_only_they_are_wanted() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.chat.state.users["bob"].operator = "root"
    play.chat.state.flags_changed(play.chat.state.users["bob"])
    assert found(play, "*", operators=True) == ["bob"]
    assert found(play, "#main", operators=True) == ["bob"]


def test_a_secret_channel_is_found_by_who_is_in_it_alone() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#tea",)))
    play.ask("bob", ChannelMode("+s", "#tea"))
    assert found(play, "#tea", "bob") == ["bob"]
    assert found(play, "#tea") == []
    assert seats_of(play, "alice", "bob") == (ChannelMembership("#main"),)
    assert seats_of(play, "bob", "bob") == (ChannelMembership("#main"), ChannelMembership("#tea", "o"))


def seats_of(play: Playbook, who: str, name: str) -> tuple[ChannelMembership, ...]:
    return play.tell(who, WhoIs(name), WhoIsTold).person.seats


def test_a_find_has_so_many_rows_and_counts_the_rest() -> None:
    play = Playbook(list_max=2)
    play.enter("alice", "bob", "carol")
    told = play.tell("alice", FindUsers("*"), PeopleFound)
    assert ([person.name for person, _ in told.people], told.omitted) == (["alice", "bob"], 1)


def test_a_mask_can_be_too_long() -> None:
    play = Playbook(max_mask=10)
    play.enter("alice")
    assert play.refusal("alice", FindUsers("?" * 11)) == "too-long"


# ---- by names -------------------------------------------------------------------------------------------------


def test_a_look_tells_who_of_those_named_is_online_in_that_order() -> None:
    play = Playbook()
    play.enter("alice", "bob", "Carol")
    hide(play, "bob")
    told = play.tell("alice", LookUpUsers(("CAROL", "nobody", "bob", "carol"), id="1"), PeopleTold)
    assert told.reply_to == "1"
    assert [person.name for person in told.people] == ["Carol", "bob"]


def test_one_asks_about_so_many_at_once() -> None:
    play = Playbook(list_max=2)
    play.enter("alice")
    assert play.refusal("alice", LookUpUsers(("a", "b", "c"))) == "too-many-names"


# ---- how many -------------------------------------------------------------------------------------------------


def test_all_are_counted() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol", "dora")
    play.connect("stranger")
    play.ask("alice", Join(("#tea",)))
    hide(play, "bob")
    play.chat.state.users["carol"].operator = "root"
    play.chat.state.flags_changed(play.chat.state.users["carol"])
    play.leave("dora")
    told = play.tell("alice", GetCounts(id="1"), CountsTold)
    assert told == CountsTold(play.now, "1", Counts(3, 1, 1, 2, 1, 4))
    play.leave("bob")
    play.ask("carol", Logout())
    assert play.tell("alice", GetCounts(), CountsTold).counts == Counts(1, 0, 0, 2, 2, 4)
