"""What one user may know about another."""

from __future__ import annotations

import pytest

from evchat.core import records as rec
from evchat.protocol.channels import Join
from evchat.protocol.people import (
    Block,
    Person,
    WhoIs,
    WhoIsTold,
)
from tests.core.playbook import Playbook


def test_only_channels_in_common_are_told() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("bob", Join(("#secret",)))
    assert play.tell("alice", WhoIs("bob"), WhoIsTold).person.channels == ("#main",)
    assert play.tell("bob", WhoIs("bob"), WhoIsTold).person.channels == ("#main", "#secret")


@pytest.mark.parametrize("name", ["nobody", "", "*", "#main", "server", "a b", "\ud800", "x" * 60_000])
def test_nobody_ever_had_that_name(name: str) -> None:
    play = Playbook()
    play.enter("alice")
    asked = len(play.disk.asked)
    assert play.refusal("alice", WhoIs(name)) == "no-such-user"
    assert play.refusal("alice", Block(name)) == "no-such-user"
    keys = [getattr(query, "user", "") for query in play.disk.asked[asked:]]
    assert set(keys) <= {"alice", "nobody"}, "the store is not asked for what can't be a name"


def test_whois_of_an_account_that_was_never_seen() -> None:
    play = Playbook()
    play.disk.save(rec.Account("bob", "Bob", "-", 5))
    play.enter("alice")
    assert play.tell("alice", WhoIs("bob"), WhoIsTold).person == Person("Bob", False, True, seen=5)
