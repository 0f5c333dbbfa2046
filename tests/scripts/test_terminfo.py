"""The terminfo entry in the module is what its source says."""

from __future__ import annotations

import base64
import shutil

import pytest

import terminfo as script
from tui.terminal import terminfo

needs_tic = pytest.mark.skipif(shutil.which("tic") is None, reason="there is no tic, which compiles terminfo")


@needs_tic
def test_the_entry_is_made_of_its_source() -> None:
    assert base64.b64decode(terminfo.ENTRY) == script.compiled()


def test_an_entry_is_written_in_the_place_of_the_one_before() -> None:
    module = script.MODULE.read_text("utf-8")
    other = script.written(module, b"other" * 50)
    assert base64.b64encode(b"other" * 50).decode()[:100] in other
    assert script.written(other, base64.b64decode(terminfo.ENTRY)) == module
