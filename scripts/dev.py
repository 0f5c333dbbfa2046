#!/usr/bin/env python3
"""Everything a developer needs, from a fresh clone: run the server, run the tests, check, format, load.

    python3 scripts/dev.py run                start a server, if none runs here, and open the client in this terminal
    python3 scripts/dev.py run ARGS           start the server alone, with these arguments
    python3 scripts/dev.py tui [HOST]         open the client in this terminal
    python3 scripts/dev.py test [ARGS]        run all tests (ARGS go to pytest)
    python3 scripts/dev.py check              what must pass before a commit: format, lint, types, tests
    python3 scripts/dev.py format             format the code, and mend what the linter can mend
    python3 scripts/dev.py clients            install the IRC bots that the tests in tests/irc/real speak to
    python3 scripts/dev.py loadtest [ARGS]    drive a server with many clients (--help lists ARGS)

The first `run` installs what browsers need into .venv. The tools for test, check and format are installed there when
pyproject.toml has changed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (who runs it with an older one shall read a sentence)
    sys.exit(f"evchat needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try python3.11.")

import argparse
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ("127.0.0.1", 9998)
"""Where a server on this machine listens, if nothing else was said."""

PACKAGES = ("evchat", "tui", "scripts")
"""What is type-checked."""

PYTEST = ("pytest", "-n", "auto", "--dist", "worksteal")
"""The tests, in as many processes as there are cores; tests/conftest.py says when one is enough."""

PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e")


# ---- set-up ---------------------------------------------------------------------------------------------------


def python_of(venv: Path) -> Path:
    """Where the Python of a virtual environment lies."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


class SetUpError(Exception):
    """The virtual environment could not be made, or nothing installed there. The text says all that is known."""


def for_browsers(venv: Path) -> str:
    """A Python that can serve browsers, whose libraries are installed if need be; this one, if that can't be done."""
    python = python_of(venv)
    if python.exists():
        return str(python)
    print("Setting up, once, so that browsers can join …", file=sys.stderr, flush=True)
    try:
        make(venv)
        install(str(python), "web")
    except SetUpError:
        print("That failed, perhaps without a network: browsers can't join.", file=sys.stderr, flush=True)
        shutil.rmtree(venv, ignore_errors=True)
        return sys.executable
    return str(python)


def set_up(venv: Path) -> str:
    """Makes the virtual environment and installs evchat and its tools, where needed; returns its Python's path."""
    python = python_of(venv)
    stamp = venv / "installed"
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == project:
        return str(python)
    print(f"Setting up {venv.name}, once …", file=sys.stderr, flush=True)
    try:
        if not python.exists():
            make(venv)
        install(str(python), "dev")
    except SetUpError as problem:
        sys.exit(str(problem))
    stamp.write_text(project)
    return str(python)


def make(venv: Path) -> None:
    """Makes an empty virtual environment. Raises SetUpError."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetUpError(
            "This Python can't make virtual environments. On Debian or Ubuntu: apt install python3-venv"
        )
    shutil.rmtree(venv, ignore_errors=True)  # one that a removed Python has left behind
    quietly(sys.executable, "-m", "venv", str(venv))


def install(python: str, extra: str) -> None:
    """Installs evchat with what one of its extras names. Raises SetUpError."""
    quietly(python, *PIP, f".[{extra}]")


def quietly(*command: str) -> None:
    """Runs a command of the set-up. Raises SetUpError, with what it has said, if it fails."""
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True
    )
    if done.returncode:
        raise SetUpError(
            f"{done.stdout}The set-up failed: `{' '.join(command)}` ended with {done.returncode}; what it said "
            "stands above."
        )


def program(python: str, module: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """The command that runs a program of this clone from the directory of the caller, and its environment.

    So a file that the arguments name is the caller's. Nothing of that directory is imported.
    """
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return [python, "-P", "-m", module, *arguments], {**os.environ, "PYTHONPATH": path}


def step(*command: str) -> int:
    """Runs a command in the clone's root and returns its exit code. Ctrl-C lets it end in its own way first."""
    return wait(subprocess.Popen(command, cwd=ROOT))


def wait(child: "subprocess.Popen[bytes]") -> int:
    """Waits for a child and returns its exit code. Ctrl-C lets it end in its own way first."""
    interrupted = False
    with child:
        while True:
            try:
                code = child.wait()
                break
            except KeyboardInterrupt:  # the child got it too
                interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    return code


# ---- commands -------------------------------------------------------------------------------------------------


def run(venv: Path, arguments: Sequence[str]) -> int:
    """Opens the client, with a server if none runs; with arguments, or without a terminal, runs the server alone."""
    if not arguments and sys.stdin.isatty() and sys.stdout.isatty():
        return chat(for_browsers(venv))
    return serve(for_browsers(venv), arguments)


