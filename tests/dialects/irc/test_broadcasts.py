"""What everybody hears, by example."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc import broadcasts, caps
from evchat.dialects.irc.line import written
from evchat.protocol.authentication import AccountChanged
from evchat.protocol.base import Event, Identity
from evchat.protocol.channels import Joined, Left, TopicChanged
from evchat.protocol.editing import Edited
from evchat.protocol.membership import Invited, InviteTold, Kicked
from evchat.protocol.messages import Message
from evchat.protocol.modes import Change, ModesChanged, parse
from evchat.protocol.operators import Walloped
from evchat.protocol.people import PresenceChanged
from evchat.protocol.user_settings import RealnameChanged
from tests.dialects.irc.wire import HOST, MASKS, dialect, lines

AT = 1_795_256_109_123
WHO = Identity("~al", HOST, "Alice A.", "alice", True)
BY = f":alice!~al@{HOST}"
TIME = "time=2026-11-21T10:15:09.123Z"


def heard(event: Event, mask: int = 0) -> list[str]:
    return [line[0] for line in lines(dialect(mask).encode(event))]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Message(AT, "#tea", 7, "alice", "#tea", "hi"), "PRIVMSG #tea :hi"),
        (Message(AT, "#tea", 7, "alice", "#tea", "hi", notice=True), "NOTICE #tea :hi"),
        (Message(AT, "#tea", 0, "alice", "#tea", "hi", role="o"), "PRIVMSG @#tea :hi"),
        (Message(AT, "#tea", 7, "alice", "#tea", "waves", True), "PRIVMSG #tea :\x01ACTION waves\x01"),
        (Message(AT, "*", 7, "alice", "*", "lunch!", announced=True), "PRIVMSG $* :(broadcast) lunch!"),
        (Joined(AT, "alice", "#tea"), "JOIN #tea"),
        (Left(AT, "alice", "#tea", ""), "PART #tea"),
        (Left(AT, "alice", "#tea", "bye"), "PART #tea :bye"),
        (TopicChanged(AT, "#tea", "", "alice"), "TOPIC #tea :"),
        (Kicked(AT, "bob", "#tea", "alice"), "KICK #tea bob :alice"),
        (Invited(AT, "bob", "#tea", "alice"), "INVITE bob #tea"),
        (Walloped(AT, "alice", "Restart."), "WALLOPS :Restart."),
    ],
)
def test_news_are_lines_of_who_made_them(event: Event, line: str) -> None:
    object.__setattr__(event, "who", WHO)
    assert heard(event) == [f"{BY} {line}"]
    (told,) = heard(event, caps.SERVER_TIME | caps.ACCOUNT_TAG)
    assert told == f"@{TIME};account=alice {BY} {line}"


@pytest.mark.parametrize(
    ("event", "mask", "line"),
    [
        (Joined(AT, "alice", "#tea", who=WHO), caps.EXTENDED_JOIN, "JOIN #tea alice :Alice A."),
        (PresenceChanged(AT, "alice", "lunch", who=WHO), caps.AWAY_NOTIFY, "AWAY :lunch"),
        (PresenceChanged(AT, "alice", None, who=WHO), caps.AWAY_NOTIFY, "AWAY"),
        (RealnameChanged(AT, "alice", who=WHO), caps.SETNAME, "SETNAME :Alice A."),
        (AccountChanged(AT, "alice", who=WHO), caps.ACCOUNT_NOTIFY, "ACCOUNT alice"),
        (InviteTold(AT, "bob", "#tea", "alice", who=WHO), caps.INVITE_NOTIFY, "INVITE bob #tea"),
    ],
)
def test_some_is_told_only_to_those_who_have_asked_for_it(event: Event, mask: int, line: str) -> None:
    assert heard(event, mask) == [f"{BY} {line}"]
    if not isinstance(event, Joined):
        assert heard(event) == []


def test_own_messages_from_elsewhere_are_told_as_ones_own() -> None:
    said = Message(AT, "alice bob", 7, "alice", "bob", "hi", own=True, who=WHO)
    assert heard(said) == [f"{BY} PRIVMSG bob :hi"]


def test_a_message_has_the_same_id_wherever_it_is_told() -> None:
    said = Message(AT, "#tea", 7, "alice", "#tea", "hi", who=WHO)
    (told,) = heard(said, caps.MESSAGE_TAGS)
    assert f"msgid={broadcasts.message_id(said)}" in told
    other = Message(AT, "#coffee", 7, "alice", "#coffee", "hi")
    assert broadcasts.message_id(other) != broadcasts.message_id(said)


changes = st.builds(Change, st.booleans(), st.sampled_from("be"), st.sampled_from(MASKS))


@given(st.lists(changes, min_size=1, max_size=30))
def test_all_changes_of_modes_are_told_in_as_many_lines_as_they_need(made: list[Change]) -> None:
    told = lines(dialect().encode(ModesChanged(AT, "#" + "x" * 62, "y" * 32, tuple(made), who=WHO)))
    found = []
    for line in told:
        _, text = line["params"].lstrip().split(" ", 1)
        good, bad = parse(text)
        assert not bad
        found += good
    assert found == made


# ---- the short way


texts = st.one_of(
    st.text(st.sampled_from("ab c\0\x01\r\n\x02\x1b\x7f\x9bäß\u2028\u202e#:@"), max_size=20),
    st.text(max_size=20),
    st.integers(280, 520).map(lambda size: "ab c " * (size // 5)),
)
said = st.builds(
    Message,
    at=st.integers(0, 2**41),
    conversation=st.just("#tea"),
    seq=st.integers(0, 99),
    sender=st.one_of(st.just("alice"), st.text(max_size=32)),
    to=st.one_of(st.sampled_from(["#tea", "bob", "*"]), st.text(max_size=64)),
    text=texts,
    action=st.booleans(),
    announced=st.booleans(),
    notice=st.booleans(),
    role=st.sampled_from(["", "o", "v"]),
    moderated=st.booleans(),
    tags=st.lists(st.tuples(st.sampled_from(["+typing", "+x"]), texts), max_size=2).map(tuple),
    who=st.sampled_from([WHO, Identity("a\nb", "h")]),
)


@given(said, st.integers(0, 2**20 - 1))
def test_the_short_way_writes_what_the_long_one_does_or_nothing(event: Message, mask: int) -> None:
    short = broadcasts.plain(event, mask)
    assert short in (b"", written(broadcasts.message(event, mask)))


@given(said, st.integers(0, 2**20 - 1))
def test_short_messages_of_printable_ascii_go_the_short_way(event: Message, mask: int) -> None:
    usual = Message(
        event.at, "#tea", event.seq, "alice", "#tea", "How are you?", notice=event.notice, who=WHO
    )
    assert broadcasts.plain(usual, mask) == written(broadcasts.message(usual, mask)) != b""


def test_a_changed_message_is_said_anew_where_the_one_before_can_be_deleted() -> None:
    event = Edited(2_000, "#c", 3, 1_000, "#c", "bob", "two\nlines", 1)
    before = broadcasts.message_id(Message(1_000, "#c", 3, "bob", "#c", ""))
    plain = heard(event)
    assert [line.split(" ", 1)[1] for line in plain] == ["PRIVMSG #c :* two", "PRIVMSG #c :lines"]
    gone, *anew = heard(event, caps.REDACTION | caps.MESSAGE_TAGS)
    assert gone.endswith(f" REDACT #c {before}")
    assert [line.rsplit(" PRIVMSG ", 1)[1] for line in anew] == ["#c :two", "#c :lines"]
    assert f"+draft/reply={before}" in anew[0]
