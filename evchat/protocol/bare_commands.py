"""Commands that users of older systems type without a sign, where others would say a sentence."""

from __future__ import annotations

from evchat.protocol.bare_words import may_be_bare
from evchat.protocol.base import Request
from evchat.protocol.basics import Malformed
from evchat.protocol.lines import broadcast_to_users, parse_line
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.value import value

_PLAIN = {"?": "help"}
"""Signs, and the words that say the same more plainly."""


@value
class BareCommand:
    """What a line would do if it had a sign. `meant` is how to type it, without the text; all of `users` must exist."""

    request: Request
    meant: str
    users: tuple[str, ...] = ()


def bare_command(line: str) -> BareCommand | None:
    """The command that a line would be with a sign in front; None if it is a sentence."""
    if not may_be_bare(line):
        return None
    word, _, rest = line.strip().partition(" ")
    word, rest = _PLAIN.get(word, word.lower()), rest.strip()
    if word == "broadcast":
        return _broadcast(rest)
    request = parse_line(f"/{word} {rest}")
    if isinstance(request, Malformed):
        return None
    if isinstance(request, SendMessage):
        return BareCommand(request, f"/{word} {request.to} …", (request.to or "",))
    return BareCommand(request, f"/{word} {rest}".rstrip())


def _broadcast(rest: str) -> BareCommand | None:
    """`message TEXT`, or `user NAME NAME message TEXT`."""
    word, _, text = rest.partition(" ")
    if word.lower() == "message" and text.strip():
        return BareCommand(Announce(text.strip()), "/broadcast …")
    request = broadcast_to_users(rest)
    return (
        None
        if request is None
        else BareCommand(request, f"/broadcast user {','.join(request.to)} …", request.to)
    )