def chat(python: str) -> int:
    """Opens the client in this terminal, and a server behind it, unless one runs already.

    The server ends when the last one has left, as one does that the client has started itself.
    """
    with socket.socket() as probe:
        if "EVCHAT_LISTEN" not in os.environ and probe.connect_ex(HERE) == 0:
            return open_client(python)
    with tempfile.TemporaryFile() as log:
        command, environ = program(python, "evchat", "--stop-when-empty")
        server = subprocess.Popen(
            command,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        assert server.stdout is not None
        with server.stdout as output:
            line = output.readline()
        if line.startswith("listening "):
            code = open_client(python, line.split()[1])
            leave(server)
            return code
        server.wait()
        log.seek(0)
        sys.stderr.buffer.write(log.read())
        return 1


def leave(server: "subprocess.Popen[str]", seconds: float = 2.0) -> None:
    """Says how to stop a server that others still use, which shows when it has not ended within so many seconds."""
    try:
        server.wait(seconds)
    except subprocess.TimeoutExpired:
        how = f"taskkill /PID {server.pid}" if os.name == "nt" else f"kill {server.pid}"
        print(
            f"Others are still connected, so the server goes on until they have left. `{how}` stops it now.",
            file=sys.stderr,
        )
        server.returncode = 0  # it is to go on, so nobody need be warned that it does


def serve(python: str, arguments: Sequence[str]) -> int:
    """Runs the server, which says how to join as soon as it listens."""
    command, environ = program(python, "evchat", *arguments)
    server = subprocess.Popen(command, env=environ)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the server too, and it ends in its own way
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    return server.wait()


def tui(_venv: Path, arguments: Sequence[str]) -> int:
    """Opens the client in this terminal."""
    return open_client(sys.executable, *arguments)


def open_client(python: str, *arguments: str) -> int:
    """Opens the client in this terminal, and returns its exit code."""
    command, environ = program(python, "tui", *arguments)
    return wait(subprocess.Popen(command, env=environ))


def test(venv: Path, arguments: Sequence[str]) -> int:
    """Runs all tests, or those that the arguments name."""
    return step(set_up(venv), "-m", *PYTEST, *arguments)


def check(venv: Path, arguments: Sequence[str]) -> int:
    """Runs everything that must pass before a commit, to the end, and says what did not."""
    parser = argparse.ArgumentParser(prog="dev.py check")
    parser.add_argument("--no-tests", action="store_true", help="only format, lint and types")
    options = parser.parse_args(arguments)
    python = set_up(venv)
    packages = [name for name in PACKAGES if (ROOT / name).is_dir()]
    steps = {
        "format": ("ruff", "format", "--check", "."),
        "lint": ("ruff", "check", "."),
        "types": ("mypy", "--strict", *packages),
        "types for Windows": ("mypy", "--strict", "--platform", "win32", "evchat", "tui"),
        "tests": PYTEST,
    }
    if options.no_tests:
        del steps["tests"]
    failed = [name for name, command in steps.items() if step(python, "-m", *command)]
    print("Failed: " + ", ".join(failed) if failed else "All checks passed: " + ", ".join(steps), flush=True)
    return 1 if failed else 0


def format_(venv: Path, arguments: Sequence[str]) -> int:
    """Formats the code and mends what the linter can mend."""
    python = set_up(venv)
    mended = step(python, "-m", "ruff", "check", "--fix", *arguments or ["."])
    return step(python, "-m", "ruff", "format", *arguments or ["."]) or mended


def clients(venv: Path, _arguments: Sequence[str]) -> int:
    """Installs what speaks IRC to the server in tests/irc/real, as far as it is on PyPI, or on npm if that is here."""
    install(set_up(venv), "clients")
    npm = shutil.which("npm")
    if npm is not None:
        folder = str(venv / "node")
        step(
            npm,
            "install",
            "--silent",
            "--no-fund",
            "--no-audit",
            "--prefix",
            folder,
            "irc-framework@4",
            "ws@8",
        )
    return 0


def loadtest(_venv: Path, arguments: Sequence[str]) -> int:
    """Runs scripts/loadtest.py."""
    return wait(subprocess.Popen([sys.executable, str(ROOT / "scripts" / "loadtest.py"), *arguments]))


COMMANDS: dict[str, Callable[[Path, Sequence[str]], int]] = {
    "run": run,
    "tui": tui,
    "test": test,
    "check": check,
    "format": format_,
    "clients": clients,
    "loadtest": loadtest,
}


def main() -> int:
    """Runs the command that the arguments name; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--venv", default=".venv", help="the virtual environment to use (.venv)")
    parser.add_argument("command", choices=COMMANDS, nargs="?")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="for the command")
    options = parser.parse_args()
    if options.command is None:
        parser.print_help()
        return 2
    try:
        code = COMMANDS[options.command](ROOT / options.venv, options.arguments)
        return code if code >= 0 else 128 - code  # ended by a signal: as a shell says it
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
