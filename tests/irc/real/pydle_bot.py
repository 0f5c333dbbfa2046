"""A bot as people write it with pydle: commands come on stdin, what it hears goes to stdout as JSON.

pydle_bot.py HOST PORT NICK CHANNEL [ACCOUNT PASSWORD]
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

# pydle makes its loop when there is none yet, as Python did until 3.13.
asyncio.set_event_loop(asyncio.new_event_loop())

import pydle  # noqa: E402


def tell(*what: Any) -> None:
    """Writes an event down."""
    print(json.dumps(what, ensure_ascii=False, default=str), flush=True)


class Bot(pydle.Client):
    """Joins a channel and tells everything it hears."""

    AGAIN = 0.2
    """Seconds between two attempts to come back."""
    channel = ""

    async def on_connect(self) -> None:
        """The server has welcomed it."""
        await super().on_connect()
        tell("connected")

    async def on_join(self, channel: str, user: str) -> None:
        """Somebody came."""
        await super().on_join(channel, user)
        tell("join", channel, user)

    async def on_part(self, channel: str, user: str, message: str | None = None) -> None:
        """Somebody left."""
        await super().on_part(channel, user, message)
        tell("part", channel, user, message)

    async def on_channel_message(self, target: str, by: str, message: str) -> None:
        """Answers `!ping` in the channel."""
        await super().on_channel_message(target, by, message)
        tell("message", target, by, message)
        if message == "!ping":
            await self.message(target, f"{by}: pong")

    async def on_private_message(self, target: str, by: str, message: str) -> None:
        """Somebody said something to it alone."""
        await super().on_private_message(target, by, message)
        tell("private", by, message)

    async def on_ctcp_action(self, by: str, target: str, contents: str) -> None:
        """Somebody did something."""
        tell("action", target, by, contents)

    async def on_topic_change(self, channel: str, message: str, by: str) -> None:
        """A channel has another topic."""
        tell("topic", channel, message, by)

    async def on_mode_change(self, channel: str, modes: Any, by: str) -> None:
        """A channel has other modes."""
        tell("mode", channel, modes, by)

    async def on_nick_change(self, old: str, new: str) -> None:
        """Somebody has another name. Joins once it has its own, before which pydle takes its JOIN for another's."""
        await super().on_nick_change(old, new)
        tell("nick", old, new)
        if new == self.nickname and not self.in_channel(self.channel):
            await self.join(self.channel)

    async def on_kick(self, channel: str, target: str, by: str, reason: str | None = None) -> None:
        """Somebody was put out."""
        tell("kick", channel, target, by, reason)

    async def handle_forever(self) -> None:
        """Reads until the connection ends, also by a reset, of which pydle itself would die."""
        try:
            await super().handle_forever()
        except ConnectionError:
            await self.disconnect(expected=False)

    async def on_disconnect(self, expected: bool) -> None:
        """The server is gone. Comes back as soon as it does."""
        tell("disconnected", expected)
        while not expected:
            try:
                await self.connect(reconnect=True)
                break
            except OSError:  # the server is not there yet, and pydle itself would give up
                await asyncio.sleep(self.AGAIN)

    async def commands(self) -> None:
        """Carries out what is typed: a method's name and its arguments, as JSON."""
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        while line := await reader.readline():
            name, *arguments = json.loads(line)
            if name == "channel":
                room = self.channels[self.channel]
                tell("channel", sorted(room["users"]), room.get("topic"), sorted(room["modes"]))
            else:
                answer = getattr(self, name)(*arguments)
                tell(
                    "did",
                    name,
                    await answer if asyncio.iscoroutine(answer) or asyncio.isfuture(answer) else answer,
                )


async def main(host: str, port: str, nick: str, channel: str, *sasl: str) -> None:
    """Runs the bot until it has quit."""
    keys = dict(zip(("sasl_username", "sasl_password"), sasl, strict=False))
    bot = Bot(nick, realname="Pia the bot", **keys)
    bot.channel = channel
    await bot.connect(host, int(port), tls=False)
    await bot.commands()


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
