"""The input line: sending, completing, recalling, pasting."""

from __future__ import annotations

from evchat.protocol.bare_words import may_be_bare
from evchat.protocol.names import user_key
from tui.model import input_history
from tui.model.aliases import expand
from tui.model.completion import complete as completion_of
from tui.model.editor import cleaned
from tui.model.effects import EditOutside, Remember
from tui.model.input_history import HistorySearch
from tui.update import commands
from tui.update.completion_words import words
from tui.update.outgoing import say_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.editor import Editor
    from tui.model.effects import Effect
    from tui.model.inputs import Paste
    from tui.model.model import Model, Room

_LONG = 2_000
"""Characters of a line above which a paste is shown first, and no key replaces it: more than anybody types."""


def edit(model: Model, editor: Editor) -> None:
    """The line is as `editor` has it now."""
    room = model.room
    room.draft = editor
    room.spent = room.completion = None


def type_text(model: Model, text: str) -> list[Effect]:
    """Characters are typed, in place of a line that could not be sent; that one comes back with Up."""
    room, effects = model.room, []
    if room.draft is room.spent:
        effects = _remember(model, room, room.draft.text)
        room.draft = room.draft.clear()
    edit(model, room.draft.insert(text))
    return effects


def _remember(model: Model, room: Room, text: str) -> list[Effect]:
    """Adds a line to what was typed, without its secrets."""
    kept = input_history.remembered(text, model.aliases)
    if not kept:
        return []
    room.typed = input_history.add(room.typed, kept)
    model.typed = input_history.add(model.typed, kept)
    return [Remember(room.key, kept)]


def send(model: Model) -> list[Effect]:
    """Sends the line, or does what its command says. If that can't be done it stays, until something else is typed."""
    room, text = model.room, model.editor.text
    if not text.strip():
        edit(model, model.editor.clear())
        return []
    # Those from before the line, which may itself change one.
    aliases = dict(model.aliases)
    effects = say(model, expand(text, aliases) or text if aliases else text)
    if effects is None:
        if len(text) <= _LONG and "\n" not in text:
            room.spent = room.draft
        return []
    kept = input_history.remembered(text, aliases)
    if kept:
        room.typed = input_history.add(room.typed, kept)
        model.typed = input_history.add(model.typed, kept)
        effects.append(Remember(room.key, kept))
    room.draft = room.draft.clear()
    room.spent = room.completion = None
    return effects


def say(model: Model, text: str) -> list[Effect] | None:
    """Says a text in the room, or does a command; None, with a hint, if it can't be done."""
    if commands.is_command(text):
        return commands.run(model, text)
    room = model.room
    if text.startswith(("//", "--")):
        text = text[1:]
    elif may_be_bare(text) and _hold_back(model, text):
        return None
    if room is model.lobby:
        model.hint = "You are not in a room. Join one: /join #main"
        return None
    if room.is_channel and not room.joined and room.entered:
        model.hint = f"You are not in {room.name} now. Join it with /join {room.name}."
        return None
    return say_to(model, room.name, text)


def _hold_back(model: Model, text: str) -> bool:
    """Whether a line stays, once, that users of older systems mean as a command: it may be for one person."""
    # Imported here: the table of commands takes 10 ms to load.
    from evchat.protocol.bare_commands import bare_command

    command = bare_command(text)
    held, model.held_back = model.held_back, ""
    if command is None or held == text or not all(_is_known(model, name) for name in command.users):
        return False
    model.held_back = text
    model.hint = f"Did you mean {command.meant}? Enter again says it to {model.room.name}."
    return True


def _is_known(model: Model, name: str) -> bool:
    """Whether somebody of this name is in a room of the user's, or was ever in conversation with the user."""
    key = user_key(name)
    return key in model.acquaintances or any(
        key in room.people or (not room.is_channel and user_key(room.name) == key)
        for room in model.rooms.values()
    )


# ---- completing -------------------------------------------------------------------------------------------------


def complete(model: Model, *, back: bool = False) -> list[Effect]:
    """Completes the word before the cursor; again: with the next candidate."""
    room = model.room
    editor = room.draft
    completion = room.completion
    if completion is None:
        completion = completion_of(editor.text, editor.cursor, words(model))
        if completion is None:
            model.hint = "Nothing to complete." if editor.text.strip() else ""
            return []
        if back:
            completion = completion.previous()
    else:
        completion = completion.previous() if back else completion.next()
    room.draft = editor.replace(completion.text, completion.cursor)
    room.completion = completion
    return []


# ---- what was typed before --------------------------------------------------------------------------------------


def up(model: Model) -> list[Effect]:
    """A line up, or what was typed before."""
    edit(model, model.editor.up(model.room.typed))
    return []


def down(model: Model) -> list[Effect]:
    """A line down, or what was typed after that."""
    edit(model, model.editor.down(model.room.typed))
    return []


def search_typed(model: Model) -> list[Effect]:
    """Begins to search what was typed, in all rooms."""
    model.search = HistorySearch(model.editor, model.typed)
    return []


def end_search(model: Model, *, accept: bool) -> list[Effect]:
    """Ends the search, with what it found or as it was before."""
    search, model.search = model.search, None
    if search is not None:
        edit(model, search.accept() if accept else search.cancel())
    return []


# ---- pasting and editing elsewhere ------------------------------------------------------------------------------


def pasted(model: Model, paste: Paste) -> list[Effect]:
    """A paste of one line goes into the text; one of several waits for a decision."""
    text = cleaned(paste.text).strip("\n")
    if paste.cut:
        model.hint = "The paste was too long; its end was cut off."
    if "\n" in text or len(text) > _LONG:
        model.paste = text
    elif text:
        type_text(model, text)
    return []


def paste_send(model: Model) -> list[Effect]:
    """Sends the paste, as part of what is written, in one message."""
    text, model.paste = model.paste or "", None
    type_text(model, text)
    return send(model)


def paste_edit(model: Model) -> list[Effect]:
    """Puts the paste into the text."""
    text, model.paste = model.paste or "", None
    return type_text(model, text)


def paste_drop(model: Model) -> list[Effect]:
    """Drops the paste."""
    model.paste = None
    return []


def edit_outside(model: Model) -> list[Effect]:
    """Opens the text in the user's editor, through a file, which must hold no password."""
    if input_history.shown_part(model.editor.text, model.aliases) != model.editor.text:
        model.hint = "A line with a password can't be edited in another program."
        return []
    return [EditOutside(model.editor.text)]


def edited_outside(model: Model, text: str, problem: str) -> None:
    """The text comes back from the user's editor."""
    if problem:
        model.hint = problem
    else:
        edit(model, model.editor.replace(text.rstrip("\n")))
