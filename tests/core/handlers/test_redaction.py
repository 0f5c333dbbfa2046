"""Taking messages back."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.protocol.basics import Done, Failed, Hello
from evchat.protocol.channels import Entered, Join, Part
from evchat.protocol.history import (
    DirectsListed,
    GetHistory,
    HistoryListed,
    ListDirects,
    Search,
    SearchResults,
)
from evchat.protocol.login import ChangeNick, Login
from evchat.protocol.messages import Announce, MessageAccepted, SendMessage
from evchat.protocol.people import Block
from evchat.protocol.redaction import Redact, Redacted
from tests.core.playbook import Playbook, kinds


def texts(play: Playbook, who: str, to: str) -> list[str]:
    return [
        "(deleted)" if said.redacted else said.text
        for said in play.tell(who, GetHistory(to), HistoryListed).messages
    ]


def test_who_sent_a_message_takes_it_back_for_everybody() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    _, sent, _ = [play.tell("alice", SendMessage(text), MessageAccepted) for text in ("one", "two", "three")]
    play.forget()
    play.now += 5
    done, told = play.ask("alice", Redact("#MAIN", 2, " a  slip ", id="1"))
    assert isinstance(done, Done) and done.reply_to == "1" and done.told == told
    assert told == Redacted(play.now, "#main", 2, sent.sent_at, "#main", "alice", "a slip", 1)
    assert play.hears("bob") == [told]
    assert texts(play, "bob", "#main") == ["one", "(deleted)", "three"]
    assert play.tell("bob", Search("two"), SearchResults).messages == ()


def test_a_direct_message_is_taken_back_by_its_sender_alone() -> None:
    play = Playbook()
    play.enter("alice", "bob", full=True)
    play.ask("alice", SendMessage("psst", "bob"))
    play.forget()
    assert play.refusal("bob", Redact("alice", 1)) == "not-allowed"
    play.forget()
    assert kinds(play.ask("alice", Redact("bob", 1))) == [Done]
    (told,) = play.hears("bob")
    assert isinstance(told, Redacted) and told.to == "bob"
    assert texts(play, "bob", "alice") == texts(play, "alice", "bob") == ["(deleted)"]


def test_that_a_message_was_blocked_is_not_found_out_by_taking_it_back() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Block("alice"))
    play.ask("alice", SendMessage("psst", "bob"))
    play.forget()
    assert isinstance(play.ask("alice", Redact("bob", 1))[0], Done)
    assert play.hears("bob") == []
    assert play.refusal("bob", Redact("alice", 1)) == "no-such-message"


def test_only_who_had_the_name_when_a_message_was_sent_takes_it_back() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.ask("alice", SendMessage("one"))
    play.leave("alice")
    play.now += 10
    play.ask("carol", ChangeNick("alice"))
    assert play.refusal("carol", Redact("#main", 1)) == "not-allowed"
    assert play.refusal("bob", Redact("#main", 1)) == "not-allowed"
    play.ask("carol", SendMessage("two"))
    assert isinstance(play.ask("carol", Redact("#main", 2))[0], Done)


def test_who_owns_a_name_takes_back_what_was_said_under_it() -> None:
    play = Playbook()
    play.register("alice")
    play.ask("alice", SendMessage("one"))
    play.leave("alice")
    play.now += 1
    play.again("phone", "alice")
    play.ask("phone", ChangeNick("ann"))
    assert isinstance(play.ask("phone", Redact("#main", 1))[0], Done)


def test_who_keeps_order_in_a_channel_takes_back_what_is_said_there() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#tea",)))
    play.ask("alice", Join(("#tea",)))
    play.ask("alice", SendMessage("spam", "#tea"))
    play.forget()
    assert isinstance(play.ask("bob", Redact("#tea", 1))[0], Done)
    assert kinds(play.hears("alice")) == [Redacted]


def test_an_operator_of_the_server_takes_back_what_is_said_in_public() -> None:
    play = Playbook(operators=(("root", "secret"),))
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("spam"))
    play.ask("alice", Announce("spam"))
    play.ask("alice", SendMessage("psst", "bob"))
    play.chat.state.users["bob"].operator = "root"
    play.ask("bob", Part())
    assert isinstance(play.ask("bob", Redact("#main", 1, "spam"))[0], Done)
    assert isinstance(play.ask("bob", Redact("*", 1))[0], Done)
    acts = [(x.by, x.act, x.target, x.detail) for x in play.disk.kept if isinstance(x, rec.AuditRecord)]
    assert acts == [("root", "redact", "#main", "alice 1 spam"), ("root", "redact", "*", "alice 1")]
    assert play.refusal("bob", Redact("alice", 1)) == "not-allowed"
    assert kinds(play.hears("alice")).count(Redacted) == 2


def test_what_is_not_there_can_not_be_taken_back() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", SendMessage("one"))
    for seq in (0, 2, 10**30, -1):
        assert play.refusal("alice", Redact("#main", seq)) == "no-such-message"
    assert play.refusal("alice", Redact("#none", 1)) == "no-such-channel"
    assert play.refusal("alice", Redact("#main", 1, "x" * 1000)) == "too-long"
    play.ask("alice", Redact("#main", 1))
    assert play.refusal("alice", Redact("#main", 1)) == "no-such-message"


def changes(play: Playbook, who: str, to: str, after: int, limit: int | None = None) -> HistoryListed:
    return play.tell(who, GetHistory(to, limit, changed_after=after), HistoryListed)


def test_whoever_was_away_is_told_of_what_was_taken_back_meanwhile() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol", full=True)
    for number in range(6):
        play.ask("alice", SendMessage(str(number), "#main"))
        play.ask("alice", SendMessage(str(number), "bob"))
    play.leave("bob")
    for seq in (5, 2, 4):
        play.ask("alice", Redact("#main", seq))
        play.ask("alice", Redact("bob", seq))
    play.connect("bob")
    play.ask("bob", Hello())
    events = play.ask("bob", Login("bob"))
    assert [event.rev for event in events if isinstance(event, Entered)] == [3]
    (row,) = play.tell("bob", ListDirects(), DirectsListed).directs
    assert (row.name, row.rev) == ("alice", 3)
    for to in ("#main", "alice"):
        told = changes(play, "bob", to, 0)
        assert [(said.seq, said.rev, said.redacted) for said in told.messages] == [
            (5, 1, True), (2, 2, True), (4, 3, True),
        ]  # fmt: skip
        assert (told.seq, told.rev, told.more) == (6, 3, False)
        page = changes(play, "bob", to, 0, 2)
        assert [said.seq for said in page.messages] == [5, 2] and page.more and page.rev == 3
        assert [said.seq for said in changes(play, "bob", to, page.messages[-1].rev, 2).messages] == [4]
        for after in (3, 4, 10**30):
            nothing = changes(play, "bob", to, after)
            assert (nothing.messages, nothing.rev, nothing.more) == ((), 3, False)
        assert len(changes(play, "bob", to, -(10**30)).messages) == 3
    assert play.refusal("carol", GetHistory("nobody", changed_after=0)) == "no-such-user"


def test_a_channel_that_began_anew_tells_no_changes_of_the_one_before() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", Join(("#tea",)))
    play.ask("alice", SendMessage("one", "#tea"))
    play.ask("alice", Redact("#tea", 1))
    play.ask("alice", Part(("#tea",)))
    (entered,) = (x for x in play.ask("bob", Join(("#tea",))) if isinstance(x, Entered))
    assert (entered.seq, entered.rev) == (1, 1)
    assert changes(play, "bob", "#tea", 0).messages == ()
    play.ask("bob", SendMessage("two", "#tea"))
    play.ask("bob", Redact("#tea", 2))
    assert [(said.seq, said.rev) for said in changes(play, "bob", "#tea", 0).messages] == [(2, 2)]


def test_the_number_of_a_change_that_could_not_be_kept_is_given_again() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    for number in range(3):
        play.ask("alice", SendMessage(str(number)))
    for seq in (1, 2):
        play.decide("alice", Redact("#main", seq))
    play.commit(fails=True)
    play.forget()
    play.ask("alice", Redact("#main", 3))
    (told,) = play.hears("bob")
    assert isinstance(told, Redacted) and told.rev == 1
    assert [(said.seq, said.rev) for said in changes(play, "bob", "#main", 0).messages] == [(3, 1)]


def test_what_could_not_be_taken_back_is_still_there() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("one"))
    play.forget()
    play.decide("alice", Redact("#main", 1))
    play.commit(fails=True)
    assert kinds(play.hears("alice")) == [Failed]
    assert play.hears("bob") == []
    assert texts(play, "bob", "#main") == ["one"]


def test_a_message_is_taken_back_only_if_it_is_the_one_of_that_time() -> None:
    play = Playbook()
    play.enter("alice")
    sent = play.tell("alice", SendMessage("x"), MessageAccepted)
    assert play.refusal("alice", Redact("#main", 1, sent_at=sent.sent_at + 1)) == "no-such-message"
    play.tell("alice", Redact("#main", 1, sent_at=sent.sent_at), Done)
