"""Fixtures of the end-to-end tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import Client, Full, Person, Plain, Server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is an end-to-end test."""
    for item in items:
        if "e2e" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers; those that still run at the end are stopped, and must have seen no bug."""
    servers: list[Server] = []

    def start_one(*arguments: str, **keys: Any) -> Server:
        kept = (
            arguments
            if {"--memory", "--data"} & set(arguments)
            else ("--data", str(tmp_path / "data"), *arguments)
        )
        servers.append(Server(*kept, **keys))
        return servers[-1]

    yield start_one
    for server in servers:
        server.stop()


@pytest.fixture
def server(start: Callable[..., Server]) -> Server:
    """A server with SQLite and all limits at their defaults, but for the rate of commands."""
    return start("--insecure-no-limits")


@pytest.fixture
def clients() -> Iterator[list[Client]]:
    """A list whose clients are closed at the end."""
    opened: list[Client] = []
    yield opened
    for client in opened:
        client.close()


@pytest.fixture
def person(server: Server, clients: list[Client]) -> Callable[..., Person]:
    """Makes people with netcat, logged in if a name is given."""

    def make(name: str | None = None) -> Person:
        client = Person(server.connect())
        clients.append(client)
        if name is not None:
            client.login(name)
        return client

    return make


@pytest.fixture
def full(server: Server, clients: list[Client]) -> Callable[..., Full]:
    """Makes full JSON clients, logged in if a name is given."""

    def make(name: str | None = None, **keys: Any) -> Full:
        client = Full(server.connect(), name, **keys)
        clients.append(client)
        return client

    return make


@pytest.fixture
def plain(server: Server, clients: list[Client]) -> Callable[..., Plain]:
    """Makes plain JSON clients, logged in if a name is given."""

    def make(name: str | None = None) -> Plain:
        client = Plain(server.connect())
        clients.append(client)
        if name is not None:
            client.put("login", name)
            client.until(lambda event: "Login successful" in event["content"])
        return client

    return make
