"""Questions that the client asks in place of the input line: for a name, for a password.

What is typed as an answer stands in the question alone: no draft, no history and no log ever gets it.
"""

from __future__ import annotations

from tui.model.editor import Editor
from tui.model.session_events import CERTIFICATE, NAME, PASSWORD, SERVER_PASSWORD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evchat.protocol.base import Request
    from evchat.protocol.lines import Unsaid

FOR_COMMAND = "command"
"""What the answers are for, if not for a login that was refused (`session_events`): a command."""

PAUSE = 1_000
"""Milliseconds without a key after which what is typed is meant for the question, and not for the line before."""


class Question:
    """One question or several in a row, each with its label, and the answer that is being written.

    `kind` says what the answers are for: the login of `name`, or the `command` that was typed without them. If they are
    `secret`, they are shown as stars. `text` is an answer that is suggested: the first key takes its place, unless it
    is one that edits or confirms it.

    `deaf`: the user was writing something else when it was asked, so keys are not for it before there is a pause.
    """

    __slots__ = ("answers", "command", "deaf", "editor", "kind", "labels", "name", "secret", "suggested")

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
        self.suggested = bool(text)
        """Whether what stands there is a suggestion that nobody has touched."""

    def insert(self, text: str) -> None:
        """Something is typed or pasted."""
        editor = Editor() if self.suggested else self.editor
        self.suggested = False
        self.editor = editor.insert(text)

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


def for_login(needs: str, name: str, suggestion: str = "", place: str = "") -> Question | None:
    """The question for what a refused login as `name` needs; None if that is nothing a user could give.

    `place` is the server that asks, if there are several.
    """
    there = f" on {place}" if place else ""
    if needs == SERVER_PASSWORD:
        return Question(needs, (f"Password of {place or 'the server'}: ",))
    if needs == PASSWORD:
        return Question(needs, (f"Password for {name}{there}: ",), name=name)
    if needs == NAME:
        return Question(needs, (f"Your name{there}: ",), name=name, secret=False, text=suggestion or name)
    if needs == CERTIFICATE:
        return Question(needs, (f"Trust {place or 'it'}? (yes or no) ",), name=suggestion, secret=False)
    return None


def for_command(command: Unsaid) -> Question:
    """The questions for the passwords that a command was typed without; a new one is asked for twice."""
    labels: list[str] = []
    for param in command.params:
        what = "" if param.hint == "password" else " password"
        labels += [f"{param.hint.capitalize()}{what}: ", *(["The same again: "] if param.twice else [])]
    return Question(FOR_COMMAND, tuple(labels), command=command)


def request_of(question: Question) -> Request | None:
    """The request of the command whose passwords were given; None if a new one was not the same both times."""
    command = question.command
    assert command is not None
    answers = iter(question.answers)
    secrets: list[str] = []
    for param in command.params:
        secrets.append(next(answers))
        if param.twice and next(answers) != secrets[-1]:
            return None
    return command.request(secrets)


DIFFER = "The two passwords differ, so nothing was done."
