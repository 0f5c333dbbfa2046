"""One event of each kind or more, as they are in life, for the reference and for tests by example."""

from __future__ import annotations

from evchat.protocol.authentication import AccountChanged, Authenticated, ScramChallenge
from evchat.protocol.base import Event, Identity
from evchat.protocol.basics import (
    Done,
    Failed,
    Helped,
    HungUp,
    LocalReply,
    Pinged,
    Ponged,
    RequestContext,
    ServerNotice,
    Stopping,
    Welcomed,
)
from evchat.protocol.channels import (
    ChannelInfo,
    ChannelsListed,
    Entered,
    Joined,
    Left,
    ListNames,
    Member,
    NamesListed,
    TopicChanged,
    TopicTold,
)
from evchat.protocol.client_tags import TagMessage
from evchat.protocol.commands import BY_NAME
from evchat.protocol.editing import Edited
from evchat.protocol.history import (
    ConversationsListed,
    DirectInfo,
    DirectsListed,
    HistoryListed,
    InboxListed,
    SearchResults,
)
from evchat.protocol.login import Disconnected, LoggedIn, LoggedOut, NickConfirmed, Renamed
from evchat.protocol.membership import Invited, InviteSent, InviteTold, Kicked
from evchat.protocol.messages import AnnouncementAccepted, Message, MessageAccepted
from evchat.protocol.metadata import MetadataChanged, MetadataEntry, MetadataSubscribed, MetadataTold
from evchat.protocol.modes import Change, ListEntry, ModeListed, ModesChanged, ModesTold
from evchat.protocol.monitor import MonitorOffline, MonitorOnline, MonitorTold
from evchat.protocol.operators import AuditEntry, AuditListed, OperGranted, Walloped
from evchat.protocol.people import (
    BlockedListed,
    ChannelMembership,
    Counts,
    CountsTold,
    FormerName,
    PeopleFound,
    PeopleListed,
    PeopleTold,
    Person,
    PresenceChanged,
    WhoIsTold,
    WhoWasTold,
)
from evchat.protocol.pins import Pinned, PinnedMessage, PinsListed, Unpinned
from evchat.protocol.read_markers import ReadMarkerMoved, ReadMarkerTold
from evchat.protocol.redaction import Redacted
from evchat.protocol.server_bans import ServerBan, ServerBansListed
from evchat.protocol.typed_lines import NamePrompt
from evchat.protocol.user_settings import RealnameChanged, UserModesChanged, UserModesTold

AT = 1_795_256_109_000
"""2026-11-21 10:15:09 UTC."""

HI = Message(AT, "#main", 42, "alice", "#main", "hi all", id="b7f3-1")
WAVES = Message(AT, "alice bob", 7, "alice", "bob", "waves", action=True)
LUNCH = Message(AT, "*", 3, "alice", "*", "lunch!", announced=True)
BOB = Person("bob", True, False, 1_795_256_000_000, AT, 120_000, "lunch", ("#main",), 1)
TO_OPERATORS = Message(AT, "#ops", 0, "alice", "#ops", "careful", notice=True, role="o")
CHANGED = Message(AT, "#main", 42, "alice", "#main", "hi everybody", reply=40, rev=10, edited=AT)
DELETED = Message(AT, "#main", 41, "alice", "#main", "", redacted=True, rev=8)
GONE = Person("bob", False, True, seen=1_795_256_000_000)

MEMBERS = (Member("alice"), Member("bob", "o"))

