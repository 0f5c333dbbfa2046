"""One event of each kind or more, as they are in life, for the reference and for tests by example."""

from __future__ import annotations

from evchat.protocol import events as e
from evchat.protocol import requests as r
from evchat.protocol.commands import BY_NAME
from evchat.protocol.modes import Change

AT = 1_795_256_109_000
"""2026-11-21 10:15:09 UTC."""

HI = e.Said(AT, "#main", 42, "alice", "#main", "hi all", id="b7f3-1")
WAVES = e.Said(AT, "alice bob", 7, "alice", "bob", "waves", action=True)
LUNCH = e.Said(AT, "*", 3, "alice", "*", "lunch!", announced=True)
BOB = e.Person("bob", True, False, 1_795_256_000_000, AT, 120_000, "lunch", ("#main",), 1)
TO_OPERATORS = e.Said(AT, "#ops", 0, "alice", "#ops", "careful", notice=True, role="o")
TAKEN_BACK = e.Said(AT, "#main", 41, "alice", "#main", "", redacted=True)
GONE = e.Person("bob", False, True, seen=1_795_256_000_000)

MEMBERS = (e.Member("alice"), e.Member("bob", "o"))

SAMPLES: list[e.Event] = [
    e.Welcomed(AT, "h1", "evchat", "1.0", 1, (("object_bytes", 65536),), ("history",), "Be kind."),
    e.Failed(AT, "r7", "name-taken", "The name bob is taken. Choose another one."),
    e.Failed(AT, "m7", "banned", "You are banned from #ops.", "#ops"),
    e.HungUp(AT, "login-deadline", "Nobody logged in within 30 seconds."),
    HI,
    WAVES,
    LUNCH,
    TO_OPERATORS,
    TAKEN_BACK,
    e.Named(AT, "rob"),
    e.Answering(AT, r.Names("#main")),
    e.Aside(AT, None),
    e.Challenged(AT, "r31", "r=x"),
    e.Joined(AT, "bob", "#main"),
    e.Entered(AT, None, "alice", "#ops", "", "", 0, ("alice", "bob"), 42, 40, False, True, 2, MEMBERS),
    e.Left(AT, "bob", "#ops", "bye"),
    e.Disconnected(AT, "bob", "Closed the connection.", ("#main", "#ops")),
    e.Renamed(AT, "bob", "rob"),
    e.TopicChanged(AT, "#ops", "on call: bob", "bob"),
    e.ModesChanged(AT, "#ops", "bob", (Change(True, "m"), Change(True, "v", "alice"))),
    e.Kicked(AT, "carol", "#ops", "bob", "spam"),
    e.Invited(AT, "alice", "#ops", "bob"),
    e.InviteTold(AT, "alice", "#ops", "bob"),
    e.Walloped(AT, "bob", "Restart at noon."),
    e.HistoryListed(AT, None, "#main", (HI,), 42, True, True),
    e.PresenceChanged(AT, "bob", "lunch"),
    e.PresenceChanged(AT, "bob", None),
    e.ReadUpTo(AT, "#main", 42, AT - 1000),
    e.Pinged(AT, "17"),
    e.Noticed(AT, "Maintenance at noon."),
    e.Stopping(AT, "The server is going down."),
    e.Greeted(AT),
    e.LoggedIn(AT, "r1", "alice", False, "#main", ("bob", "carol"), 3, "", 3),
    e.LoggedOut(AT, "r2"),
    e.Sent(AT, "b7f3-1", "#main", 42, sent_at=AT),
    e.Sent(AT, "b7f3-2", "bob", 7, "waves", True, True, True, "lunch", True, AT),
    e.Announced(AT, "b7f3-3", 2, ("carol",), 3, True),
    e.Authenticated(AT, "r30", "alice", "al"),
    e.Done(AT, "r3", "", (("name", "alicia"),)),
    e.Done(AT, "r4", "You left #ops.", (("channels", ["#ops"]),)),
    e.Done(AT, "r16", "", (("to", "#ops"), ("seq", 42))),
    e.TopicTold(AT, "r5", "#ops", "on call: bob", "bob", AT),
    e.ChannelsListed(AT, "r6", (e.ChannelInfo("#main", "anything", 2),)),
    e.NamesListed(AT, "r8", "#main", ("alice", "bob"), (e.Member("alice", "o"), e.Member("bob", "v"))),
    e.ModesTold(AT, "m1", "#ops", (Change(True, "n"), Change(True, "l", "20")), AT),
    e.ModeListed(AT, "m2", "#ops", "b", (e.Listing("mallory!*@*", "bob", AT),)),
    e.InviteSent(AT, "m3", "alice", "#ops"),
    e.OperatorMade(AT, "m4", "root"),
    e.BanishedListed(AT, "m5", (e.Banishment("192.0.2.0/24", "bob", AT, 0, "spam"),)),
    e.ActsTold(AT, "m6", (e.Act(AT, "root", "kill", "mallory", "spam"),)),
    e.PeopleListed(AT, "r9", (BOB,), 5),
    e.WhoIsTold(AT, "r10", GONE),
    e.PeopleFound(AT, "r21", "b*", ((BOB, e.Seat("#main", "o")),)),
    e.PeopleTold(AT, "r22", (BOB,)),
    e.PastTold(
        AT, "r23", "bob", (e.Past("bob", 1_795_256_000_000, e.Identity(realname="Bob B.", account="bob")),)
    ),
    e.Counted(AT, "r24", e.Counts(5, 1, 0, 2, 0, 9)),
    e.WatchTold(AT, "r25", (BOB,), ("carol",)),
    e.Appeared(AT, "bob"),
    e.Vanished(AT, "bob"),
    e.UserModesTold(AT, "r26", "alice", "iB"),
    e.UserModesChanged(AT, "r27", "alice", (Change(True, "i"), Change(False, "w"))),
    e.RealnameChanged(AT, "bob", who=e.Identity(realname="Bob B.")),
    e.AccountChanged(AT, "bob", who=e.Identity(account="bob")),
    e.Signalled(AT, "bob", "#main", (("+typing", "active"),)),
    e.Redacted(AT, "#main", 42, AT - 1000, "#main", "bob", "a slip"),
    e.Marked(AT, "r28", "#main", 42, AT - 1000),
    e.ConversationsListed(AT, "r29", (("#main", AT - 1000),)),
    e.HistoryListed(AT, "r11", "bob", (WAVES,), 7),
    e.InboxListed(AT, "r12", ()),
    e.DirectsListed(AT, "r17", (e.DirectInfo("bob", 7, 4, 2, 1, 1_795_256_000_000),)),
    e.BlockedListed(AT, "r13", ("mallory",)),
    e.Found(AT, "r12", "words", ()),
    e.Ponged(AT, "r14", [1, "two"]),
    e.Helped(AT, "r15", (BY_NAME["nick"],), True),
]
