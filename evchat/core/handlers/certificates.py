"""Certificates: what belongs to an account, and the login by one."""

from __future__ import annotations

import string
from base64 import b64encode
from collections.abc import Iterator

from evchat.core import records as rec
from evchat.core import server_queries
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save, Trust
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import authentication
from evchat.core.state import Session, logged_in
from evchat.core.store import StoreError
from evchat.protocol import names, x509
from evchat.protocol.basics import Done
from evchat.protocol.certificates import AuthenticateByCertificate, ManageCertificates

handlers = Handlers()

_SHOWN = 16
"""Digits of a fingerprint that people are shown: nobody can make another certificate that begins with them."""
_LEAST = 8
"""Digits that name a certificate of one's own."""


@handlers.on(ManageCertificates)
def manage(context: Context, session: Session, request: ManageCertificates, now: int) -> Iterator[Effect]:
    """Lists, adds or removes certificates of the user's account."""
    account = authentication.own_account(context, logged_in(session))
    kept = context.fetch(rec.CertificatesOf(account.user))
    action = request.action.lower()
    if action == "list":
        yield _done(session, request, _listed(kept), kept, now)
    elif action == "add":
        begun, session.certificate = session.certificate, ""  # any refusal ends it
        try:
            yield from list(_add(context, session, request, account, kept, begun, now))
        except StoreError:
            session.certificate = begun  # the client may send this piece again
            raise
    elif action == "remove":
        gone = _named(kept, request.text)
        yield Save(rec.UserCertificate(account.user, gone.fingerprint, gone.der, gone.at, on=False))
        left = [each for each in kept if each is not gone]
        text = f"The certificate {gone.fingerprint[:_SHOWN]} is removed. Anyone logged in with it stays logged in."
        yield _done(session, request, text, left, now)
    else:
        raise Refused("bad-request", "The action is list, add or remove.")


def _done(
    session: Session, request: ManageCertificates, text: str, kept: list[rec.UserCertificate], now: int
) -> Reply:
    facts = (("certificates", [each.fingerprint for each in kept]),)
    return Reply(session.sid, Done(now, request.id, text, facts))


def _listed(kept: list[rec.UserCertificate]) -> str:
    if not kept:
        return "You have no certificates. /certificate add, with one in base64, adds it."
    return f"Your certificates: {', '.join(each.fingerprint[:_SHOWN] for each in kept)}."


def _add(
    context: Context,
    session: Session,
    request: ManageCertificates,
    account: rec.Account,
    kept: list[rec.UserCertificate],
    begun: str,
    now: int,
) -> Iterator[Effect]:
    """Adds a certificate of which `begun` is here already."""
    most = context.limits.max_certificate_bytes
    begun = ("" if x509.begins(request.text) else begun) + request.text
    try:
        if len(begun) > most:
            raise Refused("too-long", f"A certificate has at most {most} bytes.")
        der = x509.unwrapped(begun)
        size = x509.size(der)
        if size is not None and size > most:
            raise Refused("too-long", f"A certificate has at most {most} bytes.")
        if size is None or len(der) < size:
            session.certificate = begun
            of = "" if size is None else f" of {size}"
            text = f"Received {len(der)}{of} bytes. Send the next piece with /certificate add."
            yield _done(session, request, text, kept, now)
            return
        certificate = x509.parse(der)
    except ValueError as problem:
        raise Refused("bad-certificate", f"That can't be used. {problem}") from None
    if not certificate.is_self_signed and context.config.tls_client_ca is None:
        raise Refused(
            "bad-certificate",
            "Another certificate has issued this one, and this server trusts no issuers. Use a self-signed one.",
        )
    told = (
        f"The certificate {certificate.fingerprint[:_SHOWN]} is yours. You can log in by it (SASL EXTERNAL)."
    )
    if any(each.fingerprint == certificate.fingerprint for each in kept):
        yield _done(session, request, told, kept, now)
        return
    if len(kept) >= context.limits.max_certificates:
        raise Refused(
            "too-many-certificates", f"An account has at most {context.limits.max_certificates} certificates."
        )
    if context.fetch(server_queries.CertificateCount())[0] >= context.limits.max_all_certificates:
        raise Refused("too-many-certificates", "The server has no room for more certificates.")
    new = rec.UserCertificate(account.user, certificate.fingerprint, b64encode(der).decode("ascii"), now)
    yield Save(new)
    yield Trust(session.sid, new.der)
    yield _done(session, request, told, [*kept, new], now)


def _named(kept: list[rec.UserCertificate], text: str) -> rec.UserCertificate:
    """The certificate whose fingerprint begins so. Raises Refused (bad-certificate)."""
    digits = text.replace(":", "").strip().lower()
    found = [each for each in kept if each.fingerprint.startswith(digits)]
    if len(digits) < _LEAST or not set(digits) <= set(string.hexdigits) or len(found) != 1:
        raise Refused("bad-certificate", f"Name one of yours by {_LEAST} digits of its fingerprint or more.")
    return found[0]


@handlers.on(AuthenticateByCertificate)
def authenticate(
    context: Context, session: Session, request: AuthenticateByCertificate, now: int
) -> Iterator[Effect]:
    """Logs in to the account of a name, before or after the chat login.

    Never to whichever account holds the certificate: anybody may add somebody else's, which is no secret, and whoever
    owns it would speak in an account that another one can read.
    """
    draft = session.draft
    own = draft.name if draft is not None and session.user is None else logged_in(session).name
    name = request.account or own
    if not name:
        raise Refused("wrong-password", "Say which account: give your name first.")
    key = names.user_key(name)
    legal = names.check_user_name(name, unicode_names=True) is None
    accounts = context.fetch(rec.AccountOf(key)) if legal and request.fingerprint else []
    kept = context.fetch(rec.CertificatesOf(key)) if accounts and accounts[0].secret else []
    if request.fingerprint not in [each.fingerprint for each in kept]:
        raise Refused("wrong-password", "No such account, or it does not have this certificate.")
    yield from authentication.prove(context, session, request, accounts[0].name, now)
