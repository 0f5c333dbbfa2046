"""Peers that never read: cut with a reason, the others lose nothing, memory stays bounded."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.harness import Full, Server

PEERS = 200
MESSAGE = "x" * 32_000
COUNT = 2_100
"""With MESSAGE some 64 MiB to each member of the channel."""

AHEAD = 20
"""Messages that the listener may be behind, so that a busy machine does not make it a slow reader itself."""


def peak_mib(server: Server) -> float:
    match = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{server.process.pid}/status").read_text())
    assert match
    return int(match[1]) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_200_peers_that_never_read_are_cut_and_nobody_else_loses_anything(
    start: Callable[..., Server], clients: list[Full]
) -> None:
    server = start("--memory", "--insecure-no-limits")
    for number in range(PEERS):
        sock = server.new_socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(server.where)
        peer = Full(sock, f"stuck{number}")
        peer.request("join", "#flood")
    talker, listener, canary = (Full(server.connect(), name) for name in ("talker", "listener", "canary"))
    clients += [talker, listener, canary]
    for someone in (talker, listener, canary):
        someone.request("join", "#flood" if someone is not canary else "#quiet")
    canary.request("part", "#main")

    received: list[int] = []
    ahead = threading.Semaphore(AHEAD)

    def listen() -> None:
        while len(received) < COUNT:
            received.append(listener.event("message", to="#flood")["seq"])
            ahead.release()

    thread = threading.Thread(target=listen)
    thread.start()
    for number in range(COUNT):
        assert ahead.acquire(timeout=30), "the listener hears nothing any more"
        answer = talker.request("msg", MESSAGE, to="#flood")
        assert answer["response"] == "ok"
        if number % 100 == 0:
            assert canary.request("ping", number)["content"] == number
    thread.join()
    assert received == list(range(1, COUNT + 1))
    assert canary.request("ping", "end")["content"] == "end"
    cut = [line for line in server.log if " cut " in line]
    assert len(cut) == len(set(cut)) == PEERS and all("Too slow" in line for line in cut)
    assert any(
        "Too slow" in event.get("content", "") for event in talker.sync() if event["response"] == "quit"
    )
    assert peak_mib(server) < 64 + 96  # what all may owe together, the kept messages, and the program itself


def test_a_peer_that_asks_much_and_reads_nothing_is_no_longer_read_from(start: Callable[..., Server]) -> None:
    server = start("--memory", "--insecure-no-limits")
    talker = Full(server.connect(), "talker")
    for _ in range(20):
        talker.request("msg", "y" * 10_000)
    greedy = Full(server.connect(), "greedy")
    greedy.sock.setblocking(False)
    asked = 0
    request = b'{"request": "history", "limit": 20}\n' * 100
    while True:
        try:
            asked += greedy.sock.send(request)
        except BlockingIOError:
            if talker.request("ping", 1) and asked and not _grows(greedy.sock, request):
                break
    assert talker.request("ping", 2)["content"] == 2
    talker.close()
    greedy.close()


def _grows(sock: socket.socket, request: bytes) -> bool:
    try:
        return sock.send(request) > 0
    except BlockingIOError:
        return False
