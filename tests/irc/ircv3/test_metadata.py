"""draft/metadata-2: values of users and channels, shown to those around."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, REST, Re, expect, make_account, named, one
from tests.irc.ircv3.helpers import unwrap

CAPS = ("draft/metadata-2", "batch")


@pytest.fixture
def foo(irc):
    return irc("foo", CAPS)


@pytest.fixture
def pair(irc, foo):
    """foo, who keeps order in #chan, and bar, both in it."""
    bar = irc("bar", CAPS)
    for client in (foo, bar):
        client.join("#chan")
    foo.collect()
    return foo, bar


def set_(client, target, key, value):
    (answer,) = client.ask(f"METADATA {target} SET {key} :{value}")
    return expect(answer, "761", client.nick, client.nick if target == "*" else target, key, ANY, value)


def get(client, target, *keys):
    return unwrap(client.ask(f"METADATA {target} GET {' '.join(keys)}"), "metadata", ANY)


def sub(client, *keys):
    (answer,) = client.ask(f"METADATA * SUB {' '.join(keys)}")
    expect(answer, "770", client.nick, *keys)


def test_keys_without_a_value_are_told_in_their_order(foo):
    first, second = get(foo, "*", "display-name", "avatar")
    expect(first, "766", "foo", "foo", "display-name", ANY)
    expect(second, "766", "foo", "foo", "avatar", ANY)


def test_an_illegal_key_is_told_in_its_place(foo):
    first, second = get(foo, "*", "$url$", "avatar")
    expect(first, "FAIL", "METADATA", "KEY_INVALID", "$url$", ANY)
    expect(second, "766")


def test_a_list_of_nothing_is_an_empty_batch(foo):
    assert unwrap(foo.ask("METADATA * LIST"), "metadata", ANY) == []


@pytest.mark.parametrize("word", ["LIST", "GET x", "SYNC", "SET x :y", "CLEAR"])
def test_nobody_is_no_target(foo, word):
    (answer,) = foo.ask(f"METADATA foobar {word}")
    expect(answer, "FAIL", "METADATA", "INVALID_TARGET", "foobar", ANY)


@pytest.mark.parametrize("target", ["*", "foo"])
def test_ones_own_values_are_set_changed_and_removed(foo, target):
    for value in ("Foo The First", "Foo The Second", "->💜<-"):
        set_(foo, target, "display-name", value)
        (told,) = get(foo, target, "display-name")
        expect(told, "761", "foo", "foo", "display-name", ANY, value)
    (answer,) = foo.ask(f"METADATA {target} SET display-name")
    expect(answer, "766", "foo", "foo", "display-name", ANY)
    (told,) = get(foo, target, "display-name")
    expect(told, "766")
    (answer,) = foo.ask(f"METADATA {target} SET display-name")
    expect(answer, "FAIL", "METADATA", "KEY_NOT_SET", "foo", "display-name", ANY)


def test_keys_are_the_same_in_any_case(foo):
    set_(foo, "*", "url", "x")
    (told,) = get(foo, "*", "URL")
    expect(told, "761", "foo", "foo", "url", ANY, "x")


def test_all_is_listed_and_cleared(foo):
    set_(foo, "*", "url", "x")
    set_(foo, "*", "avatar", "y")
    assert [m.params[2] for m in unwrap(foo.ask("METADATA * LIST"), "metadata", ANY)] == ["url", "avatar"]
    gone = unwrap(foo.ask("METADATA * CLEAR"), "metadata", ANY)
    assert [(m.command, m.params[2]) for m in gone] == [("766", "url"), ("766", "avatar")]
    assert unwrap(foo.ask("METADATA * LIST"), "metadata", ANY) == []


def test_others_read_but_do_not_write(pair):
    foo, bar = pair
    set_(foo, "*", "display-name", "Foo The First")
    bar.silent()
    (told,) = get(bar, "foo", "display-name")
    expect(told, "761", "bar", "foo", "display-name", ANY, "Foo The First")
    (answer,) = foo.ask("METADATA bar SET display-name :Totally Not Foo")
    expect(answer, "FAIL", "METADATA", "KEY_NO_PERMISSION", "bar", "display-name", ANY)
    bar.silent()


def test_strangers_do_not_read(irc, pair):
    set_(pair[0], "*", "display-name", "Foo")
    (answer,) = irc("stranger", CAPS).ask("METADATA foo GET display-name")
    expect(answer, "FAIL", "METADATA", "INVALID_TARGET", "foo", ANY)


