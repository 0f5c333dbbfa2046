"""Crash reports: where the client failed and what it did last, without any text that people wrote."""

from __future__ import annotations

import os
import sys
import time
import traceback

from evchat import __version__
from tui.disk.state import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def report(error: BaseException, events: Iterable[str]) -> str:
    """The text of a report: the versions, the traceback, and the last events, each in a few words without texts."""
    # The values in an error's own text may be what somebody wrote; its kind and place are enough.
    frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
    head = f"evchat-tui {__version__}, Python {sys.version.split()[0]}, {sys.platform}, TERM={os.environ.get('TERM')}"
    return (
        "\n".join([head, "", *(frame.rstrip() for frame in frames), type(error).__name__, "", *events]) + "\n"
    )


def told(error: BaseException, events: Iterable[str], directory: str) -> str:
    """Writes a report into `directory`; a sentence about where it is, empty if it could not be written."""
    path = f"{directory}/crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    try:
        write(path, report(error, events))
    except OSError:
        return ""
    return f"evchat-tui crashed because of a bug. A report is in {path}"
