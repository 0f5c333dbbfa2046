"""What messages and tag messages have in common: tags, and the roles that they are for."""

from __future__ import annotations

from evchat.protocol.channels import Join
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.history import GetHistory, HistoryListed
from evchat.protocol.messages import Message, MessageAccepted, SendMessage
from evchat.protocol.modes import GrantRole
from tests.core.playbook import Playbook, said


def test_a_message_to_holders_of_a_role_is_heard_by_them_and_ones_own_sessions_and_not_kept() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob")
    sent, heard = play.ask("alice", SendMessage("careful", "#main", role="o", id="1"))
    said = Message(play.now, "#main", 0, "alice", "#main", "careful", id="1", role="o")
    assert sent == MessageAccepted(play.now, "1", "#main", 0, sent_at=play.now)
    assert play.hears("phone") == [heard] == [said]
    assert play.hears("bob") == []
    assert play.tell("bob", GetHistory("#main"), HistoryListed).seq == 0
    assert play.tell("alice", SendMessage("careful", "#main", role="o", id="1"), MessageAccepted).duplicate
    assert play.hears("phone") == []


def test_a_role_is_spoken_to_with_all_that_are_higher() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol", "dora")
    for who in ("alice", "bob", "carol", "dora"):
        play.ask(who, Join(("#tea",)))
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.forget()
    play.ask("dora", SendMessage("to voices", "#tea", role="v"))
    play.ask("dora", SendMessage("to operators", "#tea", role="o"))
    play.ask("dora", SendTagMessage("#tea", (("+typing", "active"),), role="o"))
    assert said(play.hears("alice")) == ["to voices", "to operators"]
    assert said(play.hears("bob")) == ["to voices"]
    assert play.hears("carol") == []


def test_roles_are_those_of_channels_one_is_in() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#bobs",)))
    assert play.refusal("alice", SendMessage("x", "#bobs", role="o")) == "not-in-channel"
    assert play.refusal("alice", SendMessage("x", "#main", role="q")) == "bad-request"
    assert play.refusal("alice", SendMessage("x", "bob", role="o")) == "bad-request"


def test_tags_are_told_and_kept_and_have_a_limit() -> None:
    play = Playbook(max_tag_bytes=20)
    play.enter("alice", "bob")
    tags = (("+reply", "abc"),)
    for to in ("#main", "bob"):
        play.ask("alice", SendMessage("x", to, tags=tags))
    heard = [event for event in play.hears("bob") if isinstance(event, Message)]
    assert [said.tags for said in heard] == [tags, tags]
    for to in ("#main", "alice"):
        (kept,) = play.tell("bob", GetHistory(to), HistoryListed).messages
        assert kept.tags == tags
    assert play.refusal("alice", SendMessage("x", tags=(("+reply", "a" * 20),))) == "too-long"
