"""The channels the user wants to be in, and those the connection is in."""

from __future__ import annotations

from evchat.protocol import names
from evchat.settings.client import MAX_CHANNELS, MAX_JOINS_AT_ONCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from tui.connection.sequence import Sequence
    from tui.model.record import Record
    from tui.model.server_events import Joined


class Channels:
    """`wanted` are the names of the channels one wants to be in, by their keys; `entered` are the keys of those one
    is in, on this connection, and `known` of those that the server, too, knows one was in.
    """

    def __init__(self, wanted: Iterable[str]) -> None:
        self.wanted = {names.channel_key(name): name for name in wanted}
        self.entered: set[str] = set()
        self.known: set[str] = set()
        self._given = frozenset(self.wanted)
        self._left: set[str] = set()
        self._led = self._kept = False

    def recall(self, facts: Record) -> None:
        """Adds the channels that the user was in when the program ended."""
        self._kept = facts.flag("rooms")
        for name in facts.texts("channels"):
            if names.check_channel_name(name) is None and len(self.wanted) < MAX_CHANNELS:
                key = names.channel_key(name)
                self.wanted.setdefault(key, name)
                if self._kept:
                    self.known.add(key)

    def facts(self) -> dict[str, Any]:
        """What is kept on disk: the channels one wants to be in besides those that were given at the start.

        `rooms` says that the server keeps them, too: where it does not lead one back then, one has left elsewhere.
        """
        found = [name for key, name in self.wanted.items() if key not in self._given]
        return {} if not found else {"channels": found, "rooms": True} if self._kept else {"channels": found}

    def begin(self, *, resumed: bool, led: bool) -> None:
        """One has logged in. Where one was, the server knows if the session was `resumed`, or if it has `led` one
        there, as it does who has an account.
        """
        self._led, self._kept = resumed or led, led
        if not self._led:
            self.known.clear()

    def left_elsewhere(self) -> list[str]:
        """The channels to which the server has not led one back, because one is in them no longer: one stays away."""
        gone = [name for key, name in self.wanted.items() if key in self.known - self.entered]
        for name in gone:
            self.leave(name)
        return gone

    @property
    def present(self) -> list[str]:
        """The names of the channels that one is in, in the order in which they were first wanted."""
        return [name for key, name in self.wanted.items() if key in self.entered]

    def is_unwanted(self, event: Joined) -> bool:
        """Whether the login has put the user into a channel they had left: every login joins the main one."""
        return event.login and not self._led and names.channel_key(event.to) in self._left

    def enter(self, channel: str) -> bool:
        """One has come into a channel. Returns whether there is room for it."""
        key = names.channel_key(channel)
        if key not in self.wanted and len(self.wanted) >= MAX_CHANNELS:
            return False
        self._left.discard(key)
        self.entered.add(key)
        self.known.add(key)
        self.wanted.setdefault(key, channel)
        return True

    def leave(self, channel: str) -> None:
        """One has left a channel, and stays away."""
        key = names.channel_key(channel)
        self.wanted.pop(key, None)
        self.entered.discard(key)
        self.known.discard(key)
        if len(self._left) < MAX_CHANNELS:
            self._left.add(key)

    def at_login(self, waiting: Iterable[str]) -> list[str]:
        """The channels to come into after a login, besides the main one and those to which the server leads: also those
        for which lines are `waiting`.
        """
        named = {names.channel_key(name): name for name in waiting if names.is_channel(name)}
        all_of_them = {**named, **self.wanted}
        return [name for key, name in all_of_them.items() if key != names.MAIN and key not in self.known]

    @property
    def missing_main(self) -> list[str]:
        """The main channel, if one wants to be in it and the login has not led there, as it does who has not left."""
        main = None if self._kept else self.wanted.get(names.MAIN)
        return [main] if main is not None and names.MAIN not in self.entered else []


def join_requests(channels: Iterable[str], sequence: Callable[[str], Sequence]) -> list[dict[str, Any]]:
    """What asks to come into channels: a request each if little was missed there, and one if they are many.

    `sequence` gives what has come of each so far.
    """
    sequences = [sequence(name) for name in channels if names.check_channel_name(name) is None]
    known = [one for one in sequences if one.last]
    known = known if len(known) <= MAX_JOINS_AT_ONCE else []
    requests: list[dict[str, Any]] = [
        {"request": "join", "content": one.room, "after": one.after} for one in known
    ]
    fresh = [one.room for one in sequences if one not in known]
    return [*requests, {"request": "join", "content": fresh}] if fresh else requests
