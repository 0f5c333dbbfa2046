"""The table of dialects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from evchat.dialects.base import Dialect
from evchat.dialects.detect import (
    HTTP,
    IRC,
    IRC_OVER_TLS,
    IRC_WITH_CERTIFICATES,
    PLAIN_IRC,
    PROXIED_HTTP,
    Detector,
)
from evchat.dialects.http.resources import Resource, Web
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.irc.transport import Sts, Transport
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.text.dialect import TextDialect
from evchat.dialects.unframed.chatapp import ChatappDialect
from evchat.dialects.unframed.letschat import LetschatDialect
from evchat.dialects.unframed.room import RoomDialect
from evchat.dialects.unframed.wholast import WholastDialect
from evchat.settings.model import Config


def dialects(
    config: Config,
    version: str,
    started: int,
    resources: Mapping[str, Resource] | None = None,
    health: Callable[[], str] = str,
    sts: Sts | None = None,
) -> dict[str, Callable[[], Dialect]]:
    """The makers of a new client's dialect, by its name.

    `version` is the server's, which runs since `started` (milliseconds since the epoch). With `resources`, files by
    path, HTTP is among them, if its libraries are installed; `health` returns a word for what is wrong, or nothing.
    `sts` is what IRC clients are told of TLS.
    """
    irc = partial(IrcDialect, config, f"evchat-{version}", started)
    makers: dict[str, Callable[[], Dialect]] = {
        "json": partial(JsonDialect, config.limits),
        IRC: irc,
        PLAIN_IRC: partial(irc, Transport(sts=sts)),
        IRC_OVER_TLS: partial(irc, Transport(True, sts=sts)),
        IRC_WITH_CERTIFICATES: partial(irc, Transport(True, True, sts)),
        "text": partial(TextDialect, config.limits),
        "room": partial(RoomDialect, config.limits),
        "chatapp": partial(ChatappDialect, config.limits),
        "letschat": partial(LetschatDialect, config.limits),
        "wholast": partial(WholastDialect, config.limits),
    }
    if resources is not None and has_http():
        from evchat.dialects.http.dialect import HttpDialect

        limits = config.limits
        web = Web(
            resources,
            _over_websocket(makers),
            frozenset(name.lower() for name in (*config.web_hosts, config.hostname) if name),
            frozenset(origin.lower() for origin in config.web_origins),
            config.limits.trusted_proxies,
            health,
            limits.http_head,
            limits.http_requests,
            limits.max_object_bytes,
        )
        makers[HTTP] = partial(HttpDialect, web)
        makers[PROXIED_HTTP] = partial(HttpDialect, web, proxied=True)
    return makers


def _over_websocket(makers: Mapping[str, Callable[[], Dialect]]) -> dict[str, Callable[[], Dialect]]:
    framed = {name: makers[name] for name in ("json", IRC, "text")}
    return {**framed, "": partial(Detector, framed)}


def has_http() -> bool:
    """Whether the libraries are installed that browsers need: those of the extra `web`."""
    try:
        import h11  # noqa: F401
        import websockets.server  # noqa: F401
    except ImportError:
        return False
    return True
