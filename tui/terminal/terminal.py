"""The terminal: what it can do, which modes it is in, what it shows."""

from __future__ import annotations

import os
import sys

from tui.terminal import terminfo
from tui.terminal.screen import Screen, in_ascii

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from tui.terminal.console import Console
    from tui.terminal.frame import Frame

_MODERN = (*terminfo.XTERM_LIKE, "eterm")
"""Terminals by the beginning of TERM that understand titles, colour questions, pastes, focus and hyperlinks, or swallow
what they do not."""

_ALTERNATE = "\x1b[?1049h"
_WRAP = "\x1b[?7h"
_MODES_ON, _MODES_OFF = "\x1b[?2004h\x1b[?1004h", "\x1b[?1004l\x1b[?2004l"
_PUSH_TITLE, _POP_TITLE = "\x1b[22;2t", "\x1b[23;2t"
_MOUSE_ON, _MOUSE_OFF = "\x1b[?1002h\x1b[?1006h", "\x1b[?1006l\x1b[?1002l"
_KITTY_ON, _KITTY_AGAIN, _KITTY_OFF = "\x1b[>1u", "\x1b[=1u", "\x1b[<u"
_ASK_KITTY = "\x1b[?u"
_ASK_BACKGROUND = "\x1b]11;?\x1b\\"

_UTF_8 = ("", "C.UTF-8", "en_US.UTF-8", "UTF-8")
"""Locales of UTF-8: the user's, which may not be installed here, and what systems have."""


class Terminal:
    """The terminal of a console. `enter` takes it, `leave` gives it back as it was; both can be repeated.

    `curses` is the module that draws, by default Python's.
    """

    def __init__(self, console: Console, curses: Any = None) -> None:
        environ = self._environ = console.environ
        term = environ.get("TERM", "")
        self.console = console
        self._curses = curses
        self._screen: Screen | None = None
        self._uri: Callable[[int], str] | None = None
        self._taken = False
        self._mouse = False
        self._kitty = False
        self._title = ""
        self.modern = term.startswith(_MODERN)
        self.colours = terminfo.colours(environ)
        self.unicode = speaks_unicode(environ)

    def link_with(self, uri: Callable[[int], str]) -> None:
        """From now on links are hyperlinks; `uri` gives the URI of a link's number."""
        self._uri = uri
        if self._screen is not None and self.modern and self.unicode:
            self._screen.uri = uri

    # ---- taking and giving back -----------------------------------------------------------------------------------

    def enter(self, *, ask_background: bool = False) -> bool:
        """Takes the terminal: keys one by one, the alternate screen, pastes and focus told. False if it is gone."""
        if self._taken:
            return True
        if not self.console.take():
            return False
        self._taken = True
        if self.modern:
            self._say(_PUSH_TITLE)
        if self._screen is None:
            self._screen = self._begin()
            if self._uri is not None:
                self.link_with(self._uri)
        else:
            self._screen.take()
        if self.modern:
            # Only now, as kitty keeps the modes of its keys apart for each of its two screens.
            asked = _ASK_KITTY + (_ASK_BACKGROUND if ask_background else "")
            self._say(asked + (_KITTY_ON if self._kitty else ""))
        return self._set_modes()

    def _begin(self) -> Screen:
        curses: Any = self._curses
        if curses is None:
            import curses
        self.unicode = self.unicode and _has_unicode(curses)
        root = self.console.begin(curses)
        return Screen(
            curses, root, self.write, self.colours,
            unicode=self.unicode, synchronised=self.modern, scrolls=self.console.scrolls,
        )  # fmt: skip

    def retake(self) -> bool:
        """Sets all modes again, as another program may have changed them. False if the terminal is gone."""
        if self._environ.get("TERM", "").startswith(terminfo.XTERM_LIKE):
            self._say(_ALTERNATE)
        if self._screen is not None:
            self._screen.forget()
        return self._set_modes()

    def _set_modes(self) -> bool:
        # The console's last, as curses has set them in its own way.
        text = _MODES_ON if self.modern else ""
        self._say(text + (_MOUSE_ON if self._mouse else "") + (_KITTY_AGAIN if self._kitty else ""))
        return self.console.take()

    def leave(self, *, drop_input: bool = False) -> None:
        """Gives the terminal back with every mode as it was before. A terminal that no longer exists is not an error.

        With `drop_input`, what was typed and not read is not left for the shell, nor are answers to our questions.
        """
        if not self._taken:
            return
        self._taken = False
        text = _MOUSE_OFF if self._mouse else ""
        if self._kitty:
            text += _KITTY_OFF
        if self.modern:
            text += _MODES_OFF + _POP_TITLE + _WRAP
        self._title = ""
        self._say(text)
        if self._screen is not None:
            self._screen.give_back()
        self.console.give_back(drop_input=drop_input)

    def use_mouse(self, on: bool) -> None:
        """Takes the mouse, or leaves it to the terminal."""
        self._mouse = on
        if self._taken:
            self.write((_MOUSE_ON if on else _MOUSE_OFF).encode())

    def use_kitty_keys(self) -> None:
        """Lets the terminal tell all keys apart (kitty's protocol), as it said that it can."""
        if self._taken and not self._kitty:
            self._kitty = True
            self.write(_KITTY_ON.encode())

    # ---- out ------------------------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Writes bytes as they are."""
        self.console.write(data)

    def paint(self, frame: Frame) -> None:
        """Makes the terminal show `frame`, if it is taken."""
        if self._screen is not None and self._taken:
            self._screen.paint(frame)

    def forget(self) -> None:
        """What the terminal shows is not known any more: the next frame is painted whole."""
        if self._screen is not None:
            self._screen.forget()

    def _say(self, text: str) -> None:
        """Writes a harmless text in the terminal's locale."""
        self.write((text if self.unicode else in_ascii(text)).encode("utf-8", "replace"))

    def title(self, text: str) -> None:
        """The title of the window; `text` is harmless."""
        if self.modern and text != self._title:
            self._title = text
            self._say(f"\x1b]2;{text}\x1b\\")

    def alert(self, text: str, *, bell: bool = True) -> None:
        """The bell, and a notification where this terminal is known to show one; `text` is harmless."""
        program = self._environ.get("TERM_PROGRAM", "")
        term = self._environ.get("TERM", "")
        out = "\a" if bell else ""
        safe = text.replace(";", ",")
        if program in ("iTerm.app", "ghostty", "WezTerm") or term.startswith("xterm-ghostty"):
            out += f"\x1b]9;evchat: {safe}\x1b\\"
        elif term.startswith(("foot", "rxvt", "contour")):
            out += f"\x1b]777;notify;evchat;{safe}\x1b\\"
        elif term.startswith("xterm-kitty"):
            out += f"\x1b]99;;evchat: {safe}\x1b\\"
        self._say(out)

    def copy(self, text: str) -> None:
        """Puts a text into the clipboard (OSC 52)."""
        if self.modern:
            from binascii import b2a_base64

            self.write(b"\x1b]52;c;" + b2a_base64(text.encode("utf-8", "replace"), newline=False) + b"\x1b\\")


