"""Keeping order in channels: who may change what, and what the modes mean."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core import records as rec
from evchat.protocol.base import Request
from evchat.protocol.basics import Done, Failed
from evchat.protocol.channels import (
    ChannelsListed,
    Entered,
    Join,
    Joined,
    ListChannels,
    ListNames,
    Member,
    NamesListed,
    Part,
    Topic,
    TopicTold,
)
from evchat.protocol.login import ChangeNick, Disconnected, LoggedIn, Login, Logout
from evchat.protocol.membership import Invite, Invited, InviteSent, InviteTold, Kick, Kicked
from evchat.protocol.messages import MessageAccepted, SendMessage
from evchat.protocol.modes import (
    Ban,
    Change,
    ChannelMode,
    GrantRole,
    ListEntry,
    ModeListed,
    ModesChanged,
    ModesTold,
    write,
)
from evchat.protocol.people import Block
from tests.core.playbook import Playbook, check_against_store, check_invariants, kinds, said, snapshot
from tests.profiles import examples


def room(*others: str, **rules: Any) -> Playbook:
    """#tea, where alice keeps order and the others are; carol is outside. Nobody has heard anything."""
    play = Playbook(**rules)
    play.enter("alice", "bob", "carol")
    for who in ("alice", *others):
        play.ask(who, Join(("#tea",)))
    play.forget()
    return play


def mode(text: str | None, to: str | None = "#tea", **more: Any) -> ChannelMode:
    return ChannelMode(text, to, **more)


def told(play: Playbook, who: str = "alice") -> str:
    """The modes of #tea as a line."""
    return write(play.tell(who, mode(None), ModesTold).changes)


def roles(play: Playbook, who: str = "alice") -> dict[str, str]:
    listed = play.tell(who, ListNames("#tea"), NamesListed)
    assert listed.names == tuple(member.name for member in listed.members)
    return {member.name: member.roles for member in listed.members}


def refused(play: Playbook, who: str, request: Request) -> tuple[str, str]:
    """The code and what it is about; nobody else hears anything, and nothing has changed."""
    before = snapshot(play.chat)
    about = []
    code = play.refusal(who, request)
    about = [event.about for event in play.heard[play.sid(who)] if isinstance(event, Failed)]
    assert snapshot(play.chat) == before
    return code, about[-1]


# ---- roles ----------------------------------------------------------------------------------------------------


def test_who_makes_a_channel_keeps_order_in_it_and_who_comes_later_does_not() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    entered = play.tell("alice", Join(("#tea",)), Entered)
    assert entered.members == (Member("alice", "o"),)
    assert (entered.created, entered.secret) == (play.now, False)
    entered = play.tell("bob", Join(("#tea",)), Entered)
    assert entered.members == (Member("alice", "o"), Member("bob"))
    assert roles(play) == {"alice": "o", "bob": ""}


def test_nobody_keeps_order_in_main_by_coming_first() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.tell("alice", ListNames("#main"), NamesListed).members == (Member("alice"),)
    play.ask("alice", Part())
    play.ask("alice", Join(("#main",)))
    assert refused(play, "alice", Kick("alice", to="#main")) == ("not-operator", "#main")


def test_roles_are_given_and_taken_and_everybody_hears_it_once() -> None:
    play = room("bob")
    done, changed = play.ask("alice", GrantRole("BOB", "v", to="#tea", id="1"))
    assert done == Done(play.now, "1")
    assert changed == ModesChanged(play.now, "#tea", "alice", (Change(True, "v", "bob"),))
    assert play.hears("bob") == [changed]
    play.ask("alice", GrantRole("bob", "o", to="#tea"))
    assert roles(play) == {"alice": "o", "bob": "ov"}
    play.ask("bob", GrantRole("alice", "o", False, to="#tea"))
    assert roles(play) == {"alice": "", "bob": "ov"}
    assert refused(play, "alice", GrantRole("alice", "o", to="#tea")) == ("not-operator", "#tea")


