"""Drafts, what was typed, and whom one ignores: from the disk into the model, and back, off the way of the keys."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from typing import Any

    from tui.disk.state import State
    from tui.model.model import Model

_DRAFTS, _IGNORED = "drafts", "ignored"
"""Under which names they are kept."""


class Keeper:
    """Keeps what the next run shall find, in `state`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._thread: threading.Thread | None = None
        self._saved: dict[str, str] = {}
        self._ignored: set[str] = set()

    def recall(self, model: Model) -> None:
        """Gives the model what the last run has left."""
        model.drafts = {key: text for key, text in self._state.load(_DRAFTS).items() if isinstance(text, str)}
        self._saved = dict(model.drafts)
        users = self._state.load(_IGNORED).get("users")
        model.ignored = {str(key) for key in users} if isinstance(users, list) else set()
        self._ignored = set(model.ignored)
        model.kept = self._state.typed()
        model.typed = model.kept.pop("", ())
        for room in model.rooms.values():
            model.furnish(room)

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
            self._save(_IGNORED, {"users": sorted(model.ignored)} if model.ignored else {})

    def _save(self, name: str, value: dict[str, Any]) -> None:
        try:
            self._state.save(name, value)
        except OSError:
            pass  # The disk is full or read-only. The next change is tried again; what is sent does not depend on it.
