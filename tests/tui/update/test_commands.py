"""Commands: the client's own, and each of the server's as the request that the protocol describes."""

from __future__ import annotations

from typing import Any

import pytest

from evchat.protocol.commands import COMMANDS
from tests.tui.scenes import Scene, morning
from tui.model.effects import Ask, LogIn, Quit, Save, Say, UseMouse
from tui.model.local_commands import LOCAL_COMMANDS
from tui.text.theme import LIGHT
from tui.update.commands import HANDLERS


def asked(scene: Scene, text: str) -> list[dict[str, Any]]:
    return [effect.request for effect in scene.line(text) if isinstance(effect, Ask)]


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("/join #a,#b", {"request": "join", "content": ["#a", "#b"]}),
        ("/ch #a", {"request": "join", "content": ["#a"], "current": True}),
        ("/part", {"request": "part", "content": "#main"}),
        ("/part #ops bye all", {"request": "part", "content": ["#ops"], "reason": "bye all"}),
        ("/nick alicia", {"request": "nick", "content": "alicia"}),
        ("/away lunch", {"request": "away", "content": "lunch"}),
        ("/away", {"request": "away"}),
        ("/who", {"request": "who"}),
        ("/whoelse", {"request": "whoelse"}),
        ("/wholast 5", {"request": "wholast", "content": 5}),
        ("/whois bob", {"request": "whois", "content": "bob"}),
        ("/names", {"request": "names", "content": "#main"}),
        ("/names #ops", {"request": "names", "content": "#ops"}),
        ("/channels", {"request": "channels"}),
        ("/topic Tea", {"request": "topic", "content": "Tea", "to": "#main"}),
        ("/topic", {"request": "topic", "to": "#main"}),
        ("/history bob 5", {"request": "history", "to": "bob", "limit": 5}),
        ("/history 5", {"request": "history", "limit": 5, "to": "#main"}),
        ("/search cake", {"request": "search", "content": "cake"}),
        ("/inbox", {"request": "inbox", "keep": True}),
        ("/directs", {"request": "directs"}),
        ("/block bob", {"request": "block", "content": "bob"}),
        ("/unblock bob", {"request": "unblock", "content": "bob"}),
        ("/blocked", {"request": "blocked"}),
        ("/register s3cret", {"request": "register", "password": "s3cret"}),
        ("/broadcast user bob,carol hi", {"request": "broadcast", "to": ["bob", "carol"], "content": "hi"}),
        ("-who", {"request": "who"}),
    ],
)
def test_a_command_is_the_request_of_the_protocol(line: str, request_: dict[str, Any]) -> None:
    assert asked(morning(), line) == [request_]


def test_every_command_of_the_server_that_can_be_typed_does_something() -> None:
    samples = {"text": "x", "word": "x", "user": "bob", "channel": "#a", "place": "bob", "users": "bob",
               "channels": "#a", "number": "5", "any": "x"}  # fmt: skip
    for command in COMMANDS:
        for word in command.words:
            scene = morning()
            values = [
                f"{p.marker} {samples[p.kind.name.lower()]}".strip()
                for p in command.params
                if p.must_be_typed
            ]
            done = scene.line(" ".join(["/" + word, *values]))
            assert done or scene.model.page or scene.model.hint, word


def test_what_is_wrong_is_said_and_the_line_stays() -> None:
    scene = morning()
    for line, words in (
        ("/wholast", "Usage: /wholast minutes"),
        ("/frobnicate", "There is no command /frobnicate."),
        ("/msg bob", "Usage: /msg name text"),
        ("/me", "Usage"),
        ("/broadcast user bob", "/broadcast"),
        ("/theme pink", "The themes are"),
        ("/notify loud", "Usage"),
        ("/query", "Usage"),
        ("/login -x", "can't start with a hyphen"),
    ):
        assert scene.line(line) == []
        assert words in scene.screen()
        assert scene.model.editor.text == line
        scene.press("ctrl-u")


def test_without_a_connection_a_request_waits_in_the_line() -> None:
    scene = morning()
    scene.hear({"response": "state", "state": "offline"})
    assert scene.line("/who") == []
    assert scene.model.editor.text == "/who"
    assert "You are not connected;" in scene.screen()


