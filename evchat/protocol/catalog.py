"""Every request and event there is, collected from the modules of the subjects."""

from __future__ import annotations

from types import ModuleType

from evchat.protocol import (
    administration,
    authentication,
    bans,
    basics,
    certificates,
    channels,
    client_tags,
    editing,
    history,
    invitation_codes,
    login,
    membership,
    messages,
    metadata,
    modes,
    monitor,
    operators,
    people,
    pins,
    read_markers,
    redaction,
    retention,
    server_bans,
    typed_lines,
    user_settings,
)
from evchat.protocol.base import Event, Request

SUBJECTS: tuple[ModuleType, ...] = (
    basics,
    typed_lines,
    authentication,
    certificates,
    login,
    messages,
    channels,
    membership,
    modes,
    bans,
    people,
    history,
    read_markers,
    redaction,
    editing,
    pins,
    client_tags,
    monitor,
    user_settings,
    metadata,
    operators,
    server_bans,
    administration,
    invitation_codes,
    retention,
)
"""The modules of the subjects, in the order in which help shows their commands."""


def _defined(base: type) -> tuple[type, ...]:
    found = (each for subject in SUBJECTS for each in vars(subject).values())
    return tuple(
        dict.fromkeys(
            x
            for x in found
            if isinstance(x, type) and issubclass(x, base) and x.__module__ != base.__module__
        )
    )


REQUESTS: tuple[type[Request], ...] = _defined(Request)
EVENTS: tuple[type[Event], ...] = _defined(Event)
