"""The scanner that splits a stream of bytes into JSON objects, one per line or back to back, whatever the chunks.

Whole objects in one piece take the short way: the decoder itself finds where they end. Everything else goes through
a scanner that looks at quotes and braces only and keeps its place between pieces, so that each byte is looked at a
fixed number of times. Both ways find the same objects.
"""

from __future__ import annotations

import json
import math
import re
from codecs import BOM_UTF8, utf_8_decode
from functools import cache
from typing import Final, NoReturn

from evchat.dialects.phrases import size as size_of
from evchat.protocol.basics import Malformed
from evchat.settings.model import DEFAULTS

MAX_DEPTH: Final = 64
"""The deepest nesting of objects and lists; far below what the decoder's recursion can take."""

Found = dict[str, object] | Malformed
"""What the scanner finds: an object, or the error in its place."""

_SPACE = re.compile("[ \t\r\n\ufeff]*+")
_SPACE_BYTES = re.compile(rb"[ \t\r\n]*+")
_GARBAGE_END = re.compile(rb"[\n{]")
# Up to the next brace, or the quote of a string that does not end here. An escape is a backslash and what follows.
# The outer repetition is not possessive, because Python up to 3.11.4 gets that wrong around alternatives.
_TO_BRACE = re.compile(rb'(?:[^"{}]++|"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+")*')
_IN_STRING = re.compile(rb'[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

_QUOTE, _OPEN, _NEWLINE = b'"{\n'
_WHITE = b" \t\r\n"
_BEFORE_VALUE = b":,[{"


class _BadNumberError(ValueError):
    """A number that JSON does not allow or that does not fit a float."""


def _refuse_constant(name: str) -> NoReturn:
    raise _BadNumberError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _BadNumberError(digits)
    return number


_decoder = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
_decode = _decoder.raw_decode
_decode_next = _decoder.scan_once  # type: ignore[attr-defined]  # as it is called, if not documented
"""The same without a call in between, with StopIteration where a value is missing."""

_GARBAGE = Malformed('That is not a JSON object. Send objects like {"request": "help"}.')
_LINE_BREAK = Malformed("That object has a line break inside a string. Write it as \\n.")
_NOT_CLOSED = Malformed("That object is not closed: another one starts inside it.")
_UNFINISHED = Malformed("The last object is not closed.")
_NOT_UTF8 = Malformed("That object is not UTF-8.", "bad-encoding")
_TOO_DEEP = Malformed(f"That object is nested too deeply (limit {MAX_DEPTH} levels).")
_LONE_SURROGATE = Malformed(
    "That object has half a surrogate pair (\\ud800 to \\udfff), which is not a character."
)
_BAD_NUMBER = Malformed("That object has an invalid number: NaN, Infinity, or one with thousands of digits.")


@cache
def _too_long(most_bytes: int) -> Malformed:
    return Malformed(
        f"That object is too long (limit {size_of(most_bytes)}). Goodbye.", "too-long", fatal=True
    )


@cache
def _too_much(most_bytes: int) -> Malformed:
    return Malformed(
        f"More than {size_of(most_bytes)} without a JSON object. Goodbye.", "too-long", fatal=True
    )


class Scanner:
    """Finds objects in bytes that are fed piece by piece. After a fatal error it finds nothing more.

    An object, and a run of bytes that are no object, has at most `most_bytes`: no more is ever kept in memory.
    """

    __slots__ = (
        "_at",
        "_buffer",
        "_closed",
        "_depth",
        "_garbage",
        "_in_string",
        "_most_bytes",
        "_too_long",
        "_too_much",
    )

    def __init__(self, most_bytes: int = DEFAULTS.max_object_bytes) -> None:
        self._most_bytes = most_bytes
        self._too_long = _too_long(most_bytes)
        self._too_much = _too_much(most_bytes)
        self._buffer = bytearray()
        """The incomplete object, from its brace on."""
        self._at = 0
        """The first byte of it that was not scanned yet, so that no byte is scanned twice."""
        self._depth = 0
        self._in_string = False
        self._garbage = 0
        """The length so far of a run of bytes that is not an object."""
        self._closed = False

    def feed(self, data: bytes) -> list[Found]:
        """The objects and errors that these bytes complete, in order."""
        # Nearly always the bytes are whole objects, which the C decoder takes as they are. Anything else goes to
        # the scanner, which is slower, but keeps its position between two chunks and never reads a byte twice.
        if self._depth or self._garbage or self._closed or len(data) > self._most_bytes:
            return self._scan(data)
        try:
            text, used = utf_8_decode(data, "strict", False)
        except UnicodeDecodeError:
            return self._scan(data)
        careful = "\\u" in text or text.count("{") + text.count("[") > MAX_DEPTH
        found: list[Found] = []
        at, size = 0, len(text)
        try:
            while at < size:
                if text[at] != "{":
                    if text[at] == "\n":
                        at += 1
                        continue
                    at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches anything
                    if at == size or text[at] != "{":
                        break
                value, end = _decode_next(text, at)
                found.append((careful and _fault(value, text[at:end])) or value)
                at = end
        except (ValueError, StopIteration, RecursionError):
            pass  # cut off or broken; the scanner finds out which
        if at < size or used < len(data):
            found += self._scan(text[at:].encode() + data[used:])
        return found

    def end(self) -> list[Found]:
        """The error that is left when the input has ended."""
        if self._closed:
            return []
        if not self._depth:
            return [_GARBAGE] if self._buffer else []
        self._close()
        return [_UNFINISHED]

    def _close(self) -> None:
        self._closed = True
        self._depth = 0
        self._buffer.clear()

    def _scan(self, data: bytes) -> list[Found]:
        found: list[Found] = []
        if self._closed:
            return found
        buffer = self._buffer
        buffer += data
        start = 0
        while start < len(buffer):
            if not self._depth:
                begin = self._find_start(start, found)
                if begin is None:
                    break
                start = begin
            elif (end := self._find_end(start, found)) is not None:
                start = end
            else:
                break
        if found and found[-1] in (self._too_long, self._too_much):
            self._close()
        else:
            del buffer[:start]
            self._at -= start
        return found

    def _find_start(self, start: int, found: list[Found]) -> int | None:
        """The offset where the next object begins, or the end of the buffer. Reports each run of garbage once.

        A byte order mark counts as white space (RFC 8259, section 8.1); None if the buffer ends inside one.
        """
        buffer = self._buffer
        if self._garbage:
            match = _GARBAGE_END.search(buffer, start)
            end = match.start() if match else len(buffer)
            self._garbage += end - start
            if self._garbage > self._most_bytes:
                found.append(self._too_much)
                return len(buffer)
            if not match:
                return end
            self._garbage = 0
            if buffer[end] == _NEWLINE:
                return end + 1
            start = end
        else:
            start = _SPACE_BYTES.match(buffer, start).end()  # type: ignore[union-attr]  # it matches anything
            if start == len(buffer):
                return start
            if buffer[start] != _OPEN:
                mark = bytes(buffer[start : start + len(BOM_UTF8)])
                if BOM_UTF8.startswith(mark):
                    return start + len(mark) if mark == BOM_UTF8 else None
                found.append(_GARBAGE)
                self._garbage = 1
                return start + 1
        self._depth = 1
        self._in_string = False
        self._at = start + 1
        return start

    def _find_end(self, start: int, found: list[Found]) -> int | None:
        """The offset where the object that begins at `start` ends, valid or not; None if it is incomplete."""
        buffer, at, depth = self._buffer, self._at, self._depth
        size = len(buffer)
        verdict: Found | None = None
        while at < size:
            if self._in_string:
                at = _IN_STRING.match(buffer, at).end()  # type: ignore[union-attr]  # it matches anything
                if at == size:
                    break
                byte = buffer[at]
                if byte == _QUOTE:
                    self._in_string = False
                    at += 1
                    continue
                if byte != _NEWLINE:  # a backslash; it is the last byte here, or followed by a line break
                    if at + 1 == size:
                        break
                    at += 1
                at += 1
                verdict = _LINE_BREAK
                break
            at = _TO_BRACE.match(buffer, at).end()  # type: ignore[union-attr]  # it matches anything
            if at == size:
                break
            byte = buffer[at]
            at += 1
            if byte == _QUOTE:
                self._in_string = True
            elif byte != _OPEN:
                depth -= 1
                if not depth:
                    whole = at - start <= self._most_bytes
                    verdict = _parse(bytes(buffer[start:at])) if whole else self._too_long
                    break
            elif self._may_nest(at - 2):
                depth += 1
            else:
                verdict = _NOT_CLOSED
                break
        if verdict is None:
            self._at, self._depth = at, depth
            if size - start > self._most_bytes:
                found.append(self._too_long)
                return size
            return None
        self._depth = 0
        found.append(verdict if at - start <= self._most_bytes else self._too_long)
        if found[-1] is self._too_long:
            return size
        return at - 1 if verdict is _NOT_CLOSED else at

    def _may_nest(self, before: int) -> bool:
        """Whether an object may begin after the byte at `before`; otherwise the enclosing one was never closed.

        White space between is walked over backwards, each run once, as only one brace follows it.
        """
        buffer = self._buffer
        while buffer[before] in _WHITE:
            before -= 1
        return buffer[before] in _BEFORE_VALUE


def _parse(raw: bytes) -> Found:
    """The object in `raw`."""
    try:
        text = raw.decode("utf-8")
        value, end = _decode(text)
    except UnicodeDecodeError:
        return _NOT_UTF8
    except json.JSONDecodeError as error:
        return Malformed(f"That is not a JSON object: {error.msg} at character {error.pos + 1}.")
    except ValueError:  # by our own hooks, or by Python's limit for the digits of an integer
        return _BAD_NUMBER
    except RecursionError:
        return _TOO_DEEP
    if end != len(text):
        return Malformed(f"That is not a JSON object: it goes on after character {end}.")
    return _fault(value, text) or value


def _fault(value: dict[str, object], text: str) -> Malformed | None:
    """The error in an object that the decoder accepted: too deep, or half a surrogate pair."""
    if text.count("{") + text.count("[") > MAX_DEPTH and _is_deeper(value, MAX_DEPTH):
        return _TOO_DEEP
    if _SURROGATE.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            return _LONE_SURROGATE
    return None


def _is_deeper(value: object, most: int) -> bool:
    """Whether objects and lists are nested more than `most` levels deep."""
    level: list[object] = [value]
    for _ in range(most):
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below += [child for child in item.values() if isinstance(child, dict | list)]
            elif isinstance(item, list):
                below += [child for child in item if isinstance(child, dict | list)]
        if not below:
            return False
        level = below
    return True
