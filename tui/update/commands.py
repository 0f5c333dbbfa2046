"""Commands: the client's own, and the server's by the one table of `evchat.protocol.commands`."""

from __future__ import annotations

from evchat.protocol.names import EVERYONE, SERVICES, check_user_name, is_channel, user_key
from evchat.settings.client import MAX_SERVERS
from tui.model import mentions
from tui.model.effects import (
    COMMAND,
    Ask,
    Connect,
    Disconnect,
    GiveServerPassword,
    LogIn,
    Quit,
    Reconnect,
    Save,
    for_server,
)
from tui.model.local_commands import LOCAL_COMMANDS
from tui.model.model import ALL, MENTIONS, NOTHING, room_key
from tui.model.question import for_command, for_login
from tui.model.session_events import ONLINE, PASSWORD, REFUSED, SERVER_PASSWORD
from tui.text import theme
from tui.text.advice import advice
from tui.text.rows import counted, cut
from tui.update import help as helping
from tui.update import lists, outgoing, questions, rooms, setting
from tui.update.notices import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.model.effects import Effect
    from tui.model.model import Model

    Run = Callable[[Model, str], list[Effect] | None]


_GOODBYE = "---quit---"
"""The quit command of the oldest chat clients; `evchat.protocol.lines` knows it, too."""

_SHOWN = 40
"""Cells of a text that went elsewhere which the status line repeats."""


def is_command(text: str) -> bool:
    """Whether a line is a command, as `evchat.protocol.lines` reads lines."""
    if text[:1] not in ("/", "-"):
        return False
    return (
        text.rstrip() == _GOODBYE
        or (text[:1] == "/" and text[:2] != "//")
        or (text[:1] == "-" and text[1:2].isalpha() and text[1:2].isascii())
    )


def run(model: Model, text: str) -> list[Effect] | None:
    """Does what a command says; None, with a hint, if it can't be done and the line shall stay."""
    if text.rstrip() == _GOODBYE:
        return _quit(model, "")
    word, _, rest = text[1:].partition(" ")
    local = _BY_WORD.get(word.lower())
    if local is not None:
        return local(model, rest.strip())
    return _ask(model, text)


def _ask(model: Model, text: str) -> list[Effect] | None:
    """A command of the server."""
    # Imported here: its table takes 10 ms to load, and the first command may take them.
    from evchat.protocol.lines import unsaid_secrets
    from tui.model import command_line

    unsaid = unsaid_secrets(text) if model.state == ONLINE else None
    if unsaid is not None:
        questions.ask(model, for_command(unsaid))
        return []
    meant = command_line.read(text)
    if isinstance(meant, command_line.Mistake):
        model.hint = meant.text
        return None
    if isinstance(meant, command_line.Leave):
        return _quit(model, "")
    if not isinstance(meant, command_line.Asking):
        model.hint = f"Usage: {text.split(maxsplit=1)[0]} text"
        return None
    facts, room = meant.request, model.room
    name = str(facts["request"])
    if model.state == REFUSED and name == "nick":
        # What whoever is told that a name is taken types first.
        return _login(model, str(facts["content"]))
    if model.state != ONLINE:
        model.hint = (
            f"You are not logged in. {advice(model.needs)}"
            if model.state == REFUSED
            else "You are not connected; the line stays here."
        )
        return None
    if name == "inbox":
        facts["keep"] = True  # what is shown is marked when it is seen
    if meant.where and (room.is_channel or (name == "history" and room is not model.lobby)):
        facts[meant.where] = room.name
    return [Ask(facts, COMMAND, room.key, name, *([str(model.now)] if name == "ping" else []))]


# ---- the client's own -------------------------------------------------------------------------------------------


def quit_now(model: Model) -> list[Effect]:
    """Ends the program; asks first if something is not sent yet and can't be sent now."""
    waiting = sum(
        not line.failed
        for server in model.models
        if server.state != ONLINE
        for room in server.rooms.values()
        for line in room.pending.values()
    )
    if waiting and not model.quitting:
        model.quitting = True
        model.hint = f"{counted(waiting, 'line')} not sent yet; kept for the next start. Repeat to quit."
        return []
    return [Quit()]


