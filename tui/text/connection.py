"""What is said when the connection is lost, and when it is back."""

from __future__ import annotations

from tui.text.rows import counted

_GOES_ON = "What you write is kept and sent later."

_FOR_GOOD = frozenset({"banished", "killed"})
"""The reasons for which a server disconnects somebody who may not be let in again, so that nothing is promised."""


def lost(reason: str, code: str) -> str:
    """The sentences about a lost connection; `code` is that of the error by which the server has ended it, if any."""
    reason = reason or "The connection is lost."
    return reason if code in _FOR_GOOD else f"{reason} {_GOES_ON}"


def back(lasted: int, sent: int, missed: int) -> str:
    """The sentences about a connection that is back after so many milliseconds, with how many lines were sent then, and
    how many messages fetched.
    """
    # Imported here, because a start need not wait for it.
    from evchat.dialects.times import duration

    parts = [
        text
        for number, text in (
            (sent, f"Sent {counted(sent, 'line')} of yours."),
            (missed, f"Fetched {counted(missed, 'message')} that you missed."),
        )
        if number
    ]
    return " ".join([f"Connected again after {duration(max(lasted, 1000))}.", *parts])
