"""The clients whose next request waits for a commit, because of what they have asked for before or ask for now."""

from __future__ import annotations

from collections.abc import Callable

from evchat.server.back import Back
from evchat.server.client import ANSWER, COMMIT, Client


class CommitWaits:
    """Marks such clients; `release` hears that one no longer waits for an answer."""

    def __init__(self, back: Back, release: Callable[[Client, int], None]) -> None:
        self._back = back
        self._release = release
        self._awaiting: list[Client] = []
        """Those that an answer of unknown size is held back for."""
        self._put_off: list[Client] = []
        """Those whose next request can't be decided before the commit under way has ended."""

    def answer(self, client: Client) -> None:
        """Has the client wait until all that was decided for it can be told."""
        if self._back.waits(client.sid) and not client.waits_for & ANSWER:
            client.waits_for |= ANSWER
            self._awaiting.append(client)

    def put_off(self, client: Client) -> None:
        """Has the client wait for the end of the commit under way."""
        client.waits_for |= COMMIT
        self._put_off.append(client)

    def next_pass(self) -> None:
        """What can be told was told: those to whom nothing more is held back go on."""
        if self._awaiting:
            awaiting, self._awaiting = self._awaiting, []
            for client in awaiting:
                if self._back.waits(client.sid):
                    self._awaiting.append(client)
                else:
                    self._release(client, ANSWER)

    def commit_ended(self) -> list[Client]:
        """Those that waited for that, in their order; they no longer do."""
        put_off, self._put_off = self._put_off, []
        for client in put_off:
            client.waits_for &= ~COMMIT
        return put_off
