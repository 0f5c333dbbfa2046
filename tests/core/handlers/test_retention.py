"""How long messages are kept, and erasing what is stored about people."""

from __future__ import annotations

from evchat.core import changes
from evchat.protocol.basics import Done, Failed, HungUp
from evchat.protocol.channels import Join
from evchat.protocol.history import GetHistory, HistoryListed
from evchat.protocol.login import Login
from evchat.protocol.messages import SendMessage
from evchat.protocol.retention import Erase, EraseUser, Export, SetRetention
from tests.core.operators import acts, play_with_root
from tests.core.playbook import Playbook

DAY = 24 * 3_600_000


def test_the_owner_of_a_channel_and_operators_of_the_server_say_how_long_it_keeps() -> None:
    play = play_with_root("bob")
    play.register("alice")
    play.ask("alice", Join(("#den",)))
    play.ask("bob", Join(("#den",)))
    assert play.refusal("bob", SetRetention(5, "#den")) == "not-allowed"
    told = play.tell("alice", SetRetention(5, "#den"), Done)
    assert told.text == "The messages of #den are kept 5 days."
    play.tell("root", SetRetention(1, "#main"), Done)
    play.tell("root", SetRetention(0, "#main"), Done)
    assert [x for x in play.disk.kept if isinstance(x, changes.Retention)] == [
        changes.Retention("#den", 5), changes.Retention("#main", 1), changes.Retention("#main", 0),
    ]  # fmt: skip
    assert acts(play)[-1] == ("Root", "keep", "#main", "0")


def test_what_the_settings_say_is_kept_once() -> None:
    play = Playbook(keep_days=30)
    play.reload(keep_days=30)
    play.reload(keep_days=7)
    assert [x.days for x in play.disk.kept if isinstance(x, changes.Retention)] == [30, 7]


def test_history_tells_below_which_number_nothing_is_kept() -> None:
    play = Playbook(keep_days=1)
    play.enter("bob")
    play.ask("bob", SendMessage("old", "#main"))
    assert play.tell("bob", GetHistory("#main"), HistoryListed).gone_before == 0
    play.tick(2 * DAY)
    play.ask("bob", SendMessage("new", "#main"))
    play.disk.tidy(play.now)
    told = play.tell("bob", GetHistory("#main"), HistoryListed)
    assert ([said.text for said in told.messages], told.gone_before, told.more) == (["new"], 2, False)
    told = play.tell("bob", GetHistory("#main", after=0), HistoryListed)
    assert (told.gone_before, told.more) == (2, False)


def test_somebody_gets_what_is_stored_about_the_account() -> None:
    play = Playbook()
    play.register("alice")
    play.enter("bob")
    play.ask("alice", SendMessage("mine", "#main"))
    assert play.refusal("bob", Export()) == "not-registered"
    told = play.tell("alice", Export(), Done)
    rows = dict(told.facts)["rows"]
    assert [row["kind"] for row in rows] == ["account", "message"]  # type: ignore[attr-defined]
    assert dict(told.facts)["more"] is False and "scrypt" not in repr(told)


def test_somebody_erases_the_account_and_nobody_can_take_its_name() -> None:
    play = Playbook()
    play.register("alice")
    play.enter("bob")
    play.ask("alice", SendMessage("mine", "#main"))
    assert play.refusal("alice", Erase("guess")) == "wrong-password"
    assert play.refusal("bob", Erase("secret")) == "not-registered"
    play.tell("alice", Erase("secret"), Done)
    assert [event.code for event in play.hears("alice") if isinstance(event, HungUp)] == ["erased"]
    play.leave("alice")
    told = play.tell("bob", GetHistory("#main"), HistoryListed)
    assert [(said.text, said.redacted) for said in told.messages] == [("", True)]
    play.connect("again")
    assert [x.code for x in play.ask("again", Login("alice", "secret")) if isinstance(x, Failed)] == [
        "bad-name"
    ]


def test_an_operator_erases_an_account_or_a_guest() -> None:
    play = play_with_root("guest", "bob")
    play.register("alice")
    for who in ("guest", "alice", "bob"):
        play.ask(who, SendMessage("mine", "#main"))
    assert play.refusal("root", EraseUser("nobody")) == "no-such-user"
    assert play.refusal("bob", EraseUser("alice")) == "not-allowed"
    for who in ("guest", "alice"):
        play.tell("root", EraseUser(who), Done)
        play.leave(who)
    told = play.tell("bob", GetHistory("#main"), HistoryListed)
    assert [said.text for said in told.messages] == ["", "", "mine"]
    assert [act[1:3] for act in acts(play)] == [("eraseuser", "guest"), ("eraseuser", "alice")]
