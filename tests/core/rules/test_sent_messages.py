"""Whose a message is, and who has heard it."""

from __future__ import annotations

from evchat.core.rules import sent_messages
from evchat.protocol.login import ChangeNick
from evchat.protocol.messages import Announce, Message, SendMessage
from evchat.protocol.people import Block
from tests.core.playbook import Playbook


def said(play: Playbook) -> list[Message]:
    return [record for record in play.disk.kept if isinstance(record, Message)]


def test_a_message_is_that_of_whoever_had_its_senders_name_then() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("one"))
    (one,) = said(play)
    context, users = play.chat.context, play.chat.state.users
    assert sent_messages.is_senders(context, users["alice"], one, play.now)
    assert not sent_messages.is_senders(context, users["bob"], one, play.now)
    play.leave("alice")
    play.now += 10
    play.ask("bob", ChangeNick("alice"))
    assert not sent_messages.is_senders(context, users["alice"], one, play.now)


def test_a_message_was_heard_where_it_was_said_and_a_hidden_one_by_its_sender() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("alice", SendMessage("one"))
    play.ask("alice", SendMessage("two", "bob"))
    play.ask("alice", Announce("three"))
    play.ask("carol", Block("alice"))
    play.ask("alice", SendMessage("four", "carol"))
    alice = play.chat.state.users["alice"]
    heard = [set(sent_messages.hearers(play.chat.context, alice, one)) for one in said(play)]
    everyone = {play.sid(who) for who in ("alice", "bob", "carol")}
    assert heard == [everyone, {play.sid("alice"), play.sid("bob")}, everyone, {play.sid("alice")}]
