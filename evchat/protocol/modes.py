"""The modes of channels and users: a table of letters, names and kinds, and the parser of changes.

The letters are those that IRC servers share (RFC 2811; Modern IRC client protocol, "Channel modes"). A line of
changes is `+ov-k alice bob key`: signs and letters, then the values of those letters that take one, in their order.
"""

from __future__ import annotations

from enum import Enum

from evchat.protocol import signs
from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import NAME, WHERE, Command, Kind, Param
from evchat.protocol.value import value


class Takes(Enum):
    """What follows a mode's letter."""

    MASK = "an entry of a list; without one, shows the list"
    KEY = "a word, both to set and to remove it"
    NUMBER = "a number, to set it"
    NOTHING = "nothing: it is on or off"
    MEMBER = "the name of a member"


@value
class Mode:
    """A mode: its letter, its name for people and programs, what it takes, and what it means in a sentence."""

    letter: str
    name: str
    takes: Takes
    summary: str


BAN, EXCEPTION, INVITATION = "b", "e", "I"
KEY, LIMIT = "k", "l"
INVITE_ONLY, MODERATED, MEMBERS_ONLY, SECRET, TOPIC_LOCKED, NO_CTCP = "i", "m", "n", "s", "t", "C"
REGISTERED_ONLY, OP_MODERATED, AUDITORIUM = "M", "U", "u"
OPERATOR, VOICE = signs.OPERATOR, signs.VOICE
INVISIBLE, BOT, WALLOPS = "i", "B", "w"
NO_QUERIES, NO_GUESTS = "T", "R"
SCREENS = (NO_QUERIES, NO_GUESTS)
"""The user modes that block some direct messages."""

CHANNEL_MODES: tuple[Mode, ...] = (
    Mode(BAN, "ban", Takes.MASK, "Users who match the mask can't join, or speak without a voice."),
    Mode(EXCEPTION, "exception", Takes.MASK, "Bans do not apply to users who match the mask."),
    Mode(INVITATION, "invitation", Takes.MASK, "Users who match the mask need no invitation."),
    Mode(KEY, "key", Takes.KEY, "Users need this key to join."),
    Mode(LIMIT, "limit", Takes.NUMBER, "At most this many users can be in the channel."),
    Mode(INVITE_ONLY, "invite-only", Takes.NOTHING, "Nobody can join without an invitation."),
    Mode(MODERATED, "moderated", Takes.NOTHING, "Only operators and voiced users can speak."),
    Mode(MEMBERS_ONLY, "members-only", Takes.NOTHING, "Nobody outside the channel can send messages to it."),
    Mode(SECRET, "secret", Takes.NOTHING, "The channel and its members are hidden from users outside it."),
    Mode(TOPIC_LOCKED, "topic-locked", Takes.NOTHING, "Only operators can set the topic."),
    Mode(NO_CTCP, "no-ctcp", Takes.NOTHING, "Client-to-client queries (CTCP) are refused, except /me."),
    Mode(REGISTERED_ONLY, "registered-only", Takes.NOTHING, "Only registered and voiced users can speak."),
    Mode(OP_MODERATED, "op-moderated", Takes.NOTHING, "Only operators hear members without a voice."),
    Mode(AUDITORIUM, "auditorium", Takes.NOTHING, "Only operators see members without a voice."),
    Mode(OPERATOR, "operator", Takes.MEMBER, "Moderates the channel."),
    Mode(VOICE, "voice", Takes.MEMBER, "Can speak in a moderated channel."),
)

USER_MODES: tuple[Mode, ...] = (
    Mode(INVISIBLE, "invisible", Takes.NOTHING, "Is listed only for users who share a channel."),
    Mode(OPERATOR, "operator", Takes.NOTHING, "Is a server operator; set by /oper."),
    Mode(WALLOPS, "wallops", Takes.NOTHING, "Receives operators' messages to each other."),
    Mode(BOT, "bot", Takes.NOTHING, "Is a program and is marked as one."),
    Mode(NO_QUERIES, "no-ctcp", Takes.NOTHING, "Receives no client-to-client queries (CTCP), except /me."),
    Mode(NO_GUESTS, "registered-only", Takes.NOTHING, "Receives direct messages from registered users only."),
)

