"""LIST."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, commands, expect, named, one


def listed(client, query: str = "LIST") -> set[str]:
    """The channels in the answer to a LIST, which must be whole."""
    answers = client.ask(query)
    assert commands(answers)[-1] == "323"
    expect(answers[-1], "323", client.nick, ANY)
    assert set(commands(answers)) <= {"321", "322", "323"}
    for message in named(answers, "322"):
        expect(message, "322", client.nick, Re("#.*"), Re("[0-9]+"), ANY)
    return {message.params[1] for message in named(answers, "322")}


def searching(client, letter: str) -> None:
    """Skips the test unless ELIST has the letter."""
    if letter not in (client.isupport.get("ELIST") or ""):
        pytest.skip(f"no {letter} in ELIST")


def test_where_there_is_no_channel_none_is_listed(irc):
    irc("foo")
    assert listed(irc("bar")) == set()


def test_a_channel_is_listed_with_its_number_of_users_and_its_topic(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.join("#chan")
    assert listed(bar) == {"#chan"}
    foo.ask("TOPIC #chan :about this")
    (entry,) = named(bar.ask("LIST"), "322")
    expect(entry, "322", "bar", "#chan", "1", Re(r"(\[\+.*\] )?about this"))


def test_a_channel_is_gone_when_its_last_member_is(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.join("#chan")
    foo.ask("PART #chan")
    assert listed(bar) == set()


def test_a_channel_that_is_not_there_is_no_error(irc):
    assert listed(irc("bar"), "LIST #nonexistent") == set()


def test_channels_can_be_named(irc):
    foo, bar = irc("foo"), irc("bar")
    for channel in ("#one", "#two", "#three"):
        foo.join(channel)
    assert listed(bar, "LIST #one,#THREE") == {"#one", "#three"}


def test_channels_are_found_by_mask(irc):
    foo, bar = irc("foo"), irc("bar")
    searching(foo, "M")
    foo.join("#chan1")
    foo.join("#chan2")
    assert listed(bar, "LIST *an1") == {"#chan1"}
    assert listed(bar, "LIST *an2") == {"#chan2"}
    assert listed(bar, "LIST #c*n2") == {"#chan2"}
    assert listed(bar, "LIST *an3") == set()
    assert listed(bar, "LIST #ch*") == {"#chan1", "#chan2"}


def test_channels_are_found_by_not_fitting_a_mask(irc):
    foo, bar = irc("foo"), irc("bar")
    searching(foo, "N")
    foo.join("#chan1")
    foo.join("#chan2")
    assert listed(bar, "LIST !*an1") == {"#chan2"}
    assert listed(bar, "LIST !*an2") == {"#chan1"}
    assert listed(bar, "LIST !#c*n2") == {"#chan1"}
    assert listed(bar, "LIST !*an3") == {"#chan1", "#chan2"}
    assert listed(bar, "LIST !#ch*") == set()


def test_channels_are_found_by_the_number_of_their_users(irc):
    foo, bar, baz = irc("foo"), irc("bar"), irc("baz")
    searching(foo, "U")
    foo.join("#chan1")
    foo.join("#chan2")
    bar.join("#chan2")
    assert listed(baz, "LIST >0") == {"#chan1", "#chan2"}
    assert listed(baz, "LIST <1") == set()
    assert listed(baz, "LIST <100") == {"#chan1", "#chan2"}
    assert listed(baz, "LIST >1") == {"#chan2"}
    assert listed(baz, "LIST <2") == {"#chan1"}


def test_channels_are_found_by_their_age(irc):
    """`C<10`: created less than ten minutes ago."""
    foo = irc("foo")
    searching(foo, "C")
    foo.join("#chan1")
    assert listed(foo, "LIST C<10") == {"#chan1"}
    assert listed(foo, "LIST C>10") == set()
    assert listed(foo, "LIST C<0") == set()


def test_channels_are_found_by_the_age_of_their_topics(irc):
    """`T<10`: set less than ten minutes ago."""
    foo = irc("foo")
    searching(foo, "T")
    foo.join("#chan1")
    foo.ask("TOPIC #chan1 :First channel")
    assert listed(foo, "LIST T<10") == {"#chan1"}
    assert listed(foo, "LIST T>10") == set()
    assert listed(foo, "LIST T<0") == set()


def test_the_head_of_the_list(irc):
    foo = irc("foo")
    for message in named(foo.ask("LIST"), "321"):
        one([message], "321", "foo", ANY, ANY)


def test_a_list_that_was_cut_says_so_and_a_name_is_found_in_all(serve):
    server = serve("[limits]\nlist_max = 2\n")
    foo = server.client("foo")
    foo.ask("JOIN #a,#b,#c,#d")
    told = foo.ask("LIST")
    assert len(named(told, "322")) == 2
    assert "channels left out: 2." in named(told, "NOTICE")[0].params[-1]
    assert [message.params[1] for message in named(foo.ask("LIST #d,#nowhere"), "322")] == ["#d"]
    server.client("bar")
    server.client("baz")
    told = foo.ask("WHO *")
    assert len(named(told, "352")) == 2
    assert "users left out: 1." in named(told, "NOTICE")[0].params[-1]


def test_more_masks_than_are_searched_for_are_told(irc):
    foo = irc("foo")
    foo.ask("JOIN #x")
    told = foo.ask("LIST a*,b*,c*,#x*,#y*,#z*")
    assert [message.params[1] for message in named(told, "322")] == ["#x"]
    one(named(told, "407"), "407", "foo", "#y*", ANY)
