"""Logins in parts, the server's password, proving accounts, and who a user is beside the name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evchat.core.effects import Reply
from evchat.core.rules import authentication
from evchat.protocol.authentication import (
    AccountChanged,
    Authenticate,
    Authenticated,
    Pass,
    Register,
    Scram,
    ScramChallenge,
)
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Done, Failed, HungUp, LocalReply, ReplyLocally
from evchat.protocol.login import ChangeNick, Introduce, LoggedIn, LoggedOut, Login, Logout
from evchat.protocol.server_bans import ServerBan
from evchat.protocol.user_settings import SetRealname
from tests.core.playbook import (
    BEGIN,
    EXPECTS,
    Playbook,
    cheap_secret,
    check_against_store,
    check_invariants,
    kinds,
)
from tests.core.rules.test_scram import proof

USER = Introduce("~al", "Alice A.")
PART = BEGIN


def met(**rules: object) -> Playbook:
    """A play in which a client that logs in in parts is connected as x."""
    play = Playbook(**rules)
    play.connect("x")
    assert play.ask("x", PART) == []
    return play


def logged_in(events: list[Event]) -> list[str]:
    return [event.name for event in events if isinstance(event, LoggedIn)]


def codes(events: list[Event]) -> list[str]:
    return [event.code for event in events if isinstance(event, Failed)]


# ---- a login in parts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [(ChangeNick("alice"), USER), (USER, ChangeNick("alice"))])
def test_a_name_and_a_username_log_in_in_any_order(parts: tuple[Request, Request]) -> None:
    play = met()
    assert play.ask("x", parts[0]) == []
    (told,) = [event for event in play.ask("x", parts[1]) if isinstance(event, LoggedIn)]
    assert told.name == "alice" and told.channel == "" and told.counts is not None
    assert (told.who.username, told.who.realname, told.who.account) == ("~al", "Alice A.", "")


def test_who_logs_in_in_parts_is_in_main_only_if_the_client_expects_that() -> None:
    play = met()
    play.ask("x", Introduce(expects=replace(EXPECTS, starts_in_main=True)))
    play.ask("x", USER)
    (told,) = [event for event in play.ask("x", ChangeNick("alice")) if isinstance(event, LoggedIn)]
    assert told.channel == "#main"


def test_a_login_that_is_held_waits_until_it_is_let_go() -> None:
    play = met()
    for part in (Introduce(hold=True), ChangeNick("alice"), USER, Introduce(hold=True)):
        assert play.ask("x", part) == []
    assert logged_in(play.ask("x", Introduce(hold=False))) == ["alice"]


def test_a_name_that_is_taken_can_be_chosen_again() -> None:
    play = met()
    play.enter("bob")
    play.ask("x", USER)
    assert codes(play.ask("x", ChangeNick("BOB"))) == ["name-taken"]
    assert codes(play.ask("x", ChangeNick("a b"))) == codes(play.ask("x", ChangeNick("7up"))) == ["bad-name"]
    assert logged_in(play.ask("x", ChangeNick("alice"))) == ["alice"]


def test_of_two_who_want_a_name_the_first_to_be_complete_has_it() -> None:
    play = met()
    play.connect("y")
    play.ask("y", PART)
    play.ask("x", ChangeNick("alice"))
    play.ask("y", ChangeNick("alice"))
    assert logged_in(play.ask("y", USER)) == ["alice"]
    assert codes(play.ask("x", USER)) == ["name-taken"]
    assert logged_in(play.ask("x", ChangeNick("alicia"))) == ["alicia"]


def test_after_the_login_nobody_introduces_oneself_again() -> None:
    play = met()
    play.ask("x", ChangeNick("alice"))
    play.ask("x", USER)
    assert codes(play.ask("x", USER)) == ["already-logged-in"]
    assert play.ask("x", Introduce(hold=True)) == []
    assert codes(play.ask("x", Pass("secret"))) == ["already-logged-in"]


@pytest.mark.parametrize("most", [150, 41])
def test_usernames_and_real_names_are_cut_between_characters(most: int) -> None:
    play = met(max_realname_bytes=most)
    play.ask("x", ChangeNick("alice"))
    (told,) = [x for x in play.ask("x", Introduce("u" * 50, "ä" * 200)) if isinstance(x, LoggedIn)]
    assert told.who.username == "u" * 16 and told.who.realname == "ä" * (most // 2)


# ---- accounts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["secret", "alice:secret", "ALICE:secret"])
def test_the_password_of_an_account_logs_in_to_it(password: str) -> None:
    play = Playbook()
    play.register("alice")
    play.connect("x")
    for part in (PART, Pass(password), ChangeNick("alice")):
        assert play.ask("x", part) == []
    heard = play.ask("x", USER)
    assert logged_in(heard) == ["alice"]
    assert [x.account for x in heard if isinstance(x, Authenticated)] == ["alice"]
    assert len(play.chat.state.users["alice"].sessions) == 2


def test_an_account_can_be_had_under_another_name() -> None:
    play = Playbook()
    play.register("alice")
    play.connect("x")
    for part in (PART, Pass("alice:secret"), ChangeNick("al")):
        play.ask("x", part)
    (told,) = [event for event in play.ask("x", USER) if isinstance(event, LoggedIn)]
    assert (told.name, told.who.account) == ("al", "alice")


def test_a_wrong_password_ends_the_connection() -> None:
    play = Playbook()
    play.register("alice")
    play.connect("x")
    for part in (PART, Pass("guess"), ChangeNick("alice")):
        play.ask("x", part)
    heard = play.ask("x", USER)
    assert codes(heard) == ["wrong-password"] and kinds(heard)[-1] is HungUp
    assert play.sid("x") in play.hung_up


def test_a_registered_name_without_its_password_is_refused() -> None:
    play = Playbook()
    play.register("alice")
    play.connect("x")
    play.ask("x", PART)
    play.ask("x", USER)
    assert codes(play.ask("x", ChangeNick("alice"))) == ["registered"]
    assert logged_in(play.ask("x", ChangeNick("bob"))) == ["bob"]


def test_an_account_is_proved_before_the_login_or_after_it() -> None:
    play = Playbook()
    play.register("alice")
    play.enter("bob")
    play.connect("x")
    play.ask("x", PART)
    (told,) = play.ask("x", Authenticate("Alice", "secret", id="1"))
    assert isinstance(told, Authenticated)
    assert (told.account, told.name, told.reply_to, told.who.account) == ("alice", "", "1", "alice")
    play.ask("x", USER)
    assert logged_in(play.ask("x", ChangeNick("alice"))) == ["alice"]
    play.forget()
    heard = play.ask("bob", Authenticate("alice", "secret"))
    assert kinds(heard) == [Authenticated, AccountChanged]
    changed = [event for event in play.hears("alice") if isinstance(event, AccountChanged)]
    assert [(event.name, event.who.account) for event in changed] == [("bob", "alice")]
    assert isinstance(play.ask("bob", Logout())[-1], LoggedOut)


@pytest.mark.parametrize("account", ["alice", "nobody", "a b", ""])
def test_whatever_is_wrong_with_an_account_the_answer_is_the_same(account: str) -> None:
    play = Playbook()
    play.register("alice")
    play.enter("bob")
    assert [codes(play.ask("bob", Authenticate(account, "guess"))) for _ in range(4)] == [
        ["wrong-password"], ["wrong-password"], ["wrong-password"], ["too-many-tries"],
    ]  # fmt: skip


def test_a_stranger_who_does_not_log_in_in_parts_proves_nothing() -> None:
    play = Playbook()
    play.connect("x")
    assert play.refusal("x", Authenticate("alice", "secret")) == "not-logged-in"


# ---- the server's password ------------------------------------------------------------------------------------

kinds_of_password = pytest.mark.parametrize(
    "password", ["open sesame", cheap_secret("open sesame")], ids=["plain", "hashed"]
)


@kinds_of_password
def test_who_gives_the_servers_password_may_log_in(password: str) -> None:
    play = Playbook(password=password)
    play.connect("x")
    assert play.refusal("x", Login("alice")) == "server-password"
    assert play.refusal("x", Pass("guess")) == "wrong-password"
    assert play.refusal("x", Login("alice")) == "server-password"
    assert kinds(play.ask("x", Pass("open sesame"))) == [Done]
    assert logged_in(play.ask("x", Login("alice"))) == ["alice"]


@kinds_of_password
def test_a_login_in_parts_gives_it_as_one_of_them(password: str) -> None:
    play = met(password=password)
    for part in (Pass("open sesame"), ChangeNick("alice")):
        assert play.ask("x", part) == []
    assert logged_in(play.ask("x", USER)) == ["alice"]


@kinds_of_password
@pytest.mark.parametrize("given", [None, "guess"])
def test_a_login_in_parts_without_it_is_hung_up_on(password: str, given: str | None) -> None:
    play = met(password=password)
    if given is not None:
        play.ask("x", Pass(given))
    play.ask("x", ChangeNick("alice"))
    heard = play.ask("x", USER)
    assert codes(heard) == ["wrong-password"] and play.sid("x") in play.hung_up


@kinds_of_password
def test_guessing_at_it_is_slowed_down(password: str) -> None:
    play = Playbook(password=password)
    play.connect("x")
    for _ in range(3):
        assert play.refusal("x", Pass("guess")) == "wrong-password"
    assert play.refusal("x", Pass("open sesame")) == "too-many-tries"
    play.connect("y", "198.51.100.1")
    assert kinds(play.ask("y", Pass("open sesame"))) == [Done]


def test_guessing_on_many_connections_at_once_is_slowed_down_as_well() -> None:
    play = Playbook(password=cheap_secret("open sesame"), deferred=True)
    guesses = [*["guess"] * 5, "open sesame"]
    for number, guess in enumerate(guesses):
        play.connect(f"x{number}")
        play.ask(f"x{number}", Pass(guess))
    play.hash_all()
    told = [codes(play.hears(f"x{number}")) for number in range(len(guesses))]
    assert told == [["wrong-password"]] * 3 + [["too-many-tries"]] * 3


def test_a_server_without_a_password_takes_none() -> None:
    play = Playbook()
    play.connect("x")
    assert play.refusal("x", Pass("secret")) == "bad-request"


# ---- cloaks, and words of the dialects' own -------------------------------------------------------------------


def test_the_same_address_has_the_same_cloak_which_does_not_tell_it() -> None:
    one = authentication.cloak(b"secret", "192.0.2.1")
    assert one == authentication.cloak(b"secret", "192.0.2.1")
    assert (
        len({one, authentication.cloak(b"secret", "192.0.2.2"), authentication.cloak(b"other", "192.0.2.1")})
        == 3
    )
    assert one.isascii() and one.isalnum() and one == one.lower() and "192" not in one


def test_the_secret_of_the_cloaks_is_kept() -> None:
    play = Playbook()
    again = Playbook(disk=play.disk)
    assert play.chat.state.cloak_secret and play.chat.state.cloak_secret == again.chat.state.cloak_secret


def test_a_word_of_a_dialects_own_comes_back_to_it_alone() -> None:
    play = Playbook()
    play.enter("alice")
    play.connect("x")
    word = object()
    (told,) = play.ask("x", ReplyLocally(word))
    assert isinstance(told, LocalReply) and told.payload is word
    assert play.hears("alice") == []


# ---- what a failed commit leaves ------------------------------------------------------------------------------


def registered_before_login(play: Playbook) -> None:
    """X registers the name of a login in parts, and nothing of that is committed yet."""
    play.connect("x")
    for part in (Introduce(hold=True), ChangeNick("alice"), USER):
        play.ask("x", part)
    play.decide("x", Register("secret"))
    play.commit()
    play.decide_hashes()


def test_a_registration_that_was_not_kept_proves_nothing_also_after_the_login() -> None:
    play = Playbook(deferred=True)
    registered_before_login(play)
    play.decide("x", Introduce(hold=False))
    play.decide("x", SetRealname("A."))
    play.commit(fails=True)
    user = play.chat.state.users["alice"]
    assert not user.proved and user.who.account == "" and user.who.realname == "A."
    check_against_store(play.chat)
    check_invariants(play.chat)


def test_a_registration_that_was_not_kept_takes_nothing_else_back() -> None:
    play = Playbook(deferred=True)
    play.connect("x")
    play.ask("x", Login("alice"))
    play.ask("x", Register("secret"))
    play.decide_hashes()
    play.decide("x", SetRealname("A."))
    play.commit(fails=True)
    user = play.chat.state.users["alice"]
    assert not user.proved and (user.who.account, user.who.realname) == ("", "A.")


def test_an_account_that_was_not_kept_is_proved_by_nobody() -> None:
    play = Playbook(deferred=True)
    play.connect("y")
    play.ask("y", Introduce(hold=True))
    registered_before_login(play)
    (challenged,) = play.chat.request(play.sid("y"), Scram(1, "n,,n=alice,r=x"), play.now)
    assert isinstance(challenged, Reply) and isinstance(challenged.event, ScramChallenge)
    play.commit(fails=True)
    final = proof("n,,n=alice,r=x", challenged.event.text)
    assert play.refusal("y", Scram(2, final)) == "wrong-password"


# ---- guesses --------------------------------------------------------------------------------------------------


def test_guesses_at_names_without_an_account_do_not_crowd_out_the_others() -> None:
    play = Playbook(password_tries=3)
    play.connect("x")
    play.ask("x", PART)
    for number in range(9):
        play.ask("x", Authenticate(f"n{number}", "guess"))
    assert len(play.chat.state.guess_limits._wrong) == 1


def test_who_is_banned_by_account_is_not_let_into_it_after_the_login() -> None:
    play = Playbook()
    play.register("alice")
    play.leave("alice")
    play.chat.state.server_bans["a:alice"] = ServerBan("a:alice", "root", play.now, 0, "")
    play.enter("guest")
    assert play.refusal("guest", Authenticate("alice", "secret")) == "banished"
    assert play.chat.state.users["guest"].who.account == "" and not play.chat.state.users["guest"].proved


def test_a_registration_that_could_not_be_kept_is_undone_also_if_the_login_is_complete_by_then() -> None:
    play = Playbook(deferred=True)
    play.connect("x")
    for part in (Introduce(hold=True), ChangeNick("alice"), USER):
        play.ask("x", part)
    play.ask("x", Register("secret"))
    play.decide_hashes()
    play.decide("x", Introduce(hold=False))
    play.commit(fails=True)
    user = play.chat.state.users["alice"]
    assert not user.registered and user.who.account == "" and user.who.username == "~al"


def test_a_registration_that_is_undone_leaves_what_was_said_of_oneself_since() -> None:
    play = Playbook(deferred=True)
    play.enter("alice")
    play.ask("alice", Register("secret"))
    play.decide_hashes()
    play.decide("alice", SetRealname("Alice A."))
    play.commit(fails=True)
    user = play.chat.state.users["alice"]
    assert not user.registered and (user.who.account, user.who.realname) == ("", "Alice A.")
