"""What the server says it supports is said in lines that clients can read, and is true."""

from __future__ import annotations

import pytest

from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.irc.isupport import tokens
from evchat.protocol.modes import CHANNEL_MODES, USER_MODES, Takes
from evchat.protocol.names import MAX_CHANNEL_BYTES, MAX_USER_BYTES
from evchat.settings.model import Config, Limits
from tests.dialects.irc.wire import dialect, lines

EVERY = dict(token.partition("=")[::2] for token in tokens(Config()))


@pytest.mark.parametrize("hostname", ["evchat.local", "h" * 63 + ".example"])
def test_the_lines_hold_thirteen_tokens_at_most(hostname: str) -> None:
    client = dialect(nick="x" * 32, hostname=hostname)
    told = lines(("\r\n".join(client.client.isupport()) + "\r\n").encode())
    rows = [line["params"].split()[1:] for line in told]
    assert all(0 < len(row) <= 13 for row in rows)
    assert [token for row in rows for token in row] == tokens(client.client.config)
    assert all(line["command"] == "005" and line["last"] == "are supported by this server" for line in told)


def test_tokens_are_ascii_without_a_second_equals_sign() -> None:
    for token in tokens(Config()):
        assert token.isascii() and token.isprintable() and " " not in token
        assert token.count("=") <= 1 or token.startswith("PREFIX")
        assert token.partition("=")[0].isupper() or token[:1] == "-"


def test_new_settings_tell_only_the_tokens_that_have_changed() -> None:
    client = dialect(name="old", motd="old words")
    told = client.reconfigure(
        Config(name="new", motd="new words", limits=Limits(max_topic_bytes=20, max_targets=3))
    )
    (line,) = lines(told)
    assert line["command"] == "005"
    assert {token.partition("=")[0] for token in line["params"].split()[1:]} == {
        "MAXTARGETS",
        "TARGMAX",
        "TOPICLEN",
    }
    assert "TOPICLEN=20" in told.decode()
    assert client.client.config.motd == "new words"
    assert "NETWORK=old" in tokens(client.client.config), "a client knows its server by one name"
    assert client.reconfigure(client.client.config) == b""


def test_a_client_that_is_not_in_yet_hears_the_new_tokens_when_it_is() -> None:
    client = IrcDialect(Config())
    assert client.reconfigure(Config(limits=Limits(max_topic_bytes=20))) == b""
    assert "TOPICLEN=20" in "".join(client.client.isupport())


def test_every_mode_of_a_channel_is_announced() -> None:
    kinds = EVERY["CHANMODES"].split(",")
    assert len(kinds) == 4
    members = EVERY["PREFIX"][1 : EVERY["PREFIX"].index(")")]
    assert set("".join(kinds)) | set(members) == {mode.letter for mode in CHANNEL_MODES}
    assert set(kinds[0]) == {mode.letter for mode in CHANNEL_MODES if mode.takes is Takes.MASK}
    assert EVERY["EXCEPTS"] in kinds[0] and EVERY["INVEX"] in kinds[0]
    assert EVERY["BOT"] in {mode.letter for mode in USER_MODES}


def test_the_limits_are_those_that_hold() -> None:
    assert int(EVERY["NICKLEN"]) == MAX_USER_BYTES and int(EVERY["CHANNELLEN"]) == MAX_CHANNEL_BYTES
    assert EVERY["CASEMAPPING"] == "ascii" and "UTF8ONLY" in EVERY
