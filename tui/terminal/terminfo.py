"""The terminfo entry for curses: our own for xterm-like terminals, the system's for others.

The system's entries for xterm and its like differ from system to system, are missing for terminals that came later, and
let curses scroll and repeat in ways that not every terminal understands that calls itself xterm. ENTRY holds what they
all do; curses reads it from the environment (`TERMINFO=b64:…`, ncurses 6.1).
"""

from __future__ import annotations

import os
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# Made by scripts/terminfo.py of scripts/evchat.terminfo.
ENTRY = (
    "HgIwAB0ADwBpAY4BZXZjaGF0fHdoYXQgZXZlcnkgdGVybWluYWwgb2YgeHRlcm0ncyBraW5kIGRvZXMAAAEAAAEAAAAAAAAAAAEB"
    "AAAAAAAAAAAAAAAAAAEAUAAAAP////8YAAAA/////////////////////////////////////////////////////wABAAAAAAEA"
    "//8AAAIA/////wQADAAQABQA//8fAP//MAA0ADsA//89AEQA//9IAP//////////////////TABRAP//WgD///////9fAP//ZABp"
    "AP//cgB2AP///////38A////////////////////////////////////////////////////////////////////////////////"
    "/////////////////////////////////////////////////////////////////////////////////////4UA////////jgCX"
    "AP//oAD///////////////////////////////+pAP///////7QA////////////////////////////////////////////////"
    "///qAPAA////////////////////////////////////////////////////////////////////////////////////////////"
    "////////////////////////////////////////////////////////////////////////////////////////////////////"
    "////////////////////////////////////////////////////////////////////////////////////////////////////"
    "//////////////////YA////////////////////////////////////////////////////////////////////////+wD/////"
    "/////////////////////////////wQB////////////////////////CQH/////////////////////////////////////////"
    "/////////////////////////////////////////////////////////w8BTgEHAA0AG1tIG1sySgAbW0sAG1tKABtbJWklcDEl"
    "ZEcAG1slaSVwMSVkOyVwMiVkSAAbW0gAG1s/MjVsAAgAG1s/MjVoABtbQwAbW0EAG1sxbQAbWz8xMDQ5aAAbWzJtABtbN20AG1s0"
    "bQAbWyVwMSVkWAAbW20AG1s/MTA0OWwAG1syNG0AG1slcDElZEIAG1slcDElZEQAG1slcDElZEMAG1slcDElZEEAG1slaSVwMSVk"
    "ZAAbWzAlPyVwNiV0OzElOyU/JXA1JXQ7MiU7JT8lcDIldDs0JTslPyVwMSVwMyV8JXQ7NyU7bQAbWz83aAAbWz83bAAbWzFLABtb"
    "Mzk7NDltABtbM20AG1syM20AG1slPyVwMSV7OH0lPCV0MyVwMSVkJWUlcDElezE2fSU8JXQ5JXAxJXs4fSUtJWQlZTM4OzU7JXAx"
    "JWQlO20AG1slPyVwMSV7OH0lPCV0NCVwMSVkJWUlcDElezE2fSU8JXQxMCVwMSV7OH0lLSVkJWU0ODs1OyVwMSVkJTttAA=="
)

_NAME = "evchat"

# Terminals of xterm's kind, by the beginning of TERM.
XTERM_LIKE = (
    "xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "kitty", "konsole", "vte", "gnome", "st-", "wezterm",
    "ghostty", "contour", "iterm", "mintty", "putty",
)  # fmt: skip

_EIGHT = frozenset(
    {
        "xterm",
        "xterm-color",
        "xterm-r6",
        "xterm-vt220",
        "screen",
        "tmux",
        "rxvt",
        "konsole",
        "gnome",
        "vte",
        "putty",
    }
)
"""Those that have 8 colours if nothing says that they have more."""

OWN, SYSTEM = "own", "system"


@cache
def entry(term: str) -> str:
    """Which entry curses takes for the terminal that TERM names: OWN, SYSTEM, or none ("").

    Raises ImportError without curses. Decided once, as Python's `setupterm` does nothing after it has found an entry.
    """
    import curses

    for kind in (OWN, SYSTEM) if term.startswith(XTERM_LIKE) else (SYSTEM, OWN):
        with _Environment(kind, term):
            try:
                curses.setupterm(_NAME if kind == OWN else term, 1)
            except curses.error:
                continue
        return kind
    return ""


def begin(curses: Any, term: str) -> Any:
    """Begins curses with the entry for that terminal; its root window.

    There must be one: `initscr` ends the process if there is none.
    """
    with _Environment(entry(term), term):
        return curses.initscr()


def places_cursor(term: str) -> bool:
    """Whether the cursor is placed as ECMA-48 has it (CUP), which is what we do besides curses."""
    if entry(term) != SYSTEM:
        return True
    import curses

    return (curses.tigetstr("cup") or b"").startswith(b"\x1b[")


def colours(environ: Mapping[str, str]) -> int:
    """How many colours the terminal has: 0, 8, 16 or 256 (NO_COLOR: no-color.org)."""
    if environ.get("NO_COLOR"):
        return 0
    term = environ.get("TERM", "")
    if environ.get("COLORTERM") or "256color" in term or "direct" in term:
        return 256
    if term.startswith(XTERM_LIKE):
        if "mono" in term:
            return 0
        return 16 if "16color" in term or "88color" in term else 8 if term in _EIGHT else 256
    try:
        known = entry(term) == SYSTEM
    except ImportError:
        known = False
    if not known:
        return 8
    import curses

    count = curses.tigetnum("colors")
    return 256 if count >= 256 else 16 if count >= 16 else 8 if count >= 8 else 0


class _Environment:
    """The environment as curses has to find it; programs that are started later find their own again.

    Without LINES and COLUMNS, which are as old as the shell that set them, curses asks the system for the size.
    """

    def __init__(self, kind: str, term: str) -> None:
        self._wanted: dict[str, str | None] = {"LINES": None, "COLUMNS": None, "TERM": term}
        if kind == OWN:
            self._wanted |= {"TERM": _NAME, "TERMINFO": f"b64:{ENTRY}"}
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> None:
        self._before = {name: os.environ.get(name) for name in self._wanted}
        _set(self._wanted)

    def __exit__(self, *problem: object) -> None:
        _set(self._before)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
