"""Messages, and to whom they go."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.protocol.base import Identity
from evchat.protocol.basics import Failed
from evchat.protocol.channels import Join, Part, Topic
from evchat.protocol.history import GetHistory, GetInbox, HistoryListed, InboxListed, Search, SearchResults
from evchat.protocol.login import ChangeNick, LoggedIn, Login, Quit
from evchat.protocol.messages import Announce, AnnouncementAccepted, Message, MessageAccepted, SendMessage
from evchat.protocol.people import Block, SetAway
from tests.core.playbook import Playbook, kinds, said, snapshot

DAY = 24 * 3_600_000

# ---- to channels ----------------------------------------------------------------------------------------------


def test_everyone_in_a_channel_hears_a_message_the_sender_too() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("carol", Part())
    play.forget()
    play.now += 10
    sent, heard = play.ask("alice", SendMessage("hi", id="1"))
    assert sent == MessageAccepted(play.now, "1", "#main", 1, sent_at=play.now)
    assert heard == Message(play.now, "#main", 1, "alice", "#main", "hi", id="1")
    assert play.hears("bob") == [heard]
    assert play.hears("carol") == []


def test_a_full_client_does_not_hear_its_own_message_but_its_users_other_sessions_do() -> None:
    play = Playbook()
    play.register("alice")
    play.again("full", "alice", full=True)
    assert kinds(play.ask("full", SendMessage("hi"))) == [MessageAccepted]
    assert said(play.hears("alice")) == ["hi"]


def test_a_full_client_that_asks_for_an_echo_hears_itself() -> None:
    play = Playbook()
    play.enter("alice", full=True, echo=True)
    assert kinds(play.ask("alice", SendMessage("hi"))) == [MessageAccepted, Message]
    assert kinds(play.ask("alice", Announce("hi"))) == [AnnouncementAccepted, Message]


def test_an_action_is_a_message_that_says_so() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("waves", action=True))
    (heard,) = play.hears("bob")
    assert isinstance(heard, Message)
    assert heard.action


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0"])
def test_a_message_without_anything_in_it_is_refused(text: str) -> None:
    play = Playbook()
    play.enter("alice", "bob")
    assert play.refusal("alice", SendMessage(text)) == "empty"
    assert play.refusal("alice", SendMessage(text, to="bob")) == "empty"
    assert play.refusal("alice", Announce(text)) == "empty"
    assert play.refusal("alice", Announce(text, ("bob",))) == "empty"


def test_one_speaks_only_where_one_is() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#bobs",)))
    assert play.refusal("alice", SendMessage("hi", to="#bobs")) == "not-in-channel"
    assert play.refusal("alice", SendMessage("hi", to="#none")) == "not-in-channel"
    assert play.tell("alice", SendMessage("hi", to="#MAIN"), MessageAccepted).to == "#main"
    assert play.tell("alice", SendMessage("hi", to=""), MessageAccepted).to == "#main"


def test_every_conversation_counts_its_messages_without_a_hole() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", Join(("#tea",)))
    wanted = [("#main", 1), ("#tea", 1), ("bob", 1), ("#main", 2), ("bob", 2), ("#tea", 2)]
    assert [
        (to, play.tell("alice", SendMessage("x", to=to), MessageAccepted).seq) for to, _ in wanted
    ] == wanted
    assert play.tell("bob", SendMessage("x", to="alice"), MessageAccepted).seq == 3
    assert play.tell("bob", Announce("x"), AnnouncementAccepted).seq == 1


def test_numbers_go_on_after_the_server_was_started_again() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", SendMessage("one"))
    after = Playbook(disk=play.disk)
    after.enter("alice")
    assert after.tell("alice", SendMessage("two"), MessageAccepted).seq == 2


def test_a_message_that_could_not_be_kept_is_told_to_nobody_and_takes_no_number() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("one"))
    play.forget()
    before = snapshot(play.chat)
    play.decide("alice", SendMessage("lost", id="1"))
    play.decide("bob", SendMessage("lost too"))
    play.decide("bob", SendMessage("private", to="alice"))
    play.decide("bob", Announce("all"))
    play.commit(fails=True)
    assert kinds(play.hears("alice")) == [Failed]
    assert kinds(play.hears("bob")) == [Failed] * 3
    after = snapshot(play.chat)
    assert {key: seq for key, seq in after.pop("heads").items() if seq} == before.pop("heads")
    assert after == before
    play.now += 10
    assert play.tell("alice", SendMessage("two", id="1"), MessageAccepted) == MessageAccepted(
        play.now, "1", "#main", 2, sent_at=play.now
    )


# ---- to users -------------------------------------------------------------------------------------------------


def test_a_direct_message_goes_to_the_receiver_and_the_sender_is_answered() -> None:
    play = Playbook()
    play.enter("alice", "Bob", "carol")
    answers = play.ask("alice", SendMessage("psst", to="BOB", id="1"))
    assert answers == [MessageAccepted(play.now, "1", "Bob", 1, "psst", direct=True, sent_at=play.now)]
    assert play.hears("Bob") == [Message(play.now, "alice bob", 1, "alice", "Bob", "psst", id="1")]
    assert play.hears("carol") == []


def test_all_sessions_of_both_users_hear_a_direct_message() -> None:
    play = Playbook()
    play.register("alice", "bob")
    play.again("alices phone", "alice", full=True)
    play.again("bobs phone", "bob", full=True)
    play.ask("alice", SendMessage("psst", to="bob"))
    assert said(play.hears("alices phone")) == ["[psst]"]
    assert said(play.hears("bob")) == said(play.hears("bobs phone")) == ["psst"]
    assert said(play.hears("alice")) == []


def test_a_full_client_that_asks_for_an_echo_hears_its_own_direct_messages() -> None:
    play = Playbook()
    play.enter("alice", full=True, echo=True)
    play.enter("bob")
    assert said(play.ask("alice", SendMessage("psst", to="bob"))) == ["[psst]"]


def test_one_can_write_to_oneself() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    answers = play.ask("alice", SendMessage("milk", to="alice"))
    assert answers == [MessageAccepted(play.now, None, "alice", 1, "milk", direct=True, sent_at=play.now)]
    (heard,) = play.hears("phone")
    assert isinstance(heard, Message)
    assert (heard.text, heard.own, heard.conversation) == ("milk", False, "alice alice")
    assert said(play.tell("alice", GetHistory("alice"), HistoryListed).messages) == ["milk"]


def test_the_sender_is_told_that_the_receiver_is_away() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", SetAway("Lunch"))
    assert play.tell("alice", SendMessage("hi", to="bob"), MessageAccepted).away == "Lunch"


def test_a_message_to_somebody_who_is_not_online_waits_in_the_inbox() -> None:
    play = Playbook()
    play.enter("alice", "Bob")
    play.leave("Bob")
    sent = play.tell("alice", SendMessage("call me", to="bob", action=True), MessageAccepted)
    assert (sent.to, sent.kept, sent.direct, sent.away) == ("Bob", True, True, None)
    play.connect("Bob")
    assert play.tell("Bob", Login("Bob"), LoggedIn).unread == 1
    assert said(play.tell("Bob", GetInbox(), InboxListed).messages) == ["call me"]


def test_a_message_to_a_registered_name_that_was_never_seen_waits_too() -> None:
    play = Playbook()
    play.disk.save(rec.Account("bob", "Bob", "-", play.now))
    play.enter("alice")
    assert play.tell("alice", SendMessage("hi", to="BOB"), MessageAccepted).to == "Bob"


@pytest.mark.parametrize(
    "name", ["nobody", "*", "server", "a b", "alice bob", "x" * 60_000, "\ud800", "-x", "\x1b[2J"]
)
def test_a_message_to_a_name_that_nobody_ever_had_is_refused(name: str) -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("hi", to="bob"))
    play.forget()
    assert play.refusal("alice", SendMessage("hi", to=name, id="1")) == "no-such-user"


# ---- blocked --------------------------------------------------------------------------------------------------


def test_what_a_blocked_user_writes_does_not_arrive_and_the_sender_is_not_told() -> None:
    play = Playbook()
    play.enter("troll", "bob", "carol")
    play.ask("troll", SendMessage("before", to="bob"))
    play.ask("bob", Block("TROLL"))
    play.forget()
    play.now += 10
    sent = play.tell("troll", SendMessage("during", to="bob"), MessageAccepted)
    assert sent == MessageAccepted(play.now, None, "bob", 2, "during", direct=True, sent_at=play.now)
    assert play.tell("troll", Announce("all"), AnnouncementAccepted).delivered == 2
    assert play.tell("troll", Announce("list", ("bob", "carol")), AnnouncementAccepted).delivered == 2
    assert said(play.hears("bob")) == []
    assert said(play.hears("carol")) == ["all", "list"]
    play.ask("troll", SendMessage("public"))
    assert said(play.hears("bob")) == ["public"]
    assert said(play.tell("troll", GetHistory("bob"), HistoryListed).messages) == [
        "before",
        "during",
        "list",
    ]
    assert said(play.tell("bob", GetHistory("troll"), HistoryListed).messages) == ["before"]
    assert said(play.tell("bob", GetHistory("*"), HistoryListed).messages) == []
    assert said(play.tell("bob", Search("all"), SearchResults).messages) == []
    assert said(play.tell("carol", Search("all"), SearchResults).messages) == ["all"]


def test_a_blocked_user_reaches_nobody_who_is_not_online_either() -> None:
    play = Playbook()
    play.enter("troll", "bob")
    play.ask("bob", Block("troll"))
    play.leave("bob")
    assert play.tell("troll", SendMessage("hi", to="bob"), MessageAccepted).kept, (
        "as to anybody who is not online"
    )
    play.connect("bob")
    assert play.tell("bob", Login("bob"), LoggedIn).unread == 0


def test_a_block_lasts_when_both_have_gone_and_come_back() -> None:
    play = Playbook()
    play.enter("troll", "bob")
    play.ask("bob", Block("troll"))
    play.leave("bob")
    play.leave("troll")
    play.enter("troll", "bob")
    play.ask("troll", SendMessage("hi", to="bob"))
    assert said(play.hears("bob")) == []
    play.ask("bob", Block("troll", on=False))
    play.forget()
    play.ask("troll", SendMessage("sorry", to="bob"))
    assert said(play.hears("bob")) == ["sorry"]


def test_the_copies_of_a_hidden_message_reach_the_senders_own_sessions() -> None:
    play = Playbook()
    play.register("troll")
    play.enter("bob")
    play.ask("bob", Block("troll"))
    play.again("phone", "troll")
    play.ask("troll", SendMessage("hi", to="bob"))
    assert said(play.hears("phone")) == ["[hi]"]


# ---- notices, roles, tags -------------------------------------------------------------------------------------


def test_a_notice_is_a_message_that_says_so_also_later() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("psst", "bob", notice=True))
    (heard,) = play.hears("bob")
    assert isinstance(heard, Message) and heard.notice
    (kept,) = play.tell("bob", GetHistory("alice"), HistoryListed).messages
    assert kept == heard


# ---- who it comes from ----------------------------------------------------------------------------------------


def test_what_somebody_does_tells_who_that_is() -> None:
    play = Playbook()
    play.enter("bob", "alice")
    play.chat.state.users["alice"].who = who = Identity("ali", "home", "Alice", "alice")
    play.forget()
    for request in (
        SendMessage("x"), SendMessage("x", "bob"), Announce("x"), Announce("x", ("bob",)), Topic("x"), SetAway("x"),
        ChangeNick("ann"), Part(), Join(("#main",)), Quit(),
    ):  # fmt: skip
        play.ask("alice", request)
    heard = play.hears("bob")
    assert len(heard) == 10
    assert {type(event): event.who for event in heard} == dict.fromkeys(map(type, heard), who)


def test_the_answer_holds_the_message_as_others_hear_it() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    for to in ("#main", "bob"):
        sent = play.tell("alice", SendMessage("x", to, id=to), MessageAccepted)
        (heard,) = play.hears("bob")
        assert sent.said == heard
        assert play.tell("alice", SendMessage("x", to, id=to), MessageAccepted).said is None
