"""What 005 announces, and that it is so."""

from __future__ import annotations

import re

import pytest

from tests.irc.harness import ANY, named


@pytest.fixture
def foo(irc):
    """Somebody."""
    return irc("foo")


def test_the_form_of_005(irc):
    client = irc()
    lines = named(client.register("foo"), "005")
    assert lines
    for message in lines:
        assert 3 <= len(message.params) <= 15
        assert message.params[0] == "foo"
        for token in message.params[1:-1]:
            assert re.fullmatch(r"-?[A-Z0-9]+(=[!-<>-~]*)?", token), token


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("CASEMAPPING", "ascii"),
        ("CHANTYPES", "#"),
        ("CHANMODES", "beI,k,l,.*"),
        ("PREFIX", r"\(ov\)@\+"),
        ("STATUSMSG", r"@\+|\+@|@"),
        ("NICKLEN", "32"),
        ("CHANNELLEN", "64"),
        ("TOPICLEN", "390"),
        ("AWAYLEN", "[0-9]+"),
        ("KICKLEN", "[0-9]+"),
        ("MODES", "[0-9]*"),
        ("MAXLIST", "[beI]+:[0-9]+(,[beI]+:[0-9]+)*"),
        ("NETWORK", "[!-~]+"),
        ("EXCEPTS", "e"),
        ("INVEX", "I"),
        ("BOT", "B"),
        ("MONITOR", "100"),
        ("CHATHISTORY", "[0-9]+"),
        ("MSGREFTYPES", "msgid,timestamp|timestamp,msgid"),
        ("ELIST", "[CMNTU]+"),
    ],
)
def test_the_value_of_a_token(foo, token, value):
    assert re.fullmatch(value, foo.isupport[token] or ""), foo.isupport[token]


@pytest.mark.parametrize("token", ["UTF8ONLY", "WHOX"])
def test_a_token_without_a_value(foo, token):
    assert foo.isupport[token] is None


def test_prefixes_pair_with_modes_from_the_mightiest_down(foo):
    match = re.fullmatch(r"\(([a-zA-Z]+)\)(\S+)", foo.isupport["PREFIX"])
    assert match
    modes, prefixes = match.groups()
    assert len(modes) == len(prefixes)
    assert modes.index("o") < modes.index("v")
    pairs = dict(zip(modes, prefixes, strict=True))
    assert pairs["o"] == "@"
    assert pairs["v"] == "+"


def test_targmax_has_its_form(foo):
    for part in foo.isupport["TARGMAX"].split(","):
        assert re.fullmatch("[A-Z]+:[0-9]*", part), part


def test_no_more_channels_can_be_joined_than_chanlimit_says(foo):
    if "CHANLIMIT" not in foo.isupport:
        pytest.skip("no CHANLIMIT")
    limits = dict(part.split(":", 1) for part in foo.isupport["CHANLIMIT"].split(","))
    count = int(limits["#"])
    for number in range(count):
        foo.send(f"JOIN #chan{number}")
        foo.expect("JOIN", f"#chan{number}")
        foo.collect()
    foo.send("JOIN #chan")
    foo.expect("405", "foo", "#chan", ANY)


def test_the_name_of_a_channel_is_as_long_as_channellen_and_no_longer(foo):
    length = int(foo.isupport["CHANNELLEN"])
    fitting, too_long = "#" + "a" * (length - 1), "#" + "b" * length
    foo.send(f"JOIN {fitting}")
    foo.expect("JOIN", fitting)
    foo.collect()
    foo.send(f"JOIN {too_long}")
    answer = foo.expect(ANY, "foo", too_long, ANY)
    assert answer.command in ("403", "448", "476", "479")


def test_a_nick_is_as_long_as_nicklen_and_no_longer(foo):
    length = int(foo.isupport["NICKLEN"])
    fitting, too_long = "a" * length, "b" * (length + 5)
    foo.send(f"NICK {fitting}")
    foo.expect("NICK", fitting)
    foo.send(f"NICK {too_long}")
    foo.expect("432", fitting, too_long, ANY)


@pytest.mark.parametrize(
    ("token", "command", "place"),
    [("TOPICLEN", "TOPIC #chan :", 1), ("KICKLEN", "KICK #chan bar :", 2)],
    ids=["topic", "kick"],
)
def test_a_text_is_cut_to_its_announced_length_or_refused(irc, foo, token, command, place):
    bar = irc("bar")
    foo.join("#chan")
    bar.join("#chan")
    foo.collect()
    length = int(foo.isupport[token])
    answer = foo.ask(command + "x" * (length + 1))[0]
    if answer.command != "417":
        assert answer.params[place] == "x" * length
        assert bar.collect()[0].params == answer.params
