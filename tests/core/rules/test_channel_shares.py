"""Shares: channels and entries on lists by account and by address, and small ones where little is left."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.protocol.basics import Done, Failed
from evchat.protocol.channels import Join, Part
from evchat.protocol.login import LoggedIn, Login
from evchat.protocol.modes import ChannelMode
from tests.core.playbook import Playbook, check_invariants

THERE = "198.51.100.1"


def made(play: Playbook, who: str, many: int = 100) -> int:
    """How many channels somebody can make."""
    for number in range(many):
        answers = play.ask(who, Join((f"#{who}{number}",)))
        if any(isinstance(x, Failed) and x.code == "too-many-channels" for x in answers):
            return number
    return many


def listed(play: Playbook, who: str, channel: str, many: int = 500) -> int:
    """How many bans somebody can set in a channel."""
    for number in range(many):
        answers = play.ask(who, ChannelMode(f"+b m{number}!*@*", channel))
        if any(isinstance(x, Failed) and x.code == "list-full" for x in answers):
            return number
    return many


def enter_there(play: Playbook, who: str) -> None:
    play.connect(who, THERE)
    play.tell(who, Login(who), LoggedIn)


def test_the_channels_made_from_an_address_are_limited_whoever_makes_them() -> None:
    play = Playbook(max_site_channels=5)
    play.enter("alice", "bob")
    assert made(play, "alice", 3) == 3
    assert made(play, "bob") == 2
    enter_there(play, "carol")
    assert made(play, "carol", 5) == 5
    play.tell("bob", Join(("#alice0",)), Done)
    play.tell("alice", Part(("#alice1",)), Done)
    play.tell("bob", Join(("#another",)), Done)
    check_invariants(play.chat)


def test_who_owns_channels_has_their_number_and_leaves_the_address_its_own() -> None:
    play = Playbook(max_site_channels=2, max_owned=3)
    play.register("alice")
    play.enter("bob")
    assert made(play, "alice", 5) == 5
    assert play.chat.state.owned == {"alice": 3} and play.chat.state.made == {"@192.0.2.1": 2}
    assert made(play, "bob") == 0
    check_invariants(play.chat)


def test_when_three_quarters_of_all_channels_are_taken_each_address_has_a_small_share() -> None:
    play = Playbook(max_channels=20, channel_share=2)
    play.enter("alice")
    assert made(play, "alice") == 14, "with #main there are fifteen then"
    for number in range(2):
        who = f"guest{number}"
        play.connect(who, f"198.51.100.{number}")
        play.tell(who, Login(who), LoggedIn)
        assert made(play, who) == 2
    check_invariants(play.chat)


def test_the_lists_of_all_channels_of_an_account_are_limited_together() -> None:
    play = Playbook(max_owned_entries=10, max_list_entries=8)
    play.register("alice")
    assert made(play, "alice", 2) == 2
    assert listed(play, "alice", "#alice0") == 8
    assert listed(play, "alice", "#alice1") == 2
    play.tell("alice", ChannelMode("-b m1!*@*", "#alice0"), Done)
    play.tell("alice", ChannelMode("+b x!*@*", "#alice1"), Done)
    check_invariants(play.chat)
    after = Playbook(disk=play.disk, max_owned_entries=10)
    assert after.chat.state.listed == {"alice": 10} and after.chat.state.listed_in_all == 10
    check_invariants(after.chat)


def test_the_lists_of_channels_without_an_owner_are_limited_together_for_an_address() -> None:
    play = Playbook(max_owned_entries=10)
    play.enter("alice", "bob")
    made(play, "alice", 1)
    made(play, "bob", 1)
    assert listed(play, "alice", "#alice0") == 10
    assert listed(play, "bob", "#bob0") == 0
    play.tell("alice", Part(("#alice0",)), Done)
    assert play.chat.state.listed == {}
    assert listed(play, "bob", "#bob0") == 10
    check_invariants(play.chat)


def test_when_most_entries_are_taken_each_has_a_small_share() -> None:
    play = Playbook(max_entries=20, entry_share=3)
    play.enter("alice")
    made(play, "alice", 1)
    assert listed(play, "alice", "#alice0") == 15
    enter_there(play, "bob")
    made(play, "bob", 1)
    assert listed(play, "bob", "#bob0") == 3
    check_invariants(play.chat)


def test_an_entry_that_could_not_be_kept_does_not_count() -> None:
    play = Playbook()
    play.register("alice")
    made(play, "alice", 1)
    for change in ("+b x!*@*", "-b x!*@*"):
        before = dict(play.chat.state.listed)
        play.decide("alice", ChannelMode(change, "#alice0"))
        play.commit(fails=True)
        assert play.chat.state.listed == before
        check_invariants(play.chat)
        play.ask("alice", ChannelMode(change, "#alice0"))
    assert len([x for x in play.disk.kept if isinstance(x, rec.ChannelRecord)]) == 3
