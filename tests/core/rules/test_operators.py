"""What operators of the server may do, and the record of it."""

from __future__ import annotations

from evchat.protocol.bans import Ban
from evchat.protocol.channels import Join, Topic
from evchat.protocol.modes import ChannelMode
from evchat.protocol.operators import AuditListed, Kill, ListAudit, Wallops
from tests.core.operators import acts, play_with_root


def test_the_acts_are_listed_the_latest_last() -> None:
    play = play_with_root("alice")
    for text in ("one", "two", "three"):
        play.ask("root", Wallops(text))
    told = play.tell("root", ListAudit(2, id="1"), AuditListed)
    assert told.reply_to == "1"
    assert [(act.by, act.act, act.detail) for act in told.acts] == [
        ("Root", "wallops", "two"),
        ("Root", "wallops", "three"),
    ]
    assert len(play.tell("root", ListAudit(), AuditListed).acts) == 4


def test_a_full_disk_does_not_keep_operators_from_acting() -> None:
    play = play_with_root("alice")
    play.decide("root", Kill("alice"))
    play.commit(fails=True)
    assert play.hung_up.keys() == {play.sid("alice")}


def test_where_an_operator_of_the_server_keeps_order_anyway_nothing_is_written_down() -> None:
    play = play_with_root()
    play.ask("root", Join(("#tea",)))
    play.ask("root", ChannelMode("+t", "#tea"))
    play.ask("root", Topic("tea", "#tea"))
    play.ask("root", Ban("bob", to="#tea"))
    assert acts(play) == []
