"""What the IRC dialect tells of the server."""

from __future__ import annotations

from evchat.protocol.value import value


@value
class Settings:
    """The server as IRC clients see it. `started` is milliseconds since the epoch; sizes are bytes.

    With `playback`, a client that can't ask for history is told what was said last when it joins.
    """

    hostname: str = "evchat.local"
    network: str = "evchat"
    version: str = "evchat"
    started: int = 0
    motd: tuple[str, ...] = ()
    playback: bool = True
    max_channels: int = 100
    max_watched: int = 100
    max_list: int = 100
    topic_bytes: int = 390
    away_bytes: int = 390
    history_max: int = 1_000
