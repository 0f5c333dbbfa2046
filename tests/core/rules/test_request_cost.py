"""How much work a request makes."""

from __future__ import annotations

import pytest

from evchat.core.rules import request_cost
from evchat.core.rules.request_cost import weight
from evchat.protocol.base import Request
from evchat.protocol.catalog import REQUESTS
from evchat.protocol.channels import Join, ListChannels, ListNames, Part, Rejoin
from evchat.protocol.history import GetHistory, ListDirects, Search
from evchat.protocol.login import ChangeNick, Login
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.modes import ChannelMode
from evchat.protocol.monitor import ListMonitored, Monitor
from evchat.protocol.operators import ListAudit
from evchat.protocol.people import Block, FindUsers, LookUpUsers, SetAway, Who, WhoLast, WhoWas
from evchat.protocol.server_bans import ListServerBans
from tests.core.playbook import Playbook

PLAY = Playbook(quiet_above=60)
PLAY.enter(*(f"u{number}" for number in range(50)))
PLAY.ask("u1", Join(("#tea",), current=True))
PLAY.ask("u1", Monitor(("u2", "u3")))
for _ in range(3):
    PLAY.ask("u5", ChangeNick("gone"))
    PLAY.ask("u5", ChangeNick("u5"))
HUNDRED = tuple(f"n{number}" for number in range(100))


def weighed(request: Request, play: Playbook = PLAY) -> float:
    return weight(play.chat.context, play.sid("u1"), request)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (SendMessage("hi"), 0),
        (Search("hi"), 5),
        (ListDirects(), 5),
        (FindUsers("*"), 0.1),
        (FindUsers("a?"), 0.5),
        (FindUsers("#MAIN"), 0.1),
        (FindUsers("#none"), 0),
        (Who(), 0.1),
        (WhoLast(5), 0.1),
        (ListNames("#main"), 0.1),
        (ListNames(), 1 / 500),
        (ListChannels(), 2 / 500),
        (ListChannels(masks=("*",), but=("a?",)), 7 * 2 / 500),
        (ListChannels(names=("a",) * 500), 1 + 2 / 500),
        (Announce("hi"), 0.05),
        (Announce("hi", HUNDRED), 1),
        (LookUpUsers(HUNDRED), 1),
        (Login("u1"), 2 * request_cost._CHANNEL),
        (Login("nobody"), 0),
        (Monitor(HUNDRED), 1),
        (ListMonitored(), 0.02),
        (ChangeNick("u"), 1.01 + 51 / 1000),
        (Block("u2"), 1),
        (WhoWas("Gone"), 3 / 500),
        (WhoWas("gone", 2), 2 / 500),
        (WhoWas("nobody"), 0),
        (SetAway("x"), 0.01 + 51 / 1000),
        (Part(), 0.01 + 51 / 1000),
        (GetHistory(), 0.01 + 50 / 250),
        (GetHistory(limit=10**9), 0.01 + 4),
        (GetHistory(limit=-5), 0.01),
        (ListAudit(limit=500), 2),
        (ListServerBans(), 0),
        (ChannelMode("+bbb x y z"), 0.07),
        (ChannelMode("+b " + "x" * 70_000), 5),
        (ChannelMode(), 0),
    ],
    ids=lambda value: str(value)[:60],
)
def test_the_more_is_looked_at_the_heavier_it_is(request_: Request, expected: float) -> None:
    assert weighed(request_) == pytest.approx(expected)


def test_to_go_back_to_many_channels_weighs_as_much_as_to_join_each_of_them() -> None:
    play = Playbook()
    play.enter("u2")
    play.register("u1")
    assert weighed(Rejoin(), play) == 0
    play.ask("u2", Join(("#tea",)))
    play.ask("u1", Join(("#tea", "#dev")))
    one, other = weighed(Join(("#tea",)), play), weighed(Join(("#dev",)), play)
    assert weighed(Rejoin(), play) == pytest.approx(one + other) and one > other > 0
    play.disk.reads_fail = True
    assert weighed(Rejoin(), play) == 0, "it is refused"


def test_to_join_many_channels_weighs_as_much_as_to_join_each_of_them() -> None:
    one, other, new = (weighed(Join((name,))) for name in ("#main", "#tea", "#new"))
    assert one > other > new > 0
    assert weighed(Join(("#main", "#tea", "#new"))) == pytest.approx(one + other + new)


def test_a_channel_where_something_was_said_weighs_more_because_that_is_read_then() -> None:
    play = Playbook()
    play.enter("u1", "u2")
    before = weighed(Join(("#main",)), play)
    play.ask("u1", SendMessage("hi", "#main"))
    assert weighed(Join(("#main",)), play) == pytest.approx(before + 20 / 250)


def test_a_quiet_channel_tells_nobody_who_comes() -> None:
    loud, quiet = Playbook(), Playbook(quiet_above=1)
    for play in (loud, quiet):
        play.enter("u1", "u2")
    for request in (Join(("#main",)), SetAway("x")):
        assert weighed(request, loud) > weighed(request, quiet) > 0


def test_every_heavy_request_is_weighed_and_no_other() -> None:
    assert request_cost._WEIGHTS.keys() == {kind for kind in REQUESTS if kind.traits.heavy}


def test_a_session_that_is_gone_weighs_nothing() -> None:
    assert weight(PLAY.chat.context, 999, ListNames("#none")) == 0


def test_a_stranger_who_has_not_logged_in_weighs_little() -> None:
    sid = PLAY.connect("stranger")
    assert weight(PLAY.chat.context, sid, SetAway("x")) == 0
    assert weight(PLAY.chat.context, sid, Who()) == pytest.approx(0.1)
