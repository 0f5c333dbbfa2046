"""The table of phrases: the wording for everything people are told, shared by all clients.

Phrases are built from plain texts, so that the server can build them from its events and the terminal client from what
it has decoded, without either importing the other's types. Texts from other users are inserted as given: whoever shows
a phrase has to sanitise it, or them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 10
"""Names in one phrase; the others are counted."""

MUTE = "m:"
"""What a mask begins with that only takes the word."""

HOLDERS = {"o": "operators", "v": "operators and voiced"}
"""Who receives a message to a role."""


# ---- parts of a phrase ----------------------------------------------------------------------------------------


def counted(number: int, noun: str) -> str:
    """`1 user`, `2 users`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def and_others(names: Sequence[str]) -> str:
    """Names separated by commas; those beyond ten are counted."""
    if len(names) <= _SHOWN:
        return ", ".join(names)
    return f"{', '.join(names[:_SHOWN])} and {counted(len(names) - _SHOWN, 'other')}"


def size(count: int) -> str:
    """A number of bytes in words: "64 KiB", "1000 bytes"."""
    return f"{count} bytes" if count % 1024 else f"{count // 1024} KiB"


def because(reason: str) -> str:
    """` (reason)`, or nothing; the phrase around it has a full stop of its own."""
    return f" ({reason.removesuffix('.')})" if reason else ""


def _of(channel: str) -> str:
    """` of #channel`, or nothing where it goes without saying."""
    return f" of {channel}" if channel else ""


# ---- what happens ---------------------------------------------------------------------------------------------


def joined(name: str, channel: str) -> str:
    """Somebody joined a channel."""
    return f"{name} joined {channel}."


def left(name: str, channel: str, reason: str) -> str:
    """Somebody left a channel."""
    return f"{name} left {channel}{because(reason)}."


def disconnected(name: str, reason: str) -> str:
    """Somebody left the server."""
    return f"{name} left the server{because(reason)}."


def renamed(old: str, new: str) -> str:
    """Somebody has changed names."""
    return f"{old} is now called {new}."


def renamed_you(new: str) -> str:
    """You have changed names."""
    return f"You are now called {new}."


def kicked(by: str, name: str, channel: str, reason: str) -> str:
    """Somebody was kicked; without a `channel`, it is clear from which."""
    return f"{by} kicked {name}{f' from {channel}' if channel else ''}{because(reason)}."


def invites_you(by: str, channel: str) -> str:
    """You are invited to a channel."""
    return f"{by} invites you to {channel}. Join with /join {channel}."


def invited(by: str, name: str, channel: str) -> str:
    """Somebody else was invited to a channel."""
    return f"{by} invited {name} to {channel}."


def topic_changed(by: str, channel: str, text: str) -> str:
    """The topic was set or, without a text, removed."""
    return f"{by} set the topic{_of(channel)}: {text}" if text else f"{by} removed the topic{_of(channel)}."


def modes_changed(by: str, channel: str, changes: str) -> str:
    """The modes of a channel were changed; `changes` are in words or as typed."""
    return f"{by} changed the modes{_of(channel)}: {changes}"


def moderated(by: str, channel: str, changes: Sequence[tuple[bool, str, str, int]]) -> list[str]:
    """Who was banned or muted, or is no longer: for each change, whether it is on, the mask, the name of the person
    whom it is for (if any) and for how many minutes (0: for good). `by` is empty if the time was over.

    Several masks for one person are one sentence; without a `channel`, it is clear where.
    """
    told: dict[str, None] = {}
    for on, mask, whom, minutes in changes:
        mutes = mask.startswith(MUTE)
        name = whom or _meant(mask.removeprefix(MUTE))
        where = "" if not channel else f" from {channel}" if on and not mutes else f" in {channel}"
        lasts = f" for {counted(minutes, 'minute')}" if minutes else ""
        if by:
            told[f"{by} {'' if on else 'un'}{'muted' if mutes else 'banned'} {name}{where}{lasts}."] = None
        else:
            told[f"{name} is no longer {'muted' if mutes else 'banned'}{where}."] = None
    return list(told)


def _meant(mask: str) -> str:
    """Whom a mask means, in words where it is a plain one."""
    if mask[:2] == "a:":
        return f"the account {mask[2:]}"
    name, _, place = mask.partition("!")
    username, _, host = place.partition("@")
    if set(name + username + host) <= set("*"):
        return "everyone"
    if not set(name) & set("*?") and username == host == "*":
        return name
    if name == username == "*" and not set(host) & set("*?"):
        return f"the address {host}"
    return mask


def presence(name: str, away: str | None) -> str:
    """Somebody is away, for a reason that may be empty, or (None) back."""
    return f"{name} is back." if away is None else f"{name} is away: {away}" if away else f"{name} is away."


def deleted(by: str, to: str, reason: str, when: str = "") -> str:
    """A message was deleted; `when` it was sent, if that is known."""
    return f"{by} deleted a message{f' of {when}' if when else ''} sent to {to}{because(reason)}."


def edited(by: str, to: str, text: str) -> str:
    """A message was given another text, whose lines are told as one."""
    return f"{by} changed a message sent to {to}: {' / '.join(text.splitlines())}"


def wallops(name: str, text: str) -> str:
    """A server operator's message to the others."""
    return f"(operators) {name}: {text}"


def pinned(by: str, channel: str, seq: int, sender: str, text: str) -> str:
    """A message was pinned."""
    return f"{by} pinned message {seq}{_of(channel)}: <{sender}> {text}"