def test_who_subscribes_hears_of_changes(pair):
    foo, bar = pair
    sub(bar, "avatar", "display-name")
    for value in ("Foo The First", "Foo The Second"):
        set_(foo, "*", "display-name", value)
        bar.expect("METADATA", "foo", "display-name", ANY, value)
    foo.ask("METADATA * SET display-name")
    bar.expect("METADATA", "foo", "display-name", ANY)
    set_(foo, "*", "url", "x")
    bar.silent()
    (answer,) = bar.ask("METADATA * UNSUB display-name")
    expect(answer, "771", "bar", "display-name")
    set_(foo, "*", "display-name", "Foo The Third")
    bar.silent()
    (answer,) = bar.ask("METADATA * SUBS")
    expect(answer, "772", "bar", "avatar")


def test_what_was_set_before_the_join_is_told_with_it(irc, foo):
    bar = irc("bar", CAPS)
    sub(bar, "display-name", "avatar")
    set_(foo, "*", "display-name", "Foo The First")
    bar.silent()
    foo.join("#chan")
    set_(foo, "#chan", "avatar", "picture")
    told = named(bar.join("#chan"), "METADATA")
    assert [m.params[:2] for m in told] == [["#chan", "avatar"], ["foo", "display-name"]]
    expect(told[1], "METADATA", "foo", "display-name", ANY, "Foo The First")
    synced = unwrap(bar.ask("METADATA #chan SYNC"), "metadata", ANY)
    assert [m.params for m in synced] == [m.params for m in told]


def test_a_channels_values_are_its_operators_to_set(pair):
    foo, bar = pair
    set_(foo, "#chan", "display-name", "Hash Channel")
    bar.silent()
    (told,) = get(bar, "#chan", "display-name")
    expect(told, "761", "bar", "#chan", "display-name", ANY, "Hash Channel")
    (answer,) = bar.ask("METADATA #chan SET display-name :Sharp Channel")
    expect(answer, "FAIL", "METADATA", "KEY_NO_PERMISSION", "#chan", "display-name", ANY)
    foo.silent()
    sub(bar, "display-name")
    set_(foo, "#chan", "display-name", "Harsh Channel")
    bar.expect("METADATA", "#chan", "display-name", ANY, "Harsh Channel")
    (answer,) = foo.ask("METADATA #chan SET display-name")
    expect(answer, "766", "foo", "#chan", "display-name", ANY)
    bar.expect("METADATA", "#chan", "display-name", ANY)


@pytest.mark.parametrize("value", [b"invalid UTF-8: \xc3", b"abcd" * 110, "💜".encode() * 110])
def test_what_is_no_value_is_refused_and_told_nobody(pair, value):
    foo, bar = pair
    sub(bar, "display-name")
    foo.raw(b"METADATA * SET display-name :" + value + b"\r\n")
    (answer,) = foo.collect()
    expect(answer, "FAIL", "METADATA", Re("VALUE_INVALID|INVALID_UTF8"), ANY)
    bar.silent()


def test_the_announced_limits_hold(serve):
    irc = serve(
        "[limits]\nmax_metadata_keys = 2\nmax_metadata_subscriptions = 2\nmax_metadata_bytes = 5\n"
    ).client
    assert irc().cap_ls()["draft/metadata-2"] == "max-subs=2,max-keys=2,max-value-bytes=5"
    foo = irc("foo", CAPS)
    set_(foo, "*", "one", "12345")
    (answer,) = foo.ask("METADATA * SET two :123456")
    expect(answer, "FAIL", "METADATA", "VALUE_INVALID", ANY)
    set_(foo, "*", "two", "2")
    (answer,) = foo.ask("METADATA * SET three :3")
    expect(answer, "FAIL", "METADATA", "LIMIT_REACHED", "foo", ANY)
    answers = foo.ask("METADATA * SUB one $ two three four")
    one(answers, "770", "foo", "one", "two")
    fails = [m.params[1:3] for m in named(answers, "FAIL")]
    assert fails == [["KEY_INVALID", "$"], ["TOO_MANY_SUBS", "three"]]


def test_the_values_of_an_account_come_back_with_it(server, irc):
    account = make_account(server, "foo")
    foo = irc("foo", CAPS, account)
    set_(foo, "*", "display-name", "Foo")
    foo.quit()
    again = irc()
    welcome = again.register("foo", CAPS, account)
    one(welcome, "METADATA", "foo", "display-name", "*", "Foo")
    (told,) = get(again, "*", "display-name")
    expect(told, "761", "foo", "foo", "display-name", ANY, "Foo")


def test_what_is_no_subcommand_is_refused(foo):
    (answer,) = foo.ask("METADATA * DESTROY")
    expect(answer, "FAIL", "METADATA", "SUBCOMMAND_INVALID", "DESTROY", ANY)
    (answer,) = foo.ask("METADATA * GET")
    expect(answer, "461", "foo", "METADATA", REST)
