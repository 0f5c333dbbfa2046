"""The sentences are English, end as sentences do, and count rightly."""

from __future__ import annotations

import pytest

from evchat.dialects import phrases
from evchat.protocol import events as e
from tests.dialects.samples import AT, BOB, GONE, SAMPLES


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (e.Joined(AT, "bob", "#main"), ["bob joined #main."]),
        (e.Left(AT, "bob", "#main"), ["bob left #main."]),
        (e.Left(AT, "bob", "#main", "bye"), ["bob left #main (bye)."]),
        (e.Disconnected(AT, "bob", ""), ["bob is gone."]),
        (e.Disconnected(AT, "bob", "Logged out."), ["bob is gone (Logged out)."]),
        (e.Renamed(AT, "bob", "rob"), ["bob is now called rob."]),
        (e.TopicChanged(AT, "#main", "x", "bob"), ["bob set the topic of #main: x"]),
        (e.TopicChanged(AT, "#main", "", "bob"), ["bob took the topic of #main away."]),
        (e.PresenceChanged(AT, "bob", "lunch"), ["bob is away: lunch"]),
        (e.PresenceChanged(AT, "bob", None), ["bob is back."]),
        (e.Noticed(AT, "One.\nTwo."), ["One.", "Two."]),
        (e.Announced(AT, None, 1, ()), ["Your broadcast reached 1 user."]),
        (
            e.Announced(AT, None, 0, ("x", "y")),
            ["Your broadcast reached 0 users. It missed x, y: not online."],
        ),
        (e.BlockedListed(AT, None, ()), ["You have blocked nobody."]),
        (e.BlockedListed(AT, None, ("x", "y")), ["You have blocked x, y."]),
        (e.TopicTold(AT, None, "#main", "", "", 0), ["#main has no topic."]),
        (e.TopicTold(AT, None, "#main", "x", "bob", AT), ["The topic of #main is: x (set by bob, 10:15)"]),
        (e.NamesListed(AT, None, "#main", ("x", "y")), ["#main: x, y"]),
        (e.ChannelsListed(AT, None, ()), ["There are no channels."]),
        (e.PeopleListed(AT, None, (), 5), ["Nobody was here in the last 5 minutes."]),
        (e.WhoIsTold(AT, None, GONE), ["bob (a registered name) was last seen 10:13."]),
        (
            e.WhoIsTold(AT, None, BOB),
            ["bob (a guest) is online since 10:13, idle 2 min.", "bob is away: lunch", "You share #main."],
        ),
        (e.RealnameChanged(AT, "bob", who=e.Identity(realname="Bob B.")), ["bob is known as Bob B."]),
        (e.RealnameChanged(AT, "bob"), ["bob has no real name any more."]),
        (e.WatchTold(AT, None, (BOB,), ("x", "y")), ["Online: bob.", "Not online: x, y."]),
        (e.WatchTold(AT, None, (), ()), ["You watch nobody."]),
        (e.PastTold(AT, None, "x", ()), ["Nobody is remembered who was called x."]),
        (e.PeopleFound(AT, None, "x*", ()), ["Nobody was found who matches x*."]),
        (e.UserModesTold(AT, None, "alice", ""), ["Your modes: none."]),
        (e.UserModesChanged(AT, None, "alice", ()), ["Your modes are as they were."]),
        (e.Ponged(AT, None, ""), ["pong"]),
        (e.Ponged(AT, None, "x"), ["x"]),
        (e.Ponged(AT, None, {"é": 1}), ['{"é": 1}']),
        (e.Found(AT, None, "x", ()), ["Nothing was found for: x"]),
        (e.InboxListed(AT, None, ()), ["There is nothing new in your inbox."]),
        (e.DirectsListed(AT, None, ()), ["You have no direct conversations."]),
        (
            e.DirectsListed(AT, None, (e.DirectInfo("bob", 7, 4, 2, 1, AT),), True),
            ["There are more; these are the latest."],
        ),
        (e.Done(AT, None), []),
        (e.Greeted(AT), []),
    ],
)
def test_what_happened_is_told(event: e.Event, words: list[str]) -> None:
    assert phrases.sentences(event) == words


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_the_rows_of_a_table_have_the_same_number_of_cells(sample: e.Event) -> None:
    assert len({len(row) for row in phrases.table(sample)}) <= 1
