"""Questions: what a refused login needs, and the passwords that a command was typed without."""

from __future__ import annotations

from evchat.protocol.names import check_user_name
from tui.model import keymap as km
from tui.model.effects import COMMAND, Ask, GiveServerPassword, LogIn, Trust
from tui.model.question import DIFFER, FOR_COMMAND, PAUSE, Question, for_login, request_of
from tui.model.session_events import CERTIFICATE, NAME, PASSWORD, SERVER_PASSWORD, State
from tui.text.advice import advice
from tui.update.notices import one_line, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.inputs import Key
    from tui.model.keymap import Action
    from tui.model.model import Model

HARMLESS = frozenset({
    "page-up", "page-down", "scroll-up", "scroll-down", "oldest", "newest", "help", "toggle-rooms", "toggle-people",
    "toggle-mouse", "redraw", "suspend", "quit",
})  # fmt: skip
"""The actions beside those of the editor that work while something is asked: none of them touches what is written."""


ELSEWHERE = frozenset({
    "next-room", "previous-room", "active-room", "last-room", "switch", *(f"room-{n}" for n in range(1, 10)),
})  # fmt: skip
"""The actions that lead to the rooms of other servers, where nothing is asked."""


def refused(model: Model, event: State) -> None:
    """The login was refused: says why, and asks for what would do."""
    reason, name = one_line(event.reason), one_line(event.name)
    model.needs, model.wanted = event.needs, name
    question = for_login(event.needs, name, one_line(event.suggestion), place(model))
    if question is None:
        why = "" if reason == model.last_words else reason
        tell(model, f"{why}\n{advice(event.code)}".strip(), error=True)
        return
    question.deaf = model.is_shown and bool(model.editor.text) and model.now - model.keyed_at < PAUSE
    ask(model, question)
    tell(model, reason, error=True)
    if not model.is_shown:
        number = model.all_rooms().index(model.room) + 1
        model.hint = f"{model.server}: {reason}" + (f" Alt-{number} leads there." if number < 10 else "")


def place(model: Model) -> str:
    """The server that asks, as the question names it where there are several."""
    return model.server if model.is_one_of_several else ""


def settled(model: Model) -> None:
    """The login is tried again, or was successful: what it needed is not asked for any more."""
    model.needs = ""
    if model.question is not None and model.question.kind != FOR_COMMAND:
        model.question = None


def ask(model: Model, question: Question | None) -> None:
    """Asks, in place of the input line."""
    if model.is_shown:
        model.search = model.selected = None
    model.question = question


def key(model: Model, key: Key, action: Action | None, pause: int) -> list[Effect] | None:
    """A key while something is asked, `pause` ms after the one before; None if it means what it always means."""
    question = model.question
    assert question is not None
    question.deaf = question.deaf and pause < PAUSE
    if question.deaf:
        model.hint = f"{question.label.removesuffix(': ')}?"
    elif action is None or (key.text and action.mode not in km.TYPING_MODES):
        question.insert(key.text)
    elif action.name == "answer":
        return answer(model)
    elif action.name == "cancel-answer":
        return cancel(model)
    elif action.owner == km.EDITOR:
        if action.name != "newline":
            question.suggested = False
            question.editor = getattr(question.editor, action.handler)()
    elif action.name in HARMLESS or (model.is_one_of_several and action.name in ELSEWHERE):
        return None
    return []


def pasted(model: Model, text: str) -> None:
    """A paste goes into the answer, up to its first line break."""
    if model.question is not None:
        model.question.insert(text.strip("\n").partition("\n")[0])


def cancel(model: Model) -> list[Effect]:
    """The user does not want to answer now: says how to go on."""
    question, model.question = model.question, None
    if question is not None and question.kind != FOR_COMMAND:
        tell(model, f"You are not logged in. {advice(question.kind)}")
    return []


def answer(model: Model) -> list[Effect]:
    """The answer is given."""
    question = model.question
    if question is None:
        return []
    text = question.editor.text
    if question.kind == NAME:
        text = text.strip()
        problem = check_user_name(text, unicode_names=True)
        if problem:
            model.hint = problem
            return []
        model.question = None
        return [LogIn(text)]
    if question.kind == CERTIFICATE:
        if text.strip().lower() != "yes":
            return cancel(model)
        model.question = None
        return [Trust(question.name)]
    if not text:
        model.hint = "Type it, or press Escape to go on without."
        return []
    if not question.answer():
        return []
    model.question = None
    if question.kind == SERVER_PASSWORD:
        return [GiveServerPassword(text)]
    if question.kind == PASSWORD:
        return [LogIn(question.name, text)]
    return _request(model, question)


def _request(model: Model, question: Question) -> list[Effect]:
    """The request of a command, now that its passwords were given."""
    # Imported here, as in `commands`: the table of requests takes long to load.
    from evchat.dialects.json.requests import write_request

    request = request_of(question)
    if request is None:
        model.hint = DIFFER
        return []
    facts = write_request(request)
    return [Ask(facts, COMMAND, model.room.key, str(facts["request"]))]
