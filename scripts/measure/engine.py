"""The hot part of the load generator in C, compiled when it is needed; `None` where there is no C compiler."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from ctypes import POINTER, Structure, c_char_p, c_double, c_int, c_int64
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SOURCE = Path(__file__).with_name("engine.c")


class _Plan(Structure):
    """As in engine.c."""

    _fields_ = (
        ("clients", c_int), ("senders", c_int), ("window", c_int), ("direct", c_int), ("quick", c_int),
        ("sockets", POINTER(c_int)), ("channels", POINTER(c_int)), ("messages", POINTER(c_char_p)),
        ("sizes", POINTER(c_int)), ("places", POINTER(c_int)), ("receivers", POINTER(c_int)),
        ("text", c_char_p), ("text_size", c_int), ("after", c_int),
        ("seconds", c_double), ("rate", c_double), ("patience", c_double),
    )  # fmt: skip


class Result(Structure):
    """What came of it: numbers of messages that were sent, of deliveries, and of what was wrong with some."""

    _fields_ = tuple(
        (name, c_int64)
        for name in (
            "sent", "heard", "lost", "doubled", "disordered", "mangled", "strayed", "dropped", "latencies",
        )
    )  # fmt: skip

    sent: int
    heard: int
    lost: int
    doubled: int
    disordered: int
    mangled: int
    strayed: int
    dropped: int
    latencies: int


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent to whom. `messages` has one of each sender, with its token at `places`, and `text` what follows the
    token in each; `after` is the character behind it in every line that delivers one.
    """

    sockets: Sequence[int]
    channels: Sequence[int]
    messages: Sequence[bytes]
    places: Sequence[int]
    receivers: Sequence[int]
    window: int
    direct: bool
    quick: bool
    text: bytes
    after: bytes


@cache
def _library() -> ctypes.CDLL | None:
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory(prefix="evchat-bench-") as folder:
        built = Path(folder) / "engine.so"
        command = [compiler, "-O2", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o", str(built), str(_SOURCE)]
        if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
            return None
        return ctypes.CDLL(str(built))


def is_there() -> bool:
    """Whether it can be compiled here."""
    return _library() is not None


class Engine:
    """Drives one load, in several runs: the numbers of messages go on from one to the next."""

    def __init__(self, load: Load) -> None:
        """Raises RuntimeError where there is no C compiler."""
        library = _library()
        if library is None:
            raise RuntimeError("the load generator needs a C compiler (cc)")
        self._library = library
        clients, senders = len(load.sockets), len(load.messages)
        self._numbers = (c_int * senders)()
        self._heard = (c_int * (clients * senders))()
        self._plan = _Plan(
            clients, senders, load.window, load.direct, load.quick,
            _ints(load.sockets), _ints(load.channels), (c_char_p * senders)(*load.messages),
            _ints([len(message) for message in load.messages]), _ints(load.places), _ints(load.receivers),
            load.text, len(load.text), ord(load.after),
        )  # fmt: skip

    def run(
        self, seconds: float, patience: float, rate: float = 0.0, most_latencies: int = 0
    ) -> tuple[Result, list[float]]:
        """Sends for so long, as much as the window allows or `rate` messages a second, and waits for the last delivery.

        It waits no longer than `patience` seconds for the next one. Returns the numbers, and the latencies of the first
        `most_latencies` deliveries, from when a message was due.
        """
        plan, result, latencies = self._plan, Result(), (c_double * most_latencies)()
        plan.seconds, plan.rate, plan.patience = seconds, rate, patience
        failed = self._library.drive(
            ctypes.byref(plan),
            ctypes.byref(result),
            self._numbers,
            self._heard,
            latencies,
            c_int64(most_latencies),
        )
        if failed:
            raise MemoryError
        return result, latencies[: result.latencies]


def _ints(numbers: Sequence[int]) -> ctypes.Array[c_int]:
    return (c_int * len(numbers))(*numbers)
