"""The exception for wrong settings."""

from __future__ import annotations


class SettingsError(Exception):
    """A setting is wrong. The text is a sentence that names it and says what to do."""
