"""The directories for a user's files, by the platform's conventions."""
# ruff: noqa: PTH111, PTH117
# Importing pathlib takes longer than the client may take to show its first screen.

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_XDG = {
    "config": ("XDG_CONFIG_HOME", "~/.config"),
    "data": ("XDG_DATA_HOME", "~/.local/share"),
    "state": ("XDG_STATE_HOME", "~/.local/state"),
}


def directory(kind: str, environ: Mapping[str, str]) -> str:
    """Where a user's programs keep their files of a kind: "config" (settings), "data" (a server's) or "state" (a
    client's).

    Follows the XDG Base Directory Specification, which says to ignore relative paths, except on Windows (%APPDATA%,
    %LOCALAPPDATA%) and macOS (~/Library, except for settings).
    """
    if sys.platform == "win32":
        variable = "APPDATA" if kind == "config" else "LOCALAPPDATA"
        return environ.get(variable) or os.path.expanduser("~")
    if sys.platform == "darwin" and kind != "config":
        return os.path.expanduser("~/Library/Application Support")
    variable, usual = _XDG[kind]
    base = environ.get(variable)
    return base if base and os.path.isabs(base) else os.path.expanduser(usual)
