"""The queries that the server itself, and those who run it, ask of the store."""

from __future__ import annotations

from evchat.core.query import Query
from evchat.core.records import (
    Account,
    AuditRecord,
    InvitationCode,
    ServerBanRecord,
    Setting,
    UserCertificate,
)
from evchat.protocol.value import value


@value
class MessageCount(Query[int]):
    """How many messages have been stored: a list of one number."""


@value
class UnindexedCount(Query[int]):
    """How many messages the search index does not hold yet: a list of one number. They are found all the same."""


@value
class AllServerBans(Query[ServerBanRecord]):
    """All bans from the server, the oldest first."""


@value
class RecentAuditRecords(Query[AuditRecord]):
    """The latest actions of server operators, latest first, at most `limit`."""

    limit: int


@value
class SettingOf(Query[Setting]):
    """The server's own setting with this name."""

    name: str


@value
class AllCertificates(Query[UserCertificate]):
    """All certificates of all accounts."""


@value
class CertificateCount(Query[int]):
    """How many there are: a list of one number."""


@value
class AccountsAfter(Query[Account]):
    """The accounts whose keys come after `user`, in their order, at most `limit`; also those that were given up."""

    user: str
    limit: int


@value
class InvitationCodeOf(Query[InvitationCode]):
    """The invitation code with this hash, also one whose time is over."""

    digest: str


@value
class AllInvitationCodes(Query[InvitationCode]):
    """All invitation codes, the oldest first, also those whose time is over."""
