"""draft/chathistory: reading what was said before."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, expect, make_account, named, one
from tests.irc.ircv3.helpers import (
    BATCH_START,
    MODERN,
    SERVER_TIME,
    essence,
    gather,
    next_millisecond,
    say,
    unwrap,
)

CAPS = (*MODERN, "draft/chathistory")
SUBCOMMANDS = ("LATEST", "BEFORE", "AFTER", "BETWEEN", "AROUND")
LONG_AGO, FAR_AHEAD = "timestamp=2020-01-01T00:00:00.000Z", "timestamp=2262-01-01T00:00:00.000Z"


def ask(client, subcommand, target, *more):
    """What the history has, as far as it was said by people or is a topic."""
    answer = client.ask(f"CHATHISTORY {subcommand} {target} {' '.join(map(str, more))}")
    inner = unwrap(answer, "chathistory", target)
    return [essence(message) for message in named(inner, "PRIVMSG", "NOTICE", "TOPIC")]


def selectors(echoes):
    """For each kind of selector a function that makes one for the message with this index."""
    yield lambda index: f"msgid={echoes[index].tags['msgid']}"
    yield lambda index: f"timestamp={echoes[index].tags['time']}"


def check(subcommand, client, target, echoes):
    """The client finds these messages, and no others, in whatever way the subcommand allows."""
    said = [essence(echo) for echo in echoes]
    all_of_them = len(said) * 2
    if subcommand == "LATEST":
        assert ask(client, "LATEST", target, "*", all_of_them) == said
        assert ask(client, "LATEST", target, "*", 5) == said[-5:]
        assert ask(client, "LATEST", target, "*", 1) == said[-1:]
    for at in selectors(echoes):
        match subcommand:
            case "LATEST":
                assert ask(client, "LATEST", target, at(4), all_of_them) == said[5:]
                assert ask(client, "LATEST", target, at(4), 2) == said[-2:]
            case "BEFORE":
                assert ask(client, "BEFORE", target, at(6), all_of_them) == said[:6]
                assert ask(client, "BEFORE", target, at(6), 2) == said[4:6]
            case "AFTER":
                assert ask(client, "AFTER", target, at(3), all_of_them) == said[4:]
                assert ask(client, "AFTER", target, at(3), 3) == said[4:7]
            case "BETWEEN":
                assert ask(client, "BETWEEN", target, at(0), at(-1), all_of_them) == said[1:-1]
                assert ask(client, "BETWEEN", target, at(-1), at(0), all_of_them) == said[1:-1]
                assert ask(client, "BETWEEN", target, at(0), at(-1), 3) == said[1:4]
                assert ask(client, "BETWEEN", target, at(-1), at(0), 3) == said[-4:-1]
            case "AROUND":
                assert said[7] in ask(client, "AROUND", target, at(7), 3)
                assert len(ask(client, "AROUND", target, at(7), 3)) <= 3
    if subcommand == "AROUND":
        at = next(selectors(echoes))
        assert ask(client, "AROUND", target, at(7), 1) == [said[7]]
        assert ask(client, "AROUND", target, at(7), 3) == said[6:9]


def distinct(echoes):
    """No two have the same time or the same id: else the test would test nothing."""
    assert len({echo.tags["msgid"] for echo in echoes}) == len(echoes)
    assert len({echo.tags["time"] for echo in echoes}) == len(echoes)
    return echoes


@pytest.fixture
def two(server, irc):
    """Two with accounts of their own."""
    return tuple(irc(nick, CAPS, make_account(server, nick, f"sesame{nick}")) for nick in ("foo", "bar"))


def test_the_limit_and_the_selectors_are_advertised(irc):
    tokens = irc("bar").isupport
    assert int(tokens["CHATHISTORY"]) >= 100
    assert set(tokens["MSGREFTYPES"].split(",")) == {"msgid", "timestamp"}


# Channels


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_a_channels_history_can_be_read(irc, subcommand):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    echoes = distinct([say(bar, "#chan", f"this is message {number}") for number in range(10)])
    check(subcommand, bar, "#chan", echoes)


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_topics_are_in_the_history_of_those_who_want_events(irc, subcommand):
    bar = irc("bar", [*CAPS, "draft/event-playback"])
    bar.join("#chan")
    echoes = []
    for number in range(10):
        next_millisecond()
        (topic,) = bar.ask(f"TOPIC #chan :this is topic {number}")
        echoes.append(expect(topic, "TOPIC", "#chan", f"this is topic {number}", nick="bar"))
        echoes.append(say(bar, "#chan", f"this is message {number}"))
    check(subcommand, bar, "#chan", distinct(echoes))


def test_without_event_playback_there_are_only_messages(irc):
    bar, other = irc("bar", CAPS), irc("other")
    gather("#chan", bar, other)
    echoes = []
    for number in range(10):
        bar.ask(f"TOPIC #chan :this is topic {number}")
        echoes.append(say(bar, "#chan", f"this is message {number}"))
    bar.ask("MODE #chan +m")
    other.ask("NICK another", "PART #chan", "JOIN #chan")
    bar.collect()
    inner = unwrap(bar.ask("CHATHISTORY LATEST #chan * 100"), "chathistory", "#chan")
    assert [essence(message) for message in inner] == [essence(echo) for echo in echoes]


def test_with_event_playback_comings_and_goings_are_in_it(irc):
    bar, other = irc("bar", [*CAPS, "draft/event-playback"]), irc("other")
    gather("#chan", bar, other)
    other.ask("PART #chan :bye")
    bar.collect()
    inner = unwrap(bar.ask("CHATHISTORY LATEST #chan * 100"), "chathistory", "#chan")
    one(inner, "PART", "#chan", "bye", nick="other", tags={"time": SERVER_TIME})
    assert ("JOIN", "other") in [(message.command, message.nick) for message in inner]


def test_notices_and_actions_are_in_it(irc):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    (notice,) = bar.ask("NOTICE #chan :psst")
    (action,) = bar.ask("PRIVMSG #chan :\x01ACTION waves\x01")
    assert ask(bar, "LATEST", "#chan", "*", 10) == [essence(notice), essence(action)]


def test_the_target_is_called_as_the_client_called_it(irc):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    echo = say(bar, "#chan", "hi")
    assert ask(bar, "LATEST", "#CHAN", "*", 10) == [essence(echo)]


def test_another_member_reads_the_same(irc):
    bar, qux = irc("bar", CAPS), irc("qux", CAPS)
    gather("#chan", bar, qux)
    echoes = [say(bar, "#chan", "one"), say(bar, "#chan", "two")]
    qux.collect()
    assert ask(qux, "LATEST", "#chan", "*", 10) == [essence(echo) for echo in echoes]


def test_an_empty_history_is_an_empty_batch(irc):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    assert ask(bar, "LATEST", "#chan", "*", 10) == []
    assert ask(bar, "BEFORE", "#chan", LONG_AGO, 10) == []
    assert ask(bar, "AFTER", "#chan", FAR_AHEAD, 10) == []


def test_timestamps_need_not_be_those_of_messages(irc):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    said = [essence(say(bar, "#chan", str(number))) for number in range(4)]
    assert ask(bar, "BETWEEN", "#chan", LONG_AGO, FAR_AHEAD, 10) == said
    assert ask(bar, "BETWEEN", "#chan", FAR_AHEAD, LONG_AGO, 10) == said
    assert ask(bar, "BETWEEN", "#chan", LONG_AGO, FAR_AHEAD, 2) == said[:2]
    assert ask(bar, "BETWEEN", "#chan", FAR_AHEAD, LONG_AGO, 2) == said[-2:]
    assert ask(bar, "BEFORE", "#chan", FAR_AHEAD, 2) == said[-2:]
    assert ask(bar, "AFTER", "#chan", LONG_AGO, 2) == said[:2]
    assert ask(bar, "LATEST", "#chan", LONG_AGO, 3) == said[-3:]


def test_the_two_selectors_may_be_of_different_kinds(irc):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    echoes = [say(bar, "#chan", str(number)) for number in range(4)]
    by_id, by_time = f"msgid={echoes[0].tags['msgid']}", f"timestamp={echoes[3].tags['time']}"
    said = [essence(echo) for echo in echoes]
    assert ask(bar, "BETWEEN", "#chan", by_id, by_time, 10) == said[1:3]
    assert ask(bar, "BETWEEN", "#chan", by_time, by_id, 10) == said[1:3]


def test_no_more_comes_than_the_server_allows(irc):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    limit = int(bar.isupport["CHATHISTORY"])
    bar.ask(*[f"PRIVMSG #chan :{number}" for number in range(limit + 5)])
    found = ask(bar, "LATEST", "#chan", "*", limit + 5)
    assert len(found) == limit
    assert found[-1][-1] == str(limit + 4)


def test_paging_by_id_finds_each_message_once_even_within_a_millisecond(irc):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    said = [essence(echo) for echo in bar.ask(*[f"PRIVMSG #chan :{number}" for number in range(50)])]
    found = ask(bar, "LATEST", "#chan", "*", 7)
    while more := ask(bar, "BEFORE", "#chan", f"msgid={found[0][1]}", 7):
        found = more + found
    assert found == said


def test_the_batch_bears_the_label(irc):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    say(bar, "#chan", "hi")
    answer = bar.ask("@label=abc CHATHISTORY LATEST #chan * 10")
    start, *inner, end = answer
    expect(start, "BATCH", BATCH_START, "chathistory", "#chan", tags={"label": "abc"})
    assert len(unwrap(answer, "chathistory", "#chan")) == 1
    assert not [message for message in (*inner, end) if "label" in message.tags]


def test_without_batch_the_messages_come_bare(irc):
    bar = irc("bar", ["message-tags", "server-time", "echo-message", "draft/chathistory"])
    bar.join("#chan")
    said = [essence(say(bar, "#chan", str(number))) for number in range(3)]
    answer = bar.ask("CHATHISTORY LATEST #chan * 10")
    assert [essence(message) for message in answer] == said
    assert not [message for message in answer if "batch" in message.tags]


def test_client_only_tags_are_kept(irc):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    bar.ask("@+draft/reply=123;+x=y PRIVMSG #chan :hi")
    (found,) = unwrap(bar.ask("CHATHISTORY LATEST #chan * 10"), "chathistory", "#chan")
    expect(found, "PRIVMSG", "#chan", "hi", tags={"+draft/reply": "123", "+x": "y"})


def test_the_account_of_the_sender_is_kept(server, irc):
    bar = irc("bar", [*CAPS, "account-tag"], make_account(server, "jilles"))
    bar.join("#chan")
    say(bar, "#chan", "hi")
    (found,) = unwrap(bar.ask("CHATHISTORY LATEST #chan * 10"), "chathistory", "#chan")
    expect(found, "PRIVMSG", "#chan", "hi", tags={"account": "jilles"})


# What is refused


def test_a_channel_that_does_not_exist_is_refused(irc):
    bar = irc("bar", CAPS)
    (answer,) = bar.ask("CHATHISTORY LATEST #nonexistent_channel * 10")
    expect(answer, "FAIL", "CHATHISTORY", "INVALID_TARGET", "LATEST", "#nonexistent_channel", ANY)


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_a_channel_that_one_is_not_in_is_refused(irc, subcommand):
    bar, qux = irc("bar", CAPS), irc("qux")
    qux.join("#real_channel")
    qux.ask("PRIVMSG #real_channel :secret")
    more = {"LATEST": "*", "BETWEEN": f"{LONG_AGO} {FAR_AHEAD}"}.get(subcommand, LONG_AGO)
    (answer,) = bar.ask(f"CHATHISTORY {subcommand} #real_channel {more} 10")
    expect(answer, "FAIL", "CHATHISTORY", "INVALID_TARGET", subcommand, "#real_channel", ANY)


def test_after_leaving_the_channel_is_refused(irc):
    bar, qux = irc("bar", CAPS), irc("qux")
    gather("#chan", qux, bar)
    bar.ask("PART #chan")
    (answer,) = bar.ask("CHATHISTORY LATEST #chan * 10")
    expect(answer, "FAIL", "CHATHISTORY", "INVALID_TARGET", "LATEST", "#chan", ANY)


def test_an_unknown_subcommand_is_refused(irc):
    bar = irc("bar", CAPS)
    (answer,) = bar.ask("CHATHISTORY SIDEWAYS #chan * 10")
    expect(answer, "FAIL", "CHATHISTORY", Re("INVALID_PARAMS|UNKNOWN_COMMAND"), "SIDEWAYS", ANY)


@pytest.mark.parametrize(
    "line",
    [
        "LATEST #chan *",
        "LATEST #chan",
        "BEFORE #chan timestamp=2020-01-01T00:00:00.000Z",
        "BETWEEN #chan timestamp=2020-01-01T00:00:00.000Z 10",
    ],
)
def test_too_few_parameters_are_refused(irc, line):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    (answer,) = bar.ask(f"CHATHISTORY {line}")
    subcommand = line.split()[0]
    expect(answer, "FAIL", "CHATHISTORY", Re("INVALID_PARAMS|NEED_MORE_PARAMS"), subcommand, ANY)


def test_no_parameters_at_all_are_refused(irc):
    bar = irc("bar", CAPS)
    (answer,) = bar.ask("CHATHISTORY")
    expect(answer, Re("FAIL|461"))


@pytest.mark.parametrize(
    "line",
    [
        "BEFORE #chan timestamp=yesterday 10",
        "BEFORE #chan timestamp=1700000000 10",
        "BEFORE #chan snowflake=1 10",
        "BEFORE #chan * 10",
        "AFTER #chan 12 10",
        "LATEST #chan * ten",
        "LATEST #chan * -1",
        "BETWEEN #chan timestamp=2020-01-01T00:00:00.000Z nonsense 10",
    ],
)
def test_parameters_that_mean_nothing_are_refused(irc, line):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    (answer,) = bar.ask(f"CHATHISTORY {line}")
    code = Re("INVALID_PARAMS|INVALID_MSGREFTYPE")
    assert answer.params[:1] == ["CHATHISTORY"]
    assert code == answer.params[1]
    assert answer.params[2] == line.split()[0]


def test_an_id_that_nobody_knows_finds_nothing(irc):
    bar = irc("bar", CAPS)
    bar.join("#chan")
    say(bar, "#chan", "hi")
    answer = bar.ask("CHATHISTORY BEFORE #chan msgid=nosuchmessage 10")
    if answer[0].command == "FAIL":
        expect(answer[0], "FAIL", "CHATHISTORY", ANY, "BEFORE", ANY, ANY)
    else:
        assert unwrap(answer, "chathistory", "#chan") == []


def test_an_id_from_another_conversation_opens_nothing(irc):
    bar, qux = irc("bar", CAPS), irc("qux", CAPS)
    bar.join("#mine")
    qux.join("#hers")
    mine, hers = say(bar, "#mine", "mine"), say(qux, "#hers", "hers")
    answer = bar.ask(f"CHATHISTORY AROUND #mine msgid={hers.tags['msgid']} 10")
    assert not [message for message in answer if "hers" in message.params]
    assert mine.params[1] == "mine"


# Private messages


def test_a_message_to_oneself_is_in_it_once(server, irc):
    caps = [cap for cap in CAPS if cap != "echo-message"]
    bar = irc("bar", caps, make_account(server, "bar"))
    (first,) = bar.ask("PRIVMSG bar :this is a privmsg sent to myself")
    expect(first, "PRIVMSG", "bar", "this is a privmsg sent to myself")
    bar.req("echo-message")
    second, delivery = bar.ask("PRIVMSG bar :this is a second privmsg sent to myself")
    expect(second, "PRIVMSG", "bar", "this is a second privmsg sent to myself")
    assert essence(second) == essence(delivery)
    replies = bar.ask("@label=xyz PRIVMSG bar :this is a third privmsg sent to myself")
    assert len(named(replies, "PRIVMSG")) == 2
    (third,) = [message for message in replies if message.tags.get("label") == "xyz"]
    (delivery,) = [message for message in replies if "label" not in message.tags]
    expect(third, "PRIVMSG", "bar", "this is a third privmsg sent to myself")
    assert essence(third) == essence(delivery)
    assert ask(bar, "LATEST", "bar", "*", 10) == [essence(first), essence(second), essence(third)]


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_both_sides_read_their_conversation_and_no_other(server, irc, two, subcommand):
    foo, bar = two
    echoes = []
    for number in range(10):
        sender, receiver = (foo, bar) if number % 2 == 0 else (bar, foo)
        echoes.append(say(sender, receiver.nick, f"this is message {number}"))
        receiver.collect()
    distinct(echoes)
    check(subcommand, foo, "bar", echoes)
    check(subcommand, bar, "foo", echoes)

    baz = irc("baz", CAPS)
    say(foo, "baz", "this is a message in a separate conversation")
    delivered = baz.collect()
    delivered.append(say(baz, "foo", "i agree that this is a separate conversation"))
    foo.collect()
    assert [message.params[1] for message in delivered] == [
        "this is a message in a separate conversation",
        "i agree that this is a separate conversation",
    ]
    assert ask(foo, "LATEST", "baz", "*", 10) == [essence(message) for message in delivered]

    check(subcommand, foo, "bar", echoes)
    check(subcommand, bar, "foo", echoes)
    check(subcommand, bar, "FOO", echoes)


def test_an_account_does_not_inherit_what_a_guest_of_its_name_said(server, irc, two):
    foo, _ = two
    baz = irc("baz", CAPS)
    say(foo, "baz", "for your eyes only")
    baz.collect()
    say(baz, "foo", "thanks")
    baz.quit()
    baz = irc("baz", CAPS, make_account(server, "baz"))
    assert not named(baz.ask("CHATHISTORY LATEST foo * 10"), "PRIVMSG")


def test_a_guest_does_not_inherit_what_another_of_that_name_said(irc, two):
    foo, _ = two
    baz = irc("baz", CAPS)
    say(foo, "baz", "for your eyes only")
    baz.quit()
    baz = irc("baz", CAPS)
    assert not named(baz.ask("CHATHISTORY LATEST foo * 10"), "PRIVMSG")
    assert not named(baz.ask(f"CHATHISTORY TARGETS {LONG_AGO} {FAR_AHEAD} 10"), "CHATHISTORY")


def test_others_do_not_read_a_conversation(server, irc, two):
    foo, bar = two
    say(foo, "bar", "a secret")
    spy = irc("spy", CAPS, make_account(server, "spy"))
    for nick in ("foo", "bar"):
        assert not named(spy.ask(f"CHATHISTORY LATEST {nick} * 10"), "PRIVMSG")


def test_a_conversation_survives_the_connection(server, irc):
    account = make_account(server, "foo")
    foo, bar = irc("foo", CAPS, account), irc("bar", CAPS, make_account(server, "bar"))
    echo = say(foo, "bar", "remember")
    foo.quit()
    bar.collect()
    foo = irc("foo", CAPS, account)
    assert ask(foo, "LATEST", "bar", "*", 10) == [essence(echo)]


def test_client_only_tags_reach_the_other_side(two):
    foo, bar = two
    foo.send("@+client-only-tag-test=success;+draft/persist PRIVMSG bar hi")
    echo, relay = foo.recv(), bar.recv()
    for message in (echo, relay):
        expect(message, "PRIVMSG", "bar", "hi", tags={"+client-only-tag-test": "success"})
    assert echo.tags["msgid"] == relay.tags["msgid"]


# Messages without text


def test_those_who_want_events_find_a_tagmsg_that_is_to_be_kept(server, irc):
    foo = irc("foo", [*CAPS, "draft/event-playback"], make_account(server, "foo"))
    bar = irc("bar", CAPS, make_account(server, "bar"))
    gather("#chan", foo, bar)
    for target, here, there in (("#chan", "#chan", "#chan"), ("bar", "bar", "foo")):
        (echo,) = foo.ask(f"@+client-only-tag-test=success;+draft/persist TAGMSG {target}")
        (relay,) = bar.collect()
        found = named(foo.ask(f"CHATHISTORY LATEST {here} * 10"), "TAGMSG")
        assert len(found) == 1
        for message in (echo, relay, *found):
            expect(message, "TAGMSG", target, nick="foo", tags={"+client-only-tag-test": "success"})
            assert message.tags["msgid"] == echo.tags["msgid"]
        assert not named(bar.ask(f"CHATHISTORY LATEST {there} * 10"), "TAGMSG")
