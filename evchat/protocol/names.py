"""The rules for legal user and channel names, and for when two names are the same.

A name is compared by its *key*: `user_key(name)`, `channel_key(name)`. The check functions return
`None` for a legal name, else a sentence for the user that says what is wrong and what to do.
"""

from __future__ import annotations

import re
import unicodedata

from evchat.protocol.text import caseless, harmless, normalized

MAIN = "#main"
"""The channel in which everyone starts."""

EVERYONE = "*"
"""The conversation of broadcasts to everyone online. No user or channel can have this name."""

SERVER = "server"
"""The sender of everything that comes from the server itself. No user can have this name."""

MAX_USER_BYTES = 32
MAX_CHANNEL_BYTES = 64
"""The `#` and 1 to 63 bytes more."""

_MOST_KEYED = 256
"""How many characters of a name or mask its key is made of: no legal one is as long."""

_ASCII_USER = re.compile(r"[A-Za-z0-9_\[\]\\^|`{}][A-Za-z0-9_\[\]\\^|`{}-]*\Z")
_RESERVED = frozenset({SERVER})

SERVICES = frozenset({
    "nickserv", "chanserv", "memoserv", "operserv", "hostserv", "botserv", "saslserv", "helpserv", "infoserv",
    "statserv", "authserv", "global",
})  # fmt: skip
"""The keys of the programs to which clients of IRC send passwords by themselves. There are none here."""

# The recommended scripts of UAX #31, table 5, as Unicode's names of letters begin. The others hold whole alphabets
# of look-alikes (Cherokee, Lisu, mathematical letters) and are in little use.
_SCRIPTS = frozenset({
    "ARABIC", "ARMENIAN", "BENGALI", "BOPOMOFO", "CJK", "CYRILLIC", "DEVANAGARI", "ETHIOPIC",
    "GEORGIAN", "GREEK", "GUJARATI", "GURMUKHI", "HANGUL", "HEBREW", "HIRAGANA", "IDEOGRAPHIC",
    "KANNADA", "KATAKANA", "KATAKANA-HIRAGANA", "KHMER", "LAO", "LATIN", "MALAYALAM", "MYANMAR",
    "ORIYA", "SINHALA", "TAMIL", "TELUGU", "THAANA", "THAI", "TIBETAN",
})  # fmt: skip
_EAST_ASIAN = _SCRIPTS & {
    "BOPOMOFO", "CJK", "HANGUL", "HIRAGANA", "IDEOGRAPHIC", "KATAKANA", "KATAKANA-HIRAGANA", "LATIN"
}  # fmt: skip
"""The scripts that one name may mix (UTS #39, section 5.2, "highly restrictive")."""

_TATWEEL = "\u0640"
"""It only lengthens the stroke between two Arabic letters; not allowed in domain names either (RFC 5892, 2.6)."""

# Small letters that look like others: Cyrillic, Armenian and odd Latin ones like a Latin one, Katakana like an
# ideograph. Only the pairs that are the same picture in common fonts; Unicode's confusables.txt (UTS #39) has more,
# most of them merely similar.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝӏвкмнтгүѵ" + "օսհցյզո" + "ıɑɡɩǀ" + "ロニカエハトータヘ",
    "aeopcyxijshdqwlbkmhtryv" + "ouhgjqn" + "iagil" + "口二力工八卜一夕へ",
)
_DOT_ON_DOT = re.compile("(?<=[ij])\u0307")

# Greek can't be unified like that: Ν looks like N, but its small letter ν like v. So a name of nothing else is refused.
_GREEK_TWINS = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧͿαβγεηικνορστυχωϳ")

_NOT_IN_CHANNELS = " ,\u2800\U0001d159"
"""Beyond what `harmless` changes: space and comma, and two signs that are drawn as nothing (braille, musical)."""


def user_key(name: str) -> str:
    """The key under which a user's name is compared and kept: case-folded, with look-alikes unified beyond ASCII.

    It is the very `name` if that is its own key, as most are: then both are one string in memory.
    """
    key = name.lower() if name.isascii() else skeleton(name)
    return name if key == name else key


