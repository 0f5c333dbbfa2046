"""The client's own commands in the linear mode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tui.model.server_events import Message
from tui.plain.own_commands import OwnCommands
from tui.settings import load


class Desk:
    """The commands of a user, and what comes of them."""

    def __init__(self, directory: Path, **given: Any) -> None:
        self.entered: list[str] = []
        self.told: list[tuple[str, bool]] = []
        environ = dict.fromkeys(
            ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA"), str(directory)
        )
        settings = load({"server": "localhost", "user": "alice", **given}, environ)
        self.discarded = 0
        self.own = OwnCommands(
            settings, self.entered.append, lambda text, error: self.told.append((text, error)), self.discard
        )

    def discard(self) -> None:
        self.discarded += 1

    def line(self, text: str) -> bool:
        return self.own.take(text)

    def saw(self, sender: str, text: str, to: str = "#main") -> bool:
        return self.own.saw(Message({"sender": sender, "to": to, "content": text}), "alice")

    def rings(self, sender: str, text: str, to: str = "#main", **facts: Any) -> bool:
        return self.own.is_for(Message({"sender": sender, "to": to, "content": text}, **facts), "alice")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_conversation_is_begun_with_a_user(desk: Desk) -> None:
    assert desk.line("/query bob")
    assert desk.entered == ["bob"]
    assert desk.line("/query")
    assert desk.told[-1] == ("Usage: /query name", True)
    assert desk.own.meant("/query #dev") == "/join #dev"


def test_what_waits_is_discarded(desk: Desk) -> None:
    assert desk.line("/discard")
    assert desk.discarded == 1


def test_help_is_a_short_page_and_knows_the_commands_of_the_client(desk: Desk) -> None:
    assert desk.line("/help")
    page = [text for text, error in desk.told if not error]
    assert (
        len(page) <= 18
        and page[1].startswith("/msg NAME TEXT: ")
        and page[-1].startswith("/help SUBJECT: talking")
    )
    assert any(text.startswith("/discard: ") for text in page)
    desk.told.clear()
    assert desk.line("/help /query")
    assert [text for text, _ in desk.told] == ["/query name: Opens a conversation with a user."]
    assert not desk.line("/help rooms") and not desk.line("/help msg"), "the server answers"


def test_other_lines_are_not_its_business(desk: Desk) -> None:
    assert not any(map(desk.line, ("hello", "/who", "query bob", "//query bob", "/me waves")))


def test_links_are_listed_the_latest_last_and_each_once(desk: Desk) -> None:
    desk.line("/urls")
    assert desk.told.pop() == ("There are no links here.", False)
    for text in ("see https://a.example/1", "and https://b.example/2", "again https://a.example/1"):
        desk.saw("bob", text)
    desk.line("/urls")
    assert [text for text, _ in desk.told] == ["https://b.example/2", "https://a.example/1"]


def test_whoever_is_ignored_is_not_read_also_the_next_time(desk: Desk, tmp_path: Path) -> None:
    desk.line("/ignore Bob")
    assert not desk.saw("bob", "hello")
    assert desk.saw("carol", "hello")
    again = Desk(tmp_path)
    assert not again.saw("BOB", "hello")
    again.line("/unignore bob")
    assert again.saw("bob", "hello")
    assert Desk(tmp_path).saw("bob", "hello")


def test_the_bell_is_for_mentions_and_direct_messages(tmp_path: Path) -> None:
    desk = Desk(tmp_path, words=["cake"])
    assert desk.rings("bob", "hello Alice")
    assert desk.rings("bob", "there is cake")
    assert desk.rings("bob", "psst", to="alice")
    assert not desk.rings("bob", "hello all")
    assert not desk.rings("alice", "I am alice")
    assert not desk.rings("bob", "hello alice", history=True)


def test_aliases_stand_for_their_texts(tmp_path: Path) -> None:
    (tmp_path / "evchat").mkdir()
    (tmp_path / "evchat" / "tui.toml").write_text('[aliases]\nj = "/join $*"\n')
    desk = Desk(tmp_path)
    assert desk.own.meant("/j #dev") == "/join #dev"
    assert desk.own.meant("j #dev") == "j #dev"