BY_LETTER: dict[str, Mode] = {mode.letter: mode for mode in CHANNEL_MODES}
USER_BY_LETTER: dict[str, Mode] = {mode.letter: mode for mode in USER_MODES}


@value
class Change:
    """A change of one mode. `value` is None for what takes none; a MASK without one asks for the list.

    A MASK may be one of several that mean the person with the name `whom`, and end at `until` (milliseconds since the
    epoch; 0: never).
    """

    on: bool
    letter: str
    value: str | None = None
    until: int = 0
    whom: str = ""


def parse(text: str, table: dict[str, Mode] = BY_LETTER) -> tuple[list[Change], list[Change]]:
    """The changes in a line, and those that are invalid: a letter that is unknown or lacks its value.

    A sign applies until the next one; the line starts with an implied `+`. Never raises.
    """
    letters, *rest = text.split() or [""]
    values = iter(rest)
    good: list[Change] = []
    bad: list[Change] = []
    on = True
    for letter in letters:
        if letter in "+-":
            on = letter == "+"
            continue
        mode = table.get(letter)
        if mode is None:
            bad.append(Change(on, letter))
            continue
        takes = mode.takes
        given = (
            next(values, None) if takes is not Takes.NOTHING and (on or takes is not Takes.NUMBER) else None
        )
        lacks = given is None and (takes is Takes.MEMBER or (on and takes in (Takes.KEY, Takes.NUMBER)))
        (bad if lacks else good).append(Change(on, letter, given))
    return good, bad


def write(changes: tuple[Change, ...]) -> str:
    """The line that `parse` reads as `changes`."""
    letters, values, sign = "", [], None
    for change in changes:
        if change.on is not sign:
            sign = change.on
            letters += "+" if sign else "-"
        letters += change.letter
        if change.value is not None:
            values.append(change.value)
    return " ".join([letters, *values])


# ---- requests, events and commands


@value
class ChannelMode(Request):
    """Changes a channel's modes (`evchat.protocol.modes` says how `text` is read); without a text, asks for them."""

    traits = Traits(evident=True, heavy=True)

    text: str | None = None
    to: str | None = None


@value
class GrantRole(Request):
    """Gives a channel member a role ("o" or "v"), or removes it (`on` is False)."""

    name: str
    role: str = "o"
    on: bool = True
    to: str | None = None


@value
class ModesChanged(Event):
    """Somebody changed a channel's modes."""

    channel: str
    by: str
    changes: tuple[Change, ...]


@value
class ModesTold(Answer):
    """A channel's modes, without its lists. The key is sent to members only."""

    channel: str
    changes: tuple[Change, ...]
    created: int


@value
class ListEntry:
    """An entry of a channel's list, with `until` and `whom` as in `Change`."""

    mask: str
    by: str
    at: int
    until: int = 0
    whom: str = ""


@value
class ModeListed(Answer):
    """One of a channel's lists: `letter` says which."""

    channel: str
    letter: str
    entries: tuple[ListEntry, ...]


def _grant(word: str, role: str, on: bool, summary: str) -> Command:
    fixed = (("role", role), ("on", on))
    return Command(word, GrantRole, summary, (WHERE, NAME), words=(word,), fixed=fixed)


_KEY_CHANGE = r"(?:^|\s[+-])[A-Za-z+-]*k[A-Za-z+-]*\s+"
"""What stands before a channel's key in changes of modes, as in `+mk key` and `+m +k key`."""

COMMANDS: tuple[Command, ...] = (
    Command(
        "mode",
        ChannelMode,
        "Shows a channel's modes or changes them: /mode +mk-v key bob. /mode b shows its bans.",
        (WHERE, Param("text", Kind.TEXT, "changes", secret_after=_KEY_CHANGE)),
        words=("mode",),
    ),
    _grant("op", "o", True, "Makes a member an operator of the channel."),
    _grant("deop", "o", False, "Removes a member's channel operator status."),
    _grant("voice", "v", True, "Lets a member speak in a moderated channel."),
    _grant("devoice", "v", False, "Removes a member's voice."),
)
"""This subject's part of the table in `evchat.protocol.commands`."""


def is_query(text: str) -> bool:
    """Whether a text is a client-to-client query (CTCP), which mode `C` keeps out of a channel."""
    return text.startswith("\x01") and not text.startswith("\x01ACTION ")
