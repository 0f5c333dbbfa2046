"""Settings and aliases as the user changes them while the client runs."""

from __future__ import annotations

from evchat.protocol.names import check_channel_name, check_user_name
from evchat.settings.address import parse_connect
from evchat.settings.errors import SettingsError
from evchat.settings.load import Kind
from tui.model import aliases, mentions, options
from tui.model.effects import UseMouse
from tui.model.keymap import BadBinding, Keymap
from tui.model.model import ALL, MENTIONS, NOTHING, room_key
from tui.text import theme
from tui.update.notices import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from evchat.settings.load import Option
    from tui.model.effects import Effect
    from tui.model.model import Model

_LATER = frozenset({
    "server", "servers", "user", "password_command", "server_password_command", "channels",
})  # fmt: skip
"""The settings that take effect at the next start only."""

_DIRECTLY = {
    "bell": "bell", "typing": "tell_typing", "mouse": "mouse", "clipboard": "clipboard", "log": "logging",
}  # fmt: skip
"""The settings that are attributes of the model, by the names of these."""


def current(model: Model, option: Option) -> Any:
    """The value of a setting now."""
    name = option.name
    if name in _DIRECTLY:
        return getattr(model, _DIRECTLY[name])
    if name == "words":
        return list(model.words)
    if name == "aliases":
        return dict(model.aliases)
    kept = model.settings.get(name, option.default)
    if name == "theme":
        return model.chosen_theme or kept
    return _levels(model, kept) if name == "rooms" else kept


def _levels(model: Model, kept: dict[str, str]) -> dict[str, str]:
    """What rooms notify of, by their names, where that is not the usual: those that are open, and others of before."""
    rooms = [room for one in model.models for room in one.rooms.values()]
    known = {room.key for room in rooms}
    levels = {name: level for name, level in kept.items() if room_key(name) not in known}
    return levels | {room.name: room.level for room in rooms if room.level != MENTIONS}


# ---- /set -------------------------------------------------------------------------------------------------------


def set_(model: Model, rest: str) -> list[Effect] | None:
    """`/set` lists all settings, `/set NAME` explains one, `/set NAME VALUE` changes it; `-` stands for nothing."""
    name, _, text = rest.partition(" ")
    text = text.strip()
    if not name:
        rows = [f"{each.name} = {options.written(current(model, each))}" for each in options.OPTIONS]
        tell(model, "\n".join([*rows, "/set NAME explains one, /set NAME VALUE changes it, /save keeps it."]))
        return []
    option = options.BY_NAME.get(name.lower())
    if option is None:
        model.hint = f"There is no setting {name}. /set lists them."
        return None
    if not text:
        _explain(model, option)
        return []
    if option.kind is Kind.TABLE:
        return _set_row(model, option, text)
    value = options.parse(option, text)
    problem = _wrong(option, value, text)
    if problem:
        model.hint = problem
        return None
    effects = _put(model, option, value, text)
    _confirm(model, option, options.written(current(model, option)))
    return effects


def _explain(model: Model, option: Option) -> None:
    rows = [f"{option.name} = {options.written(current(model, option))}", option.reason]
    values = options.values_of(option)
    if "|" in values:
        rows.append(f"Values: {values.replace('|', ', ')}.")
    elif option.kind is Kind.TABLE:
        rows.append(f"/set {option.name} NAME VALUE changes a row of it; the value - removes it.")
    if option.name in _LATER:
        rows.append("A change takes effect at the next start, if you /save it.")
    tell(model, "\n".join(rows))


def _confirm(model: Model, option: Option, shown: str) -> None:
    when = (
        "It takes effect at the next start, if you /save it." if option.name in _LATER else "/save keeps it."
    )
    tell(model, f"{option.name} = {shown}. {when}")


