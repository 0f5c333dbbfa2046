"""What users' clients tell each other without a message."""

from __future__ import annotations

from evchat.protocol import events as e
from evchat.protocol import requests as r
from tests.core.playbook import Playbook

TYPING = (("+typing", "active"),)


def test_a_signal_to_a_channel_is_heard_by_all_but_the_session_it_comes_from() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob", "carol")
    play.ask("carol", r.Part())
    play.forget()
    (done,) = play.ask("alice", r.Signal("#MAIN", TYPING, id="1"))
    told = e.Signalled(play.now, "alice", "#main", TYPING, number=1)
    assert isinstance(done, e.Done) and done.reply_to == "1" and done.told == told
    assert play.hears("bob") == play.hears("phone") == [told]
    assert play.hears("carol") == []
    play.ask("alice", r.Signal("#main", text="VERSION", notice=True))
    assert play.hears("bob") == [e.Signalled(play.now, "alice", "#main", (), "", "VERSION", True, 2)]
    assert play.tell("bob", r.History("#main"), e.HistoryListed).seq == 0


def test_a_signal_to_a_user_is_heard_by_the_user_and_ones_other_sessions() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("Bob")
    play.ask("alice", r.Signal("bob", TYPING))
    told = e.Signalled(play.now, "alice", "Bob", TYPING, number=1)
    assert play.hears("Bob") == play.hears("phone") == [told]
    play.ask("alice", r.Signal("alice", TYPING))
    assert len(play.hears("phone")) == 1


def test_who_has_blocked_somebody_or_is_gone_hears_no_signal_and_that_is_not_told() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("bob", r.Block("alice"))
    play.leave("carol")
    play.forget()
    for name in ("bob", "carol"):
        assert play.tell("alice", r.Signal(name, TYPING), e.Done).told is not None
    assert play.hears("bob") == []


def test_a_signal_needs_something_in_it_and_somebody_to_hear_it() -> None:
    play = Playbook(max_tag_bytes=20)
    play.enter("alice", "bob")
    play.ask("bob", r.Join(("#bobs",)))
    assert play.refusal("alice", r.Signal("#main")) == "empty"
    assert play.refusal("alice", r.Signal("#main", (("+x", "y" * 20),))) == "too-long"
    assert play.refusal("alice", r.Signal("#bobs", TYPING)) == "not-in-channel"
    assert play.refusal("alice", r.Signal("nobody", TYPING)) == "no-such-user"
    assert play.refusal("alice", r.Signal("bob", TYPING, "o")) == "bad-request"


def test_who_may_not_speak_in_a_channel_does_not_signal_there_either() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    for who in ("alice", "bob"):
        play.ask(who, r.Join(("#tea",)))
    play.ask("alice", r.Mode("+m", "#tea"))
    assert play.refusal("bob", r.Signal("#tea", TYPING)) == "moderated"
    play.ask("alice", r.Mode("-m+C", "#tea"))
    assert play.refusal("bob", r.Signal("#tea", text="\x01VERSION\x01")) == "no-ctcp"
    assert isinstance(play.ask("bob", r.Signal("#tea", TYPING))[0], e.Done)


def test_a_signal_to_holders_of_a_role_is_heard_by_no_others() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob")
    play.ask("alice", r.Signal("#main", TYPING, "o"))
    assert len(play.hears("phone")) == 1
    assert play.hears("bob") == []
