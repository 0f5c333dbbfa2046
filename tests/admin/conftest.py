"""Servers for the tests of what an administrator does."""

from __future__ import annotations

from tests.e2e.conftest import start

__all__ = ["start"]
