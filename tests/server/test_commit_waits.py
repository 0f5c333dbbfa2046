"""The waits for commits: who waits for what, and who goes on when."""

from __future__ import annotations

from evchat.server.client import ANSWER, COMMIT, Client
from evchat.server.commit_waits import CommitWaits
from tests.server.halves import Halves


class Held:
    """A back that holds answers to these sessions back."""

    def __init__(self, *sids: int) -> None:
        self.sids = set(sids)

    def waits(self, sid: int) -> bool:
        return sid in self.sids


def waits_for(held: Held) -> tuple[CommitWaits, list[Client]]:
    released: list[Client] = []

    def release(client: Client, reason: int) -> None:
        assert reason == ANSWER
        client.waits_for &= ~reason
        released.append(client)

    return CommitWaits(held, release), released  # type: ignore[arg-type]


def test_who_is_owed_an_answer_goes_on_when_it_is_told(both: Halves) -> None:
    (alice, _), (bob, _), (carol, _) = (both.connect() for _ in range(3))
    held = Held(alice.sid, bob.sid)
    waits, released = waits_for(held)
    for client in (alice, bob, carol, alice):
        waits.answer(client)
    assert alice.waits_for & bob.waits_for & ANSWER and not carol.waits_for & ANSWER
    waits.next_pass()
    assert released == []
    held.sids.remove(alice.sid)
    waits.next_pass()
    assert released == [alice]
    held.sids.clear()
    waits.next_pass()
    waits.next_pass()
    assert released == [alice, bob]


def test_who_is_put_off_goes_on_in_order_when_the_commit_has_ended(both: Halves) -> None:
    (alice, _), (bob, _) = (both.connect() for _ in range(2))
    waits, _ = waits_for(Held())
    waits.put_off(bob)
    waits.put_off(alice)
    assert alice.waits_for & bob.waits_for & COMMIT
    assert waits.commit_ended() == [bob, alice]
    assert not (alice.waits_for | bob.waits_for) & COMMIT and waits.commit_ended() == []
