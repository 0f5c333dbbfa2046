"""What a line that a person typed means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol import requests as r
from evchat.protocol.commands import BY_WORD
from evchat.protocol.lines import parse_line


def refused(line: str) -> str:
    """The code with which a line is refused."""
    request = parse_line(line)
    assert type(request) is r.Malformed, request
    assert not request.fatal
    return request.code


# ---- laws -----------------------------------------------------------------------------------------------------

words = st.sampled_from(
    [*BY_WORD, "ch", "dance", "", "user", "#c", "bob", "a,b", "5", "-", "--", "/", ",", "quit---"]
)
line_like = st.lists(words, max_size=6).map(" ".join)
lines = st.text() | line_like | line_like.map("/".__add__) | line_like.map("-".__add__)


@given(lines)
def test_every_line_is_some_request(line: str) -> None:
    request = parse_line(line)
    assert isinstance(request, r.Request)
    assert request.id is None


@given(lines)
def test_a_doubled_sign_says_anything_as_it_is(line: str) -> None:
    for sign in "/-":
        if sign + sign + line != "---quit---":
            assert parse_line(sign + sign + line) == r.Typed(sign + line)


@given(lines.filter(lambda line: not line.startswith(("/", "-"))))
def test_a_line_without_a_sign_is_itself(line: str) -> None:
    assert parse_line(line) == r.Typed(line)


@given(line_like.filter(lambda rest: rest[:1].isalpha()))
def test_both_signs_and_any_case_of_the_word_mean_the_same(rest: str) -> None:
    slash = parse_line("/" + rest)
    word, _, arguments = rest.partition(" ")
    assert parse_line("-" + rest) == slash
    if not isinstance(slash, r.Malformed):
        assert parse_line(f"/{word.upper()} {arguments}") == slash


@given(line_like, st.sampled_from(["\t", "  ", "\u00a0"]))
def test_blanks_of_any_kind_part_words(rest: str, blank: str) -> None:
    def values(line: str) -> list[object]:
        request = parse_line(line)
        found = [getattr(request, name) for name in request.__dataclass_fields__]
        return [" ".join(value.split()) if isinstance(value, str) else value for value in found]

    assert values("/" + rest.replace(" ", blank)) == values("/" + rest)


# ---- signs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["hi", "", " /who", "- well", "-5 degrees", "-", "---", "-1", "->", ":-)", "quit"]
)
def test_what_is_no_command(line: str) -> None:
    if line.startswith("--"):
        assert parse_line(line) == r.Typed(line[1:])
    else:
        assert parse_line(line) == r.Typed(line)


@pytest.mark.parametrize(
    ("line", "request_"),
    [("--x", r.Typed("-x")), ("//x", r.Typed("/x")), ("---quit---", r.Quit()), ("---quit--- ", r.Quit()),
     ("---quit---now", r.Typed("--quit---now")), ("-disconnect", r.Quit()), ("/quit", r.Quit()),
     ("/exit Bye all", r.Quit("Bye all"))],
)  # fmt: skip
def test_how_to_leave_and_how_to_start_with_a_sign(line: str, request_: r.Request) -> None:
    assert parse_line(line) == request_


def test_an_unknown_command_is_named() -> None:
    request = parse_line("/Dance with me")
    assert request == r.Malformed("There is no command /Dance. /help lists them all.", "unknown-command")
    assert refused("/") == refused("/ who") == refused("-dance") == "unknown-command"


# ---- commands -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("/login alice", r.Login("alice")),
        ("/login alice open  sesame ", r.Login("alice", "open  sesame")),
        ("/register open sesame", r.Register("open sesame")),
        ("/nick Ann", r.Nick("Ann")),
        ("/msg bob hi  there", r.Say("hi  there", "bob")),
        ("-pm bob hi", r.Say("hi", "bob")),
        ("/send bob hi", r.Say("hi", "bob")),
        ("send bob hi", r.Typed("send bob hi")),
        ("/send user bob hi", r.Say("hi", "bob")),
        ("/SEND USER bob hi", r.Say("hi", "bob")),
        ("/pm user hi", r.Say("hi", "user")),
        ("/msg #tea hi", r.Say("hi", "#tea")),
        ("/msg bob /who", r.Say("/who", "bob")),
        ("/me waves to bob", r.Say("waves to bob", action=True)),
        ("/broadcast Cake for all", r.Announce("Cake for all")),
        ("/broadcast user bob,carol Cake", r.Announce("Cake", ("bob", "carol"))),
        ("/broadcast users bob, carol, dora Cake", r.Announce("Cake", ("bob", "carol", "dora"))),
        ("/broadcast user", r.Announce("user")),
        ("/join #tea", r.Join(("#tea",))),
        ("/join #tea,#milk", r.Join(("#tea", "#milk"))),
        ("/join #tea, #milk", r.Join(("#tea", "#milk"))),
        ("/join tea", r.Join(("tea",))),
        ("-ch #tea", r.Join(("#tea",), current=True)),
        ("/ch #tea #milk", r.Join(("#tea", "#milk"), current=True)),
        ("-ch", r.Channels()),
        ("/channels", r.Channels()),
        ("/part", r.Part()),
        ("/part #tea", r.Part(("#tea",))),
        ("/part #tea,#milk I go", r.Part(("#tea", "#milk"), "I go")),
        ("/leave Lunch time", r.Part((), "Lunch time")),
        ("/names", r.Names()),
        ("-list #tea", r.Names("#tea")),
        ("/who", r.Who()),
        ("/whoelse", r.Who(others=True)),
        ("/wholast 5", r.WhoLast(5)),
        ("/wholast ٥", r.WhoLast(5)),
        ("/whois bob", r.WhoIs("bob")),
        ("/history", r.History()),
        ("/history 20", r.History(limit=20)),
        ("/history bob", r.History("bob")),
        ("/history #tea 20", r.History("#tea", 20)),
        ("/history 20 30", r.History("20", 30)),
        ("/inbox", r.Inbox()),
        ("/block bob", r.Block("bob")),
        ("/unblock bob", r.Block("bob", on=False)),
        ("/blocked", r.Blocked()),
        ("/topic", r.Topic()),
        ("/topic All about tea", r.Topic("All about tea")),
        ("/topic -", r.Topic("-")),
        ("/away", r.Away()),
        ("/away At lunch", r.Away("At lunch")),
        ("/search tea time", r.Search("tea time")),
        ("/ping", r.Ping()),
        ("/ping 1 2", r.Ping("1 2")),
        ("/help", r.Help()),
        ("-help topic", r.Help("topic")),
    ],
)  # fmt: skip
def test_what_people_type(line: str, request_: r.Request) -> None:
    assert parse_line(line) == request_


@pytest.mark.parametrize(
    "line",
    ["/login", "/register", "/nick", "/nick a b", "/msg", "/msg bob", "/me", "/broadcast", "/broadcast user bob",
     "/join", "/join ,", "/names tea", "/names #a #b", "/who there", "/wholast", "/wholast soon", "/wholast -5",
     "/wholast 5.5", "/wholast 5 6", "/wholast 1234567890123456", "/whois", "/whois a b", "/history bob many",
     "/inbox 5", "/block", "/search", "/logout now", "/help a b"],
)  # fmt: skip
def test_what_is_missing_or_too_much_is_said_with_the_usage(line: str) -> None:
    request = parse_line(line)
    assert type(request) is r.Malformed
    assert "Use it like this: /" in request.reason
