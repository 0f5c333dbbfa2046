"""Themes: what each part of the screen looks like, by the name of its role."""

from __future__ import annotations

import re

from tui.text import nickcolor
from tui.text.style import Style, luminance, rgb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

RGB = tuple[int, int, int]

BACKGROUNDS: dict[str, tuple[RGB, ...]] = {
    "dark": ((0, 0, 0), (0x1E, 0x1E, 0x1E), (0x28, 0x2C, 0x34)),
    "light": ((255, 255, 255), (0xFD, 0xF6, 0xE3)),
}
"""The usual background of terminals with such a theme, against which contrast is measured."""

ROLES = {
    "text": "what people say",
    "time": "the time before a message",
    "own-nick": "one's own name",
    "action": "what /me tells",
    "mention": "a message that mentions one",
    "notice": "what changed in the room",
    "private": "what only the user sees",
    "error": "what went wrong",
    "coming": "people coming and going",
    "day": "the line between days",
    "marker": "the line before what is unread",
    "below": "the sign that newer messages are below",
    "link": "a link",
    "suspect": "a name or link that looks like another",
    "queued": "a message that is not sent yet",
    "sent": "the sign of a message that is sent",
    "failed": "a message that could not be sent",
    "selected": "the selected message or entry",
    "match": "what a search found",
    "topic": "the topic line",
    "status": "the status line",
    "status-news": "news from other rooms, in the status line",
    "status-alert": "what is wrong, in the status line",
    "border": "lines between panes",
    "heading": "headings in lists and pages",
    "key": "keys in help",
    "room": "a room in the list",
    "room-current": "the room one is in",
    "room-number": "the number of a room",
    "room-unread": "a room with something new",
    "room-mention": "a room where one was mentioned",
    "person": "somebody in the list of people",
    "person-away": "somebody who is away",
    "prompt": "what stands before the line one writes",
    "input": "the line one writes",
    "ghost": "what is shown in the line but not written",
}
"""The roles, and what each is."""

_FEW_COLOURS = 8

_of = Style.of

_DARK = {
    "text": _of(),
    "time": _of(246),
    "own-nick": _of(231, bold=True),
    "action": _of(italic=True),
    "mention": _of(228, bold=True),
    "notice": _of(248),
    "private": _of(117),
    "error": _of(210, bold=True),
    "coming": _of(246),
    "day": _of(246),
    "marker": _of(210),
    "below": _of(16, 222),
    "link": _of(117, underline=True),
    "suspect": _of(16, 222, bold=True),
    "queued": _of(246),
    "sent": _of(114),
    "failed": _of(210),
    "selected": _of(231, 24),
    "match": _of(16, 222),
    "topic": _of(252, 237),
    "status": _of(252, 237),
    "status-news": _of(228, 237, bold=True),
    "status-alert": _of(231, 124, bold=True),
    "border": _of(242),
    "heading": _of(bold=True),
    "key": _of(117, bold=True),
    "room": _of(250),
    "room-current": _of(231, 24, bold=True),
    "room-number": _of(246),
    "room-unread": _of(231, bold=True),
    "room-mention": _of(228, bold=True),
    "person": _of(),
    "person-away": _of(246),
    "prompt": _of(bold=True),
    "input": _of(),
    "ghost": _of(246),
}

_LIGHT = _DARK | {
    "time": _of(242),
    "own-nick": _of(16, bold=True),
    "mention": _of(88, bold=True),
    "notice": _of(240),
    "private": _of(24),
    "error": _of(124, bold=True),
    "coming": _of(242),
    "day": _of(242),
    "marker": _of(124),
    "link": _of(25, underline=True),
    "queued": _of(242),
    "sent": _of(22),
    "failed": _of(124),
    "selected": _of(16, 153),
    "topic": _of(236, 253),
    "status": _of(236, 253),
    "status-news": _of(88, 253, bold=True),
    "border": _of(245),
    "key": _of(24, bold=True),
    "room": _of(238),
    "room-current": _of(16, 153, bold=True),
    "room-number": _of(242),
    "room-unread": _of(16, bold=True),
    "room-mention": _of(88, bold=True),
    "person-away": _of(242),
    "ghost": _of(242),
}

