"""Questions: what a refused login needs, and the passwords that a command was typed without."""

from __future__ import annotations

from evchat.protocol.names import check_user_name
from tui.model import keymap as km
from tui.model import session_events as se
from tui.model.effects import COMMAND, Ask, GiveServerPassword, LogIn
from tui.model.question import LOGIN_NAME, LOGIN_PASSWORD, REQUEST, SERVER, Question
from tui.text.advice import advice
from tui.update.notices import one_line, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evchat.protocol.lines import Unsaid
    from tui.model.effects import Effect
    from tui.model.inputs import Key
    from tui.model.keymap import Action
    from tui.model.model import Model

_PAUSE = 1_000
"""Milliseconds without a key after which what is typed is meant for the question, and not for the line before."""

HARMLESS = frozenset({
    "page-up", "page-down", "scroll-up", "scroll-down", "oldest", "newest", "help", "toggle-rooms", "toggle-people",
    "toggle-mouse", "redraw", "suspend", "quit",
})  # fmt: skip
"""The actions beside those of the editor that work while something is asked: none of them touches what is written."""


def refused(model: Model, event: se.State) -> None:
    """The login was refused: says why, and asks for what would do."""
    reason, name = one_line(event.reason), one_line(event.name)
    model.needs, model.wanted = event.needs, name
    if event.needs == se.SERVER_PASSWORD:
        ask_server_password(model)
    elif event.needs == se.PASSWORD:
        ask_password(model, name)
    elif event.needs == se.NAME:
        text = one_line(event.suggestion) or name
        _ask(model, Question(LOGIN_NAME, ("Your name: ",), secret=False, text=text))
    else:
        tell(model, f"{reason}\n{advice(event.code)}".strip(), error=True)
        return
    if model.question is not None:
        model.question.deaf = bool(model.editor.text) and model.now - model.keyed_at < _PAUSE
    tell(model, reason, error=True)


def settled(model: Model) -> None:
    """The login is tried again, or was successful: what it needed is not asked for any more."""
    model.needs = ""
    if model.question is not None and model.question.kind != REQUEST:
        model.question = None


def _ask(model: Model, question: Question) -> None:
    model.search = model.selected = None
    model.question = question


def ask_server_password(model: Model) -> None:
    """Asks for the server's password."""
    _ask(model, Question(SERVER, ("Password of the server: ",)))


def ask_password(model: Model, name: str) -> None:
    """Asks for the password of a registered name."""
    _ask(model, Question(LOGIN_PASSWORD, (f"Password for {name}: ",), name=name))


def ask_secrets(model: Model, command: Unsaid) -> None:
    """Asks for the passwords that a command was typed without; for new ones twice."""
    labels: list[str] = []
    for param in command.params:
        labels += [f"{param.hint.capitalize()}: ", *(["The same again: "] if param.twice else [])]
    _ask(model, Question(REQUEST, tuple(labels), command=command))


def key(model: Model, key: Key, action: Action | None, pause: int) -> list[Effect] | None:
    """A key while something is asked, `pause` ms after the one before; None if it means what it always means."""
    question = model.question
    assert question is not None
    question.deaf = question.deaf and pause < _PAUSE
    if question.deaf:
        model.hint = f"{question.label.removesuffix(': ')}?"
    elif action is None or (key.text and action.mode not in km.TYPING_MODES):
        question.editor = question.editor.insert(key.text)
    elif action.name == "answer":
        return answer(model)
    elif action.name == "cancel-answer":
        return cancel(model)
    elif action.owner == km.EDITOR:
        if action.name != "newline":
            question.editor = getattr(question.editor, action.handler)()
    elif action.name in HARMLESS:
        return None
    return []


def pasted(model: Model, text: str) -> None:
    """A paste goes into the answer, up to its first line break."""
    if model.question is not None:
        model.question.editor = model.question.editor.insert(text.strip("\n").partition("\n")[0])


def cancel(model: Model) -> list[Effect]:
    """The user does not want to answer now: says how to go on."""
    question, model.question = model.question, None
    if question is not None and question.kind != REQUEST:
        tell(model, f"You are not logged in. {advice(question.kind)}")
    return []


def answer(model: Model) -> list[Effect]:
    """The answer is given."""
    question = model.question
    if question is None:
        return []
    text = question.editor.text
    if question.kind == LOGIN_NAME:
        text = text.strip()
        problem = check_user_name(text, unicode_names=True)
        if problem:
            model.hint = problem
            return []
        model.question = None
        return [LogIn(text)]
    if not text:
        model.hint = "Type it, or press Escape to go on without."
        return []
    if not question.answer():
        return []
    model.question = None
    if question.kind == SERVER:
        return [GiveServerPassword(text)]
    if question.kind == LOGIN_PASSWORD:
        return [LogIn(question.name, text)]
    return _request(model, question)


def _request(model: Model, question: Question) -> list[Effect]:
    """The request of a command, now that its passwords were given."""
    # Imported here, as in `commands`: the table of requests takes long to load.
    from evchat.dialects.json.requests import write_request

    command = question.command
    assert command is not None
    answers = iter(question.answers)
    secrets: list[str] = []
    for param in command.params:
        secrets.append(next(answers))
        if param.twice and next(answers) != secrets[-1]:
            model.hint = "The two passwords differ, so nothing was done."
            return []
    facts = write_request(command.request(secrets))
    return [Ask(facts, COMMAND, model.room.key, str(facts["request"]))]
