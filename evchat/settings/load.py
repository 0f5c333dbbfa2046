"""The loader of settings: values from a TOML file, the environment and the command line, with clear errors.

It knows options, not programs: the server (`evchat.settings.server`) and the client (`tui.settings`) define their
options and the precedence of the sources.
"""

from __future__ import annotations

from enum import Enum

from evchat.settings.errors import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_LARGEST = 2**31 - 1
"""No setting needs a larger number, and system calls do not accept one."""

_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


class Kind(Enum):
    """The kind of an option's value, as an error message names it."""

    STRING = "a string"
    FLAG = "true or false"
    INTEGER = "a whole number"
    NUMBER = "a number"
    STRINGS = "a list of strings"
    ADDRESSES = "an address or a list of addresses"
    TABLE = "a table of strings"
    TABLES = "tables of settings"
    DIRECTORY = "a directory"
    FILE = "a file"


class Option:
    """A setting that can be given.

    `reason` says what it is for. `table` is its table in the file, if any. Numbers must be at least `least`; strings
    must be one of `choices`, if there are any. A `file_only` option is too long, or too secret, for a command line.
    """

    __slots__ = ("choices", "default", "file_only", "kind", "least", "name", "reason", "table")

    def __init__(
        self,
        name: str,
        kind: Kind,
        default: Any,
        reason: str = "",
        *,
        table: str = "",
        least: float = 0,
        choices: tuple[str, ...] = (),
        file_only: bool = False,
    ) -> None:
        self.name = name
        self.kind = kind
        self.default = default
        self.reason = reason
        self.table = table
        self.least = least
        self.choices = choices
        self.file_only = file_only

    @property
    def label(self) -> str:
        """The option as a file names it: `name`, or `table.name`."""
        return f"{self.table}.{self.name}" if self.table else self.name


def from_file(options: Iterable[Option], path: str) -> dict[str, Any]:
    """The values in a TOML file, by the names of the options. Raises SettingsError."""
    options = tuple(options)
    tables = {option.table for option in options} - {""}
    values: dict[str, Any] = {}
    for key, value in _parsed(path).items():
        if key not in tables:
            values |= from_table(options, {key: value}, path)
        elif isinstance(value, dict):
            values |= from_table(options, value, path, key)
        else:
            raise SettingsError(f"{path}: {key} must be a table: [{key}].")
    return values


def from_table(
    options: Iterable[Option], given: Mapping[str, Any], path: str, table: str = ""
) -> dict[str, Any]:
    """The values of one table of a file, by the names of the options in it. Raises SettingsError."""
    options = tuple(options)
    here = {option.name: option for option in options if option.table == table}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in here:
            raise SettingsError(f"{path}: {_misplaced(name, table, options)}")
        values[name] = _checked(f"{path}: {here[name].label}", here[name], value)
    return values


def _misplaced(name: str, table: str, options: tuple[Option, ...]) -> str:
    """What is wrong with a name that is not in this table: it belongs into another one, or is like another name."""
    label = f"{table}.{name}" if table else name
    for option in options:
        if option.name == name:
            where = f"in the table [{option.table}]" if option.table else "at the top, above all [tables]"
            return f"there is no setting {label}. {name} belongs {where}."
    labels = {option.name: option.label for option in options}
    labels |= {option.table: f"[{option.table}]" for option in options if option.table and not table}
    here = [option.name for option in options if option.table == table]
    if not table:
        here += sorted({f"[{option.table}]" for option in options} - {"[]"})
    return _unknown(label, name, labels, here)


def _parsed(path: str) -> dict[str, Any]:
    import tomllib  # here, because it takes 10 ms and most users have no such file
    from pathlib import Path

    from evchat.settings.files import decoded

    try:
        return tomllib.loads(decoded(Path(path).read_bytes()))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}.") from None
    except ValueError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from None


def from_environ(options: Iterable[Option], environ: Mapping[str, str], prefix: str) -> dict[str, Any]:
    """The values of the variables named `prefix` + an option's name in capitals. Raises SettingsError."""
    values: dict[str, Any] = {}
    for option in options:
        variable = prefix + option.name.upper()
        text = environ.get(variable)
        if text is not None:
            values[option.name] = _checked(variable, option, _from_text(option, text), in_file=False)
    return values


