"""Where one wants to be, and how one comes there again."""

from __future__ import annotations

from evchat.settings.client import MAX_CHANNELS, MAX_JOINS_AT_ONCE
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


def known(name: str) -> Sequence:
    stream = Sequence(name)
    if name.startswith("#known"):
        stream.begin(100, 100)
    return stream


def test_of_channels_that_are_known_only_what_was_missed_is_asked_for() -> None:
    assert join_requests(["#known", "#new", "#other", "no channel"], known) == [
        {"request": "join", "content": "#known", "after": 79},
        {"request": "join", "content": ["#new", "#other"]},
    ]
    assert join_requests([], known) == []


def test_too_many_channels_are_joined_with_one_request() -> None:
    names = [f"#known{number}" for number in range(MAX_JOINS_AT_ONCE + 1)]
    assert join_requests(names, known) == [{"request": "join", "content": names}]
