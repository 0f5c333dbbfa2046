"""A bot with asyncio: `!remind 90 the tea` reminds you in 90 s. python3 reminder_bot.py [HOST [PORT [NAME]]]."""

import asyncio
import contextlib
import json
import re
import sys

PAUSE = 2  # seconds before connecting again
HOST, PORT, NAME = sys.argv[1:] + ["127.0.0.1", "9998", "reminder"][len(sys.argv) - 1 :]


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Logs in and answers, until the server closes the connection, or is silent for longer than it ever is."""

    def send(request: str, **more: object) -> None:
        writer.write(json.dumps({"request": request, **more}).encode() + b"\n")

    send("hello", content={"version": 1, "client": "reminder_bot/1.0"})
    send("login", content=NAME, id="login")
    while line := await asyncio.wait_for(reader.readline(), 180):
        match json.loads(line):
            case {"response": "ping"}:
                send("pong")
            case {"response": "ok", "reply_to": "login"}:
                send("usermode", content="+B")  # marks it as a bot
            case {"response": "error", "suggestion": free_name}:
                send("login", content=free_name, id="login")
            case {"response": "message", "content": text, "to": to, "sender": sender}:
                if wanted := re.fullmatch(r"!remind (\d{1,5}) (.+)", text):
                    more = {"to": to if to.startswith("#") else sender, "content": f"{sender}: {wanted[2]}"}
                    asyncio.get_running_loop().call_later(
                        int(wanted[1]), lambda more=more: send("notice", **more)
                    )
        await writer.drain()


async def main() -> None:
    """Connects, and again whenever the connection is lost."""
    while True:
        try:  # a line may be a page of history, and longer than the 64 KiB that asyncio reads unless it is told
            reader, writer = await asyncio.open_connection(HOST, int(PORT), limit=1 << 24)
            with contextlib.closing(writer):
                await talk(reader, writer)
        except OSError as problem:
            print(problem, file=sys.stderr)
        await asyncio.sleep(PAUSE)


asyncio.run(main())