def test_a_change_that_changes_nothing_is_not_told() -> None:
    play = room("bob")
    for request in (GrantRole("alice", "o", to="#tea"), mode("+n"), mode("-k x"), Ban("x", False, "#tea")):
        (done,) = play.ask("alice", request)
        assert isinstance(done, Done) and done.text == "Nothing had to be changed."
    assert play.hears("bob") == []


def test_a_role_goes_with_who_leaves_and_follows_another_name() -> None:
    play = room("bob")
    play.ask("alice", ChangeNick("alicia"))
    assert roles(play) == {"alicia": "o", "bob": ""}
    play.ask("alice", Part(("#tea",)))
    play.ask("alice", Join(("#tea",)))
    assert roles(play) == {"alicia": "", "bob": ""}
    check_invariants(play.chat)


def test_a_role_is_given_only_to_who_is_there() -> None:
    play = room("bob")
    assert refused(play, "alice", GrantRole("carol", "o", to="#tea")) == ("not-a-member", "carol")
    assert refused(play, "alice", GrantRole("dora", "o", to="#tea")) == ("no-such-user", "dora")
    assert refused(play, "alice", GrantRole("bob", "q", to="#tea"))[0] == "bad-request"


# ---- lines of changes -----------------------------------------------------------------------------------------


def test_modes_are_asked_and_changed_in_one_line() -> None:
    play = room("bob")
    assert told(play) == "+n"
    done, changed = play.ask("alice", mode("+mtk-n+l word 20", id="1"))
    assert done == Done(play.now, "1")
    assert isinstance(changed, ModesChanged)
    assert write(changed.changes) == "+mtk-n+l word 20"
    assert told(play) == "+mtkl word 20"
    assert told(play, "carol") == "+mtlk 20", "a key is for members"
    play.ask("alice", mode("-klm whatever"))
    assert told(play) == "+t"


def test_what_can_be_changed_is_changed_and_each_problem_is_told() -> None:
    play = room("bob")
    heard = play.ask("alice", mode("+xmo dora", id="1"))
    assert [(x.code, x.about, x.reply_to) for x in heard if isinstance(x, Failed)] == [
        ("unknown-mode", "x", "1"),
        ("no-such-user", "dora", "1"),
    ]
    assert kinds(heard) == [Failed, Failed, ModesChanged]
    assert kinds(play.hears("bob")) == [ModesChanged]
    assert told(play) == "+nm" or told(play) == "+mn"


