"""Fixtures of the IRC tests."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.cheap_passwords import cheap_secret
from tests.irc.harness import ELSEWHERE, IrcClient, IrcServer, ServerElsewhere

_refused: list[str] = []
"""What the server said when it did not know `irc://`; once is enough."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a test of the IRC dialect, and runs a whole server."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.irc)
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Starts servers: `serve(config, operators={name: password}, password=…)`; they must see no bug."""
    with ExitStack() as stack:
        count = itertools.count()

        def start(
            config: str = "",
            *arguments: str,
            operators: dict[str, str] | None = None,
            password: str | None = None,
        ) -> Any:
            if ELSEWHERE:
                if config or operators or password:
                    pytest.skip("the other server has its own settings")
                server: Any = ServerElsewhere()
                stack.callback(server.stop)
                return server
            if _refused:
                pytest.skip(_refused[0])
            if password is not None:
                config = f'password = "{cheap_secret(password)}"\n{config}'
            if operators:
                table = "".join(f'{name} = "{cheap_secret(secret)}"\n' for name, secret in operators.items())
                config = f"{config}\n[operators]\n{table}"
            if config:
                path = tmp_path / f"settings-{next(count)}.toml"
                path.write_text(config)
                arguments = (*arguments, "--config", str(path))
            try:
                server = IrcServer(*arguments)
            except AssertionError as error:
                if "none of the schemes" not in str(error):
                    raise
                _refused.append(str(error).splitlines()[-1])
                pytest.skip(_refused[0])
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture
def server(serve: Callable[..., Any]) -> Any:
    """A server with its own defaults."""
    return serve()


@pytest.fixture
def irc(server: Any) -> Callable[..., IrcClient]:
    """Makes clients of `server`: `irc()` just connects, `irc("alice", caps=…, account=…)` registers too."""
    return server.client


@pytest.fixture
def staffed(serve: Callable[..., Any]) -> Any:
    """A server with one operator: `OPER operuser operpassword`."""
    return serve(operators={"operuser": "operpassword"})
