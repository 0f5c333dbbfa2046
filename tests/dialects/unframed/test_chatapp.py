"""Clients of `chatapp` compare three words, and know channels without their sign."""

from __future__ import annotations

from dataclasses import replace

from evchat.dialects.unframed.chatapp import ChatappDialect
from evchat.protocol.basics import Failed, Help, HungUp, Stopping
from evchat.protocol.channels import Join, Joined, Left, ListChannels, ListNames
from evchat.protocol.login import Disconnected, LoggedIn, LoggedOut, Login, Quit
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.people import Who
from evchat.protocol.typed_lines import NamePrompt, TypedLine
from tests.dialects.samples import AT, HI, LUNCH, WAVES


def welcomed() -> ChatappDialect:
    chatapp = ChatappDialect()
    chatapp.answer(LoggedIn(AT, None, "carl", False, "#main", ()))
    return chatapp


def test_its_words_are_frames_alone() -> None:
    chatapp = ChatappDialect()
    assert chatapp.encode(NamePrompt(AT)) == b"NAME\n"
    assert chatapp.answer(Failed(AT, None, "name-taken", "The name is taken.")) == b"INVALID_NAME\n"
    assert chatapp.answer(LoggedIn(AT, None, "carl", False, "#main", ())).startswith(b"Hello carl, ")
    assert chatapp.answer(Failed(AT, None, "empty", "The message is empty.")) == b"The message is empty.\n"
    assert chatapp.answer(LoggedOut(AT, None)) == b"You are logged out. What is your name?\nNAME\n"
    assert chatapp.answer(LoggedOut(AT, None, closing=True)) == b"DISCONNECT\n"
    assert chatapp.answer(HungUp(AT, "idle", "Too quiet.")) == b"Too quiet.\nDISCONNECT\n"
    assert chatapp.encode(Stopping(AT, "Going down.")) == b"Going down.\nDISCONNECT\n"


def test_nobody_else_can_say_them() -> None:
    chatapp = ChatappDialect()
    assert chatapp.encode(replace(HI, text="DISCONNECT")) == b"[main] alice: DISCONNECT\n"
    assert chatapp.frames(["DISCONNECT", "NAME"]) == b"'DISCONNECT'\n'NAME'\n"


def test_until_the_login_a_line_is_a_name_even_where_others_are_asked_for_a_password() -> None:
    chatapp = ChatappDialect()
    assert chatapp.receive(b"carl") == [Login("carl")]
    assert chatapp.receive(b"-help") == [Help()]
    assert welcomed().receive(b"carl") == [TypedLine("carl")]


def test_its_commands_mean_what_its_users_mean() -> None:
    said = {
        b"-help pm": Help("pm"),
        b"-pm bob hi there": SendMessage("hi there", "bob"),
        b"-list": Who(),
        b"-list dev": ListNames("#dev"),
        b"-ch": ListChannels(),
        b"-ch dev": Join(("#dev",), current=True),
        b"-broadcast lunch": Announce("lunch"),
        b"-disconnect": Quit(),
    }
    for line, request in said.items():
        assert welcomed().receive(line) == [request]


def test_channels_have_no_sign_and_main_goes_without_saying() -> None:
    chatapp = ChatappDialect()
    assert chatapp.encode(HI) == b"[main] alice: hi all\n"
    assert chatapp.encode(replace(HI, to="#dev")) == b"[dev] alice: hi all\n"
    assert chatapp.encode(WAVES) == b"[private] * alice waves\n"
    assert chatapp.encode(LUNCH) == b"[broadcast] alice: lunch!\n"
    assert chatapp.encode(Joined(AT, "bob", "#Main")) == b"bob joined!\n"
    assert chatapp.encode(Joined(AT, "bob", "#dev")) == b"[dev] bob joined!\n"
    assert chatapp.encode(Left(AT, "bob", "#dev", "x")) == b"[dev] bob left!\n"
    assert chatapp.encode(Disconnected(AT, "bob", "Quit.")) == b"bob left!\n"
