"""Messages as they arrive, sorted into the streams of their rooms."""

from __future__ import annotations

from evchat.protocol.names import EVERYONE, channel_key, is_channel, user_key
from evchat.settings.client import MAX_STREAMS
from tui.connection.sequence import Stream
from tui.model.record import Record
from tui.model.server_events import Message, Redacted, messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.connection.sequence import Found
    from tui.model.server_events import Answer, History, ServerEvent
    from tui.model.session_events import Direct


class Router:
    """What has come for `user` goes to `out`, each message once, in the order of its room. `own` is asked whether a
    message of the user's, by its id, number and time, is a line of ours that is shown already.
    """

    def __init__(self, user: str, out: list[ServerEvent], own: Callable[[str, int, int], bool]) -> None:
        self.out = out
        self._own = own
        self._streams: dict[str, Stream] = {}
        self._by_name: dict[str, Stream] = {}
        self._user_key = user_key(user)

    def rename(self, user: str) -> None:
        """The user is called `user` now."""
        self._user_key = user_key(user)

    def stream(self, name: str) -> Stream:
        """The stream of a room: a channel, a user, or `*`."""
        stream = self._by_name.get(name)
        if stream is None:
            if len(self._by_name) >= MAX_STREAMS:
                self._by_name.clear()  # one room may have many spellings
            key = channel_key(name) if is_channel(name) else user_key(name)
            stream = self._streams.get(key)
            if stream is None:
                if len(self._streams) >= MAX_STREAMS:
                    self._forget()
                stream = self._streams[key] = Stream(name)
            self._by_name[name] = stream
        return stream

    def _forget(self) -> None:
        """Forgets a tenth of the streams: those of which least is known."""
        least = sorted(
            self._streams, key=lambda key: (self._streams[key].last is not None, self._streams[key].at)
        )
        for key in least[: MAX_STREAMS // 10]:
            del self._streams[key]
        self._by_name.clear()

    def lost(self) -> None:
        """The connection is gone."""
        for stream in self._streams.values():
            stream.lost()

    def directs(self, most: int) -> list[Stream]:
        """The conversations that are no channels', of which something is known: the latest `most`."""
        found = [s for s in self._streams.values() if not is_channel(s.room) and s.last is not None]
        return sorted(found, key=lambda stream: -stream.at)[:most]

    def behind(self, rows: list[Direct], most: int) -> list[Stream]:
        """Of the direct conversations that the server lists, `most` of which something is to be fetched.

        Of one that is not known yet, that is what is unread. `fetched` says so in a row with something unread.
        """
        found: list[Stream] = []
        for row in rows:
            if not row.name or row.seq is None or len(found) >= most:
                continue
            stream = self.stream(row.name)
            if stream.last is None and row.unread and row.read is not None:
                stream.begin(row.read, row.seq)
            if stream.last is not None and stream.last != row.seq:
                row.fetched = bool(row.unread)
                found.append(stream)
        return found

    def message(self, message: Message) -> Stream | None:
        """Takes a message that is new. Returns its stream if something before it is missing there."""
        if message.seq is None and message.role and message.to:
            # Only those with a role hear it, so it has no number, and nobody can have missed it.
            message.room = self.stream(message.to).room
            self.out.append(message)
            return None
        read = self._read(message)
        if read is None:
            return None
        stream, seq, at, shown = read
        return stream if stream.take(seq, at, shown, self.out) else None

    def redacted(self, event: Redacted) -> None:
        """A message was taken back: also one that is held back, or will come, is not shown with its text."""
        if event.to and event.sender and event.seq is not None:
            self._of(event.to, event.sender).redact(event.seq)
            self.out.append(event)

    def recent(self, history: History) -> Stream | None:
        """Takes the newest messages of a channel. Returns its stream if some before them are missing."""
        if not history.to:
            return None
        stream = self.stream(history.to)
        found, head = self._listed(history.messages, history.seq)
        if not stream.recent(found, head, self.out):
            return None
        stream.skip(head, self.out)
        return stream

    def filled(self, stream: Stream, answer: Answer) -> Stream | None:
        """Takes the answer to a request for what was missing. Returns the stream if something still is."""
        stream.filling = False
        if answer.failed:
            # Whatever the reason: what has come is better shown with a hole than never.
            stream.fill([], stream.last or 0, False, self.out)
            return None
        found, head = self._listed(messages(answer.facts), answer.facts.number("seq"))
        if not stream.fill(found, head, answer.facts.flag("more"), self.out):
            return None
        stream.skip(head, self.out)
        return stream

    def _listed(self, listed: list[Message], head: int | None) -> tuple[Found, int]:
        """The messages of a history, and the number of the room's last message."""
        found: Found = [read[1:] for message in listed if (read := self._read(message)) is not None]
        return found, head if head is not None else (found[-1][0] if found else 0)

    def _of(self, to: str, sender: str) -> Stream:
        """The stream of a message: for a direct one that of the other side."""
        if to.startswith("#") or to == EVERYONE:
            return self._by_name.get(to) or self.stream(to)
        return self.stream(sender if user_key(to) == self._user_key else to)

    def _read(self, message: Message) -> tuple[Stream, int, int, Message | None] | None:
        """A message's room, number, time, and what of it is to be shown; None if it is no message."""
        to, sender, seq, at = message.to, message.sender, message.seq, message.at
        if not to or not sender or seq is None or at is None:
            return None
        stream = self._of(to, sender)
        message.room = stream.room
        if message.redacted and stream.last is not None and seq <= stream.last:
            # It was told with its text before, and taken back while one was away.
            told = {"sender": sender, "to": to, "seq": seq, "sent_at": at}
            self.out.append(Redacted(Record(told), history=True))
        if message.id and user_key(sender) == self._user_key and self._own(message.id, seq, at):
            return stream, seq, at, None
        return stream, seq, at, message
