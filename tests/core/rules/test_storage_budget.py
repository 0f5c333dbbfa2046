"""Budgets of what is kept: of addresses, accounts, conversations and all; and what is refused leaves no trace."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.core.rules import storage_budget
from evchat.protocol.base import Request
from evchat.protocol.basics import Done, Failed
from evchat.protocol.channels import Join, Topic
from evchat.protocol.login import ChangeNick, LoggedIn, Login
from evchat.protocol.messages import Announce, AnnouncementAccepted, Message, MessageAccepted, SendMessage
from evchat.protocol.people import Block
from tests.core.playbook import Playbook, check_against_store, snapshot

SLICE = storage_budget._SLICE
"""Bytes that a conversation, or all, may be wrong by for each session, because it takes so many at a time."""

HERE, THERE = "192.0.2.1", "198.51.100.1"
DAY = 24 * 3_600_000


def sent(play: Playbook, who: str, text: str = "x" * 1000, tries: int = 1000, to: str | None = None) -> int:
    """How many messages are accepted until one is refused."""
    for number in range(tries):
        answers = play.ask(who, SendMessage(text, to))
        if not any(isinstance(x, MessageAccepted) for x in answers):
            (failed,) = answers
            assert isinstance(failed, Failed) and failed.code == "over-budget"
            return number
    return tries


def spent() -> Playbook:
    """A play in which alice, bob and a registered carol, who is away, have no budget left."""
    play = Playbook(stored_by_site_burst=4000, stored_by_site_rate=1)
    play.register("carol")
    play.leave("carol")
    play.enter("alice", "bob")
    sent(play, "alice", "x" * 100)
    sent(play, "alice", "x")
    for session in play.chat.state.sessions.values():
        assert session.budget is not None
        moment = play.chat.context.monotonic()
        session.budget.take_all(moment, session.budget.level(moment))
        session.credit = 0
    return play


def test_a_message_and_the_words_in_it_are_counted_and_time_gives_room_again() -> None:
    play = Playbook(stored_by_site_burst=22_600, stored_by_site_rate=225)
    play.enter("alice")
    assert sent(play, "alice") == 10  # of 2,250 bytes each
    play.now += 10_000
    assert sent(play, "alice") == 1


def test_a_new_connection_renews_nothing_and_another_address_has_its_own() -> None:
    play = Playbook(stored_by_site_burst=22_600, stored_by_site_rate=1)
    play.enter("alice")
    sent(play, "alice")
    play.leave("alice")
    play.enter("bob")
    assert sent(play, "bob") == 0
    play.connect("carol", THERE)
    play.tell("carol", Login("carol"), LoggedIn)
    assert sent(play, "carol") == 10


def test_an_account_has_a_budget_wherever_it_is_logged_in() -> None:
    play = Playbook(stored_by_site_burst=10**9, stored_by_account_burst=23_700, stored_by_account_rate=1)
    play.register("alice")
    for place, most in (("192.0.2.7", 10), ("192.0.2.8", 0)):
        play.connect(place, place)
        play.tell(place, Login("alice", "secret"), LoggedIn)
        assert sent(play, place) == most
    play.enter("bob")
    assert sent(play, "bob", tries=20) == 20


def test_a_conversation_has_a_budget_of_its_own_for_a_day() -> None:
    play = Playbook(stored_in_conversation_daily=225_000)
    play.enter("alice", "bob")
    assert abs(sent(play, "alice") - 100) <= SLICE // 2250 + 1
    assert sent(play, "bob") <= SLICE // 2250 + 1
    assert abs(sent(play, "bob", to="alice") - 100) <= SLICE // 2250 + 1
    play.now += DAY
    assert abs(sent(play, "bob") - 100) <= SLICE // 2250 + 1


def test_all_together_have_a_budget_for_a_day() -> None:
    play = Playbook(stored_daily=22_800)
    play.enter("alice", "bob")
    assert sent(play, "alice", tries=4) + sent(play, "bob") == 10
    play.now += DAY
    assert sent(play, "bob") == 10


def test_a_broadcast_counts_once_for_each_receiver() -> None:
    people = [f"p{n}" for n in range(9)]
    play = Playbook(stored_by_site_burst=19_900, stored_by_site_rate=100)
    play.enter("alice", *people)
    play.now += 10**9
    play.tell("alice", Announce("x" * 1000, tuple(people[:8])), AnnouncementAccepted)
    before = snapshot(play.chat)
    assert play.refusal("alice", Announce("x" * 1000, tuple(people[:8]))) == "over-budget"
    assert snapshot(play.chat) == before
    check_against_store(play.chat)
    play.now += 10**9
    assert play.refusal("alice", Announce("x" * 2000, tuple(people))) == "too-long"
    assert "to fewer users" in str(play.heard[play.sid("alice")][-1])


@pytest.mark.parametrize(
    "request_",
    [
        SendMessage("hi"),
        SendMessage("hi", id="1"),
        SendMessage("hi", to="bob"),
        SendMessage("hi", to="carol"),
        Announce("hi"),
        Announce("hi", ("bob",)),
        Topic("news", "#main"),
        Block("bob"),
    ],
    ids=repr,
)
def test_what_is_over_budget_is_refused_as_a_whole_and_changes_nothing(request_: Request) -> None:
    play = spent()
    if isinstance(request_, SendMessage) and request_.to:  # asked of the store once, whatever comes of it
        play.chat.context.head(f"alice {request_.to}")
    play.chat.context.head("*")
    play.chat.context.head("alice bob")
    before, kept = snapshot(play.chat), play.disk.kept
    assert play.refusal("alice", request_) == "over-budget"
    assert snapshot(play.chat) == before and play.disk.kept == kept
    check_against_store(play.chat)


def test_who_has_no_budget_left_can_still_log_in_take_a_name_join_and_read() -> None:
    play = spent()
    play.connect("dora")
    play.tell("dora", Login("dora"), LoggedIn)
    play.tell("dora", ChangeNick("dorothy"), Done)
    play.tell("dora", Join(("#new",)), Done)
    play.leave("dora")
    for name in ("dora", "dorothy"):
        assert not play.chat.context.fetch(rec.LastSeenOf(name)), "but nothing is kept of it"


def test_an_answer_is_given_again_over_budget_as_well() -> None:
    play = Playbook(stored_by_site_burst=2000, stored_by_site_rate=1)
    play.enter("alice")
    first = play.tell("alice", SendMessage("hi", id="1"), MessageAccepted)
    sent(play, "alice", "x" * 100)
    sent(play, "alice", "x")
    again = play.tell("alice", SendMessage("hi", id="1"), MessageAccepted)
    assert again.duplicate and again.seq == first.seq


def test_where_the_store_is_full_guests_are_refused_first_and_then_everybody() -> None:
    play = Playbook(guest_reserve=10_000, least_free_bytes=1000, max_store_bytes=50_000)
    play.register("alice")
    play.enter("bob")
    play.chat.measured(10_000, 10**9, 10**9)
    assert abs(sent(play, "bob") - 30_000 // 2250) <= SLICE // 2250 + 1
    assert 0 < sent(play, "alice") <= (10_000 + SLICE) // 2250
    play.chat.measured(10_000, 3_500, 10**9)
    assert sent(play, "bob") == 0 and sent(play, "alice") == 1
    play.chat.measured(10_000, 10**9, 10**9)
    assert sent(play, "bob", tries=5) == 5


def test_of_a_small_disk_a_small_part_stays_free() -> None:
    play = Playbook()
    play.enter("bob")
    play.chat.measured(0, 16_000_000, 16_000_000)
    assert sent(play, "bob", tries=50) == 50
    play.chat.measured(0, 800_000, 16_000_000)
    assert sent(play, "bob") <= SLICE // 2250


def test_an_address_that_many_share_has_no_budget() -> None:
    play = Playbook(stored_by_site_burst=1)
    sessions = play.chat.state.sessions
    play.chat.connect(99, HERE, play.now, shared=True)
    assert sessions[99].budget is None
    budget = sessions[play.connect("x")].budget
    assert budget is not None and budget.level(0) == 1


def test_every_kind_of_record_has_its_size() -> None:
    kinds = set(rec.Record.__args__)  # type: ignore[attr-defined]
    assert kinds == set(storage_budget._SIZES) | {Message, rec.Receipt}


def test_what_a_session_has_taken_and_not_used_is_given_back() -> None:
    play = Playbook(stored_by_site_burst=100_000, stored_by_site_rate=1)
    for number in range(1000):
        play.connect(f"x{number}")
        play.tell(f"x{number}", Login("alice"), LoggedIn)
        play.leave(f"x{number}")
    play.enter("alice")
    assert sent(play, "alice", tries=1) == 0, "a thousand logins are a hundred thousand bytes"
    budget = play.chat.state.sessions[play.sid("alice")].budget
    assert budget is not None and 0 <= budget.level(play.chat.context.monotonic()) < 2250
