"""Login, at once and in parts; other names; logout and quit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evchat.protocol.authentication import (
    Authenticate,
    Authenticated,
    Pass,
    Register,
)
from evchat.protocol.base import Request
from evchat.protocol.basics import Done, Failed, Hello, HungUp, Welcomed
from evchat.protocol.channels import Entered, Join, Joined, ListChannels, ListNames, Part, Topic
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.history import (
    GetHistory,
    GetInbox,
    ListConversations,
    ListDirects,
    Search,
)
from evchat.protocol.login import (
    ChangeNick,
    Disconnected,
    Introduce,
    LoggedIn,
    LoggedOut,
    Login,
    Logout,
    NickConfirmed,
    Quit,
    Renamed,
)
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.monitor import ListMonitored, Monitor
from evchat.protocol.people import (
    Block,
    FindUsers,
    GetCounts,
    ListBlocked,
    LookUpUsers,
    SetAway,
    Who,
    WhoIs,
    WhoLast,
    WhoWas,
)
from evchat.protocol.read_markers import GetReadMarker, SetReadMarker
from evchat.protocol.redaction import Redact
from evchat.protocol.user_settings import SetRealname, UserMode
from tests.cheap_passwords import cheap_secret
from tests.core.in_parts import PART, USER, codes, logged_in, met
from tests.core.playbook import (
    BEGIN,
    EXPECTS,
    Playbook,
    check_invariants,
    kinds,
    said,
    snapshot,
)

# ---- login ----------------------------------------------------------------------------------------------------


def test_a_login_brings_one_into_main_and_tells_its_state() -> None:
    play = Playbook(motd="Be kind.")
    play.enter("bob", "Carol")
    play.now += 10
    play.connect("alice")
    welcome, entered = play.ask("alice", Login("alice", id="1"))
    assert welcome == LoggedIn(
        play.now, "1", "alice", False, "#main", ("bob", "Carol"), motd="Be kind.", users=3
    )
    assert isinstance(entered, Entered)
    assert (entered.channel, entered.names) == ("#main", ("alice", "bob", "Carol"))
    assert (entered.login, entered.current, entered.reply_to) == (True, True, None)
    assert play.hears("bob") == [Joined(play.now, "alice", "#main")]


def test_a_full_client_has_the_message_of_the_day_from_its_welcome() -> None:
    play = Playbook(motd="Be kind.")
    play.connect("alice")
    assert play.tell("alice", Hello(), Welcomed).motd == "Be kind."
    assert play.tell("alice", Login("alice"), LoggedIn).motd == ""


def test_a_name_that_somebody_has_is_taken_in_any_case() -> None:
    play = Playbook()
    play.enter("alice")
    play.connect("x")
    assert play.refusal("x", Login("ALICE")) == "name-taken"
    play.leave("alice")
    assert play.tell("x", Login("ALICE"), LoggedIn).name == "ALICE"


def test_one_logs_in_once() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.refusal("alice", Login("bob")) == "already-logged-in"


def test_a_password_for_a_free_name_is_refused_rather_than_forgotten() -> None:
    play = Playbook()
    play.connect("x")
    assert play.refusal("x", Login("alice", "secret")) == "not-registered"


def test_before_the_login_only_what_needs_none_is_allowed() -> None:
    play = Playbook()
    play.connect("x")
    for request in (
        SendMessage("hi"), Announce("hi"), Register("secret"), Logout(), ChangeNick("y"), Join(("#c",)), Part(),
        ListChannels(), ListNames(), Who(), WhoLast(5), WhoIs("x"), GetHistory(), GetInbox(), SetReadMarker("#main", 1),
        Block("y"), ListBlocked(), Topic(), SetAway(), Search("x"),
        WhoWas("x"), FindUsers("*"), LookUpUsers(("x",)), GetCounts(), ListDirects(), Monitor(("x",)), ListMonitored(),
        UserMode(), SetRealname("x"),
        SendTagMessage("x", (("+typing", "done"),)), Redact("#main", 1),
        GetReadMarker("#main"), ListConversations(0, 1, 1),
    ):  # fmt: skip
        assert play.refusal("x", request) == "not-logged-in", request


# ---- passwords ------------------------------------------------------------------------------------------------


def test_a_registered_name_needs_its_password() -> None:
    play = Playbook()
    play.register("alice")
    play.leave("alice")
    play.connect("x")
    assert play.refusal("x", Login("alice")) == "password-needed"
    assert play.refusal("x", Login("alice", "")) == "password-needed"
    assert play.refusal("x", Login("alice", "Secret")) == "wrong-password"
    told = play.tell("x", Login("ALICE", "secret", id="5"), LoggedIn)
    assert (told.name, told.registered, told.reply_to) == ("alice", True, "5")


# ---- while the worker hashes ----------------------------------------------------------------------------------


def test_nothing_else_is_done_for_a_session_whose_password_is_being_checked() -> None:
    play = Playbook()
    play.register("alice", "mallory")
    play.leave("alice")
    play.leave("mallory")
    play.deferred = True
    play.connect("x")
    assert play.ask("x", Login("mallory", "secret")) == []
    assert play.refusal("x", Login("alice", "guess")) == "busy"
    assert play.refusal("x", Quit()) == "busy"
    play.hash_all()
    (told, *_) = play.hears("x")
    assert isinstance(told, Failed), "busy"
    assert set(play.chat.state.users) == {"mallory"}, "and never alice, whose password was wrong"


def test_a_session_that_disconnects_while_its_password_is_checked_leaves_nothing_behind() -> None:
    play = Playbook()
    play.register("alice")
    play.leave("alice")
    play.deferred = True
    play.connect("x")
    before = snapshot(play.chat)
    play.ask("x", Login("alice", "secret"))
    play.leave("x")
    play.hash_all()
    after = snapshot(play.chat)
    del before["sessions"][play.sid("x")], before["waiting"][play.sid("x")]
    assert after == before


def test_a_session_that_disconnects_while_it_registers_leaves_the_name_free() -> None:
    play = Playbook(deferred=True)
    play.enter("alice")
    play.ask("alice", Register("secret"))
    play.leave("alice")
    play.hash_all()
    play.connect("x")
    play.tell("x", Login("alice"), LoggedIn)


def test_a_worker_that_is_full_is_told_and_one_may_try_again() -> None:
    play = Playbook()
    play.register("alice")
    play.leave("alice")
    play.deferred = True
    play.connect("x")
    play.ask("x", Login("alice", "secret", id="7"))
    play.refuse_hashes()
    (failed,) = play.hears("x")
    assert isinstance(failed, Failed)
    assert (failed.code, failed.reply_to) == ("busy", "7")
    play.ask("x", Login("alice", "secret"))
    play.hash_all()
    assert kinds(play.hears("x"))[0] is LoggedIn


def test_an_answer_of_the_worker_that_nobody_waits_for_does_nothing() -> None:
    play = Playbook()
    play.enter("alice")
    before = snapshot(play.chat)
    assert play.chat.hashed(play.sid("alice"), True, play.now) == []
    assert play.chat.hashed(99, True, play.now) == []
    assert play.chat.not_hashed(play.sid("alice"), play.now) == []
    assert play.chat.not_hashed(99, play.now) == []
    assert snapshot(play.chat) == before


# ---- leaving --------------------------------------------------------------------------------------------------


def test_after_a_logout_the_connection_can_log_in_again() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    assert play.tell("alice", Logout(id="1"), LoggedOut) == LoggedOut(play.now, "1")
    assert play.hears("bob") == [Disconnected(play.now, "alice", "Logged out.", ("#main",))]
    assert play.refusal("alice", Logout()) == "not-logged-in"
    play.tell("alice", Login("carol"), LoggedIn)
    play.tick(10 * 60_000)
    assert play.hung_up == {}


def test_a_quit_says_goodbye_and_hangs_up() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    assert play.ask("alice", Quit("Tea time.", id="1")) == [LoggedOut(play.now, "1", closing=True)]
    assert play.hung_up == {play.sid("alice"): "Quit: Tea time."}
    assert play.hears("bob") == [Disconnected(play.now, "alice", "Quit: Tea time.", ("#main",))]
    play.leave("alice")
    assert play.hears("bob") == []


def test_one_may_quit_before_the_login() -> None:
    play = Playbook()
    play.connect("x")
    assert play.ask("x", Quit()) == [LoggedOut(play.now, None, closing=True)]
    assert play.hung_up == {play.sid("x"): "Quit."}


# ---- other names ----------------------------------------------------------------------------------------------


def test_a_new_name_is_told_to_everyone_in_ones_channels_and_to_oneself() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    done, named, renamed = play.ask("alice", ChangeNick("Ann", id="1"))
    assert named == NickConfirmed(play.now, "Ann")
    assert done == Done(play.now, "1", "", (("name", "Ann"),))
    assert renamed == Renamed(play.now, "alice", "Ann")
    assert play.hears("bob") == [renamed]
    assert set(play.chat.state.users) == {"ann", "bob"}
    check_invariants(play.chat)


def test_a_name_can_change_its_case_only() -> None:
    play = Playbook()
    play.register("alice")
    play.enter("bob")
    assert play.tell("alice", ChangeNick("Alice"), Renamed).new == "Alice"
    assert play.chat.state.users["alice"].registered
    play.forget()
    assert kinds(play.ask("alice", ChangeNick("Alice"))) == [Done]
    assert play.hears("bob") == []


def test_a_taken_a_registered_or_a_bad_name_is_refused() -> None:
    play = Playbook()
    play.register("reg")
    play.leave("reg")
    play.enter("alice", "bob")
    assert play.refusal("alice", ChangeNick("BOB")) == "name-taken"
    assert play.refusal("alice", ChangeNick("Reg")) == "registered"
    assert play.refusal("alice", ChangeNick("a b")) == "bad-name"
    assert play.refusal("alice", ChangeNick("SERVER")) == "bad-name"


def test_one_can_come_back_to_ones_own_registered_name() -> None:
    play = Playbook()
    play.register("alice")
    play.tell("alice", ChangeNick("ann"), Done)
    assert not play.chat.state.users["ann"].registered
    play.tell("alice", ChangeNick("alice"), Done)
    assert play.chat.state.users["alice"].registered


def test_while_one_is_called_otherwise_ones_registered_name_is_free_for_who_has_the_password() -> None:
    play = Playbook()
    play.register("alice")
    play.ask("alice", ChangeNick("ann"))
    play.again("phone", "alice")
    assert set(play.chat.state.users) == {"alice", "ann"}
    assert play.refusal("alice", ChangeNick("alice")) == "name-taken"


def test_several_sessions_take_another_name_together() -> None:
    play = Playbook()
    play.register("alice")
    play.again("phone", "alice")
    play.ask("alice", ChangeNick("ann"))
    assert play.hears("phone") == [NickConfirmed(play.now, "ann"), Renamed(play.now, "alice", "ann")]
    check_invariants(play.chat)


def test_a_new_name_has_the_blocks_that_were_put_on_it_and_on_the_one_before() -> None:
    play = Playbook()
    play.enter("troll", "bob", "alice")
    play.ask("bob", Block("troll"))
    play.ask("troll", ChangeNick("elf"))
    play.forget()
    play.ask("troll", SendMessage("hello", to="bob"))
    assert said(play.hears("bob")) == []
    play.ask("alice", ChangeNick("troll"))
    play.forget()
    play.ask("alice", SendMessage("psst", to="bob"))
    assert said(play.hears("bob")) == []


# ---- what the store is told -----------------------------------------------------------------------------------


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
    play = Playbook(password=password, password_site_tries=5)
    play.connect("x")
    for _ in range(5):
        assert play.refusal("x", Pass("guess")) == "wrong-password"
    assert play.refusal("x", Pass("open sesame")) == "too-many-tries"
    play.connect("y", "198.51.100.1")
    assert kinds(play.ask("y", Pass("open sesame"))) == [Done]


@kinds_of_password
def test_wrong_ones_keep_nobody_out_who_came_in_from_there_before(password: str) -> None:
    play = Playbook(password=password, password_site_tries=5)
    play.connect("x")
    assert kinds(play.ask("x", Pass("open sesame"))) == [Done]
    play.connect("y")
    for _ in range(5):
        assert play.refusal("y", Pass("guess")) == "wrong-password"
    assert play.refusal("y", Pass("guess")) == "too-many-tries"
    play.connect("z")
    assert kinds(play.ask("z", Pass("open sesame"))) == [Done]


def test_guessing_on_many_connections_at_once_is_slowed_down_as_well() -> None:
    play = Playbook(password=cheap_secret("open sesame"), deferred=True, password_site_tries=3)
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


def test_another_connection_of_the_same_account_joins_the_user_of_another_name() -> None:
    play = Playbook()
    play.register("alice")
    play.leave("alice")
    for session in ("one", "two"):
        play.connect(session)
        play.ask(session, BEGIN)
        play.ask(session, Introduce("a", "A"))
        play.ask(session, Authenticate("alice", "secret"))
        play.tell(session, ChangeNick("nick"), LoggedIn)
    assert len(play.chat.state.users["nick"].sessions) == 2
    play.connect("stranger")
    play.ask("stranger", Introduce("a", "A"))
    assert play.refusal("stranger", ChangeNick("nick")) == "name-taken"
