"""Where one wants to be, and how one comes there again."""

from __future__ import annotations

import json

from evchat.settings.client import MAX_CHANNELS, MAX_JOINS_AT_ONCE
from tests.tui.world import Client, World
from tui.connection.channels import Channels, join_requests
from tui.connection.sequence import Sequence
from tui.model.record import Record
from tui.model.server_events import Joined


def joined(channel: str, *, login: bool = False) -> Joined:
    return Joined(Record({"to": channel, "sender": "alice", "login": login}))


def test_a_channel_one_came_into_is_wanted_until_one_leaves_it() -> None:
    channels = Channels(["#main"])
    assert channels.enter("#Ops")
    assert channels.wanted == {"#main": "#main", "#ops": "#Ops"} and channels.entered == {"#ops"}
    channels.leave("#OPS")
    assert channels.wanted == {"#main": "#main"} and channels.entered == set()


def test_only_a_login_leads_unwanted_into_a_channel_that_was_left() -> None:
    channels = Channels(["#main"])
    assert not channels.is_unwanted(joined("#main", login=True))
    channels.leave("#main")
    assert channels.is_unwanted(joined("#main", login=True))
    assert not channels.is_unwanted(joined("#main"))
    channels.enter("#main")
    assert not channels.is_unwanted(joined("#main", login=True))


def test_channels_are_bounded_and_those_that_are_wanted_stay() -> None:
    channels = Channels(["#main"])
    entered = [channels.enter(f"#c{number}") for number in range(MAX_CHANNELS + 10)]
    assert sum(entered) == MAX_CHANNELS - 1 and channels.enter("#main")


def test_after_a_login_one_goes_where_one_was_and_where_lines_wait() -> None:
    channels = Channels(["#main", "#ops"])
    assert channels.at_login(["#dev", "bob", "#OPS", "*"]) == ["#dev", "#ops"]


def test_the_main_channel_is_missing_if_one_wants_it_and_is_not_in_it() -> None:
    channels = Channels(["#main"])
    assert channels.missing_main == ["#main"]
    channels.enter("#main")
    assert channels.missing_main == []
    assert Channels(["#ops"]).missing_main == []


def test_where_the_server_leads_back_nothing_is_asked_for_and_what_was_left_elsewhere_stays_left() -> None:
    channels = Channels(["#main"])
    channels.recall(Record({"channels": ["#ops", "#dev"], "rooms": True}))
    channels.begin(resumed=False, led=True)
    assert channels.at_login(["#fresh"]) == ["#fresh"]
    channels.enter("#ops")
    assert channels.left_elsewhere() == ["#dev"] and channels.left_elsewhere() == []
    assert channels.facts() == {"channels": ["#ops"], "rooms": True}
    assert channels.missing_main == [], "it was left elsewhere, or the login would have led there"
    assert not channels.is_unwanted(joined("#dev", login=True)), "somebody came back elsewhere, later"


def test_where_the_server_does_not_lead_all_is_asked_for() -> None:
    channels = Channels(["#main"])
    channels.recall(Record({"channels": ["#ops"], "rooms": True}))
    channels.begin(resumed=False, led=False)
    assert channels.at_login([]) == ["#ops"] and channels.left_elsewhere() == []
    assert channels.facts() == {"channels": ["#ops"]}


def test_a_session_that_goes_on_is_where_it_was() -> None:
    channels = Channels(["#main"])
    channels.begin(resumed=False, led=False)
    for name in ("#main", "#ops"):
        channels.enter(name)
    channels.entered.clear()
    channels.begin(resumed=True, led=False)
    assert channels.at_login([]) == []
    channels.enter("#main")
    assert channels.left_elsewhere() == ["#ops"] and channels.missing_main == []


def rooms(client: Client) -> list[str]:
    return sorted(client.session.channels)


def device(world: World, *, kept: Client | None = None) -> Client:
    """A device of nora's, which has what another run `kept` of it; she is online there."""
    client = world.client("nora", password="secret")
    if kept is not None:
        client.session.recall(json.loads(json.dumps(kept.session.kept)))
    world.settle()
    return client


def off(world: World, client: Client) -> None:
    """The program on a device ends."""
    assert client.link is not None
    world.book.leave(client.link.name)
    world.break_(client)
    world.clients.remove(client)


def ask(world: World, client: Client, request: str, channel: str) -> None:
    client.session.ask({"request": request, "content": [channel]}, world.now)
    world.settle()


def test_a_room_joined_on_one_device_is_there_on_the_other_and_one_that_was_left_is_not(world: World) -> None:
    world.book.register("nora")
    world.book.leave("nora")
    laptop = device(world)
    ask(world, laptop, "join", "#ops")
    ask(world, laptop, "join", "#dev")
    off(world, laptop)
    phone = device(world)
    assert rooms(phone) == ["#dev", "#main", "#ops"], "nothing is kept there yet"
    ask(world, phone, "part", "#dev")
    ask(world, phone, "part", "#main")
    off(world, phone)
    laptop = device(world, kept=laptop)
    assert rooms(laptop) == ["#ops"]
    assert world.book.chat.state.users["nora"].channels.keys() == {"#ops"}
    ask(world, laptop, "join", "#main")
    assert rooms(device(world, kept=phone)) == ["#main", "#ops"]


def test_a_device_that_was_offline_goes_where_one_went_on_the_other(world: World) -> None:
    world.book.register("nora")
    world.book.leave("nora")
    laptop, phone = device(world), device(world)
    for channel in ("#ops", "#dev"):
        ask(world, laptop, "join", channel)
    world.break_(phone, told=False)
    for request, channel in (("part", "#dev"), ("join", "#tea")):
        laptop.session.ask({"request": request, "content": [channel]}, world.now)
        world.up(laptop)
        world.commit()
        world.down(laptop)
    phone.told.clear()
    world.settle()
    assert rooms(phone) == rooms(laptop) == ["#main", "#ops", "#tea"]
    assert [facts["to"] for facts in phone.of("left")] == ["#dev"]


def test_rooms_that_only_the_disk_knows_are_told_to_the_server_once(world: World) -> None:
    world.book.register("nora")
    world.book.leave("nora")
    laptop = world.client("nora", password="secret")
    laptop.session.recall({"channels": ["#ops"]})
    world.settle()
    assert rooms(laptop) == ["#main", "#ops"]
    off(world, laptop)
    assert rooms(device(world)) == ["#main", "#ops"]


def known(name: str) -> Sequence:
    stream = Sequence(name)
    if name.startswith("#known"):
        stream.begin(100, 100)
    return stream


def test_of_channels_that_are_known_only_what_was_missed_is_asked_for() -> None:
    assert join_requests(["#known", "#new", "#other", "no channel"], known) == [
        {"request": "join", "content": "#known", "after": 99},
        {"request": "join", "content": ["#new", "#other"]},
    ]
    assert join_requests([], known) == []


def test_too_many_channels_are_joined_with_one_request() -> None:
    names = [f"#known{number}" for number in range(MAX_JOINS_AT_ONCE + 1)]
    assert join_requests(names, known) == [{"request": "join", "content": names}]
