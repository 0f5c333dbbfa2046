"""A message as a file has it, before it is one of the server's."""

from __future__ import annotations

import re

from evchat.protocol import names
from evchat.protocol.value import value

_ILLEGAL = re.compile(r"[^A-Za-z0-9_\-\[\]{}\\^|`]+", re.ASCII)


@value
class Line:
    """What somebody (`sender`, a legal name) said at a time (milliseconds) in a channel, or to somebody (`to`)."""

    at: int
    sender: str
    to: str
    text: str
    action: bool = False
    notice: bool = False


def legal_name(name: str) -> str:
    """A name that can be a user's here, as like the given one as may be."""
    made = _ILLEGAL.sub("_", name.strip())[: names.MAX_USER_BYTES].lstrip("-")
    return made if made and names.check_user_name(made) is None else "imported"
