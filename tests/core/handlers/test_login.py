"""Login, registration, other names, leaving."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.core.errors import Refused
from evchat.core.rules.guess_limits import GuessLimits
from evchat.protocol.authentication import Register
from evchat.protocol.basics import Done, Failed, Hello, Welcomed
from evchat.protocol.channels import Entered, Join, Joined, ListChannels, ListNames, Part, Topic
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.history import (
    GetHistory,
    GetInbox,
    HistoryListed,
    ListConversations,
    ListDirects,
    Search,
)
from evchat.protocol.login import (
    ChangeNick,
    Disconnected,
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
from evchat.settings.model import Limits
from tests.core.playbook import Playbook, check_invariants, kinds, said, snapshot

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


def test_a_login_brings_the_recent_messages_behind_the_state() -> None:
    play = Playbook(recent_messages=2)
    play.enter("alice")
    for text in ("one", "two", "three"):
        play.ask("alice", SendMessage(text))
    play.connect("bob")
    answers = play.ask("bob", Login("bob"))
    assert kinds(answers) == [LoggedIn, Entered, HistoryListed]
    recent = answers[-1]
    assert isinstance(recent, HistoryListed)
    assert (said(recent.messages), recent.seq, recent.more, recent.recent) == (
        ["two", "three"],
        3,
        True,
        True,
    )


def test_recent_messages_can_be_switched_off() -> None:
    play = Playbook(recent_messages=0)
    play.enter("alice")
    play.ask("alice", SendMessage("one"))
    play.connect("bob")
    assert kinds(play.ask("bob", Login("bob"))) == [LoggedIn, Entered]


@pytest.mark.parametrize(
    "name", ["", " ", "-x", "a b", "*", "#main", "Server", "a" * 33, "é", "x\0", "a\nb", "a,b"]
)
def test_a_name_that_is_not_legal_is_refused(name: str) -> None:
    play = Playbook()
    play.connect("x")
    assert play.refusal("x", Login(name, id="1")) == "bad-name"


def test_a_name_of_other_letters_is_legal_where_the_owner_allows_it() -> None:
    play = Playbook(unicode_names=True)
    play.connect("x")
    assert play.tell("x", Login("Zoë"), LoggedIn).name == "Zoë"


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


def test_three_wrong_passwords_block_this_address_and_name_for_a_minute() -> None:
    play = Playbook()
    play.register("alice", "bob")
    play.connect("thief", "198.51.100.1")
    for _ in range(3):
        assert play.refusal("thief", Login("alice", "guess")) == "wrong-password"
    play.now += 59_999
    assert play.refusal("thief", Login("alice", "secret")) == "too-many-tries"
    assert play.tell("thief", Login("bob", "secret"), LoggedIn).name == "bob", "another name is not blocked"
    play.connect("owner", "198.51.100.2")
    assert play.tell("owner", Login("alice", "secret"), LoggedIn).name == "alice", "nor another address"
    play.now += 1
    play.connect("again", "198.51.100.1")
    assert play.tell("again", Login("alice", "secret"), LoggedIn).name == "alice"


def test_a_new_connection_does_not_lift_the_block() -> None:
    play = Playbook()
    play.register("alice")
    for n in range(3):
        play.connect(f"thief{n}")
        assert play.refusal(f"thief{n}", Login("alice", "guess")) == "wrong-password"
    play.connect("thief")
    assert play.refusal("thief", Login("alice", "secret")) == "too-many-tries"


def test_the_right_password_starts_the_count_anew() -> None:
    play = Playbook()
    play.register("alice")
    for _ in range(3):
        play.connect("x")
        assert play.refusal("x", Login("alice", "guess")) == "wrong-password"
        assert play.refusal("x", Login("alice", "guess")) == "wrong-password"
        play.tell("x", Login("alice", "secret"), LoggedIn)


def test_many_tries_at_the_same_time_count_like_tries_one_after_the_other() -> None:
    play = Playbook()
    play.register("alice")
    play.deferred = True
    thieves = [f"thief{n}" for n in range(10)]
    for n, thief in enumerate(thieves):
        play.connect(thief)
        play.ask(thief, Login("alice", "secret" if n == 9 else "guess"))
    play.hash_all()
    codes = [x.code for thief in thieves for x in play.hears(thief) if isinstance(x, Failed)]
    assert codes == ["wrong-password"] * 3 + ["too-many-tries"] * 7


def test_wrong_passwords_are_remembered_of_a_bounded_number_of_guessers() -> None:
    wrong, limits = GuessLimits(), Limits()
    for n in range(30_000):
        wrong.add(f"2001:db8::{n:x}", "alice", limits, n)
    assert len(wrong._wrong) == 10_000
    for _ in range(2):
        wrong.add("2001:db8::7530", "alice", limits, 30_000)
    wrong.check("2001:db8::7530", "alice", limits, 30_001)
    wrong.add("2001:db8::7530", "alice", limits, 30_001)
    with pytest.raises(Refused):
        wrong.check("2001:db8::7530", "alice", limits, 30_002)


def test_other_rules_hold_at_once() -> None:
    play = Playbook(password_tries=3)
    play.register("alice")
    play.connect("x")
    assert play.refusal("x", Login("alice", "guess")) == "wrong-password"
    play.configure(password_tries=1)
    assert play.refusal("x", Login("alice", "secret")) == "too-many-tries"
    play.configure(password_block=0.001)
    play.now += 1
    play.tell("x", Login("alice", "secret"), LoggedIn)


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


# ---- several sessions -----------------------------------------------------------------------------------------


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


def test_a_new_name_has_the_blocks_that_were_put_on_it() -> None:
    play = Playbook()
    play.enter("troll", "bob", "alice")
    play.ask("bob", Block("troll"))
    play.ask("troll", ChangeNick("elf"))
    play.forget()
    play.ask("troll", SendMessage("hello", to="bob"))
    assert said(play.hears("bob")) == ["hello"]
    play.ask("alice", ChangeNick("troll"))
    play.forget()
    play.ask("alice", SendMessage("psst", to="bob"))
    assert said(play.hears("bob")) == []


# ---- what the store is told -----------------------------------------------------------------------------------


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
