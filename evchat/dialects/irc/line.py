"""The lines of IRC: parsing, writing, and cutting to the length that a receiver may get.

A line has at most 512 bytes with its CR LF (RFC 2812, section 2.3), and before them tags (IRCv3 message-tags).
"""

from __future__ import annotations

import re
from typing import Final

from evchat.protocol.text import split_at_breaks
from evchat.protocol.value import value

MAX_LINE: Final = 510
"""Bytes of a line without its tags and its CR LF."""

MAX_TAGS: Final = 4096
"""Bytes of the tags that a client may send, with `@` and the space behind them."""

MAX_TAGS_TOLD: Final = 8190
"""Bytes of the tags that a client may be told, with `@`, without the space: the server's and another client's."""

_MAX_MIDDLE: Final = 100
"""Characters of a client's word that an answer repeats, so that the rest of the answer still fits."""

_TAG_ESCAPES = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}
_TAG_NAME = re.compile(r"\+?(?:[A-Za-z0-9.-]+/)?[A-Za-z0-9-]+")
"""A client's, a vendor's (a host name), and the tag's own (IRCv3 message-tags)."""
_TAG_TABLE = str.maketrans(
    {chr(code): chr(0x2400 + code) for code in range(0x20)}
    | {chr(code): "\ufffd" for code in range(0x80, 0xA0)}
    | dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    | {"\x7f": "\u2421", "\0": None}
    | {";": "\\:", " ": "\\s", "\\": "\\\\", "\r": "\\r", "\n": "\\n"}
)
"""What stands for a character in a tag's value. Clients show some of them, reactions for one: so no control is left."""
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_UNSAFE = re.compile("[\0\x01\r\n]")
_BROKEN = re.compile("[\0\r\n]")
_CONTROL = re.compile("[\x05-\x08\x0b\x0c\x0e\x10\x12-\x15\x17-\x1c\x7f-\x9f]")
"""What moves a terminal's cursor or worse; not tabs, colours and CTCP's \\x01. Some clients show all that they get."""
_HARMLESS = bytes(code for code in range(0x80) if not _CONTROL.match(chr(code)) and code not in b"\0\r\n")
"""ASCII that needs no second look."""

Tags = tuple[tuple[str, str], ...]


@value
class Line:
    """A line of a client: its command in capitals, its parameters, its tags."""

    command: str
    params: tuple[str, ...]
    tags: Tags = ()

    def param(self, index: int) -> str:
        """A parameter; empty if there is none."""
        return self.params[index] if index < len(self.params) else ""


def parse(text: str) -> Line | None:
    """The parsed line of `text` (without its line break); None if it has no command."""
    tags: Tags = ()
    if text.startswith("@"):
        before, _, text = text.partition(" ")
        tags = parse_tags(before[1:])
    text = text.lstrip(" ")
    if text.startswith(":"):  # a source, which a client has no business to give
        text = text.partition(" ")[2].lstrip(" ")
    head, colon, trailing = text.partition(" :")
    words = head.split(" ")
    command = words[0].upper()
    if not command:
        return None
    params = [word for word in words[1:] if word]
    if colon:
        params.append(trailing)
    return Line(command, tuple(params), tags)


def parse_tags(text: str) -> Tags:
    """Tags by their names; of a name that comes twice, the last counts."""
    found: dict[str, str] = {}
    for item in text.split(";"):
        name, _, escaped = item.partition("=")
        if name:
            found[name] = _ESCAPED.sub(lambda match: _TAG_ESCAPES.get(match[1], match[1]), escaped)
    return tuple(found.items())


def write_tags(tags: Tags) -> str:
    """`name=value;name` without `@`, and without what can't be a tag's name."""
    return ";".join(
        f"{name}={escape(text)}" if text else name for name, text in tags if _TAG_NAME.fullmatch(name)
    )


def escape(text: str) -> str:
    """A tag's value as it stands in a line, with pictures for control characters."""
    return text.translate(_TAG_TABLE)


def tagged(line: str, tag: str) -> str:
    """`line` with one more tag."""
    return f"@{tag};{line[1:]}" if line.startswith("@") else f"@{tag} {line}"


def safe(text: str) -> str:
    """`text` without what would end its line, make a client's query of it, or be obeyed by a terminal."""
    return text if text.isprintable() else _pictured(_UNSAFE.sub(" ", text))


def _pictured(text: str) -> str:
    """`text` with a picture in place of each control character."""
    return _CONTROL.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def middle(text: str) -> str:
    """A client's own word as a parameter that is not the last; `*` for what can't be one."""
    if not text or text.startswith(":") or not text.isprintable() or " " in text:
        return "*"
    return text[:_MAX_MIDDLE]


def query(text: str) -> str:
    """A client's query to another client, `\\x01` and all, as `safe` as another text."""
    return text if text.isprintable() else _pictured(unbroken(text))


