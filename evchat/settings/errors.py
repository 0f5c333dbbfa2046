"""The exception for invalid settings."""

from __future__ import annotations


class SettingsError(Exception):
    """A setting is invalid. The text is a sentence that names it and says what to do."""
