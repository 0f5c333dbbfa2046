"""The inbox: what came while a user was not online."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.protocol.basics import Failed
from evchat.protocol.history import (
    DirectsListed,
    GetHistory,
    GetInbox,
    InboxListed,
    ListDirects,
)
from evchat.protocol.login import LoggedIn, Login
from evchat.protocol.messages import SendMessage
from evchat.protocol.read_markers import ReadMarkerMoved, SetReadMarker
from tests.core.playbook import Playbook, kinds, said
from tests.core.talk import listed, talk


def test_the_inbox_shows_what_came_while_one_was_away_once() -> None:
    play = Playbook()
    play.register("bob")
    play.leave("bob")
    play.enter("alice", "carol")
    play.ask("alice", SendMessage("1", to="bob"))
    play.ask("carol", SendMessage("2", to="bob"))
    play.connect("bob")
    assert play.tell("bob", Login("bob", "secret"), LoggedIn).unread == 2
    play.ask("alice", SendMessage("live", to="bob"))
    play.forget()
    inbox = play.tell("bob", GetInbox(id="1"), InboxListed)
    assert (said(inbox.messages), inbox.more, inbox.reply_to) == (["1", "2"], False, "1")
    assert play.tell("bob", GetInbox(), InboxListed).messages == ()
    assert listed(play, "bob", GetHistory("alice")) == ("1 live", False)


def test_a_full_inbox_comes_in_pieces() -> None:
    play = Playbook(history_default=2)
    play.enter("bob")
    play.leave("bob")
    play.enter("alice")
    talk(play, "alice", 5, "bob")
    play.enter("bob")
    pieces = [play.tell("bob", GetInbox(), InboxListed) for _ in range(3)]
    assert [(said(x.messages), x.more) for x in pieces] == [
        (["1", "2"], True),
        (["3", "4"], True),
        (["5"], False),
    ]


def test_an_inbox_that_is_kept_can_be_shown_again_and_is_cleared_by_reading() -> None:
    play = Playbook(history_default=2)
    play.enter("bob")
    play.leave("bob")
    play.enter("alice")
    talk(play, "alice", 3, "bob")
    play.enter("bob")
    shown = play.tell("bob", GetInbox(keep=True, id="1"), InboxListed)
    assert (said(shown.messages), shown.more, shown.kept, shown.reply_to) == (["1", "2"], True, True, "1")
    assert play.tell("bob", GetInbox(keep=True), InboxListed).messages == shown.messages
    rest = play.tell("bob", GetInbox(keep=True, to="ALICE", after=2), InboxListed)
    assert (said(rest.messages), rest.more) == (["3"], False)
    assert play.disk.fetch(rec.ReadMarkOf("bob", "alice bob")) == []
    play.ask("bob", SetReadMarker("alice", 2))
    assert said(play.tell("bob", GetInbox(keep=True), InboxListed).messages) == ["3"]
    play.ask("bob", SetReadMarker("alice", 3))
    assert play.tell("bob", GetInbox(keep=True), InboxListed).messages == ()


def test_a_kept_inbox_tells_nothing_that_is_not_committed() -> None:
    play = Playbook()
    play.enter("bob")
    play.leave("bob")
    play.enter("alice")
    play.connect("bob")
    play.decide("alice", SendMessage("lost", to="bob"))
    play.decide("bob", Login("bob"))
    play.decide("bob", GetInbox(keep=True))
    play.decide("bob", ListDirects())
    play.commit(fails=True)
    listed = [event for event in play.hears("bob") if isinstance(event, InboxListed | DirectsListed)]
    assert listed == [
        InboxListed(play.now, None, (), more=True, kept=True),
        DirectsListed(play.now, None, ()),
    ]


def test_reading_clears_an_inbox_of_any_length() -> None:
    play = Playbook(history_max=2, history_default=2)
    play.enter("bob")
    play.leave("bob")
    play.enter("alice", "carol")
    talk(play, "alice", 3, "bob")
    talk(play, "carol", 3, "bob")
    play.enter("bob")
    play.ask("bob", SetReadMarker("carol", 3))
    play.ask("bob", SetReadMarker("alice", 3))
    assert play.tell("bob", GetInbox(keep=True), InboxListed).messages == ()


def test_the_inbox_moves_the_read_marks_and_tells_ones_other_sessions() -> None:
    play = Playbook()
    play.register("bob")
    play.leave("bob")
    play.enter("alice")
    talk(play, "alice", 3, "bob")
    play.again("bob", "bob")
    play.again("phone", "bob")
    play.ask("bob", GetInbox())
    assert play.hears("phone") == [ReadMarkerMoved(play.now, "alice", 3, play.now + 2)], "three in one moment"
    assert play.disk.fetch(rec.ReadMarkOf("bob", "alice bob")) == [rec.ReadMark("bob", "alice bob", 3)]


def test_an_inbox_that_could_not_be_marked_is_unread_still() -> None:
    play = Playbook()
    play.enter("bob")
    play.leave("bob")
    play.enter("alice")
    talk(play, "alice", 1, "bob")
    play.enter("bob")
    play.decide("bob", GetInbox())
    play.commit(fails=True)
    assert kinds(play.hears("bob")) == [Failed]
    assert said(play.tell("bob", GetInbox(), InboxListed).messages) == ["1"]
