"""Who is and was online, what one may know of them, away, blocking."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.protocol import events as e
from evchat.protocol import requests as r
from tests.core.playbook import START, Playbook, kinds, snapshot

MINUTE = 60_000

# ---- who ------------------------------------------------------------------------------------------------------


def test_who_tells_about_everyone_online() -> None:
    play = Playbook()
    play.register("bob")
    play.now += MINUTE
    play.enter("Alice")
    play.again("phone", "bob")
    play.ask("bob", r.Join(("#tea",)))
    play.ask("bob", r.Away("Lunch"))
    play.now += MINUTE
    listed = play.tell("Alice", r.Who(id="1"), e.PeopleListed)
    alice = e.Person(
        "Alice", True, False, START + MINUTE, play.now, 0, None, ("#main",), 1, address="192.0.2.1"
    )
    bob = e.Person("bob", True, True, START, play.now, MINUTE, "Lunch", ("#main",), 2)
    assert listed == e.PeopleListed(play.now, "1", (alice, bob))


def test_whoelse_leaves_oneself_out() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    assert [x.name for x in play.tell("alice", r.Who(others=True), e.PeopleListed).people] == ["bob"]


def test_only_channels_in_common_are_told() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", r.Join(("#secret",)))
    assert play.tell("alice", r.WhoIs("bob"), e.WhoIsTold).person.channels == ("#main",)
    assert play.tell("bob", r.WhoIs("bob"), e.WhoIsTold).person.channels == ("#main", "#secret")


def test_a_list_has_so_many_rows_and_counts_the_rest() -> None:
    play = Playbook(list_max=2)
    play.enter("alice", "bob", "carol", "dora")
    play.leave("dora")
    who = play.tell("alice", r.Who(), e.PeopleListed)
    assert ([x.name for x in who.people], who.omitted) == (["alice", "bob"], 1)
    last = play.tell("alice", r.WhoLast(5), e.PeopleListed)
    assert ([x.name for x in last.people], last.omitted) == (["alice", "bob"], 2)


def test_a_sign_of_life_of_the_program_is_no_activity_of_the_person() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.now += MINUTE
    play.ask("bob", r.Pong())
    play.ask("bob", r.Ping())
    assert play.tell("alice", r.WhoIs("bob"), e.WhoIsTold).person.idle == MINUTE
    play.ask("bob", r.Names())
    assert play.tell("alice", r.WhoIs("bob"), e.WhoIsTold).person.idle == 0


# ---- wholast --------------------------------------------------------------------------------------------------


def test_wholast_tells_who_is_and_who_was_there_the_latest_first() -> None:
    play = Playbook()
    play.enter("long", "lately", "justnow", "alice")
    for who in ("long", "lately", "justnow"):
        play.now += 10 * MINUTE
        play.leave(who)
    play.now += MINUTE
    listed = play.tell("alice", r.WhoLast(15, id="1"), e.PeopleListed)
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
    assert [x.name for x in play.tell("alice", r.WhoLast(5), e.PeopleListed).people] == ["alice", "bob"]


def test_wholast_of_no_time_tells_who_is_there() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.leave("bob")
    play.now += 1
    assert [x.name for x in play.tell("alice", r.WhoLast(0), e.PeopleListed).people] == ["alice"]


# ---- whois ----------------------------------------------------------------------------------------------------


def test_whois_tells_when_somebody_was_last_seen() -> None:
    play = Playbook()
    play.register("Bob")
    play.enter("guest", "alice")
    play.leave("Bob")
    play.now += MINUTE
    play.leave("guest")
    play.now += MINUTE
    assert play.tell("alice", r.WhoIs("BOB", id="1"), e.WhoIsTold) == e.WhoIsTold(
        play.now, "1", e.Person("Bob", False, True, seen=START)
    )
    assert play.tell("alice", r.WhoIs("Guest"), e.WhoIsTold).person == e.Person(
        "guest", False, False, seen=START + MINUTE
    )


def test_whois_of_an_account_that_was_never_seen() -> None:
    play = Playbook()
    play.disk.save(rec.Account("bob", "Bob", "-", 5))
    play.enter("alice")
    assert play.tell("alice", r.WhoIs("bob"), e.WhoIsTold).person == e.Person("Bob", False, True, seen=5)


@pytest.mark.parametrize("name", ["nobody", "", "*", "#main", "server", "a b", "\ud800", "x" * 60_000])
def test_nobody_ever_had_that_name(name: str) -> None:
    play = Playbook()
    play.enter("alice")
    asked = len(play.disk.asked)
    assert play.refusal("alice", r.WhoIs(name)) == "no-such-user"
    assert play.refusal("alice", r.Block(name)) == "no-such-user"
    keys = [getattr(query, "user", "") for query in play.disk.asked[asked:]]
    assert set(keys) <= {"alice", "nobody"}, "the store is not asked for what can't be a name"


# ---- away -----------------------------------------------------------------------------------------------------


def test_who_is_away_and_back_is_told_to_those_around() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("carol", r.Part())
    play.forget()
    assert play.tell("alice", r.Away(" At  lunch ", id="1"), e.Done).text == "You are marked as away."
    assert play.hears("bob") == [e.PresenceChanged(play.now, "alice", "At lunch")]
    play.ask("alice", r.Away("At lunch"))
    assert play.hears("bob") == []
    assert play.tell("alice", r.Away(), e.Done).text == "You are no longer marked as away."
    assert play.hears("bob") == [e.PresenceChanged(play.now, "alice", None)]
    assert play.hears("carol") == []


def test_an_away_message_of_nothing_means_back() -> None:
    play = Playbook()
    play.enter("alice")
    for text in ("", "  ", None):
        play.ask("alice", r.Away("Lunch"))
        play.ask("alice", r.Away(text))
        assert play.chat.users["alice"].away is None


def test_an_away_message_has_so_many_bytes_and_no_more() -> None:
    play = Playbook(max_away_bytes=4)
    play.enter("alice")
    assert play.refusal("alice", r.Away("ééx")) == "too-long"
    play.tell("alice", r.Away("éé"), e.Done)


# ---- block ----------------------------------------------------------------------------------------------------


def test_blocked_users_are_listed_as_they_write_themselves() -> None:
    play = Playbook()
    play.enter("alice", "Troll", "Elf")
    play.leave("Elf")
    play.ask("alice", r.Block("TROLL"))
    play.ask("alice", r.Block("elf"))
    assert play.tell("alice", r.Blocked(id="1"), e.BlockedListed) == e.BlockedListed(
        play.now, "1", ("Elf", "Troll")
    )
    assert kinds(play.ask("alice", r.Block("troll", on=False))) == [e.Done]
    assert play.tell("alice", r.Blocked(), e.BlockedListed).names == ("Elf",)


def test_blocking_twice_is_no_error_and_is_kept_once() -> None:
    play = Playbook()
    play.enter("alice", "troll")
    play.ask("alice", r.Block("troll"))
    play.tell("alice", r.Block("Troll"), e.Done)
    assert len([x for x in play.disk.kept if isinstance(x, rec.Blocking)]) == 1


def test_whom_one_can_not_block() -> None:
    play = Playbook(max_blocked=1)
    play.enter("alice", "troll", "elf")
    assert play.refusal("alice", r.Block("Alice")) == "bad-name"
    assert play.refusal("alice", r.Block("troll", on=False)) == "not-blocked"
    play.ask("alice", r.Block("troll"))
    assert play.refusal("alice", r.Block("elf")) == "too-many-blocked"
    play.tell("alice", r.Block("troll"), e.Done)


def test_a_blocked_user_is_told_nothing() -> None:
    play = Playbook()
    play.enter("alice", "troll")
    play.ask("alice", r.Block("troll"))
    play.ask("alice", r.Block("troll", on=False))
    assert play.hears("troll") == []


@pytest.mark.parametrize("came_back", [False, True])
def test_a_block_that_could_not_be_kept_is_undone(came_back: bool) -> None:
    play = Playbook()
    play.enter("alice", "troll", "elf")
    play.ask("alice", r.Block("elf"))
    before = snapshot(play.chat)["users"]
    play.decide("alice", r.Block("troll"))
    play.decide("alice", r.Block("elf", on=False))
    if came_back:  # with the blocks that are not committed yet
        play.decide("troll", r.Logout())
        play.decide("troll", r.Login("troll"))
        play.decide("elf", r.Nick("fairy"))
        play.decide("elf", r.Nick("elf"))
    play.commit(fails=True)
    after = snapshot(play.chat)["users"]
    blocked_by = 5
    assert {key: user[blocked_by] for key, user in after.items()} == {
        key: user[blocked_by] for key, user in before.items()
    }
