"""What one client is told alone, by example."""

from __future__ import annotations

import pytest

from evchat.dialects.irc import caps
from evchat.dialects.irc.dialect import IrcDialect
from evchat.protocol.base import Event, Identity, Request
from evchat.protocol.basics import Done, Failed, HungUp, Ping, Ponged, RequestContext
from evchat.protocol.channels import Entered, Member, Topic, TopicTold
from evchat.protocol.login import LoggedIn, LoggedOut, Quit
from evchat.protocol.membership import Invite, InviteSent
from evchat.protocol.messages import Message, MessageAccepted, SendMessage
from evchat.protocol.modes import Change, ChannelMode, ListEntry, ModeListed, ModesTold
from evchat.protocol.people import Counts, SetAway
from evchat.protocol.user_settings import UserMode, UserModesTold
from evchat.settings.model import Config
from tests.dialects.irc.wire import HOST, dialect, lines

AT = 1_795_256_109_000
WHO = Identity("~alice", HOST)
ME = f"alice!~alice@{HOST}"


def told(event: Event, request: Request | None = None, mask: int = 0) -> list[str]:
    client = dialect(mask)
    client.answer(RequestContext(0, request))
    return [line[0] for line in lines(client.answer(event))]


def test_a_login_tells_what_clients_wait_for_in_its_order() -> None:
    counts = Counts(5, 1, 1, 2, 0, 9)
    event = LoggedIn(AT, None, "alice", False, "", (), who=WHO, counts=counts)
    rows = lines(IrcDialect(Config(motd="Be kind.")).answer(event))
    numbers = [row["command"] for row in rows]
    assert numbers[:5] == ["001", "002", "003", "004", "005"]
    assert [number for number in numbers[5:] if number != "005"] == [
        "251", "252", "253", "254", "255", "265", "266", "375", "372", "376",
    ]  # fmt: skip
    assert rows[0]["last"].endswith(ME) and all(row["params"].split()[0] == "alice" for row in rows)


def test_who_comes_into_a_channel_is_told_its_state() -> None:
    inside = (Member("alice"), Member("bob", "o"))
    entered = Entered(
        AT, None, "alice", "#tea", "Tea time", "bob", AT, ("alice", "bob"), 7, 0, members=inside, who=WHO
    )
    assert told(entered) == [
        f":{ME} JOIN #tea",
        ":evchat.local 332 alice #tea :Tea time",
        ":evchat.local 333 alice #tea bob 1795256109",
        ":evchat.local 353 alice = #tea :alice @bob",
        ":evchat.local 366 alice #tea :End of /NAMES list.",
    ]


@pytest.mark.parametrize(
    ("event", "request_", "rows"),
    [
        (
            TopicTold(AT, None, "#tea", "", "", 0),
            Topic(None, "#tea"),
            ["331 alice #tea :No topic is set"],
        ),
        (
            ModesTold(AT, None, "#tea", (Change(True, "n"), Change(True, "l", "5")), AT),
            ChannelMode(None, "#tea"),
            ["324 alice #tea +nl 5", "329 alice #tea 1795256109"],
        ),
        (
            ModeListed(AT, None, "#tea", "b", (ListEntry("bob!*@*", "alice", AT),)),
            ChannelMode("b", "#tea"),
            ["367 alice #tea bob!*@* alice 1795256109", "368 alice #tea :End of channel ban list"],
        ),
        (UserModesTold(AT, None, "alice", "iB"), UserMode(), ["221 alice +iB"]),
        (Done(AT, None), SetAway("lunch"), ["306 alice :You have been marked as being away"]),
        (Done(AT, None), SetAway(), ["305 alice :You are no longer marked as being away"]),
        (
            MessageAccepted(AT, None, "bob", 1, away="lunch", direct=True),
            SendMessage("hi", "bob"),
            ["301 alice bob :lunch"],
        ),
        (MessageAccepted(AT, None, "bob", 1, direct=True), SendMessage("hi", "bob"), []),
        (InviteSent(AT, None, "bob", "#tea"), Invite("bob", "#tea"), ["341 alice bob #tea"]),
        (Ponged(AT, None, "17"), Ping("17"), ["PONG evchat.local :17"]),
    ],
)
def test_an_answer_is_the_numeric_that_clients_know(event: Event, request_: Request, rows: list[str]) -> None:
    assert told(event, request_) == [f":evchat.local {row}" for row in rows]


def test_ones_own_message_comes_back_to_those_who_asked_for_it() -> None:
    said = Message(AT, "#tea", 7, "alice", "#tea", "hi", who=WHO)
    sent = MessageAccepted(AT, None, "#tea", 7, said=said)
    assert told(sent, SendMessage("hi", "#tea")) == []
    assert told(sent, SendMessage("hi", "#tea"), caps.ECHO_MESSAGE) == [f":{ME} PRIVMSG #tea :hi"]


def test_nobody_answers_a_notice() -> None:
    request = SendMessage("hi", "bob", notice=True)
    assert told(Failed(AT, None, "no-such-user", "No.", request=request), request) == []


def test_who_leaves_is_told_so_before_the_connection_closes() -> None:
    assert told(LoggedOut(AT, None, True), Quit("bye"))[-1].startswith("ERROR :")
    assert told(HungUp(AT, "idle", "Idle for 60 seconds.")) == [
        "ERROR :Closing Link: alice (Idle for 60 seconds.)"
    ]
