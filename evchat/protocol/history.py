"""Reading stored messages: history, inbox, direct conversations, search."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.messages import Message
from evchat.protocol.value import value


@value
class GetHistory(Request):
    """Asks for messages of a conversation, by `seq`: below `before`, or above `after`, at most `limit`.

    `since` and `until` bound it by time as well: at or after the one, before the other. With both ends given, the
    newest between them, or with `oldest` the oldest. `around` a message or `around_at` a time: half before, half after.
    Times are milliseconds since the epoch. A `part` beside a number means the event with that number after the message.
    `mine` leaves out what was said before the user got this name.

    With `changed_after` it asks instead for the messages whose last change has a number above that, those changed
    first first; only `to` and `limit` count then.
    """

    traits = Traits(heavy=True)

    to: str | None = None
    limit: int | None = None
    before: int | None = None
    after: int | None = None
    since: int | None = None
    until: int | None = None
    around: int | None = None
    around_at: int | None = None
    oldest: bool = False
    before_part: int = 0
    after_part: int = 0
    around_part: int = 0
    mine: bool = False
    changed_after: int | None = None


@value
class ListConversations(Request):
    """Lists the user's conversations whose last message is from `since` or later and before `until`, the earliest
    first, at most `limit`: the latest of them, or the `earliest`. `mine` as in `GetHistory`.
    """

    traits = Traits(heavy=True)

    since: int
    until: int
    limit: int
    earliest: bool = False
    mine: bool = False


@value
class Search(Request):
    """Searches for words in the messages that the user may see, or only in the conversation `to`."""

    traits = Traits(heavy=True)

    text: str
    to: str | None = None
    limit: int | None = None


@value
class GetInbox(Request):
    """Asks for the direct messages received while offline, and marks them read unless `keep` is set.

    `to` and `after` name the message to start after: the last one of the previous page.
    """

    traits = Traits(heavy=True)

    keep: bool = False
    to: str | None = None
    after: int | None = None


@value
class ListDirects(Request):
    """Lists the user's direct conversations."""

    traits = Traits(heavy=True)


@value
class HistoryListed(Answer):
    """Messages of a conversation, oldest first, or those that changed. `recent` ones are sent unasked after a login
    or join.

    `seq` is the number of the conversation's last message, `rev` that of its last change; `more` means that the limit
    cut the list.
    """

    to: str
    messages: tuple[Message, ...]
    seq: int
    more: bool = False
    recent: bool = False
    gone_before: int = field(default=0, kw_only=True)
    """The number below which no messages are kept any more, so that nobody takes that for a hole; 0: all are kept."""
    everything: tuple[Event, ...] = field(default=(), compare=False)
    """The messages and what else happened, within the same limit; for a login in parts."""
    rev: int = 0


@value
class ConversationsListed(Answer):
    """Conversations by their names, each with the time of its last message, the oldest first."""

    conversations: tuple[tuple[str, int], ...]


@value
class SearchResults(Answer):
    """What a search found, oldest first; `more` means that there is more than the limit."""

    words: str
    messages: tuple[Message, ...]
    more: bool = False


@value
class InboxListed(Answer):
    """The unread direct messages; `more` means that the next call brings more.

    With `kept` they were not marked read, and the next call has to say after which message to continue.
    """

    messages: tuple[Message, ...]
    more: bool = False
    kept: bool = False


@value
class DirectInfo:
    """A row of the list of direct conversations.

    `seq` and `last` are the number and the time of the last message that the user may see, `rev` is the number of the
    last change. `unread` counts the other
    user's messages above `read`; `waiting` counts those of them in the inbox.
    """

    name: str
    seq: int
    read: int
    unread: int
    waiting: int
    last: int
    rev: int = 0


@value
class DirectsListed(Answer):
    """The user's direct conversations, the latest first; `omitted` says that there are more than a list holds."""

    directs: tuple[DirectInfo, ...]
    omitted: bool = False


COMMANDS: tuple[Command, ...] = (
    Command(
        "history",
        GetHistory,
        "Shows earlier messages of a channel, or of a conversation with a user.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to", here=True),
            Param("limit", Kind.NUMBER, "number", key="limit"),
            Param("before", Kind.NUMBER, "before", key="before", line=False),
            Param("after", Kind.NUMBER, "after", key="after", line=False),
            Param("since", Kind.NUMBER, "since", key="since", line=False),
            Param("until", Kind.NUMBER, "until", key="until", line=False),
            Param("around", Kind.NUMBER, "around", key="around", line=False),
            Param("around_at", Kind.NUMBER, "around_at", key="around_at", line=False),
            Param("oldest", Kind.FLAG, "oldest", key="oldest", line=False),
            Param("changed_after", Kind.NUMBER, "changed_after", key="changed_after", line=False),
        ),
        words=("history",),
        lenient=True,
    ),
    Command(
        "inbox",
        GetInbox,
        "Shows the direct messages that arrived while you were away, and marks them as read.",
        (
            Param("keep", Kind.FLAG, "keep", key="keep", line=False),
            Param("to", Kind.PLACE, "name", key="to", line=False),
            Param("after", Kind.NUMBER, "after", key="after", line=False),
        ),
        words=("inbox",),
        lenient=True,
    ),
    Command(
        "directs",
        ListDirects,
        "Lists your direct conversations, latest first.",
        words=("directs",),
        lenient=True,
    ),
    Command(
        "conversations",
        ListConversations,
        "Lists your conversations whose last message is from a time range, oldest first.",
        (
            Param("since", Kind.NUMBER, "since", key="since", required=True),
            Param("until", Kind.NUMBER, "until", key="until", required=True),
            Param("limit", Kind.NUMBER, "limit", key="limit", required=True),
        ),
    ),
    Command(
        "search",
        Search,
        "Searches the messages you may read.",
        (
            Param("text", Kind.TEXT, "words", required=True),
            Param("to", Kind.PLACE, "#channel or name", key="to", line=False),
            Param("limit", Kind.NUMBER, "number", key="limit", line=False),
        ),
        words=("search",),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
