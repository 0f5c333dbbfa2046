"""Two clocks: durations are measured by one that never jumps, and the time of day may be set at any moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core import records as rec
from evchat.core.errors import Refused
from evchat.core.rules import server_bans
from evchat.protocol.base import Event
from evchat.protocol.basics import Failed
from evchat.protocol.channels import Entered, Join, Part
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.history import GetHistory, HistoryListed
from evchat.protocol.login import LoggedIn, Login
from evchat.protocol.messages import Announce, Message, MessageAccepted, SendMessage
from evchat.protocol.operators import Oper, OperGranted
from evchat.protocol.people import WhoIs, WhoIsTold
from evchat.protocol.read_markers import GetReadMarker, ReadMarkerTold, SetReadMarker
from evchat.protocol.redaction import Redact
from evchat.protocol.server_bans import BanFromServer, ListServerBans, ServerBansListed
from tests.cheap_passwords import cheap_secret
from tests.core.playbook import (
    EXPECTS,
    START,
    Disk,
    Playbook,
    check_against_store,
    check_invariants,
    said,
)

HOUR = 3_600_000
MINUTE = 60_000
JUMPS = (-30 * 366 * 24 * HOUR, -HOUR, -1, HOUR, 56 * 366 * 24 * HOUR)
"""An NTP client sets a clock that began in 1970, or somebody sets it back."""


# ---- durations ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", JUMPS)
def test_a_deadline_for_the_login_is_so_many_seconds_whatever_the_time_of_day(jump: int) -> None:
    play = Playbook(login_deadline=30.0)
    sid = play.connect("x")
    play.tick(29_000)
    play.set_clock(jump)
    play.tick(999)
    assert sid not in play.hung_up
    play.tick(1)
    assert sid in play.hung_up


@pytest.mark.parametrize("jump", JUMPS)
def test_idle_are_those_who_said_nothing_for_so_long_by_a_clock_that_is_not_set(jump: int) -> None:
    play = Playbook(idle_timeout=60.0)
    play.enter("ann", "bob")
    play.tick(30_000)
    play.set_clock(jump)
    play.ask("bob", SendMessage("hi"))
    assert play.tell("bob", WhoIs("ann"), WhoIsTold).person.idle == 30_000
    play.tick(29_999)
    assert not play.hung_up
    play.tick(5_001)
    assert play.hung_up.keys() == {play.sid("ann")}


@pytest.mark.parametrize("jump", JUMPS)
def test_who_guessed_wrong_waits_as_long_as_was_said(jump: int) -> None:
    play = Playbook()
    play.register("ann")
    play.leave("ann")
    play.connect("x")

    def code() -> str:
        (answer, *_) = play.ask("x", Login("ann", "wrong"))
        return answer.code if isinstance(answer, Failed) else "ok"

    assert [code() for _ in range(4)] == ["wrong-password"] * 3 + ["too-many-tries"]
    play.set_clock(jump)
    play.now += 59_999
    assert code() == "too-many-tries"
    play.now += 1
    assert code() == "wrong-password"


@pytest.mark.parametrize("jump", JUMPS)
def test_that_a_user_is_still_there_is_kept_every_so_often(jump: int) -> None:
    play = Playbook(seen_interval=300.0)
    play.enter("ann")
    play.tick(200_000)
    play.set_clock(jump)
    play.tick(99_999)
    assert play.disk.fetch(rec.LastSeenOf("ann"))[0].seen == START
    play.tick(1)
    assert play.disk.fetch(rec.LastSeenOf("ann"))[0].seen == play.now


# ---- bans in minutes ------------------------------------------------------------------------------------------


def with_ban(minutes: int) -> Playbook:
    play = Playbook(operators=(("root", cheap_secret("secret")),))
    play.enter("root")
    play.tell("root", Oper("root", "secret"), OperGranted)
    play.ask("root", BanFromServer("troll", minutes))
    return play


def is_banned(play: Playbook, name: str = "troll") -> bool:
    sid = play.connect("x")
    session = play.chat.state.sessions[sid]
    try:
        server_bans.check_not_banned(play.chat.context, session, name, "", play.now)
    except Refused as problem:
        assert problem.code == "banished"
        return True
    finally:
        play.leave("x")
    return False


@pytest.mark.parametrize("jump", JUMPS)
def test_a_ban_in_minutes_lasts_so_many(jump: int) -> None:
    play = with_ban(10)
    play.tick(9 * MINUTE)
    play.set_clock(jump)
    play.tick(MINUTE - 1)
    assert is_banned(play)
    (ban,) = play.tell("root", ListServerBans(), ServerBansListed).bans
    assert ban.until == play.now + 1, "told by the clock that people see now"
    play.tick(1)
    assert not is_banned(play)
    check_against_store(play.chat)
    check_invariants(play.chat)


@pytest.mark.parametrize("jump", [jump for jump in JUMPS if jump != -1])
def test_what_is_left_of_a_ban_survives_the_server_also_if_the_clock_was_set_while_it_ran(jump: int) -> None:
    play = with_ban(10)
    play.set_clock(jump)
    play.tick(MINUTE)
    after = restarted(play, play.now + MINUTE)
    assert is_banned(after)
    after.tick(8 * MINUTE - 1)
    assert is_banned(after)
    after.tick(1)
    assert not is_banned(after)


@pytest.mark.parametrize("back", [MINUTE, 30 * 366 * 24 * HOUR])
def test_a_ban_lasts_no_longer_than_it_was_given_if_the_clock_is_set_back_while_the_server_is_down(
    back: int,
) -> None:
    play = with_ban(10)
    after = restarted(play, play.now - back)
    after.tick(10 * MINUTE - 1)
    assert is_banned(after)
    after.tick(1)
    assert not is_banned(after)


@pytest.mark.parametrize("minutes", [10**9, 2**53 - 1, 10**40])
def test_a_ban_of_any_number_of_minutes_is_one_of_whom_it_names(minutes: int) -> None:
    play = with_ban(minutes)
    assert is_banned(play) and is_banned(restarted(play, play.now + HOUR))
    (ban,) = play.tell("root", ListServerBans(), ServerBansListed).bans
    assert (ban.whom, ban.until) == ("troll", play.now + 100 * 366 * 24 * HOUR)


def restarted(play: Playbook, now: int) -> Playbook:
    """Another server on the same disk, at this time of day."""
    return Playbook(disk=play.disk, start=now)


@pytest.mark.parametrize("jump", [-400 * 24 * HOUR, 2 * 24 * HOUR])
def test_what_is_sent_again_is_not_done_twice_whatever_the_time_of_day(jump: int) -> None:
    play = Playbook()
    play.enter("ann")
    first = play.tell("ann", SendMessage("hi", id="1"), MessageAccepted)
    play.set_clock(jump)
    play.disk.tidy(play.chat.context.steady_date())
    again = play.tell("ann", SendMessage("hi", id="1"), MessageAccepted)
    assert again.duplicate and (again.seq, again.sent_at) == (first.seq, first.sent_at)
    play.now += 24 * HOUR + 1
    assert not play.tell("ann", SendMessage("hi", id="1"), MessageAccepted).duplicate


# ---- times of messages ----------------------------------------------------------------------------------------

PASS = (
    SendMessage("a"),
    SendMessage("b", "bob"),
    SendMessage("c", "#tea"),
    Announce("d"),
    Announce("e", ("bob",)),
)


def times(play: Playbook) -> dict[str, list[int]]:
    """When the messages of each conversation were sent, by their numbers."""
    found: dict[str, list[Message]] = {}
    for record in play.disk.kept:
        if isinstance(record, Message):
            found.setdefault(record.conversation, []).append(record)
    return {key: [one.at for one in sorted(some, key=lambda one: one.seq)] for key, some in found.items()}


def rises(numbers: list[int]) -> bool:
    return all(one < other for one, other in zip(numbers, numbers[1:], strict=False))


@given(st.lists(st.tuples(st.sampled_from(PASS), st.integers(-3, 3) | st.sampled_from(JUMPS), st.booleans())))
def test_times_rise_within_a_conversation_however_the_clock_is_set(
    steps: list[tuple[SendMessage | Announce, int, bool]],
) -> None:
    play = Playbook(max_heads=2)
    people(play)
    for request, jump, again in steps:
        play.set_clock(max(jump, 1 - play.now))
        if again:
            play = people(restarted(play, play.now))
        play.ask("ann", request)
    assert all(map(rises, times(play).values())), times(play)


def people(play: Playbook) -> Playbook:
    play.enter("ann", "bob")
    play.ask("ann", Join(("#tea",)))
    return play


def test_times_are_those_of_the_clock_where_it_does_not_stand_still() -> None:
    play = people(Playbook())
    for _ in range(3):
        play.now += 1000
        assert play.tell("ann", SendMessage("x", id=None), MessageAccepted).sent_at == play.now


def pages(play: Playbook, size: int, *, forward: bool) -> list[Event]:
    """All that happened in #main, asked for by time, page by page."""
    found: list[Event] = []
    edge = -1 if forward else 2**50
    while True:
        request = (
            GetHistory("#main", limit=size, since=edge + 1, oldest=True)
            if forward
            else GetHistory("#main", limit=size, until=edge)
        )
        page = list(play.tell("ann", request, HistoryListed).everything)
        if not page:
            return found
        found = found + page if forward else page + found
        edge = page[-1].at if forward else page[0].at


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize("jump", [0, *JUMPS])
def test_history_by_time_loses_nothing_at_a_pages_edge(size: int, forward: bool, jump: int) -> None:
    play = Playbook()
    play.enter("ann", "bob")
    play.chat.state.sessions[play.sid("ann")].expects = EXPECTS
    for number in range(3):
        play.decide("ann", SendMessage(f"{number}a"))
        play.decide("bob", Part(("#main",)))
        play.decide("bob", Join(("#main",)))
        play.decide("ann", SendMessage(f"{number}b"))
        play.decide("ann", SendTagMessage("#main", (("+react", "x"),), stay=True))
        play.commit()
        play.set_clock(jump)
    everything = list(play.tell("ann", GetHistory("#main", limit=100), HistoryListed).everything)
    assert said(everything) == ["0a", "0b", "1a", "1b", "2a", "2b"]
    assert len(everything) == 6 + 3 * 3 + 2, "and who came and left, and the reactions"
    assert rises([event.at for event in everything])
    assert pages(play, size, forward=forward) == everything


