"""AUTHENTICATE: SASL PLAIN (RFC 4616), SCRAM-SHA-256 (RFC 7677) and EXTERNAL (RFC 4422, appendix A) in lines of base64
(IRCv3 SASL 3.2)."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Final

from evchat.dialects.irc.line import Line
from evchat.dialects.irc.local_requests import local
from evchat.dialects.irc.transport import MECHANISMS
from evchat.protocol.authentication import Authenticate, Scram
from evchat.protocol.base import Request
from evchat.protocol.certificates import AuthenticateByCertificate

CHUNK: Final = 400
"""Bytes of a line that is not the last one."""

_MOST: Final = 4 * CHUNK
"""Of base64 in all: an account, a name and a password are shorter."""


class Sasl:
    """An exchange, from the mechanism's name to the last line. It depends on the client's lines alone."""

    __slots__ = ("_failed", "_mechanism", "_mechanisms", "_step", "_text")

    def __init__(self, mechanisms: tuple[str, ...] = MECHANISMS) -> None:
        self._mechanisms = mechanisms
        self._begin("")

    def _begin(self, mechanism: str) -> None:
        self._mechanism = mechanism
        self._text = ""
        self._step = 1
        self._failed = False
        """Whether the message was too long as a whole; the pieces of it that still come are no mechanism's name."""

    def give_up(self) -> list[Request]:
        """The client goes on without finishing what it has begun."""
        begun = self._mechanism
        self._begin("")
        return [local("sasl", "aborted", early=True)] if begun else []

    def take(self, line: Line) -> list[Request]:
        """The request in an AUTHENTICATE. No mechanism's name is base64, so naming one always starts over."""
        given = line.param(0)
        if not given:
            return [local("lacking", "AUTHENTICATE", early=True)]
        if given == "*":
            self._begin("")
            return [local("sasl", "aborted", early=True)]
        if self._failed and len(given) == CHUNK:
            return [local("nothing", early=True)]
        if not self._mechanism or given.upper() in self._mechanisms:
            known = given.upper() in self._mechanisms
            self._begin(given.upper() if known else "")
            return [local("sasl", "go-on" if known else "mechanisms", early=True)]
        if len(given) > CHUNK:
            self._begin("")
            return [local("sasl", "too-long", early=True)]
        if len(self._text) + len(given) > _MOST:
            # ERR_SASLTOOLONG is for a piece of more than 400 bytes alone (IRCv3 SASL 3.1).
            self._begin("")
            self._failed = len(given) == CHUNK
            return [local("sasl", "failed", early=True)]
        if given != "+":
            self._text += given
        if len(given) == CHUNK:
            return [local("nothing", early=True)]
        text, self._text = _decoded(self._text), ""
        if self._mechanism == "PLAIN":
            self._begin("")
            return [_plain(text)]
        if self._mechanism == "EXTERNAL":
            self._begin("")
            return [local("sasl", "failed", early=True) if text is None else AuthenticateByCertificate(text)]
        step, self._step = self._step, self._step + 1
        if step == 3 or text is None:
            self._begin("")
        return [local("sasl", "failed", early=True) if text is None else Scram(step, text)]


def _decoded(text: str) -> str | None:
    try:
        return b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _plain(text: str | None) -> Request:
    """The request that the whole of a PLAIN message is: authorisation, account, password with NUL between them."""
    parts = [] if text is None else text.split("\0")
    if len(parts) != 3 or not parts[1] or not parts[2] or (parts[0] and parts[0] != parts[1]):
        return local("sasl", "failed", early=True)
    return Authenticate(parts[1], parts[2])
