"""The terminal: what it can do, which sequences switch it, what is painted. The only module that imports curses.

curses is only asked for what terminfo knows. It can neither make hyperlinks nor tell pastes from keys, and its idea
of widths is that of the C library; so `paint` and `keys` do what it would do.
"""

from __future__ import annotations

from tui.terminal.paint import Painter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui.terminal.console import Console
    from tui.terminal.frame import Frame

# Terminals by the beginning of TERM that understand titles, colour questions, pastes, focus and hyperlinks, or
# swallow what they do not.
_MODERN = (
    "xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "kitty", "konsole", "vte", "gnome", "st-", "wezterm",
    "ghostty", "contour", "iterm", "mintty", "putty", "eterm",
)  # fmt: skip

_ENTER = "\x1b[?1049h\x1b[?7l"
_LEAVE = "\x1b[?7h\x1b[?25h\x1b[0m\x1b[?1049l"
_MODES_ON, _MODES_OFF = "\x1b[?2004h\x1b[?1004h", "\x1b[?1004l\x1b[?2004l"
_PUSH_TITLE, _POP_TITLE = "\x1b[22;2t", "\x1b[23;2t"
_MOUSE_ON, _MOUSE_OFF = "\x1b[?1002h\x1b[?1006h", "\x1b[?1006l\x1b[?1002l"
_KITTY_ON, _KITTY_AGAIN, _KITTY_OFF = "\x1b[>1u", "\x1b[=1u", "\x1b[<u"
_ASK_KITTY = "\x1b[?u"
_ASK_BACKGROUND = "\x1b]11;?\x1b\\"


class Terminal:
    """The terminal of a console. `enter` takes it, `leave` gives it back as it was; both can be repeated."""

    def __init__(self, console: Console) -> None:
        environ = self._environ = console.environ
        term = environ.get("TERM", "")
        self.console = console
        self._taken = False
        self._mouse = False
        self._kitty = False
        self._title = ""
        self.modern = term.startswith(_MODERN)
        self.colours = colours(environ)
        self.unicode = speaks_unicode(environ)
        self.painter = Painter(self.colours, unicode=self.unicode, synchronised=self.modern)

    def link_with(self, uri: Callable[[int], str]) -> None:
        """From now on links are hyperlinks; `uri` gives the URI of a link's number."""
        if self.modern and self.unicode:
            self.painter = Painter(self.colours, unicode=True, uri=uri, synchronised=True)

    # ---- taking and giving back -----------------------------------------------------------------------------------

    def enter(self, *, ask_background: bool = False) -> bool:
        """Takes the terminal: keys one by one, the alternate screen, pastes and focus told. False if it is gone."""
        if self._taken:
            return True
        if not self.console.take():
            return False
        self._taken = True
        if self.modern:
            asked = _PUSH_TITLE + _ASK_KITTY + (_ASK_BACKGROUND if ask_background else "")
            asked += _KITTY_ON if self._kitty else ""
            self.write(asked.encode())
        return self.retake()

    def retake(self) -> bool:
        """Sets all modes again, as another program may have changed them. False if the terminal is gone."""
        if not self.console.take():
            return False
        self.painter.forget()
        text = _ENTER + (_MODES_ON if self.modern else "")
        text += (_MOUSE_ON if self._mouse else "") + (_KITTY_AGAIN if self._kitty else "")
        self.write(text.encode())
        return True

    def leave(self, *, drop_input: bool = False) -> None:
        """Gives the terminal back with every mode as it was before. A terminal that is gone is no error.

        With `drop_input`, what was typed and not read is not left for the shell, nor are answers to our questions.
        """
        if not self._taken:
            return
        self._taken = False
        text = _MOUSE_OFF if self._mouse else ""
        if self._kitty:
            text += _KITTY_OFF
        if self.modern:
            text += _MODES_OFF + _POP_TITLE
        self._title = ""
        self.write((text + _LEAVE).encode())
        self.console.give_back(drop_input=drop_input)

    def use_mouse(self, on: bool) -> None:
        """Takes the mouse, or leaves it to the terminal."""
        if on != self._mouse:
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
        """Makes the terminal show `frame`."""
        self.write(self.painter.paint(frame))

    def title(self, text: str) -> None:
        """The title of the window; `text` is harmless."""
        if self.modern and text != self._title:
            self._title = text
            self.write(self.painter.encode(f"\x1b]2;{text}\x1b\\"))

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
        self.write(self.painter.encode(out))

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


def problem(environ: Mapping[str, str]) -> str:
    """Why a full screen can't be shown on this terminal, in a sentence; empty if it can."""
    term = environ.get("TERM", "")
    if not term or term == "dumb":
        return "The terminal (TERM) is not known, or a simple one."
    if term.startswith(_MODERN):
        return ""
    known, places = _terminfo(term, 1)
    return f"A terminal of the kind {term} can't place its cursor." if known and not places else ""


def colours(environ: Mapping[str, str], target: int = 1) -> int:
    """How many colours the terminal has: 0, 8, 16 or 256."""
    if environ.get("NO_COLOR"):
        return 0
    term = environ.get("TERM", "")
    if environ.get("COLORTERM") or "256color" in term:
        return 256
    known, _ = _terminfo(term, target)
    if not known:
        return 256 if term.startswith(_MODERN) else 8
    import curses

    count = curses.tigetnum("colors")
    return 256 if count >= 256 else 16 if count >= 16 else 8 if count >= 8 else 0


def _terminfo(term: str, target: int) -> tuple[bool, bool]:
    """Whether terminfo knows the terminal, and whether the cursor can be placed there as we do it."""
    try:
        import curses
    except ImportError:
        return False, False
    try:
        curses.setupterm(term, target)
    except curses.error:
        return False, False
    place = curses.tigetstr("cup")
    return True, place is not None and place.startswith(b"\x1b[")
