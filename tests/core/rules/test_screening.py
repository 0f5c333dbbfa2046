"""Who keeps guests away (R), or client-to-client queries (T), whichever way they come."""

from __future__ import annotations

import pytest

from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.login import ChangeNick
from evchat.protocol.messages import Announce, AnnouncementAccepted, SendMessage
from evchat.protocol.user_settings import UserMode
from tests.core.operators import play_with_root
from tests.core.playbook import Playbook
from tests.core.ways_of_speaking import QUERY, spoken, ways


@ways
def test_who_keeps_guests_away_hears_registered_users_only(say):
    play = Playbook()
    play.enter("alice", "bob")
    play.register("dora")
    play.ask("alice", UserMode("+R"))
    play.forget()
    assert play.refusal("bob", say("alice")) == "account-needed"
    play.ask("dora", say("alice"))
    assert spoken(play.hears("alice"))
    play.ask("alice", UserMode("-R"))
    play.forget()
    play.ask("bob", say("alice"))
    assert spoken(play.hears("alice"))


@ways
def test_who_was_written_to_may_answer_also_under_another_name(say):
    play = Playbook(max_written_to=1)
    play.enter("alice", "bob", "carol")
    play.ask("alice", UserMode("+R"))
    play.ask("alice", SendMessage("hello", "bob"))
    play.ask("bob", ChangeNick("bobby"))
    play.forget()
    play.ask("bob", say("alice"))
    assert spoken(play.hears("alice"))
    play.ask("alice", SendMessage("hello", "carol"))
    play.forget()
    assert play.refusal("bob", say("alice")) == "account-needed", "only so many may, the latest"


def test_a_broadcast_passes_by_who_keeps_guests_away():
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("alice", UserMode("+R"))
    play.forget()
    answer = play.tell("bob", Announce("buy", ("alice", "carol")), AnnouncementAccepted)
    assert (answer.delivered, answer.missed) == (1, ("alice",))
    play.ask("bob", Announce("buy"))
    assert not play.hears("alice")
    assert len(play.hears("carol")) == 2
    play.leave("alice")
    assert play.chat.state.screened == set()


def test_operators_of_the_server_reach_everyone():
    play = play_with_root("alice")
    play.ask("alice", UserMode("+R"))
    play.forget()
    play.ask("root", SendMessage("hello", "alice"))
    assert spoken(play.hears("alice"))


@pytest.mark.parametrize(
    "query",
    [SendTagMessage("alice", (), "", QUERY), SendTagMessage("alice", (), "", QUERY, True), SendMessage(QUERY, "alice")],
    ids=["query", "answer", "text"],
)  # fmt: skip
def test_who_takes_no_queries_gets_none(query):
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", UserMode("+T"))
    play.forget()
    assert play.refusal("bob", query) == "no-queries"
    play.ask("bob", SendMessage("waves", "alice", True))
    play.ask("bob", SendTagMessage("alice", (("+typing", "active"),)))
    assert len(spoken(play.hears("alice"))) == 2
