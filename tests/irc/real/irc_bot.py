"""A bot as people write it with jaraco's `irc`: commands come on stdin, what it hears goes to stdout as JSON.

irc_bot.py HOST PORT NICK CHANNEL [ACCOUNT PASSWORD]
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import irc.bot
import irc.connection


class Bot(irc.bot.SingleServerIRCBot):
    """Joins a channel and tells everything it hears."""

    def __init__(self, host: str, port: str, nick: str, channel: str, *sasl: str) -> None:
        keys = {"sasl_login": sasl[0]} if sasl else {}
        server = irc.bot.ServerSpec(host, int(port), *sasl[1:])
        again = irc.bot.ExponentialBackoff(min_interval=1, max_interval=1)
        super().__init__([server], nick, "Irka the bot", recon=again, **keys)
        self.channel = channel
        self.connection.add_global_handler("all_events", self.tell)
        os.set_blocking(0, False)
        self.typed = b""
        self.reactor.scheduler.execute_every(0.02, self.take)

    def on_welcome(self, connection: Any, event: Any) -> None:
        """Joins."""
        connection.join(self.channel)

    def on_pubmsg(self, connection: Any, event: Any) -> None:
        """Answers `!ping` in the channel."""
        if event.arguments[0] == "!ping":
            connection.privmsg(event.target, f"{event.source.nick}: pong")

    def tell(self, connection: Any, event: Any) -> None:
        """Writes an event down."""
        if event.type not in ("all_raw_messages", "ping"):
            row = [event.type, str(event.source or ""), str(event.target or ""), event.arguments]
            print(json.dumps(row, ensure_ascii=False), flush=True)

    def take(self) -> None:
        """Carries out what was typed: a line of IRC."""
        try:
            self.typed += os.read(0, 4096)
        except BlockingIOError:
            return
        *lines, self.typed = self.typed.split(b"\n")
        for line in lines:
            if line == b"names":
                members = sorted(self.channels[self.channel].users())
                print(json.dumps(["names", members]), flush=True)
            else:
                self.connection.send_raw(line.decode())


if __name__ == "__main__":
    Bot(*sys.argv[1:]).start()
