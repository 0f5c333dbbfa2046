"""The exception for requests that are refused."""

from __future__ import annotations

from evchat.core.store import StoreError
from evchat.protocol.base import Request
from evchat.protocol.basics import Failed

_LONGEST_QUOTE = 64
_LONGEST_ABOUT = 200
"""Characters: more than any name or mask has."""


class Refused(Exception):
    """A request can't be carried out. `code` is a stable short word, `text` says what was wrong and what to do.

    `about` is the name or word that was wrong, where a request holds several. `suggestion` is one that would do, and
    `free_in` are the milliseconds after which it is free, if that is known.
    """

    def __init__(
        self, code: str, text: str, about: str = "", *, suggestion: str = "", free_in: int = 0
    ) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.about = about[:_LONGEST_ABOUT]
        self.suggestion = suggestion
        self.free_in = free_in


def failed(request: Request, error: Refused | StoreError, now: int) -> Failed:
    """The answer to a request that was refused, or for which the store could not be read."""
    if isinstance(error, StoreError):
        error = Refused("storage", str(error))
    return Failed(
        now, request.id, error.code, error.text, error.about,
        suggestion=error.suggestion, free_in=error.free_in, request=request,
    )  # fmt: skip


def quoted(text: str) -> str:
    """A client's own word, quoted for an error text; truncated if it is long."""
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
