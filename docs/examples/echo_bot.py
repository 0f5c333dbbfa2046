"""A bot that says again what follows `!echo`: python3 echo_bot.py [HOST [PORT [NAME]]]."""

import json
import socket
import sys
import time

PAUSE = 2  # seconds before connecting again
HOST, PORT, NAME = sys.argv[1:] + ["127.0.0.1", "9998", "echobot"][len(sys.argv) - 1 :]


def talk(sock: socket.socket) -> None:
    """Logs in and answers, until the server closes the connection, or is silent for longer than it ever is."""

    def send(request: str, **more: object) -> None:
        sock.sendall(json.dumps({"request": request, **more}).encode() + b"\n")

    send("hello", content={"version": 1, "client": "echo_bot/1.0"})
    send("login", content=NAME, id="login")
    for line in sock.makefile("r", encoding="utf-8"):
        match json.loads(line):
            case {"response": "ping"}:
                send("pong")
            case {"response": "ok", "reply_to": "login"}:
                send("usermode", content="+B")  # marks it as a bot
            case {"response": "error", "suggestion": free_name}:
                send("login", content=free_name, id="login")
            case {"response": "message", "content": text, "to": to, "sender": sender} if text[:6] == "!echo ":
                send("notice", to=to if to.startswith("#") else sender, content=text[6:])


while True:
    try:
        with socket.create_connection((HOST, int(PORT)), timeout=180) as connection:
            talk(connection)
    except OSError as problem:
        print(problem, file=sys.stderr)
    time.sleep(PAUSE)
