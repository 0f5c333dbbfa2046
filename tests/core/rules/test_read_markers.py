"""A read marker only moves on."""

from __future__ import annotations

from evchat.protocol.basics import Done
from evchat.protocol.channels import Entered, Join
from evchat.protocol.read_markers import ReadMarkerMoved, SetReadMarker
from tests.core.playbook import Playbook
from tests.core.talk import talk


def test_a_read_mark_never_goes_back_nor_beyond_the_last_message() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.now += 10
    talk(play, "alice", 5)
    play.ask("alice", SetReadMarker("#main", 4))
    play.forget()
    play.ask("alice", SetReadMarker("#main", 2))
    play.ask("alice", SetReadMarker("#main", 4))
    assert play.hears("phone") == []
    assert dict(play.tell("alice", SetReadMarker("#main", 99), Done).facts)["seq"] == 5
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "#main", 5, play.now + 4)]
    assert play.tell("alice", Join(("#main",)), Entered).read == 5