def unbroken(text: str) -> str:
    """`text` without what would end its line."""
    return _BROKEN.sub(" ", text)


def split_lines(text: str) -> list[str]:
    """The lines of a message. None of them can be taken for a client's query: those begin with `\\x01`."""
    if text.isascii() and text.isprintable():
        return [text]
    return [_pictured(part.replace("\0", "").replace("\x01", "\u2401")) for part in split_at_breaks(text)]


def fit(head: str, text: str, tail: str = "") -> list[str]:
    """As many lines as `text` needs, each with `head` before it, none longer than MAX_LINE bytes.

    Cut between words where that costs no more than half a line, never inside a character.
    """
    room = MAX_LINE - len(head.encode("utf-8", "replace")) - len(tail)
    data = text.encode("utf-8", "replace")
    if len(data) <= room or room < 8:
        return [f"{head}{text}{tail}" if room >= 8 else cut(head)]
    lines = []
    while data:
        piece = whole(data, room)
        # Only the second half is searched for a space, or one early space would make a line of a few words.
        if len(piece) < len(data):
            space = piece.rfind(b" ", room // 2)
            if space > 0:
                piece = piece[: space + 1]
        lines.append(f"{head}{piece.decode('utf-8')}{tail}")
        data = data[len(piece) :]
    return lines


def cut(line: str) -> str:
    """`line` without what is beyond MAX_LINE bytes."""
    if len(line) <= MAX_LINE // 4:
        return line
    data = line.encode("utf-8", "replace")
    return line if len(data) <= MAX_LINE else whole(data, MAX_LINE).decode("utf-8")


def written(lines: list[str]) -> bytes:
    """The bytes of lines. Whatever they were made of, none is too long, ends before its end, or moves a cursor."""
    if not lines:
        return b""
    if len(lines) == 1 and len(lines[0]) <= MAX_LINE and lines[0].isascii() and lines[0].isprintable():
        return f"{lines[0]}\r\n".encode("ascii")
    # The last guard, whatever the callers did: a name or text with a line break in it would forge a line of the server.
    # Counting is cheaper than looking at every line, and nearly always finds nothing.
    text = "\r\n".join(lines) + "\r\n"
    if text.isascii() and max(map(len, lines)) <= MAX_LINE:
        data = text.encode("ascii")
        if data.translate(None, _HARMLESS) == b"\r\n" * len(lines):
            return data
    breaks = len(lines)
    if text.count("\n") != breaks or text.count("\r") != breaks or "\0" in text:
        text = "\r\n".join(map(unbroken, lines)) + "\r\n"
    if _CONTROL.search(text):
        text = _pictured(text)
    data = text.encode("utf-8", "replace")
    if len(data) > MAX_LINE and max(map(len, lines)) > MAX_LINE // 4:
        return b"".join([_short(row) for row in data[:-2].split(b"\r\n")])
    return data


def _short(row: bytes) -> bytes:
    if len(row) <= MAX_LINE:
        return row + b"\r\n"
    tags, space, body = row.partition(b" ") if row.startswith(b"@") else (b"", b"", row)
    if len(tags) > MAX_TAGS_TOLD:
        tags = tags[:MAX_TAGS_TOLD].rpartition(b";")[0]
    return tags + (space if tags else b"") + whole(body, MAX_LINE) + b"\r\n"


def whole(data: bytes, most: int) -> bytes:
    """The beginning of some UTF-8, at most `most` bytes of it, that ends with a whole character."""
    if len(data) <= most:
        return data
    while most and data[most] & 0xC0 == 0x80:
        most -= 1
    return data[:most]


def packed(head: str, words: list[str], between: str = " ") -> list[str]:
    """Lines with `head` and as many of the words as fit, at least one line."""
    room = MAX_LINE - len(head.encode("utf-8", "replace"))
    text = between.join(words)
    if text.isascii() and text.count(between) == len(words) - 1:
        return [head + row for row in _rows(text, room, between)]
    lines: list[str] = []
    row: list[str] = []
    size = 0
    for word in words:
        length = len(word.encode("utf-8", "replace")) + len(between)
        if row and size + length > room + len(between):
            lines.append(head + between.join(row))
            row, size = [], 0
        row.append(word)
        size += length
    lines.append(head + between.join(row))
    return lines


def _rows(text: str, room: int, between: str) -> list[str]:
    """ASCII words cut between them: each row at most `room` long, unless one word is longer."""
    rows = []
    start = 0
    while len(text) - start > room:
        end = text.rfind(between, start, start + room + len(between))
        if end < 0:
            end = text.find(between, start)
            if end < 0:
                break
        rows.append(text[start:end])
        start = end + len(between)
    rows.append(text[start:])
    return rows
