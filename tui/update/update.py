"""The update function: `update(model, event, now)` takes an input in and returns the effects."""

from __future__ import annotations

from tui.model import keymap as km
from tui.model.effects import Ask, Redraw, Suspend
from tui.model.inputs import (
    EditedOutside,
    Focus,
    Heard,
    Hinted,
    Input,
    Key,
    Mouse,
    Paste,
    Queued,
    Recalled,
    Resized,
    Seen,
    Shown,
    Started,
    ThemeFound,
    Told,
)
from tui.update import (
    commands,
    line,
    lists,
    questions,
    reading,
    rooms,
    scrolling,
    selecting,
    starting,
    typing_status,
)
from tui.update import help as helping
from tui.update.notices import tell
from tui.update.server_events import heard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.model.effects import Effect
    from tui.model.model import Model

    Handler = Callable[[Model], list[Effect]]

_WHEEL = 3
"""Rows that a step of the wheel scrolls."""


def update(model: Model, event: Input, now: int) -> list[Effect]:
    """Takes an event in at `now` (ms since the epoch); what is to be done about it, in order."""
    model.now = now
    if type(event) is Heard:
        effects = heard(model, event.events)
        model.latency_ms = event.latency_ms
    else:
        room = model.room
        text = room.draft.text
        effects = _taken(model, event)
        effects += typing_status.told(model, room, text, effects)
    for effect in effects:
        if type(effect) is Ask:
            asking = model if effect.server in (None, model.server) else model.find(effect.server)
            effect.id = asking.new_id("ask")
            asking.asked[effect.id] = effect.purpose
    return effects


def _taken(model: Model, event: Input) -> list[Effect]:
    if type(event) is Key:
        return _key(model, event)
    if isinstance(event, Paste):
        return _paste(model, event)
    if isinstance(event, Resized):
        model.columns, model.rows = max(event.columns, 1), max(event.rows, 1)
    elif isinstance(event, Focus):
        return _focus(model, event.gained)
    elif isinstance(event, Mouse):
        return _mouse(model, event)
    elif isinstance(event, Seen):
        return reading.seen(model)
    elif isinstance(event, Told):
        tell(model, event.text, error=event.error)
    elif isinstance(event, Hinted):
        model.hint = event.text
    elif isinstance(event, EditedOutside):
        line.edited_outside(model, event.text, event.problem)
    elif isinstance(event, ThemeFound):
        model.theme = event.theme
    elif isinstance(event, Started):
        starting.started(model, event)
    elif isinstance(event, Shown):
        return rooms.go(model.shown, model.room)
    elif isinstance(event, Recalled):
        starting.recalled(model, event)
    elif isinstance(event, Queued):
        starting.queued(model, event)
    return []


def _key(model: Model, key: Key) -> list[Effect]:
    modes = model.modes
    pause, model.keyed_at = model.now - model.keyed_at, model.now
    model.hint = ""
    asked, model.quitting = model.quitting, False
    taking, model.taking = model.taking, False
    action = model.keymap.action(key, *modes)
    mode = modes[0]
    if mode == km.ASK:
        taken = questions.key(model, key, action, pause)
        if taken is not None:
            return taken
    if action is None or (mode in km.TYPING_MODES and key.text and action.mode not in km.TYPING_MODES):
        return _typed(model, mode, key.text) if key.text else []
    if action.owner == km.EDITOR:
        if model.search is not None:
            line.end_search(model, accept=True)
        line.edit(model, getattr(model.editor, action.handler)())
        return []
    if action.owner == km.SEARCHER:
        if model.search is not None:
            model.search = getattr(model.search, action.handler)()
        return []
    if model.search is not None and action.mode == km.LINE:
        line.end_search(model, accept=True)
    if action.name in ("quit", "interrupt", "send"):
        model.quitting = asked
    model.taking = taking and action.name == "drop"
    effects = HANDLERS[action.name](model)
    if action.name not in ("complete", "complete-back"):
        model.room.completion = None
    return effects


