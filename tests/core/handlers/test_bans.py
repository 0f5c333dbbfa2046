"""Bans and mutes of a channel mean a person, whatever the name; they can be for a time, and are taken back whole."""

from __future__ import annotations

from evchat.core.rules import persistent_channels
from evchat.dialects.sentences import sentences
from evchat.protocol.bans import Ban, Mute
from evchat.protocol.basics import Done
from evchat.protocol.channels import Join, Part
from evchat.protocol.login import ChangeNick, Login, Logout
from evchat.protocol.modes import Change, GrantRole, ListEntry, ModeListed, ModesChanged
from tests.core.playbook import Playbook, check_against_store, check_invariants, snapshot
from tests.core.rooms import refused, room, say


def tea(**rules: object) -> Playbook:
    """#tea, with alice, who keeps order, and mallory, each at an address of its own; bob is at alice's."""
    play = Playbook(**rules)
    for who, address in (("alice", "192.0.2.1"), ("bob", "192.0.2.1"), ("mallory", "192.0.2.66")):
        play.connect(who, address)
        play.ask(who, Login(who))
        play.ask(who, Join(("#tea",)))
    play.forget()
    return play


def told(play: Playbook, who: str = "bob") -> list[str]:
    return [text for event in play.hears(who) for text in sentences(event) if isinstance(event, ModesChanged)]


def bans(play: Playbook) -> tuple[ListEntry, ...]:
    return play.tell("alice", Ban(to="#tea"), ModeListed).entries


def again(play: Playbook, who: str, name: str) -> None:
    play.ask(who, Logout())
    play.ask(who, Login(name))


def test_a_ban_is_not_evaded_by_another_name_or_login() -> None:
    play = tea()
    play.ask("alice", Ban("mallory", to="#tea"))
    assert told(play) == ["alice banned mallory from #tea."]
    play.ask("mallory", Part(("#tea",)))
    play.ask("mallory", ChangeNick("trent"))
    assert refused(play, "mallory", Join(("#tea",))) == ("banned", "#tea")
    again(play, "mallory", "victor")
    assert refused(play, "mallory", Join(("#tea",))) == ("banned", "#tea")
    play.ask("bob", Part(("#tea",)))
    assert "#tea" in [
        event.channel for event in play.ask("bob", Join(("#tea",))) if hasattr(event, "channel")
    ]


def test_an_account_is_banned_with_its_name() -> None:
    play = tea()
    play.register("eve")
    play.ask("alice", Ban("eve", to="#tea"))
    assert "a:eve" in [entry.mask for entry in bans(play)]


def test_an_address_that_others_share_is_not_banned_and_the_operator_is_told() -> None:
    play = tea()
    done = play.tell("alice", Ban("bob", to="#tea"), Done)
    assert done.text == "By name only, because others share the address of bob."
    assert [entry.mask for entry in bans(play)] == ["bob!*@*"]


def test_a_person_is_unbanned_whole_by_any_of_the_names() -> None:
    play = tea()
    for name in ("mallory", "trent"):
        play.ask("alice", Ban("mallory", to="#tea"))
        assert len(bans(play)) == 2
        play.ask("mallory", Part(("#tea",)))
        play.ask("mallory", ChangeNick("trent"))
        play.forget()
        play.ask("alice", Ban(name, False, "#tea"))
        assert told(play) == ["alice unbanned mallory in #tea."] and bans(play) == ()
        play.ask("mallory", ChangeNick("mallory"))
    play.ask("alice", Ban("mallory", to="#tea"))
    play.ask("mallory", Logout())
    play.ask("alice", Ban("MALLORY", False, "#tea"))
    assert bans(play) == ()


def test_a_mask_is_banned_as_it_is_written() -> None:
    play = tea()
    play.ask("alice", Ban("*!*@x.example", to="#tea"))
    assert told(play) == ["alice banned the address x.example from #tea."]
    play.ask("alice", Ban("*!*@x.example", False, "#tea"))
    assert told(play) == ["alice unbanned the address x.example in #tea."]


