"""Files lie where the platform's custom says."""

from __future__ import annotations

import sys

import pytest

from evchat.settings.directories import directory

KINDS = {"config": "XDG_CONFIG_HOME", "data": "XDG_DATA_HOME", "state": "XDG_STATE_HOME"}


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="has customs of its own")
@pytest.mark.parametrize("kind", KINDS)
def test_a_variable_names_the_directory_unless_its_path_is_relative(kind: str) -> None:
    assert directory(kind, {KINDS[kind]: "/x"}) == "/x"
    assert directory(kind, {KINDS[kind]: "x"}) == directory(kind, {}) == directory(kind, {KINDS[kind]: ""})


def test_each_kind_has_a_directory_of_its_own_on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert len({directory(kind, {}) for kind in KINDS}) == 3


def test_windows_and_macos_have_their_own_customs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    environ = {"APPDATA": "R", "LOCALAPPDATA": "L"}
    assert [directory(kind, environ) for kind in KINDS] == ["R", "L", "L"]
    monkeypatch.setattr(sys, "platform", "darwin")
    assert [directory(kind, {}).endswith("/Library/Application Support") for kind in KINDS] == [
        False,
        True,
        True,
    ]
