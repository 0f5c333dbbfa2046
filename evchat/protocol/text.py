"""Makes foreign text harmless for any terminal, splits it into lines, normalises it, and tells how wide it is.

Whatever came from somebody else (a message, a name, a topic, an error text) passes `harmless`, `legible` or `lines`
before it is written to a terminal or a log. What is left can't move the cursor, hide itself, reverse the
reading direction, forge a line, or be wider than `width` says. Widths follow East Asian Width (UAX #11) as
glibc's wcwidth does. Joiners, variation selectors and skin tones, of whose widths terminals differ, are dropped in
names, where nothing invisible may tell two apart; in what people say they are kept where they mean something.

Only `normalized` and `caseless` normalise and fold case, for all other modules: sorting the combining marks behind a
base takes quadratic time in CPython, seconds for a text of nothing else, and holds all threads.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

TYPE_CHECKING = False  # `typing` is slow to import, and the client must start fast
if TYPE_CHECKING:
    from typing import Literal

MAX_MARKS = 4
"""Combining marks kept per base: enough for living languages; taller stacks would draw over other lines."""

_STREAM_SAFE_MARKS = 30
"""Marks per base passed to the normalisation, which is quadratic in them (Stream-Safe Text Format, UAX #15, section
13).
"""
_JOINER = "\u034f"
"""The combining grapheme joiner, which marks are never sorted across."""
_HALFWIDTH_MARKS = "\uff9e\uff9f"
"""The only letters that the compatibility forms turn into marks."""

_DOTTED_CIRCLE = "\u25cc"
_REPLACEMENT = "\ufffd"
_NEWLINE_SYMBOL = "\u2424"

_ZWNJ, _ZWJ, _EMOJI_STYLE = "\u200c", "\u200d", "\ufe0f"
_TONES = "\U0001f3fb-\U0001f3ff"
"""The five skin tones, as a range."""
_JOINERS = (_ZWNJ, _ZWJ, _EMOJI_STYLE, *map(chr, range(0x1F3FB, 0x1F400)))
_JOINING = re.compile(f"[{_ZWNJ}{_ZWJ}{_EMOJI_STYLE}{_TONES}]")
_EMOJI_PARTS = re.compile(f"[{_ZWJ}{_EMOJI_STYLE}{_TONES}]")
"""What makes emoji out of several characters."""

_KEYCAP = "\u20e3"

_MAX_JOINED = 4
"""Emoji joined into one at most: a family has four."""

_VIRAMA = 9
"""The combining class of the signs that take the vowel of an Indic letter (UAX #44)."""

_CACHED = 4096
"""Characters remembered per table: more than a conversation uses, and a bound for one that uses them all."""

_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")

# What IRC's clients write for bold, italics, colours and the like (modern.ircdocs.horse/formatting).
_FORMATTING = re.compile(
    "\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|[\x02\x0f\x11\x16\x1d-\x1f]"
)

# Latin, Greek, Cyrillic and the punctuation of typesetters: a cell each.
_NARROW = re.compile("[\x20-\u02ff\u0370-\u0482\u048a-\u0530\u1e00-\u1fff\u2010-\u2027\u2030-\u205e]*\\Z")

# Default_Ignorable_Code_Point (UAX #44) beyond category Cf, and the skin tones (UTS #51), drawn over the emoji
# before or beside it.
_IGNORABLE = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),  # combining grapheme joiner
        (0x115F, 0x1160),  # Hangul fillers
        (0x17B4, 0x17B5),  # Khmer inherent vowels
        (0x180B, 0x180F),  # Mongolian variation selectors
        (0x3164, 0x3164),  # Hangul filler
        (0xFE00, 0xFE0F),  # variation selectors
        (0xFFA0, 0xFFA0),  # halfwidth Hangul filler
        (0x1F3FB, 0x1F3FF),  # skin tones
        (0xE0100, 0xE01EF),  # variation selectors
    )
    for code in range(first, last + 1)
)


