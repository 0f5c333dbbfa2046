"""Every limit that 005 announces is the one that the owner has set, and the one that the server keeps to."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, commands, named, one
from tests.irc.ircv3.helpers import gather, unwrap

SET = {
    "max_topic_bytes": 61,
    "max_reason_bytes": 405,
    "max_away_bytes": 63,
    "max_realname_bytes": 40,
    "max_channels_per_user": 3,
    "max_list_entries": 5,
    "max_mode_changes": 4,
    "max_targets": 2,
    "max_joins": 2,
    "max_watched": 6,
    "history_max": 7,
    "max_multiline_bytes": 600,
    "max_multiline_lines": 3,
}
"""No two of them are alike where one could be taken for the other, and none has its default."""


@pytest.fixture
def server(serve):
    return serve("[limits]\n" + "".join(f"{name} = {number}\n" for name, number in SET.items()))


@pytest.fixture
def pair(irc):
    """foo, the operator, and bar in #chan."""
    clients = irc("foo"), irc("bar", caps=("batch", "draft/chathistory", "server-time"))
    gather("#chan", *clients)
    return clients


def test_005_announces_what_is_set(irc):
    tokens = irc("foo").isupport
    assert {name: tokens[name] for name in ("TOPICLEN", "KICKLEN", "AWAYLEN", "CHANLIMIT", "MAXLIST", "MODES")} == {
        "TOPICLEN": "61", "KICKLEN": "405", "AWAYLEN": "63", "CHANLIMIT": "#:3", "MAXLIST": "beI:5", "MODES": "4",
    }  # fmt: skip
    assert (tokens["MAXTARGETS"], tokens["MONITOR"], tokens["CHATHISTORY"]) == ("2", "6", "7")
    assert set(tokens["TARGMAX"].split(",")) >= {
        *(
            "KICK:2",
            "WHOIS:2",
            "PRIVMSG:2",
            "NOTICE:2",
            "JOIN:2",
            "PART:2",
            "NAMES:1",
            "WHOWAS:2",
            "TAGMSG:2",
        ),
        *("LIST:", "ISON:", "USERHOST:"),
    }
    assert irc().cap_ls()["draft/multiline"] == "max-bytes=600,max-lines=3"


def test_every_token_with_a_number_is_tried_here_or_has_a_limit_that_nobody_sets(irc):
    numbers = {name for name, value in irc("foo").isupport.items() if value and any(map(str.isdigit, value))}
    assert numbers == {
        "AWAYLEN", "CHANLIMIT", "CHATHISTORY", "KICKLEN", "MAXLIST", "MAXTARGETS", "MODES", "MONITOR", "TARGMAX",
        "TOPICLEN",
    } | {"CHANNELLEN", "NICKLEN"}  # fmt: skip  # what a legal name is, is the protocol's


def test_a_topic_of_the_announced_length_is_kept_whole_and_a_longer_one_cut(pair):
    foo, bar = pair
    length = SET["max_topic_bytes"]
    for text, kept in (("x" * length, "x" * length), ("y" * (length + 1), "y" * length)):
        foo.ask(f"TOPIC #chan :{text}")
        one(bar.collect(), "TOPIC", "#chan", kept)


def test_a_reason_of_the_announced_length_is_kept_whole_and_a_longer_one_cut(pair):
    foo, bar = pair
    length = SET["max_reason_bytes"]
    for text, kept in (("x" * length, "x" * length), ("y" * (length + 1), "y" * length)):
        foo.ask(f"KICK #chan bar :{text}")
        one(bar.collect(), "KICK", "#chan", "bar", kept)
        bar.join("#chan")


def test_an_away_text_is_cut_to_the_announced_length(pair):
    foo, bar = pair
    foo.ask("AWAY :" + "x" * (SET["max_away_bytes"] + 1))
    one(bar.ask("PRIVMSG foo :hi"), "301", "bar", "foo", "x" * SET["max_away_bytes"])


def test_a_real_name_holds_what_is_set_however_it_is_given(irc):
    foo = irc("foo", realname="x" * 50)
    one(foo.ask("WHOIS foo"), "311", "foo", "foo", ANY, ANY, "*", "x" * SET["max_realname_bytes"])
    setter = irc("bar", caps=("setname",))
    one(setter.ask("SETNAME :" + "y" * 40), "SETNAME", "y" * 40)
    one(setter.ask("SETNAME :" + "z" * 41), "FAIL", "SETNAME", "INVALID_REALNAME", ANY)


def test_no_more_channels_can_be_joined(irc):
    foo = irc("foo")
    assert "JOIN" in commands(foo.ask("JOIN #a,#b"))
    assert "405" not in commands(foo.ask("JOIN #c"))
    one(foo.ask("JOIN #d"), "405", "foo", "#d", ANY)


def test_what_is_beyond_a_limit_is_told_and_the_rest_is_done(irc):
    foo = irc("foo")
    told = foo.ask("JOIN #a,#b,#c,#d")
    assert [message.params[0] for message in named(told, "JOIN")] == ["#a", "#b"]
    one(named(told, "407"), "407", "foo", "#c", ANY)
    told = foo.ask("PART #a,#b,#c")
    assert [message.params[0] for message in named(told, "PART")] == ["#a", "#b"]
    one(named(told, "407"), "407", "foo", "#c", ANY)
    for line in ("WHOIS foo,foo,bar", "WHOIS foo,foo,bar :", "WHOWAS x,y,bar", "NAMES #a,#b,bar"):
        one(named(foo.ask(line), "407"), "407", "foo", "bar", ANY)


def test_the_lists_of_a_channel_hold_as_many_entries(pair):
    foo, _ = pair
    for mask in "abc":
        assert named(foo.ask(f"MODE #chan +b {mask}"), "MODE")
    assert named(foo.ask("MODE #chan +eI d e"), "MODE")
    one(foo.ask("MODE #chan +b f"), "478", "foo", "#chan", ANY, ANY)


def test_as_many_modes_are_changed_in_one_line(pair):
    foo, _ = pair
    one(foo.ask("MODE #chan +imns"), "MODE", "#chan", ANY)
    assert not named(foo.ask("MODE #chan -imnst"), "MODE")
    assert "i" in one(foo.ask("MODE #chan"), "324", "foo", "#chan", ANY).params[2]


def test_a_message_has_as_many_targets(pair):
    foo, bar = pair
    foo.ask("PRIVMSG bar,#chan :hi")
    assert len(named(bar.collect(), "PRIVMSG")) == 2
    one(foo.ask("PRIVMSG bar,#chan,foo :hi"), "407", "foo", "foo", ANY)
    assert bar.collect() == []
    foo.ask("NOTICE bar,#chan,foo :hi")
    assert bar.collect() == []


def test_as_many_targets_of_a_command_count(pair):
    foo, _ = pair
    assert len(named(foo.ask("WHOIS foo,bar,foo"), "311")) == 2
    assert len(named(foo.ask("KICK #chan bar,nobody,foo"), "KICK")) == 1


def test_as_many_users_can_be_watched(irc):
    foo = irc("foo")
    assert not named(foo.ask("MONITOR + a,b,c,d,e,f"), "734")
    one(foo.ask("MONITOR + g"), "734", "foo", "6", "g", ANY)


def test_a_piece_of_history_has_as_many_messages(pair):
    foo, bar = pair
    for number in range(8):
        foo.send(f"PRIVMSG #chan :{number}")
    foo.ask()
    bar.collect()
    inner = unwrap(bar.ask("CHATHISTORY LATEST #chan * 100"), "chathistory", "#chan")
    assert [message.params[-1] for message in inner] == list("1234567")
