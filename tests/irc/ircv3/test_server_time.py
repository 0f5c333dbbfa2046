"""server-time: when something happened."""

from __future__ import annotations

import datetime

from tests.irc.harness import ABSENT, ANY, expect
from tests.irc.ircv3.helpers import SERVER_TIME, gather


def test_what_happens_has_its_time(irc):
    foo, bar = irc("foo", ["server-time"]), irc("bar")
    foo.join("#chan")
    bar.ask("JOIN #chan", "PRIVMSG #chan :hi", "NOTICE foo :hi", "TOPIC #chan :new", "NICK baz", "PART #chan")
    foo.send("MODE #chan +m")
    heard = foo.collect()
    assert len(heard) >= 5
    for message in heard:
        assert message.tags.get("time") == SERVER_TIME, message
        assert set(message.tags) == {"time"}


def test_it_is_the_present(irc):
    foo, bar = irc("foo", ["server-time"]), irc("bar")
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(milliseconds=1)
    bar.ask("PRIVMSG foo :hi")
    written = foo.expect("PRIVMSG", "foo", "hi").tags["time"]
    after = datetime.datetime.now(datetime.UTC) + datetime.timedelta(milliseconds=1)
    assert before <= datetime.datetime.fromisoformat(written) <= after


def test_all_hear_the_same_time(irc):
    clients = (
        irc("foo", ["server-time"]),
        irc("bar", ["server-time"]),
        irc("baz", ["server-time", "echo-message"]),
    )
    gather("#chan", *clients)
    clients[2].send("PRIVMSG #chan :hi")
    assert len({client.expect("PRIVMSG", "#chan", "hi").tags["time"] for client in clients}) == 1


def test_time_does_not_run_backwards(irc):
    foo = irc("foo", ["server-time", "echo-message"])
    foo.join("#chan")
    times = [
        message.tags["time"] for message in foo.ask(*[f"PRIVMSG #chan :{number}" for number in range(50)])
    ]
    assert times == sorted(times)


def test_without_the_capability_there_is_none(irc):
    foo, tagged, bar = irc("foo"), irc("tagged", ["account-tag"]), irc("bar")
    bar.ask("PRIVMSG foo :hi", "PRIVMSG tagged :hi")
    assert foo.expect("PRIVMSG", "foo", "hi").tags == {}
    assert tagged.expect("PRIVMSG", "tagged", "hi").tags == {}


def test_it_can_be_turned_on_and_off(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.req("server-time")
    bar.ask("PRIVMSG foo :hi")
    foo.expect("PRIVMSG", "foo", "hi", tags={"time": SERVER_TIME})
    foo.send("CAP REQ :-server-time")
    foo.expect("CAP", "foo", "ACK", ANY)
    bar.ask("PRIVMSG foo :hi")
    expect(foo.recv(), "PRIVMSG", "foo", "hi", tags={"time": ABSENT})


def test_it_is_not_sent_before_it_was_acknowledged(irc):
    foo = irc()
    foo.send("CAP LS 302")
    assert "time" not in foo.expect("CAP", ANY, "LS", ANY).tags
