"""The records that a store keeps, and the queries that it answers.

Keys are those of `evchat.protocol.names`: `user` and the like are user keys, `conversation` is a channel's key, the
`pair_key` of two users, or `*`. Times are milliseconds since the epoch. A message is kept as the event
`Message` itself.
"""

from __future__ import annotations

from typing import Final

from evchat.core.changes import EditedMessage, Erasure, RedactedMessage, Retention
from evchat.core.query import Query
from evchat.protocol.messages import Message
from evchat.protocol.value import value
from evchat.settings.model import DEFAULTS

# ---- records --------------------------------------------------------------------------------------------------


@value
class Receipt:
    """That a user's request with this id was carried out, so that a resend is answered and not done again.

    A store keeps it for 24 hours from `at`, a steady date. Saved after the message it belongs to. `facts` is JSON with
    what the answer needs beside that: {"to": name, "kept": bool} of a direct message, {"delivered": number, "missed":
    [names]} of a broadcast; empty for a message to a channel.
    """

    user: str
    id: str
    conversation: str
    seq: int
    at: int
    facts: str = ""


@value
class InboxEntry:
    """That a direct message arrived while `user` was offline. Saved after the message itself."""

    user: str
    conversation: str
    seq: int


@value
class InboxRead:
    """That `user` has read what the inbox holds of a conversation, up to `seq`."""

    user: str
    conversation: str
    seq: int


@value
class LastSeen:
    """A name that somebody used: who was last seen when. Saving it again overwrites `name` and `seen`."""

    user: str
    name: str
    seen: int


@value
class Account:
    """A registered name; `secret` is the password's hash in the form of `evchat.core.passwords`."""

    user: str
    name: str
    secret: str
    at: int


@value
class Blocking:
    """That `user` has blocked the one with key `blocked` (written `name`), or no longer does (`on` is False)."""

    user: str
    blocked: str
    name: str
    on: bool


@value
class TopicRecord:
    """A channel's topic; an empty text means that there is none any more. `channel` is its key, `name` its name."""

    channel: str
    name: str
    text: str
    by: str
    at: int


@value
class ReadMark:
    """How far a user has read a conversation: up to a message, and to a time if one was said (else `at` is 0).

    Saving it again overwrites it.
    """

    user: str
    conversation: str
    seq: int
    at: int = 0


@value
class ChannelRecord:
    """A channel that stays: who owns it (an account's key; "" for #main) and its modes and lists, as JSON.

    `channel` is its key, `name` its name. Saving it again overwrites it.
    """

    channel: str
    name: str
    founder: str
    created: int
    modes: str


@value
class ServerBanRecord:
    """A server ban under a key, or its removal (`on` is False); `until` 0 is for good."""

    key: str
    whom: str
    by: str
    at: int
    until: int
    reason: str
    on: bool = True


@value
class AuditRecord:
    """An action of a server operator: the operator's name (`by`), a word for the action, its target and details."""

    at: int
    by: str
    act: str
    target: str
    detail: str


@value
class Setting:
    """Something that the server has made up for itself and must not forget. Saving it again overwrites it."""

    name: str
    value: str


@value
class MetadataRecord:
    """The metadata of an account, by its key, as a JSON object. Saving it again overwrites it."""

    owner: str
    entries: str


@value
class AccountChannel:
    """That the owner of account `user` is in a channel (written `name`); or has left it, if not `on`.

    `away` means that it is one where everybody starts, and that its owner has left it. A store keeps the last 200 of
    an account.
    """

    user: str
    channel: str
    name: str
    away: bool = False
    on: bool = True


CHANNELS_KEPT: Final = 200
"""The channels of one account that a store keeps: twice what one may be in at once."""


@value
class ProvenPlace:
    """That the password of `key` (an account, an operator, the server) was right at a place, which is a hidden address.

    A store keeps the last eight places of a key.
    """

    key: str
    place: str
    at: int


@value
class InvitationCode:
    """An invitation code, by its hash: with it `uses` more people can register until a time. None: it is deleted."""

    digest: str
    by: str
    at: int
    until: int
    uses: int


PLACES_KEPT: Final = 8
"""The places of one key that a store keeps: a home, a workplace, a phone that roams."""


@value
class UserCertificate:
    """A certificate by which the owner of account `user` can log in, or its removal (`on` is False).

    `fingerprint` is its SHA-256 in hexadecimal digits, `der` the certificate itself in base64.
    """

    user: str
    fingerprint: str
    der: str
    at: int
    on: bool = True


Record = (
    Message
    | Receipt
    | InboxEntry
    | InboxRead
    | LastSeen
    | Account
    | Blocking
    | TopicRecord
    | ReadMark
    | ChannelRecord
    | ServerBanRecord
    | AuditRecord
    | Setting
    | MetadataRecord
    | AccountChannel
    | RedactedMessage
    | EditedMessage
    | ProvenPlace
    | InvitationCode
    | Retention
    | Erasure
    | UserCertificate
)


