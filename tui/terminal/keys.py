"""From the bytes of a terminal to keys, pastes, mouse and focus events: the same however the bytes are cut.

Understands xterm's sequences (ctlseqs), what rxvt and the Linux console send, modifyOtherKeys, kitty's
keyboard protocol, SGR and X10 mouse, bracketed paste and focus reports. What it does not know it swallows, so
that no sequence ever becomes text.
"""

from __future__ import annotations

import codecs
import re

from evchat.settings.client import MAX_PASTE_CHARS
from tui.model.inputs import Focus, Input, Key, Mouse, Paste, TerminalReply
from tui.terminal import keynames

_ESC = "\x1b"
_PASTE_END = "\x1b[201~"

# Parameters, intermediates, the final character (ECMA-48, 5.4), or rxvt's "$" for shift, which has none. The
# bounds are far above what any terminal sends, and keep a broken one from making us wait for ever.
_CSI = re.compile(r"\x1b\[(?:([0-9]{1,2})(\$)|([0-?]{0,64})[ -/]{0,4}([@-~]))")
_CSI_BEGUN = re.compile(r"\x1b\[[0-?]{0,64}[ -/]{0,4}")
_OSC = re.compile(r"\x1b(\][0-9][^\x07\x1b\x9c]{0,255})(?:\x07|\x1b\\|\x9c)")
_OSC_BEGUN = re.compile(r"\x1b\][0-9][^\x07\x1b\x9c]{0,255}(?:\x1b\Z)?")

# What may be a whole key, or the beginning of a sequence.
_AMBIGUOUS = frozenset(("\x1b", "\x1b\x1b", "\x1b[", "\x1bO", "\x1b]", "\x1b\x1b[", "\x1b\x1bO"))
_INCOMPLETE = -1

# The end of a paste that is none any more: Ctrl-C or Escape, in each of the ways that terminals have to say it.
_WAY_OUT = re.compile(r"(?:\x03|\x1b(?:\[(?:99;5|27)u|\[27;5;99~)?)\Z")
_END_BEGUN = re.compile(r"\x1b\[(?:2(?:0(?:1)?)?)?\Z")
_TAIL = 10

_PASTE_PATIENCE = 5.0
"""Seconds of silence inside a paste after which its end mark is lost: a link that breaks, a mark sent by mistake."""

_WAY_OUT_PATIENCE = 0.3
"""The same behind Ctrl-C or Escape, which a person presses and a paste only contains."""

_BUTTONS = ("left", "middle", "right", "")
_WHEEL = ("wheel-up", "wheel-down", "wheel-left", "wheel-right")


