"""A small chat server with real sockets that speaks the full clients' JSON and can be told to make mistakes."""

from __future__ import annotations

import json
import selectors
import socket
import threading
from collections import Counter, defaultdict
from typing import Any, TypeVar

Served = TypeVar("Served", bound="FakeChat")


class FakeChat:
    """Serves one thread's worth of clients while used as a context manager; `faults` are what goes wrong.

    Faults: "lose", "double", "swap", "mangle" hit each third delivery of a receiver; "skip" leaves a hole in seq,
    "refuse" answers each third message with an error, "hang up" cuts who sends a third message, "no join" lets
    nobody in, "silent" never answers a message, "own" sends everybody its own messages too.
    """

    def __init__(self, *faults: str) -> None:
        self._faults = set(faults)
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._waker, self._wake_reader = socket.socketpair()
        self._channels: defaultdict[str, list[socket.socket]] = defaultdict(list)
        self._names: dict[socket.socket, str] = {}
        self._tails: dict[socket.socket, bytes] = {}
        self._seqs: Counter[str] = Counter()
        self._counts: Counter[Any] = Counter()
        self._kept: dict[socket.socket, bytes] = {}
        self._thread = threading.Thread(target=self._serve)
        self.requests: list[dict[str, Any]] = []

    @property
    def address(self) -> str:
        """HOST:PORT of the server."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def __enter__(self: Served) -> Served:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._waker.send(b"\0")
        self._thread.join()
        for sock in [*self._tails, self._listener, self._waker, self._wake_reader]:
            sock.close()
        self._selector.close()

    def _serve(self) -> None:
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                sock = key.fileobj
                assert isinstance(sock, socket.socket)
                if sock is self._wake_reader:
                    return
                if sock is self._listener:
                    peer, _address = sock.accept()
                    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self._tails[peer] = b""
                    self._selector.register(peer, selectors.EVENT_READ)
                elif sock in self._tails:
                    self._read(sock)

    def _read(self, sock: socket.socket) -> None:
        try:
            data = sock.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            return self._close(sock)
        *lines, self._tails[sock] = (self._tails[sock] + data).split(b"\n")
        for line in lines:
            if sock in self._tails:
                request = json.loads(line)
                self.requests.append(request)
                self._request(sock, request)
        return None

    def _close(self, sock: socket.socket) -> None:
        self._selector.unregister(sock)
        del self._tails[sock]
        for members in self._channels.values():
            if sock in members:
                members.remove(sock)
        sock.close()

    def _request(self, sock: socket.socket, request: dict[str, Any]) -> None:
        name: str = request["request"]
        content: Any = request.get("content")
        about = {"reply_to": request["id"]} if "id" in request else {}
        if name == "msg":
            return self._say(sock, request, about)
        if name == "hello":
            return self._send(sock, {"response": "welcome", **about, "content": {}})
        if name == "login":
            self._names[sock] = content
            # As a real server does: something that nobody asked for in between, and a request to prove to be alive.
            self._send(sock, {"response": "joined", "sender": content, "channel": "#main"})
            self._send(sock, {"response": "ping", "content": "here?"})
        elif name == "join":
            if "no join" in self._faults:
                return self._send(
                    sock, {"response": "error", **about, "code": "full", "content": "It is full."}
                )
            self._channels[content].append(sock)
        elif name == "pong":
            return None
        return self._send(sock, {"response": "ok", **about, "content": ""})

    def _say(self, sock: socket.socket, request: dict[str, Any], about: dict[str, str]) -> None:
        channel = request["to"]
        self._counts[sock] += 1
        third = self._counts[sock] % 3 == 0
        if "silent" in self._faults:
            return None
        if third and "refuse" in self._faults:
            return self._send(
                sock, {"response": "error", **about, "code": "too-fast", "content": "Slow down."}
            )
        if third and "hang up" in self._faults:
            self._send(sock, {"response": "error", "code": "too-slow", "content": "You do not read."})
            return self._close(sock)
        self._seqs[channel] += 2 if third and "skip" in self._faults else 1
        event = {
            "response": "message",
            "sender": self._names[sock],
            "to": channel,
            "content": request["content"],
        }
        event |= {"seq": self._seqs[channel], "at": 1, "timestamp": "2026-11-21T10:15:02"}
        for member in list(self._channels[channel]):
            if member is not sock or "own" in self._faults:
                self._deliver(member, event)
        return self._send(
            sock, {"response": "ok", **about, "seq": self._seqs[channel], "at": 1, "content": ""}
        )

    def _deliver(self, member: socket.socket, event: dict[str, Any]) -> None:
        self._counts[member, "heard"] += 1
        third = self._counts[member, "heard"] % 3 == 0
        if third and "lose" in self._faults:
            return
        if third and "mangle" in self._faults:
            event = {**event, "content": event["content"][:-1]}
        if third and "swap" in self._faults and member not in self._kept:
            self._kept[member] = self._bytes(event)
            return
        self._write(member, self._bytes(event) * (2 if third and "double" in self._faults else 1))
        self._write(member, self._kept.pop(member, b""))

    @staticmethod
    def _bytes(event: dict[str, Any]) -> bytes:
        return json.dumps(event).encode() + b"\n"

    def _send(self, sock: socket.socket, event: dict[str, Any]) -> None:
        self._write(sock, self._bytes(event))

    def _write(self, sock: socket.socket, data: bytes) -> None:
        try:
            sock.sendall(data)
        except ConnectionError:
            pass  # its end is read next
