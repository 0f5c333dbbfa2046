"""A bot with asyncio: `!remind 90 the tea` reminds you in 90 seconds, and the bot goes on listening meanwhile.

python3 reminder_bot.py [HOST [PORT [NAME]]]
"""

import asyncio
import json
import re
import sys

LINE = 1 << 24  # bytes of the longest line: asyncio's 64 KiB are too few for a page of history
SILENCE = 180  # seconds: the server says something every 90, so after that the connection is dead
PAUSE = 2  # seconds before connecting again


async def talk(host: str, port: int, name: str) -> None:
    """Logs in and answers, until the server closes the connection; what it has still to remind of ends with it."""
    reader, writer = await asyncio.open_connection(host, port, limit=LINE)

    async def send(**request: object) -> None:
        writer.write(json.dumps(request).encode() + b"\n")
        await writer.drain()

    async def remind(to: str, seconds: int, text: str) -> None:
        await asyncio.sleep(seconds)
        await send(request="notice", to=to, content=text)

    await send(request="hello", content={"version": 1, "client": "reminder_bot/1.0"})
    await send(request="login", content=name, id="login")
    async with asyncio.TaskGroup() as tasks:
        while line := await asyncio.wait_for(reader.readline(), SILENCE):
            match json.loads(line):
                case {"response": "ping"}:
                    await send(request="pong")
                case {"response": "ok", "reply_to": "login"}:
                    await send(request="usermode", content="+B")
                case {"response": "error", "suggestion": free}:
                    await send(request="login", content=free, id="login")
                case {"response": "message", "sender": sender, "to": to, "content": content}:
                    if wanted := re.fullmatch(r"!remind (\d{1,5}) (.+)", content):
                        room = to if to.startswith("#") else sender
                        tasks.create_task(remind(room, int(wanted[1]), f"{sender}: {wanted[2]}"))
        raise ConnectionError("The server closed the connection.")


async def main(host: str = "127.0.0.1", port: str = "9998", name: str = "reminder") -> None:
    """Connects, and again whenever the connection is lost."""
    while True:
        try:
            await talk(host, int(port), name)
        except* OSError as problems:
            print(*problems.exceptions, file=sys.stderr)
        await asyncio.sleep(PAUSE)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
