"""What a session has begun and not finished: a login in parts, a password with the worker, a question to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from evchat.protocol.base import Request
from evchat.protocol.value import value

R_co = TypeVar("R_co", bound=Request, covariant=True)


@value
class Pending(Generic[R_co]):
    """What a session waits for while the worker hashes: the check of the password of account `key`, or its secret.

    `request` is what is answered then; `Introduce` stands for a login in parts. `counted` says that a try was counted
    that has to be given back if it was right, and `digest` is of the password, to know it again.
    """

    request: R_co
    key: str
    counted: bool = False
    digest: bytes = b""


@dataclass(slots=True)
class Draft:
    """What is known of a login that comes in parts. `account` is the one whose password was given (its name)."""

    name: str = ""
    username: str = ""
    realname: str = ""
    password: str = ""
    account: str = ""
    held: bool = False

    def copy(self) -> Draft:
        """Another one, which knows the same so far."""
        return Draft(self.name, self.username, self.realname, self.password, self.account, self.held)


@dataclass(slots=True)
class Asked:
    """What a person was asked for: the server's password, if `server`; else that of the account `name`; else a name.

    While the server's password is asked for, `name` is the one to log in with then.
    """

    name: str = ""
    server: bool = False