_MONO = dict.fromkeys(ROLES, _of()) | {
    "time": _of(dim=True),
    "own-nick": _of(bold=True),
    "mention": _of(bold=True),
    "error": _of(bold=True),
    "coming": _of(dim=True),
    "day": _of(dim=True),
    "marker": _of(bold=True),
    "below": _of(reverse=True),
    "link": _of(underline=True),
    "suspect": _of(bold=True, reverse=True),
    "queued": _of(dim=True),
    "failed": _of(bold=True),
    "selected": _of(reverse=True),
    "match": _of(reverse=True),
    "topic": _of(reverse=True),
    "status": _of(reverse=True),
    "status-news": _of(bold=True, underline=True, reverse=True),
    "status-alert": _of(bold=True, reverse=True),
    "heading": _of(bold=True),
    "key": _of(bold=True),
    "room-current": _of(bold=True, reverse=True),
    "room-number": _of(dim=True),
    "room-unread": _of(bold=True),
    "room-mention": _of(bold=True, underline=True),
    "person-away": _of(dim=True),
    "prompt": _of(bold=True),
    "ghost": _of(dim=True),
}


class Theme:
    """The style of each role, and the colours that names may have."""

    __slots__ = ("_nicks", "name", "nick_colours", "styles")

    def __init__(self, name: str, styles: Mapping[str, Style], nick_colours: tuple[int, ...]) -> None:
        self.name = name
        self.styles = dict(styles)
        self.nick_colours = nick_colours
        looks = [_of(colour, bold=not nick_colours) for colour in nick_colours or (-1,)]
        if nick_colours and max(nick_colours) < _FEW_COLOURS:
            # So few colours are told apart by their weight as well.
            looks += [_of(colour, bold=True) for colour in nick_colours]
        self._nicks = looks

    def __getitem__(self, role: str) -> Style:
        return self.styles[role]

    def nick(self, key: str, places: nickcolor.Places) -> Style:
        """The style of the name whose key (`names.user_key`) is given."""
        return self._nicks[places.of(key, len(self._nicks))]

    def limited(self, colours: int) -> Theme:
        """This theme on a terminal of so many colours; below 8 it is the one without colours."""
        if colours >= 256 or self.name == "mono":
            return self
        if colours < 8:
            return MONO
        basic = nickcolor.BASIC_LIGHT if self.name == "light" else nickcolor.BASIC_DARK
        nicks = tuple(colour for colour in basic if colour < colours)
        return Theme(self.name, {role: style.limited(colours) for role, style in self.styles.items()}, nicks)


DARK = Theme("dark", _DARK, nickcolor.DARK)
LIGHT = Theme("light", _LIGHT, nickcolor.LIGHT)
MONO = Theme("mono", _MONO, ())

THEMES = {theme.name: theme for theme in (DARK, LIGHT, MONO)}
"""The themes by name."""

_ANSWER = r"\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})"


def background(answer: str) -> RGB | None:
    """The background in a terminal's answer to OSC 11 (`inputs.TerminalReply`), or None if it is another answer."""
    match = re.match(_ANSWER, answer)
    if not match:
        return None
    red, green, blue = (round(int(part, 16) * 255 / (16 ** len(part) - 1)) for part in match.groups())
    return red, green, blue


def choose(wanted: str, environ: Mapping[str, str], colours: int = 256, behind: RGB | None = None) -> Theme:
    """The theme to use: the one `wanted` by name, or for "auto" the one that suits the terminal's background.

    `behind` is that background if the terminal told it, else COLORFGBG (rxvt, konsole) says, else it is dark.
    NO_COLOR in `environ` (no-color.org) means no colours in any case. Raises `ValueError` for an unknown name.
    """
    if wanted not in (*THEMES, "auto"):
        raise ValueError(f"There is no theme {wanted}. The themes are auto, {', '.join(THEMES)}.")
    if environ.get("NO_COLOR"):
        return MONO
    if wanted == "auto":
        if behind is None:
            last = environ.get("COLORFGBG", "").rpartition(";")[2]
            behind = rgb(int(last)) if last.isdecimal() and len(last) <= 2 else (0, 0, 0)
        # Above this luminance black text has more contrast than white text (WCAG 2.1).
        wanted = "light" if luminance(behind) > 0.179 else "dark"
    return THEMES[wanted].limited(colours)
