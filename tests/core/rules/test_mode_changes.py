"""A change of modes is made or refused by itself, and its undo leaves no trace."""

from __future__ import annotations

from evchat.core.errors import Refused
from evchat.core.rules import mode_changes
from evchat.protocol.modes import Change, parse
from tests.core.playbook import Playbook, snapshot
from tests.core.rooms import room


def apply(play: Playbook, *changes: Change) -> tuple[tuple[Change, ...], list[str]]:
    problems: list[Refused] = []
    channel = play.chat.state.channels["#tea"]
    done, undo = mode_changes.apply(play.chat.context, channel, "alice", changes, problems, play.now)
    after = snapshot(play.chat)
    for step in reversed(undo):
        step()
    before = snapshot(play.chat)
    assert (before == after) is not bool(done)
    return done, [problem.code for problem in problems]


def test_every_kind_of_change_can_be_undone() -> None:
    play = room("bob")
    before = snapshot(play.chat)
    good, _ = parse("+mtk-n+lbo key 20 x!*@* bob")
    done, problems = apply(play, *good)
    assert len(done) == len(good) and problems == [] and snapshot(play.chat) == before


def test_what_changes_nothing_is_left_out_and_what_is_wrong_is_told() -> None:
    play = room("bob")
    assert apply(play, Change(True, "n"), Change(True, "l", "0"), Change(True, "o", "nobody")) == (
        (),
        ["bad-value", "no-such-user"],
    )


def test_an_entry_with_an_end_can_be_given_another() -> None:
    play = room("bob")
    channel = play.chat.state.channels["#tea"]
    for until in (play.now + 60_000, 0, play.now + 120_000):
        change = Change(True, "b", "m:bob!*@*", until, "bob")
        assert mode_changes.apply(play.chat.context, channel, "alice", [change], [], play.now)[0] == (change,)
        assert channel.lists["b"]["m:bob!*@*"].until == until
        assert bool(play.chat.state.entry_ends) is bool(until)
