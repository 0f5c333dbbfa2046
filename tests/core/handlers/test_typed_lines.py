"""What is asked is answered by the next line, and a password never becomes anything else."""

from __future__ import annotations

import pytest

from evchat.protocol.authentication import Pass
from evchat.protocol.basics import Failed
from evchat.protocol.channels import Entered
from evchat.protocol.login import LoggedIn, Login, Logout
from evchat.protocol.messages import SendMessage
from evchat.protocol.typed_lines import Greet, NamePrompt, TypedLine
from tests.cheap_passwords import cheap_secret
from tests.core.playbook import Playbook, kinds, said


def codes(play: Playbook, who: str, text: str) -> list[str]:
    """What a typed line is refused for."""
    return [event.code for event in play.ask(who, TypedLine(text)) if isinstance(event, Failed)]


def greeted(play: Playbook, *, late: bool = False) -> None:
    play.connect("x")
    play.ask("x", Greet(late))


def test_a_person_is_asked_for_a_name_until_there_is_one() -> None:
    play = Playbook(name="Class 7B")
    play.enter("bob")
    play.connect("x")
    prompt = NamePrompt(play.now, "Class 7B")
    assert play.ask("x", Greet()) == [prompt]
    assert play.ask("x", TypedLine(" ")) == [prompt]
    assert codes(play, "x", "b o b") == ["bad-name"]
    assert codes(play, "x", "bob") == ["name-taken"]
    assert kinds(play.ask("x", TypedLine(" alice "))) == [LoggedIn, Entered]


def test_after_the_login_every_line_is_a_message() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", TypedLine("  hi all  "))
    assert said(play.hears("bob")) == ["  hi all  "]
    assert play.ask("alice", TypedLine("  ")) == []


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("whoelse", "/whoelse"),
        ("wholast 5", "/wholast 5"),
        ("inbox", "/inbox"),
        ("send bob secret stuff", "/send bob …"),
        ("Send Carol secret", "/send Carol …"),
        ("broadcast message hi", "/broadcast …"),
        ("broadcast user bob carol message hi", "/broadcast user bob,carol …"),
        ("quit", "/quit"),
    ],
)
def test_a_line_that_users_of_older_systems_mean_as_a_command_is_held_back_once(
    line: str, meant: str
) -> None:
    play = Playbook()
    play.register("carol")
    play.leave("carol")
    play.enter("alice", "bob")
    play.hears("bob")
    for _ in range(2):
        (held,) = play.ask("alice", TypedLine(line))
        assert isinstance(held, Failed) and held.code == "held-back"
        assert held.text == f"Did you mean {meant}? Type it again to say it to #main."
        assert play.hears("bob") == []
        play.ask("alice", TypedLine(line))
        assert said(play.hears("bob")) == [line]


@pytest.mark.parametrize(
    "line", ["send money please", "broadcast user nobody message hi", "help me", "hello"]
)
def test_what_can_be_no_command_is_said_at_once(line: str) -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.hears("bob")
    play.ask("alice", TypedLine(line))
    assert said(play.hears("bob")) == [line]


def test_another_line_in_between_lets_the_line_be_held_back_anew() -> None:
    play = Playbook()
    play.enter("alice")
    assert codes(play, "alice", "inbox") == ["held-back"]
    assert codes(play, "alice", "never mind") == []
    assert codes(play, "alice", "inbox") == ["held-back"]


def test_one_who_does_not_hear_oneself_is_told_nothing_of_what_one_says() -> None:
    play = Playbook()
    play.enter("bob")
    play.connect("x")
    play.ask("x", Greet(echo=False))
    play.ask("x", TypedLine("alice"))
    play.hears("x")
    play.ask("x", TypedLine("hi"))
    assert said(play.hears("x")) == [] and said(play.hears("bob")) == ["hi"]


def test_a_line_is_not_repeated_to_a_terminal_that_shows_it_and_a_command_is_answered() -> None:
    play = Playbook()
    play.enter("bob")
    play.connect("x")
    play.ask("x", Greet(repeats=False))
    play.ask("x", TypedLine("alice"))
    play.hears("x")
    play.ask("x", TypedLine("hi"))
    assert said(play.hears("x")) == [] and said(play.hears("bob")) == ["hi"]
    play.ask("x", SendMessage("waves", action=True))
    assert said(play.hears("x")) == ["waves"] and said(play.hears("bob")) == ["waves"]


def test_the_line_after_a_registered_name_is_its_password() -> None:
    play = Playbook()
    play.register("nora")
    play.leave("nora")
    greeted(play)
    assert codes(play, "x", "nora") == ["password-needed"]
    assert codes(play, "x", "wrong one") == ["wrong-password"]
    assert codes(play, "x", "wrong") == ["wrong-password"]
    assert kinds(play.ask("x", TypedLine("secret"))) == [LoggedIn, Entered]
    play.ask("x", TypedLine("hello"))
    assert said(play.hears("x")) == ["hello"]