# ---- questions ------------------------------------------------------------------------------------------------


@value
class HeadOf(Query[int]):
    """The number of a conversation's last message; an empty list if it has none."""

    conversation: str


@value
class LastTimeOf(Query[int]):
    """When a conversation's last message was sent; an empty list if it has none."""

    conversation: str


@value
class HistoryOf(Query[Message]):
    """Messages of a conversation, oldest first: those nearest below `before`, or, if `after` is given and `before`
    is not, those nearest above `after`; with both, the newest between them, or with `oldest` the oldest. At most
    `limit`, and no more than about `max_bytes` of text (at least one message). Hidden ones only if `viewer` sent them.
    """

    conversation: str
    viewer: str
    limit: int
    before: int | None = None
    after: int | None = None
    max_bytes: int = DEFAULTS.history_bytes
    oldest: bool = False


@value
class SeqAt(Query[int]):
    """The number of a conversation's first message at a time or later; an empty list if there is none.

    Times are held to grow with the numbers; where they do not, any place that fits is an answer.
    """

    conversation: str
    at: int


@value
class MessagesMatching(Query[Message]):
    """The newest messages with all of these words (case and accents do not count, the last may be a beginning),
    oldest first, of the conversations named and, with `directs`, of all of `viewer`'s pairs. Hidden ones only if
    `viewer` sent them. Of a conversation that `begins` names, only messages from that number on count. Any text is a
    legal question; one without a word finds nothing.
    """

    long = True

    words: str
    viewer: str
    conversations: tuple[str, ...]
    directs: bool
    limit: int
    max_bytes: int = DEFAULTS.history_bytes
    begins: tuple[tuple[str, int], ...] = ()


@value
class PersonalDataOf(Query[str]):
    """What is stored about a user, as JSON objects: at most `limit` messages, those stored after the one with number
    `after`, and with the first page (0) all else.
    The last object says up to where it goes, and whether there is more; without it, there is nothing.
    """

    long = True

    user: str
    after: int
    limit: int


@value
class ReceiptOf(Query[Receipt]):
    """The receipt of a user's request with this id that is not older than `since`, if there is one."""

    user: str
    id: str
    since: int


@value
class InboxOf(Query[Message]):
    """The unread messages of a user's inbox, oldest first, at most `limit` and about `max_bytes` of text.

    `after` is the (conversation, seq) of one behind which to begin. If it is not unread any more, a store that does
    not know where it was may begin at the first.
    """

    user: str
    limit: int
    max_bytes: int = DEFAULTS.history_bytes
    after: tuple[str, int] | None = None


@value
class InboxCount(Query[int]):
    """How many unread messages a user's inbox holds, behind `after` as in `InboxOf`: a list of one number."""

    user: str
    after: tuple[str, int] | None = None


@value
class Direct:
    """A conversation of two users as one of them sees it.

    `last` is the last message, `read` the read mark, `unread` the number of the other's messages above that (counted
    up to `max_unread` of the query), `waiting` the number of messages in the inbox, `rev` that of the last change.
    """

    last: Message
    read: int
    unread: int
    waiting: int
    rev: int = 0


@value
class DirectsOf(Query[Direct]):
    """A user's direct conversations in which there is something to see, the latest first, at most `limit`."""

    long = True

    user: str
    limit: int
    max_unread: int


@value
class LastSeenOf(Query[LastSeen]):
    """Who is known under a key, if anybody ever was."""

    user: str


@value
class SeenSince(Query[LastSeen]):
    """Who was seen at `since` or later, latest first, at most `limit`."""

    since: int
    limit: int


@value
class AccountOf(Query[Account]):
    """The account of a name, if it is registered."""

    user: str


@value
class BlockingsOf(Query[Blocking]):
    """Whom a user has blocked."""

    user: str


@value
class ProvenPlaceOf(Query[ProvenPlace]):
    """Whether the password of a key was right at a place: one record, or none."""

    key: str
    place: str


@value
class BlockersOf(Query[str]):
    """The keys of those who have blocked a user."""

    user: str


@value
class AllTopics(Query[TopicRecord]):
    """All topics."""


@value
class ReadMarkOf(Query[ReadMark]):
    """How far a user has read a conversation; an empty list if never."""

    user: str
    conversation: str


@value
class AllChannels(Query[ChannelRecord]):
    """All channels that stay, the oldest first."""


@value
class MetadataOf(Query[MetadataRecord]):
    """The metadata of an account, by its key."""

    owner: str


@value
class ChannelsOf(Query[AccountChannel]):
    """The channels of an account, in the order in which its owner last joined them."""

    user: str


@value
class CertificatesOf(Query[UserCertificate]):
    """The certificates of an account, the oldest first."""

    user: str
