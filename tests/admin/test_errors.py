"""The exit codes are those that the man page tells of."""

from __future__ import annotations

from evchat.admin import errors
from evchat.admin.cli import EXIT_STATUS


def test_each_exit_code_is_explained() -> None:
    assert {code for code, _ in EXIT_STATUS} == {
        str(code) for code in (0, errors.FAILED, errors.USAGE, errors.NO_SERVER)
    }
    assert errors.AdminError("No.").code == errors.FAILED
