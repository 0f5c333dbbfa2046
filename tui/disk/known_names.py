"""The names that one user has had on one server: which state belongs to each, and which was the last.

A name that is new leads to the state of the name before, so whoever comes back under either finds it: after `/nick`,
after another name was chosen because the first was taken, and after a start as a guest.
"""
# ruff: noqa: PTH110, PTH118, PTH119, PTH123
# pathlib takes longer to import than a client that starts may take to show itself.

from __future__ import annotations

import os

from evchat.protocol.names import MAX_USER_BYTES, check_user_name
from tui.disk.state import State, file_name, is_file_name, write

_LAST = ".last"
"""The file with the name that was used last. No user's directory is called so (`file_name`)."""

_SAME = ".same"
"""The file in a name's directory that says in which other one its state is."""


class KnownNames:
    """The names used on `server`, of which `directory` has the states."""

    def __init__(self, directory: str, server: str) -> None:
        self._place = f"{directory}/{file_name(server)}"

    def last(self) -> str:
        """The name that was used last; empty if that is not known."""
        name = _line(f"{self._place}/{_LAST}")
        return "" if check_user_name(name, unicode_names=True) else name

    def keep_last(self, name: str) -> None:
        """Remembers the name for the next start. Raises OSError."""
        if name != self.last():
            write(f"{self._place}/{_LAST}", f"{name}\n")

    def state(self, user: str) -> State:
        """The state of a user, given by the key of the name."""
        own = file_name(user)
        target = _line(f"{self._place}/{own}/{_SAME}")
        return State(f"{self._place}/{target if is_file_name(target) else own}")

    def rename(self, state: State, user: str) -> State:
        """The user of a state has another name from now on: returns the state that belongs to it.

        That is the same one, unless somebody of that name has a state already. Raises OSError.
        """
        own = f"{self._place}/{file_name(user)}"
        if own == state.directory:
            return state
        if not os.path.exists(own):
            write(f"{own}/{_SAME}", f"{os.path.basename(state.directory)}\n")
        return self.state(user)


def _line(path: str) -> str:
    """The only line of a short file; empty if it can't be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(4 * MAX_USER_BYTES).strip()
    except (OSError, ValueError):
        return ""
