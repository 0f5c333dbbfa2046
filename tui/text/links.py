"""Links: finding them in harmless text, telling where they really lead, and making them work in the terminal."""

from __future__ import annotations

import re
import unicodedata

from evchat.protocol.text import normalized
from evchat.settings.client import MAX_LINKS
from tui.text.confusables import skeleton
from tui.text.nickcolor import stable_hash

MAX_URI = 2083
"""Characters of a hyperlink that terminals take (VTE's limit; the OSC 8 specification names it)."""

MAX_HOST = 253
"""Characters of the longest host there is (RFC 1035); punycode's time grows with the square of them."""

# Compiled by `re` when the first link comes: a client that starts has no time for it.
_LINK = r"(?i)(?<![A-Za-z0-9])(?:(?:https?|ftp|gemini|ircs?)://|www\.)[^\s<>\"“”«»‹›`{}|\\^␀-␡�]+"
_TRAILING = ".,;:!?'*…’”»，。、；：！？"
_PAIRS = {")": "(", "]": "[", "）": "（", "】": "【", "」": "「"}
_PARTS = r"(?s)([A-Za-z]+)://(?:([^/?#]*)@)?(\[[0-9A-Fa-f:.]*\]|[^/?#:@\[\]]*)(:[0-9]*)?(.*)\Z"

# Scripts that are written together (UTS #39, highly restrictive).
_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)


class Hyperlink:
    """A link in a text: where it starts and ends there, and the URI it leads to."""

    __slots__ = ("end", "start", "uri")

    def __init__(self, start: int, end: int, uri: str) -> None:
        self.start = start
        self.end = end
        self.uri = uri


def find(text: str) -> list[Hyperlink]:
    """The links in the harmless `text`, without the punctuation and closing brackets of the sentence around them."""
    if "://" not in text and "www." not in text.lower():
        return []
    links = []
    for match in re.finditer(_LINK, text):
        link = _trimmed(match[0])
        bare = link[:3].lower() == "www"
        parts = re.match(_PARTS, "https://" + link if bare else link)
        if parts and 0 < len(parts[3]) <= MAX_HOST and not (bare and len(parts[3]) <= len("www.")):
            links.append(Hyperlink(match.start(), match.start() + len(link), parts[0]))
    return links


def _trimmed(link: str) -> str:
    # A bracket at the end belongs to the link if it was opened inside, as in Wikipedia's (disambiguation). The
    # counts go down with the brackets, so that a row of ten thousand is still one pass.
    counts = {char: link.count(char) for pair in _PAIRS.items() for char in pair}
    end = len(link)
    while end > 0:
        last = link[end - 1]
        if last in _PAIRS and counts[last] > counts[_PAIRS[last]] or last in counts and last not in _PAIRS:
            counts[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return link[:end]


def ascii_host(host: str) -> str:
    """`host` as the name system has it: labels that are not ASCII in punycode (RFC 3492), small letters.

    Empty for one longer than `MAX_HOST`, which can't exist.
    """
    if len(host) > MAX_HOST:
        return ""
    labels = []
    for label in normalized("NFKC", host).lower().replace("。", ".").split("."):
        labels.append(label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii"))
    return ".".join(labels)


def shown_host(host: str) -> str:
    """`host` as it may be shown: in punycode if it mixes scripts or is made of letters that look like Latin ones.

    Empty for one longer than `MAX_HOST`.
    """
    if len(host) > MAX_HOST:
        return ""
    labels = host.split(".")
    latin = labels[-1].isascii()
    return ascii_host(host) if any(_deceives(label, latin) for label in labels) else host


def _deceives(label: str, latin: bool) -> bool:
    """Whether `label` may be taken for another one; `latin` tells that the name ends in a Latin label, as .com."""
    if label.isascii():
        return False
    scripts = {unicodedata.name(char, "UNKNOWN").split()[0] for char in label if char.isalpha()}
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        return True
    return latin and "LATIN" not in scripts and skeleton(label).isascii()


def real_host(uri: str) -> str:
    """The host that a URI leads to, as it may be shown; empty if it has none."""
    match = re.match(_PARTS, uri)
    return shown_host(match[3]) if match else ""


def warning(uri: str) -> str:
    """The real host, if the look of `uri` hides it: look-alike letters, or a name before an @. Else empty."""
    match = re.match(_PARTS, uri)
    if not match:
        return ""
    host = shown_host(match[3])
    return host if host != match[3] or match[2] else ""


def ascii_uri(uri: str) -> str:
    """`uri` in printable ASCII without spaces: the host in punycode, the rest percent-encoded (RFC 3987).

    Empty if it can't be, or is longer than `MAX_URI`.
    """
    match = re.match(_PARTS, uri)
    if not match:
        return ""
    scheme, user, host, port, rest = match.groups(default="")
    if host and not ascii_host(host):
        return ""
    made = f"{scheme.lower()}://{_quoted(user) + '@' if user else ''}{_quoted(ascii_host(host))}{port}{_quoted(rest)}"
    return made if len(made) <= MAX_URI else ""


def _quoted(text: str) -> str:
    # ";" is legal, but separates the fields of OSC 8, and some terminals cut there.
    return "".join(
        [
            char
            if "!" <= char <= "~" and char not in '"<>\\^`{|};'
            else "".join(f"%{b:02X}" for b in char.encode("utf-8", "replace"))
            for char in text
        ]
    )


OSC8_END = "\x1b]8;;\x1b\\"
"""Ends a hyperlink."""


def osc8(uri: str) -> str:
    """What makes the text that follows a hyperlink, until `OSC8_END`; empty for a URI that can't be one.

    All pieces of one link get one id, so a terminal treats them as one though the text is wrapped.
    """
    target = ascii_uri(uri)
    return f"\x1b]8;id={stable_hash(target):08x};{target}\x1b\\" if target else ""


class LinkTable:
    """Numbers for URIs, as `Style.link` holds them; the oldest are forgotten beyond `MAX_LINKS`."""

    __slots__ = ("_first", "_numbers", "_uris")

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._uris: dict[int, str] = {}
        self._first = 1

    def number(self, uri: str) -> int:
        """The number of `uri`, above 0; the same for the same URI as long as it is remembered."""
        number = self._numbers.get(uri)
        if number is None:
            number = self._first + len(self._uris)
            self._numbers[uri] = number
            self._uris[number] = uri
            if len(self._uris) > MAX_LINKS:
                del self._numbers[self._uris.pop(self._first)]
                self._first += 1
        return number

    def uri(self, number: int) -> str:
        """The URI of that number; empty if there is none, or it is forgotten."""
        return self._uris.get(number, "")