class KeyDecoder:
    """Turns bytes into events. Keeps what is incomplete until the rest comes, within bounds."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._paste: list[str] | None = None
        self._pasted = 0

    @property
    def waiting(self) -> bool:
        """Whether 30 ms of silence would tell something: call `flush` after them."""
        return self._paste is None and self._rest in _AMBIGUOUS

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which a paste has no end: call `end_paste` then. None outside of a paste."""
        if self._paste is None:
            return None
        last = "".join(self._paste[-_TAIL:])[-_TAIL:] + self._rest
        return _WAY_OUT_PATIENCE if _WAY_OUT.search(last) else _PASTE_PATIENCE

    def feed(self, data: bytes) -> list[Input]:
        """The events that `data` completes."""
        text = self._rest + self._decoder.decode(data)
        events: list[Input] = []
        index = 0
        while index < len(text):
            if self._paste is not None:
                index = self._take_pasted(self._paste, text, index, events)
                if self._paste is not None:
                    break
            elif text[index] == _ESC:
                end = self._take_sequence(text, index, events)
                if end == _INCOMPLETE:
                    break
                index = end
            else:
                _append(_character(text[index]), events)
                index += 1
        self._rest = text[index:]
        return events

    def flush(self) -> list[Input]:
        """The keys that a silence makes of an ESC that nothing followed."""
        if not self.waiting:
            return []
        rest, self._rest = self._rest, ""
        events: list[Input] = []
        if not rest.endswith(_ESC):
            events.append(Key("alt-" + rest[-1]))
            rest = rest[:-2]
        return [Key("escape")] * len(rest) + events

    def end_paste(self) -> list[Input]:
        """The events of a paste whose end mark does not come: what was pasted so far, and the key that got one out."""
        if self._paste is None:
            return []
        text = "".join(self._paste) + self._rest
        out = _WAY_OUT.search(text)
        key = out[0] if out else ""
        text = _END_BEGUN.sub("", text.removesuffix(key))
        is_cut = self._pasted > MAX_PASTE_CHARS
        self._paste, self._rest = None, ""
        events = [_pasted(text, is_cut)] if text else []
        return [*events, *self.feed(key.encode()), *self.flush()]

    def _take_pasted(self, paste: list[str], text: str, start: int, events: list[Input]) -> int:
        """Takes what is pasted from `start` on; where it ends, or how far it is sure to go."""
        end = text.find(_PASTE_END, start)
        # The last characters may be the beginning of the end mark.
        stop = end if end >= 0 else max(start, len(text) - len(_PASTE_END) + 1)
        if piece := text[start : min(stop, start + max(0, MAX_PASTE_CHARS - self._pasted))]:
            paste.append(piece)
        self._pasted += stop - start
        if end < 0:
            return stop
        events.append(_pasted("".join(paste), self._pasted > MAX_PASTE_CHARS))
        self._paste = None
        return end + len(_PASTE_END)

    def _take_sequence(self, text: str, start: int, events: list[Input]) -> int:
        """Takes the sequence at `start`; where it ends, or `_INCOMPLETE`."""
        if start + 1 == len(text):
            return _INCOMPLETE
        match text[start + 1]:
            case "[":
                return self._take_csi(text, start, events)
            case "]":
                return _take_osc(text, start, events)
            case "O":
                return _take_ss3(text, start, events)
            case "\x1b":
                return self._take_after_escape(text, start, events)
        key = _character(text[start + 1])
        if key is not None:
            events.append(Key(keynames.combine("alt-", key.name)))
        return start + 2

    def _take_after_escape(self, text: str, start: int, events: list[Input]) -> int:
        """Two ESC: rxvt's alt with a cursor key, or the Escape key and whatever comes then."""
        if start + 2 == len(text):
            return _INCOMPLETE
        if text[start + 2] not in "[O":
            events.append(Key("escape"))
            return start + 1
        found: list[Input] = []
        end = self._take_sequence(text, start + 1, found)
        if end == _INCOMPLETE:
            return end
        if len(found) == 1 and isinstance(found[0], Key) and found[0].name not in ("alt-[", "alt-O"):
            events.append(Key(keynames.combine("alt-", found[0].name)))
        else:
            events += [Key("escape"), *found]
        return end

    def _take_csi(self, text: str, start: int, events: list[Input]) -> int:
        match = _CSI.match(text, start)
        if match is None:
            begun = _CSI_BEGUN.match(text, start)
            assert begun is not None, "the caller saw ESC ["
            if begun.end() == len(text):
                return _INCOMPLETE
            if begun.end() == start + 2:
                events.append(Key("alt-["))
            return begun.end()
        end = match.end()
        if match[2]:
            _append(_numbered([[int(match[1])], [2]]), events)
            return end
        params, final = match[3], match[4]
        if final in "[M" and not params:
            # The Linux console's function keys, and the mouse of a terminal that knows no SGR mode.
            end += 1 if final == "[" else 3
            if end > len(text):
                return _INCOMPLETE
            if final == "M":
                _append(_old_mouse(text[end - 3 : end]), events)
            elif text[end - 1] in keynames.LINUX:
                events.append(Key(keynames.LINUX[text[end - 1]]))
        elif params == "200" and final == "~":
            self._paste, self._pasted = [], 0
        else:
            _append(_csi(params, final, text[start + 1 : end]), events)
        return end


def _pasted(text: str, is_cut: bool) -> Paste:
    return Paste(re.sub("\r\n?", "\n", text), is_cut)


def _append(event: Input | None, events: list[Input]) -> None:
    if event is not None:
        events.append(event)


def _character(char: str) -> Key | None:
    if char < " " or char == "\x7f":
        return Key(keynames.control(char))
    if "\x80" <= char <= "\x9f":
        return None
    return Key("space", " ") if char == " " else Key(char, char)


def _take_osc(text: str, start: int, events: list[Input]) -> int:
    if start + 2 == len(text):
        return _INCOMPLETE
    match = _OSC.match(text, start)
    if match is not None:
        events.append(TerminalReply(match[1]))
        return match.end()
    begun = _OSC_BEGUN.match(text, start)
    if begun is None:
        events.append(Key("alt-]"))
        return start + 2
    return _INCOMPLETE if begun.end() == len(text) else begun.end()


def _take_ss3(text: str, start: int, events: list[Input]) -> int:
    if start + 2 == len(text):
        return _INCOMPLETE
    name = keynames.SS3.get(text[start + 2])
    if name is None:
        events.append(Key("alt-O"))
        return start + 2
    events.append(Key(name, name if len(name) == 1 else ""))
    return start + 3


