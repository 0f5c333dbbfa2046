"""Who is there: lists that fit their lines, whoever is in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc import caps
from evchat.protocol import events as e
from evchat.protocol import requests as r
from tests.dialects.irc.wire import HOST, dialect, known, lines

people = st.lists(known(e.Person), max_size=30).map(tuple)
members = st.lists(known(e.Member), max_size=80).map(tuple)


def told(event: e.Event, request: r.Request, mask: int = 0) -> list[tuple[str, list[str], str]]:
    """Command, parameters behind one's own name, and last text of each line."""
    client = dialect(mask)
    client.asked = request
    return [(x["command"], x["params"].split()[1:], x["last"] or "") for x in lines(client.answer(event))]


@given(members)
def test_everybody_in_a_channel_is_named_once_with_the_highest_sign(inside: tuple[e.Member, ...]) -> None:
    names = tuple(member.name for member in inside)
    *rows, end = told(e.NamesListed(0, None, "#tea", names, inside), r.Names("#tea"))
    assert end[:2] == ("366", ["#tea"])
    assert all(row[:2] == ("353", ["=", "#tea"]) for row in rows)
    signs = {"": "", "o": "@", "ov": "@", "v": "+"}
    assert [x for row in rows for x in row[2].split()] == [signs[m.roles] + m.name for m in inside]


def test_all_signs_and_hosts_are_for_those_who_want_them() -> None:
    inside = (e.Member("bob", "ov", e.Identity("~bob", HOST)),)
    row, _ = told(e.NamesListed(0, None, "#tea", ("bob",), inside, True), r.Names("#tea"), caps.MULTI_PREFIX)
    assert row == ("353", ["@", "#tea"], "@+bob")
    row, _ = told(e.NamesListed(0, None, "#tea", ("bob",), inside), r.Names("#tea"), caps.USERHOST_IN_NAMES)
    assert row[2] == f"@bob!~bob@{HOST}"


@given(st.lists(st.tuples(known(e.Person), st.none() | known(e.Seat)), max_size=10).map(tuple))
def test_who_has_a_line_for_each(found: tuple[tuple[e.Person, e.Seat | None], ...]) -> None:
    *rows, end = told(e.PeopleFound(0, None, "#tea", found), r.Find("#tea", id=""))
    assert end[:2] == ("315", ["#tea"]) and len(rows) == len(found)
    for (command, words, _), (person, seat) in zip(rows, found, strict=True):
        assert command == "352" and len(words) == 6
        assert words[0] == (seat.channel if seat else "*") and words[4] == person.name
        assert words[5][0] == ("H" if person.away is None else "G")


@given(st.lists(st.tuples(known(e.Person), st.none() | known(e.Seat)), max_size=10).map(tuple))
def test_whox_has_the_fields_asked_for_in_their_order(
    found: tuple[tuple[e.Person, e.Seat | None], ...],
) -> None:
    *rows, _ = told(e.PeopleFound(0, None, "#tea", found), r.Find("#tea", id="%ntcuhsfdla,42"))
    for (command, words, _), (person, seat) in zip(rows, found, strict=True):
        assert command == "354" and len(words) == 10
        assert words[:2] == ["42", seat.channel if seat else "*"] and words[5] == person.name
        assert words[9] == (person.who.account or "0")


@given(known(e.Person))
def test_whois_ends_whatever_is_known(person: e.Person) -> None:
    rows = told(e.WhoIsTold(0, None, person), r.WhoIs(person.name))
    assert rows[0][0] == ("311" if person.online else "401") and rows[-1][0] == "318"
    channels = [word.lstrip("@+") for row in rows if row[0] == "319" for word in row[2].split()]
    assert channels == ([seat.channel for seat in person.seats] if person.online else [])


@given(people, st.lists(st.text("abcxyz", min_size=1, max_size=32), max_size=100).map(tuple))
def test_of_those_watched_everybody_is_told_once(
    online: tuple[e.Person, ...], offline: tuple[str, ...]
) -> None:
    rows = told(e.WatchTold(0, None, online, offline), r.Watched(id="L"))
    assert rows[-1][0] == "733"
    assert [name for row in rows[:-1] for name in row[2].split(",")] == [*(x.name for x in online), *offline]
    rows = told(e.WatchTold(0, None, online, offline), r.Watch(("x",)))
    there = [name.partition("!")[0] for row in rows if row[0] == "730" for name in row[2].split(",")]
    gone = [name for row in rows if row[0] == "731" for name in row[2].split(",")]
    assert there == [person.name for person in online] and gone == list(offline)


def test_ison_and_userhost_are_one_line() -> None:
    bob = e.Person("bob", True, False, who=e.Identity("~bob", HOST))
    root = e.Person("root", True, True, away="lunch", operator=True, who=e.Identity("~r", HOST))
    ((command, _, last),) = told(e.PeopleTold(0, None, (bob, root)), r.Look(("bob", "root"), id="ISON"))
    assert (command, last) == ("303", "bob root")
    ((command, _, last),) = told(e.PeopleTold(0, None, (bob, root)), r.Look(("bob", "root"), id="USERHOST"))
    assert (command, last) == ("302", f"bob=+~bob@{HOST} root*=-~r@{HOST}")
