"""A check of settings against this machine, before a start: all that the start itself would find out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from evchat.core.store import StoreError
from evchat.net.listener import ListenError, check_tcp, check_unix
from evchat.server import certificates
from evchat.settings.address import SYSTEMD, parse_listen
from evchat.settings.model import Config
from evchat.settings.server import data_directory


def problem(config: Config, environ: Mapping[str, str]) -> str:
    """Why a server with these settings could not start here, as a sentence; empty if it could.

    A server that runs with them meanwhile is not disturbed, and what it uses is no problem.
    """
    try:
        for url in config.listen:
            address = parse_listen(url)
            if address.path:
                check_unix(address.path)
            elif address.scheme != SYSTEMD:
                check_tcp(address.host)
    except ListenError as error:
        return str(error)
    if not config.memory and (told := _unusable(config.data or data_directory(environ))):
        return told
    return _unwritable(config.log_file) or certificates.problem(config)


def _unwritable(file: Path | None) -> str:
    """Why no log can be written to a file; empty if it can, or if there is to be none."""
    if file is None or os.access(file if file.exists() else file.parent, os.W_OK) and not file.is_dir():
        return ""
    if not file.parent.is_dir():
        return f"log_file: there is no directory {file.parent}. Make it first."
    return f"log_file: you may not write to {file}. Check as the user who starts evchat, or choose another place."


def _unusable(data: Path) -> str:
    """Why nothing can be kept in a directory, which a start makes if need be; empty if that can be done."""
    nearest = next(each for each in (data.absolute(), *data.absolute().parents) if each.exists())
    if not nearest.is_dir():
        return f"data: {nearest} is not a directory. Choose another one."
    if not os.access(nearest, os.W_OK | os.X_OK):
        return f"data: you may not write to {nearest}. Check as the user who starts evchat, or choose another place."
    database = data / "evchat.db"
    if not database.exists():
        return ""
    from evchat.storage.sqlite import schema  # here, because it is slow to import

    try:
        schema.check_file(database)
    except (StoreError, OSError) as error:
        return f"data: {database} can't be used: {getattr(error, 'strerror', None) or error}."
    return ""
