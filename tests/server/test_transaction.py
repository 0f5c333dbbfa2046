"""The transaction: whose decisions it holds, and what is left of it when it is lost."""

from __future__ import annotations

from evchat.core.audience import pick
from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Reply, Save
from evchat.core.records import HeadOf, LastSeen
from evchat.protocol.basics import Failed, Ping, ServerNotice
from evchat.server.transaction import FETCHES, HANGS_UP, Transaction, without_vital
from evchat.storage.memory import MemoryStore


def notice(sid: int) -> Reply:
    return Reply(sid, ServerNotice(0, "hello"))


def test_it_holds_the_decisions_of_the_sessions_that_were_added_so_far() -> None:
    transaction = Transaction(MemoryStore())
    assert not transaction.holds(1)
    transaction.add(1, None, [notice(1)])
    assert transaction.holds(1) and not transaction.holds(2)
    transaction.add(2, None, [])
    assert transaction.holds(1) and transaction.holds(2)


def test_its_flags_are_those_of_all_decisions() -> None:
    transaction = Transaction(MemoryStore())
    assert transaction.add(1, None, [Fetch(1, HeadOf("#a"), lambda _: ServerNotice(0, "x"))]) == FETCHES
    assert transaction.add(2, None, [Hangup(2, "Bye.")]) == HANGS_UP
    assert transaction.flags == FETCHES | HANGS_UP


def test_only_records_need_to_be_committed() -> None:
    transaction = Transaction(MemoryStore())
    transaction.add(1, None, [notice(1)])
    assert not transaction.saved
    transaction.add(1, None, [Save(LastSeen("bob", "Bob", 0))])
    assert transaction.saved and transaction.effects == [notice(1)]


def test_of_decisions_that_were_lost_the_errors_are_left_and_what_hung_on_nothing() -> None:
    vital, minor = Save(LastSeen("bob", "Bob", 0)), Save(LastSeen("bob", "Bob", 0), vital=False)
    bye, said = Hangup(1, "Quit."), Broadcast(ServerNotice(0, "x"), pick((1, 2)))
    lost: list[Effect] = [vital, notice(1), said, Hangup(2, "Out."), bye]
    left = list(without_vital([(1, Ping("", id="a"), lost), (2, None, [minor, said])], "Full.", 7))
    assert left == [Reply(1, Failed(7, "a", "storage", "Full.")), bye, said]
