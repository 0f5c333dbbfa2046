"""What can be wrong with a command, and the exit codes that say so."""

from __future__ import annotations

FAILED, USAGE, NO_SERVER = 1, 2, 3
"""Exit codes beside 0: it could not be done; the arguments or settings are wrong; no server runs there."""


class AdminError(Exception):
    """A command can't be carried out. The text is a sentence that says why and what to do."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code
