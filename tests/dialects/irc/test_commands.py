"""What a client of IRC asks for: every command there is, and what comes of any line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc import help_text
from evchat.dialects.irc.commands import COMMANDS, requests
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.irc.line import Line, parse
from evchat.dialects.irc.local_requests import Local
from evchat.protocol.authentication import ChangePassword, ResetPassword, Unregister
from evchat.protocol.base import Request
from evchat.protocol.basics import LocalReply, Ping, ReplyLocally
from evchat.protocol.channels import Join, Part, Topic
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.login import Introduce, Quit
from evchat.protocol.membership import Invite, Kick
from evchat.protocol.messages import SendMessage
from evchat.protocol.modes import ChannelMode
from evchat.protocol.operators import Oper
from evchat.protocol.people import SetAway, WhoIs
from evchat.protocol.server_bans import BanFromServer
from evchat.protocol.user_settings import UserMode
from evchat.settings.model import Config, Limits
from tests.dialects.anything import legal_texts
from tests.dialects.irc.wire import dialect, unharmed

words = st.one_of(
    st.sampled_from(
        ["", "#main", "#a,#b", "alice", "a,b,c,d,e,f", "@#main", "+#main", "*", "LS", "REQ", "+b", "0", "302",
         "timestamp=2026-01-01T00:00:00.000Z",
         "msgid=1-2-3", "PLAIN", "+", "\x01VERSION\x01", "\x01ACTION x\x01", "%tcuihsnfdlaor,1", "L", "-"]
    ),
    legal_texts.filter(lambda text: not set(text) & set("\r\n\0")),
)  # fmt: skip
any_line = st.builds(
    Line,
    st.sampled_from([*COMMANDS, "AUTHENTICATE", "BATCH", "NONSENSE"]),
    st.lists(words, max_size=5).map(tuple),
)


def asked(text: str) -> list[Request]:
    line = parse(text)
    assert line is not None
    return requests(line, Limits())


def locally(text: str) -> list[str]:
    """The words of the dialect's own that a line comes to."""
    return [
        x.payload.what for x in asked(text) if isinstance(x, ReplyLocally) and isinstance(x.payload, Local)
    ]


@given(any_line)
def test_any_line_is_one_request_at_least(line: Line) -> None:
    assert requests(line, Limits())


@given(any_line, st.booleans())
def test_whatever_a_client_says_of_itself_is_answered_in_lines(line: Line, welcomed: bool) -> None:
    client = dialect() if welcomed else IrcDialect(Config())
    text = " ".join([line.command, *(word.replace(" ", "").lstrip(":") for word in line.params)])
    for request in client.receive(text.encode() + b"\r\n"):
        if isinstance(request, ReplyLocally):
            pass

            unharmed(client.answer(LocalReply(0, request.payload)))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_without_its_parameters_is_told_so(name: str) -> None:
    for count in range(COMMANDS[name].least):
        assert locally(" ".join([name, *["x"] * count])) == ["lacking"]


@pytest.mark.parametrize("line", ["WHOIS a,b,c,d,e,f :", "WHOIS x a,b,c,d,e,f y", "WHOIS a,b,c,d,e,f"])
def test_too_many_users_to_ask_about_are_told_wherever_they_stand(line: str) -> None:
    parsed = parse(line)
    assert parsed is not None
    *users, told = requests(parsed, Limits(max_targets=5))
    assert users == [WhoIs(name) for name in "abcde"]
    assert told == ReplyLocally(Local("too-many-targets", ("f",)))


def test_help_speaks_of_what_there_is() -> None:
    pages = [help_text.page(subject) or () for subject in ("", "all", *help_text.GROUPS)]
    spoken = {word.strip(",.;:()") for lines in pages for line in lines for word in line.split()}
    assert {word for word in spoken if word.isupper() and word in COMMANDS} >= {
        "JOIN",
        "LIST",
        "REGISTER",
        "OPER",
    }


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("PRIVMSG bob :hi", SendMessage("hi", "bob")),
        ("NOTICE #main :hi", SendMessage("hi", "#main", notice=True)),
        ("PRIVMSG @#main :hi", SendMessage("hi", "#main", role="o")),
        ("PRIVMSG bob :\x01ACTION waves\x01", SendMessage("waves", "bob", True)),
        ("PRIVMSG bob :\x01VERSION\x01", SendTagMessage("bob", text="\x01VERSION\x01")),
        ("NOTICE bob :\x01VERSION x 1\x01", SendTagMessage("bob", text="\x01VERSION x 1\x01", notice=True)),
        ("@+typing=active TAGMSG #main", SendTagMessage("#main", (("+typing", "active"),))),
        ("JOIN #main", Join(("#main",), keys=("",))),
        ("JOIN 0", Part(everything=True)),
        ("PART #main :bye", Part(("#main",), "bye")),
        ("TOPIC #main", Topic(None, "#main")),
        ("TOPIC #main :", Topic("", "#main")),
        ("MODE #main", ChannelMode(None, "#main")),
        ("MODE #main +b-v a!*@* bob", ChannelMode("+b-v a!*@* bob", "#main")),
        ("MODE alice +i", UserMode("+i", "alice")),
        ("KICK #main bob :spam", Kick("bob", "spam", "#main")),
        ("INVITE bob #main", Invite("bob", "#main")),
        ("AWAY :lunch", SetAway("lunch")),
        ("AWAY", SetAway(None)),
        ("QUIT :bye", Quit("bye")),
        ("PING 17", Ping("17")),
        ("OPER root secret", Oper("root", "secret")),
        ("PASSWORD old :a new one", ChangePassword("old", "a new one")),
        ("UNREGISTER :my secret", Unregister("my secret")),
        ("RESETPASSWORD bob :a new one", ResetPassword("bob", "a new one")),
        ("KLINE 60 mallory :spam", BanFromServer("mallory", 60, "spam")),
    ],
)
def test_a_line_is_this_request(text: str, request_: Request) -> None:
    assert asked(text) == [request_]


def test_one_line_reaches_a_few_at_most() -> None:
    everybody = ",".join("abcdefgh"[: Limits().max_targets + 1])
    assert locally(f"PRIVMSG {everybody} :hi") == ["too-many-targets"]
    assert len(asked("PRIVMSG a,b :hi")) == 2


def test_a_username_is_made_legal_rather_than_refused() -> None:
    assert asked("USER r\u00f6o!t@x 0 * :Real Name") == [Introduce(username="~rotx", realname="Real Name")]
    assert asked("USER \u00f6 0 * :x")[-1] == Introduce(username="~user", realname="x")


@given(any_line)
def test_no_request_has_an_id_which_only_clients_that_send_again_give(line: Line) -> None:
    assert all(request.id is None for request in requests(line, Limits()))
