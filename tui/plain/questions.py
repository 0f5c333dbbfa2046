"""Questions of the linear mode: the line that follows is the answer, and is not shown where a terminal lets us."""

from __future__ import annotations

from evchat.protocol.names import check_user_name
from tui.model import session_events as se
from tui.model.question import DIFFER, FOR_COMMAND, for_login, request_of
from tui.text.advice import advice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from evchat.protocol.base import Request
    from tui.model.question import Question
    from tui.plain.output import Output

_WITHOUT_A_TERMINAL = {
    se.SERVER_PASSWORD: "Give it in EVCHAT_TUI_SERVER_PASSWORD, or by server_password_command in tui.toml.",
    se.NAME: "Choose another name with --user.",
    se.PASSWORD: "Give its password in EVCHAT_TUI_PASSWORD, or by password_command in tui.toml.",
    se.CERTIFICATE: "Connect on a terminal once, and confirm it there.",
}
"""What a script has to do about a refused login."""


class Questions:
    """Asks one thing at a time on a terminal. `complain` tells the user something that went wrong.

    `log_in` and `give_server_password` are told the answers that are for a login, `request` those of a command, and
    `trust` the fingerprint of a certificate that was confirmed.
    """

    def __init__(
        self,
        out: Output,
        complain: Callable[[str], None],
        log_in: Callable[[str, str | None], None],
        give_server_password: Callable[[str], None],
        request: Callable[[Request], None],
        trust: Callable[[str], None],
    ) -> None:
        self._out = out
        self._complain = complain
        self._log_in = log_in
        self._give_server_password = give_server_password
        self._request = request
        self._trust = trust
        self._question: Question | None = None

    @property
    def is_open(self) -> bool:
        """Whether the next line is an answer."""
        return self._question is not None

    def refused(self, event: se.State, *, talking: bool, told: str = "") -> None:
        """The login was refused: says why, unless that was `told` before, and asks somebody who is there for what would
        do.
        """
        reason = event.reason or "The server refused the login."
        question = for_login(event.needs, event.name, event.suggestion) if talking else None
        if question is None:
            hint = advice(event.code) if talking else _WITHOUT_A_TERMINAL.get(event.needs, "")
            self._complain(hint if hint and reason == told else f"{reason} {hint}".rstrip())
            return
        self._complain(f"{reason} (Press Enter to skip.)")
        self.ask(question)

    def ask(self, question: Question) -> None:
        """Asks for a name or a password."""
        self._question = question
        prompt = self._out.prompt
        if prompt is None:
            self._complain(f"{question.label}{question.editor.text}")
        else:
            prompt.ask(question)
            self._out.draw()

    def take(self, line: str) -> None:
        """The line that was typed as an answer."""
        question = self._question
        assert question is not None
        question.editor = question.editor.replace(line)
        if not line.strip():
            self._end()
            if question.kind != FOR_COMMAND:
                self._complain(f"You are not logged in. {advice(question.kind)}")
        elif question.kind == se.CERTIFICATE and line.strip().lower() != "yes":
            self._end()
            self._complain(f"You are not logged in. {advice(question.kind)}")
        elif question.kind == se.NAME and (problem := check_user_name(line.strip(), unicode_names=True)):
            self._complain(problem)
            self.ask(question)
        elif not question.answer():
            self.ask(question)
        else:
            self._end()
            self._answered(question)

    def _end(self) -> None:
        self._question = None
        if self._out.prompt is not None:
            self._out.prompt.ask(None)

    def _answered(self, question: Question) -> None:
        text = question.answers[0]
        if question.kind == se.SERVER_PASSWORD:
            self._give_server_password(text)
        elif question.kind == se.PASSWORD:
            self._log_in(question.name, text)
        elif question.kind == se.CERTIFICATE:
            self._trust(question.name)
        elif question.kind == se.NAME:
            self._log_in(text.strip(), None)
        else:
            request = request_of(question)
            if request is None:
                self._complain(DIFFER)
            else:
                self._request(request)
