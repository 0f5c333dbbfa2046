"""The files for systemd and logrotate that come with evchat."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

_PROGRAM = "@evchat-server@"
"""Stands for the whole path of `evchat-server`, which systemd asks for."""


def text(kind: str) -> str:
    """The file of a kind (`service`, `socket` or `logrotate`), with the path of this program in it."""
    file = Path(__file__).with_name("data") / f"evchat.{kind}"
    return file.read_text("utf-8").replace(_PROGRAM, _program())


def _program() -> str:
    """The whole path of `evchat-server`: the one beside this Python, or else on the PATH."""
    beside = Path(sys.executable).with_name("evchat-server")
    found = str(beside) if beside.exists() else shutil.which("evchat-server")
    return found or f"{sys.executable} -m evchat"
