"""Several servers in one client: each has its rooms and its state; the list, the line and the screen are for all."""

from __future__ import annotations

import pytest

from tests.tui.scenes import Scene
from tui.model.effects import Ask, Connect, Disconnect, ForServer, LogIn, Quit, Reconnect, Say
from tui.model.inputs import Focus, Shown
from tui.model.model import Model


class Other(Scene):
    """A second server on the same desk. What the user does goes to the server on the screen."""

    def __init__(self, first: Scene, server: str = "chat.example", user: str = "alice2") -> None:
        self.model = Model(user, server, id_prefix=f"{server}-", beside=first.model)
        self.now = first.now
        self.effects = []
        self.latency_ms = None


@pytest.fixture
def home() -> Scene:
    scene = Scene()
    scene.online()
    scene.join("#main", "bob")
    scene.join("#ops", "bob")
    return scene


@pytest.fixture
def away(home: Scene) -> Other:
    scene = Other(home)
    scene.online()
    scene.join("#main", "carol")
    return scene


def test_rooms_stand_below_their_servers_and_their_numbers_run_through(home: Scene, away: Other) -> None:
    rows = [line[:15].rstrip() for line in home.screen().split("\n")[1:6]]
    assert rows == [" localhost", " 1 #main", " 2 #ops", " chat.example", " 3 #main"]


def test_a_number_leads_to_a_room_of_another_server(home: Scene, away: Other) -> None:
    home.press("alt-3")
    assert home.model.shown is away.model
    assert "[alice2] 3:#main" in away.screen()
    assert "● chat.example: connected" in away.screen()
    away.press("alt-2")
    assert home.model.shown is home.model
    assert home.model.current == "#ops"


def test_the_rooms_of_all_servers_are_gone_round(home: Scene, away: Other) -> None:
    seen = []
    for _ in range(4):
        (home if home.model.is_shown else away).press("alt-n")
        seen.append((home.model.desk.shown, home.model.shown.current))
    assert seen == [
        ("localhost", "#ops"), ("chat.example", "#main"), ("localhost", "#main"), ("localhost", "#ops"),
    ]  # fmt: skip


def test_the_room_before_may_be_on_another_server(home: Scene, away: Other) -> None:
    home.press("alt-2", "alt-3")
    away.press("alt-z")
    assert (home.model.desk.shown, home.model.current) == ("localhost", "#ops")
    home.press("alt-z")
    assert home.model.desk.shown == "chat.example"
    away.press("alt-1")
    home.press("alt-2", "alt-z")
    assert (home.model.desk.shown, home.model.current) == ("localhost", "#main")


def test_what_is_new_on_another_server_is_counted_and_gone_to(home: Scene, away: Other) -> None:
    away.says("carol", "alice2: hello")
    assert away.model.rooms["#main"].unread == 1
    assert "Act: 3!" in home.screen()
    home.press("alt-g")
    assert "#main on chat.example" in home.screen()
    home.press("escape", "alt-a")
    assert home.model.shown is away.model
    assert away.model.rooms["#main"].unread == 0


def test_what_is_done_for_a_server_names_it(home: Scene, away: Other) -> None:
    home.says("bob", "one")
    away.says("carol", "two")
    effects = [one for one in home.press("alt-3") if isinstance(one, ForServer)]
    assert [one.server for one in effects] == ["localhost", "chat.example"]
    asked = effects[-1]
    assert isinstance(asked, Ask)
    assert asked.id in away.model.asked
    assert asked.id not in home.model.asked
    assert asked.request == {"request": "read", "to": "#main", "seq": 1}


def test_a_line_goes_to_the_server_on_the_screen(home: Scene, away: Other) -> None:
    home.press("alt-3")
    said = [one for one in away.line("hi") if isinstance(one, Say)]
    assert [(one.room, one.server, one.id) for one in said] == [("#main", None, "chat.example-line-1")]
    assert away.model.rooms["#main"].pending
    assert not home.model.rooms["#main"].pending


def test_each_room_keeps_its_draft(home: Scene, away: Other) -> None:
    home.type("half")
    home.press("alt-3")
    away.type("other")
    away.press("alt-1")
    assert home.model.editor.text == "half"
    assert away.model.editor.text == "other"