def speaks_unicode(environ: Mapping[str, str]) -> bool:
    """Whether the locale is one of UTF-8; one that is not set at all counts as one, as nearly all terminals are."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = environ.get(name)
        if value:
            return value.lower().replace("-", "").endswith("utf8") or ".utf8@" in value.lower().replace(
                "-", ""
            )
    return True


def _has_unicode(curses: Any) -> bool:
    """Has the C library speak UTF-8, as curses takes widths and bytes from it; whether both can.

    Without this, a locale that is set but not installed, as happens over ssh, would mean ASCII.
    """
    if not hasattr(curses, "unget_wch"):
        return False  # made without wide characters
    if sys.platform == "win32":
        return True
    if not sys.flags.utf8_mode and os.device_encoding(1) == "UTF-8":
        return True
    import locale  # a millisecond that a start seldom has to spend

    for name in _UTF_8:
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        if locale.nl_langinfo(locale.CODESET).lower().replace("-", "") == "utf8":
            return True
    return False


def problem(environ: Mapping[str, str]) -> str:
    """Why a full screen can't be shown on this terminal, in a sentence; empty if it can."""
    term = environ.get("TERM", "")
    if not term or term == "dumb":
        return "The terminal (TERM) is unknown or too simple."
    try:
        import curses  # noqa: F401  (whether there is one)
    except ImportError:
        return "This Python has no curses module."
    if sys.platform == "win32":
        return ""
    if not terminfo.entry(term):
        return f"curses does not know a terminal of the kind {term}."
    if not terminfo.places_cursor(term):
        return f"A terminal of the kind {term} can't place its cursor."
    return ""
