"""The sentences are English, end as sentences do, and count rightly."""

from __future__ import annotations

import pytest

from evchat.dialects import sentences
from evchat.protocol.base import Event, Identity
from evchat.protocol.basics import Done, Ponged, ServerNotice
from evchat.protocol.channels import ChannelsListed, Joined, Left, NamesListed, TopicChanged, TopicTold
from evchat.protocol.history import DirectInfo, DirectsListed, InboxListed, SearchResults
from evchat.protocol.login import Disconnected, Renamed
from evchat.protocol.messages import AnnouncementAccepted
from evchat.protocol.monitor import MonitorTold
from evchat.protocol.people import (
    BlockedListed,
    PeopleFound,
    PeopleListed,
    PresenceChanged,
    WhoIsTold,
    WhoWasTold,
)
from evchat.protocol.typed_lines import NamePrompt
from evchat.protocol.user_settings import RealnameChanged, UserModesChanged, UserModesTold
from tests.dialects.samples import AT, BOB, GONE, SAMPLES


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Joined(AT, "bob", "#main"), ["bob joined #main."]),
        (Left(AT, "bob", "#main"), ["bob left #main."]),
        (Left(AT, "bob", "#main", "bye"), ["bob left #main (bye)."]),
        (Disconnected(AT, "bob", ""), ["bob left the server."]),
        (Disconnected(AT, "bob", "Logged out."), ["bob left the server (Logged out)."]),
        (Renamed(AT, "bob", "rob"), ["bob is now called rob."]),
        (TopicChanged(AT, "#main", "x", "bob"), ["bob set the topic of #main: x"]),
        (TopicChanged(AT, "#main", "", "bob"), ["bob removed the topic of #main."]),
        (PresenceChanged(AT, "bob", "lunch"), ["bob is away: lunch"]),
        (PresenceChanged(AT, "bob", None), ["bob is back."]),
        (ServerNotice(AT, "One.\nTwo."), ["One.", "Two."]),
        (AnnouncementAccepted(AT, None, 1, ()), ["Your broadcast reached 1 user."]),
        (
            AnnouncementAccepted(AT, None, 0, ("x", "y")),
            ["Your broadcast reached 0 users. Not reached: x, y."],
        ),
        (BlockedListed(AT, None, ()), ["You have not blocked anyone."]),
        (BlockedListed(AT, None, ("x", "y")), ["You have blocked x, y."]),
        (TopicTold(AT, None, "#main", "", "", 0), ["#main has no topic."]),
        (TopicTold(AT, None, "#main", "x", "bob", AT), ["The topic of #main is: x (set by bob, 10:15)"]),
        (NamesListed(AT, None, "#main", ("x", "y")), ["#main: x, y"]),
        (ChannelsListed(AT, None, ()), ["There are no channels."]),
        (PeopleListed(AT, None, (), 5), ["Nobody was online in the last 5 minutes."]),
        (WhoIsTold(AT, None, GONE), ["bob (a registered name) was last seen 10:13."]),
        (
            WhoIsTold(AT, None, BOB),
            [
                "bob (a guest) has been online since 10:13, idle 2 min.",
                "bob is away: lunch",
                "You are both in #main.",
            ],
        ),
        (RealnameChanged(AT, "bob", who=Identity(realname="Bob B.")), ["bob's real name is Bob B."]),
        (RealnameChanged(AT, "bob"), ["bob no longer has a real name."]),
        (MonitorTold(AT, None, (BOB,), ("x", "y")), ["Online: bob.", "Not online: x, y."]),
        (MonitorTold(AT, None, (), ()), ["You are not watching anyone."]),
        (WhoWasTold(AT, None, "x", ()), ["No record of x."]),
        (PeopleFound(AT, None, "x*", ()), ["No users match x*."]),
        (UserModesTold(AT, None, "alice", ""), ["Your modes: none."]),
        (UserModesChanged(AT, None, "alice", ()), ["Your modes have not changed."]),
        (Ponged(AT, None, ""), ["pong"]),
        (Ponged(AT, None, "x"), ["x"]),
        (Ponged(AT, None, {"é": 1}), ['{"é": 1}']),
        (SearchResults(AT, None, "x", ()), ["Nothing found for: x"]),
        (
            InboxListed(AT, None, ()),
            ["Your inbox is empty. /directs lists your conversations, /history NAME shows one."],
        ),
        (DirectsListed(AT, None, ()), ["You have no direct conversations."]),
        (
            DirectsListed(AT, None, (DirectInfo("bob", 7, 4, 2, 1, AT),), True),
            ["Only the latest are shown."],
        ),
        (Done(AT, None), []),
        (NamePrompt(AT), []),
    ],
)
def test_what_happened_is_told(event: Event, words: list[str]) -> None:
    assert sentences.sentences(event) == words


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_the_rows_of_a_table_have_the_same_number_of_cells(sample: Event) -> None:
    table = sentences.table(sample)
    assert table is None or {len(row) for row in table.rows} == {len(table.columns)}
