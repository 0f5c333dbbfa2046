"""Giving messages another text."""

from __future__ import annotations

import pytest

from evchat.protocol.basics import Done, Failed
from evchat.protocol.channels import Join
from evchat.protocol.editing import Edit, Edited
from evchat.protocol.history import GetHistory, HistoryListed, Search, SearchResults
from evchat.protocol.login import ChangeNick
from evchat.protocol.messages import Announce, Message, MessageAccepted, SendMessage
from evchat.protocol.modes import ChannelMode
from evchat.protocol.people import Block
from evchat.protocol.redaction import Redact
from tests.core.playbook import Playbook, kinds


def shown(play: Playbook, who: str, to: str, **facts: int) -> list[tuple[str, int, int]]:
    told = play.tell(who, GetHistory(to, **facts), HistoryListed)
    return [(said.text, said.edited, said.rev) for said in told.messages]


@pytest.mark.parametrize(("to", "seen_as"), [("#main", "#main"), ("bob", "alice")])
def test_the_sender_of_a_message_gives_it_another_text(to: str, seen_as: str) -> None:
    play = Playbook()
    play.enter("alice", "bob", full=True)
    sent = play.tell("alice", SendMessage("one", to), MessageAccepted)
    play.ask("alice", SendMessage("two", to))
    play.forget()
    play.now += 5
    (done,) = play.ask("alice", Edit(to.upper(), 1, "uno", id="1"))
    assert isinstance(done, Done) and dict(done.facts) == {"to": to, "seq": 1, "rev": 1}
    (told,) = play.hears("bob")
    assert isinstance(told, Edited) and told == done.told
    assert (told.seq, told.sent_at, told.to, told.by, told.text, told.rev) == (
        1, sent.sent_at, to, "alice", "uno", 1,
    )  # fmt: skip
    for who, place in (("alice", to), ("bob", seen_as)):
        assert shown(play, who, place) == [("uno", play.now, 1), ("two", 0, 0)]
        assert shown(play, who, place, changed_after=0) == [("uno", play.now, 1)]
        assert [x.text for x in play.tell(who, Search("uno"), SearchResults).messages] == ["uno"]
        assert play.tell(who, Search("one"), SearchResults).messages == ()


def test_the_same_text_is_no_change() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("one"))
    play.forget()
    (done,) = play.ask("alice", Edit("#main", 1, "one"))
    assert isinstance(done, Done) and play.hears("bob") == []
    assert shown(play, "alice", "#main") == [("one", 0, 0)]


def test_nobody_else_changes_a_message_not_even_an_operator() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#tea",)))
    play.ask("alice", Join(("#tea",)))
    play.ask("alice", SendMessage("one", "#tea"))
    assert play.refusal("bob", Edit("#tea", 1, "uno")) == "not-allowed"
    play.leave("alice")
    play.now += 10
    play.ask("bob", ChangeNick("alice"))
    assert play.refusal("bob", Edit("#tea", 1, "uno")) == "not-allowed"


def test_what_is_not_there_or_was_deleted_can_not_be_changed() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("one"))
    play.ask("alice", Announce("all"))
    for seq in (0, 2, 10**30, -1):
        assert play.refusal("alice", Edit("#main", seq, "x")) == "no-such-message"
    assert play.refusal("alice", Edit("#main", 1, " ")) == "empty"
    assert play.refusal("alice", Edit("*", 1, "x")) == "not-allowed"
    play.ask("alice", Redact("#main", 1))
    assert play.refusal("alice", Edit("#main", 1, "x")) == "no-such-message"


def test_whoever_may_not_speak_changes_nothing_that_was_said() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#tea",)))
    play.ask("alice", Join(("#tea",), current=True))
    play.ask("alice", SendMessage("one", "#tea"))
    for line in ("+m", "-m+U", "-U+b alice"):
        play.ask("bob", ChannelMode(line, "#tea"))
        if line != "-m+U":
            assert play.refusal("alice", Edit("#tea", 1, "uno")) == "moderated"
    assert shown(play, "bob", "#tea") == [("one", 0, 0)]


def test_a_blocked_users_words_reach_nobody_by_a_change() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("one", "bob"))
    play.ask("bob", Block("alice"))
    play.ask("alice", SendMessage("two", "bob"))
    play.forget()
    assert play.refusal("alice", Edit("bob", 1, "uno")) == "not-allowed"
    assert kinds(play.ask("alice", Edit("bob", 2, "due"))) == [Done]
    assert play.hears("bob") == []
    assert shown(play, "bob", "alice") == [("one", 0, 0)]
    assert [text for text, _, _ in shown(play, "alice", "bob")] == ["one", "due"]


def test_after_a_while_a_message_stays_as_it_is_if_the_settings_say_so() -> None:
    play = Playbook(edit_within=60.0)
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("one"))
    play.now += 60_000
    play.tell("alice", Edit("#main", 1, "uno"), Done)
    play.now += 1_000
    assert play.refusal("alice", Edit("#main", 1, "due")) == "not-allowed"


def test_what_could_not_be_changed_is_as_it_was() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("one"))
    play.forget()
    play.decide("alice", Edit("#main", 1, "uno"))
    play.commit(fails=True)
    assert kinds(play.hears("alice")) == [Failed] and play.hears("bob") == []
    assert shown(play, "bob", "#main") == [("one", 0, 0)]
    play.ask("alice", Edit("#main", 1, "uno"))
    assert [rev for _, _, rev in shown(play, "bob", "#main")] == [1]


def test_a_message_says_which_one_it_answers() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("one"))
    play.ask("bob", SendMessage("me too", "#main", reply=1))
    (told,) = (event for event in play.hears("alice") if isinstance(event, Message) and event.reply)
    assert (told.seq, told.reply) == (2, 1)
    told_later = play.tell("alice", GetHistory("#main"), HistoryListed).messages
    assert [said.reply for said in told_later] == [0, 1]
    for seq in (0, 3, -1, 10**30):
        assert play.refusal("bob", SendMessage("x", "#main", reply=seq)) == "no-such-message"
    assert play.refusal("bob", SendMessage("x", "alice", reply=1)) == "no-such-message"
