"""What was said in a channel that there is no longer is told to nobody, in whatever way one asks for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evchat.core import records as rec
from evchat.protocol.base import Event, Request
from evchat.protocol.channels import ChannelsListed, Entered, Join, ListChannels, Part, Topic, TopicTold
from evchat.protocol.history import (
    ConversationsListed,
    GetHistory,
    GetInbox,
    HistoryListed,
    ListConversations,
    ListDirects,
    Search,
)
from evchat.protocol.login import Login, Logout, Quit
from evchat.protocol.membership import Invite, Kick
from evchat.protocol.messages import MessageAccepted, SendMessage
from evchat.protocol.modes import ChannelMode
from evchat.protocol.read_markers import GetReadMarker, ReadMarkerTold, SetReadMarker
from evchat.protocol.redaction import Redact
from tests.core.playbook import EXPECTS, START, Playbook, check_against_store, check_invariants, said

C = "#board"
SECRET = "the secret plan"


def board(flags: str = "+kis sesame") -> Playbook:
    """Quentin's channel, with a topic; something was said there, and taken back, and Zelda has read it."""
    play = Playbook()
    play.enter("quentin", "zelda", "mallory")
    play.ask("quentin", Join((C,)))
    play.ask("zelda", Join((C,)))
    play.ask("quentin", Topic(f"About {SECRET}", C))
    for text in ("alpha", SECRET, "omega"):
        play.now += 10
        play.ask("quentin", SendMessage(text, C))
    play.ask("zelda", SetReadMarker(C, 2))
    if flags:
        play.ask("quentin", ChannelMode(flags, C))
    play.forget()
    return play


def all_part(play: Playbook) -> Playbook:
    for who in ("quentin", "zelda"):
        play.ask(who, Part((C,)))
    return play


def all_are_put_out(play: Playbook) -> Playbook:
    for who in ("zelda", "quentin"):
        play.ask("quentin", Kick(who, "", C))
    return play


def connections_break(play: Playbook) -> Playbook:
    for who in ("quentin", "zelda"):
        play.leave(who)
    return play


def all_quit(play: Playbook) -> Playbook:
    play.ask("quentin", Quit())
    play.ask("zelda", Logout())
    return play


def the_server_is_started_again(play: Playbook) -> Playbook:
    after = Playbook(disk=play.disk)
    after.now = play.now + 1000
    after.enter("mallory")
    return after


def the_server_is_killed_and_its_clock_set_back(play: Playbook) -> Playbook:
    after = Playbook(disk=play.disk)
    after.enter("mallory")
    return after


ENDS = (
    all_part, all_are_put_out, connections_break, all_quit, the_server_is_started_again,
    the_server_is_killed_and_its_clock_set_back,
)  # fmt: skip

READINGS: tuple[Request, ...] = (
    Join((C,)),
    Join((C,), after=0),
    Join((C,), after=1),
    GetHistory(C),
    GetHistory(C, before=3),
    GetHistory(C, before=99),
    GetHistory(C, after=0),
    GetHistory(C, after=0, before=4),
    GetHistory(C, after=0, oldest=True),
    GetHistory(C, around=2),
    GetHistory(C, around=2, limit=1),
    GetHistory(C, around_at=START + 20),
    GetHistory(C, since=0),
    GetHistory(C, since=START, until=START + 2**40),
    GetHistory(C, until=START + 2**40),
    GetHistory(C, limit=1000),
    Search("secret", C),
    Search("secret"),
    Search("taken"),
    GetInbox(),
    GetInbox(keep=True),
    ListDirects(),
    ListConversations(0, 2**50, 50),
    ListChannels(),
    Topic(to=C),
    ChannelMode(to=C),
    GetReadMarker(C),
    SetReadMarker(C, 3),
    SetReadMarker(C, until=2**50),
    Redact(C, 2),
)


def told(events: list[Event]) -> str:
    return " ".join(map(repr, events))


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("flags", ["", "+kis sesame", "+i", "+s"])
def test_who_begins_a_channel_anew_reads_nothing_of_the_one_before(
    end: Callable[[Playbook], Playbook], flags: str
) -> None:
    play = end(board(flags))
    play.chat.state.sessions[
        play.sid("mallory")
    ].expects = EXPECTS  # so that history holds who came and left, too
    check_invariants(play.chat)
    rows = play.tell("mallory", ListChannels(), ChannelsListed).channels
    assert [row.name for row in rows] == ["#main"]
    entered = play.tell("mallory", Join((C,)), Entered)
    assert (entered.topic, entered.seq, entered.read, entered.read_at) == ("", 3, 3, 0), "numbers go on"
    for request in READINGS:
        events = play.ask("mallory", request)
        for hidden in (SECRET, "alpha", "omega", "quentin", "zelda"):
            assert hidden not in told(events), request
    check_invariants(play.chat)
    check_against_store(play.chat)


