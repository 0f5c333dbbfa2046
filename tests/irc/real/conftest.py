"""Fixtures of the tests with real programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests import certificates
from tests.e2e.harness import Full, Person
from tests.irc.real.harness import House, Screen, Script


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder runs a program that is not ours."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.real)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is undone at the end, last things first."""
    with ExitStack() as everything:
        yield everything


@pytest.fixture
def house(tmp_path: Path, stack: ExitStack) -> House:
    """A server without limits of rate; it must see no bug."""
    house = House(tmp_path, "--insecure-no-limits")
    stack.callback(house.stop)
    return house


@pytest.fixture
def strict(tmp_path: Path, stack: ExitStack) -> House:
    """A server with all limits at their defaults, as people run it."""
    house = House(tmp_path)
    stack.callback(house.stop)
    return house


@pytest.fixture
def secure(tmp_path: Path, stack: ExitStack) -> House:
    """The same, with a certificate."""
    house = House(tmp_path, **certificates.settings())
    stack.callback(house.stop)
    return house


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home directory for programs."""
    path = tmp_path / "home"
    path.mkdir()
    return path


@pytest.fixture
def nora(house: House) -> Person:
    """Somebody with netcat, in #room."""
    return house.person("nora", "#room")


@pytest.fixture
def jason(house: House) -> Full:
    """Somebody with a full JSON client, in #room."""
    return house.full("jason", "#room")


@pytest.fixture
def screen(home: Path, stack: ExitStack) -> Callable[..., Screen]:
    """Runs programs on terminals."""

    def run(*argv: str, **keys: Any) -> Screen:
        program = Screen(home, *argv, **keys)
        stack.callback(program.close)
        stack.callback(
            lambda: print(f"{argv[0]} at the end:\n{program.text()}")
        )  # pytest shows it after a failure
        return program

    return run


@pytest.fixture
def script(home: Path, stack: ExitStack) -> Callable[..., Script]:
    """Runs programs that read and write lines."""

    def run(*argv: str, **keys: Any) -> Script:
        program = Script(home, *argv, **keys)
        stack.callback(program.close)
        stack.callback(
            lambda: print(f"{argv[-1]} at the end:\n{program.text()}")
        )  # pytest shows it after a failure
        return program

    return run
