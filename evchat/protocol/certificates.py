"""Certificates by which users log in instead of with a password."""

from __future__ import annotations

from evchat.protocol.base import Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class ManageCertificates(Request):
    """Adds a certificate to the user's account, removes one, or lists them: `action` says which.

    To add one, `text` is the certificate in base64, with or without the lines that PEM puts around it, or its next
    piece: where a line is too short for all of it, several requests give one after the other. To remove one, it is
    the beginning of its fingerprint.
    """

    traits = Traits(cost=2.0)

    action: str = "list"
    text: str = ""


@value
class AuthenticateByCertificate(Request):
    """Logs in to an account, that of the user's name if none is given, by the certificate of the connection.

    The client does not say which that is: the server knows its `fingerprint`, empty if there is none.
    """

    traits = Traits(cost=2.0)

    account: str
    fingerprint: str = ""


COMMANDS: tuple[Command, ...] = (
    Command(
        "certificate",
        ManageCertificates,
        "Lists the certificates by which you can log in, adds or removes one.",
        (
            Param("action", Kind.WORD, "list, add or remove", key="action"),
            Param("text", Kind.TEXT, "certificate or fingerprint"),
        ),
        words=("certificate",),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
