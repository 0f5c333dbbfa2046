"""What a line that a person typed means."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evchat.protocol.authentication import Register
from evchat.protocol.base import Request
from evchat.protocol.basics import Help, Malformed, Ping
from evchat.protocol.channels import Join, ListChannels, ListNames, Part, Topic
from evchat.protocol.commands import BY_WORD, DASH_WORDS
from evchat.protocol.history import GetHistory, GetInbox, Search
from evchat.protocol.lines import parse_line, secret_start, unsaid_secrets
from evchat.protocol.login import ChangeNick, Login, Quit
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.people import Block, ListBlocked, SetAway, Who, WhoIs, WhoLast
from evchat.protocol.typed_lines import TypedLine


def refused(line: str) -> str:
    """The code with which a line is refused."""
    request = parse_line(line)
    assert type(request) is Malformed, request
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
    assert isinstance(request, Request)
    assert request.id is None


@given(lines)
def test_a_doubled_slash_is_a_slash(line: str) -> None:
    assert parse_line("//" + line) == TypedLine("/" + line)


@given(lines | line_like.map("--".__add__) | line_like.map("---".__add__))
def test_anything_can_be_said_and_only_what_would_be_a_command_has_to_double_its_sign(line: str) -> None:
    assume(line.rstrip() != "---quit---")
    if parse_line(line) != TypedLine(line):
        assert parse_line(line[0] + line) == TypedLine(line)


@given(line_like, st.sampled_from(["-", "--", "---", "-----"]))
def test_dashes_are_lost_only_before_the_name_of_a_command(rest: str, dashes: str) -> None:
    word = rest.partition(" ")[0].lower()
    assume((dashes + rest).rstrip() != "---quit---" and not word.startswith("-"))
    if word not in DASH_WORDS:
        assert parse_line(dashes + rest) == TypedLine(dashes + rest)


@given(lines.filter(lambda line: not line.startswith(("/", "-"))))
def test_a_line_without_a_sign_is_itself(line: str) -> None:
    assert parse_line(line) == TypedLine(line)


@given(line_like.filter(lambda rest: rest[:1].isalpha()))
def test_both_signs_and_any_case_of_the_word_mean_the_same(rest: str) -> None:
    slash = parse_line("/" + rest)
    word, _, arguments = rest.partition(" ")
    assert parse_line("-" + rest) == (slash if word in DASH_WORDS else TypedLine("-" + rest))
    if not isinstance(slash, Malformed):
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
    "line",
    ["hi", "", " /who", "- well", "-5 degrees", "-", "---", "-1", "->", ":-)", "quit", "-dance", "--force",
     "--- a/help", "-----BEGIN PGP MESSAGE-----", "-list[0] = 1", "  -who", "---quit---now"],
)  # fmt: skip
def test_what_is_no_command(line: str) -> None:
    assert parse_line(line) == TypedLine(line)


@pytest.mark.parametrize(
    ("line", "request_"),
    [("--who", TypedLine("-who")), ("---Who is it", TypedLine("--Who is it")), ("//x", TypedLine("/x")),
     ("---quit---", Quit()), ("---quit--- ", Quit()), ("-disconnect", Quit()), ("/quit", Quit()),
     ("/exit Bye all", Quit("Bye all"))],
)  # fmt: skip
def test_how_to_leave_and_how_to_start_with_a_sign(line: str, request_: Request) -> None:
    assert parse_line(line) == request_


def test_an_unknown_command_is_named() -> None:
    request = parse_line("/Dance with me")
    assert request == Malformed("There is no command /Dance. /help all lists them.", "unknown-command")
    assert refused("/") == refused("/ who") == "unknown-command"


# ---- commands -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("/login alice", Login("alice")),
        ("/login alice open  sesame ", Login("alice", "open  sesame")),
        ("/register open sesame", Register("open sesame")),
        ("/nick Ann", ChangeNick("Ann")),
        ("/msg bob hi  there", SendMessage("hi  there", "bob")),
        ("-pm bob hi", SendMessage("hi", "bob")),
        ("/send bob hi", SendMessage("hi", "bob")),
        ("send bob hi", TypedLine("send bob hi")),
        ("/send user bob hi", SendMessage("hi", "bob")),
        ("/SEND USER bob hi", SendMessage("hi", "bob")),
        ("/pm user hi", SendMessage("hi", "user")),
        ("/msg #tea hi", SendMessage("hi", "#tea")),
        ("/msg bob /who", SendMessage("/who", "bob")),
        ("/me waves to bob", SendMessage("waves to bob", action=True)),
        ("/broadcast Cake for all", Announce("Cake for all")),
        ("/broadcast user bob,carol Cake", Announce("Cake", ("bob", "carol"))),
        ("/broadcast users bob, carol, dora Cake", Announce("Cake", ("bob", "carol", "dora"))),
        ("/broadcast user", Announce("user")),
        ("/join #tea", Join(("#tea",))),
        ("/join #tea,#milk", Join(("#tea", "#milk"))),
        ("/join #tea, #milk", Join(("#tea", "#milk"))),
        ("/join tea", Join(("tea",))),
        ("-ch #tea", Join(("#tea",), current=True)),
        ("/ch #tea #milk", Join(("#tea", "#milk"), current=True)),
        ("-ch", ListChannels()),
        ("/channels", ListChannels()),
        ("/part", Part()),
        ("/part #tea", Part(("#tea",))),
        ("/part #tea,#milk I go", Part(("#tea", "#milk"), "I go")),
        ("/leave Lunch time", Part((), "Lunch time")),
        ("/names", ListNames()),
        ("-list #tea", ListNames("#tea")),
        ("-list tea", ListNames("#tea")),
        ("/list main", ListNames("#main")),
        ("-list", Who()),
        ("-ch tea", Join(("#tea",), current=True)),
        ("-ch tea, #milk", Join(("#tea", "#milk"), current=True)),
        ("/broadcast user bob carol message hi both", Announce("hi both", ("bob", "carol"))),
        ("/broadcast users bob,carol Message hi", Announce("hi", ("bob", "carol"))),
        ("/broadcast user bob message", Announce("message", ("bob",))),
        ("/broadcast user bob the cake! message", Announce("the cake! message", ("bob",))),
        ("/broadcast user bob see: a message for all", Announce("see: a message for all", ("bob",))),
        ("/broadcast message hi", Announce("message hi")),
        ("/who", Who()),
        ("/whoelse", Who(others=True)),
        ("/wholast 5", WhoLast(5)),
        ("/wholast ٥", WhoLast(5)),
        ("/whois bob", WhoIs("bob")),
        ("/history", GetHistory()),
        ("/history 20", GetHistory(limit=20)),
        ("/history bob", GetHistory("bob")),
        ("/history #tea 20", GetHistory("#tea", 20)),
        ("/history 20 30", GetHistory("20", 30)),
        ("/inbox", GetInbox()),
        ("/block bob", Block("bob")),
        ("/unblock bob", Block("bob", on=False)),
        ("/blocked", ListBlocked()),
        ("/topic", Topic()),
        ("/topic All about tea", Topic("All about tea")),
        ("/topic -", Topic("-")),
        ("/away", SetAway()),
        ("/away At lunch", SetAway("At lunch")),
        ("/search tea time", Search("tea time")),
        ("/ping", Ping()),
        ("/ping 1 2", Ping("1 2")),
        ("/help", Help()),
        ("-help topic", Help("topic")),
    ],
)  # fmt: skip
def test_what_people_type(line: str, request_: Request) -> None:
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
    assert type(request) is Malformed
    assert "Usage: /" in request.reason


def test_where_a_join_moves_what_is_typed_goes_there() -> None:
    assert parse_line("/join #tea key", join_moves=True) == Join(("#tea",), current=True, keys=("key",))
    assert parse_line("/part #tea", join_moves=True) == Part(("#tea",))


# ---- secrets --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "shown"),
    [("/oper root pw", "/oper root "), ("/mode +k pw", "/mode +k "), ("/mode #a +lk 5 pw", "/mode #a +lk "),
     ("/mode #a +m +k pw", "/mode #a +m +k "), ("/mode k pw", "/mode k "), ("/password old new", "/password ")],
)  # fmt: skip
def test_a_secret_begins_where_the_table_says(line: str, shown: str) -> None:
    start = secret_start(line)
    assert start is not None and line[:start] == shown


@pytest.mark.parametrize(
    "line", ["/mode +k", "/mode +o bob", "/mode #kk +b x", "hi there", "/oper root", "/msg bob pw"]
)
def test_a_line_without_a_secret_hides_nothing(line: str) -> None:
    assert secret_start(line) is None


@pytest.mark.parametrize(
    ("line", "fields", "missing"),
    [("/oper root", {"name": "root"}, ["password"]), ("/register", {}, ["password"]),
     ("/password", {}, ["old", "password"])],
)  # fmt: skip
def test_a_command_that_lacks_only_secrets_is_completed_by_them(
    line: str, fields: dict[str, str], missing: list[str]
) -> None:
    unsaid = unsaid_secrets(line)
    assert unsaid is not None
    assert (unsaid.fields, [param.field for param in unsaid.params]) == (fields, missing)
    assert parse_line(f"{line} {' '.join('x' for _ in missing)}") == unsaid.request(["x"] * len(missing))


@pytest.mark.parametrize(
    "line", ["/oper", "/oper root pw", "/who", "register", "-register", "/login bob", "/nothing"]
)
def test_other_lines_lack_no_secret(line: str) -> None:
    assert unsaid_secrets(line) is None


@pytest.mark.parametrize("line", ["-j 4", "-w", "-? what", "-h", "-query"])
def test_a_dash_before_a_short_word_begins_an_option(line: str) -> None:
    assert parse_line(line) == TypedLine(line)
    assert not isinstance(parse_line("/" + line[1:]), TypedLine)


def test_a_slip_is_answered_with_what_was_meant() -> None:
    request = parse_line("/jion #main")
    assert isinstance(request, Malformed) and request.reason == (
        "There is no command /jion. Did you mean /join?"
    )
