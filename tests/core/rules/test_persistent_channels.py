"""Channels that stay when the last member leaves, and what is kept of them."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.core.dispatch import Chat
from evchat.protocol.channels import (
    ChannelsListed,
    Entered,
    Join,
    Joined,
    ListChannels,
    Member,
    Part,
    Topic,
)
from evchat.protocol.login import (
    LoggedIn,
    Login,
)
from evchat.protocol.messages import SendMessage
from evchat.protocol.modes import (
    Change,
    ChannelMode,
    ModeListed,
    ModesChanged,
)
from evchat.storage.memory import MemoryStore
from tests.core.playbook import (
    Playbook,
    check_against_store,
    check_invariants,
    settings,
)
from tests.core.rooms import join, mode, owned, refused, roles, room, told


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
    after.forget()
    after.now += 10
    after.tell("alice", Login("alice", "secret"), LoggedIn)  # which leads back to the channel
    entered = after.tell("alice", join(), Entered)
    assert entered.members[0] == Member("alice", "o"), "its owner needs no key, and keeps order at once"
    assert [event for event in after.hears("bob") if event.channel == "#Tea"] == [
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


def test_a_kept_channel_is_one_record() -> None:
    play = owned()
    kept = [record for record in play.disk.kept if isinstance(record, rec.ChannelRecord)]
    assert [(x.channel, x.name, x.founder, x.created) for x in kept] == [("#tea", "#Tea", "alice", play.now)]


def test_the_topic_of_a_channel_that_stays_is_listed_also_when_nobody_is_there() -> None:
    play = Playbook()
    play.register("alice")
    play.enter("bob")
    play.ask("alice", Join(("#Tea",)))
    play.ask("alice", Topic("Green", "#tea"))
    play.leave("alice")
    rows = play.tell("bob", ListChannels(), ChannelsListed).channels
    assert [(row.name, row.topic, row.users) for row in rows] == [("#main", "", 1), ("#Tea", "Green", 0)]
    assert rows[1].topic_at == play.now


def test_a_topic_survives_the_server() -> None:
    play = Playbook()
    play.register("alice")
    play.ask("alice", Join(("#Tea", "#Milk")))
    play.ask("alice", Topic("Green", "#tea"))
    play.ask("alice", Topic("Cold", "#milk"))
    play.ask("alice", Topic("-", "#milk"))
    after = Playbook(disk=play.disk)
    assert sorted(after.chat.state.channels) == ["#main", "#milk", "#tea"]
    after.enter("bob")
    entered = after.tell("bob", Join(("#tea",)), Entered)
    assert (entered.channel, entered.topic, entered.topic_by, entered.topic_at) == (
        "#Tea",
        "Green",
        "alice",
        play.now,
    )


def test_only_channels_that_stay_come_back_and_no_more_than_there_may_be() -> None:
    store = MemoryStore()
    for number in range(5):
        modes = '{"flags":"n","key":"","limit":0,"lists":{}}'
        store.save(rec.ChannelRecord(f"#{number}", f"#{number}", "alice", number, modes))
        store.save(rec.TopicRecord(f"#{number}", f"#{number}", "topic", "alice", 7))
    store.save(rec.TopicRecord("#guests", "#guests", "topic", "bob", 7))
    chat = Chat(settings(max_channels=3), store.fetch, bytes, lambda: 0)
    chat.start(0)
    assert list(chat.state.channels) == ["#main", "#0", "#1", "#2"]
