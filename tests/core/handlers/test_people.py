"""Who is and was online, what one may know of them, away, blocking."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core import records as rec
from evchat.protocol.basics import Done, Ping, Pong
from evchat.protocol.channels import Join, ListNames, NamesListed, Part
from evchat.protocol.login import ChangeNick, Login, Logout
from evchat.protocol.modes import ChannelMode
from evchat.protocol.patterns import matcher
from evchat.protocol.people import (
    Block,
    BlockedListed,
    ChannelMembership,
    Counts,
    CountsTold,
    FindUsers,
    GetCounts,
    ListBlocked,
    LookUpUsers,
    PeopleFound,
    PeopleListed,
    PeopleTold,
    Person,
    PresenceChanged,
    SetAway,
    Who,
    WhoIs,
    WhoIsTold,
    WhoLast,
)
from tests.core.playbook import START, Playbook, kinds, snapshot

MINUTE = 60_000

# ---- who ------------------------------------------------------------------------------------------------------


def test_who_tells_about_everyone_online() -> None:
    play = Playbook()
    play.register("bob")
    play.now += MINUTE
    play.enter("Alice")
    play.again("phone", "bob")
    play.ask("bob", Join(("#tea",)))
    play.ask("bob", SetAway("Lunch"))
    play.now += MINUTE
    listed = play.tell("Alice", Who(id="1"), PeopleListed)
    alice = Person(
        "Alice", True, False, START + MINUTE, play.now, 0, None, ("#main",), 1, address="192.0.2.1"
    )
    bob = Person("bob", True, True, START, play.now, MINUTE, "Lunch", ("#main",), 2)
    assert listed == PeopleListed(play.now, "1", (alice, bob))


def test_whoelse_leaves_oneself_out() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    assert [x.name for x in play.tell("alice", Who(others=True), PeopleListed).people] == ["bob"]


def test_a_list_has_so_many_rows_and_counts_the_rest() -> None:
    play = Playbook(list_max=2)
    play.enter("alice", "bob", "carol", "dora")
    play.leave("dora")
    who = play.tell("alice", Who(), PeopleListed)
    assert ([x.name for x in who.people], who.omitted) == (["alice", "bob"], 1)
    last = play.tell("alice", WhoLast(5), PeopleListed)
    assert ([x.name for x in last.people], last.omitted) == (["alice", "bob"], 2)


def test_a_sign_of_life_of_the_program_is_no_activity_of_the_person() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.now += MINUTE
    play.ask("bob", Pong())
    play.ask("bob", Ping())
    assert play.tell("alice", WhoIs("bob"), WhoIsTold).person.idle == MINUTE
    play.ask("bob", ListNames())
    assert play.tell("alice", WhoIs("bob"), WhoIsTold).person.idle == 0


# ---- wholast --------------------------------------------------------------------------------------------------


def test_wholast_tells_who_is_and_who_was_there_the_latest_first() -> None:
    play = Playbook()
    play.enter("long", "lately", "justnow", "alice")
    for who in ("long", "lately", "justnow"):
        play.now += 10 * MINUTE
        play.leave(who)
    play.now += MINUTE
    listed = play.tell("alice", WhoLast(15, id="1"), PeopleListed)
    assert (listed.minutes, listed.omitted, listed.reply_to) == (15, 0, "1")
    assert [(x.name, x.online, play.now - x.seen) for x in listed.people] == [
        ("alice", True, 0),
        ("justnow", False, MINUTE),
        ("lately", False, 11 * MINUTE),
    ]


def test_wholast_tells_nobody_twice() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.leave("bob")
    play.enter("bob")
    assert [x.name for x in play.tell("alice", WhoLast(5), PeopleListed).people] == ["alice", "bob"]


def test_wholast_of_no_time_tells_who_is_there() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.leave("bob")
    play.now += 1
    assert [x.name for x in play.tell("alice", WhoLast(0), PeopleListed).people] == ["alice"]


# ---- whois ----------------------------------------------------------------------------------------------------


def test_whois_tells_when_somebody_was_last_seen() -> None:
    play = Playbook()
    play.register("Bob")
    play.enter("guest", "alice")
    play.leave("Bob")
    play.now += MINUTE
    play.leave("guest")
    play.now += MINUTE
    assert play.tell("alice", WhoIs("BOB", id="1"), WhoIsTold) == WhoIsTold(
        play.now, "1", Person("Bob", False, True, seen=START)
    )
    assert play.tell("alice", WhoIs("Guest"), WhoIsTold).person == Person(
        "guest", False, False, seen=START + MINUTE
    )


# ---- away -----------------------------------------------------------------------------------------------------


def test_who_is_away_and_back_is_told_to_those_around() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("carol", Part())
    play.forget()
    assert play.tell("alice", SetAway(" At  lunch ", id="1"), Done).text == "You are marked as away."
    assert play.hears("bob") == [PresenceChanged(play.now, "alice", "At lunch")]
    play.ask("alice", SetAway("At lunch"))
    assert play.hears("bob") == []
    assert play.tell("alice", SetAway(), Done).text == "You are no longer marked as away."
    assert play.hears("bob") == [PresenceChanged(play.now, "alice", None)]
    assert play.hears("carol") == []


def test_an_away_message_of_nothing_means_back() -> None:
    play = Playbook()
    play.enter("alice")
    for text in ("", "  ", None):
        play.ask("alice", SetAway("Lunch"))
        play.ask("alice", SetAway(text))
        assert play.chat.state.users["alice"].away is None


def test_an_away_message_has_so_many_bytes_and_no_more() -> None:
    play = Playbook(max_away_bytes=4)
    play.enter("alice")
    assert play.refusal("alice", SetAway("ééx")) == "too-long"
    play.tell("alice", SetAway("éé"), Done)


# ---- block ----------------------------------------------------------------------------------------------------


def test_blocked_users_are_listed_as_they_write_themselves() -> None:
    play = Playbook()
    play.enter("alice", "Troll", "Elf")
    play.leave("Elf")
    play.ask("alice", Block("TROLL"))
    play.ask("alice", Block("elf"))
    assert play.tell("alice", ListBlocked(id="1"), BlockedListed) == BlockedListed(
        play.now, "1", ("Elf", "Troll")
    )
    assert kinds(play.ask("alice", Block("troll", on=False))) == [Done]
    assert play.tell("alice", ListBlocked(), BlockedListed).names == ("Elf",)


def test_blocking_twice_is_no_error_and_is_kept_once() -> None:
    play = Playbook()
    play.enter("alice", "troll")
    play.ask("alice", Block("troll"))
    play.tell("alice", Block("Troll"), Done)
    assert len([x for x in play.disk.kept if isinstance(x, rec.Blocking)]) == 1


def test_whom_one_can_not_block() -> None:
    play = Playbook(max_blocked=1)
    play.enter("alice", "troll", "elf")
    assert play.refusal("alice", Block("Alice")) == "bad-name"
    assert play.refusal("alice", Block("troll", on=False)) == "not-blocked"
    play.ask("alice", Block("troll"))
    assert play.refusal("alice", Block("elf")) == "too-many-blocked"
    play.tell("alice", Block("troll"), Done)


def test_a_blocked_user_is_told_nothing() -> None:
    play = Playbook()
    play.enter("alice", "troll")
    play.ask("alice", Block("troll"))
    play.ask("alice", Block("troll", on=False))
    assert play.hears("troll") == []


@pytest.mark.parametrize("came_back", [False, True])
def test_a_block_that_could_not_be_kept_is_undone(came_back: bool) -> None:
    play = Playbook()
    play.enter("alice", "troll", "elf")
    play.ask("alice", Block("elf"))
    before = snapshot(play.chat)["users"]
    play.decide("alice", Block("troll"))
    play.decide("alice", Block("elf", on=False))
    if came_back:  # with the blocks that are not committed yet
        play.decide("troll", Logout())
        play.decide("troll", Login("troll"))
        play.decide("elf", ChangeNick("fairy"))
        play.decide("elf", ChangeNick("elf"))
    play.commit(fails=True)
    after = snapshot(play.chat)["users"]
    blocked_by = 5
    assert {key: user[blocked_by] for key, user in after.items()} == {
        key: user[blocked_by] for key, user in before.items()
    }


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
