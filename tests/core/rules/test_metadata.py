"""Who sees and changes whose metadata, and what of it is kept."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.core.rules.metadata import look_up
from evchat.protocol.channels import Join
from evchat.protocol.login import LoggedIn, Login
from evchat.protocol.metadata import (
    ClearMetadata,
    GetMetadata,
    MetadataChanged,
    MetadataEntry,
    MetadataTold,
    SetMetadata,
    SubscribeMetadata,
)
from tests.core.playbook import Playbook, check_invariants
from tests.core.rooms import mode, owned, room


def values(play: Playbook, who: str, to: str | None = None) -> dict[str, str | None]:
    told = play.tell(who, GetMetadata(to), MetadataTold)
    return {entry.key: entry.value for entry in told.entries}


def test_an_accounts_values_are_kept_and_a_guests_go_with_the_guest():
    play = Playbook()
    play.register("alice")
    play.enter("bob")
    for who in ("alice", "bob"):
        play.ask(who, SetMetadata("url", "https://example.org"))
        play.leave(who)
        play.connect(who)
    told = play.tell("alice", Login("alice", "secret"), LoggedIn)
    assert told.metadata == (MetadataEntry("alice", "url", "https://example.org"),)
    assert play.tell("bob", Login("bob"), LoggedIn).metadata == ()
    assert look_up(play.chat.context, "alice") == {"url": "https://example.org"}
    assert look_up(play.chat.context, "") == {}


def test_what_could_not_be_kept_was_not_set():
    play = Playbook()
    play.register("alice")
    play.ask("alice", SetMetadata("url", "x"))
    play.decide("alice", SetMetadata("url", "y"))
    play.commit(fails=True)
    assert values(play, "alice") == {"url": "x"}


def test_a_channel_that_stays_keeps_its_values():
    play = owned()
    play.ask("alice", SetMetadata("url", "x", "#tea"))
    record = play.disk.fetch(rec.AllChannels())[-1]
    assert '"metadata":{"url":"x"}' in record.modes
    restarted = Playbook(disk=play.disk)
    restarted.enter("carol")
    assert values(restarted, "carol", "#tea") == {"url": "x"}


def test_only_those_who_see_a_user_see_the_values():
    play = room("bob")
    play.ask("bob", SetMetadata("url", "x"))
    assert values(play, "carol", "bob") == {"url": "x"}, "they are both in #main"
    play.enter("dora")
    for who in ("bob", "dora", "alice", "carol"):
        play.ask(who, mode(None))
    play.ask("alice", mode("+u"))
    for who in ("alice", "bob", "dora"):
        play.chat.state.users[who].channels.pop("#main", None)
    play.chat.state.channels["#main"].members.clear()
    play.ask("dora", Join(("#tea",)))
    assert play.refusal("dora", GetMetadata("bob")) == "no-such-user"
    assert values(play, "alice", "bob") == {"url": "x"}


def test_subscribers_around_hear_of_a_change_and_nobody_else():
    play = room("bob")
    for who in ("alice", "bob", "carol"):
        play.ask(who, SubscribeMetadata(("URL",)))
    play.ask("carol", SubscribeMetadata(("url",), False))
    play.forget()
    play.ask("bob", SetMetadata("url", "x", id="1"))
    told = MetadataTold(play.now, "1", "bob", (MetadataEntry("bob", "url", "x"),))
    assert play.hears("bob") == [told], "whoever sets it is answered, and hears it once"
    assert play.hears("alice") == [MetadataChanged(play.now, "bob", "url", "x", "bob")]
    assert play.hears("carol") == []
    play.ask("bob", ClearMetadata())
    assert play.hears("alice") == [MetadataChanged(play.now, "bob", "url", None, "bob")]
    check_invariants(play.chat)


def test_a_large_channel_is_told_of_only_when_asked():
    play = Playbook(quiet_above=1)
    play.enter("alice", "bob")
    play.ask("alice", SetMetadata("url", "x"))
    play.ask("bob", SubscribeMetadata(("url",)))
    play.ask("alice", Join(("#tea",)))
    told = play.tell("bob", Join(("#tea",)), MetadataTold)
    assert (told.later, told.entries) == (True, ())
    synced = play.tell("bob", GetMetadata("#tea", subscribed=True), MetadataTold)
    assert synced.entries == (MetadataEntry("alice", "url", "x"),)