def test_messages_by_command_are_lines_like_others() -> None:
    scene = morning()
    for line, effect in (
        ("/msg bob hi there", Say("bob", "hi there")),
        ("/send user bob hi", Say("bob", "hi")),
        ("/msg #ops hi", Say("#ops", "hi")),
        ("/me waves", Say("#main", "waves", True)),
        ("/broadcast fire", Say("*", "fire")),
    ):
        assert effect in scene.line(line)


def test_commands_of_the_program_itself() -> None:
    scene = morning()
    assert UseMouse(True) in scene.line("/mouse")
    assert Save() in scene.line("/save")
    assert LogIn("robert", "pass word") in scene.line("/login robert pass word")
    scene.line("/theme light")
    assert scene.model.theme is LIGHT
    scene.line("/clear")
    assert "did anyone see" not in scene.screen()
    scene.line("/highlight build, deploy")
    assert scene.model.mentions("the build")
    scene.line("/highlight -")
    assert not scene.model.mentions("the build")
    scene.line("/notify none")
    assert scene.model.room.level == "none"


def test_a_conversation_is_opened_with_what_was_said_before() -> None:
    scene = morning()
    done = scene.line("/query dave")
    assert scene.model.current == "dave"
    assert Ask({"request": "history", "to": "dave", "limit": 100}, "history", "dave") in done
    assert "Direct conversation with dave" in scene.screen()
    assert asked(scene, "/query #other") == [{"request": "join", "content": ["#other"]}]


def test_a_room_is_left_and_forgotten_when_the_server_agrees() -> None:
    scene = morning()
    scene.press("alt-2")
    scene.line("/close")
    id = next(id for id, purpose in scene.model.asked.items() if purpose[-1] == "part")
    scene.hear({"response": "ok", "reply_to": id, "content": "You left #ops.", "channels": ["#ops"]})
    assert scene.model.current == "#main"
    assert "#ops" not in scene.model.rooms


def test_a_room_that_is_joined_is_gone_to() -> None:
    scene = morning()
    scene.line("/join #new")
    id = next(id for id, purpose in scene.model.asked.items() if purpose[-1] == "join")
    scene.hear({"response": "ok", "reply_to": id, "content": None, "channels": ["#new"]})
    assert scene.model.current == "#new"


def test_an_error_is_shown_where_it_was_caused() -> None:
    scene = morning()
    scene.line("/whois nobody")
    id = next(id for id, purpose in scene.model.asked.items() if purpose[-1] == "whois")
    scene.press("alt-2")
    scene.hear({"response": "error", "reply_to": id, "content": "Nobody has that name."})
    assert "Nobody has that name." not in scene.screen()
    scene.press("alt-1")
    assert "✗      Nobody has that name." in scene.screen()


def test_own_commands_have_names_of_their_own_and_say_what_they_do() -> None:
    words = [local.word for local in LOCAL_COMMANDS]
    assert len(set(words)) == len(words)
    assert set(HANDLERS) == set(words)
    assert all(
        local.summary.endswith(".") and local.usage.startswith("/" + local.word) for local in LOCAL_COMMANDS
    )


@pytest.mark.parametrize("line", ["---quit---", "---quit---  "])
def test_the_oldest_goodbye_ends_the_program(line: str) -> None:
    assert Quit() in morning().line(line)
    assert Say("#main", "--quit--- now") in morning().line("---quit--- now")


def test_who_is_not_let_in_takes_another_name_by_nick_too() -> None:
    scene = Scene()
    scene.hear({"response": "state", "state": "refused", "reason": "The name alice is taken."})
    assert LogIn("zoe", None) in scene.line("/nick zoe")
    scene.line("/who")
    assert "You are not logged in." in scene.screen()


def test_bare_shows_the_messages_alone_until_it_is_ended() -> None:
    scene = morning(100, 12)
    whole = scene.screen()
    scene.line("/bare")
    assert "Esc shows everything again." in scene.screen()
    scene.press("left")
    lines = scene.screen().splitlines()
    assert lines[1].startswith("10:14 bob did anyone see") and not any("│" in line for line in lines)
    assert lines[-1] == ">" and "connected" not in scene.screen()
    scene.press("escape")
    assert scene.screen() == whole
    scene.press("f9", "f9")
    assert scene.screen() == whole


def test_a_theme_that_was_chosen_is_saved() -> None:
    scene = morning()
    assert scene.model.chosen_theme == ""
    scene.line("/theme light")
    assert scene.model.chosen_theme == "light"