def test_a_password_typed_too_often_does_not_become_a_name() -> None:
    play = Playbook(password_tries=2)
    play.register("nora")
    play.leave("nora")
    greeted(play)
    found = [codes(play, "x", text) for text in ("nora", "first", "second", "third", "fourth")]
    assert found == [["password-needed"], *[["wrong-password"]] * 2, *[["too-many-tries"]] * 2]
    assert play.chat.state.users == {}


def test_an_empty_line_asks_for_another_name_instead() -> None:
    play = Playbook()
    play.register("nora")
    play.leave("nora")
    greeted(play)
    play.ask("x", TypedLine("nora"))
    assert kinds(play.ask("x", TypedLine(""))) == [NamePrompt]
    assert play.ask("x", TypedLine("otto"))[0] == LoggedIn(play.now, None, "otto", False, "#main", ())


def test_a_registered_name_may_be_typed_with_its_password_behind_it() -> None:
    play = Playbook()
    play.register("nora")
    play.leave("nora")
    greeted(play)
    assert codes(play, "x", "nora wrong") == ["wrong-password"]
    play.ask("x", TypedLine(""))
    assert kinds(play.ask("x", TypedLine("nora  secret"))) == [LoggedIn, Entered]


def test_a_name_of_several_words_is_not_repeated() -> None:
    play = Playbook()
    greeted(play)
    assert "secret" not in play.tell("x", TypedLine("otto secret1"), Failed).text


def test_the_command_asks_as_the_line_does() -> None:
    play = Playbook()
    play.register("nora")
    play.leave("nora")
    greeted(play)
    assert play.refusal("x", Login("nora")) == "password-needed"
    assert play.refusal("x", Login("nora", "wrong")) == "wrong-password"
    assert kinds(play.ask("x", TypedLine("secret"))) == [LoggedIn, Entered]


def test_after_a_logout_a_name_is_asked_for_again() -> None:
    play = Playbook()
    play.register("nora")
    play.leave("nora")
    greeted(play)
    play.ask("x", TypedLine("nora"))
    play.ask("x", TypedLine("secret"))
    play.ask("x", Logout())
    assert play.ask("x", TypedLine("otto"))[0] == LoggedIn(play.now, None, "otto", False, "#main", ())


@pytest.mark.parametrize("kept", ["apple", cheap_secret("apple")], ids=["clear", "hashed"])
def test_a_server_with_a_password_asks_for_it_first(kept: str) -> None:
    play = Playbook(password=kept)
    play.connect("x")
    assert play.ask("x", Greet()) == [NamePrompt(play.now, password=True)]
    assert codes(play, "x", "banana") == ["wrong-password"]
    assert kinds(play.ask("x", TypedLine("apple")))[-1] is NamePrompt
    assert kinds(play.ask("x", TypedLine("otto"))) == [LoggedIn, Entered]


@pytest.mark.parametrize("kept", ["apple", cheap_secret("apple")], ids=["clear", "hashed"])
def test_a_name_typed_before_anything_was_asked_is_taken_after_the_servers_password(kept: str) -> None:
    play = Playbook(password=kept)
    play.connect("x")
    assert play.ask("x", Greet(late=True)) == [NamePrompt(play.now, answered=True)]
    assert codes(play, "x", "otto") == ["server-password"]
    assert codes(play, "x", "banana") == ["wrong-password"]
    assert kinds(play.ask("x", TypedLine("apple")))[-2:] == [LoggedIn, Entered]
    assert list(play.chat.state.users) == ["otto"]


@pytest.mark.parametrize("kept", ["apple", cheap_secret("apple")], ids=["clear", "hashed"])
def test_the_servers_password_typed_before_anything_was_asked_is_not_a_name(kept: str) -> None:
    play = Playbook(password=kept)
    play.connect("x")
    play.ask("x", Greet(late=True))
    assert codes(play, "x", "apple") == ["server-password"]
    assert kinds(play.ask("x", TypedLine("apple")))[-1] is NamePrompt
    assert kinds(play.ask("x", TypedLine("otto"))) == [LoggedIn, Entered]
    assert list(play.chat.state.users) == ["otto"]


def test_after_the_servers_password_that_of_the_name_is_asked_for() -> None:
    play = Playbook()
    play.register("nora")
    play.leave("nora")
    play.configure(password="apple")
    greeted(play, late=True)
    assert codes(play, "x", "nora") == ["server-password"]
    assert codes(play, "x", "apple") == ["password-needed"]
    assert kinds(play.ask("x", TypedLine("secret"))) == [LoggedIn, Entered]


def test_a_server_that_has_a_password_no_more_asks_for_none() -> None:
    play = Playbook(password="apple")
    greeted(play)
    play.configure(password="")
    assert kinds(play.ask("x", TypedLine("otto"))) == [LoggedIn, Entered]


def test_a_client_that_is_not_asked_is_not_logged_in_by_the_servers_password() -> None:
    play = Playbook(password="apple")
    play.connect("x")
    assert play.refusal("x", Login("otto")) == "server-password"
    play.ask("x", Pass("apple"))
    assert play.chat.state.users == {}
