"""Read markers: set and asked for."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.protocol.basics import Done
from evchat.protocol.channels import Entered, Join, Part
from evchat.protocol.history import (
    GetInbox,
    InboxListed,
)
from evchat.protocol.login import Login
from evchat.protocol.read_markers import GetReadMarker, ReadMarkerMoved, ReadMarkerTold, SetReadMarker
from tests.core.playbook import START, Playbook, said, snapshot
from tests.core.talk import talk


def test_a_read_mark_is_kept_and_told_to_ones_other_sessions() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.enter("bob")
    play.now += 10
    talk(play, "bob", 5)
    done = play.tell("alice", SetReadMarker("#MAIN", 3, id="1"), Done)
    assert done == Done(play.now, "1", "", (("to", "#main"), ("seq", 3)))
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "#main", 3, play.now + 2)]
    assert play.hears("bob") == []
    play.leave("phone")
    play.connect("phone")
    assert play.tell("phone", Login("alice", "secret"), Entered).read == 3


def test_what_was_read_elsewhere_is_not_in_the_inbox_any_more() -> None:
    play = Playbook()
    play.enter("bob")
    play.leave("bob")
    play.enter("alice")
    talk(play, "alice", 3, "bob")
    play.enter("bob")
    play.ask("bob", SetReadMarker("alice", 2))
    assert said(play.tell("bob", GetInbox(), InboxListed).messages) == ["3"]


def test_a_mark_is_only_set_in_ones_own_conversations() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#bobs",)))
    assert play.refusal("alice", SetReadMarker("#bobs", 1)) == "not-in-channel"
    assert play.refusal("alice", SetReadMarker("nobody", 1)) == "no-such-user"
    before = snapshot(play.chat)
    play.tell("alice", SetReadMarker("*", 1), Done)
    play.tell("alice", SetReadMarker("#main", 1), Done)
    assert not [x for x in play.disk.kept if isinstance(x, rec.ReadMark)], "there is nothing to read"
    after = snapshot(play.chat)
    assert {key: seq for key, seq in after.pop("heads").items() if seq} == {}
    del before["heads"]
    assert after == before


def test_up_to_a_time_all_is_read_and_the_time_is_kept_as_it_was_said() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    for _ in range(3):
        play.now += 10
        talk(play, "alice", 1)
    play.forget()
    assert play.tell("alice", GetReadMarker("#main"), ReadMarkerTold) == ReadMarkerTold(
        play.now, None, "#main", 0, 0
    )
    marked = play.tell("alice", SetReadMarker("#main", until=START + 25, id="2"), ReadMarkerTold)
    assert marked == ReadMarkerTold(play.now, "2", "#main", 2, START + 25)
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "#main", 2, START + 25)]
    assert play.tell("alice", SetReadMarker("#main", until=START + 24), ReadMarkerTold).read_at == START + 25
    play.ask("alice", SetReadMarker("#main", 1))
    assert play.hears("phone") == []
    told = play.tell("alice", GetReadMarker("#MAIN", id="1"), ReadMarkerTold)
    assert told == ReadMarkerTold(play.now, "1", "#main", 2, START + 25)
    play.ask("alice", SetReadMarker("#main", 3))
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "#main", 3, START + 30)]
    play.ask("alice", SetReadMarker("#main", until=START + 99))
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "#main", 3, START + 30)], "no further than now"
    assert play.refusal("alice", SetReadMarker("#main")) == "bad-request"
    play.ask("alice", Part())
    assert play.tell("alice", GetReadMarker("#main"), ReadMarkerTold).seq == 3
    assert play.tell("alice", GetReadMarker("nobody"), ReadMarkerTold) == ReadMarkerTold(
        play.now, None, "nobody", 0, 0
    )
    assert play.refusal("alice", GetReadMarker("no name")) == "no-such-user"
    assert play.refusal("alice", GetReadMarker("#no\x00name")) == "no-such-channel"