def test_whoever_looks_at_one_server_reads_nothing_of_another(home: Scene, away: Other) -> None:
    away.says("carol", "hello")
    home.take(Focus(False))
    home.take(Focus(True))
    assert away.model.rooms["#main"].unread == 1


def test_a_server_that_is_lost_says_so_beside_its_name(home: Scene, away: Other) -> None:
    away.hear({"response": "state", "state": "offline", "reason": "Broken."})
    screen = home.screen()
    assert " chat.example ✗ │" in screen
    assert "● localhost: connected" in screen
    assert "chat.example: offline" in screen
    assert "Broken." in [
        away.model.rooms["#main"].log[i].text[:7] for i in range(away.model.rooms["#main"].log.end)
    ]


def test_a_question_is_that_of_its_server_and_names_it(home: Scene, away: Other) -> None:
    home.type("writing")
    away.hear(
        {"response": "state", "state": "refused", "reason": "Taken.", "needs": "name", "name": "alice2"}
    )
    assert home.model.question is None
    home.type(" on")
    assert home.model.editor.text == "writing on"
    assert " chat.example ? │" in home.screen()
    home.press("alt-3")
    assert "Your name on chat.example: alice2" in away.screen()
    away.press("alt-1")
    assert home.model.shown is home.model
    home.press("alt-3")
    away.press("ctrl-u")
    away.type("zoe")
    assert [one for one in away.press("enter") if isinstance(one, LogIn)] == [LogIn("zoe")]


def test_a_notification_names_the_server(home: Scene, away: Other) -> None:
    home.take(Focus(False))
    assert [one.text for one in away.says("carol", "alice2: hey") if hasattr(one, "text")] == [
        "carol in #main on chat.example: alice2: hey"
    ]


def test_connect_and_reconnect_are_for_the_shell(home: Scene) -> None:
    assert Connect("chat.example") in home.line("/connect chat.example")
    assert Reconnect() in home.line("/reconnect")
    home.line("/connect")
    assert home.model.hint.startswith("Usage: /connect")


def test_a_server_that_is_asked_for_is_shown(home: Scene, away: Other) -> None:
    away.take(Shown())
    assert home.model.shown is away.model


def test_whoever_leaves_a_server_sees_another_one(home: Scene, away: Other) -> None:
    home.press("alt-3")
    left = away.line("/disconnect")
    assert [one.server for one in left if isinstance(one, Disconnect)] == ["chat.example"]
    assert home.model.models == [home.model]
    assert home.model.is_shown
    assert "chat.example" not in home.screen().replace("Disconnected from chat.example.", "")


def test_a_server_can_be_left_by_its_name_and_the_last_one_ends_the_client(home: Scene, away: Other) -> None:
    home.line("/disconnect nowhere")
    assert home.model.hint == "You are not connected to nowhere, but to localhost, chat.example."
    home.press("ctrl-u")
    assert Disconnect() in home.line("/disconnect chat.example")
    assert home.model.is_shown
    assert Quit() in home.line("/disconnect")


def test_the_servers_are_completed(home: Scene, away: Other) -> None:
    home.type("/disconnect c")
    home.press("tab")
    assert home.model.editor.text == "/disconnect chat.example"


def test_a_long_name_of_a_server_keeps_its_port(home: Scene) -> None:
    other = Other(home, "a-host-with-a-long-name.example:12345")
    other.online()
    assert " a-host-with…:12345 │" in home.screen()


def test_quitting_asks_about_the_lines_that_wait_on_any_server(home: Scene, away: Other) -> None:
    home.press("alt-3")
    away.hear({"response": "state", "state": "offline", "reason": ""})
    away.line("later")
    away.press("alt-1")
    assert home.line("/quit") == []
    assert home.model.hint.startswith("1 line not sent yet")
    assert Quit() in home.press("enter")


def test_words_that_count_as_a_mention_do_so_everywhere(home: Scene, away: Other) -> None:
    home.line("/highlight cake")
    away.says("carol", "there is cake")
    assert away.model.rooms["#main"].mentions == 1


def test_one_server_looks_as_if_there_were_no_others(home: Scene) -> None:
    screen = home.screen()
    assert " localhost" not in screen.split("\n")[1]
    assert "● connected" in screen
