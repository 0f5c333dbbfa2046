"""Memory returned to the system when it is no longer needed."""

from __future__ import annotations

import sys
from typing import Final

_M_MMAP_THRESHOLD: Final = -3
"""glibc's number for it, see mallopt(3)."""

_LARGE: Final = 1024 * 1024


def return_large_blocks() -> None:
    """Has blocks of a megabyte or more given back to the system as soon as they are freed, where that can be set.

    glibc keeps blocks as large as the largest freed so far, up to 32 MiB, for the next one who asks: the 16 MiB of one
    scrypt would stay for good, more than all else that a small server needs. Does nothing with another C library.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # here, because a server that checks no passwords needs none of it

    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
    except (OSError, AttributeError):
        pass  # not glibc
