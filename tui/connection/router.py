"""Messages as they arrive, sorted into the streams of their rooms."""

from __future__ import annotations

from evchat.protocol.names import EVERYONE, channel_key, is_channel, user_key
from evchat.settings.client import MAX_STREAMS
from tui.connection.sequence import Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tui.connection.sequence import Found

    Object = dict[str, Any]


class Arrivals:
    """What has come for `user` goes to `out`, each message once, in the order of its room. `own` is asked whether a
    message of the user's, by its id, number and time, is a line of ours that is shown already.
    """

    def __init__(self, user: str, out: list[Object], own: Callable[[str, int, int], bool]) -> None:
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

    def behind(self, rows: list[Object], most: int) -> list[Stream]:
        """Of the direct conversations that the server lists, `most` of which something is to be fetched.

        Of one that is not known yet, that is what is unread. `fetched` says so in a row with something unread.
        """
        found: list[Stream] = []
        for row in rows:
            name, seq, read, unread = (row.get(key) for key in ("name", "seq", "read", "unread"))
            if type(name) is not str or type(seq) is not int or len(found) >= most:
                continue
            stream = self.stream(name)
            if stream.last is None and unread and type(read) is int:
                stream.begin(read, seq)
            if stream.last is not None and stream.last != seq:
                row["fetched"] = bool(unread)
                found.append(stream)
        return found

    def message(self, facts: Object, *, live: bool = True) -> Stream | None:
        """Takes a message. Returns its stream if something before it is missing there."""
        if "seq" not in facts and isinstance(facts.get("role"), str) and isinstance(facts.get("to"), str):
            # Only those with a role hear it, so it has no number, and nobody can have missed it.
            facts["room"] = self.stream(facts["to"]).room
            self.out.append(facts)
            return None
        read = self._read(facts, live)
        if read is None:
            return None
        stream, seq, at, shown = read
        return stream if stream.take(seq, at, shown, self.out, live=live) else None

    def redacted(self, facts: Object) -> None:
        """A message was taken back: also one that is held back, or will come, is not shown with its text."""
        to, sender, seq = facts.get("to"), facts.get("sender"), facts.get("seq")
        if isinstance(to, str) and isinstance(sender, str) and type(seq) is int:
            self.stream(sender if user_key(to) == self._user_key else to).redact(seq)
            self.out.append(facts)

    def recent(self, facts: Object) -> Stream | None:
        """Takes the newest messages of a channel. Returns its stream if some before them are missing."""
        to = facts.get("to")
        if not isinstance(to, str):
            return None
        stream = self.stream(to)
        found, head = self._listed(facts)
        if not stream.recent(found, head, self.out):
            return None
        stream.skip(head, self.out)
        return stream

    def filled(self, stream: Stream, facts: Object) -> Stream | None:
        """Takes the answer to a request for what was missing. Returns the stream if something still is."""
        stream.filling = False
        if facts.get("response") != "ok":
            # Whatever the reason: what has come is better shown with a hole than never.
            stream.fill([], stream.last or 0, False, self.out)
            return None
        found, head = self._listed(facts)
        if not stream.fill(found, head, facts.get("more") is True, self.out):
            return None
        stream.skip(head, self.out)
        return stream

    def _listed(self, facts: Object) -> tuple[Found, int]:
        """The messages of a history, and the number of the room's last message."""
        content, head = facts.get("content"), facts.get("seq")
        found: Found = []
        for message in content if isinstance(content, list) else ():
            read = self._read(message, False) if isinstance(message, dict) else None
            if read is not None:
                found.append(read[1:])
        return found, head if type(head) is int else (found[-1][0] if found else 0)

    def _read(self, facts: Object, live: bool) -> tuple[Stream, int, int, Object | None] | None:
        """A message's room, number, time, and what of it is to be shown; None if it is no message."""
        to, sender, seq, at = facts.get("to"), facts.get("sender"), facts.get("seq"), facts.get("at")
        if type(to) is not str or type(sender) is not str or type(seq) is not int or type(at) is not int:
            return None
        if to.startswith("#") or to == EVERYONE:
            stream = self._by_name.get(to) or self.stream(to)
        else:
            stream = self.stream(sender if user_key(to) == self._user_key else to)
        facts["room"] = stream.room
        if not live:
            facts["history"] = True
        if facts.get("redacted") is True and stream.last is not None and seq <= stream.last:
            # It was told with its text before, and taken back while one was away.
            told = {
                "response": "redacted",
                "sender": sender,
                "to": to,
                "seq": seq,
                "sent_at": at,
                "content": "",
            }
            self.out.append({**told, "history": True})
        id = facts.get("id")
        if type(id) is str and user_key(sender) == self._user_key and self._own(id, seq, at):
            return stream, seq, at, None
        return stream, seq, at, facts