def test_a_mute_takes_the_word_for_a_time_and_is_not_evaded() -> None:
    play = tea()
    play.ask("alice", Mute("mallory", 10, to="#tea"))
    assert told(play) == ["alice muted mallory in #tea for 10 minutes."]
    assert refused(play, "mallory", say()) == ("moderated", "#tea")
    assert refused(play, "mallory", ChangeNick("trent")) == ("banned", "#tea")
    again(play, "mallory", "trent")
    play.ask("mallory", Join(("#tea",)))
    assert refused(play, "mallory", say()) == ("moderated", "#tea")
    play.forget()
    play.tick(9 * 60_000)
    assert told(play) == []
    play.tick(60_000)
    assert told(play) == ["mallory is no longer muted in #tea."] and bans(play) == ()
    assert play.ask("mallory", say())
    check_invariants(play.chat)


def test_a_mute_ends_when_it_is_taken_back_and_can_be_made_longer() -> None:
    play = tea()
    play.ask("alice", Mute("mallory", 1, to="#tea"))
    play.ask("alice", Mute("mallory", 0, to="#tea"))
    play.tick(120_000)
    assert refused(play, "mallory", say()) == ("moderated", "#tea")
    play.forget()
    play.ask("alice", Mute("mallory", on=False, to="#tea"))
    assert told(play) == ["alice unmuted mallory in #tea."]
    done = play.tell("alice", Mute("mallory", on=False, to="#tea"), Done)
    assert done.text == "Nothing changed."


def test_a_mute_and_a_ban_are_taken_back_one_by_one() -> None:
    play = tea()
    play.ask("alice", Ban("mallory", to="#tea"))
    play.ask("alice", Mute("mallory", to="#tea"))
    play.ask("alice", Ban("mallory", False, "#tea"))
    assert {entry.mask[:2] for entry in bans(play)} == {"m:"}


def test_whoever_has_a_voice_loses_it_and_operators_are_not_muted() -> None:
    play = tea()
    play.ask("alice", GrantRole("mallory", "v", to="#tea"))
    changed = play.tell("alice", Mute("mallory", to="#tea"), ModesChanged)
    assert changed.changes[-1] == Change(False, "v", "mallory")
    assert refused(play, "alice", Mute("alice", to="#tea")) == ("not-allowed", "alice")


def test_what_could_not_be_kept_is_undone() -> None:
    play = tea()
    play.register("carol")
    play.ask("carol", Join(("#own",)))
    before = snapshot(play.chat)
    play.decide("carol", Mute("mallory", 5, to="#own"))
    play.commit(fails=True)
    assert snapshot(play.chat) == before
    play.ask("carol", Mute("mallory", 5, to="#own"))
    before = snapshot(play.chat)
    for request in (Mute("mallory", 9, to="#own"), Mute("mallory", on=False, to="#own")):
        play.decide("carol", request)
        play.commit(fails=True)
        assert snapshot(play.chat) == before


def test_the_end_of_a_mute_survives_a_restart() -> None:
    play = tea()
    play.register("carol")
    play.ask("carol", Join(("#own",)))
    play.ask("carol", Mute("mallory", 5, to="#own"))
    play.ask("carol", Ban("x!*@*", to="#own"))
    later = Playbook(disk=play.disk, start=play.now + 4 * 60_000)
    check_against_store(later.chat)
    later.tick(59_000)
    assert len(later.chat.state.channels["#own"].lists["b"]) == 3
    later.tick(1_000)
    assert list(later.chat.state.channels["#own"].lists["b"]) == ["x!*@*"]
    check_against_store(later.chat)


def test_an_entry_without_an_end_is_kept_as_ever() -> None:
    play = room("bob")
    play.ask("alice", Ban("x!*@*", to="#tea"))
    assert (
        f'[["x!*@*","alice",{play.now}]]'
        in persistent_channels.record(play.chat.state.channels["#tea"]).modes
    )


def test_whoever_bans_or_mutes_a_name_that_nobody_has_is_told_for_whom_it_holds() -> None:
    play = tea()
    done = play.tell("alice", Ban("Nemo", to="#tea"), Done)
    assert done.text == "Nobody called Nemo is online; the ban applies to anyone with that name."
    play.enter("nemo")
    assert refused(play, "nemo", Join(("#tea",))) == ("banned", "#tea")
    done = play.tell("alice", Mute("victor", to="#tea"), Done)
    assert done.text == "Nobody called victor is online; the mute applies to anyone with that name."
    assert play.tell("alice", Ban("*!*@192.0.2.*", to="#tea"), Done).text == "", "a mask is for whom it fits"