def skeleton(name: str) -> str:
    """`name` with compatibility forms, case, accents' encodings and look-alike letters unified (after UTS #39)."""
    folded = normalized("NFD", caseless(normalized("NFKC", name[:_MOST_KEYED])))
    return normalized("NFC", _DOT_ON_DOT.sub("", folded.translate(_LOOKALIKES)))


def channel_key(name: str) -> str:
    """The key under which a channel's name is compared and kept, as `user_key` the very `name` where it can be."""
    key = (
        name.lower() if name.isascii() else normalized("NFC", caseless(normalized("NFC", name[:_MOST_KEYED])))
    )
    return name if key == name else key


def pair_key(one: str, other: str) -> str:
    """The key of the conversation of two users, given by their keys: the same from either side."""
    return f"{one} {other}" if one <= other else f"{other} {one}"


def is_pair(conversation: str) -> bool:
    """Whether a conversation's key is the `pair_key` of two users."""
    return " " in conversation


def is_channel(name: str) -> bool:
    """Whether `name` means a channel (and not a user)."""
    return name.startswith("#")


def check_user_name(name: str, *, unicode_names: bool = False, digit_first: bool = True) -> str | None:
    """Why `name` can't be a user's name, or None if it can. IRC clients pass `digit_first=False`."""
    if not name:
        return "Enter a name: 1 to 32 letters, digits, _ or -."
    if len(name.encode("utf-8", "replace")) > MAX_USER_BYTES:
        return f"That name is too long: at most {MAX_USER_BYTES} bytes."
    if name.startswith("-"):
        return "A name can't start with a hyphen."
    if not digit_first and name[0].isdigit():
        return "A name can't start with a digit here."
    if user_key(name) in _RESERVED:
        return "That name is reserved. Choose another one."
    if _ASCII_USER.match(name):
        return None
    if unicode_names and not name.isascii():
        return _check_unicode_name(name)
    legal = "A name can only have letters a-z, digits and _ - [ ] { } \\ ^ | `."
    return legal if name.isascii() else f"{legal} The server's owner can allow others (unicode_names)."


def _check_unicode_name(name: str) -> str | None:
    # Letters that are another one in disguise (ﬀ, ａ, 𝐚, ſ) are out, as in usernames of RFC 8265: some of them
    # unfold to several letters or to a space.
    if normalized("NFKC", name) != name or harmless(name) != name or _TATWEEL in name:
        return "A name can't have invisible characters or letters in a special form."
    scripts = set()
    for char in name:
        category = unicodedata.category(char)
        if category[0] == "L":
            scripts.add(unicodedata.name(char, "UNKNOWN").split()[0])
        elif category not in ("Mn", "Mc") and not _ASCII_USER.match("a" + char):
            return "A name can only have letters of any alphabet, digits 0-9 and _ - [ ] { } \\ ^ | `."
    if not scripts <= _SCRIPTS:
        return "A name can't have letters of that alphabet. Choose another one."
    if len(scripts) > 1 and not scripts <= _EAST_ASIAN:
        return "A name can't mix alphabets, because it could be mistaken for another one."
    if scripts == {"GREEK"} and all(char in _GREEK_TWINS for char in name if char.isalpha()):
        return "That name could be mistaken for one in Latin letters. Choose another one."
    return None


def check_channel_name(name: str) -> str | None:
    """Why `name` can't be a channel's name, or None if it can."""
    if not name.startswith("#"):
        return "A channel name starts with #, as in #main."
    size = len(name.encode("utf-8", "replace"))
    if size < 2 or size > MAX_CHANNEL_BYTES:
        return f"A channel name is # and 1 to {MAX_CHANNEL_BYTES - 1} more bytes."
    if name.isascii() and name.isprintable() and " " not in name and "," not in name:
        return None
    composed = normalized("NFC", name)
    # Blank or invisible characters would make two channels look the same.
    if any(char in _NOT_IN_CHANNELS for char in name) or harmless(composed) != composed:
        return "A channel name can't have spaces, commas, control characters or invisible characters."
    return None
