"""Stands between a client and the server, and puts words into the server's mouth."""

from __future__ import annotations

import contextlib
import json
import socket
import threading

from tests.e2e.harness import DEADLINE, Server


class Tamper:
    """A way to `server` on which every text of `words` in what the server says is replaced by another.

    Whatever a server can be made to say comes through like this, also what the real one would have cleaned.
    """

    def __init__(self, server: Server, words: dict[str, str]) -> None:
        self._server = server
        # Surrogates and all: JSON in ASCII can say anything.
        self._words = [(word.encode(), json.dumps(text)[1:-1].encode()) for word, text in words.items()]
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._socks = [self._listener]
        self.where = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:
            return  # nobody came
        upstream = self._server.connect()
        self._socks += [client, upstream]
        up = threading.Thread(target=self._forward, args=(client, upstream, False), daemon=True)
        self._threads.append(up)
        up.start()
        self._forward(upstream, client, True)

    def _forward(self, source: socket.socket, target: socket.socket, tampers: bool) -> None:
        kept = b""
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                *lines, kept = (kept + data).split(b"\n")
                whole = b"".join(line + b"\n" for line in lines)
                if tampers:
                    for word, text in self._words:
                        whole = whole.replace(word, text)
                target.sendall(whole)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        for sock in self._socks:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(DEADLINE)
