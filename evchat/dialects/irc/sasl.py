"""AUTHENTICATE: SASL PLAIN (RFC 4616) in lines of base64 (IRCv3 SASL 3.2)."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Final

from evchat.dialects.irc.line import Line
from evchat.dialects.irc.local import local
from evchat.protocol import requests as r

CHUNK: Final = 400
"""Bytes of a line that is not the last one."""

_MOST: Final = 4 * CHUNK
"""Of base64 in all: an account, a name and a password are shorter."""


class Sasl:
    """An exchange, from the mechanism's name to the last line. It depends on the client's lines alone."""

    __slots__ = ("_begun", "_text")

    def __init__(self) -> None:
        self._begun = False
        self._text = ""

    def give_up(self) -> list[r.Request]:
        """The client goes on without finishing what it has begun."""
        begun, self._begun, self._text = self._begun, False, ""
        return [local("sasl", "aborted", early=True)] if begun else []

    def take(self, line: Line) -> list[r.Request]:
        """What an AUTHENTICATE means."""
        given = line.param(0)
        if not given:
            return [local("lacking", "AUTHENTICATE", early=True)]
        if given == "*":
            self._begun, self._text = False, ""
            return [local("sasl", "aborted", early=True)]
        if not self._begun:
            if given.upper() != "PLAIN":
                return [local("sasl", "mechanisms", early=True)]
            self._begun = True
            return [local("sasl", "go-on", early=True)]
        if len(given) > CHUNK or len(self._text) + len(given) > _MOST:
            self._begun, self._text = False, ""
            return [local("sasl", "too-long", early=True)]
        if given != "+":
            self._text += given
        if len(given) == CHUNK:
            return [local("nothing", early=True)]
        text, self._text, self._begun = self._text, "", False
        return [_plain(text)]


def _plain(text: str) -> r.Request:
    """The request that the whole of a PLAIN message is: authorisation, account, password with NUL between them."""
    try:
        parts = b64decode(text, validate=True).decode("utf-8").split("\0")
    except (binascii.Error, ValueError):
        parts = []
    if len(parts) != 3 or not parts[1] or not parts[2] or (parts[0] and parts[0] != parts[1]):
        return local("sasl", "failed", early=True)
    return r.Authenticate(parts[1], parts[2])
