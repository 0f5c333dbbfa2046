"""draft/read-marker: how far one has read, the same on all of one's devices."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, commands, expect, make_account, named, one, some
from tests.irc.ircv3.helpers import only

CAP = "draft/read-marker"


@pytest.fixture
def alice(irc):
    return irc("alice", [CAP])


def test_without_a_marker_there_is_an_asterisk(alice):
    one(alice.ask("MARKREAD #nosuchtarget"), "MARKREAD", "#nosuchtarget", "*")


def test_what_was_set_can_be_got(alice):
    alice.join("#test")
    then = "timestamp=2019-01-04T14:33:26.123Z"
    one(alice.ask(f"MARKREAD #test {then}"), "MARKREAD", "#test", then)
    one(alice.ask("MARKREAD #test"), "MARKREAD", "#test", then)


def test_it_is_the_server_who_says_it(alice):
    alice.join("#test")
    (answer,) = alice.ask("MARKREAD #test")
    assert answer.source
    assert "!" not in answer.source


def test_it_only_moves_forward(alice):
    alice.join("#test")
    newer, older = "timestamp=2019-06-01T12:00:00.000Z", "timestamp=2019-01-01T00:00:00.000Z"
    alice.ask(f"MARKREAD #test {newer}")
    one(alice.ask(f"MARKREAD #test {older}"), "MARKREAD", "#test", newer)
    one(alice.ask("MARKREAD #test"), "MARKREAD", "#test", newer)


def test_on_joining_it_comes_before_the_end_of_names(alice):
    heard = alice.ask("JOIN #test")
    one(heard, "MARKREAD", "#test", "*")
    order = commands(heard)
    assert order.index("JOIN") < order.index("MARKREAD") < order.index("366")


def test_on_joining_again_it_is_where_it_was(alice):
    alice.join("#test")
    then = "timestamp=2020-03-15T10:00:00.000Z"
    alice.ask(f"MARKREAD #test {then}")
    alice.ask("PART #test")
    one(alice.ask("JOIN #test"), "MARKREAD", "#test", then)


def test_it_works_for_people_too(irc, alice):
    irc("bob")
    then = "timestamp=2023-07-04T00:00:00.000Z"
    one(alice.ask(f"MARKREAD bob {then}"), "MARKREAD", "bob", then)
    one(alice.ask("MARKREAD bob"), "MARKREAD", "bob", then)


def test_too_few_parameters_are_refused(alice):
    only(named(alice.ask("MARKREAD"), "FAIL"), "FAIL", "MARKREAD", "NEED_MORE_PARAMS", ANY)


@pytest.mark.parametrize(
    "then", ["timestamp=not-a-timestamp", "*", "2019-01-04T14:33:26.123Z", "msgid=1", "timestamp="]
)
def test_a_time_that_is_none_is_refused(alice, then):
    alice.join("#test")
    (answer,) = named(alice.ask(f"MARKREAD #test {then}"), "FAIL")
    assert answer.params[:2] == ["MARKREAD", "INVALID_PARAMS"]
    one(alice.ask("MARKREAD #test"), "MARKREAD", "#test", "*")


def test_it_survives_the_connection(server, irc):
    account = make_account(server, "alice")
    alice = irc("alice", [CAP], account)
    alice.join("#test")
    then = "timestamp=2021-05-20T08:30:00.000Z"
    alice.ask(f"MARKREAD #test {then}")
    alice.quit()
    alice = irc()
    heard = alice.register("alice", [CAP], account)
    if not named(heard, "JOIN"):
        heard = alice.ask("JOIN #test")
    some(heard, "MARKREAD", "#test", then)


def test_the_other_connections_of_the_same_person_hear_of_it(server, irc):
    account = make_account(server, "alice")
    first = irc("alice", [CAP], account)
    first.join("#test")
    second = irc("alice", [CAP], account)
    second.collect()
    then = "timestamp=2022-11-11T11:11:11.111Z"
    first.ask(f"MARKREAD #test {then}")
    one(second.collect(), "MARKREAD", "#test", then)


def test_other_people_hear_nothing_of_it(irc, alice):
    bob = irc("bob", [CAP])
    alice.join("#test")
    bob.join("#test")
    alice.collect()
    alice.ask("MARKREAD #test timestamp=2022-11-11T11:11:11.111Z")
    bob.silent()
    one(bob.ask("MARKREAD #test"), "MARKREAD", "#test", "*")


def test_without_the_capability_joining_says_nothing_of_it(irc):
    assert not named(irc("bob").ask("JOIN #test"), "MARKREAD")


def test_case_does_not_matter(alice):
    alice.join("#test")
    then = "timestamp=2019-01-04T14:33:26.123Z"
    alice.ask(f"MARKREAD #test {then}")
    (answer,) = alice.ask("MARKREAD #TEST")
    assert answer.params[1] == then


def test_the_answer_bears_the_label(irc):
    alice = irc("alice", [CAP, "batch", "labeled-response"])
    (answer,) = alice.ask("@label=1 MARKREAD #test")
    expect(answer, "MARKREAD", "#test", "*", tags={"label": "1"})
