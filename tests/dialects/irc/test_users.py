"""Who is there: lists that fit their lines, whoever is in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc import caps
from evchat.dialects.irc.line import Line
from evchat.protocol.base import Event, Identity, Request
from evchat.protocol.basics import RequestContext
from evchat.protocol.channels import ListNames, Member, NamesListed
from evchat.protocol.monitor import ListMonitored, Monitor, MonitorTold
from evchat.protocol.people import (
    ChannelMembership,
    FindUsers,
    LookUpUsers,
    PeopleFound,
    PeopleTold,
    Person,
    WhoIs,
    WhoIsTold,
)
from tests.dialects.irc.wire import HOST, dialect, known, lines

people = st.lists(known(Person), max_size=30).map(tuple)
members = st.lists(known(Member), max_size=80).map(tuple)


def told(event: Event, request: Request, mask: int = 0) -> list[tuple[str, list[str], str]]:
    """Command, parameters behind one's own name, and last text of each line."""
    client = dialect(mask)
    client.answer(RequestContext(0, request))
    return [(x["command"], x["params"].split()[1:], x["last"] or "") for x in lines(client.answer(event))]


@given(members)
def test_everybody_in_a_channel_is_named_once_with_the_highest_sign(inside: tuple[Member, ...]) -> None:
    names = tuple(member.name for member in inside)
    *rows, end = told(NamesListed(0, None, "#tea", names, inside), ListNames("#tea"))
    assert end[:2] == ("366", ["#tea"])
    assert all(row[:2] == ("353", ["=", "#tea"]) for row in rows)
    signs = {"": "", "o": "@", "ov": "@", "v": "+"}
    assert [x for row in rows for x in row[2].split()] == [signs[m.roles] + m.name for m in inside]


def test_all_signs_and_hosts_are_for_those_who_want_them() -> None:
    inside = (Member("bob", "ov", Identity("~bob", HOST)),)
    row, _ = told(NamesListed(0, None, "#tea", ("bob",), inside, True), ListNames("#tea"), caps.MULTI_PREFIX)
    assert row == ("353", ["@", "#tea"], "@+bob")
    row, _ = told(NamesListed(0, None, "#tea", ("bob",), inside), ListNames("#tea"), caps.USERHOST_IN_NAMES)
    assert row[2] == f"@bob!~bob@{HOST}"


@given(st.lists(st.tuples(known(Person), st.none() | known(ChannelMembership)), max_size=10).map(tuple))
def test_who_has_a_line_for_each(found: tuple[tuple[Person, ChannelMembership | None], ...]) -> None:
    *rows, end = told(PeopleFound(0, None, "#tea", found), FindUsers("#tea"))
    assert end[:2] == ("315", ["#tea"]) and len(rows) == len(found)
    for (command, words, _), (person, seat) in zip(rows, found, strict=True):
        assert command == "352" and len(words) == 6
        assert words[0] == (seat.channel if seat else "*") and words[4] == person.name
        assert words[5][0] == ("H" if person.away is None else "G")


@given(st.lists(st.tuples(known(Person), st.none() | known(ChannelMembership)), max_size=10).map(tuple))
def test_whox_has_the_fields_asked_for_in_their_order(
    found: tuple[tuple[Person, ChannelMembership | None], ...],
) -> None:
    *rows, _ = told(
        PeopleFound(0, None, "#tea", found),
        FindUsers("#tea", context=Line("WHO", ("#tea", "%ntcuhsfdla,42"))),
    )
    for (command, words, _), (person, seat) in zip(rows, found, strict=True):
        assert command == "354" and len(words) == 10
        assert words[:2] == ["42", seat.channel if seat else "*"] and words[5] == person.name
        assert words[9] == (person.who.account or "0")


@given(known(Person))
def test_whois_ends_whatever_is_known(person: Person) -> None:
    rows = told(WhoIsTold(0, None, person), WhoIs(person.name))
    assert rows[0][0] == ("311" if person.online else "401") and rows[-1][0] == "318"
    channels = [word.lstrip("@+") for row in rows if row[0] == "319" for word in row[2].split()]
    assert channels == ([seat.channel for seat in person.seats] if person.online else [])


@given(people, st.lists(st.text("abcxyz", min_size=1, max_size=32), max_size=100).map(tuple))
def test_of_those_watched_everybody_is_told_once(
    online: tuple[Person, ...], offline: tuple[str, ...]
) -> None:
    rows = told(MonitorTold(0, None, online, offline), ListMonitored(context=Line("MONITOR", ("L",))))
    assert rows[-1][0] == "733"
    assert [name for row in rows[:-1] for name in row[2].split(",")] == [*(x.name for x in online), *offline]
    rows = told(MonitorTold(0, None, online, offline), Monitor(("x",)))
    there = [name.partition("!")[0] for row in rows if row[0] == "730" for name in row[2].split(",")]
    gone = [name for row in rows if row[0] == "731" for name in row[2].split(",")]
    assert there == [person.name for person in online] and gone == list(offline)


def test_ison_and_userhost_are_one_line() -> None:
    bob = Person("bob", True, False, who=Identity("~bob", HOST))
    root = Person("root", True, True, away="lunch", operator=True, who=Identity("~r", HOST))
    both = PeopleTold(0, None, (bob, root))
    ((command, _, last),) = told(both, LookUpUsers(("bob", "root"), context=Line("ISON", ("bob", "root"))))
    assert (command, last) == ("303", "bob root")
    ((command, _, last),) = told(
        both, LookUpUsers(("bob", "root"), context=Line("USERHOST", ("bob", "root")))
    )
    assert (command, last) == ("302", f"bob=+~bob@{HOST} root*=-~r@{HOST}")
