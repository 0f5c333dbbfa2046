"""Drafts, input history, the list of ignored users and the order of rooms, loaded and saved off the keys' path."""

from __future__ import annotations

from evchat.settings.client import MAX_ROOMS
from tui.model.inputs import Recalled

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from typing import Any

    from tui.disk.state import State
    from tui.model.model import Model

_DRAFTS, IGNORED, _ROOMS, SESSION = "drafts", "ignored", "rooms", "session"
"""Under which names they are kept."""


class Drafts:
    """Keeps what the next run shall find, in `state`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._thread: threading.Thread | None = None
        self._saved: dict[str, str] = {}
        self._ignored: set[str] = set()
        self._rooms: list[str] = []
        self._session: dict[str, Any] = {}

    def recall(self) -> Recalled:
        """What the last run has left."""
        self._saved = {key: text for key, text in self._state.load(_DRAFTS).items() if isinstance(text, str)}
        users = self._state.load(IGNORED).get("users")
        self._ignored = {str(key) for key in users} if isinstance(users, list) else set()
        order = self._state.load(_ROOMS).get("order")
        self._rooms = [str(key) for key in order[:MAX_ROOMS]] if isinstance(order, list) else []
        return Recalled(self._saved, self._ignored, self._state.typed(), tuple(self._rooms))

    def move(self, state: State) -> Recalled:
        """Keeps it in another state from now on; returns what the last run has left there."""
        self._state = state
        self.recall_session()
        return self.recall()

    def recall_session(self) -> dict[str, Any]:
        """Where the user was, and what was said of oneself (`Session.kept`)."""
        self._session = self._state.load(SESSION)
        return self._session

    def keep_session(self, kept: dict[str, Any]) -> None:
        """Writes that if it has changed, which is seldom."""
        if kept != self._session:
            self._session = kept
            self._save(SESSION, kept)

    def keep_drafts(self, model: Model) -> None:
        """Writes the drafts if they have changed; in a thread, as a disk may take its time."""
        drafts = model.all_drafts()
        if drafts == self._saved or (self._thread is not None and self._thread.is_alive()):
            return
        import threading  # here, because most starts never come to it

        self._saved = drafts
        self._thread = threading.Thread(target=self._save, args=(_DRAFTS, drafts))
        self._thread.start()

    def keep_all(self, model: Model) -> None:
        """Writes all that has changed, and returns when it is written."""
        if self._thread is not None:
            self._thread.join()
        drafts = model.all_drafts()
        if drafts != self._saved:
            self._saved = drafts
            self._save(_DRAFTS, drafts)
        if model.ignored != self._ignored:
            self._ignored = set(model.ignored)
            self._save(IGNORED, {"users": sorted(model.ignored)} if model.ignored else {})
        order = [room.key for room in model.order()]
        if order != self._rooms:
            self._rooms = order
            self._save(_ROOMS, {"order": order} if order else {})

    def _save(self, name: str, value: dict[str, Any]) -> None:
        try:
            self._state.save(name, value)
        except OSError:
            pass  # The disk is full or read-only. The next change is tried again; what is sent does not depend on it.
