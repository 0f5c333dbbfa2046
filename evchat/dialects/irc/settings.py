"""What the IRC dialect tells of the server."""

from __future__ import annotations

from evchat.protocol.value import value
from evchat.settings.model import Config


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

    @classmethod
    def of(cls, config: Config, version: str, started: int) -> Settings:
        """What is told of a server of this version, which runs since `started` (milliseconds since the epoch)."""
        network = (
            "".join(char if char.isalnum() or char in "-_." else "-" for char in config.name) or "evchat"
        )
        host = config.hostname or (network if "." in network.strip(".") else f"{network.lower()}.local")
        return cls(
            hostname=host,
            network=network,
            version=f"evchat-{version}",
            started=started,
            motd=tuple(config.motd.splitlines()),
            playback=config.irc_playback,
            max_channels=config.limits.max_channels_per_user,
            max_watched=config.limits.max_watched,
            max_list=config.limits.max_list_entries,
            topic_bytes=config.limits.max_topic_bytes,
            away_bytes=config.limits.max_away_bytes,
            history_max=config.limits.history_max,
        )
