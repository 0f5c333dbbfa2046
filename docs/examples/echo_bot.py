"""A bot that says again what follows `!echo`, and connects again after a broken connection.

python3 echo_bot.py [HOST [PORT [NAME]]]; if the name is registered, BOT_PASSWORD is its password.
"""

import json
import os
import socket
import sys
import time

SILENCE = 180  # seconds: the server says something every 90, so after that the connection is dead
PAUSE = 2  # seconds before connecting again


def talk(host: str, port: int, name: str) -> None:
    """Logs in and answers, until the server closes the connection."""
    sock = socket.create_connection((host, port), timeout=SILENCE)
    with sock, sock.makefile("r", encoding="utf-8") as lines:

        def send(**request: object) -> None:
            sock.sendall(json.dumps(request).encode() + b"\n")

        send(request="hello", content={"version": 1, "client": "echo_bot/1.0"})
        send(request="login", content=name, id="login", password=os.environ.get("BOT_PASSWORD", ""))
        for line in lines:
            event = json.loads(line)
            if event["response"] == "ping":
                send(request="pong")
            elif event["response"] == "ok" and event.get("reply_to") == "login":
                send(request="usermode", content="+B")
            elif event["response"] == "error" and "suggestion" in event:
                send(request="login", content=event["suggestion"], id="login")
            elif event["response"] == "error":
                print(event["content"], file=sys.stderr)
            elif event["response"] == "message" and event["content"].startswith("!echo "):
                to = event["to"] if event["to"].startswith("#") else event["sender"]
                send(request="notice", to=to, content=event["content"].removeprefix("!echo "))


def main(host: str = "127.0.0.1", port: str = "9998", name: str = "echobot") -> None:
    """Connects, and again whenever the connection is lost."""
    while True:
        try:
            talk(host, int(port), name)
        except OSError as problem:
            print(problem, file=sys.stderr)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:])
