"""Clients of `wholast` get one reply a line, and everything else on their second connection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evchat.dialects.base import Pair
from evchat.dialects.unframed.wholast import ASIDE, WholastDialect
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Failed, HungUp, LocalReply, Malformed, ReplyLocally
from evchat.protocol.channels import Entered, Join, Joined
from evchat.protocol.history import GetInbox, HistoryListed, InboxListed
from evchat.protocol.login import LoggedIn, LoggedOut, Login, Quit
from evchat.protocol.messages import Announce, AnnouncementAccepted, MessageAccepted, SendMessage
from evchat.protocol.people import PeopleListed, Who, WhoLast
from evchat.protocol.typed_lines import Greet, NamePrompt
from evchat.settings.model import Limits
from tests.dialects.samples import AT, BOB, GONE, HI, WAVES

IN = LoggedIn(AT, None, "will", False, "#main", ())


class Scene:
    """A dialect, and what the core answers to what it asks."""

    def __init__(self) -> None:
        self.dialect = WholastDialect()

    def replies(self, line: str, *events: Event) -> list[str]:
        """The replies on the first connection to a line whose requests have these answers."""
        (*_, last) = self.dialect.receive(line.encode())
        assert isinstance(last, ReplyLocally)
        told = b"".join(map(self.dialect.answer, [*events, LocalReply(AT, last.payload)]))
        return [frame for frame in told.decode().splitlines() if not frame.startswith(ASIDE)]

    def log_in(self) -> Scene:
        assert self.replies("will", IN) == ["successful"]
        assert self.replies("x") == ["successful"]
        return self


def test_it_tells_its_time_first() -> None:
    assert WholastDialect().greet() == [Greet(echo=False)]
    assert WholastDialect().encode(NamePrompt(AT)) == b"1800.0\n"
    assert WholastDialect(Limits(idle_timeout=60)).encode(NamePrompt(AT)) == b"60.0\n"


def test_a_guest_is_in_by_name_and_any_password_will_do() -> None:
    dialect = WholastDialect()
    name, end = dialect.receive(b"will")
    assert name == Login("will")
    assert dialect.answer(IN).startswith(ASIDE.encode() + b"Hello will, ")
    assert isinstance(end, ReplyLocally) and dialect.answer(LocalReply(AT, end.payload)) == b"successful\n"
    pair, end = dialect.receive(b"sesame")
    assert pair == Pair() and isinstance(end, ReplyLocally)
    told = dialect.answer(LocalReply(AT, end.payload)).decode().splitlines()
    assert told[0] == "successful" and told[1].startswith(f"{ASIDE}Your name is not registered")


def test_a_registered_name_has_its_password_and_tries() -> None:
    scene = Scene()
    assert scene.replies("will", Failed(AT, None, "password-needed", "Registered.")) == ["successful"]
    assert scene.dialect.receive(b"one")[:2] == [Login("will", "one"), Pair()]
    wrong = Failed(AT, None, "wrong-password", "Wrong password.")
    assert [scene.replies(word, wrong) for word in ("one", "two", "three")] == [["invalid password"]] * 3
    assert scene.replies("four", IN) == ["successful"]


def test_a_name_that_is_taken_is_asked_for_again() -> None:
    scene = Scene()
    taken = Failed(AT, None, "name-taken", "The name will is taken.")
    assert scene.replies("will", taken) == ["The name will is taken."]
    assert scene.dialect.receive(b"bill")[0] == Login("bill")


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("whoelse", Who(others=True)),
        ("wholast 5", WhoLast(5)),
        ("send bob hi there", SendMessage("hi there", "bob")),
        ("send user bob hi", SendMessage("hi", "bob")),
        ("broadcast message lunch is ready", Announce("lunch is ready")),
        ("broadcast user bob carol message hi both", Announce("hi both", ("bob", "carol"))),
        ("Broadcast Message hi", Announce("hi")),
        ("inbox", GetInbox()),
        ("logout", Quit()),
        ("msg #main hi", SendMessage("hi", "#main")),
        ("/msg #main hi", SendMessage("hi", "#main")),
        ("join #tea", Join(("#tea",), current=True)),
    ],
)
def test_its_commands_need_no_sign(line: str, request_: Request) -> None:
    assert Scene().log_in().dialect.receive(line.encode())[0] == request_


def test_what_is_no_command_is_not_said_to_anybody() -> None:
    (refused, _) = Scene().log_in().dialect.receive(b"hello all")
    assert isinstance(refused, Malformed) and "msg #main TEXT" in refused.reason


def test_every_command_has_one_reply_whatever_answers_it() -> None:
    scene = Scene().log_in()
    assert scene.replies("whoelse", PeopleListed(AT, None, (BOB, GONE))) == [
        "bob, away: lunch, idle 2 min, since 10:13, in #main; bob, offline, last seen 10:13"
    ]
    assert scene.replies(
        "send bob hi", MessageAccepted(AT, None, "bob", 1, "hi", direct=True, kept=True)
    ) == ["Sent to bob. bob is offline and will find it in their inbox."]
    accepted = AnnouncementAccepted(AT, None, 2, ("carol",))
    assert scene.replies("broadcast message x", accepted) == [
        "Your broadcast reached 2 users. Not reached: carol."
    ]
    assert scene.replies("inbox", InboxListed(AT, None, (HI, WAVES))) == ["2 messages."]
    assert scene.replies("block bob") == ["Done."]
    entered = Entered(AT, None, "will", "#tea", "", "", 0, ("will",), 0, 0, current=True)
    assert scene.replies("join #tea", entered, HistoryListed(AT, None, "#tea", (), 0, recent=True)) == [
        "You are in #tea, alone. What you type now goes there."
    ]
    assert scene.replies("x", Failed(AT, None, "unknown-command", "successful")) == ["'successful'"]
    (long,) = scene.replies("x", Failed(AT, None, "x", "word " * 400))
    assert len(long.encode()) <= 999 and long.endswith(" …")
    assert scene.dialect.answer(LoggedOut(AT, None, closing=True)) == b"Goodbye.\n"


def test_all_the_rest_goes_to_the_second_connection() -> None:
    dialect = Scene().log_in().dialect
    for event in (
        HI,
        replace(HI, text="a\nb" * 600),
        Joined(AT, "bob", "#main"),
        HungUp(AT, "idle", "Too quiet."),
    ):
        told = dialect.answer(event).decode().splitlines()
        assert told and all(frame.startswith(ASIDE) for frame in told)
        assert dialect.encode(event) == dialect.answer(event)
    assert dialect.encode(HI) == f"{ASIDE}alice: hi all\n".encode()


def test_last_words_before_the_login_are_a_reply() -> None:
    assert WholastDialect().answer(HungUp(AT, "login-deadline", "Too late.")) == b"Too late.\n"
