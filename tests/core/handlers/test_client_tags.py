"""What users' clients tell each other without a message."""

from __future__ import annotations

from evchat.protocol.basics import Done
from evchat.protocol.channels import Join, Part
from evchat.protocol.client_tags import SendTagMessage, TagMessage
from evchat.protocol.history import GetHistory, HistoryListed
from evchat.protocol.modes import ChannelMode
from evchat.protocol.people import Block
from tests.core.playbook import Playbook

TYPING = (("+typing", "active"),)


def test_a_signal_to_a_channel_is_heard_by_all_but_the_session_it_comes_from() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob", "carol")
    play.ask("carol", Part())
    play.forget()
    (done,) = play.ask("alice", SendTagMessage("#MAIN", TYPING, id="1"))
    told = TagMessage(play.now, "alice", "#main", TYPING, number=1)
    assert isinstance(done, Done) and done.reply_to == "1" and done.told == told
    assert play.hears("bob") == play.hears("phone") == [told]
    assert play.hears("carol") == []
    play.ask("alice", SendTagMessage("#main", text="VERSION", notice=True))
    assert play.hears("bob") == [TagMessage(play.now, "alice", "#main", (), "", "VERSION", True, 2)]
    assert play.tell("bob", GetHistory("#main"), HistoryListed).seq == 0


def test_a_signal_to_a_user_is_heard_by_the_user_and_ones_other_sessions() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("Bob")
    play.ask("alice", SendTagMessage("bob", TYPING))
    told = TagMessage(play.now, "alice", "Bob", TYPING, number=1)
    assert play.hears("Bob") == play.hears("phone") == [told]
    play.ask("alice", SendTagMessage("alice", TYPING))
    assert len(play.hears("phone")) == 1


def test_who_has_blocked_somebody_or_is_gone_hears_no_signal_and_that_is_not_told() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("bob", Block("alice"))
    play.leave("carol")
    play.forget()
    for name in ("bob", "carol"):
        assert play.tell("alice", SendTagMessage(name, TYPING), Done).told is not None
    assert play.hears("bob") == []


def test_a_signal_needs_something_in_it_and_somebody_to_hear_it() -> None:
    play = Playbook(max_tag_bytes=20)
    play.enter("alice", "bob")
    play.ask("bob", Join(("#bobs",)))
    assert play.refusal("alice", SendTagMessage("#main")) == "empty"
    assert play.refusal("alice", SendTagMessage("#main", (("+x", "y" * 20),))) == "too-long"
    assert play.refusal("alice", SendTagMessage("#bobs", TYPING)) == "not-in-channel"
    assert play.refusal("alice", SendTagMessage("nobody", TYPING)) == "no-such-user"
    assert play.refusal("alice", SendTagMessage("bob", TYPING, "o")) == "bad-request"


def test_who_may_not_speak_in_a_channel_does_not_signal_there_either() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    for who in ("alice", "bob"):
        play.ask(who, Join(("#tea",)))
    play.ask("alice", ChannelMode("+m", "#tea"))
    assert play.refusal("bob", SendTagMessage("#tea", TYPING)) == "moderated"
    play.ask("alice", ChannelMode("-m+C", "#tea"))
    assert play.refusal("bob", SendTagMessage("#tea", text="\x01VERSION\x01")) == "no-ctcp"
    assert isinstance(play.ask("bob", SendTagMessage("#tea", TYPING))[0], Done)


def test_a_signal_to_holders_of_a_role_is_heard_by_no_others() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob")
    play.ask("alice", SendTagMessage("#main", TYPING, "o"))
    assert len(play.hears("phone")) == 1
    assert play.hears("bob") == []
