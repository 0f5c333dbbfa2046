"""BATCH from a client: a message of several lines (IRCv3 multiline)."""

from __future__ import annotations

from evchat.dialects.irc import caps
from evchat.dialects.irc.asks import requests
from evchat.dialects.irc.line import Line
from evchat.dialects.irc.local import local
from evchat.protocol import requests as r


class Batches:
    """Gathers the lines of the one batch that a client may have open."""

    __slots__ = ("_command", "_concats", "_opening", "_parts", "_reference", "_size", "_wrong")

    def __init__(self) -> None:
        self._reference = ""
        self._clear()

    def _clear(self) -> None:
        self._opening = Line("", ())
        self._command = ""
        self._parts: list[str] = []
        self._concats: list[bool] = []
        self._size = 0
        self._wrong: tuple[str, ...] = ()

    def take(self, line: Line) -> list[r.Request] | None:
        """What a line means to a batch; None if it is none of its business."""
        if line.command == "BATCH":
            return self._batch(line)
        if not self._reference:
            return None
        for name, text in line.tags:
            if name == "batch" and text == self._reference:
                self._add(line)
                return [local("nothing")]
        return None

    def _batch(self, line: Line) -> list[r.Request]:
        reference = line.param(0)
        if reference[:1] == "+" and len(reference) > 1:
            if line.param(1).lower() != "draft/multiline" or not line.param(2) or self._reference:
                return [
                    local(
                        "fail",
                        "BATCH",
                        "MULTILINE_INVALID",
                        "Only draft/multiline batches are taken, one at a time",
                    )
                ]
            self._clear()
            self._reference, self._opening = reference[1:], line
            return [local("nothing")]
        if reference[:1] == "-" and self._reference and reference[1:] == self._reference:
            return self._done()
        self._reference = ""
        return [local("fail", "BATCH", "MULTILINE_INVALID", "There is no such batch")]

    def _add(self, line: Line) -> None:
        target = self._opening.param(2)
        concat = any(name == "draft/multiline-concat" for name, _ in line.tags)
        text = line.param(1)
        if line.command not in ("PRIVMSG", "NOTICE") or (self._command and line.command != self._command):
            self._wrong = ("MULTILINE_INVALID", "A batch holds either PRIVMSG or NOTICE")
        elif line.param(0).lower() != target.lower():
            self._wrong = ("MULTILINE_INVALID_TARGET", target, line.param(0), "The target is not the batch's")
        elif concat and not text:
            self._wrong = ("MULTILINE_INVALID", "Nothing can't be joined to the line before")
        self._command = line.command
        self._size += len(text.encode("utf-8", "replace")) + (not concat)
        if self._size > caps.MULTILINE_BYTES:
            self._wrong = ("MULTILINE_MAX_BYTES", str(caps.MULTILINE_BYTES), "The message is too long")
        elif len(self._parts) >= caps.MULTILINE_LINES:
            self._wrong = ("MULTILINE_MAX_LINES", str(caps.MULTILINE_LINES), "The message has too many lines")
        if not self._wrong:
            self._parts.append(text)
            self._concats.append(concat)

    def _done(self) -> list[r.Request]:
        opening, wrong = self._opening, self._wrong
        text = ""
        for part, concat in zip(self._parts, self._concats, strict=True):
            text += part if concat or not text and part is self._parts[0] else "\n" + part
        command = self._command or "PRIVMSG"
        self._reference = ""
        self._clear()
        if wrong:
            return [local("fail", "BATCH", *wrong)]
        if not text.strip():
            return [local("fail", "BATCH", "MULTILINE_INVALID", "There is nothing in that message")]
        return requests(Line(command, (opening.param(2), text), opening.tags))
