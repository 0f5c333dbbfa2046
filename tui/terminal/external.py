"""Other programs: the one that opens links, and the user's editor. Imported when first needed, as it takes its time."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path


def open_uri(uri: str) -> str:
    """Opens a URI with the system's program; why that can't be done, or an empty text."""
    if sys.platform == "win32":
        try:
            os.startfile(uri)
        except OSError:
            return f"Windows has nothing to open it with: {uri}"
        return ""
    program = "open" if sys.platform == "darwin" else "xdg-open"
    if sys.platform != "darwin" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return f"There is no desktop here to open it: {uri}"
    try:
        subprocess.Popen(
            [program, uri],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return f"{program} is not installed, so this has to be opened by hand: {uri}"
    return ""


def edited(text: str) -> tuple[str, str]:
    """The text after the user has edited it in $VISUAL or $EDITOR, and why that did not work, if so."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    editor = editor or ("notepad" if sys.platform == "win32" else "vi")
    with tempfile.TemporaryDirectory(prefix="evchat-") as directory:
        path = Path(directory, "message.txt")
        path.write_text(text, "utf-8")
        try:
            done = subprocess.run(
                [*shlex.split(editor, posix=sys.platform != "win32"), str(path)], check=False
            )
            if done.returncode:
                return text, f"{editor} ended with an error; the text is as it was."
            return path.read_text("utf-8-sig", "replace"), ""
        except (OSError, ValueError):
            return text, f"{editor} can't be started. Set EDITOR to the editor you like."
