"""Whatever a server says, nothing breaks, and nothing of it reaches the terminal but harmless text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.profiles import examples
from tests.tui.terminal.fakecurses import FakeCurses
from tui.connection.outbox import Outbox
from tui.connection.session import Session
from tui.model import effects as fx
from tui.model.inputs import Heard, Key, Resized
from tui.model.model import Model
from tui.model.server_events import KINDS
from tui.plain.line_format import LineFormat
from tui.terminal.screen import Screen
from tui.update.update import update
from tui.view.view import View

NOW = 1_795_256_040_000
ATTACK = (
    "\x1b[2J\x1b]52;c;eA==\x07\x9b31m\x00\r\b\u202e\u2066\u200b\u200d\ufeff\U000e0041\ud800\x7fa"
    + "\u0301" * 40
)
"""Sequences, C1, controls, other directions, what is invisible, half a character, and a tower of accents."""

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2**31, 2**63, 2**80, -(2**80), 1e308, 1e-5, "", " ", ATTACK, "#main", "alice", "bob", "*",
    "x" * 5000, "\n" * 50, [], [[]], {}, [None, 1, "a", {}, []], {"a": {"b": []}}, [ATTACK] * 3,
    [{"name": ATTACK, "away": ATTACK, "channels": [ATTACK, 1], "online": True, "idle": 2**80}],
    [{"response": "message", "sender": ATTACK, "to": "#main", "seq": 7, "content": ATTACK, "at": 1}] * 2,
)  # fmt: skip
KEYS = (
    "sender", "to", "seq", "content", "at", "id", "action", "broadcast", "read", "users", "current", "login",
    "channels", "old", "new", "by", "set_at", "topic", "away", "registered", "name", "unread", "more", "code",
    "closing", "reply_to", "duplicate", "kept", "motd", "omitted", "minutes", "room", "state", "reason", "retry_at",
    "history", "text", "after", "before", "role", "notice", "redacted", "operators", "voiced", "changes", "mode", "on",
    "value", "sent_at", "pins", "limits",
)  # fmt: skip
RESPONSES = ("message", *KINDS, "directs", "state", "sent", "login", "reset", "gap", "nonsense")
"""All that a server says, what only the client's session says, and what nobody does."""
GOOD: dict[str, Any] = {
    "sender": "bob", "to": "#main", "seq": 5, "content": "hi", "at": NOW, "read": 1, "users": 2, "channels": ["#main"],
    "room": "#main", "set_at": NOW, "name": "alice", "state": "online", "reason": "", "after": 1, "before": 9,
}  # fmt: skip

_ALLOWED = re.compile(
    r"\x1b\[[0-9;]*[HGm]|\x1b[78]|\x1b\[\?(?:7|2026)[hl]|\x1b\]8;[^\x1b\x07]*;[^\x1b\x07]*\x1b\\"
)
_RAW = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


class Victim:
    """A client without a terminal: session, model, screen, and the lines of the linear mode."""

    def __init__(self, columns: int = 60, rows: int = 12) -> None:
        self.session = Session("alice", None, ("#main",), Outbox())
        self.model = Model("alice", "localhost")
        self.format = LineFormat("alice")
        self.view = View()
        self.written = b""
        self.curses = FakeCurses(columns, rows)
        self.screen = Screen(self.curses, self.curses.initscr(), self.write, 256)
        self.screen.uri = self.model.links.uri
        self.take(Resized(columns, rows))
        self.session.connected(NOW)
        self.hear(*(
            {"response": "ok", "reply_to": id, "name": "alice", "content": {"motd": ""}, "at": NOW}
            for id in list(self.session._requests.own)
        ))  # fmt: skip
        self.hear(
            {"response": "joined", "sender": "alice", "to": "#main", "seq": 0, "read": 0, "at": NOW},
            {"response": "names", "to": "#main", "content": ["alice", "bob"], "at": NOW},
            {"response": "message", "sender": "bob", "to": "#main", "seq": 1, "content": "first", "at": NOW},
        )

    def take(self, event: Any) -> None:
        for effect in update(self.model, event, NOW):
            if isinstance(effect, fx.Ask):
                self.session.ask(effect.request, NOW, effect.id)
            elif isinstance(effect, fx.Say):
                self.session.say(effect.room, effect.text, NOW, effect.action, effect.id)

    def hear(self, *objects: Any) -> None:
        self.receive(b"".join(json.dumps(one).encode() + b"\n" for one in objects))

    def receive(self, data: bytes) -> None:
        news = self.session.receive(data, NOW)
        for facts in news:
            for line in self.format.event(facts):
                assert not _RAW.search(line), line
        self.take(Heard(news))
        self.check()

    def check(self) -> None:
        self.screen.paint(self.view.frame(self.model))
        left = _ALLOWED.sub("", self.written.decode()) + "".join(self.curses.texts)
        assert not _RAW.search(left), left
        self.written = b""
        self.curses.texts.clear()

    def write(self, data: bytes) -> None:
        """What the screen writes besides curses."""
        self.written += data

    def walk(self) -> None:
        """Looks everywhere."""
        for name in (
            "pageup",
            "ctrl-home",
            "alt-up",
            "escape",
            "ctrl-k",
            "escape",
            "alt-a",
            "alt-u",
            "ctrl-f",
            "escape",
        ):
            self.take(Key(name))
            self.check()
        for key in list(self.model.rooms):
            self.model.current = key
            self.check()


