"""The writer of settings files."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from evchat.settings.load import Option


def dump(options: Iterable[Option], values: Mapping[str, Any]) -> str:
    """The options as TOML, each with its reason above it; those that have their defaults are commented out.

    Tables come last, or the options behind them would belong to them.
    """
    parts = []
    for option in sorted(options, key=lambda option: isinstance(option.default, dict)):
        value = values.get(option.name, option.default)
        sign = "# " if value == option.default else ""
        parts.append(f"\n# {option.reason}\n")
        if isinstance(value, dict):
            parts.append(f"{sign}[{option.name}]\n")
            parts += [f"{_toml(key)} = {_toml(item)}\n" for key, item in value.items()]
        else:
            parts.append(f"{sign}{option.name} = {_toml(value)}\n")
    return "".join(parts)


def _toml(value: str | bool | list[str]) -> str:
    """A value as TOML 1.0 writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    # A basic string: what JSON escapes is escaped alike, and DEL has to be escaped as well.
    import json

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
