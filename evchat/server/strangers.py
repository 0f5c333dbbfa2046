"""What holds for clients before somebody has logged in, and what is logged of their mistakes."""

from __future__ import annotations

from evchat import log
from evchat.protocol.basics import Malformed
from evchat.server.client import Client
from evchat.settings.model import Limits

_TYPING_MISTAKES = frozenset({"unknown-command", "usage"})
"""Codes of malformed requests that people type by mistake: they are not logged."""


def excess(client: Client, limits: Limits) -> str:
    """Why a client that has not logged in must go, as a sentence; empty if it need not."""
    if client.bytes_before_login > limits.input_before_login:
        most = f"{limits.input_before_login} bytes"
    elif client.requests_before_login > limits.commands_before_login:
        most = f"{limits.commands_before_login} requests"
    else:
        return ""
    return f"Log in first: before that, no more than {most} are taken."


def log_malformed(client: Client, request: Malformed) -> None:
    """Logs the first request of a client that could not be understood; one is enough."""
    if client.malformed_logged or request.code in _TYPING_MISTAKES:
        return
    client.malformed_logged = True
    dialect = client.dialect.name
    log.info("malformed", sid=client.sid, address=client.address, dialect=dialect, reason=request.reason)