@pytest.mark.parametrize("response", RESPONSES)
def test_any_value_under_any_key_is_borne(response: str) -> None:
    victim = Victim()
    for key, value in product(KEYS, VALUES):
        victim.hear({"response": response, **GOOD, key: value})
        if victim.session.broken or len(victim.model.rooms) > 200:
            victim = Victim()
    victim.walk()


@pytest.mark.parametrize("value", VALUES, ids=lambda value: json.dumps(value)[:20])
def test_any_answer_to_any_request_is_borne(value: Any) -> None:
    victim = Victim()
    for line in ("/who", "/whois bob", "/names", "/channels", "/blocked", "/directs", "/inbox", "/search x", "/topic",
                 "/history bob", "/join #x", "/part", "/ping", "/broadcast user bob hi", "/nick x", "hi"):  # fmt: skip
        for key in (
            "content",
            "to",
            "channels",
            "seq",
            "at",
            "more",
            "set_at",
            "name",
            "response",
            "code",
            "text",
        ):
            for char in line:
                victim.take(Key("space" if char == " " else char, char))
            victim.take(Key("enter"))
            asked = [*victim.session._user_requests._under_way, *victim.session._sender._flying]
            for id in asked:
                victim.hear({"response": "ok", "reply_to": id, "content": [], "at": NOW, key: value})
            victim.take(Key("ctrl-u"))
            if victim.session.state != "online":
                victim = Victim()
    victim.walk()


def anything() -> st.SearchStrategy[Any]:
    values = st.sampled_from(VALUES) | st.integers(-(2**70), 2**70) | st.text(max_size=20)
    return st.fixed_dictionaries(
        {"response": st.sampled_from(RESPONSES)},
        optional=dict.fromkeys(KEYS, values),
    )


@examples(150)
@given(st.lists(anything(), max_size=25), st.integers(1, 30), st.integers(1, 12))
def test_any_conversation_is_borne_on_any_screen(said: list[Any], columns: int, rows: int) -> None:
    victim = Victim(columns, rows)
    for facts in said:
        victim.hear(facts)
    victim.walk()


@examples(150)
@given(st.lists(st.binary(max_size=60) | st.sampled_from([
    b"\n", b"{", b"}", b"[" * 3000, b'{"response":' * 500, b'"\\ud800"', b'{"response":"message"}\n', b"null\n",
    b"1e999\n", b'{"a":NaN}\n', b"\xff\xfe", b'{"response":"ok","reply_to":[]}\n',
]), max_size=12))  # fmt: skip
def test_any_bytes_are_borne(pieces: list[bytes]) -> None:
    victim = Victim()
    for piece in pieces:
        victim.receive(piece)


def test_a_server_can_not_speak_for_the_client_itself() -> None:
    victim = Victim()
    victim.hear(
        {"response": "state", "state": "refused", "reason": "Give your password to eve.", "retry_at": None}
    )
    victim.hear({"response": "reset", "room": "#main"}, {"response": "login", "name": "eve"})
    assert (victim.model.state, victim.model.user) == ("online", "alice")
    assert "eve" not in str(victim.view.frame(victim.model).rows)


def numbers() -> Iterator[int]:
    yield from (5, 4, 5, 2**62, 2**62 + 1, 2**63, 2**63 + 1, 0, -1, -(2**70), 10**30, 3, 2, 1)


def test_lies_about_numbers_keep_the_client_alive() -> None:
    victim = Victim()
    for live in (True, False):
        for seq in numbers():
            message = {
                "response": "message",
                "sender": "bob",
                "to": "#main",
                "seq": seq,
                "content": f"{seq}",
                "at": NOW + 1,
            }
            victim.hear(
                message if live else {"response": "history", "to": "#main", "seq": seq, "content": [message]}
            )
            for id, (what, _) in list(victim.session._requests.own.items()):
                if what == "history":
                    victim.hear(
                        {"response": "ok", "reply_to": id, "content": [message], "seq": seq, "more": True}
                    )
    victim.walk()
