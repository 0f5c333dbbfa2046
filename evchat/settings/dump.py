"""The writer of settings files."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from evchat.settings.load import Option


def dump(options: Iterable[Option], values: Mapping[str, Any]) -> str:
    """The options as TOML, each below its reason; those with default values are commented out.

    Tables come last, because options after a table header would belong to it.
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
    """A value in TOML 1.0."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    # A basic string: TOML escapes what JSON escapes in the same way, and DEL as well.
    import json

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
