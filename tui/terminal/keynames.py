"""The names of the keys, and the codes that terminals send for them."""

from __future__ import annotations

LETTERS = {
    "A": "up", "B": "down", "C": "right", "D": "left", "E": "begin", "F": "end", "H": "home",
    "P": "f1", "Q": "f2", "R": "f3", "S": "f4", "Z": "shift-tab",
    "a": "shift-up", "b": "shift-down", "c": "shift-right", "d": "shift-left",
}  # fmt: skip
"""The final letter of a CSI sequence (xterm; small letters: rxvt)."""

SS3 = {
    "A": "up", "B": "down", "C": "right", "D": "left", "E": "begin", "F": "end", "H": "home",
    "P": "f1", "Q": "f2", "R": "f3", "S": "f4", "M": "enter", "I": "tab",
    "a": "ctrl-up", "b": "ctrl-down", "c": "ctrl-right", "d": "ctrl-left",
    "j": "*", "k": "+", "l": ",", "m": "-", "n": ".", "o": "/", "X": "=",
    "p": "0", "q": "1", "r": "2", "s": "3", "t": "4", "u": "5", "v": "6", "w": "7", "x": "8", "y": "9",
}  # fmt: skip
"""The letter after ESC O: cursor and function keys, and the keypad in application mode."""

LINUX = {"A": "f1", "B": "f2", "C": "f3", "D": "f4", "E": "f5"}
"""The letter after ESC [ [ on the Linux console."""

NUMBERS = {
    1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown", 7: "home", 8: "end",
    11: "f1", 12: "f2", 13: "f3", 14: "f4", 15: "f5", 17: "f6", 18: "f7", 19: "f8", 20: "f9", 21: "f10",
    23: "f11", 24: "f12", 25: "f13", 26: "f14", 28: "f15", 29: "f16", 31: "f17", 32: "f18", 33: "f19",
    34: "f20",
}  # fmt: skip
"""The first number of a CSI sequence that ends in ~ (VT220, xterm, rxvt)."""

CODES = {
    8: "backspace", 9: "tab", 13: "enter", 27: "escape", 32: "space", 127: "backspace",
    57414: "enter", 57417: "left", 57418: "right", 57419: "up", 57420: "down", 57421: "pageup",
    57422: "pagedown", 57423: "home", 57424: "end", 57425: "insert", 57426: "delete", 57427: "begin",
}  # fmt: skip
"""The code of a key that types nothing in CSI u (kitty) and modifyOtherKeys."""

KEYPAD = {57399 + index: char for index, char in enumerate("0123456789./*-+")} | {57415: "=", 57416: ","}
"""The code of a key of the keypad that types a character (kitty)."""

FUNCTIONAL = range(57344, 63744)
"""The private codes that kitty uses for keys; those in no table here are modifiers, locks and media keys."""

_MODIFIERS = ((4, "ctrl-"), (2 | 32, "alt-"), (1, "shift-"), (8 | 16, "super-"))


def modifiers(number: int) -> str:
    """The prefix, "ctrl-alt-" for instance, of a modifier parameter of xterm or kitty (1 and its bits)."""
    bits = max(number - 1, 0)
    return "".join([name for bit, name in _MODIFIERS if bits & bit])


def combine(prefix: str, name: str) -> str:
    """The key `name`, which may have modifiers itself, with those of `prefix` too, in the usual order."""
    if not prefix:
        return name
    names = [modifier for _, modifier in _MODIFIERS]
    held = set()
    rest = prefix + name
    found = True
    while found:
        found = False
        for modifier in names:
            if rest.startswith(modifier) and len(rest) > len(modifier):
                held.add(modifier)
                rest = rest[len(modifier) :]
                found = True
    return "".join([modifier for modifier in names if modifier in held]) + rest


def control(char: str) -> str:
    """The name of the key that types the control character `char` (C0 or DEL)."""
    match char:
        case "\0":
            return "ctrl-space"
        case "\t":
            return "tab"
        case "\r":
            return "enter"
        case "\x1b":
            return "escape"
        case "\x7f":
            return "backspace"
    return "ctrl-" + chr(ord(char) + 64).lower()