@pytest.mark.parametrize("end", ENDS[:4])
def test_nobody_else_who_comes_later_does_either_nor_those_who_were_there(
    end: Callable[[Playbook], Playbook],
) -> None:
    play = end(board())
    play.ask("mallory", Join((C,)))
    play.ask("mallory", SendMessage("new", C))
    if end in (all_part, all_are_put_out):
        play.ask("zelda", Join((C,)))
    else:
        play.connect("zelda")
        play.ask("zelda", Login("zelda"))
        play.ask("zelda", Join((C,)))
    assert said(play.tell("zelda", GetHistory(C, after=0), HistoryListed).messages) == ["new"]
    assert said(play.tell("zelda", GetHistory(C, around=2), HistoryListed).messages) == ["new"]
    assert play.tell("zelda", GetReadMarker(C), ReadMarkerTold).seq == 3, "nothing before counts as unread"


def test_numbers_go_on_without_holes_and_what_is_said_anew_is_read_in_every_way() -> None:
    play = all_part(board(""))
    play.ask("mallory", Join((C,)))
    play.now += 10
    sent = play.tell("mallory", SendMessage("a new secret", C), MessageAccepted)
    assert sent.seq == 4
    play.enter("dave")
    recent = play.tell("dave", Join((C,), after=1), HistoryListed)
    assert (said(recent.messages), recent.more) == (["a new secret"], False)
    for request in (
        GetHistory(C),
        GetHistory(C, before=9),
        GetHistory(C, after=1),
        GetHistory(C, around=4),
        GetHistory(C, since=sent.sent_at),
        GetHistory(C, after=0, oldest=True),
    ):
        listed = play.tell("dave", request, HistoryListed)
        assert (said(listed.messages), listed.more) == (["a new secret"], False), request
    assert "a new secret" in told(play.ask("dave", Search("secret")))
    assert play.tell("dave", ListConversations(0, 2**50, 9), ConversationsListed).conversations == (
        (C, sent.sent_at),
    )


@pytest.mark.parametrize("name", ["#main", C])
def test_a_channel_that_stays_goes_on_with_all_that_was_said_there(name: str) -> None:
    play = Playbook()
    play.register("ann")
    play.ask("ann", Join((name,)))
    play.ask("ann", Topic("Tea", name))
    play.ask("ann", SendMessage("before", name))
    play.leave("ann")
    for after in (play, Playbook(disk=play.disk)):
        after.enter("bob")
        after.ask("bob", Join((name,)))
        assert said(after.tell("bob", GetHistory(name), HistoryListed).messages) == ["before"]
        assert after.tell("bob", Topic(to=name), TopicTold).text == "Tea"
        assert "before" in told(after.ask("bob", Search("before")))
        after.leave("bob")


def test_what_guests_said_before_somebody_owned_the_channel_stays_theirs() -> None:
    play = Playbook()
    play.enter("guest")
    play.ask("guest", Join((C,)))
    play.ask("guest", SendMessage("ours", C))
    play.ask("guest", Topic("Ours", C))
    play.ask("guest", Part((C,)))
    play.register("ann")
    play.ask("ann", Join((C,)))
    play.ask("ann", SendMessage("mine", C))
    for after in (play, Playbook(disk=play.disk)):
        after.enter("bob")
        after.ask("bob", Join((C,)))
        assert said(after.tell("bob", GetHistory(C, after=0), HistoryListed).messages) == ["mine"]
        assert after.tell("bob", Topic(to=C), TopicTold).text == ""
        check_against_store(after.chat)


def test_an_invitation_into_a_channel_that_has_gone_lets_nobody_into_the_next() -> None:
    play = board("+i")
    play.ask("quentin", Invite("mallory", C))
    all_part(play)
    play.ask("zelda", Join((C,)))
    play.ask("zelda", ChannelMode("+i", C))
    assert play.refusal("mallory", Join((C,))) == "invite-only"


def test_a_channel_kept_by_an_older_evchat_has_all_of_its_history() -> None:
    play = Playbook()
    play.register("ann")
    play.ask("ann", Join((C,)))
    play.ask("ann", SendMessage("before", C))
    (kept,) = (x for x in play.disk.fetch(rec.AllChannels()) if x.channel == C)
    older = kept.modes.replace('"begins":1,', "")
    assert older != kept.modes
    play.disk.save(rec.ChannelRecord(kept.channel, kept.name, kept.founder, kept.created, older))
    after = Playbook(disk=play.disk)
    after.enter("bob")
    after.ask("bob", Join((C,)))
    assert said(after.tell("bob", GetHistory(C), HistoryListed).messages) == ["before"]