@pytest.mark.parametrize(
    ("line", "code", "about"),
    [
        ("+o", "missing-value", "o"),
        ("+k", "missing-value", "k"),
        ("+l", "missing-value", "l"),
        ("+l many", "bad-value", "l"),
        ("+l 0", "bad-value", "l"),
        ("+l -3", "bad-value", "l"),
        ("+l ٣", "bad-value", "l"),
        ("+k a,b", "bad-value", "k"),
        ("+k :a", "bad-value", "k"),
        ("+k " + "x" * 33, "bad-value", "k"),
        ("+b " + "x" * 300, "bad-value", "b"),
        ("+b :x", "bad-value", "b"),
        ("+Z", "unknown-mode", "Z"),
        ("m" * 51, "too-long", ""),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(line: str, code: str, about: str) -> None:
    play = room()
    assert refused(play, "alice", mode(line)) == (code, about)


def test_the_lists_may_be_seen_by_all_who_may_know_of_the_channel() -> None:
    play = room("bob")
    play.ask("alice", mode("+beI bob *!*@*.example a:carol"))
    entry = ListEntry("bob!*@*", "alice", play.now)
    for who in ("alice", "bob", "carol"):
        listed = play.tell(who, mode("b", id="1"), ModeListed)
        assert listed == ModeListed(play.now, "1", "#tea", "b", (entry,))
        assert play.tell(who, Ban(to="#tea"), ModeListed).entries == (entry,)
    listed_all = [x for x in play.ask("carol", mode("+eI")) if isinstance(x, ModeListed)]
    assert [(x.letter, [y.mask for y in x.entries]) for x in listed_all] == [
        ("e", ["*!*@*.example"]),
        ("I", ["a:carol"]),
    ]


def test_a_list_has_so_many_entries_and_no_more() -> None:
    play = room(max_list_entries=2)
    play.ask("alice", mode("+be x y"))
    assert refused(play, "alice", mode("+I z")) == ("list-full", "z!*@*")
    play.ask("alice", Ban("X", False, "#tea"))
    play.tell("alice", Ban("z", to="#tea"), Done)


@examples(200)
@given(st.lists(st.text(st.sampled_from("+-beIkliomnstCvxq abob:*!@5"), max_size=24), min_size=1, max_size=6))
def test_no_line_of_changes_breaks_the_channel_and_what_is_told_is_what_has_changed(lines: list[str]) -> None:
    play = owned()
    for line in lines:
        before = snapshot(play.chat)["channels"]["#tea"]
        heard = play.ask("alice", mode(line))
        assert heard
        after = snapshot(play.chat)["channels"]["#tea"]
        changed = [event for event in heard if isinstance(event, ModesChanged)]
        assert play.hears("bob") == changed
        assert len(changed) <= 1
        if not changed:
            assert after == before
        check_invariants(play.chat)
        check_against_store(play.chat)
        play.chat.state.channels["#tea"].operators.add(play.chat.state.users["alice"])


# ---- coming in ------------------------------------------------------------------------------------------------


def join(*keys: str) -> Join:
    return Join(("#tea",), keys=keys)


def test_a_key_is_needed() -> None:
    play = room()
    play.ask("alice", mode("+k sesame"))
    assert refused(play, "bob", join()) == ("wrong-key", "#tea")
    assert refused(play, "bob", join("Sesame")) == ("wrong-key", "#tea")
    play.tell("bob", join("sesame"), Entered)
    play.tell("bob", join(), Entered)  # who is in is told the state again


def test_keys_stand_in_the_order_of_the_channels() -> None:
    play = room()
    play.ask("alice", mode("+k sesame"))
    assert refused(play, "bob", Join(("#tea", "#new"), keys=("x", "sesame")))[0] == "wrong-key"
    play.ask("bob", Join(("#new", "#tea"), keys=("", "sesame", "more")))
    assert set(play.chat.state.users["bob"].channels) == {"#main", "#new", "#tea"}


def test_a_channel_is_full_at_its_limit() -> None:
    play = room()
    play.ask("alice", mode("+l 1"))
    assert refused(play, "bob", join()) == ("channel-full", "#tea")
    play.ask("alice", mode("+l 2"))
    play.tell("bob", join(), Entered)


def test_a_ban_keeps_out_and_an_exception_lets_in() -> None:
    play = room()
    play.ask("alice", Ban("B?B", to="#tea"))
    assert refused(play, "bob", join()) == ("banned", "#tea")
    play.ask("alice", mode("+e bob!user@*"))
    play.tell("bob", join(), Entered)


def test_the_list_of_invitations_opens_what_is_closed_and_nothing_else() -> None:
    play = room()
    play.ask("alice", mode("+iI bob"))
    assert refused(play, "carol", join()) == ("invite-only", "#tea")
    play.ask("alice", mode("+k x"))
    assert refused(play, "bob", join()) == ("wrong-key", "#tea")
    play.tell("bob", join("x"), Entered)


def test_an_operators_invitation_opens_everything_once() -> None:
    play = room()
    play.ask("alice", mode("+iklb x 1 bob"))
    sent = play.tell("alice", Invite("Bob", "#tea", id="1"), InviteSent)
    assert sent == InviteSent(play.now, "1", "bob", "#tea")
    assert play.hears("bob") == [Invited(play.now, "bob", "#tea", "alice")]
    play.tell("bob", join(), Entered)
    play.ask("bob", Part(("#tea",)))
    assert refused(play, "bob", join())[0] == "banned"


def test_a_members_invitation_is_only_told_and_opens_nothing() -> None:
    play = room("bob")
    play.ask("alice", mode("+k x"))
    play.tell("bob", Invite("carol", "#tea"), InviteSent)
    assert play.hears("carol") == [Invited(play.now, "carol", "#tea", "bob")]
    assert InviteTold(play.now, "carol", "#tea", "bob") in play.hears("alice")
    assert refused(play, "carol", join())[0] == "wrong-key"
    play.ask("alice", mode("+i"))
    assert refused(play, "bob", Invite("carol", "#tea")) == ("not-operator", "#tea")


def test_an_invitation_goes_with_the_channel_it_was_for() -> None:
    play = room()
    play.ask("alice", Invite("bob", "#tea"))
    play.ask("alice", Part(("#tea",)))
    play.ask("carol", Join(("#tea",)))
    play.ask("carol", mode("+i"))
    assert refused(play, "bob", join())[0] == "invite-only"


def test_who_blocks_somebody_is_not_invited_by_them_and_they_are_not_told() -> None:
    play = room()
    play.ask("bob", Block("alice"))
    play.forget()
    play.tell("alice", Invite("bob", "#tea"), InviteSent)
    assert play.hears("bob") == []


def test_who_can_not_be_invited() -> None:
    play = room("bob")
    assert refused(play, "alice", Invite("bob", "#tea")) == ("already-a-member", "bob")
    assert refused(play, "alice", Invite("dora", "#tea")) == ("no-such-user", "dora")
    assert refused(play, "carol", Invite("bob", "#tea")) == ("not-in-channel", "#tea")
    assert refused(play, "carol", Invite("bob", "#none")) == ("no-such-channel", "#none")


# ---- going ----------------------------------------------------------------------------------------------------


def test_who_is_kicked_is_out_and_everybody_hears_it() -> None:
    play = room("bob")
    play.ask("bob", Join(("#tea",), current=True))
    play.forget()
    play.now += 10
    done, kicked = play.ask("alice", Kick("Bob", "spam", "#tea", id="1"))
    assert done == Done(play.now, "1")
    assert kicked == Kicked(play.now, "bob", "#tea", "alice", "spam")
    assert play.hears("bob") == [kicked]
    assert play.tell("bob", SendMessage("where am I?"), MessageAccepted).to == "#main"
    check_invariants(play.chat)


def test_the_last_one_can_kick_oneself_and_the_channel_goes() -> None:
    play = room()
    play.ask("alice", Kick("alice", to="#tea"))
    assert "#tea" not in play.chat.state.channels
    check_invariants(play.chat)


def test_who_can_not_be_kicked() -> None:
    play = room("bob")
    assert refused(play, "bob", Kick("alice", to="#tea")) == ("not-operator", "#tea")
    assert refused(play, "carol", Kick("alice", to="#tea")) == ("not-in-channel", "#tea")
    assert refused(play, "alice", Kick("carol", to="#tea")) == ("not-a-member", "carol")
    assert refused(play, "alice", Kick("dora", to="#tea")) == ("no-such-user", "dora")
    assert refused(play, "alice", Kick("bob", "x" * 400, "#tea"))[0] == "too-long"


# ---- speaking -------------------------------------------------------------------------------------------------


def say(text: str = "hi") -> SendMessage:
    return SendMessage(text, "#tea")


def test_in_a_moderated_channel_only_operators_and_the_voiced_speak() -> None:
    play = room("bob")
    play.ask("alice", mode("+m"))
    assert refused(play, "bob", say()) == ("moderated", "#tea")
    play.tell("alice", say(), MessageAccepted)
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.tell("bob", say(), MessageAccepted)


def test_who_is_banned_speaks_only_with_a_voice() -> None:
    play = room("bob")
    play.ask("alice", Ban("bob", to="#tea"))
    assert refused(play, "bob", say()) == ("moderated", "#tea")
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.tell("bob", say(), MessageAccepted)


def test_who_is_muted_comes_in_and_does_not_speak() -> None:
    play = room()
    play.ask("alice", Ban("m:bob", to="#tea"))
    play.tell("bob", join(), Entered)
    assert refused(play, "bob", say()) == ("moderated", "#tea")
    play.ask("alice", mode("+e bob"))
    play.tell("bob", say(), MessageAccepted)


def test_who_is_outside_speaks_only_into_an_open_channel_and_does_not_hear_it() -> None:
    play = room("bob")
    assert refused(play, "carol", say()) == ("not-in-channel", "#tea")
    play.ask("alice", mode("-n"))
    play.forget()
    (sent,) = play.ask("carol", say())
    assert isinstance(sent, MessageAccepted)
    assert (sent.to, sent.seq, sent.text, sent.direct) == ("#tea", 1, "hi", True)
    assert said(play.hears("bob")) == ["hi"]
    play.ask("alice", Ban("carol", to="#tea"))
    assert refused(play, "carol", say()) == ("moderated", "#tea")
    play.ask("alice", mode("+m-b carol"))
    assert refused(play, "carol", say()) == ("moderated", "#tea")


def test_queries_between_clients_can_be_kept_out() -> None:
    play = room("bob")
    play.tell("bob", say("\x01VERSION\x01"), MessageAccepted)
    play.ask("alice", mode("+C"))
    assert refused(play, "bob", say("\x01VERSION\x01")) == ("no-ctcp", "#tea")
    play.tell("bob", say("\x01ACTION waves\x01"), MessageAccepted)
    play.tell("bob", SendMessage("waves", "#tea", action=True), MessageAccepted)


# ---- topics and secrets ---------------------------------------------------------------------------------------


def test_a_locked_topic_is_for_operators() -> None:
    play = room("bob")
    play.tell("bob", Topic("tea", "#tea"), Done)
    play.ask("alice", mode("+t"))
    assert refused(play, "bob", Topic("coffee", "#tea")) == ("not-operator", "#tea")
    play.tell("alice", Topic("milk", "#tea"), Done)
    assert play.tell("carol", Topic(to="#tea"), TopicTold).text == "milk"


def test_a_secret_channel_is_as_if_it_were_not_there() -> None:
    play = room("bob")
    play.ask("alice", mode("+s"))
    play.forget()
    assert [row.name for row in play.tell("carol", ListChannels(), ChannelsListed).channels] == ["#main"]
    for request in (ListNames("#tea"), Topic(to="#tea"), mode(None), mode("b"), Ban(to="#tea"), mode("+m")):
        hidden = refused(play, "carol", request)
        assert hidden == ("no-such-channel", "#tea")
    rows = play.tell("bob", ListChannels(), ChannelsListed).channels
    assert [(row.name, row.secret) for row in rows] == [("#main", False), ("#tea", True)]
    assert play.tell("bob", ListNames("#tea"), NamesListed).secret
    assert play.tell("carol", join(), Entered).secret


def test_who_leaves_does_not_tell_others_of_secret_channels() -> None:
    play = room("bob")
    play.ask("alice", mode("+s"))
    play.forget()
    play.leave("bob")
    assert play.hears("carol") == [Disconnected(play.now, "bob", "Gone.", ("#main",))]


# ---- channels that stay ---------------------------------------------------------------------------------------


def owned(**rules: Any) -> Playbook:
    """#tea, which alice has made under a registered name; bob is in it too."""
    play = Playbook(**rules)
    play.register("alice")
    play.enter("bob", "carol")
    play.ask("alice", Join(("#Tea",)))
    play.ask("bob", Join(("#tea",)))
    play.forget()
    return play


def test_a_registered_user_owns_the_channel_that_user_makes() -> None:
    play = owned()
    play.ask("alice", mode("+tk-n sesame"))
    play.ask("alice", mode("+b carol"))
    play.leave("alice")
    play.leave("bob")
    assert "#tea" in play.chat.state.channels
    check_invariants(play.chat)
    check_against_store(play.chat)
    after = Playbook(disk=play.disk)
    check_against_store(after.chat)
    after.enter("bob", "carol")
    assert refused(after, "carol", Join(("#tea",), keys=("sesame",))) == ("banned", "#Tea")
    entered = after.tell("bob", join("sesame"), Entered)
    assert (entered.channel, entered.members) == ("#Tea", (Member("bob"),)), "bob owns it not"
    assert told(after, "bob") == "+tk sesame"
    after.connect("alice")
    after.tell("alice", Login("alice", "secret"), LoggedIn)
    after.forget()
    after.now += 10
    entered = after.tell("alice", join(), Entered)
    assert entered.members[0] == Member("alice", "o"), "its owner needs no key, and keeps order at once"
    assert after.hears("bob") == [
        Joined(after.now, "alice", "#Tea"),
        ModesChanged(after.now, "#Tea", "server", (Change(True, "o", "alice"),)),
    ]


def test_a_guests_channel_loses_its_modes_with_the_last_member() -> None:
    play = room()
    play.ask("alice", mode("+mb-n bob"))
    play.ask("alice", Topic("tea", "#tea"))
    play.ask("alice", Part(("#tea",)))
    play.tell("bob", join(), Entered)
    assert told(play, "bob") == "+n"
    assert roles(play, "bob") == {"bob": "o"}
    assert play.tell("bob", mode("b"), ModeListed).entries == ()


def test_an_account_owns_so_many_channels_and_no_more() -> None:
    play = Playbook(max_owned=1)
    play.register("alice")
    play.ask("alice", Join(("#a", "#b")))
    assert (play.chat.state.channels["#a"].founder, play.chat.state.channels["#b"].founder) == ("alice", "")
    play.ask("alice", Part(("#a", "#b")))
    assert "#b" not in play.chat.state.channels
    check_against_store(play.chat)


def test_the_modes_of_main_are_kept() -> None:
    play = Playbook()
    play.enter("alice")
    play.chat.state.channels["#main"].operators.add(play.chat.state.users["alice"])
    play.ask("alice", ChannelMode("+tm", "#main"))
    play.leave("alice")
    after = Playbook(disk=play.disk)
    after.enter("bob")
    assert refused(after, "bob", SendMessage("hi", "#main")) == ("moderated", "#main")


def test_a_channel_that_could_not_be_kept_is_nobodys() -> None:
    play = Playbook()
    play.register("alice")
    play.decide("alice", Join(("#tea",)))
    play.decide("alice", Part(("#tea",)))
    play.commit(fails=True)
    assert "#tea" not in play.chat.state.channels
    check_against_store(play.chat)
    check_invariants(play.chat)


@pytest.mark.parametrize(
    "line",
    [
        "+m",
        "-n",
        "+k x",
        "+l 3",
        "+b x",
        "-b carol",
        "+v bob",
        "-o alice",
        "+mklb-n+v-bo a 2 b bob carol alice",
    ],
)
def test_changes_that_could_not_be_kept_are_undone(line: str) -> None:
    play = owned()
    play.ask("alice", mode("+b carol"))
    before = snapshot(play.chat)
    play.decide("alice", mode(line, id="1"))
    assert snapshot(play.chat) != before
    play.commit(fails=True)
    assert snapshot(play.chat) == before
    check_against_store(play.chat)
    failed = [x for x in play.hears("alice") if isinstance(x, Failed)]
    assert [(x.code, x.reply_to) for x in failed] == [("storage", "1")]
    assert not any(isinstance(x, ModesChanged) for x in play.hears("bob")[1:])


def test_a_role_that_could_not_be_taken_is_not_given_back_to_who_has_left() -> None:
    play = owned()
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.decide("alice", GrantRole("bob", "v", False, to="#tea"))
    play.decide("bob", Part(("#tea",)))
    play.commit(fails=True)
    assert roles(play) == {"alice": "o"}
    check_invariants(play.chat)


def test_a_kept_channel_is_one_record() -> None:
    play = owned()
    kept = [record for record in play.disk.kept if isinstance(record, rec.ChannelRecord)]
    assert [(x.channel, x.name, x.founder, x.created) for x in kept] == [("#tea", "#Tea", "alice", play.now)]


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
