"""What users of older systems mean as commands is told from sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.bare_commands import bare_command
from evchat.protocol.base import Request
from evchat.protocol.basics import Help, Malformed
from evchat.protocol.commands import BY_WORD
from evchat.protocol.history import GetInbox
from evchat.protocol.lines import parse_line
from evchat.protocol.login import Logout, Quit
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.people import Who, WhoLast
from evchat.protocol.typed_lines import TypedLine


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("whoelse", Who(others=True)),
        (" WhoElse ", Who(others=True)),
        ("wholast 5", WhoLast(5)),
        ("inbox", GetInbox()),
        ("help", Help()),
        ("logout", Logout()),
        ("quit", Quit()),
        ("send bob secret", SendMessage("secret", "bob")),
        ("send user bob secret", SendMessage("secret", "bob")),
        ("broadcast message hi", Announce("hi")),
        ("broadcast user bob carol message hi", Announce("hi", ("bob", "carol"))),
    ],
)  # fmt: skip
def test_what_users_of_older_systems_type_without_a_sign_is_known(line: str, meant: Request) -> None:
    command = bare_command(line)
    assert command is not None and command.request == meant
    assert type(parse_line(line)) is TypedLine


@pytest.mark.parametrize(
    "line",
    ["", " ", "hi", "help me", "quit it", "inbox zero", "whoelse is here?", "who", "wholast", "wholast monday",
     "wholast 5 6", "send", "send bob", "broadcast", "broadcast now", "broadcast message", "broadcast user bob hi",
     "broadcast the message hi", "msg bob hi", "away", "/send bob hi", "-inbox"],
)  # fmt: skip
def test_other_lines_are_just_lines(line: str) -> None:
    assert bare_command(line) is None


@given(st.lists(st.sampled_from([*BY_WORD, "message", "user", "bob", "5", " ", "x"])).map(" ".join))
def test_a_bare_command_is_never_malformed(line: str) -> None:
    command = bare_command(line)
    assert command is None or not isinstance(command.request, Malformed)


@pytest.mark.parametrize(
    ("line", "meant", "users"),
    [
        ("whoelse", "/whoelse", ()),
        ("wholast  5", "/wholast 5", ()),
        ("send bob a secret", "/send bob …", ("bob",)),
        ("send user bob a secret", "/send bob …", ("bob",)),
        ("broadcast message a secret", "/broadcast …", ()),
        ("broadcast user bob carol message a secret", "/broadcast user bob,carol …", ("bob", "carol")),
    ],
)
def test_it_says_how_to_type_it_without_repeating_the_text(
    line: str, meant: str, users: tuple[str, ...]
) -> None:
    command = bare_command(line)
    assert command is not None and (command.meant, command.users) == (meant, users)
