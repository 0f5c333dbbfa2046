"""Events as objects and back, so that tests can say what is heard in the words of PROTOCOL.md."""

from __future__ import annotations

from typing import Any

from tui.model import server_events as ev
from tui.model import session_events as se
from tui.model.record import Record

_RESPONSES = {make: response for response, make in ev.KINDS.items()} | {
    ev.Message: "message",
    se.State: "state",
    se.LoggedIn: "login",
    se.LineSent: "sent",
    se.Back: "back",
    se.Directs: "directs",
    se.Reset: "reset",
    se.Gap: "gap",
}


def event(facts: dict[str, Any]) -> ev.ServerEvent | None:
    """The event that an object of the server becomes, or one of the session's own by its name."""
    given = {key: value for key, value in facts.items() if key not in ("response", "sender", "at")}
    match facts.get("response"):
        case "state":
            return se.State(**given)
        case "login":
            return se.LoggedIn(facts["name"], facts.get("motd", ""))
        case "back":
            return se.Back(facts["lasted"], facts["sent"], facts["missed"])
        case "sent":
            given = {key: value for key, value in given.items() if value is not None}
            return se.LineSent(**given, at=facts.get("at"))
        case "directs":
            rows = []
            for row in Record(facts).records("content"):
                rows.append(se.Direct(row))
                rows[-1].fetched = row.flag("fetched")
            return se.Directs(rows)
        case "reset":
            return se.Reset(facts["room"])
        case "gap":
            return se.Gap(facts["room"], facts["after"], facts["before"])
    told = ev.decode(facts)
    if isinstance(told, ev.Message):
        told.room = Record(facts).text("room")
    if isinstance(told, ev.Message | ev.Redacted):
        told.history = facts.get("history") is True
    return told


def events(*objects: dict[str, Any]) -> list[ev.ServerEvent]:
    """The same of several; those that mean nothing become none."""
    found = [event(facts) for facts in objects]
    return [one for one in found if one is not None]


def facts(event: ev.ServerEvent) -> dict[str, Any]:
    """What an event says, by its keys; those under which nothing stands are left out."""
    if isinstance(event, ev.Answer):
        return event.facts._facts
    names = [name for one in type(event).__mro__ for name in getattr(one, "__slots__", ())]
    said = {name: getattr(event, name) for name in names}
    if isinstance(event, se.Directs):
        said = {"content": [{name: getattr(row, name) for name in se.Direct.__slots__} for row in event.rows]}
    kept = {
        key: value
        for key, value in said.items()
        if value is not None and value is not False and not (key in ("role", "id", "room") and value == "")
    }
    return {"response": _RESPONSES[type(event)], **kept}
