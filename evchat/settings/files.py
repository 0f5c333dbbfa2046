"""The decoder for text files that people write."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE


def decoded(data: bytes) -> str:
    """The text of a file that a person wrote: UTF-8, with or without a byte order mark, and any kind of line break.

    Raises ValueError if it is not UTF-8.
    """
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise ValueError("it is UTF-16; save it as UTF-8")
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
