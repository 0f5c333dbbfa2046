"""The files of the page, as they lie in the package."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from evchat.dialects.http.resources import Resource

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
"""The media type of a file, by the ending of its name; files of other kinds are not served."""


@cache
def resources() -> Mapping[str, Resource]:
    """All files of the page by the path of their URL. `/` is `index.html`. They are read and compressed once."""
    found = {}
    for file in Path(__file__).with_name("page").iterdir():
        kind = _TYPES.get(file.suffix)
        if kind is not None:
            body = file.read_bytes()
            etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            packed = gzip.compress(body, mtime=0)
            path = "/" if file.name == "index.html" else f"/{file.name}"
            found[path] = Resource(kind, etag, body, packed if len(packed) < len(body) else b"")
    return found
