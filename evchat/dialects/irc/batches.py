"""Batches that a client sends: messages of several lines (IRCv3 multiline)."""

from __future__ import annotations

from dataclasses import replace

from evchat.dialects.irc.commands import requests
from evchat.dialects.irc.line import Line
from evchat.dialects.irc.local_requests import local
from evchat.protocol.base import Request
from evchat.protocol.messages import SendMessage
from evchat.settings.model import Limits

Requests = list[Request]


class Batches:
    """Gathers the lines of the one batch that a client may have open.

    The first thing that is wrong with a batch is told at once; what still comes of it is then passed over in silence.
    """

    __slots__ = (
        "_command",
        "_joins",
        "_limits",
        "_opening",
        "_reference",
        "_rows",
        "_size",
        "_rejected",
        "_text",
    )

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rejected = ""
        """The reference of a batch that was refused and has not ended yet."""
        self._begin("", Line("", ()))

    def _begin(self, reference: str, opening: Line) -> None:
        self._reference, self._opening = reference, opening
        self._command = self._text = ""
        self._joins: list[int] = []
        self._rows = self._size = 0

    @property
    def label(self) -> str:
        """The label of the batch that is open: it belongs to what the whole of it is answered."""
        return dict(self._opening.tags).get("label", "")

    def take(self, line: Line) -> Requests | None:
        """What a line means to a batch; None if it is none of its business."""
        if line.command == "BATCH":
            return self._batch(line)
        reference = dict(line.tags).get("batch") if line.tags else None
        if reference is None:
            return None
        if reference == self._rejected:
            return [local("nothing")]
        if not self._reference or reference != self._reference:
            return self._refuse("MULTILINE_INVALID", "That batch is not open")
        return self._add(line)

    def _refuse(self, code: str, *context: str) -> Requests:
        self._rejected = self._reference or self._rejected
        self._begin("", Line("", ()))
        return [local("fail", "BATCH", code, *context)]

    def _batch(self, line: Line) -> Requests:
        reference = line.param(0)
        sign, name = reference[:1], reference[1:]
        if sign == "+" and name:
            if line.param(1).lower() != "draft/multiline" or not line.param(2) or self._reference:
                text = "Only draft/multiline batches are accepted, one at a time"
                return self._refuse("MULTILINE_INVALID", text)
            self._rejected = ""
            self._begin(name, line)
            return [local("opened")]
        if sign == "-" and name and name == self._reference:
            return self._end()
        if sign == "-" and name and name == self._rejected:
            self._rejected = ""
            return [local("nothing")]
        return self._refuse("MULTILINE_INVALID", "There is no such batch")

    def _add(self, line: Line) -> Requests:
        target, to, text = self._opening.param(2), line.param(0), line.param(1)
        concat = any(name == "draft/multiline-concat" for name, _ in line.tags)
        if line.command not in ("PRIVMSG", "NOTICE") or (self._command and line.command != self._command):
            return self._refuse("MULTILINE_INVALID", "A batch holds either PRIVMSG or NOTICE")
        if to.lower() != target.lower():
            return self._refuse("MULTILINE_INVALID_TARGET", target, to, "The target is not the batch's")
        if concat and not text:
            return self._refuse("MULTILINE_INVALID", "An empty line can't be joined to the one before")
        self._size += len(text.encode("utf-8", "replace")) + (self._rows > 0 and not concat)
        if self._size > self._limits.max_multiline_bytes:
            most = str(self._limits.max_multiline_bytes)
            return self._refuse("MULTILINE_MAX_BYTES", most, "The message is too long")
        if self._rows >= self._limits.max_multiline_lines:
            most = str(self._limits.max_multiline_lines)
            return self._refuse("MULTILINE_MAX_LINES", most, "The message has too many lines")
        self._command = line.command
        if self._rows and concat:
            self._joins.append(len(self._text))
        self._text += f"\n{text}" if self._rows and not concat else text
        self._rows += 1
        return [local("nothing")]

    def _end(self) -> Requests:
        opening, command, text, joins = self._opening, self._command, self._text, tuple(self._joins)
        if not text.strip():
            refused = self._refuse("MULTILINE_INVALID", "There is nothing in that message")
            self._rejected = ""
            return refused
        self._begin("", Line("", ()))
        asked = requests(Line(command, (opening.param(2), text), opening.tags), self._limits)
        return [
            replace(one, joins=joins) if type(one) is SendMessage and not one.action else one for one in asked
        ]
