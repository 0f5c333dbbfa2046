"""Accounts: registered, and proved by their password or by SCRAM."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.core.effects import Reply
from evchat.protocol.authentication import (
    AccountChanged,
    AddAccount,
    Authenticate,
    Authenticated,
    ChangePassword,
    Register,
    ResetPassword,
    Scram,
    ScramChallenge,
    Unregister,
)
from evchat.protocol.basics import Done, Failed
from evchat.protocol.login import (
    ChangeNick,
    Introduce,
    LoggedIn,
    LoggedOut,
    Login,
    Logout,
)
from evchat.protocol.user_settings import SetRealname
from tests.core.in_parts import PART, USER, codes, logged_in
from tests.core.operators import (
    acts,
    login,
    play_with_root,
)
from tests.core.playbook import (
    BEGIN,
    Playbook,
    check_against_store,
    check_invariants,
    kinds,
    snapshot,
)
from tests.core.rules.test_scram import proof

# ---- accounts -------------------------------------------------------------------------------------------------


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


def test_before_the_login_is_complete_the_name_can_be_registered_once() -> None:
    play = Playbook()
    play.enter("bob")
    play.connect("alice")
    play.ask("alice", BEGIN)
    play.ask("alice", Introduce(hold=True))
    assert play.refusal("alice", Register("secret")) == "bad-name"
    play.ask("alice", ChangeNick("bob"))
    assert play.refusal("alice", Register("secret")) == "already-registered"
    play.ask("alice", ChangeNick("alice"))
    assert play.refusal("alice", Register("secret", "carol")) == "not-allowed"
    assert play.tell("alice", Register("secret"), Done).who.account == "alice"
    assert play.refusal("alice", Register("secret")) == "already-logged-in"
    play.ask("alice", Introduce("alice", "Alice"))
    assert play.tell("alice", Introduce(hold=False), LoggedIn).who.account == "alice"


def test_a_registration_that_could_not_be_kept_proves_nothing() -> None:
    play = Playbook(deferred=True)
    play.connect("alice")
    play.ask("alice", BEGIN)
    play.ask("alice", Introduce(hold=True))
    play.ask("alice", ChangeNick("alice"))
    play.ask("alice", Register("secret"))
    play.decide_hashes()
    play.commit(fails=True)
    play.ask("alice", Introduce("alice", "Alice"))
    assert play.tell("alice", Introduce(hold=False), LoggedIn).who.account == ""


def test_a_password_needs_four_characters() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.refusal("alice", Register("abc")) == "bad-password"
    assert play.refusal("alice", Register("")) == "bad-password"


def test_a_name_is_registered_once() -> None:
    play = Playbook()
    play.register("alice")
    assert play.refusal("alice", Register("other")) == "already-registered"


def test_the_password_is_kept_as_a_secret_only() -> None:
    play = Playbook()
    play.register("alice", password="open sesame")
    (account,) = [record for record in play.disk.kept if isinstance(record, rec.Account)]
    assert (account.user, account.name) == ("alice", "alice")
    assert "sesame" not in repr(play.disk.kept)


def test_a_name_registered_in_the_meantime_is_not_registered_again() -> None:
    play = Playbook(deferred=True)
    play.enter("alice")
    play.ask("alice", Register("secret", id="1"))
    play.disk.save(rec.Account("alice", "alice", "another's", play.now))
    play.disk.commit()
    play.hash_all()
    (failed,) = play.hears("alice")
    assert isinstance(failed, Failed)
    assert (failed.code, failed.reply_to) == ("already-registered", "1")
    assert [x.secret for x in play.disk.kept if isinstance(x, rec.Account)] == ["another's"]


def test_a_registration_that_could_not_be_kept_is_undone() -> None:
    play = Playbook(deferred=True)
    play.enter("alice")
    play.connect("x")
    play.ask("alice", Register("secret"))
    before = snapshot(play.chat)["users"]
    play.decide_hashes()
    play.decide("x", Login("alice", "secret"))  # sees the account that is not committed yet
    play.commit(fails=True)
    (failed,) = play.hears("alice")
    assert isinstance(failed, Failed)
    assert failed.code == "storage"
    assert snapshot(play.chat)["users"] == before
    assert not play.chat.state.users["alice"].registered
    play.hash_all()
    (failed,) = play.hears("x")
    assert isinstance(failed, Failed)
    assert failed.code == "not-registered"
    play.ask("alice", Register("secret"))
    play.hash_all()
    assert play.chat.state.users["alice"].registered


# ---- other passwords, and none --------------------------------------------------------------------------------


def test_a_new_password_takes_the_place_of_the_old_one() -> None:
    play = Playbook()
    play.register("nora")
    done = play.tell("nora", ChangePassword("secret", "another", id="1"), Done)
    assert (done.reply_to, done.text) == ("1", "The password of nora is changed.")
    play.leave("nora")
    assert login(play, "nora", password="secret") == "wrong-password"
    assert login(play, "nora", password="another") == ""


def test_without_the_old_password_nothing_is_changed() -> None:
    play = Playbook()
    play.register("nora")
    assert play.refusal("nora", ChangePassword("guess", "another")) == "wrong-password"
    assert play.refusal("nora", ChangePassword("secret", "x")) == "bad-password"
    assert login(play, "nora", password="secret") == ""


def test_guesses_at_the_old_password_are_counted_like_those_at_a_login() -> None:
    play = Playbook()
    play.register("nora")
    play.leave("nora")
    play.enter("bob")
    play.again("x", "nora")
    codes_ = [
        play.refusal("x", kind) for kind in (ChangePassword("guess", "another"), Unregister("guess")) * 400
    ]
    assert codes_[-1] == "too-many-tries"


def test_a_password_change_that_could_not_be_kept_changes_nothing() -> None:
    play = Playbook(deferred=True)
    play.enter("nora")
    play.ask("nora", Register("secret"))
    play.hash_all()
    play.forget()
    play.ask("nora", ChangePassword("secret", "another"))
    play.decide_hashes()
    play.commit(fails=True)
    assert codes(play.hears("nora")) == ["storage"]
    play.deferred = False
    assert login(play, "nora", password="another") == "wrong-password"
    assert login(play, "nora", password="secret") == ""


def test_whoever_has_no_account_has_no_password_to_change_or_give_up() -> None:
    play = Playbook()
    play.enter("bob")
    assert play.refusal("bob", ChangePassword("x", "another")) == "not-registered"
    assert play.refusal("bob", Unregister("x")) == "not-registered"


def test_a_name_that_was_given_up_is_nobodys_again() -> None:
    play = Playbook()
    play.register("nora")
    play.enter("bob")
    done, *told = play.ask("nora", Unregister("secret", id="1"))
    assert isinstance(done, Done) and done.reply_to == "1"
    assert kinds(told) == [AccountChanged] and told[0].who.account == ""
    assert not play.chat.state.users["nora"].registered
    play.leave("nora")
    for password in (None, "secret", ""):
        assert login(play, "nora", password=password) == "bad-name"
    assert play.refusal("bob", ChangeNick("Nora")) == "bad-name"
    play.connect("x")
    play.ask("x", PART)
    play.ask("x", USER)
    assert codes(play.ask("x", ChangeNick("nora"))) == ["bad-name"]
    assert codes(play.ask("x", Authenticate("nora", "secret"))) == ["wrong-password"]
    check_invariants(play.chat)


def test_a_guest_left_under_a_name_that_was_given_up_can_not_register_it() -> None:
    play = Playbook()
    play.register("nora")
    play.ask("nora", Unregister("secret"))
    assert play.refusal("nora", Register("another")) == "bad-name"


def test_giving_up_needs_the_password_and_a_disk() -> None:
    play = Playbook()
    play.register("nora")
    assert play.refusal("nora", Unregister("guess")) == "wrong-password"
    play.deferred = True
    play.forget()
    play.ask("nora", Unregister("secret"))
    play.decide_hashes()
    play.commit(fails=True)
    assert codes(play.hears("nora")) == ["storage"]
    play.deferred = False
    assert play.chat.state.users["nora"].registered
    assert play.chat.state.users["nora"].who.account == "nora"
    assert login(play, "nora", password="secret") == ""


def test_an_operator_gives_an_account_another_password_and_that_is_kept_without_it() -> None:
    play = play_with_root()
    play.register("nora")
    play.leave("nora")
    assert play.tell("root", ResetPassword("NORA", "another"), Done).text.startswith("The account nora has")
    assert login(play, "nora", password="another") == ""
    assert acts(play) == [("Root", "resetpassword", "nora", "")]
    assert play.refusal("root", ResetPassword("nobody", "another")) == "not-registered"
    assert play.refusal("root", ResetPassword("nora", "x")) == "bad-password"


def test_an_operator_brings_back_a_name_that_was_given_up() -> None:
    play = play_with_root()
    play.register("nora")
    play.ask("nora", Unregister("secret"))
    play.leave("nora")
    play.tell("root", ResetPassword("nora", "another"), Done)
    assert login(play, "nora", password="another") == ""


def test_only_operators_reset_passwords() -> None:
    play = Playbook()
    play.register("nora")
    play.enter("bob")
    assert play.refusal("bob", ResetPassword("nora", "another")) == "not-allowed"


def test_an_operator_registers_names_for_others() -> None:
    play = play_with_root("bob")
    done = play.tell("root", AddAccount("kid1", "a password"), Done)
    assert done.text == "The name kid1 is registered."
    assert acts(play)[-1] == ("Root", "adduser", "kid1", "")
    play.connect("kid")
    play.tell("kid", Login("kid1", "a password"), LoggedIn)
    check_against_store(play.chat)


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [("bob", "a password", "name-taken"), ("kid1", "x", "bad-password"), ("a b", "a password", "bad-name"),
     ("dora", "a password", "already-registered"), ("admin", "a password", "bad-name")],
)  # fmt: skip
def test_an_operator_registers_only_what_is_free(name: str, password: str, code: str) -> None:
    play = play_with_root("bob", reserved_names=("admin",))
    play.register("dora")
    play.leave("dora")
    assert play.refusal("root", AddAccount(name, password)) == code


def test_nobody_else_registers_names_for_others() -> None:
    play = play_with_root("bob")
    assert play.refusal("bob", AddAccount("kid1", "a password")) == "not-allowed"


def test_a_name_that_is_taken_while_its_password_is_hashed_is_left_alone() -> None:
    play = play_with_root()
    play.deferred = True
    play.ask("root", AddAccount("kid1", "a password"))
    play.enter("kid1")
    play.hash_all()
    (failed,) = [event for event in play.hears("root") if isinstance(event, Failed)]
    assert failed.code == "already-registered"
