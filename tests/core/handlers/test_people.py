"""Who is and was online, what one may know of them, away, blocking."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.protocol.basics import Done, Ping, Pong
from evchat.protocol.channels import Join, ListNames, Part
from evchat.protocol.login import ChangeNick, Login, Logout
from evchat.protocol.people import (
    Block,
    BlockedListed,
    ListBlocked,
    PeopleListed,
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
