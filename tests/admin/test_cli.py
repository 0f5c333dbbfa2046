"""The command line of `evchat-admin`."""

from __future__ import annotations

from pathlib import Path

import pytest

from evchat import __version__
from tests.admin.run import Run, refusal


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert Run(capsys, "--version").out == f"evchat {__version__}\n"
    assert "backup" in Run(capsys, "--help").out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dance",),
        ("backup",),
        ("restore",),
        ("export", "--channel", "#a", "--user", "b", "x"),
        ("check", "--nonsense"),
    ],
)
def test_bad_usage_ends_with_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    done = Run(capsys, *arguments)
    assert done.code == 2 and "usage: evchat-admin" in done.err


def test_where_the_data_lies_comes_from_the_servers_settings(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f'data = "{tmp_path / "there"}"\n')
    assert str(tmp_path / "there") in refusal(capsys, "check", "--config", file)
    assert str(tmp_path / "there") in refusal(capsys, "--config", file, "check")
    monkeypatch.setenv("EVCHAT_DATA", str(tmp_path / "elsewhere"))
    assert str(tmp_path / "elsewhere") in refusal(capsys, "check")
    assert str(tmp_path / "here") in refusal(capsys, "--data", tmp_path / "here", "check")
    file.write_text("memory = true\n")
    monkeypatch.delenv("EVCHAT_DATA")
    assert "nothing is stored" in refusal(capsys, "--config", file, "check", code=2)
    assert "TOML" in (file.write_text("="), refusal(capsys, "--config", file, "check", code=2))[1]
