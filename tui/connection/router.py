"""Messages as they arrive, sorted into the sequences of their rooms."""

from __future__ import annotations

from evchat.protocol.names import EVERYONE, channel_key, is_channel, user_key
from evchat.settings.client import MAX_HELD_CHARS, MAX_STREAMS
from tui.connection.sequence import Sequence
from tui.model.record import Record
from tui.model.server_events import Edited, Message, Redacted, messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.connection.sequence import Found
    from tui.model.server_events import Answer, History, Joined, ServerEvent
    from tui.model.session_events import Direct


class Router:
    """What has come for `user` goes to `out`, each message once, in the order of its room. `own` is asked whether a
    message of the user's, by its id, number and time, is a line of ours that is shown already.
    """

    def __init__(self, user: str, out: list[ServerEvent], own: Callable[[str, int, int], bool]) -> None:
        self.out = out
        self._own = own
        self._sequences: dict[str, Sequence] = {}
        self._by_name: dict[str, Sequence] = {}
        self._user_key = user_key(user)
        self._held_chars = 0
        """At most so many characters are held back."""

    def rename(self, user: str) -> None:
        """The user is called `user` now."""
        self._user_key = user_key(user)

    def sequence(self, name: str) -> Sequence:
        """The sequence of a room: a channel, a user, or `*`."""
        sequence = self._by_name.get(name)
        if sequence is None:
            if len(self._by_name) >= MAX_STREAMS:
                self._by_name.clear()  # one room may have many spellings
            key = channel_key(name) if is_channel(name) else user_key(name)
            sequence = self._sequences.get(key)
            if sequence is None:
                if len(self._sequences) >= MAX_STREAMS:
                    self._forget()
                sequence = self._sequences[key] = Sequence(name)
            self._by_name[name] = sequence
        return sequence

    def _forget(self) -> None:
        """Forgets a tenth of the sequences: those of which least is known."""
        least = sorted(
            self._sequences, key=lambda key: (self._sequences[key].last is not None, self._sequences[key].at)
        )
        for key in least[: MAX_STREAMS // 10]:
            del self._sequences[key]
        self._by_name.clear()

    def lost(self) -> None:
        """The connection is gone."""
        for sequence in self._sequences.values():
            sequence.lost()

    def directs(self, most: int) -> list[Sequence]:
        """The conversations that are no channels', of which something is known: the latest `most`."""
        found = [s for s in self._sequences.values() if not is_channel(s.room) and s.last is not None]
        return sorted(found, key=lambda sequence: -sequence.at)[:most]

    def behind(self, rows: list[Direct], most: int) -> list[Sequence]:
        """Of the direct conversations that the server lists, `most` of which something is to be fetched.

        Of one that is not known yet, that is what is unread. `fetched` says so in a row with something unread.
        """
        found: list[Sequence] = []
        for row in rows:
            if not row.name or row.seq is None or len(found) >= most:
                continue
            sequence = self.sequence(row.name)
            if sequence.last is None and row.unread and row.read is not None:
                sequence.begin(row.read, row.seq)
            if sequence.last is not None and sequence.last != row.seq:
                row.fetched = bool(row.unread)
                found.append(sequence)
        return found

    def changed(self, rows: list[Direct], most: int) -> list[Sequence]:
        """Of the direct conversations that the server lists, and the broadcasts, `most` that may have changed."""
        stale = [one for row in rows if row.name and (one := self.sequence(row.name)).stands_at(row.rev)]
        # Nothing tells of the last change of the broadcasts.
        everyone = self._sequences.get(EVERYONE)
        return (stale if everyone is None or everyone.last is None else [everyone, *stale])[:most]

    def message(self, message: Message) -> Sequence | None:
        """Takes a message that is new. Returns its sequence if something before it is missing there."""
        if message.seq is None and message.role and message.to:
            # Only those with a role hear it, so it has no number, and nobody can have missed it.
            message.room = self.sequence(message.to).room
            self.out.append(message)
            return None
        read = self._read(message)
        if read is None:
            return None
        sequence, seq, at, shown = read
        if not sequence.take(seq, at, shown, self.out):
            return None
        self._count_held(len(message.content))
        return sequence

    def redacted(self, event: Redacted) -> None:
        """A message was deleted or edited: even one that is held back is not shown with its old text."""
        if event.to and event.sender and event.seq is not None:
            sequence = self._of(event.to, event.sender)
            sequence.changed(event.rev)
            if type(event) is Edited:
                sequence.edit(event.seq, event.content)
            else:
                sequence.redact(event.seq)
            self.out.append(event)

    def entered(self, event: Joined) -> Sequence | None:
        """One has come into a channel. Returns its sequence if something in it may have changed since one left."""
        if event.seq is None:
            return None
        sequence = self.sequence(event.to)
        missed = sequence.stands_at(event.rev)
        sequence.head(event.seq, self.out, event.read or 0)
        return sequence if missed else None

    def changed_by_user(self, room: str, rev: int | None) -> None:
        """The user has changed something in a room, of which only the answer tells."""
        self.sequence(room).changed(rev)

    def recent(self, history: History) -> Sequence | None:
        """Takes the newest messages of a channel. Returns its sequence if some before them are missing."""
        if not history.to:
            return None
        sequence = self.sequence(history.to)
        found, head = self._listed(history.messages, history.seq)
        if not sequence.recent(found, head, self.out):
            return None
        sequence.skip(head, self.out)
        self._count_held(sum(len(message.content) for message in history.messages))
        return sequence

    def filled(self, sequence: Sequence, answer: Answer) -> Sequence | None:
        """Takes the answer to a request for what was missing. Returns the sequence if something still is."""
        sequence.filling = False
        if answer.failed:
            # Whatever the reason: what has come is better shown with a hole than never.
            sequence.fill([], sequence.last or 0, False, self.out)
            return None
        found, head = self._listed(messages(answer.facts), answer.facts.number("seq"))
        if not sequence.fill(found, head, answer.facts.flag("more"), self.out):
            return None
        sequence.skip(head, self.out)
        return sequence

    def caught_up(self, sequence: Sequence, answer: Answer) -> Sequence | None:
        """Takes the answer to a request for what has changed. Returns the sequence if there is more."""
        sequence.checking = False
        if answer.failed:
            return None
        facts, changed = answer.facts, messages(answer.facts)
        for message in changed:
            if message.seq is None:
                continue
            told = {"sender": message.sender, "to": message.to, "seq": message.seq, "sent_at": message.at}
            if message.redacted:
                sequence.redact(message.seq)
                self.out.append(Redacted(Record(told), history=True))
            elif message.edited:
                sequence.edit(message.seq, message.content)
                self.out.append(Edited(Record({**told, "content": message.content}), history=True))
        last = max((message.rev or 0 for message in changed), default=0)
        return sequence if sequence.caught_up(last, facts.count("rev"), facts.flag("more")) else None

    def _count_held(self, chars: int) -> None:
        """So much may be held back in addition. Nobody waits for the gaps of a server that never fills them."""
        self._held_chars += chars
        if self._held_chars > MAX_HELD_CHARS:
            # Much of what was counted has been passed on since.
            self._held_chars = sum(sequence.held_chars for sequence in self._sequences.values())
            if self._held_chars > MAX_HELD_CHARS // 2:
                for sequence in self._sequences.values():
                    sequence.give_up(self.out)
                self._held_chars = 0

    def _listed(self, listed: list[Message], head: int | None) -> tuple[Found, int]:
        """The messages of a history, and the number of the room's last message."""
        found: Found = [read[1:] for message in listed if (read := self._read(message)) is not None]
        return found, head if head is not None else (found[-1][0] if found else 0)

    def _of(self, to: str, sender: str) -> Sequence:
        """The sequence of a message: for a direct one that of the other side."""
        if to.startswith("#") or to == EVERYONE:
            return self._by_name.get(to) or self.sequence(to)
        return self.sequence(sender if user_key(to) == self._user_key else to)

    def _read(self, message: Message) -> tuple[Sequence, int, int, Message | None] | None:
        """A message's room, number, time, and what to show of it; None if it is not a message."""
        to, sender, seq, at = message.to, message.sender, message.seq, message.at
        if not to or not sender or seq is None or at is None:
            return None
        sequence = self._of(to, sender)
        message.room = sequence.room
        if message.id and user_key(sender) == self._user_key and self._own(message.id, seq, at):
            return sequence, seq, at, None
        return sequence, seq, at, message
