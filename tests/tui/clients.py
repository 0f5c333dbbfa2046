"""Starts the real client on a pseudo-terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ptyscreen import Program
from tests.e2e.harness import ROOT, Server


class Clients:
    """Clients that live in homes of their own below `home`, each user always in the same one."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.programs: list[Program] = []

    def environ(self, user: str, **changed: str | None) -> dict[str, str]:
        """What the client finds in its environment; None takes a variable away."""
        home = self.home / user
        home.mkdir(exist_ok=True)
        environ: dict[str, str | None] = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONPATH": str(ROOT),
            **changed,
        }
        return {name: value for name, value in environ.items() if value is not None}

    def argv(self, server: Server | str, user: str, *arguments: str) -> list[str]:
        """The command line of a client."""
        where = server if isinstance(server, str) else "{}:{}".format(*server.where)
        return [sys.executable, "-m", "tui", where, "--user", user, *arguments]

    def run(
        self, argv: list[str], user: str, columns: int = 80, rows: int = 24, **environ: str | None
    ) -> Program:
        """Any program, in the user's home."""
        program = Program(argv, self.environ(user, **environ), columns, rows, str(self.home / user))
        self.programs.append(program)
        return program

    def start(
        self,
        server: Server | str,
        user: str = "alice",
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        **environ: str | None,
    ) -> Program:
        """A client; it may not have shown anything yet."""
        return self.run(self.argv(server, user, *arguments), user, columns, rows, **environ)

    def online(self, server: Server, user: str = "alice", columns: int = 80, rows: int = 24) -> Program:
        """A client that has logged in."""
        program = self.start(server, user, columns=columns, rows=rows)
        program.see("● connected")
        return program

    def close(self) -> None:
        """Ends them all."""
        for program in self.programs:
            program.close()