def _typed(model: Model, mode: str, text: str) -> list[Effect]:
    if mode == km.SEARCH and model.search is not None:
        model.search = model.search.type(text)
    elif mode == km.LIST and model.choice is not None:
        return lists.narrow(model, model.choice.query + text)
    elif mode == km.SELECT:
        # Who types is writing again.
        model.selected = None
        return line.type_text(model, text)
    elif mode == km.LINE:
        return line.type_text(model, text)
    return []


def _paste(model: Model, paste: Paste) -> list[Effect]:
    model.hint = ""
    first = paste.text.strip("\n").partition("\n")[0]
    if model.choice is not None:
        return lists.narrow(model, model.choice.query + first)
    if model.search is not None:
        model.search = model.search.type(first)
        return []
    model.page = None
    if model.question is not None:
        questions.pasted(model, first)
        return []
    model.selected = None
    return line.pasted(model, paste)


def _focus(model: Model, gained: bool) -> list[Effect]:
    model.focus_told = True
    if gained:
        model.focused = True
        return scrolling.look(model, model.room)
    effects = scrolling.look_away(model, model.room)
    model.focused = False
    return effects


def _mouse(model: Model, mouse: Mouse) -> list[Effect]:
    if mouse.action in ("wheel-up", "wheel-down"):
        up = mouse.action == "wheel-up"
        if model.choice is not None:
            return lists.move(model, -1 if up else 1)
        if model.page is not None:
            return _page(model, -_WHEEL if up else _WHEEL)
        return scrolling.by_rows(model, _WHEEL if up else -_WHEEL)
    if mouse.action == "press" and mouse.button == "left":
        return rooms.clicked(model, mouse.row, mouse.column)
    return []


# ---- the actions of the client ----------------------------------------------------------------------------------


def _escape(model: Model) -> list[Effect]:
    if model.room.completion is not None:
        return []
    if model.bare:
        return rooms.toggle_bare(model)
    return scrolling.to_newest(model)


def _kill_or_switch(model: Model) -> list[Effect]:
    killed = model.editor.kill_to_end()
    if killed is model.editor:
        return rooms.switcher(model)
    line.edit(model, killed)
    return []


def _interrupt(model: Model) -> list[Effect]:
    if model.editor.text:
        line.edit(model, model.editor.kill_all())
        model.quitting = False
        return []
    if model.quitting:
        return commands.quit_now(model)
    model.quitting = True
    model.hint = "Press Ctrl-C again to quit."
    return []


def _send_search(model: Model) -> list[Effect]:
    line.end_search(model, accept=True)
    return line.send(model)


def _send(model: Model) -> list[Effect]:
    return line.send(model) or []


def _mark_all_read(model: Model) -> list[Effect]:
    return [effect for room in model.all_rooms() for effect in rooms.mark_read(model, room)]


def _toggle_rooms(model: Model) -> list[Effect]:
    from tui.layout.screen import layout_of

    model.show_rooms = not layout_of(model).rooms
    return []


def _toggle_people(model: Model) -> list[Effect]:
    from tui.layout.screen import layout_of

    model.show_people = not layout_of(model).people
    return []


def _list_take(model: Model) -> list[Effect]:
    choice = model.choice
    if choice is None or not choice.items:
        return []
    value = choice.items[choice.index].value
    if choice.kind == "find" and isinstance(value, str):
        return lists.ask_server(model, value)
    model.choice = None
    if choice.kind == "links":
        return lists.open_uri(model, value)
    if choice.kind == "find":
        return rooms.to_message(model, *value)
    kind, chosen = value
    if kind == "command":
        line.edit(model, model.editor.replace(f"/{chosen} "))
        return []
    return rooms.go(model, chosen if kind == "room" else model.enter(chosen))


def _list_number(index: int) -> Handler:
    def take(model: Model) -> list[Effect]:
        if model.choice is None or index >= len(model.choice.items):
            return []
        model.choice.index = index
        return _list_take(model)

    return take


def _list_copy(model: Model) -> list[Effect]:
    choice = model.choice
    if choice is None or not choice.items:
        return []
    item = choice.items[choice.index]
    model.choice = None
    return lists.copy(model, item.value if choice.kind == "links" else item.label)


