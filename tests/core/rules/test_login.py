"""What happens when a session logs in and when a user leaves."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.protocol.bans import Ban
from evchat.protocol.channels import (
    Entered,
    Join,
    Part,
)
from evchat.protocol.login import (
    ChangeNick,
    Disconnected,
    LoggedIn,
    Login,
    Logout,
)
from evchat.protocol.messages import SendMessage
from evchat.protocol.modes import ChannelMode
from tests.core.playbook import Playbook, snapshot


def test_a_second_session_of_a_user_comes_without_a_word_to_the_others() -> None:
    play = Playbook()
    play.register("alice")
    play.enter("bob")
    play.ask("alice", Join(("#tea",)))
    play.ask("alice", Part(("#main",)))
    play.forget()
    play.connect("phone")
    answers = play.ask("phone", Login("alice", "secret"))
    told, *entered = answers
    assert isinstance(told, LoggedIn)
    assert (told.channel, told.others) == ("#tea", ())
    assert [(x.channel, x.current) for x in entered if isinstance(x, Entered)] == [("#tea", True)]
    assert play.hears("bob") == play.hears("alice") == []


def test_a_second_session_is_told_the_name_as_it_is_written_now() -> None:
    play = Playbook()
    play.register("alice")
    play.ask("alice", ChangeNick("ALICE"))
    play.connect("phone")
    assert play.tell("phone", Login("alice", "secret"), LoggedIn).name == "ALICE"


def test_a_user_goes_with_the_last_session() -> None:
    play = Playbook()
    play.register("alice")
    play.enter("bob")
    play.again("phone", "alice")
    play.leave("alice")
    assert play.hears("bob") == []
    play.leave("phone", "Connection lost.")
    assert play.hears("bob") == [Disconnected(play.now, "alice", "Connection lost.", ("#main",))]
    assert "alice" not in play.chat.state.users


def test_a_user_without_a_channel_can_have_another_session() -> None:
    play = Playbook()
    play.register("alice")
    play.ask("alice", Part())
    play.connect("phone")
    (told,) = play.ask("phone", Login("alice", "secret"))
    assert isinstance(told, LoggedIn)
    assert (told.channel, told.others, told.users) == ("", (), 0)
    assert play.refusal("phone", SendMessage("hi")) == "no-channel"


def test_a_departure_is_told_once_to_everyone_who_shared_a_channel_and_to_nobody_else() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    for who in ("alice", "bob"):
        play.ask(who, Join(("#tea",)))
    play.ask("carol", Part())
    play.forget()
    play.leave("alice")
    assert play.hears("bob") == [Disconnected(play.now, "alice", "Gone.", ("#main", "#tea"))]
    assert play.hears("carol") == []


def test_names_are_known_from_the_login_and_seen_at_the_end() -> None:
    play = Playbook()
    play.enter("Alice")
    play.now += 1000
    play.ask("Alice", ChangeNick("Ann"))
    play.now += 1000
    play.leave("Alice")
    known = [(x.name, x.seen - play.now) for x in play.disk.kept if isinstance(x, rec.LastSeen)]
    assert known == [("Alice", -2000), ("Alice", -1000), ("Ann", -1000), ("Ann", 0)]


def test_a_login_that_the_store_can_not_answer_changes_nothing() -> None:
    play = Playbook()
    play.connect("x")
    before = snapshot(play.chat)
    play.disk.reads_fail = True
    assert play.refusal("x", Login("alice", id="1")) == "storage"
    assert snapshot(play.chat) == before
    play.disk.reads_fail = False
    play.tell("x", Login("alice"), LoggedIn)


def test_whom_mains_modes_or_bans_keep_out_does_not_start_there() -> None:
    play = Playbook()
    play.enter("alice")
    play.chat.state.channels["#main"].operators.add(play.chat.state.users["alice"])
    play.ask("alice", Ban("bob", to="#main"))
    play.connect("bob")
    (told,) = [event for event in play.ask("bob", Login("bob")) if isinstance(event, LoggedIn)]
    assert told.channel == "" and "#main" not in play.chat.state.users["bob"].channels
    assert play.refusal("bob", SendMessage("hi")) == "no-channel"
    play.ask("alice", Ban("bob", to="#main", on=False))
    play.ask("bob", Logout())
    play.ask("bob", Login("bob"))
    assert "#main" in play.chat.state.users["bob"].channels
    play.ask("alice", ChannelMode("+k word", "#main"))
    play.ask("bob", Logout())
    play.ask("bob", Login("bob"))
    assert not play.chat.state.users["bob"].channels
