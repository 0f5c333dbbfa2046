"""Runs `evchat-admin` as a shell does, but in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from evchat.admin import cli


class Run:
    """What a command printed, and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> None:
        capsys.readouterr()
        try:
            self.code = cli.main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse
            self.code = end.code if isinstance(end.code, int) else 1
        self.out, self.err = capsys.readouterr()
        assert "Traceback" not in self.err


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 1) -> str:
    """The sentence with which a command is refused."""
    done = Run(capsys, *arguments)
    assert done.code == code, (done.out, done.err)
    assert done.out == "" and done.err.startswith("evchat-admin: "), done.err
    text = done.err.removeprefix("evchat-admin: ").strip()
    assert text.endswith((".", "?")) and "\n" not in text
    return text