def _csi(params: str, final: str, sequence: str) -> Input | None:
    if params[:1] in ("<", "=", ">", "?") and params:
        if params[0] == "<" and final in "Mm":
            return _mouse(params[1:], final == "m")
        return TerminalReply(sequence)
    fields = [
        [int(part) if part.isdigit() else 0 for part in field.split(":")] for field in params.split(";")
    ]
    if len(fields) > 1 and len(fields[1]) > 1 and fields[1][1] == 3:
        return None  # A key was let go (kitty).
    if final == "~":
        return (
            _other(fields[2][0], fields[1][0]) if fields[0] == [27] and len(fields) > 2 else _numbered(fields)
        )
    if final in "^@":
        return _numbered([fields[0], [5 if final == "^" else 6]])
    if final == "u":
        return _kitty(fields)
    if final in "IO" and not params:
        return Focus(final == "I")
    if final in "cnt" or (
        final == "R" and len(fields) > 1 and not (fields[0] == [1] and fields[1][0] in range(17))
    ):
        return TerminalReply(sequence)
    if final in keynames.LETTERS:
        modifier = fields[1][0] if len(fields) > 1 else fields[0][0]
        return Key(keynames.combine(keynames.modifiers(modifier), keynames.LETTERS[final]))
    return None


def _numbered(fields: list[list[int]]) -> Key | None:
    name = keynames.NUMBERS.get(fields[0][0])
    modifier = fields[1][0] if len(fields) > 1 else 1
    return Key(keynames.combine(keynames.modifiers(modifier), name)) if name else None


def _kitty(fields: list[list[int]]) -> Key | None:
    """CSI code:shifted:base ; modifiers:event ; text u, where all but the code may be missing."""
    code, shifted, base = (fields[0] + [0, 0])[:3]
    modifier = fields[1][0] if len(fields) > 1 else 1
    typed = "".join([char for char in map(_char, fields[2]) if char]) if len(fields) > 2 else ""
    return _other(code, modifier, shifted, base, typed)


def _char(code: int) -> str:
    """The character of a code, or an empty string if it is none that can be typed."""
    if code < 0x20 or 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return ""
    return chr(code)


def _other(code: int, modifier: int, shifted: int = 0, base: int = 0, typed: str = "") -> Key | None:
    """The key of a code point (kitty, modifyOtherKeys), with its modifiers."""
    prefix = keynames.modifiers(modifier)
    name = keynames.CODES.get(code, "")
    if name:
        text = " " if name == "space" and prefix in ("", "shift-") else ""
        return Key(name if text else keynames.combine(prefix, name), text)
    char = keynames.KEYPAD.get(code) or _char(code)
    if not char or (code in keynames.FUNCTIONAL and code not in keynames.KEYPAD):
        return _function_key(code, prefix)
    if prefix in ("", "shift-"):
        text = typed or (_char(shifted) or char.upper() if prefix else char)
        return Key(text, text)
    if not char.isascii() and _char(base):
        char = _char(base)  # ctrl-с on a Cyrillic keyboard is ctrl-c.
    if prefix == "alt-shift-" and (_char(shifted) or char.isalpha()):
        return Key("alt-" + (_char(shifted) or char.upper()))  # As without the protocol.
    return Key(prefix + (char.lower() if "ctrl-" in prefix else char))


def _function_key(code: int, prefix: str) -> Key | None:
    number = code - 57376 + 13
    return Key(keynames.combine(prefix, f"f{number}")) if 13 <= number <= 35 else None


def _mouse(params: str, released: bool) -> Mouse | None:
    fields = params.split(";")
    if len(fields) != 3 or not all(field.isdigit() for field in fields):
        return None
    bits, column, row = map(int, fields)
    return _mouse_event(bits, column - 1, row - 1, released)


def _old_mouse(text: str) -> Mouse:
    bits, column, row = (max(ord(char) - 32, 0) for char in text)
    return _mouse_event(bits, column - 1, row - 1, bits & 0x63 == 3)


def _mouse_event(bits: int, column: int, row: int, released: bool) -> Mouse:
    held = keynames.modifiers(1 + (bits >> 2 & 1) + (bits >> 3 & 1) * 2 + (bits >> 4 & 1) * 4)
    button = _BUTTONS[bits & 3]
    if bits & 64:
        action, button = _WHEEL[bits & 3], ""
    elif bits & 32:
        action = "drag" if button else "move"
    else:
        action = "release" if released else "press"
    return Mouse(action, button, max(column, 0), max(row, 0), held)
