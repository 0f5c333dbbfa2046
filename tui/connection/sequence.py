"""The messages of one room in the order of their numbers, each once, however they come and whatever is missing.

The server numbers a room's messages 1, 2, 3, … A `Sequence` passes on what follows the last one, drops what it had, and
holds back what comes after a hole until the history has filled it.
"""

from __future__ import annotations

from evchat.settings.client import HISTORY_PAGE, MAX_HELD, MAX_MISSED
from tui.model.session_events import Gap, Reset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.server_events import Message, ServerEvent

    Found = list[tuple[int, int, Message | None]]


class Sequence:
    """What was passed on of `room`, and what is held back.

    `last` is the number of the last message passed on, None before any; `at` is its time, 0 if that is not known.
    A message with the same number and another time shows that the server counts anew, as one that keeps nothing does
    when it is started again. `read` is up to where the user had read when one came into the room. `filling` means that
    a request for what is missing is under way.

    `rev` is the number of the last change of the room up to which all are known. `is_current` says that this is true
    of this connection, too: the next change that is heard follows on it.
    """

    __slots__ = ("_held", "at", "checking", "filling", "is_current", "last", "read", "rev", "room")

    def __init__(self, room: str) -> None:
        self.room = room
        self.last: int | None = None
        self.at = 0
        self.read = 0
        self.filling = False
        self.checking = False
        """Whether a request for what has changed is under way."""
        self.rev = 0
        self.is_current = False
        self._held: dict[int, tuple[int, Message | None]] = {}

    def __repr__(self) -> str:
        return f"Sequence({self.room!r}, {self.last}, held={sorted(self._held)})"

    @property
    def after(self) -> int:
        """What to ask history `after`: it then starts with the last message known, whose time can be compared."""
        return max((self.last or 0) - 1, 0)

    def take(
        self, seq: int, at: int, message: Message | None, out: list[ServerEvent], *, live: bool = True
    ) -> bool:
        """A message has come; it goes to `out` when its turn has come. `message` is None if it was passed on already.

        `live` means that it is new, and not out of the history. Returns whether something before it is missing.
        """
        last = self.last
        if last is None or seq == last + 1:
            self.last, self.at = seq, at
            if message is not None:
                out.append(message)
            if self._held:
                self._follow(out)
                return bool(self._held)
            return False
        if seq > last:
            self._held.setdefault(seq, (at, message))
            if len(self._held) > MAX_HELD:
                self._pass_on(seq, out)
            return True
        if live and 0 < self.at < at:
            # Not above the last number and yet later: the server counts anew.
            self._restart(out)
            return self.take(seq, at, message, out)
        return False

    @property
    def held_chars(self) -> int:
        """Characters of what is held back."""
        return sum(len(message.content) for _, message in self._held.values() if message is not None)

    def give_up(self, out: list[ServerEvent]) -> None:
        """Passes on all that is held back, with its gaps."""
        self._pass_on(max(self._held, default=0), out)

    def begin(self, read: int, head: int) -> None:
        """Nothing is known yet, and what is above `read` shall be fetched, but not more than a page of it."""
        self.last, self.at = max(read, head - HISTORY_PAGE, 0), 0

    def head(self, head: int, out: list[ServerEvent], read: int = 0) -> None:
        """The user has joined the room, whose last message has the number `head`, and has read up to `read`."""
        self.read = read
        if self.last is not None and head < self.last:
            self._restart(out)
        elif self.last is None and not head:
            self.last = 0

    def recent(self, found: Found, head: int, out: list[ServerEvent]) -> bool:
        """The newest messages of a room that the user has joined: (seq, at, message), oldest first; `head` is its last
        number.

        Returns whether some before them are missing.
        """
        if self.last is None:
            if not found or not 0 < self.read < found[0][0] - 1:
                return self.fill(found, head, False, out)
            self.begin(self.read, head)
            self._hold(found)
            return True
        if self._is_another(found, head):
            self._restart(out)
        if head == self.last or (found and found[0][0] <= self.last + 1):
            return self.fill(found, head, False, out)
        self._hold(found)
        return True

    def fill(self, found: Found, head: int, more: bool, out: list[ServerEvent]) -> bool:
        """The history has answered from `after` on: as in `recent`. `more` says that the answer was cut.

        Returns whether something is still missing.
        """
        if self._is_another(found, head):
            self._restart(out)
            return True
        before = self.last
        self._hold(found)
        # What the answer leaves out within its reach is not for us: a hole that stays.
        self._pass_on(found[-1][0] if more and found else max(head, *self._held, 0), out)
        self._follow(out)
        return more and self.last != before

    def skip(self, head: int, out: list[ServerEvent]) -> None:
        """Gives up the oldest of too many missing messages, and says so."""
        if self.last is not None and head - self.last > MAX_MISSED:
            seq = head - HISTORY_PAGE
            out.append(Gap(self.room, self.last, seq + 1))
            self.last, self.at = seq, 0
            self._held = {held: item for held, item in self._held.items() if held > seq}

    def redact(self, seq: int) -> None:
        """The message held back under that number was deleted."""
        held = self._held.get(seq)
        if held is not None and held[1] is not None:
            held[1].take_back()

    def edit(self, seq: int, content: str) -> None:
        """The message held back under that number was given another text."""
        held = self._held.get(seq)
        if held is not None and held[1] is not None:
            held[1].edit(content)

    def stands_at(self, rev: int | None) -> bool:
        """The server says the number of the room's last change, if it counts them. Returns whether some were missed."""
        if rev is None:
            return False
        # With nothing known nothing can have changed; and a server that counts anew has forgotten what was changed.
        if self.last is None or rev <= self.rev:
            self.rev, self.is_current = rev, True
        return not self.is_current

    def changed(self, rev: int | None) -> None:
        """A change was heard of as it happened."""
        if self.is_current and rev is not None:
            self.rev = max(self.rev, rev)

    def caught_up(self, last: int, rev: int, more: bool) -> bool:
        """What was changed up to `last` is known; to `rev`, the room's last change, unless there is `more`.

        Returns whether something is still missing.
        """
        before = self.rev
        self.rev = max(self.rev, last)
        if more and self.rev > before:
            return True
        self.rev, self.is_current = max(self.rev, rev), True
        return False

    def lost(self) -> None:
        """The connection is gone: what is held back will be fetched again, but what was passed on stays known."""
        self.filling = self.checking = self.is_current = False
        self._held = {seq: item for seq, item in self._held.items() if item[1] is None}

    def _is_another(self, found: Found, head: int) -> bool:
        """Whether an answer shows that the numbers are not those that they were."""
        if self.last is None:
            return False
        return head < self.last or any(seq == self.last and at != self.at and self.at for seq, at, _ in found)

    def _hold(self, found: Found) -> None:
        for seq, at, message in found:
            if self.last is None or seq > self.last:
                self._held.setdefault(seq, (at, message))

    def _follow(self, out: list[ServerEvent]) -> None:
        """Passes on what is held back and follows without a hole."""
        while self.last is not None and (item := self._held.pop(self.last + 1, None)) is not None:
            self.last += 1
            self.at = item[0]
            if item[1] is not None:
                out.append(item[1])

    def _pass_on(self, reached: int, out: list[ServerEvent]) -> None:
        """Passes on what is held back up to `reached`, holes or not."""
        for seq in sorted(seq for seq in self._held if seq <= reached):
            self.last = seq
            self.at, message = self._held.pop(seq)
            if message is not None:
                out.append(message)
        if reached > (self.last or 0):
            self.last, self.at = reached, 0

    def _restart(self, out: list[ServerEvent]) -> None:
        out.append(Reset(self.room))
        self.last, self.at = 0, 0
        self.rev, self.is_current = 0, False
        self._held = {}
