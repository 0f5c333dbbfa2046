"""draft/channel-rename: a channel gets another name."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, expect, named, one
from tests.irc.ircv3.helpers import MODERN, gather, skip_unless_offered

CAP = "draft/channel-rename"


@pytest.fixture
def two(irc):
    """The operator of #bar, who knows of renaming, and a member who does not."""
    skip_unless_offered(irc, CAP)
    bar, baz = irc("bar", [*MODERN, "account-tag", CAP]), irc("baz", [*MODERN, "account-tag"])
    gather("#bar", bar, baz)
    return bar, baz


def test_those_who_know_of_it_are_told_and_the_others_leave_and_enter(two):
    bar, baz = two
    bar.send("RENAME #bar #qux :no reason")
    bar.expect("RENAME", "#bar", "#qux", "no reason")
    heard = baz.collect()
    (left,) = named(heard, "PART")
    assert left.params[0] == "#bar"
    assert left.nick == "baz"
    one(heard, "JOIN", "#qux", nick="baz")
    one(heard, "366", "baz", "#qux", ANY)


def test_the_old_name_is_free(two):
    bar, baz = two
    bar.ask("RENAME #bar #qux :no reason")
    baz.collect()
    baz.join("#bar")
    assert not named(baz.ask("MODE #bar +k beer"), "482")


def test_the_reason_is_always_there(two):
    bar, _ = two
    one(bar.ask("RENAME #bar #qux"), "RENAME", "#bar", "#qux", "")


def test_operators_stay_operators(two):
    bar, _ = two
    bar.ask("RENAME #bar #qux :no reason")
    one(bar.ask("MODE #qux +v baz"), "MODE", "#qux", "+v", "baz")


def test_only_operators_may_do_it(two):
    bar, baz = two
    one(baz.ask("RENAME #bar #qux"), "482", "baz", "#bar", ANY)
    bar.silent()


def test_a_name_in_use_is_refused(two):
    bar, baz = two
    baz.join("#qux")
    one(bar.ask("RENAME #bar #qux"), "FAIL", "RENAME", "CHANNEL_NAME_IN_USE", "#bar", "#qux", ANY)


def test_the_case_alone_can_be_changed_and_nobody_leaves_for_it(two):
    bar, baz = two
    expect(bar.ask("RENAME #bar #Bar :nicer")[0], "RENAME", "#bar", "#Bar", "nicer")
    assert not named(baz.collect(), "PART", "JOIN")