def _wrong(option: Option, value: Any, text: str) -> str:
    """Why that is no value for the setting; empty if it is."""
    if value is None:
        return f"{option.name} is one of {options.values_of(option).replace('|', ', ')}."
    match option.name:
        case "words":
            return mentions.problem(mentions.parse(text)) if value else ""
        case "channels":
            return next(filter(None, map(check_channel_name, value)), "")
        case "user":
            return (check_user_name(value, unicode_names=True) or "") if value else ""
        case "server" | "servers":
            return _wrong_addresses([value] if isinstance(value, str) else value)
    return ""


def _wrong_addresses(addresses: list[str]) -> str:
    for address in filter(None, addresses):
        if "@" in address:
            return "A password does not belong here, where it would be kept. The client asks for it."
        try:
            parse_connect(address)
        except SettingsError as problem:
            return str(problem)
    return ""


def _put(model: Model, option: Option, value: Any, text: str) -> list[Effect]:
    """The setting has that value from now on, or from the next start."""
    if option.name in _DIRECTLY:
        setattr(model, _DIRECTLY[option.name], value)
        return [UseMouse(value)] if option.name == "mouse" else []
    if option.name == "words":
        model.highlight(mentions.parse(text) if value else ())
        return []
    model.settings[option.name] = value or option.default
    if option.name == "theme":
        model.chosen_theme = ""
        if value in theme.THEMES:
            show_theme(model, value)
    return []


def show_theme(model: Model, name: str) -> None:
    """The theme of that name is used from now on."""
    model.theme = theme.THEMES[name].limited(model.colours)
    model.chosen_theme = name


def _set_row(model: Model, option: Option, text: str) -> list[Effect] | None:
    """A row of a table has another value; `-` removes it."""
    name, _, value = text.partition(" ")
    value = value.strip()
    table = dict(current(model, option))
    if not value:
        tell(model, f"{option.name}: {name} = {table.get(name, '-')}")
        return []
    if option.name == "aliases":
        return alias(model, f"{name} {value}") if value != "-" else unalias(model, name)
    table.pop(name, None)
    if value != "-":
        table[name] = value
    problem = _put_keys(model, table) if option.name == "keys" else _put_level(model, name, value)
    if problem:
        model.hint = problem
        return None
    model.settings[option.name] = table
    _confirm(model, option, options.written(table))
    return []


def _put_keys(model: Model, table: dict[str, str]) -> str:
    try:
        model.keymap = Keymap(table or None)
    except BadBinding as problem:
        return str(problem)
    return ""


def _put_level(model: Model, name: str, level: str) -> str:
    if level not in (ALL, MENTIONS, NOTHING, "-"):
        return f"A room notifies of {ALL}, {MENTIONS} or {NOTHING}."
    for one in model.models:
        one.levels[room_key(name)] = MENTIONS if level == "-" else level
        if room_key(name) in one.rooms:
            one.rooms[room_key(name)].level = one.levels[room_key(name)]
    return ""


# ---- /alias -----------------------------------------------------------------------------------------------------


def alias(model: Model, rest: str) -> list[Effect] | None:
    """`/alias` lists them, `/alias NAME` shows one, `/alias NAME TEXT` makes one."""
    name, _, text = rest.partition(" ")
    name, text = name.lower().removeprefix("/"), text.strip()
    if not text:
        names = [name] if name else sorted(model.aliases)
        rows = [f"/{one}  {model.aliases[one]}" for one in names if one in model.aliases]
        tell(model, "\n".join(rows) or (f"There is no alias {name}." if name else "There are no aliases."))
        return []
    problem = aliases.problem(name, text)
    if problem:
        model.hint = problem
        return None
    model.aliases = {**model.aliases, name: text}
    tell(model, f"/{name} stands for {text}. /save keeps it.")
    return []


def unalias(model: Model, rest: str) -> list[Effect] | None:
    """Removes an alias."""
    name = rest.lower().removeprefix("/")
    if name not in model.aliases:
        model.hint = f"There is no alias {name}." if name else "Usage: /unalias name"
        return None
    model.aliases = {one: text for one, text in model.aliases.items() if one != name}
    tell(model, f"The alias /{name} is removed.")
    return []
