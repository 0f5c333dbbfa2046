"""Messages and broadcasts, to whom they go, and what a resend does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evchat.core import records as rec
from evchat.protocol import events as e
from evchat.protocol import names
from evchat.protocol import requests as r
from tests.core.playbook import Playbook, kinds, said, snapshot

DAY = 24 * 3_600_000

# ---- to channels ----------------------------------------------------------------------------------------------


def test_everyone_in_a_channel_hears_a_message_the_sender_too() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("carol", r.Part())
    play.forget()
    sent, heard = play.ask("alice", r.Say("hi", id="1"))
    assert sent == e.Sent(play.now, "1", "#main", 1, sent_at=play.now)
    assert heard == e.Said(play.now, "#main", 1, "alice", "#main", "hi", id="1")
    assert play.hears("bob") == [heard]
    assert play.hears("carol") == []


def test_a_full_client_does_not_hear_its_own_message_but_its_users_other_sessions_do() -> None:
    play = Playbook()
    play.register("alice")
    play.again("full", "alice", full=True)
    assert kinds(play.ask("full", r.Say("hi"))) == [e.Sent]
    assert said(play.hears("alice")) == ["hi"]


def test_a_full_client_that_asks_for_an_echo_hears_itself() -> None:
    play = Playbook()
    play.enter("alice", full=True, echo=True)
    assert kinds(play.ask("alice", r.Say("hi"))) == [e.Sent, e.Said]
    assert kinds(play.ask("alice", r.Announce("hi"))) == [e.Announced, e.Said]


def test_an_action_is_a_message_that_says_so() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", r.Say("waves", action=True))
    (heard,) = play.hears("bob")
    assert isinstance(heard, e.Said)
    assert heard.action


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0"])
def test_a_message_without_anything_in_it_is_refused(text: str) -> None:
    play = Playbook()
    play.enter("alice", "bob")
    assert play.refusal("alice", r.Say(text)) == "empty"
    assert play.refusal("alice", r.Say(text, to="bob")) == "empty"
    assert play.refusal("alice", r.Announce(text)) == "empty"
    assert play.refusal("alice", r.Announce(text, ("bob",))) == "empty"


def test_one_speaks_only_where_one_is() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", r.Join(("#bobs",)))
    assert play.refusal("alice", r.Say("hi", to="#bobs")) == "not-in-channel"
    assert play.refusal("alice", r.Say("hi", to="#none")) == "not-in-channel"
    assert play.tell("alice", r.Say("hi", to="#MAIN"), e.Sent).to == "#main"
    assert play.tell("alice", r.Say("hi", to=""), e.Sent).to == "#main"


def test_every_conversation_counts_its_messages_without_a_hole() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", r.Join(("#tea",)))
    wanted = [("#main", 1), ("#tea", 1), ("bob", 1), ("#main", 2), ("bob", 2), ("#tea", 2)]
    assert [(to, play.tell("alice", r.Say("x", to=to), e.Sent).seq) for to, _ in wanted] == wanted
    assert play.tell("bob", r.Say("x", to="alice"), e.Sent).seq == 3
    assert play.tell("bob", r.Announce("x"), e.Announced).seq == 1


def test_numbers_go_on_after_the_server_was_started_again() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", r.Say("one"))
    after = Playbook(disk=play.disk)
    after.enter("alice")
    assert after.tell("alice", r.Say("two"), e.Sent).seq == 2


def test_a_message_that_could_not_be_kept_is_told_to_nobody_and_takes_no_number() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", r.Say("one"))
    play.forget()
    before = snapshot(play.chat)
    play.decide("alice", r.Say("lost", id="1"))
    play.decide("bob", r.Say("lost too"))
    play.decide("bob", r.Say("private", to="alice"))
    play.decide("bob", r.Announce("all"))
    play.commit(fails=True)
    assert kinds(play.hears("alice")) == [e.Failed]
    assert kinds(play.hears("bob")) == [e.Failed] * 3
    after = snapshot(play.chat)
    assert {key: seq for key, seq in after.pop("heads").items() if seq} == before.pop("heads")
    assert after == before
    assert play.tell("alice", r.Say("two", id="1"), e.Sent) == e.Sent(
        play.now, "1", "#main", 2, sent_at=play.now
    )


# ---- to users -------------------------------------------------------------------------------------------------


def test_a_direct_message_goes_to_the_receiver_and_the_sender_is_answered() -> None:
    play = Playbook()
    play.enter("alice", "Bob", "carol")
    answers = play.ask("alice", r.Say("psst", to="BOB", id="1"))
    assert answers == [e.Sent(play.now, "1", "Bob", 1, "psst", direct=True, sent_at=play.now)]
    assert play.hears("Bob") == [e.Said(play.now, "alice bob", 1, "alice", "Bob", "psst", id="1")]
    assert play.hears("carol") == []


def test_all_sessions_of_both_users_hear_a_direct_message() -> None:
    play = Playbook()
    play.register("alice", "bob")
    play.again("alices phone", "alice", full=True)
    play.again("bobs phone", "bob", full=True)
    play.ask("alice", r.Say("psst", to="bob"))
    assert said(play.hears("alices phone")) == ["[psst]"]
    assert said(play.hears("bob")) == said(play.hears("bobs phone")) == ["psst"]
    assert said(play.hears("alice")) == []


def test_a_full_client_that_asks_for_an_echo_hears_its_own_direct_messages() -> None:
    play = Playbook()
    play.enter("alice", full=True, echo=True)
    play.enter("bob")
    assert said(play.ask("alice", r.Say("psst", to="bob"))) == ["[psst]"]


def test_one_can_write_to_oneself() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    answers = play.ask("alice", r.Say("milk", to="alice"))
    assert answers == [e.Sent(play.now, None, "alice", 1, "milk", direct=True, sent_at=play.now)]
    (heard,) = play.hears("phone")
    assert isinstance(heard, e.Said)
    assert (heard.text, heard.own, heard.conversation) == ("milk", False, "alice alice")
    assert said(play.tell("alice", r.History("alice"), e.HistoryListed).messages) == ["milk"]


def test_the_sender_is_told_that_the_receiver_is_away() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", r.Away("Lunch"))
    assert play.tell("alice", r.Say("hi", to="bob"), e.Sent).away == "Lunch"


def test_a_message_to_somebody_who_is_not_online_waits_in_the_inbox() -> None:
    play = Playbook()
    play.enter("alice", "Bob")
    play.leave("Bob")
    sent = play.tell("alice", r.Say("call me", to="bob", action=True), e.Sent)
    assert (sent.to, sent.kept, sent.direct, sent.away) == ("Bob", True, True, None)
    play.connect("Bob")
    assert play.tell("Bob", r.Login("Bob"), e.LoggedIn).unread == 1
    assert said(play.tell("Bob", r.Inbox(), e.InboxListed).messages) == ["call me"]


def test_a_message_to_a_registered_name_that_was_never_seen_waits_too() -> None:
    play = Playbook()
    play.disk.save(rec.Account("bob", "Bob", "-", play.now))
    play.enter("alice")
    assert play.tell("alice", r.Say("hi", to="BOB"), e.Sent).to == "Bob"


@pytest.mark.parametrize(
    "name", ["nobody", "*", "server", "a b", "alice bob", "x" * 60_000, "\ud800", "-x", "\x1b[2J"]
)
def test_a_message_to_a_name_that_nobody_ever_had_is_refused(name: str) -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", r.Say("hi", to="bob"))
    play.forget()
    assert play.refusal("alice", r.Say("hi", to=name, id="1")) == "no-such-user"


# ---- blocked --------------------------------------------------------------------------------------------------


def test_what_a_blocked_user_writes_does_not_arrive_and_the_sender_is_not_told() -> None:
    play = Playbook()
    play.enter("troll", "bob", "carol")
    play.ask("troll", r.Say("before", to="bob"))
    play.ask("bob", r.Block("TROLL"))
    play.forget()
    sent = play.tell("troll", r.Say("during", to="bob"), e.Sent)
    assert sent == e.Sent(play.now, None, "bob", 2, "during", direct=True, sent_at=play.now)
    assert play.tell("troll", r.Announce("all"), e.Announced).delivered == 2
    assert play.tell("troll", r.Announce("list", ("bob", "carol")), e.Announced).delivered == 2
    assert said(play.hears("bob")) == []
    assert said(play.hears("carol")) == ["all", "list"]
    play.ask("troll", r.Say("public"))
    assert said(play.hears("bob")) == ["public"]
    assert said(play.tell("troll", r.History("bob"), e.HistoryListed).messages) == [
        "before",
        "during",
        "list",
    ]
    assert said(play.tell("bob", r.History("troll"), e.HistoryListed).messages) == ["before"]
    assert said(play.tell("bob", r.History("*"), e.HistoryListed).messages) == []
    assert said(play.tell("bob", r.Search("all"), e.Found).messages) == []
    assert said(play.tell("carol", r.Search("all"), e.Found).messages) == ["all"]


def test_a_blocked_user_reaches_nobody_who_is_not_online_either() -> None:
    play = Playbook()
    play.enter("troll", "bob")
    play.ask("bob", r.Block("troll"))
    play.leave("bob")
    assert play.tell("troll", r.Say("hi", to="bob"), e.Sent).kept, "as to anybody who is not online"
    play.connect("bob")
    assert play.tell("bob", r.Login("bob"), e.LoggedIn).unread == 0


def test_a_block_lasts_when_both_have_gone_and_come_back() -> None:
    play = Playbook()
    play.enter("troll", "bob")
    play.ask("bob", r.Block("troll"))
    play.leave("bob")
    play.leave("troll")
    play.enter("troll", "bob")
    play.ask("troll", r.Say("hi", to="bob"))
    assert said(play.hears("bob")) == []
    play.ask("bob", r.Block("troll", on=False))
    play.forget()
    play.ask("troll", r.Say("sorry", to="bob"))
    assert said(play.hears("bob")) == ["sorry"]


def test_the_copies_of_a_hidden_message_reach_the_senders_own_sessions() -> None:
    play = Playbook()
    play.register("troll")
    play.enter("bob")
    play.ask("bob", r.Block("troll"))
    play.again("phone", "troll")
    play.ask("troll", r.Say("hi", to="bob"))
    assert said(play.hears("phone")) == ["[hi]"]


# ---- broadcasts -----------------------------------------------------------------------------------------------


def test_a_broadcast_reaches_everyone_online_across_channels() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.connect("stranger")
    play.ask("carol", r.Part())
    play.forget()
    answer, heard = play.ask("alice", r.Announce("Cake!", id="1"))
    assert answer == e.Announced(play.now, "1", 2, (), 1)
    assert heard == e.Said(play.now, "*", 1, "alice", "*", "Cake!", id="1", announced=True)
    assert play.hears("bob") == play.hears("carol") == [heard]
    assert play.hears("stranger") == []


def test_a_broadcast_is_counted_by_users_not_sessions() -> None:
    play = Playbook()
    play.register("alice", "bob")
    play.again("bobs phone", "bob")
    play.again("alices phone", "alice")
    assert play.tell("alice", r.Announce("Cake!"), e.Announced).delivered == 1
    assert [said(play.hears(who)) for who in ("bob", "bobs phone", "alices phone")] == [["Cake!"]] * 3


def test_a_broadcast_to_a_list_says_whom_it_missed() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol", "dora")
    play.leave("dora")
    play.forget()
    answer = play.tell(
        "alice", r.Announce("Cake!", ("BOB", "bob", "Dora", "nobody", "alice"), id="1"), e.Announced
    )
    assert answer == e.Announced(play.now, "1", 1, ("Dora", "nobody"))
    (heard,) = play.hears("bob")
    assert heard == e.Said(play.now, "alice bob", 1, "alice", "bob", "Cake!", announced=True)
    assert play.hears("carol") == []
    play.enter("dora")
    assert play.tell("dora", r.Inbox(), e.InboxListed).messages == ()


def test_a_broadcast_to_nobody_but_oneself_or_to_nobody_online_is_delivered_to_nobody() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.tell("alice", r.Announce("x", ("alice",), id="1"), e.Announced).delivered == 0
    assert play.tell("alice", r.Announce("x", ("bob",)), e.Announced).missed == ("bob",)
    assert play.tell("alice", r.Announce("x"), e.Announced).delivered == 0


def test_the_senders_other_sessions_hear_a_list_broadcast_once_for_each_receiver() -> None:
    play = Playbook()
    play.register("alice")
    play.enter("bob", "carol")
    play.again("phone", "alice")
    play.ask("alice", r.Announce("Cake!", ("bob", "carol")))
    heard = play.hears("phone")
    assert said(heard) == ["[Cake!]", "[Cake!]"]
    assert [x.to for x in heard if isinstance(x, e.Said)] == ["bob", "carol"]
    assert said(play.hears("alice")) == []


def test_a_broadcast_names_so_many_users_and_no_more() -> None:
    play = Playbook(max_recipients=3)
    play.enter("alice")
    play.tell("alice", r.Announce("x", ("a", "b", "c", "C", "alice")), e.Announced)
    assert play.refusal("alice", r.Announce("x", ("a", "b", "c", "d"))) == "too-many-recipients"


def test_a_broadcast_for_which_the_store_can_not_be_asked_changes_nothing() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    before = snapshot(play.chat)
    play.disk.reads_fail = True
    assert play.refusal("alice", r.Announce("x", ("bob", "carol"))) == "storage"
    assert play.refusal("alice", r.Announce("x")) == "storage"
    assert play.refusal("alice", r.Say("x", to="bob")) == "storage"
    assert snapshot(play.chat) == before


# ---- resent requests ------------------------------------------------------------------------------------------


def test_a_resent_message_is_answered_as_the_first_time_and_not_sent_again() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    for number, request in enumerate(
        (
            r.Say("hi", id="1"),
            r.Say("waves", action=True, id="2"),
            r.Say("psst", to="BOB", id="3"),
            r.Announce("all", id="4"),
            r.Announce("some", ("bob", "zoe"), id="5"),
        )
    ):
        first = play.ask("alice", request)[0]
        play.now += 1000
        assert len(said(play.hears("bob"))) == 1, number
        (second,) = play.ask("alice", request)
        assert play.hears("bob") == []
        if isinstance(first, e.Sent):
            assert second == replace(first, at=play.now, duplicate=True, text="", action=False)
        else:
            assert isinstance(first, e.Announced)
            assert second == replace(first, at=play.now, duplicate=True)


def test_a_resend_is_known_after_a_reconnect_in_another_case_and_after_a_restart() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", r.Say("hi", id="1"))
    play.leave("alice")
    play.connect("alice")
    play.ask("alice", r.Login("Alice"))
    assert play.tell("alice", r.Say("hi", id="1"), e.Sent).duplicate
    after = Playbook(disk=play.disk)
    after.enter("alice")
    assert after.tell("alice", r.Say("hi", id="1"), e.Sent).duplicate


def test_a_resend_is_answered_though_one_has_left_the_channel() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", r.Join(("#Tea",)))
    play.ask("alice", r.Say("hi", to="#Tea", id="1"))
    play.ask("alice", r.Part(("#tea",)))
    again = play.tell("alice", r.Say("hi", to="#Tea", id="1"), e.Sent)
    assert (again.duplicate, again.to) == (True, "#tea")


def test_an_id_that_was_used_for_something_else_gets_the_first_answer() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", r.Say("hi", id="said"))
    play.ask("alice", r.Say("hi", to="bob", id="told"))
    play.ask("alice", r.Announce("hi", id="announced"))
    play.forget()
    assert play.tell("alice", r.Announce("all", id="said"), e.Sent).to == "#main"
    assert play.tell("alice", r.Announce("all", id="told"), e.Sent).direct
    assert play.tell("alice", r.Say("x", id="announced"), e.Announced).delivered == 1
    assert play.hears("bob") == []


def test_a_receipt_holds_for_24_hours() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", r.Say("hi", id="1"))
    play.now += DAY
    assert play.tell("alice", r.Say("hi", id="1"), e.Sent).duplicate
    play.now += 1
    assert not play.tell("alice", r.Say("hi", id="1"), e.Sent).duplicate


def test_receipts_are_of_each_user() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", r.Say("hi", id="1"))
    assert not play.tell("bob", r.Say("hi", id="1"), e.Sent).duplicate


def test_without_an_id_the_same_words_are_sent_again() -> None:
    play = Playbook()
    play.enter("alice")
    assert [play.tell("alice", r.Say("hi"), e.Sent).seq for _ in range(2)] == [1, 2]


def test_a_refused_message_leaves_no_receipt() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.refusal("alice", r.Say("hi", to="#tea", id="1")) == "not-in-channel"
    play.ask("alice", r.Join(("#tea",)))
    assert not play.tell("alice", r.Say("hi", to="#tea", id="1"), e.Sent).duplicate


def test_a_resend_in_the_same_pass_fails_with_its_commit() -> None:
    play = Playbook()
    play.enter("alice")
    play.decide("alice", r.Say("hi", id="1"))
    play.decide("alice", r.Say("hi", id="1"))
    play.commit(fails=True)
    assert kinds(play.hears("alice")) == [e.Failed, e.Failed]
    assert not play.tell("alice", r.Say("hi", id="1"), e.Sent).duplicate


def test_the_conversation_of_two_is_no_others() -> None:
    play = Playbook()
    play.enter("a", "b", "ab")
    play.ask("a", r.Say("x", to="b"))
    conversations = {x.conversation for x in play.disk.kept if isinstance(x, e.Said)}
    assert conversations == {names.pair_key("a", "b")}
    assert play.tell("ab", r.Say("y", to="a"), e.Sent).seq == 1


# ---- notices, roles, tags -------------------------------------------------------------------------------------


def test_a_notice_is_a_message_that_says_so_also_later() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", r.Say("psst", "bob", notice=True))
    (heard,) = play.hears("bob")
    assert isinstance(heard, e.Said) and heard.notice
    (kept,) = play.tell("bob", r.History("alice"), e.HistoryListed).messages
    assert kept == heard


def test_a_message_to_holders_of_a_role_is_heard_by_them_and_ones_own_sessions_and_not_kept() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob")
    sent, heard = play.ask("alice", r.Say("careful", "#main", role="o", id="1"))
    said = e.Said(play.now, "#main", 0, "alice", "#main", "careful", id="1", role="o")
    assert sent == e.Sent(play.now, "1", "#main", 0, sent_at=play.now)
    assert play.hears("phone") == [heard] == [said]
    assert play.hears("bob") == []
    assert play.tell("bob", r.History("#main"), e.HistoryListed).seq == 0
    assert play.tell("alice", r.Say("careful", "#main", role="o", id="1"), e.Sent).duplicate
    assert play.hears("phone") == []


def test_a_role_is_spoken_to_with_all_that_are_higher() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol", "dora")
    for who in ("alice", "bob", "carol", "dora"):
        play.ask(who, r.Join(("#tea",)))
    play.ask("alice", r.Grant("bob", "v", to="#tea"))
    play.forget()
    play.ask("dora", r.Say("to voices", "#tea", role="v"))
    play.ask("dora", r.Say("to operators", "#tea", role="o"))
    play.ask("dora", r.Signal("#tea", (("+typing", "active"),), role="o"))
    assert said(play.hears("alice")) == ["to voices", "to operators"]
    assert said(play.hears("bob")) == ["to voices"]
    assert play.hears("carol") == []


def test_roles_are_those_of_channels_one_is_in() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", r.Join(("#bobs",)))
    assert play.refusal("alice", r.Say("x", "#bobs", role="o")) == "not-in-channel"
    assert play.refusal("alice", r.Say("x", "#main", role="q")) == "bad-request"
    assert play.refusal("alice", r.Say("x", "bob", role="o")) == "bad-request"


def test_tags_are_told_and_kept_and_have_a_limit() -> None:
    play = Playbook(max_tag_bytes=20)
    play.enter("alice", "bob")
    tags = (("+reply", "abc"),)
    for to in ("#main", "bob"):
        play.ask("alice", r.Say("x", to, tags=tags))
    heard = [event for event in play.hears("bob") if isinstance(event, e.Said)]
    assert [said.tags for said in heard] == [tags, tags]
    for to in ("#main", "alice"):
        (kept,) = play.tell("bob", r.History(to), e.HistoryListed).messages
        assert kept.tags == tags
    assert play.refusal("alice", r.Say("x", tags=(("+reply", "a" * 20),))) == "too-long"


# ---- who it comes from ----------------------------------------------------------------------------------------


def test_what_somebody_does_tells_who_that_is() -> None:
    play = Playbook()
    play.enter("bob", "alice")
    play.chat.users["alice"].who = who = e.Identity("ali", "home", "Alice", "alice")
    play.forget()
    for request in (
        r.Say("x"), r.Say("x", "bob"), r.Announce("x"), r.Announce("x", ("bob",)), r.Topic("x"), r.Away("x"),
        r.Nick("ann"), r.Part(), r.Join(("#main",)), r.Quit(),
    ):  # fmt: skip
        play.ask("alice", request)
    heard = play.hears("bob")
    assert len(heard) == 10
    assert {type(event): event.who for event in heard} == dict.fromkeys(map(type, heard), who)


def test_the_answer_holds_the_message_as_others_hear_it() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    for to in ("#main", "bob"):
        sent = play.tell("alice", r.Say("x", to, id=to), e.Sent)
        (heard,) = play.hears("bob")
        assert sent.said == heard
        assert play.tell("alice", r.Say("x", to, id=to), e.Sent).said is None