def strays(options: Iterable[Option], environ: Mapping[str, str], prefix: str, other: str) -> list[str]:
    """A sentence about each variable that has the prefix (and not the prefix `other`) but names no option.

    They are no reason to stop: Kubernetes sets PREFIX_PORT and others for any service of that name.
    """
    known = {option.name.upper(): prefix + option.name.upper() for option in options}
    return [
        f"{variable} is ignored: {_unknown(variable, variable.removeprefix(prefix), known, ())}"
        for variable in sorted(environ)
        if variable.startswith(prefix) and not variable.startswith(other) and variable not in known.values()
    ]


def from_arguments(options: Iterable[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values given on the command line, by the names of the options. Raises SettingsError."""
    by_name = {option.name: option for option in options}
    return {
        name: _checked("--" + name.replace("_", "-"), by_name[name], value, in_file=False)
        for name, value in given.items()
    }


def _unknown(label: str, name: str, known: Mapping[str, str], listed: Iterable[str]) -> str:
    """That there is no such setting, and which one may be meant: one of `known`, or else which there are."""
    import difflib  # here, because only mistakes need it

    close = difflib.get_close_matches(name, sorted(known), 1)
    text = f"there is no setting {label}."
    if close:
        return f"{text} Did you mean {known[close[0]]}?"
    names = ", ".join(sorted(listed))
    return f"{text} The settings here are: {names}." if names else text


def _from_text(option: Option, text: str) -> Any:
    """The value in an environment variable's text; if it is invalid, the text itself, for the error message."""
    kind = option.kind
    if kind is Kind.FLAG:
        return _FLAGS.get(text.lower(), text)
    if kind is Kind.STRINGS:
        return text.replace(",", " ").split()
    if kind is Kind.ADDRESSES:
        return text.split()
    if kind is Kind.TABLE:
        pairs = [part.partition("=") for part in text.split(",") if part.strip()]
        return {name.strip(): value.strip() for name, _, value in pairs}
    if kind in (Kind.INTEGER, Kind.NUMBER):
        try:
            return int(text) if kind is Kind.INTEGER else float(text)
        except ValueError:
            return text
    return text


def _checked(where: str, option: Option, value: Any, *, in_file: bool = True) -> Any:
    """`value` converted to the option's kind. Raises SettingsError, which begins with `where` the value was given."""
    if option.file_only and not in_file:
        raise SettingsError(f"{where}: {option.name} can only be set in a settings file.")
    kind = option.kind
    read = _READERS[kind](value)
    if read is None:
        table = {Kind.TABLE: f" [{option.name}]", Kind.TABLES: f' [{option.name}."NAME"]'}.get(kind, "")
        raise SettingsError(f"{where} must be {kind.value}{table}, not {_shown(value)}.")
    if kind in (Kind.INTEGER, Kind.NUMBER) and read < option.least:
        raise SettingsError(f"{where} must be at least {option.least:g}, not {_shown(value)}.")
    if option.choices and read not in option.choices:
        raise SettingsError(f"{where} must be one of {', '.join(option.choices)}, not {_shown(value)}.")
    return read


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _string(value: Any) -> Any:
    return value if isinstance(value, str) else None


def _flag(value: Any) -> Any:
    return value if isinstance(value, bool) else None


def _integer(value: Any) -> Any:
    number = _number(value)
    return int(number) if isinstance(number, float) and number.is_integer() else None


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LARGEST:
        return None  # NaN fails this comparison, too
    return float(value)


def _strings(value: Any) -> Any:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        return None
    return list(value)


def _addresses(value: Any) -> Any:
    return _strings([value] if isinstance(value, str) else value) or None


def _table(value: Any) -> Any:
    return (
        value if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()) else None
    )


def _tables(value: Any) -> Any:
    return (
        value if isinstance(value, dict) and all(isinstance(item, dict) for item in value.values()) else None
    )


def _path(value: Any) -> Any:
    from pathlib import Path

    if not isinstance(value, str | Path) or not str(value) or "\0" in str(value):
        return None
    try:
        return Path(value).expanduser()
    except RuntimeError:  # the home of a user who does not exist
        return None


_READERS = {
    Kind.STRING: _string,
    Kind.FLAG: _flag,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.STRINGS: _strings,
    Kind.ADDRESSES: _addresses,
    Kind.TABLE: _table,
    Kind.TABLES: _tables,
    Kind.DIRECTORY: _path,
    Kind.FILE: _path,
}
"""Converters to each kind, which return None for an invalid value."""
