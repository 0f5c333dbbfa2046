"""Passwords that need not be typed: in the address of the server, or from a command such as `pass show evchat`.

The client itself writes no password to any file.
"""

from __future__ import annotations

from evchat.settings.errors import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_PATIENCE = 120.0
"""Seconds that a command gets: enough to type the passphrase of a password store."""


def from_address(text: str) -> tuple[str, str | None]:
    """The address in `tcp://:PASSWORD@HOST` without its password, and the password; None if there is none."""
    scheme, sign, rest = text.strip().partition("://")
    before, at, host = rest.rpartition("@")
    if not sign or not at or not before.startswith(":"):
        return text, None
    # Imported here, as most addresses need it not and the first screen should be there soon.
    from urllib.parse import unquote

    return f"{scheme}://{host}", unquote(before[1:]) or None


def from_command(values: Mapping[str, Any], option: str) -> str | None:
    """The first line that the command in the option prints; None without a command. Raises SettingsError.

    It has the terminal, so that it can ask for a passphrase.
    """
    command = values.get(option)
    if not command:
        return None
    import subprocess

    try:
        done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise SettingsError(f"{option}: the command did not end: {command}") from None
    password = done.stdout.decode("utf-8", "replace").partition("\n")[0].removesuffix("\r")
    if done.returncode or not password:
        raise SettingsError(
            f"{option}: the command gave no password (exit code {done.returncode}): {command}"
        )
    return password