def _quit(model: Model, rest: str) -> list[Effect] | None:
    # Until it is done the line stays, so that Enter again does it.
    return quit_now(model) or None


def _login(model: Model, rest: str) -> list[Effect] | None:
    if not rest and model.state == REFUSED:
        return _login_again(model)
    name, _, password = rest.partition(" ")
    problem = check_user_name(name, unicode_names=True)
    if problem:
        model.hint = problem
        return None
    return [LogIn(name, password.strip() or None)]


def _login_again(model: Model) -> list[Effect]:
    """Asks once more for what a refused login needs; where that is nothing, it is just tried again."""
    if model.needs not in (SERVER_PASSWORD, PASSWORD):
        return [LogIn(model.wanted or model.user)]
    questions.ask(model, for_login(model.needs, model.wanted, place=questions.place(model)))
    return []


def _pass(model: Model, rest: str) -> list[Effect] | None:
    if model.state == ONLINE:
        model.hint = "You are logged in already."
        return None
    if rest:
        return [GiveServerPassword(rest)]
    questions.ask(model, for_login(SERVER_PASSWORD, "", place=questions.place(model)))
    return []


def _logout(model: Model, rest: str) -> list[Effect] | None:
    model.hint = "Use /login name to change names, or /quit."
    return None


def _say_to(model: Model, rest: str) -> list[Effect] | None:
    name, _, text = rest.partition(" ")
    if name.lower() == "user" and " " in text.strip():
        name, _, text = text.strip().partition(" ")
    if not text.strip():
        model.hint = "Usage: /msg name text"
        return None
    if user_key(name.partition("@")[0]) in SERVICES:
        # It would wait in a file, and the server takes it for a password and refuses it.
        model.hint = "There are no services here. /register gives your name a password."
        return None
    effects = outgoing.say_to(model, name, text.strip())
    if effects is not None and room_key(name) != model.current:
        model.hint = f"To {name}: {cut(text.strip(), _SHOWN)}"
    return effects


def _me(model: Model, rest: str) -> list[Effect] | None:
    if not rest or model.room is model.lobby:
        model.hint = "Usage, in a room: /me waves"
        return None
    return outgoing.say_to(model, model.room.name, rest, action=True)


def _broadcast(model: Model, rest: str) -> list[Effect] | None:
    if rest.lower().startswith(("user ", "users ")):
        return _ask(model, f"/broadcast {rest}")
    if not rest:
        model.hint = "Usage: /broadcast text"
        return None
    return outgoing.say_to(model, EVERYONE, rest)


def _query(model: Model, rest: str) -> list[Effect] | None:
    name = rest.partition(" ")[0]
    if not name:
        model.hint = "Usage: /query name"
        return None
    if is_channel(name):
        return _ask(model, f"/join {name}")
    return rooms.go(model, model.enter(name))


def _close(model: Model, rest: str) -> list[Effect]:
    return rooms.close(model)


def _discard(model: Model, rest: str) -> list[Effect] | None:
    dropped = outgoing.discard(model, model.room)
    if not dropped:
        waiting = [room.name for room in model.order() if room.pending and room is not model.room]
        model.hint = f"Unsent lines are in {', '.join(waiting)}." if waiting else "Everything is sent."
        return []
    model.hint = f"{counted(len(dropped), 'line')} discarded. Up brings back what you typed."
    return dropped


def _urls(model: Model, rest: str) -> list[Effect]:
    return lists.link_list(model)


def _find(model: Model, rest: str) -> list[Effect]:
    return lists.finder(model, rest)


def _ignore(model: Model, rest: str) -> list[Effect]:
    if rest:
        model.ignored.add(user_key(rest.partition(" ")[0]))
    names = ", ".join(sorted(model.ignored)) or "nobody"
    tell(model, f"You ignore {names}. Only you can see that; /unignore name stops it.")
    return []


def _unignore(model: Model, rest: str) -> list[Effect]:
    model.ignored.discard(user_key(rest.partition(" ")[0]))
    names = ", ".join(sorted(model.ignored)) or "nobody"
    tell(model, f"You ignore {names}.")
    return []


