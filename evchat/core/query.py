"""The base of all that a store is asked."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from evchat.protocol.value import value

R = TypeVar("R")


@value
class Query(Generic[R]):
    """The base of all questions; the parameter is what the answer's list holds.

    A `long` one may look at much more than it finds. It is asked of a `LongReader`, so that nobody else waits.
    """

    long: ClassVar[bool] = False
