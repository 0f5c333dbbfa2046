"""The calls of Windows stay out of other systems' way."""

from __future__ import annotations

import sys

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="there it has everything")
def test_elsewhere_it_can_be_imported_and_offers_nothing() -> None:
    from tui.terminal import windows_kernel

    assert not hasattr(windows_kernel, "Kernel")


@pytest.mark.skipif(sys.platform != "win32", reason="asks Windows")
def test_modes_that_are_set_are_the_modes_then() -> None:
    if sys.platform == "win32":
        from tui.terminal.windows_kernel import Kernel

        kernel = Kernel()
        before = kernel.modes()
        kernel.set_modes(*before)
        assert kernel.modes() == before