def _notify(model: Model, rest: str) -> list[Effect] | None:
    room = model.room
    if rest and rest not in (ALL, MENTIONS, NOTHING):
        model.hint = f"Usage: /notify {ALL}, {MENTIONS} or {NOTHING}"
        return None
    room.level = rest or room.level
    tell(model, f"Notifications in {room.name}: {room.level}.")
    return []


def _highlight(model: Model, rest: str) -> list[Effect] | None:
    if rest:
        chosen = tuple(word for word in mentions.parse(rest) if word != "-")
        model.hint = mentions.problem(chosen)
        if model.hint:
            return None
        model.highlight(chosen)
    words = ", ".join((model.user, *model.words))
    tell(model, f"Mentions: {words}. /highlight words sets them, /highlight - removes them.")
    return []


def _theme(model: Model, rest: str) -> list[Effect] | None:
    if rest not in theme.THEMES:
        model.hint = f"The themes are {', '.join(theme.THEMES)}."
        return None
    setting.show_theme(model, rest)
    return []


def _mouse(model: Model, rest: str) -> list[Effect]:
    return rooms.toggle_mouse(model)


def _bare(model: Model, rest: str) -> list[Effect]:
    return rooms.toggle_bare(model)


def _connect(model: Model, rest: str) -> list[Effect] | None:
    if not rest or " " in rest:
        model.hint = "Usage: /connect HOST, HOST:PORT, tls://HOST:PORT or unix:///PATH"
        return None
    if len(model.models) >= MAX_SERVERS:
        model.hint = f"You can use at most {MAX_SERVERS} servers at once."
        return None
    return [Connect(rest)]


def _disconnect(model: Model, rest: str) -> list[Effect] | None:
    """Leaves a server. Its rooms go from the list; what is not sent there waits on the disk."""
    if rest:
        named = [one for one in model.models if rest in (one.server, one.server.partition(":")[0])]
        if not named:
            model.hint = (
                f"You are not connected to {rest}, but to {', '.join(one.server for one in model.models)}."
            )
            return None
    if not model.is_one_of_several:
        return quit_now(model) or None
    leaving = named[0] if rest else model
    at = model.models.index(leaving)
    effects: list[Effect] = []
    if leaving.is_shown:
        effects = rooms.go(model, model.models[at - 1 if at else 1].room)
    model.models.remove(leaving)
    model.shown.hint = f"Disconnected from {leaving.server}."
    return [*effects, *for_server(leaving.server, [Disconnect()])]


def _reconnect(model: Model, rest: str) -> list[Effect]:
    return [Reconnect()]


def _clear(model: Model, rest: str) -> list[Effect]:
    room = model.room
    room.scroll = None
    room.coming = []
    room.log.clear()
    return []


def _save(model: Model, rest: str) -> list[Effect]:
    return [Save()]


def _help(model: Model, rest: str) -> list[Effect]:
    return helping.open_help(model, rest)


HANDLERS: dict[str, Run] = {
    "msg": _say_to,
    "me": _me,
    "broadcast": _broadcast,
    "query": _query,
    "close": _close,
    "discard": _discard,
    "find": _find,
    "urls": _urls,
    "ignore": _ignore,
    "unignore": _unignore,
    "notify": _notify,
    "highlight": _highlight,
    "theme": _theme,
    "mouse": _mouse,
    "set": setting.set_,
    "alias": setting.alias,
    "unalias": setting.unalias,
    "connect": _connect,
    "disconnect": _disconnect,
    "reconnect": _reconnect,
    "bare": _bare,
    "clear": _clear,
    "save": _save,
    "login": _login,
    "pass": _pass,
    "logout": _logout,
    "help": _help,
    "quit": _quit,
}
"""What each of the client's own commands does. A handler gets what follows the word; None means that it could not be
done, and the line stays.
"""

_BY_WORD = {word: HANDLERS[local.word] for local in LOCAL_COMMANDS for word in (local.word, *local.aliases)}