SAMPLES: list[Event] = [
    Welcomed(AT, "h1", "evchat", "1.0", 1, (("object_bytes", 65536),), ("history",), "Be kind."),
    Failed(
        AT,
        "r7",
        "name-taken",
        "The name bob is taken. Choose another one: bob2 is free.",
        suggestion="bob2",
    ),
    Failed(AT, "m7", "banned", "You are banned from #ops.", "#ops"),
    HungUp(AT, "login-deadline", "No login within 30 seconds."),
    HI,
    WAVES,
    LUNCH,
    TO_OPERATORS,
    DELETED,
    CHANGED,
    NickConfirmed(AT, "rob"),
    RequestContext(AT, ListNames("#main")),
    LocalReply(AT, None),
    ScramChallenge(AT, "r31", "r=x"),
    Joined(AT, "bob", "#main"),
    Entered(AT, None, "alice", "#ops", "", "", 0, ("alice", "bob"), 42, 40, False, True, 2, MEMBERS, rev=7),
    Left(AT, "bob", "#ops", "bye"),
    Disconnected(AT, "bob", "Closed the connection.", ("#main", "#ops")),
    Renamed(AT, "bob", "rob"),
    TopicChanged(AT, "#ops", "on call: bob", "bob"),
    ModesChanged(AT, "#ops", "bob", (Change(True, "m"), Change(True, "v", "alice"))),
    Kicked(AT, "carol", "#ops", "bob", "spam"),
    Invited(AT, "alice", "#ops", "bob"),
    InviteTold(AT, "alice", "#ops", "bob"),
    Walloped(AT, "bob", "Restart at noon."),
    HistoryListed(AT, None, "#main", (HI,), 42, True, True),
    PresenceChanged(AT, "bob", "lunch"),
    PresenceChanged(AT, "bob", None),
    ReadMarkerMoved(AT, "#main", 42, AT - 1000),
    Pinged(AT, "17"),
    ServerNotice(AT, "Maintenance at noon."),
    Stopping(AT, "The server is going down."),
    NamePrompt(AT),
    LoggedIn(
        AT,
        "r1",
        "alice",
        False,
        "#main",
        ("bob", "carol"),
        3,
        "",
        3,
        resume="Zb3kXw7aQn2LdR0vTg5YpA",
        resume_for=20_000,
    ),
    LoggedIn(
        AT,
        "r4",
        "alice",
        False,
        "#main",
        ("bob", "carol"),
        1,
        "",
        3,
        resumed=True,
        resume="q8LmT1cVb6ZsE9xJfH4uKw",
        resume_for=20_000,
    ),
    LoggedOut(AT, "r2"),
    MessageAccepted(AT, "b7f3-1", "#main", 42, sent_at=AT),
    MessageAccepted(AT, "b7f3-2", "bob", 7, "waves", True, True, True, "lunch", True, AT),
    AnnouncementAccepted(AT, "b7f3-3", 2, ("carol",), 3, True),
    Authenticated(AT, "r30", "alice", "al"),
    Done(
        AT,
        "s1",
        "Online: 3. Not logged in: 0. Channels: 2. Messages: 1,204. Stored: 3 MiB; free: 47,683 MiB. "
        "Running for 2 h 1 min.",
        (
            ("users", 3),
            ("strangers", 0),
            ("channels", 2),
            ("stored", 4_096_000),
            ("free", 50_000_000_000),
            ("storing", True),
            ("up", 7_260_000),
            ("messages", 1204),
        ),
    ),
    Done(
        AT,
        "s3",
        "The invitation code is 7KQ2-M4XZ-0H8P-VW3T.",
        (("code", "7KQ2-M4XZ-0H8P-VW3T"), ("uses", 30), ("until", 1795860909000)),
    ),
    Done(
        AT,
        "s4",
        "9f86d081: 30 uses, 7 days, by root.",
        (
            (
                "codes",
                [{"code": "9f86d081", "by": "root", "at": 1795256000000, "until": 1795860909000, "uses": 30}],
            ),
        ),
    ),
    Done(
        AT,
        "s6",
        "Your certificates: 3f9a0c5d2e7b4188.",
        (("certificates", ["3f9a0c5d2e7b41886a90d1c4f7e2b35a0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f"]),),
    ),
    Done(
        AT,
        "s5",
        "1 things that are stored about you",
        (
            ("rows", [{"kind": "account", "name": "alice", "at": 1795256000000}]),
            ("more", True),
            ("after", 1204),
        ),
    ),
    Done(AT, "s2", "alice", (("accounts", [{"name": "alice", "at": 1795256000000}]), ("more", False))),
    Done(AT, "r3", "", (("name", "alicia"),)),
    Done(AT, "r4", "You left #ops.", (("channels", ["#ops"]),)),
    Done(AT, "r16", "", (("to", "#ops"), ("seq", 42))),
    Done(AT, "r17", "The message was deleted.", (("to", "#main"), ("seq", 42), ("rev", 8))),
    TopicTold(AT, "r5", "#ops", "on call: bob", "bob", AT),
    ChannelsListed(AT, "r6", (ChannelInfo("#main", "anything", 2),)),
    NamesListed(AT, "r8", "#main", ("alice", "bob"), (Member("alice", "o"), Member("bob", "v"))),
    ModesTold(AT, "m1", "#ops", (Change(True, "n"), Change(True, "l", "20")), AT),
    ModeListed(AT, "m2", "#ops", "b", (ListEntry("mallory!*@*", "bob", AT),)),
    InviteSent(AT, "m3", "alice", "#ops"),
    OperGranted(AT, "m4", "root"),
    ServerBansListed(AT, "m5", (ServerBan("192.0.2.0/24", "bob", AT, 0, "spam"),)),
    AuditListed(AT, "m6", (AuditEntry(AT, "root", "kill", "mallory", "spam"),)),
    PeopleListed(AT, "r9", (BOB,), 5),
    WhoIsTold(AT, "r10", GONE),
    PeopleFound(AT, "r21", "b*", ((BOB, ChannelMembership("#main", "o")),)),
    PeopleTold(AT, "r22", (BOB,)),
    WhoWasTold(
        AT, "r23", "bob", (FormerName("bob", 1_795_256_000_000, Identity(realname="Bob B.", account="bob")),)
    ),
    CountsTold(AT, "r24", Counts(5, 1, 0, 2, 0, 9)),
    MetadataTold(AT, "r28", "bob", (MetadataEntry("bob", "url", "https://example.org"),)),
    MetadataSubscribed(AT, "r29", ("url", "avatar")),
    MetadataChanged(AT, "#main", "url", "https://example.org", "alice"),
    MonitorTold(AT, "r25", (BOB,), ("carol",)),
    MonitorOnline(AT, "bob"),
    MonitorOffline(AT, "bob"),
    UserModesTold(AT, "r26", "alice", "iB"),
    UserModesChanged(AT, "r27", "alice", (Change(True, "i"), Change(False, "w"))),
    RealnameChanged(AT, "bob", who=Identity(realname="Bob B.")),
    AccountChanged(AT, "bob", who=Identity(account="bob")),
    TagMessage(AT, "bob", "#main", (("+typing", "active"),)),
    Pinned(AT, "#main", 42, "bob", "alice", "Lunch at noon"),
    Unpinned(AT, "#main", 42, "bob"),
    PinsListed(
        AT,
        "m2",
        "#main",
        (PinnedMessage(Message(AT - 1000, "#main", 42, "alice", "#main", "Lunch at noon"), "bob", AT),),
    ),
    Redacted(AT, "#main", 42, AT - 1000, "#main", "bob", "a slip", 8),
    Edited(AT, "#main", 42, AT - 1000, "#main", "alice", "hi everybody", 10),
    ReadMarkerTold(AT, "r28", "#main", 42, AT - 1000),
    ConversationsListed(AT, "r29", (("#main", AT - 1000),)),
    HistoryListed(AT, "r11", "bob", (WAVES,), 7),
    HistoryListed(AT, "h1", "#main", (DELETED, CHANGED), 42, rev=10, gone_before=30),
    InboxListed(AT, "r12", ()),
    DirectsListed(AT, "r17", (DirectInfo("bob", 7, 4, 2, 1, 1_795_256_000_000, 3),)),
    BlockedListed(AT, "r13", ("mallory",)),
    SearchResults(AT, "r12", "words", ()),
    Ponged(AT, "r14", [1, "two"]),
    Helped(AT, "r15", (BY_NAME["nick"],), True),
]