def harmless(text: str) -> str:
    """`text` as one line that any terminal shows as it is, in Unicode's normal form NFC.

    IRC's codes for bold, colours and the like are dropped. Other control characters become their pictures (U+2400
    and on), spaces of every kind and tabs one space each; what is invisible, changes the reading direction or joins
    emoji is dropped; C1 controls, lone surrogates, private and unassigned characters become U+FFFD. A base keeps
    `MAX_MARKS` combining marks; one without a base gets U+25CC, so no harmless text starts with a mark or has one on
    a space. Applied to its own result, it changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    if text.isprintable() and _plain().match(text) and unicodedata.is_normalized("NFC", text):
        return text
    text = _FORMATTING.sub("", text).translate(_REPLACED)
    if text.isascii():
        return text
    if _plain().match(text):
        return unicodedata.normalize("NFC", text)
    return _limit_marks(unicodedata.normalize("NFC", _limit_marks(text, _STREAM_SAFE_MARKS)), MAX_MARKS)


def legible(text: str) -> str:
    """`text` as `harmless` makes it, but with the joiners that it needs to be read: for what people say, not for names.

    Kept are: the zero-width non-joiner after an Arabic letter or a virama, as Persian and Indic scripts write it; the
    joiner after a virama, and between at most `_MAX_JOINED` emoji that are drawn as one; the emoji variation selector
    after a sign that can be an emoji, and in keycaps; a skin tone after an emoji that has one. Applied to its own
    result, it changes nothing.
    """
    if text.isascii() or not _JOINING.search(text):
        return harmless(text)
    made = _once_legible(text)
    if _once_legible(made) == made:
        return made
    # Normalisation has moved marks between a joiner and what it needs. Nobody writes like this.
    return harmless(text)


def _once_legible(text: str) -> str:
    text = _useful(_FORMATTING.sub("", text).translate(_REPLACED_BUT_JOINERS))
    return _limit_marks(unicodedata.normalize("NFC", _limit_marks(text, _STREAM_SAFE_MARKS)), MAX_MARKS)


def _useful(text: str) -> str:
    """`text` without the joiners and variation selectors that mean nothing where they stand."""
    kept: list[str] = []
    joined = 0
    last = len(text) - 1
    for at, char in enumerate(text):
        before, after = kept[-1] if kept else "", text[at + 1] if at < last else ""
        if char == _ZWJ:
            if _is_pictograph(after) and (
                _is_pictograph(before) or before == _EMOJI_STYLE or _is_tone(before)
            ):
                joined += 1
                if joined >= _MAX_JOINED:
                    continue
            elif not (before and unicodedata.combining(before) == _VIRAMA):
                continue
        elif char == _ZWNJ:
            if not (before and (_is_arabic_letter(before) or unicodedata.combining(before) == _VIRAMA)):
                continue
        elif char == _EMOJI_STYLE:
            if not (_is_pictograph(before) or (after == _KEYCAP and before and before in "0123456789#*")):
                continue
        elif _is_tone(char):
            if not (before >= "\u261d" and _toned().match(before)):
                continue
        elif before != _ZWJ:
            joined = 0
        kept.append(char)
    return "".join(kept)


def _is_tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


@cache
def _toned() -> re.Pattern[str]:
    """The emoji that may have a skin tone (Emoji_Modifier_Base, UTS #51). Compiled when first needed, as `_plain`."""
    return re.compile(
        "[\u261d\u26f9\u270a-\u270d\U0001f385\U0001f3c2-\U0001f3c4\U0001f3c7\U0001f3ca-\U0001f3cc\U0001f442\U0001f443"
        "\U0001f446-\U0001f450\U0001f466-\U0001f478\U0001f47c\U0001f481-\U0001f483\U0001f485-\U0001f487\U0001f48f"
        "\U0001f491\U0001f4aa\U0001f574\U0001f575\U0001f57a\U0001f590\U0001f595\U0001f596\U0001f645-\U0001f647"
        "\U0001f64b-\U0001f64f\U0001f6a3\U0001f6b4-\U0001f6b6\U0001f6c0\U0001f6cc\U0001f90c\U0001f90f"
        "\U0001f918-\U0001f91f\U0001f926\U0001f930-\U0001f939\U0001f93c-\U0001f93e\U0001f977\U0001f9b5\U0001f9b6"
        "\U0001f9b8\U0001f9b9\U0001f9bb\U0001f9cd-\U0001f9cf\U0001f9d1-\U0001f9dd\U0001fac3-\U0001fac5"
        "\U0001faf0-\U0001faf8]"
    )


def _is_pictograph(char: str) -> bool:
    """Whether `char` is a sign that is or can be drawn as an emoji, or another sign of their blocks (UTS #51)."""
    return char >= "\xa9" and _pictographs().match(char) is not None


@cache
def _pictographs() -> re.Pattern[str]:
    """Compiled when first needed, as `_plain`. Of skin tones and halves of flags, none."""
    return re.compile(
        "[\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u2300-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
        "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
    )


def _is_arabic_letter(char: str) -> bool:
    return (
        "\u0620" <= char <= "\u06ff" or "\u0750" <= char <= "\u077f" or "\u08a0" <= char <= "\u08c9"
    ) and unicodedata.category(char) == "Lo"


def joins_emoji(text: str, index: int) -> bool:
    """Whether a joiner before `text[index]` makes one emoji of it and of what stands before the joiner."""
    return index > 0 and text[index - 1] == _ZWJ and _is_pictograph(text[index])


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """`text` in a normal form, in time linear in its length: as Stream-Safe Text (UAX #15, section 13).

    Where more than 30 marks follow each other, a combining grapheme joiner is put after every 30 of them.
    """
    if text.isascii():
        return text
    if len(text) > _STREAM_SAFE_MARKS and not _plain().match(text):
        text = _stream_safe(text)
    return unicodedata.normalize(form, text)


def caseless(text: str) -> str:
    """`text` for a case-insensitive comparison, including letters such as ß. It may be longer than `text`."""
    return text.lower() if text.isascii() else text.casefold()


def lines(text: str) -> list[str]:
    """The lines of `text`, each legible; at least one. A line break at the end adds no empty line."""
    if text.isascii() and text.isprintable():
        return [text]
    parts = _BREAK.split(text)
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    return [legible(part) for part in parts]


def split_at_breaks(text: str) -> list[str]:
    """The parts of `text` between its line breaks of any kind, as they are; at least one."""
    return _BREAK.split(text)


def count_breaks(text: str) -> int:
    """How many line breaks of any kind are in `text`; it has one line more than that."""
    return 0 if text.isprintable() else len(_BREAK.findall(text))


def width(text: str) -> int:
    """How many cells of a terminal the legible `text` takes: of emoji that are joined, as many as of one."""
    if text.isascii() or _NARROW.match(text):
        return len(text)
    if _EMOJI_PARTS.search(text):
        return _width_joined(text)
    return sum(map(_CELLS.__getitem__, text))


def _width_joined(text: str) -> int:
    cells = base = 0
    for at, char in enumerate(text):
        if char == _EMOJI_STYLE or _is_tone(char) or joins_emoji(text, at):
            # Drawn as an emoji, which has two cells; what is joined to it has none of its own.
            cells += 2 - base if base else 0
            base = 2 if base else 0
        elif own := _CELLS[char]:
            cells += own
            base = own
    return cells


def is_narrow(text: str) -> bool:
    """Whether each character of the harmless `text` surely takes one cell, so that `len` counts cells."""
    return text.isascii() or _NARROW.match(text) is not None


def is_mark(char: str) -> bool:
    """Whether `char` belongs to the character before it: a combining mark, or a Hangul vowel or final."""
    return char >= "\u0300" and (unicodedata.category(char)[0] == "M" or _is_joining_jamo(char))


@cache
def _plain() -> re.Pattern[str]:
    """Letters, signs, ideographs and emoji that stay as they are: no marks, nothing ignorable, no skin tones.

    Unassigned characters in these ranges are not printable; whether a text is normalised has to be tested as well.
    Compiled when first needed: it takes 2 ms, and a starting client has to echo the first key soon.
    """
    return re.compile(
        "[\x20-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u20cf"
        "\u2100-\u2ce4\u3001-\u3029\u3030-\u3096\u309b-\u3163\u3165-\ua66e\uac00-\ud7a3\uff01-\uff9f"
        "\U0001f000-\U0001f3fa\U0001f400-\U0001faff]*\\Z"
    )


def _is_joining_jamo(char: str) -> bool:
    return "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7fb"


def _limit_marks(text: str, most: int) -> str:
    """`text` with at most `most` marks per base, and U+25CC as the base of marks that have none."""
    kept: list[str] = []
    marks = 0
    bare = True
    for char in text:
        if char in (_ZWNJ, _ZWJ) or _is_tone(char):
            pass  # or marks on both of its sides would be twice as many
        elif not is_mark(char):
            marks = 0
            bare = char == " "
        else:
            if bare:
                kept.append(_DOTTED_CIRCLE)
                bare = False
            marks += 1
            if marks > most:
                continue
        kept.append(char)
    return "".join(kept)


def _stream_safe(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        if not is_mark(char) and char not in _HALFWIDTH_MARKS:
            marks = 0
        elif marks == _STREAM_SAFE_MARKS:
            kept.append(_JOINER)
            marks = 1
        else:
            marks += 1
        kept.append(char)
    return "".join(kept)


class _Replaced(dict[int, str]):
    """For `str.translate`: what each character becomes before normalisation; "" drops it, unless it is `given`."""

    def __init__(self, given: tuple[str, ...] = ()) -> None:
        super().__init__({ord(char): char for char in given})

    def __missing__(self, code: int) -> str:
        replaced = _replacement(chr(code))
        if len(self) < _CACHED:
            self[code] = replaced
        return replaced


def _replacement(char: str) -> str:
    if char in _IGNORABLE:
        return ""
    match unicodedata.category(char):
        case "Cc" if char == "\t":
            return " "
        case "Cc" if char < " ":
            return chr(0x2400 + ord(char))
        case "Cc" if char == "\x7f":
            return "\u2421"
        case "Cc" | "Cs" | "Co" | "Cn":
            return _REPLACEMENT
        case "Zs":
            return " "
        case "Zl" | "Zp":
            return _NEWLINE_SYMBOL
        case "Cf":
            return ""
    return char


class _Cells(dict[str, int]):
    """The cells that each character takes."""

    def __missing__(self, char: str) -> int:
        if char in _JOINERS or unicodedata.category(char) in ("Mn", "Me") or _is_joining_jamo(char):
            cells = 0
        else:
            cells = 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
        if len(self) < _CACHED:
            self[char] = cells
        return cells


_REPLACED = _Replaced()
_REPLACED_BUT_JOINERS = _Replaced(_JOINERS)
_CELLS = _Cells()
