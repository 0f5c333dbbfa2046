"""Questions that the client asks in place of the input line: for a name, for a password.

What is typed as an answer stands in the question alone: no draft, no history and no log ever gets it.
"""

from __future__ import annotations

from tui.model.editor import Editor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evchat.protocol.lines import Unsaid

LOGIN_NAME, LOGIN_PASSWORD, SERVER, REQUEST = "name", "password", "server-password", "request"
"""What the answers are for: a login, or a request to the server."""


class Question:
    """One question or several in a row, each with its label, and the answer that is being written.

    `kind` says what the answers are for: the login of `name`, or the `command` that was typed without them. If they are
    `secret`, they are shown as stars. `text` is the answer that is there at first.

    `deaf`: the user was writing something else when it was asked, so keys are not for it before there is a pause.
    """

    __slots__ = ("answers", "command", "deaf", "editor", "kind", "labels", "name", "secret")

    def __init__(
        self,
        kind: str,
        labels: tuple[str, ...],
        *,
        name: str = "",
        command: Unsaid | None = None,
        secret: bool = True,
        text: str = "",
    ) -> None:
        self.kind = kind
        self.labels = labels
        self.name = name
        self.command = command
        self.secret = secret
        self.deaf = False
        self.answers: tuple[str, ...] = ()
        self.editor = Editor(text)

    @property
    def label(self) -> str:
        """What is asked now."""
        return self.labels[len(self.answers)]

    @property
    def shown(self) -> str:
        """The answer as it may be seen."""
        return "*" * len(self.editor.text) if self.secret else self.editor.text

    def answer(self) -> bool:
        """Takes what is written as the answer to this question; returns whether it was the last one."""
        self.answers += (self.editor.text,)
        self.editor = Editor()
        return len(self.answers) == len(self.labels)
