"""Answers of the server that are lists, as the tables that `evchat.dialects.listings` describes."""

from __future__ import annotations

from evchat.dialects import listings, phrases
from evchat.protocol.names import EVERYONE
from evchat.protocol.text import harmless
from tui.model.server_events import messages
from tui.text.times import brief, duration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from evchat.dialects.tables import Row, Table
    from tui.model.record import Record

_ACTIVE = 60_000
"""Milliseconds without activity before a user counts as idle."""


def table(command: str, facts: Record, now: int) -> Table | None:
    """The table in the answer to the request `command`; None if the answer is not a list, or one without entries."""
    if command == "whois":
        person = _whom(facts)
        if person is None:
            return None
        return listings.details(_person(person, now), registered=person.flag("registered"))
    make = _TABLES.get(command)
    made = make(facts, now) if make and facts.is_list("content") else None
    return made if made and made.rows else None


def spoken(command: str, facts: Record, now: int) -> list[str]:
    """The same in words, a line for each entry, with a line before those of a list; none if there is no table."""
    if command == "whois":
        person = _whom(facts)
        return listings.people([_person(person, now)]).spoken() if person else []
    made = table(command, facts, now)
    return [f"{harmless(made.title)}:", *made.spoken()] if made else []


def empty(command: str, facts: Record) -> str:
    """What is said of a list without entries; an empty text if the answer is not a list."""
    words = _EMPTY.get(command)
    if words is None or not facts.is_list("content"):
        return ""
    return words(harmless(facts.label("to")), harmless(facts.label("mode")))


def _whom(facts: Record) -> Record | None:
    person = facts.record("content")
    return person if person and person.text("name") else None


def _people(facts: Record, now: int) -> Table:
    rows = [_person(person, now) for person in facts.records("content") if person.text("name")]
    return listings.people(rows, facts.number("minutes"), omitted=facts.count("omitted"))


def _found_people(facts: Record, now: int) -> Table:
    rows = [_person(person, now) for person in facts.records("content") if person.text("name")]
    return listings.people(rows, mask="", omitted=facts.count("omitted"))


def _person(person: Record, now: int) -> Row:
    idle, since, seen = person.count("idle"), person.number("since"), person.number("seen")
    return listings.person(
        person.text("name"),
        online=person.flag("online"),
        away=person.text_or_none("away"),
        idle=duration(idle) if idle >= _ACTIVE else "",
        since=_when(since, now),
        seen=_when(seen, now),
        channels=person.texts("channels"),
        realname=person.text("realname"),
        account=person.text("account"),
        role=listings.role(operator=person.flag("operator"), bot=person.flag("bot")),
        address=person.text("address"),
    )


def _when(at: int | None, now: int) -> str:
    return brief(at, now) if at else ""


def _channels(facts: Record, now: int) -> Table:
    rows = facts.records("content")
    return listings.channels(
        [(row.text("name"), str(row.count("users")), row.text("topic")) for row in rows],
        facts.count("omitted"),
    )


def _directs(facts: Record, now: int) -> Table:
    rows = facts.records("content")
    return listings.directs(
        [(row.text("name"), _when(row.number("last"), now), str(row.count("unread") or "")) for row in rows]
    )


def _mode_list(facts: Record, now: int) -> Table:
    mode = facts.text("mode")
    rows = [
        listings.list_entry(
            row.text("mask"),
            mode,
            row.text("whom"),
            row.text("by"),
            _when(row.number("at"), now),
            _when(row.number("until"), now),
        )
        for row in facts.records("content")
    ]
    return listings.mode_list(mode, facts.text("to"), rows)


def _server_bans(facts: Record, now: int) -> Table:
    return listings.server_bans(
        [
            (
                row.text("whom"),
                row.text("by"),
                _when(row.number("at"), now),
                _when(row.number("until"), now),
                row.text("reason"),
            )
            for row in facts.records("content")
        ]
    )


def _audit(facts: Record, now: int) -> Table:
    keys = ("by", "act", "target", "detail")
    return listings.audit(
        [(_when(row.number("at"), now), *map(row.text, keys)) for row in facts.records("content")]
    )


def _past(facts: Record, now: int) -> Table:
    return listings.past(
        [
            (row.text("name"), _when(row.number("until"), now), row.text("account"), row.text("realname"))
            for row in facts.records("content")
        ]
    )


def _pins(facts: Record, now: int) -> Table:
    pinned_by = {pin.count("seq"): pin.text("by") for pin in facts.records("pins")}
    rows = [
        (str(m.seq or ""), _when(m.at, now), m.sender, pinned_by.get(m.seq or 0, ""), m.content)
        for m in messages(facts)
    ]
    return listings.pins(facts.text("to"), rows)


def _found(facts: Record, now: int) -> Table:
    return listings.found(
        [
            (_when(m.at, now), listings.EVERYONE if m.to == EVERYONE else m.to, m.sender, m.content)
            for m in messages(facts)
        ]
    )


_TABLES: dict[str, Callable[[Record, int], Table]] = {
    "who": _people,
    "whoelse": _people,
    "wholast": _people,
    "find": _found_people,
    "look": _found_people,
    "channels": _channels,
    "directs": _directs,
    "mode": _mode_list,
    "bans": _mode_list,
    "banished": _server_bans,
    "audit": _audit,
    "whowas": _past,
    "pins": _pins,
    "search": _found,
}
"""The requests whose answers are lists."""

_EMPTY: dict[str, Callable[[str, str], str]] = {
    "who": lambda to, mode: phrases.NOBODY_ELSE,
    "whoelse": lambda to, mode: phrases.NOBODY_ELSE,
    "wholast": lambda to, mode: phrases.NOBODY_ELSE,
    "find": lambda to, mode: phrases.no_match(),
    "look": lambda to, mode: phrases.no_match(),
    "channels": lambda to, mode: phrases.NO_CHANNELS,
    "directs": lambda to, mode: phrases.NO_DIRECTS,
    "inbox": lambda to, mode: phrases.NOTHING_NEW,
    "mode": lambda to, mode: phrases.empty_list(mode, to),
    "bans": lambda to, mode: phrases.empty_list(mode, to),
    "banished": lambda to, mode: phrases.NO_BANS,
    "audit": lambda to, mode: phrases.NO_AUDIT,
    "whowas": lambda to, mode: phrases.no_record(),
    "pins": lambda to, mode: phrases.no_pins(to),
    "search": lambda to, mode: phrases.nothing_found(),
}
"""What is said if there is nothing in them, from the channel and the mode."""