@pytest.mark.parametrize("jump", JUMPS)
def test_ones_messages_are_ones_own_also_after_the_clock_was_set(jump: int) -> None:
    play = Playbook()
    play.enter("ann", "bob")
    play.set_clock(jump)
    play.now += 10
    play.ask("ann", SendMessage("hi", "bob"))
    assert said(play.tell("ann", GetHistory("bob", mine=True), HistoryListed).messages) == ["hi"]
    assert not isinstance(play.ask("ann", Redact("bob", 1))[0], Failed)


# ---- read markers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [1, HOUR, 2**52])
def test_a_read_marker_from_the_future_is_held_to_now(ahead: int) -> None:
    play = Playbook()
    play.enter("ann", "bob")
    play.now += 10
    play.ask("bob", SendMessage("one"))
    told = play.tell("ann", SetReadMarker("#main", until=play.now + ahead), ReadMarkerTold)
    assert (told.seq, told.read_at) == (1, play.now)
    play.now += 10
    play.ask("bob", SendMessage("two"))
    assert play.tell("ann", GetReadMarker("#main"), ReadMarkerTold).seq == 1
    play.ask("ann", Part())
    entered = play.tell("ann", Join(("#main",)), Entered)
    assert (entered.seq, entered.read, entered.read_at) == (2, 1, play.now - 10)


def test_one_that_was_kept_from_the_future_is_told_as_now_and_moves_on_again() -> None:
    disk = Disk()
    disk.save(rec.ReadMark("ann", "#main", 0, START + 2**50))
    disk.commit()
    play = Playbook(disk=disk)
    play.enter("ann", "bob")
    play.now += 10
    assert play.tell("ann", GetReadMarker("#main"), ReadMarkerTold).read_at == play.now
    play.ask("bob", SendMessage("one"))
    play.now += 10
    told = play.tell("ann", SetReadMarker("#main", until=play.now), ReadMarkerTold)
    assert (told.seq, told.read_at) == (1, play.now)
    assert disk.fetch(rec.ReadMarkOf("ann", "#main")) == [rec.ReadMark("ann", "#main", 1, play.now)]


def test_a_login_is_told_at_the_time_of_day() -> None:
    play = Playbook()
    play.set_clock(HOUR)
    play.connect("ann")
    assert play.tell("ann", Login("ann"), LoggedIn).at == START + HOUR
