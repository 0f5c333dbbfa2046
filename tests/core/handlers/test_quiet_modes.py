"""The modes that keep guests quiet (M, R), queries away (T), and classes calm (U, u), by every way of speaking."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evchat.protocol.base import Event
from evchat.protocol.channels import Entered, Join, ListNames, NamesListed, Part, Topic, TopicChanged
from evchat.protocol.history import GetHistory, HistoryListed
from evchat.protocol.login import ChangeNick
from evchat.protocol.membership import Kick
from evchat.protocol.messages import SendMessage
from evchat.protocol.modes import GrantRole
from evchat.protocol.people import FindUsers, PeopleFound, SetAway, WhoIs, WhoIsTold
from evchat.protocol.user_settings import SetRealname, UserMode
from tests.core.playbook import Playbook, check_invariants
from tests.core.rooms import mode, room
from tests.core.ways_of_speaking import spoken, ways


def past(play: Playbook, who: str) -> tuple[Event, ...]:
    """All that somebody reads of #tea's past."""
    return play.tell(who, GetHistory("#tea"), HistoryListed).everything


# ---- M --------------------------------------------------------------------------------------------------------


@ways
def test_guests_do_not_speak_where_only_registered_users_do_until_they_have_a_voice(say):
    play = room("bob")
    play.register("dora")
    play.ask("dora", Join(("#tea",)))
    play.ask("alice", mode("+M"))
    play.forget()
    assert play.refusal("bob", say("#tea")) == "moderated"
    assert len(spoken(play.ask("dora", say("#tea")) + play.hears("bob"))) >= 1
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.forget()
    play.ask("bob", say("#tea"))
    assert spoken(play.hears("dora"))


@ways
def test_from_outside_guests_do_not_speak_either(say):
    play = room()
    play.ask("alice", mode("+M-n"))
    play.forget()
    assert play.refusal("carol", say("#tea")) == "moderated"


@pytest.mark.parametrize(("letter", "code"), [("M", "moderated"), ("U", "not-operator")])
def test_a_topic_is_no_way_round(letter, code):
    play = room("bob")
    play.ask("alice", mode(f"+{letter}"))
    play.forget()
    assert play.refusal("bob", Topic("buy", "#tea")) == code
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.tell("bob", Topic("fine", "#tea"), TopicChanged)


# ---- U --------------------------------------------------------------------------------------------------------


@ways
@pytest.mark.parametrize("more", ["", "m", "M"])
def test_operators_alone_hear_who_has_no_voice(say, more):
    play = room("bob", "carol")
    play.ask("alice", mode(f"+U{more}"))
    play.forget()
    play.ask("bob", say("#tea"))
    (heard,) = spoken(play.hears("alice"))
    assert getattr(heard, "seq", 0) == 0
    assert (heard.role, heard.moderated) == ("o", True)
    assert heard.to == "#tea"
    assert not play.hears("carol")
    for who in ("alice", "bob", "carol"):
        assert not spoken(list(past(play, who)))
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.forget()
    play.ask("bob", say("#tea"))
    assert spoken(play.hears("carol"))
    check_invariants(play.chat)


@ways
def test_operators_do_not_hear_who_is_muted(say):
    play = room("bob")
    play.ask("alice", mode("+Ub m:bob"))
    play.forget()
    assert play.refusal("bob", say("#tea")) == "moderated"


def test_what_is_for_the_voiced_reaches_operators_alone_as_well():
    play = room("bob", "carol")
    play.ask("alice", GrantRole("carol", "v", to="#tea"))
    play.ask("alice", mode("+U"))
    play.forget()
    play.ask("bob", SendMessage("buy", "#tea", role="v"))
    assert spoken(play.hears("alice"))
    assert not play.hears("carol")


# ---- u --------------------------------------------------------------------------------------------------------


def hall(*guests: str) -> Playbook:
    """#tea is an auditorium, where alice keeps order and the guests listen."""
    play = room(*guests)
    play.ask("alice", mode("+u"))
    play.forget()
    return play


DOINGS: dict[str, Callable[[Playbook], object]] = {
    "join": lambda play: play.ask("carol", Join(("#tea",))),
    "part": lambda play: play.ask("bob", Part(("#tea",))),
    "kick": lambda play: play.ask("alice", Kick("bob", "", "#tea")),
    "quit": lambda play: play.leave("bob"),
    "rename": lambda play: play.ask("bob", ChangeNick("bobby")),
    "away": lambda play: play.ask("bob", SetAway("out")),
    "real name": lambda play: play.ask("bob", SetRealname("Bob")),
}


@pytest.mark.parametrize("do", DOINGS.values(), ids=DOINGS.keys())
def test_the_audience_does_not_hear_what_becomes_of_the_audience(do):
    play = hall("bob")
    play.enter("dora")
    play.ask("dora", Part(("#main",)))
    play.ask("dora", Join(("#tea",)))
    play.ask("alice", Part(("#main",)))
    play.forget()
    do(play)
    assert play.hears("dora") == []
    assert play.hears("alice")
    assert [event for event in past(play, "dora") if not isinstance(event, TopicChanged)] == []
    check_invariants(play.chat)


@pytest.mark.parametrize("do", DOINGS.values(), ids=DOINGS.keys())
def test_everyone_hears_what_becomes_of_who_has_a_voice(do):
    play = hall("bob", "carol")
    play.enter("dora")
    play.ask("dora", Part(("#main",)))
    play.ask("dora", Join(("#tea",)))
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.forget()
    if do is not DOINGS["join"]:
        do(play)
        assert play.hears("dora")


def test_no_question_shows_the_audience_to_itself():
    play = hall("bob")
    for who in ("bob", "carol"):
        play.ask(who, Part(("#main",)))
    entered = play.tell("carol", Join(("#tea",)), Entered)
    assert entered.names == ("alice", "carol")
    assert play.tell("carol", ListNames("#tea"), NamesListed).names == ("alice",)
    assert play.tell("alice", ListNames("#tea"), NamesListed).names == ("alice", "bob", "carol")
    found = play.tell("carol", FindUsers("#tea"), PeopleFound)
    assert [person.name for person, _ in found.people] == ["alice", "carol"]
    (row,) = play.tell("carol", FindUsers("bob"), PeopleFound).people
    assert row[1] is None
    told = play.tell("carol", WhoIs("bob"), WhoIsTold).person
    assert (told.channels, told.seats) == ((), ())
    play.ask("bob", UserMode("+i"))
    found = play.tell("carol", FindUsers("*"), PeopleFound)
    assert "bob" not in [person.name for person, _ in found.people]


def test_the_audience_may_speak():
    play = hall("bob", "carol")
    play.ask("bob", SendMessage("Question!", "#tea"))
    assert spoken(play.hears("carol"))
