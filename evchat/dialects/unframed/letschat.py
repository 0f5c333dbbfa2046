"""The dialect of the clients of `letschat://`: a name, and then lines for all others."""

from __future__ import annotations

from evchat.dialects.unframed.dialect import UnframedDialect


class LetschatDialect(UnframedDialect):
    """Everybody else hears `name: text`: the client itself shows what it sends."""

    name = "letschat"
    echoes = False

    __slots__ = ()
