"""How many examples the laws are tried on: a part of them by default, all of them with HYPOTHESIS_PROFILE=thorough."""

from __future__ import annotations

import os

from hypothesis import settings

FIXED = bool(os.environ.get("CI"))
"""Whether every run tries the same examples: CI judges the change at hand. All other runs look for new ones."""

# Shared machines pause at will: how long an example took says nothing about the code.
settings.register_profile("thorough", deadline=None, max_examples=100, derandomize=FIXED)
settings.register_profile("quick", deadline=None, max_examples=40, derandomize=FIXED)


def load() -> None:
    """Makes the profile that the environment names the default of every law."""
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def examples(number: int) -> settings:
    """For a law that takes another number of examples than 100: `number` of them, or the profile's part."""
    return settings(max_examples=max(1, number * settings().max_examples // 100))
