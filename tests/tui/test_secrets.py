"""No password and no key that is typed is shown, or gets into a file, whatever else is done with the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.commands import COMMANDS
from tests.tui.scenes import Scene
from tui.connection.outbox import Outbox
from tui.disk.drafts import Drafts
from tui.disk.known_names import KnownNames
from tui.model.effects import Ask, EditOutside, Effect, GiveServerPassword, LogIn, Remember, Say
from tui.model.inputs import Paste
from tui.model.keymap import ACTIONS, CLIENT, LINE

SECRET = "s3kret"
STATES = ("online", "connecting", "offline", "refused")


def _example(param: Param) -> str:
    if param.secret:
        return SECRET
    return {Kind.CHANNEL: "#main", Kind.CHANNELS: "#main", Kind.NUMBER: "5"}.get(param.kind, "bob")


def lines() -> list[str]:
    """Every command of the table that takes a password or a key, with one."""
    found = []
    for command in COMMANDS:
        if any(param.secret for param in command.params):
            words = [_example(param) for param in command.params if param.line]
            found += [f"{sign}{word} {' '.join(words)}" for word in command.words for sign in "/-"]
    found += [f"/msg NickServ identify {SECRET}", f"/pm nickserv@services IDENTIFY {SECRET}"]
    return [*found, f"/mode +k {SECRET}", f"/mode #main +lk 5 {SECRET}", f"/mode #main +m +k {SECRET}"]


def commands() -> list[Command]:
    """The commands that ask for a password if it is left out."""
    return [
        one
        for one in COMMANDS
        if one.words and any(param.secret and param.must_be_typed for param in one.params)
    ]


KEYS = sorted(
    {key for one in ACTIONS if one.mode == LINE and one.owner == CLIENT for key in one.keys} | {"space"}
)


class Desk:
    """A client with its files below `directory`."""

    def __init__(self, directory: Path, state: str) -> None:
        self.directory = directory
        self.state = KnownNames(str(directory), "localhost").state("alice")
        self.drafts = Drafts(self.state)
        self.outbox = Outbox(self.state.outbox)
        self.scene = Scene()
        self.scene.online()
        self.scene.join("#main", "bob")
        self.scene.join("#ops", "bob")
        if state != "online":
            self.scene.hear({"response": "state", "state": state, "reason": ""})
        self.scene.effects.clear()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.carry_out(self.scene.press(key))

    def type(self, text: str) -> None:
        for char in text:
            self.press("space" if char == " " else char)
            assert SECRET not in self.scene.screen()

    def carry_out(self, effects: list[Effect]) -> None:
        """What is for a file is written, and what holds the secret is for the server."""
        for effect in effects:
            if isinstance(effect, Remember):
                self.state.remember(effect.room, effect.text)
            elif isinstance(effect, Say):
                self.outbox.add(effect.room, effect.text, self.scene.now, action=effect.action, id=effect.id)
            assert not isinstance(effect, EditOutside) or SECRET not in effect.text
            assert isinstance(effect, Ask | LogIn | GiveServerPassword) or SECRET not in repr(vars_of(effect))

    def check(self) -> None:
        assert SECRET not in self.scene.screen()
        self.drafts.keep_all(self.scene.model)
        for path in self.directory.rglob("*"):
            assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path


def vars_of(effect: Effect) -> list[object]:
    return [getattr(effect, name) for one in type(effect).__mro__ for name in getattr(one, "__slots__", ())]


@pytest.mark.parametrize("line", lines())
@pytest.mark.parametrize("state", STATES)
def test_a_line_with_a_password_is_neither_shown_nor_kept(line: str, state: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, state)
    desk.type(line)
    desk.check()
    desk.press("alt-2", "alt-1")
    desk.check()
    desk.press("enter")
    desk.check()
    desk.press("ctrl-u", "up", "up", "ctrl-r", "s", "3")
    desk.check()
    desk.outbox.close()


@example(line=f"/pass {SECRET}", state="online", keys=["ctrl-r"])
@given(
    line=st.sampled_from(lines()),
    state=st.sampled_from(STATES),
    keys=st.lists(st.sampled_from(KEYS), max_size=8),
)
def test_nothing_that_a_key_does_shows_or_keeps_it(
    tmp_path_factory: pytest.TempPathFactory, line: str, state: str, keys: list[str]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"), state)
    desk.carry_out(desk.scene.take(Paste(line)))
    for key in keys:
        desk.press(key)
        desk.check()
    desk.outbox.close()


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_a_password_that_is_asked_for_is_neither_shown_nor_kept(command: Command, tmp_path: Path) -> None:
    desk = Desk(tmp_path, "refused" if command.name == "pass" else "online")
    desk.scene.effects.clear()
    given_ = [_example(param) for param in command.params if param.line and not param.secret]
    desk.type(" ".join([f"/{command.words[0]}", *given_]))
    desk.press("enter")
    answers = 0
    while desk.scene.model.question is not None:
        desk.type(SECRET)
        desk.press("alt-2", "alt-1", "tab", "up", "ctrl-r", "ctrl-x")
        desk.check()
        desk.press("enter")
        answers += 1
    assert answers >= 1
    assert any(SECRET in repr(vars_of(effect)) for effect in desk.scene.effects), "it is given to the server"
    desk.check()
    desk.outbox.close()