def _list_close(model: Model) -> list[Effect]:
    model.choice = None
    return []


def _page(model: Model, by: int) -> list[Effect]:
    page = model.page
    if page is not None:
        most = max(len(page.rows) - lists.page_rows(model) - 1, 0)
        page.top = min(max(page.top + by, 0), most)
    return []


def _page_close(model: Model) -> list[Effect]:
    model.page = None
    return []


def _to_room(index: int) -> Handler:
    return lambda model: rooms.number(model, index)


HANDLERS: dict[str, Handler] = {
    "send": _send,
    "complete": line.complete,
    "complete-back": lambda model: line.complete(model, back=True),
    "edit-outside": line.edit_outside,
    "kill-or-switch": _kill_or_switch,
    "escape": _escape,
    "up": line.up,
    "down": line.down,
    "search-typed": line.search_typed,
    "switch": rooms.switcher,
    "next-room": lambda model: rooms.step(model, 1),
    "previous-room": lambda model: rooms.step(model, -1),
    "last-room": rooms.last,
    "active-room": rooms.active,
    "peek": rooms.peek,
    "catch-up": rooms.catch_up,
    "mark-read": lambda model: rooms.mark_read(model, model.room),
    "mark-all-read": _mark_all_read,
    "close-room": rooms.close,
    **{f"room-{n}": _to_room(n - 1) for n in range(1, 10)},
    "page-up": lambda model: scrolling.by_pages(model, 1),
    "page-down": lambda model: scrolling.by_pages(model, -1),
    "scroll-up": lambda model: scrolling.by_rows(model, 1),
    "scroll-down": lambda model: scrolling.by_rows(model, -1),
    "oldest": scrolling.to_oldest,
    "newest": scrolling.to_newest,
    "first-unread": rooms.first_unread,
    "find": lists.finder,
    "select": selecting.begin,
    "links": lists.link_list,
    "help": helping.open_help,
    "toggle-rooms": _toggle_rooms,
    "toggle-people": _toggle_people,
    "toggle-bare": rooms.toggle_bare,
    "toggle-mouse": rooms.toggle_mouse,
    "redraw": lambda model: [Redraw()],
    "suspend": lambda model: [Suspend()],
    "interrupt": _interrupt,
    "quit": commands.quit_now,
    "accept-search": lambda model: line.end_search(model, accept=True),
    "send-search": _send_search,
    "cancel-search": lambda model: line.end_search(model, accept=False),
    "select-older": lambda model: selecting.step(model, -1),
    "select-newer": lambda model: selecting.step(model, 1),
    "reply": selecting.reply,
    "copy": selecting.copy_text,
    "pin": selecting.pin,
    "open-link": selecting.open_link,
    "mark-unread": selecting.mark_unread,
    "mention": selecting.mention,
    "drop": selecting.drop,
    "find-selecting": lists.finder,
    "help-selecting": helping.help_selecting,
    "leave-select": selecting.leave,
    "list-up": lambda model: lists.move(model, -1),
    "list-down": lambda model: lists.move(model, 1),
    "list-page-up": lambda model: lists.move(model, -lists.page_rows(model)),
    "list-page-down": lambda model: lists.move(model, lists.page_rows(model)),
    "list-take": _list_take,
    "list-copy": _list_copy,
    **{f"list-{n}": _list_number(n - 1) for n in range(1, 10)},
    "list-erase": lists.erase,
    "list-close": _list_close,
    "paste-send": line.paste_send,
    "paste-edit": line.paste_edit,
    "paste-drop": line.paste_drop,
    "page-line-up": lambda model: _page(model, -1),
    "page-line-down": lambda model: _page(model, 1),
    "page-back": lambda model: _page(model, -lists.page_rows(model)),
    "page-forth": lambda model: _page(model, lists.page_rows(model)),
    "page-close": _page_close,
    "answer": questions.answer,
    "cancel-answer": questions.cancel,
}
"""The handlers of the client's actions; a test checks that none of `keymap.ACTIONS` is missing."""
