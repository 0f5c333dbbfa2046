"""What the dialect answers by itself, in its turn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc import commands, local_replies
from evchat.dialects.irc.dialect import IrcDialect
from evchat.protocol.basics import LocalReply, ReplyLocally
from evchat.settings.model import Config
from tests.dialects.irc.wire import dialect, lines


def told(client: IrcDialect, line: str) -> list[str]:
    """The numerics or commands of what the dialect itself answers."""
    asked = [
        request for request in client.receive(line.encode() + b"\r\n") if isinstance(request, ReplyLocally)
    ]
    return [x["command"] for request in asked for x in lines(client.answer(LocalReply(0, request.payload)))]


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ("VERSION", ["351", "005", "005", "005"]),
        ("TIME", ["391"]),
        ("ADMIN", ["256", "257", "258", "259"]),
        ("LINKS", ["364", "365"]),
        ("USERS", ["446"]),
        ("SUMMON x", ["445"]),
        ("MOTD", ["422"]),
        ("MOTD other.example", ["402"]),
        ("NONSENSE", ["421"]),
        ("HELP nonsense", ["524"]),
        ("NICK", ["431"]),
        ("PRIVMSG", ["411"]),
        ("PRIVMSG bob", ["412"]),
        ("KICK #tea", ["461"]),
        ("x" * 511, ["417"]),
        ("VERIFY a b", ["FAIL"]),
    ],
)
def test_a_question_about_the_server_or_a_mistake_is_answered_at_once(line: str, commands: list[str]) -> None:
    assert told(dialect(), line) == commands


def test_a_message_of_the_day_has_a_line_for_each_of_its_own() -> None:
    assert told(dialect(motd="one\n" + "two" * 400), "MOTD") == ["375", "372", "372", "376"]


@given(st.sampled_from([*commands.COMMANDS]), st.lists(st.sampled_from(["x", "#tea", "302"]), max_size=4))
def test_before_the_login_nothing_is_told_but_that_it_is_missing(command: str, words: list[str]) -> None:
    client = IrcDialect(Config())
    early = {"CAP", "451", "461", "431", "432", "409", "410", "417", "468", "FAIL"}
    assert set(told(client, " ".join([command, *words]))) <= early


def test_bytes_that_are_no_text_are_refused() -> None:
    client = dialect()
    (failed,) = [x for x in client.receive(b"PRIVMSG bob :\xff\r\n") if isinstance(x, ReplyLocally)]
    (line,) = lines(client.answer(LocalReply(0, failed.payload)))
    assert line["params"].split() == ["PRIVMSG", "INVALID_UTF8"]


def test_every_word_is_one_that_is_known() -> None:
    assert {"cap", "lacking", "unknown", "fail", "nothing", "too-long"} <= set(local_replies._WORDS)
