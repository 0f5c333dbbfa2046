"""What becomes of messages that were sent: the records that a store keeps of it, and the queries for it."""

from __future__ import annotations

from evchat.core.query import Query
from evchat.protocol.messages import Message
from evchat.protocol.value import value
from evchat.settings.model import DEFAULTS


@value
class RedactedMessage:
    """That a message was deleted, by whom (a name) and why. Its text is no longer kept, not even for search.

    `rev` numbers the changes of a conversation 1, 2, 3, …; a message is kept with that of its last one.
    """

    conversation: str
    seq: int
    by: str
    at: int
    reason: str = ""
    rev: int = 0


@value
class EditedMessage:
    """That a message was given another text at a time, as change `rev` of its conversation. What it said before is no
    longer kept.
    """

    conversation: str
    seq: int
    text: str
    at: int
    rev: int


@value
class Retention:
    """How many days messages are kept, in a conversation or ("") in all; 0: for good. The shorter of the two holds.

    What is older a store deletes, in pieces of upkeep.
    """

    conversation: str
    days: int


@value
class Erasure:
    """That what is stored about a user (a key) is to be erased. What belongs to the user alone goes at once; messages
    lose their text in pieces of upkeep, as if they had been deleted by `name`.
    """

    user: str
    name: str
    at: int


@value
class AllRetentions(Query[Retention]):
    """All that is said of how long messages are kept."""


@value
class GoneOf(Query[int]):
    """Up to which number the messages of a conversation are no longer kept: a list of one number, 0 for none."""

    conversation: str


@value
class RevOf(Query[int]):
    """The number of a conversation's last change; an empty list if nothing in it was changed."""

    conversation: str


@value
class ChangesOf(Query[Message]):
    """Messages of a conversation whose last change has a number above `after`, those changed first first; not those
    before number `begins`. At most `limit`, and no more than about `max_bytes` of text (at least one message). Hidden
    ones only if `viewer` sent them.
    """

    conversation: str
    viewer: str
    after: int
    limit: int
    max_bytes: int = DEFAULTS.history_bytes
    begins: int = 1