def unpinned(by: str, channel: str, seq: int) -> str:
    """A pin was removed."""
    return f"{by} unpinned message {seq}{_of(channel)}."


def pinned_by(name: str) -> str:
    """The note behind a pinned message: who pinned it, if that is known."""
    return f" · pinned by {name}" if name else ""


def no_pins(channel: str) -> str:
    """A channel has no pins."""
    return f"Nothing is pinned in {channel}."


def online(name: str) -> str:
    """A watched user is online."""
    return f"{name} is online."


def offline(name: str) -> str:
    """A watched user is no longer online."""
    return f"{name} is no longer online."


def realname(name: str, text: str) -> str:
    """A user's real name; an empty text means it was removed."""
    return (
        f"{name}'s real name is {text.removesuffix('.')}." if text else f"{name} no longer has a real name."
    )


# ---- answers --------------------------------------------------------------------------------------------------


def topic(channel: str, text: str, by: str = "", when: str = "") -> str:
    """The topic of a channel, and who set it and when, if that is known."""
    if not text:
        return f"{channel} has no topic." if channel else "There is no topic."
    return f"The topic{_of(channel)} is: {text}" + (
        f" (set by {by}{f', {when}' if when else ''})" if by else ""
    )


def members(channel: str, names: Sequence[str]) -> str:
    """The members of a channel, with the signs of their roles."""
    return f"{channel}: {', '.join(names)}" if names else f"Nobody is in {channel}."


def modes(channel: str, changes: str) -> str:
    """The modes of a channel, in words or as typed."""
    return f"The modes of {channel} are: {changes}" if changes else f"{channel} has no modes."


def blocked(names: Sequence[str]) -> str:
    """The users you have blocked."""
    return f"You have blocked {', '.join(names)}." if names else "You have not blocked anyone."


def watched(here: Sequence[str], gone: Sequence[str]) -> list[str]:
    """The users you watch, and whether they are online."""
    told = [f"Online: {', '.join(here)}."] if here else []
    if gone:
        told.append(f"Not online: {', '.join(gone)}.")
    return told or ["You are not watching anyone."]


def metadata(target: str, key: str, value: str | None) -> str:
    """A value of somebody's or of a channel's."""
    return f"{target} has no {key}." if value is None else f"{key} of {target}: {value}"


def subscribed(keys: Sequence[str], on: bool) -> str:
    """The keys of metadata that one subscribes to."""
    if not on:
        return f"You no longer subscribe to {', '.join(keys)}."
    return f"You subscribe to {', '.join(keys)}." if keys else "You subscribe to no metadata."


def counts(users: int, invisible: int, operators: int, channels: int, strangers: int, most: int) -> list[str]:
    """The numbers of users, channels and connections without a login, and the most users online at once so far."""
    there = f"There are {counted(users, 'user')} ({invisible} invisible, {counted(operators, 'operator')})"
    return [
        f"{there} and {counted(channels, 'channel')}.",
        f"Connections not logged in: {strangers}. Most users online at once: {most}.",
    ]


def announced(delivered: int, missed: Sequence[str]) -> str:
    """How many users a broadcast has reached, and which it has missed."""
    told = f"Your broadcast reached {counted(delivered, 'user')}."
    return f"{told} Not reached: {', '.join(missed)}." if missed else told


def user_modes(letters: str) -> str:
    """Your own modes."""
    return f"Your modes: {letters or 'none'}."


def user_modes_changed(changes: str) -> str:
    """Changes to your own modes."""
    return f"Your modes have changed: {changes}." if changes else "Your modes have not changed."


def no_record(name: str = "that name") -> str:
    """Nobody had this name before."""
    return f"No record of {name}."


def no_match(mask: str = "") -> str:
    """A search for users without a result."""
    return f"No users match {mask}." if mask else "No users match."


def nothing_found(words: str = "") -> str:
    """A search in messages without a result."""
    return f"Nothing found for: {words}" if words else "Nothing found."


def empty_list(mode: str, channel: str) -> str:
    """A list of a channel, such as its bans, without entries."""
    return f"The {mode} list of {channel} is empty."


def last_seen(when: str) -> str:
    """When somebody was last online."""
    return f"last seen {when}"


def last_message(when: str) -> str:
    """The time of the last message in a conversation."""
    return f"last message {when}"


def earlier(to: str, count: int) -> str:
    """What stands above old messages of a channel or of a conversation."""
    where = "in" if to.startswith("#") else "with"
    return f"Earlier {where} {to} ({counted(count, 'message')}):"


def left_out(count: int) -> str:
    """How much a slow client has not got; it can ask for the history."""
    return f"{counted(count, 'line')} skipped here: too fast for your connection. /history shows what is missing."


def no_messages(to: str) -> str:
    """The history of a room is empty."""
    return f"No messages in {to} yet."


NOTHING_NEW = "Your inbox is empty. /directs lists your conversations, /history NAME shows one."
NO_CHANNELS = "There are no channels."
NO_DIRECTS = "You have no direct conversations."
NO_BANS = "Nobody is banned from the server."
NO_AUDIT = "The audit log is empty."
NOBODY_ELSE = "Nobody else is online."
NOBODY_OF_THEM = "None of them is online."


TLS_REQUIRED = "This server takes only connections with TLS: tls://HOST in evchat-tui, https:// in a browser."
"""What clients are told that must speak TLS and do not."""
PLAIN_PASSWORD = (
    "Your password came over the internet unencrypted: anybody on the way could read it. Use TLS if you can."
)
"""What clients are told that have sent a password from a public address without TLS."""
