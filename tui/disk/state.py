"""The client's files between two runs: unsent lines, drafts, input history, and small facts.

All of it lies in one directory per user and server, readable for its owner alone. Files are replaced as a whole or
appended to, so a crash leaves the old or the new, and a file that can't be read counts as empty.
"""
# ruff: noqa: PTH103, PTH105, PTH108, PTH110, PTH111, PTH117, PTH120, PTH123
# pathlib takes longer to import than a client that starts may take to show itself.

from __future__ import annotations

import os
import sys

from evchat.settings.client import MAX_TYPED_BYTES
from evchat.settings.directories import directory
from tui.model import input_history

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_HISTORY = "typed"


def state_directory(environ: Mapping[str, str]) -> str:
    """Where the client keeps what it remembers."""
    base = directory("state", environ)
    if sys.platform == "win32":
        return f"{base}/evchat/client"
    return f"{base}/evchat-tui" if sys.platform == "darwin" else f"{base}/evchat"


def config_file(environ: Mapping[str, str]) -> str:
    """Where the settings are looked for if nothing is said."""
    return f"{directory('config', environ)}/evchat/tui.toml"


def file_name(name: str) -> str:
    """`name` as a file's name on every platform: small letters, digits and `.-_` stay, all else becomes hex.

    No name starts or ends with a dot, and none is another one's in capitals.
    """
    last = len(name) - 1
    return "".join(
        char if char in _SAFE and not (char == "." and at in (0, last)) else _escaped(char)
        for at, char in enumerate(name)
    )


def is_file_name(text: str) -> bool:
    """Whether `file_name` may have made it."""
    return bool(text) and not text.startswith(".") and _SAFE.issuperset(text.replace("%", ""))


_SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")


def _escaped(char: str) -> str:
    return "".join(f"%{byte:02x}" for byte in char.encode("utf-8", "replace"))


class State:
    """What is kept of one user on one server, in a directory (`tui.disk.known_names`). Nothing is made before something
    is to be kept.
    """

    def __init__(self, directory: str) -> None:
        self.directory = directory

    @property
    def exists(self) -> bool:
        """Whether anything was kept."""
        return os.path.exists(self.directory)

    @property
    def outbox(self) -> str:
        """The directory of the journals of lines that are not sent yet (`tui.connection.outbox`)."""
        return f"{self.directory}/outbox"

    # ---- small facts ------------------------------------------------------------------------------------------

    def load(self, name: str) -> dict[str, Any]:
        """What was kept under `name`; empty if there is nothing."""
        import json

        try:
            with open(f"{self.directory}/{name}.json", encoding="utf-8") as file:
                value = json.load(file)
        except (OSError, ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def save(self, name: str, value: dict[str, Any]) -> None:
        """Keeps `value` under `name`; nothing at all if it is empty. Raises OSError."""
        import json

        path = f"{self.directory}/{name}.json"
        if value:
            write(path, json.dumps(value, separators=(",", ":")) + "\n")
        elif os.path.exists(path):
            os.unlink(path)

    # ---- what was typed ---------------------------------------------------------------------------------------

    def typed(self) -> dict[str, tuple[str, ...]]:
        """What was typed in each room, by its key, oldest first; under "" what was typed anywhere."""
        path = f"{self.directory}/{_HISTORY}"
        try:
            with open(path, encoding="utf-8", errors="replace", newline="\n") as file:
                text = file.read()
        except OSError:
            return {}
        if len(text) > MAX_TYPED_BYTES:
            text = text[text.find("\n", len(text) // 2) + 1 :]
            try:
                write(path, text)
            except OSError:
                pass  # it stays long until the disk has room
        lines: dict[str, list[str]] = {"": []}
        for line in text.split("\n"):
            room, sign, entry = line.partition("\t")
            if sign:
                lines[""].append(entry)
                lines.setdefault(room, []).append(entry)
        return {room: input_history.load("\n".join(entries)) for room, entries in lines.items()}

    def remember(self, room: str, text: str) -> None:
        """Keeps what was typed in the room of this key, without passwords. Raises OSError."""
        kept = input_history.remembered(text)
        if kept:
            os.makedirs(self.directory, mode=0o700, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            file = os.open(f"{self.directory}/{_HISTORY}", flags, 0o600)
            try:
                os.write(file, f"{room}\t{input_history.dump([kept])}".encode("utf-8", "replace"))
            finally:
                os.close(file)


def write(path: str, text: str) -> None:
    """Writes a file as a whole: whatever happens, it is then the old one or the new one. Raises OSError."""
    os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
    draft = f"{path}.{os.getpid()}~"
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(text.encode("utf-8", "replace"))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, path)
    except OSError:
        if os.path.exists(draft):
            os.unlink(draft)
        raise
