"""The JSON dialect as a whole: who is a full client, and what that changes."""

from __future__ import annotations

import json

from evchat.dialects.json.dialect import JsonDialect
from evchat.protocol.basics import Failed, Hello, Help, Malformed, Welcomed
from evchat.protocol.channels import ListNames
from evchat.protocol.history import GetHistory
from evchat.protocol.login import Login, Logout
from evchat.protocol.messages import SendMessage
from evchat.protocol.typed_lines import NamePrompt
from tests.dialects.samples import AT, HI

HELLO = b'{"request": "hello", "content": {"version": 1, "client": "name/1.0"}, "id": "h"}'
WELCOME = Welcomed(AT, "h", "evchat", "1.0", 1, (), ())


def test_a_client_is_plain_until_its_hello_is_answered() -> None:
    dialect = JsonDialect()
    assert (dialect.paced, dialect.pings) == (True, False)
    plain = dialect.variant
    assert dialect.receive(HELLO) == [Hello(1, "name/1.0", id="h")]
    assert json.loads(dialect.encode(Failed(AT, "h", "bad-request", "No."))).keys() == {
        "timestamp",
        "sender",
        "response",
        "content",
    }
    assert dialect.variant == plain
    assert json.loads(dialect.encode(WELCOME))["response"] == "welcome"
    assert (dialect.paced, dialect.pings) == (False, True)
    assert dialect.variant != plain
    assert json.loads(dialect.encode(HI))["seq"] == 42


def test_all_dialects_of_a_variant_write_the_same() -> None:
    one, other = JsonDialect(), JsonDialect()
    assert one.variant == other.variant and one.encode(HI) == other.encode(HI)
    one.encode(WELCOME)
    assert one.variant != other.variant
    other.encode(WELCOME)
    assert one.variant == other.variant and one.encode(HI) == other.encode(HI)


def test_whoever_says_hello_first_is_read_strictly_and_may_give_ids() -> None:
    request = b'{"request": "msg", "content": "hi", "id": "7"}{"request": "names", "content": 5}'
    full = JsonDialect().receive(HELLO + request)[1:]
    assert full[0] == SendMessage("hi", id="7") and isinstance(full[1], Malformed)
    assert JsonDialect().receive(request) == [SendMessage("hi"), ListNames()]


def test_a_hello_that_is_not_first_changes_nothing_in_how_requests_are_read() -> None:
    late = b'{"request": "help"}' + HELLO + b'{"request": "msg", "content": "hi", "id": "7"}'
    assert JsonDialect().receive(late)[2] == SendMessage("hi")
    after_garbage = b"x\n" + HELLO + b'{"request": "msg", "content": "hi", "id": "7"}'
    assert JsonDialect().receive(after_garbage)[2] == SendMessage("hi")


def test_the_requests_of_ktn_clients_are_understood() -> None:
    dialect = JsonDialect()
    sent = (
        b'{"request": "login", "content": "alice"}{"content": null, "request": "names"}'
        b'{"request": "help", "content": "None"}{"request": "msg", "content": "hi all"}'
        b'{"request": "history", "content": ""}{"request": "logout", "content": "x"}'
    )
    assert dialect.receive(sent) == [
        Login("alice"),
        ListNames(),
        Help(),
        SendMessage("hi all"),
        GetHistory(),
        Logout(),
    ]


def test_the_server_says_nothing_first() -> None:
    assert JsonDialect().greet() == []
    assert JsonDialect().encode(NamePrompt(AT)) == b""
