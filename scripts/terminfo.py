#!/usr/bin/env python3
"""Compiles scripts/evchat.terminfo with `tic` (ncurses), and writes the entry into tui/terminal/terminfo.py."""

from __future__ import annotations

import base64
import re
import subprocess
import tempfile
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "scripts" / "evchat.terminfo"
MODULE = ROOT / "tui" / "terminal" / "terminfo.py"

_ENTRY = re.compile(r'(?<=\nENTRY = \(\n)(?:    ".*"\n)+(?=\)\n)')
_COLUMNS = 100


def compiled() -> bytes:
    """The entry as ncurses keeps it in a file (term(5)). Raises OSError or CalledProcessError without `tic`."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tic", "-x", "-o", folder, SOURCE], check=True)
        found = [path for path in Path(folder).rglob("evchat") if path.is_file()]
        return found[0].read_bytes()


def written(module: str, entry: bytes) -> str:
    """The text of the module with `entry` in it."""
    lines = textwrap.wrap(base64.b64encode(entry).decode("ascii"), _COLUMNS)
    return _ENTRY.sub("".join(f'    "{line}"\n' for line in lines), module)


if __name__ == "__main__":
    MODULE.write_text(written(MODULE.read_text("utf-8"), compiled()), "utf-8")
