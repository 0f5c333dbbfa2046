"""The style of a cell: colours, attributes and the hyperlink it belongs to, as one small value."""

from __future__ import annotations

_COLOUR_BITS = 9
_COLOUR = (1 << _COLOUR_BITS) - 1
_ATTRIBUTES = 2 * _COLOUR_BITS
_LINK = _ATTRIBUTES + 5

# The usual values of the first 16 colours (xterm); every terminal has its own, and users change them.
_BASIC = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0),
    (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
    (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
)  # fmt: skip
_STEPS = (0, 95, 135, 175, 215, 255)


_GREY = 40
"""The difference of red, green and blue below which a colour is a grey."""

_BRIGHT = 205
"""What the first 8 colours have of red, green and blue (xterm); more is one of the 8 brighter ones."""

_SIGNALS = frozenset({1, 3, 9, 11})
"""Backgrounds of red and yellow: what they tell must not be missed, and black or white is readable on them."""


class Style(int):
    """An immutable look, packed into a number so that it is quick to compare, hash and copy.

    Colours are indexes of the 256 (xterm), or -1 for the terminal's own. `link` is the number of a hyperlink
    (`links.LinkTable`), or 0. `Style()` is the terminal's plain look.
    """

    __slots__ = ()

    @classmethod
    def of(
        cls,
        fg: int = -1,
        bg: int = -1,
        *,
        bold: bool = False,
        dim: bool = False,
        italic: bool = False,
        underline: bool = False,
        reverse: bool = False,
        link: int = 0,
    ) -> Style:
        """The style of these parts. Raises `ValueError` for a colour outside -1..255."""
        if not (-1 <= fg <= 255 and -1 <= bg <= 255):
            raise ValueError(f"A colour is a number from 0 to 255, or -1, and not {fg} or {bg}.")
        attributes = bold | dim << 1 | italic << 2 | underline << 3 | reverse << 4
        return cls(fg + 1 | bg + 1 << _COLOUR_BITS | attributes << _ATTRIBUTES | link << _LINK)

    @property
    def fg(self) -> int:
        """The colour of the text, or -1."""
        return (self & _COLOUR) - 1

    @property
    def bg(self) -> int:
        """The colour of the background, or -1."""
        return (self >> _COLOUR_BITS & _COLOUR) - 1

    @property
    def bold(self) -> bool:
        """Whether it is bold."""
        return bool(self >> _ATTRIBUTES & 1)

    @property
    def dim(self) -> bool:
        """Whether it is dim."""
        return bool(self >> _ATTRIBUTES & 2)

    @property
    def italic(self) -> bool:
        """Whether it is italic."""
        return bool(self >> _ATTRIBUTES & 4)

    @property
    def underline(self) -> bool:
        """Whether it is underlined."""
        return bool(self >> _ATTRIBUTES & 8)

    @property
    def reverse(self) -> bool:
        """Whether text and background change places."""
        return bool(self >> _ATTRIBUTES & 16)

    @property
    def link(self) -> int:
        """The number of the hyperlink, or 0."""
        return self >> _LINK

    def over(self, under: Style) -> Style:
        """This style laid over another: colours and link where this one has them, the attributes of both."""
        return Style.of(
            self.fg if self.fg >= 0 else under.fg,
            self.bg if self.bg >= 0 else under.bg,
            bold=self.bold or under.bold,
            dim=self.dim or under.dim,
            italic=self.italic or under.italic,
            underline=self.underline or under.underline,
            reverse=self.reverse or under.reverse,
            link=self.link or under.link,
        )

    def linked(self, link: int) -> Style:
        """This style as part of the hyperlink of that number."""
        return Style(self & (1 << _LINK) - 1 | link << _LINK)

    def limited(self, colours: int) -> Style:
        """This style for a terminal of so many colours: the nearest of them, or none below 8."""
        if colours >= 256:
            return self
        fg, bg = (nearest(self.fg, colours), nearest(self.bg, colours)) if colours >= 8 else (-1, -1)
        reverse = self.reverse
        if colours >= 8 and self.bg >= 0 and bg not in _SIGNALS:
            # A calm background has no like among so few, and what is written on it might not be readable.
            fg, bg, reverse = -1, -1, True
        return Style.of(
            fg,
            bg,
            bold=self.bold,
            dim=self.dim,
            italic=self.italic,
            underline=self.underline,
            reverse=reverse,
            link=self.link,
        )

    def __repr__(self) -> str:
        flags = [name for name in ("bold", "dim", "italic", "underline", "reverse") if getattr(self, name)]
        return f"Style(fg={self.fg}, bg={self.bg}, {'+'.join(flags) or 'plain'}, link={self.link})"


PLAIN = Style()
"""The terminal's own look."""


def rgb(colour: int) -> tuple[int, int, int]:
    """Red, green and blue (0..255) of a colour of the 256, as xterm has them."""
    if colour < 16:
        return _BASIC[colour]
    if colour < 232:
        cube = colour - 16
        return _STEPS[cube // 36], _STEPS[cube // 6 % 6], _STEPS[cube % 6]
    grey = 8 + 10 * (colour - 232)
    return grey, grey, grey


def luminance(colour: tuple[int, int, int]) -> float:
    """The relative luminance, 0 (black) to 1 (white), of red, green and blue (WCAG 2.1)."""
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The contrast of two colours, 1 (none) to 21 (black on white); text needs at least 4.5 (WCAG 2.1)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def nearest(colour: int, colours: int) -> int:
    """The colour among the first 8 or 16 that is most like `colour`: of its hue, and a grey for a grey; -1 stays -1.

    With 8 colours there is no grey between black and white, and a grey becomes -1, the terminal's own colour.
    """
    if colour < (16 if colours >= 16 else 8):
        return colour
    parts = rgb(colour)
    low, high = min(parts), max(parts)
    if high - low < _GREY:
        if colours < 16:
            return 0 if high < 48 else -1
        return 0 if high < 48 else 8 if high < 160 else 7 if high < 245 else 15
    # Each colour of the first 8 has each of red, green and blue fully or not at all; the other 8 are brighter ones.
    middle = (low + high) / 2
    hue = sum(1 << index for index, part in enumerate(parts) if part > middle)
    return hue + 8 if colours >= 16 and high > _BRIGHT else hue
